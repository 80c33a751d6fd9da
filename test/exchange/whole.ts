/** Whole databases, as tests of backups compare and damage them. */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Test } from 'tap';
import type { Column, Table } from '../../src/db/columns.ts';
import type { Row } from '../../src/db/database.ts';
import type { Readable } from '../../src/db/maintenance.ts';
import { migrate } from '../../src/db/sqlite/migrate.ts';
import { allTables, columnsOf } from '../../src/db/tables.ts';
import { administer, engine } from '../databases.ts';
import { urlOf } from '../postgres.ts';

/** A folder of its own, removed when the test ends. */
export function temporary(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-whole-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every row of every table, in the order of the primary keys. */
export function everyRow(db: Pick<Readable, 'tables' | 'read'>): Promise<Record<string, Row[]>> {
  return db.read(async (session) => {
    const all: Record<string, Row[]> = {};
    for (const [name, table] of Object.entries(allTables(db.tables))) {
      const key = (db.tables.keys.get(name) as readonly string[]).map((column) => table[column] as Column);
      all[name] = await session.all(`every ${name}`, (on) =>
        on
          .select(columnsOf(table as Table))
          .from(table as Table)
          .orderBy(...key),
      );
    }
    return all;
  });
}

/** Runs SQL on the database behind the program's back, with nothing holding it to references. */
export async function damage(url: string, statements: readonly string[]): Promise<void> {
  if (engine === 'sqlite') {
    const raw = new Sqlite(url.slice('sqlite:'.length), { timeout: 5000 });
    raw.pragma('foreign_keys = OFF');
    for (const statement of statements) raw.exec(statement);
    raw.close();
    return;
  }
  const client = new pg.Client(url);
  await client.connect();
  await client.query('set session_replication_role = replica');
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** A backup as the first version would have made it: its tables and rows, in one file. */
export function firstBackup(folder: string): string {
  const migrations = join(folder, 'migrations');
  cpSync('migrations/sqlite', migrations, { recursive: true });
  const journal = join(migrations, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
  const file = join(folder, 'first.db');
  const raw = new Sqlite(file);
  migrate(raw, migrations);
  raw.pragma('foreign_keys = OFF');
  // One transaction: each would be forced to the disk.
  raw.exec('BEGIN');
  const lines = gunzipSync(readFileSync(`test/fixtures/databases/${entries[0]?.tag}.ndjson.gz`)).toString();
  for (const line of lines.trim().split('\n')) {
    const { table, row } = JSON.parse(line) as { table: string; row: Row };
    const names = Object.keys(row);
    raw
      .prepare(
        `insert into "${table}" (${names.map((name) => `"${name}"`)}) values (${names.map(() => '?')})`,
      )
      .run(Object.values(row));
  }
  raw.exec('COMMIT');
  raw.close();
  return file;
}

let copies = 0;

/** A copy of a database that nobody has open, removed when the test ends. */
export async function copyOf(t: Test, url: string): Promise<string> {
  copies += 1;
  if (engine === 'sqlite') {
    const file = join(temporary(t), 'copy.db');
    copyFileSync(url.slice('sqlite:'.length), file);
    return `sqlite:${file}`;
  }
  const { database = '', host = '' } = new pg.Client(url);
  const name = `copy_${process.pid}_${copies}`;
  await administer(host, `create database ${name} template ${database}`);
  t.teardown(() => administer(host, `drop database if exists ${name} with (force)`));
  return urlOf(host, name);
}
