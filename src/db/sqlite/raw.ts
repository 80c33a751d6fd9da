/** The driver's connections, set as the service needs them. */
import Sqlite from 'better-sqlite3';
import { migrate } from './migrate.ts';

/** Opens the connection that writes, migrating the database first; waits `wait` milliseconds for others' locks. */
export function openWriter(file: string, migrations: string | undefined, wait: number): Sqlite.Database {
  const raw = new Sqlite(file, { timeout: wait });
  try {
    raw.pragma('journal_mode = WAL');
    // better-sqlite3 opens with NORMAL, which loses acknowledged writes when the power goes.
    raw.pragma('synchronous = FULL');
    // In KiB: pages that a large transaction changes again and again stay in memory until it ends.
    raw.pragma('cache_size = -32768');
    if (migrations) migrate(raw, migrations);
    raw.pragma('foreign_keys = ON');
    expectPragma(raw, 'journal_mode', 'wal');
    expectPragma(raw, 'synchronous', 2);
    expectPragma(raw, 'foreign_keys', 1);
    return raw;
  } catch (error) {
    raw.close();
    throw error;
  }
}

/** Opens a connection that cannot change anything. */
export function openReader(file: string, wait: number): Sqlite.Database {
  const raw = new Sqlite(file, { readonly: true, timeout: wait });
  raw.pragma('query_only = ON');
  return raw;
}

function expectPragma(raw: Sqlite.Database, name: string, wanted: string | number): void {
  const found = raw.pragma(name, { simple: true });
  if (found !== wanted) throw new Error(`SQLite did not take ${name} = ${wanted}: it says ${found}`);
}
