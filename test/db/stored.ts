/** Databases of earlier versions, as they were kept. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Test } from 'tap';
import { LIMITS } from '../../src/db/open.ts';
import { openPostgres } from '../../src/db/postgres/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { blankDatabase, engine } from '../databases.ts';

export interface StoredRow {
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

/** Folder of the collection. */
export const STORED = 'test/fixtures/databases';

/** Lays a file of the collection into an empty database of its version; returns the database's address and the rows. */
export async function layStored(
  t: Test,
  file: string,
): Promise<{ readonly url: string; readonly rows: readonly StoredRow[] }> {
  const lines = gunzipSync(readFileSync(join(STORED, file)))
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
  return { url, rows };
}
