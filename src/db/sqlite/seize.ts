/** Taking a database file out of use, so that another can take its place. */
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { filledTable } from './inspect.ts';

/** A database file that nobody else can open until it is released. */
export interface Seized {
  /** What it holds: nothing, rows of this table, or something that cannot be read as a database. */
  readonly holds: 'nothing' | 'unreadable' | { readonly table: string };
  release(): void;
}

/** Files that belong to a database beside its own, where it was not closed properly. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** Takes a file out of use; throws when any other connection, of this process or another, has it open. */
export function seize(file: string): Seized {
  if (!existsSync(file)) return { holds: 'nothing', release: () => undefined };
  const raw = new Sqlite(file, { fileMustExist: true, timeout: 0 });
  const release = () => {
    if (raw.open && raw.inTransaction) raw.exec('ROLLBACK');
    raw.close();
  };
  try {
    // Leaving write-ahead logging folds the log into the file, and works only for the one connection there is.
    raw.pragma('journal_mode = DELETE');
    raw.exec('BEGIN EXCLUSIVE');
    const table = filledTable(raw);
    return { holds: table === undefined ? 'nothing' : { table }, release };
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return { holds: 'unreadable', release };
    release();
    if (/^SQLITE_(BUSY|LOCKED)/.test(code))
      throw new Error('is in use by another process: stop the service first');
    throw error;
  }
}
