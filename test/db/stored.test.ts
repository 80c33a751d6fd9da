import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import t, { type Test } from 'tap';
import type { Column } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { LIMITS, openDatabase } from '../../src/db/open.ts';
import { openPostgres } from '../../src/db/postgres/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { allTables, columnsOf } from '../../src/db/tables.ts';
import { blankDatabase, engine } from '../databases.ts';

interface StoredRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** Our migrations of this run's engine, up to and including one. */
function migrationsUpTo(t: Test, last: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-upto-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  cpSync(`migrations/${engine}`, folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
  const kept = entries.slice(0, entries.findIndex(({ tag }) => tag === last) + 1);
  t.ok(kept.length > 0, `${last} is one of our migrations`);
  writeFileSync(journal, JSON.stringify({ ...rest, entries: kept }));
  return folder;
}

/** Lays rows into a database with nothing but its driver, as they were kept. */
async function lay(url: string, rows: readonly StoredRow[]): Promise<void> {
  const inserts = rows.map(({ table, row }) => {
    const names = Object.keys(row).map((name) => `"${name}"`);
    return { text: `insert into "${table}" (${names.join()}) values`, values: Object.values(row) };
  });
  if (engine === 'sqlite') {
    const raw = new Sqlite(url.slice('sqlite:'.length));
    raw.pragma('foreign_keys = OFF');
    for (const { text, values } of inserts) raw.prepare(`${text} (${values.map(() => '?')})`).run(values);
    raw.close();
    return;
  }
  const client = new pg.Client(url);
  await client.connect();
  await client.query('begin; set constraints all deferred');
  for (const { text, values } of inserts) {
    await client.query(
      `${text} (${values.map((_, at) => `$${at + 1}`)})`,
      values.map((value) => (value === null ? null : String(value))),
    );
  }
  await client.query('commit');
  await client.end();
}

t.test('stored databases of every version migrate without losing a row', async (t) => {
  const files = readdirSync('test/fixtures/databases');
  const { entries } = JSON.parse(readFileSync(`migrations/${engine}/meta/_journal.json`, 'utf8')) as {
    entries: { tag: string }[];
  };
  t.same(
    files,
    entries.map(({ tag }) => `${tag}.ndjson.gz`),
    'the collection has one for every version',
  );
  for (const file of files) {
    const lines = gunzipSync(readFileSync(join('test/fixtures/databases', file)))
      .toString()
      .trim()
      .split('\n');
    const rows = lines.map((line) => JSON.parse(line) as StoredRow);
    const folder = migrationsUpTo(t, file.replace('.ndjson.gz', ''));
    const url = await blankDatabase(t);
    const old =
      engine === 'sqlite'
        ? openSqlite(url.slice('sqlite:'.length), folder, LIMITS)
        : await openPostgres(url, folder, LIMITS);
    await old.close();
    await lay(url, rows);
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
