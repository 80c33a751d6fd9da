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
  const versions = entries.map(({ tag }) => `${tag}.ndjson.gz`);
  t.same(
    files.filter((file) => !versions.includes(file)),
    [],
    'each is of a version of ours',
  );
  t.equal(files.at(-1), versions.at(-1), 'the present version is among them');
  const filled = new Set<string>();
  let tables: string[] = [];
  for (const file of files) {
    const { url, rows } = await layStored(t, file);
    const db = await openDatabase(url);
    t.teardown(() => db.close());
    tables = Object.keys(allTables(db.tables));
    for (const [table, definition] of Object.entries(allTables(db.tables))) {
      const before = rows.filter((one) => one.table === table);
      // A version may not have had the table yet, or has rows in it only while something goes on.
      if (before.length === 0) continue;
      filled.add(table);
      const key = db.tables.keys.get(table) as readonly string[];
      const all = await db.read((session) =>
        session.all(`all of ${table}`, (on) =>
          on
            .select(columnsOf(definition))
            .from(definition)
            .where(sql`true`)
            .orderBy(...key.map((name) => definition[name] as Column)),
        ),
      );
      const keyOf = (row: Readonly<Record<string, unknown>>) => key.map((name) => row[name]).join('|');
      const known = new Map(before.map(({ row }) => [keyOf(row), row]));
      // A migration marks what older rows still have to be brought to.
      const after = table === 'marks' ? all.filter((row) => known.has(keyOf(row))) : all;
      t.ok(
        after.length === before.length,
        `${file} ${table}: ${before.length} rows before, ${after.length} after`,
      );
      const lost = after.filter((row) => !sameRow(known.get(keyOf(row)), row));
      t.same(lost, [], `${file} ${table} holds what it held`);
    }
  }
  t.same(
    tables.filter((table) => !filled.has(table)),
    ['import_pending'],
    'every table has rows in some of them, but for what is empty once an import has ended',
  );
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
