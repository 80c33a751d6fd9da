import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { Column } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { openDatabase } from '../../src/db/open.ts';
import { allTables, columnsOf } from '../../src/db/tables.ts';
import { engine } from '../databases.ts';
import { layStored, STORED, type StoredRow } from './stored.ts';

t.test('stored databases of every version migrate without losing a row', async (t) => {
  const files = readdirSync(STORED);
  const { entries } = JSON.parse(readFileSync(`migrations/${engine}/meta/_journal.json`, 'utf8')) as {
    entries: { tag: string }[];
  };
  t.same(
    files,
    entries.map(({ tag }) => `${tag}.ndjson.gz`),
    'the collection has one for every version',
  );
  for (const file of files) {
    const { url, rows } = await layStored(t, file);
    const db = await openDatabase(url);
    t.teardown(() => db.close());
    for (const [table, definition] of Object.entries(allTables(db.tables))) {
      const before = rows.filter((one) => one.table === table);
      // The version of the file may not have had the table; that of the program has a row in each.
      if (before.length === 0 && file !== files.at(-1)) continue;
      const key = db.tables.keys.get(table) as readonly string[];
      const after = await db.read((session) =>
        session.all(`all of ${table}`, (on) =>
          on
            .select(columnsOf(definition))
            .from(definition)
            .where(sql`true`)
            .orderBy(...key.map((name) => definition[name] as Column)),
        ),
      );
      t.ok(
        before.length > 0 && after.length === before.length,
        `${file} ${table}: ${before.length} rows before, ${after.length} after`,
      );
      const keyOf = (row: Readonly<Record<string, unknown>>) => key.map((name) => row[name]).join('|');
      const known = new Map(before.map(({ row }) => [keyOf(row), row]));
      const lost = after.filter((row) => !sameRow(known.get(keyOf(row)), row));
      t.same(lost, [], `${file} ${table} holds what it held`);
    }
  }
});

/** Whether a row reads as it was kept: JSON as text, truth as 0 and 1. */
function sameRow(kept: StoredRow['row'] | undefined, row: Readonly<Record<string, unknown>>): boolean {
  if (kept === undefined) return false;
  return Object.entries(kept).every(([name, value]) => {
    const now = row[name];
    if (value === now) return true;
    if (typeof now === 'boolean') return Number(now) === value;
    return typeof value === 'string' && JSON.stringify(now) === value;
  });
}
