/** Looking a database file over: whether it is whole, and what it holds. */
import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Contents } from '../maintenance.ts';

/** Most faults of one sort that SQLite is asked for. */
const MOST = 100;

/** What SQLite's own check of every page, row and index finds wrong; throws when the file cannot even be read. */
export function integrityFaults(file: string, wait: number): string[] {
  return opened(file, wait, brokenPages);
}

function brokenPages(raw: Sqlite.Database): string[] {
  try {
    const found = raw.pragma(`integrity_check(${MOST})`) as { integrity_check: string }[];
    const lines = found.flatMap((row) => row.integrity_check.split('\n'));
    return lines.filter((line) => line !== 'ok' && !line.startsWith('***'));
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [(error as Error).message];
  }
}

/** SQLite's word on a file that is something else. */
const NO_DATABASE = 'file is not a database';

const isDamage = (error: unknown) => /^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '');

/** Opens a file that must be there, for reading, and closes it after the work. */
function opened<T>(file: string, wait: number, work: (raw: Sqlite.Database) => T): T {
  const raw = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: wait });
  try {
    raw.pragma('query_only = ON');
    return work(raw);
  } finally {
    raw.close();
  }
}

/** What is wrong with a file that should be a whole tracker, in words that follow its name; or what it holds. */
export function inspect(file: string): { readonly fault: string } | Contents {
  const { size: bytes } = statSync(file);
  if (bytes === 0) return { fault: 'is empty' };
  try {
    return opened(file, 0, (raw) => {
      const [broken, ...more] = brokenPages(raw);
      if (broken === NO_DATABASE) return { fault: 'is not a database' };
      if (broken)
        return { fault: `is damaged: ${broken}${more.length > 0 ? ` (and ${more.length} more)` : ''}` };
      const [lost] = raw.pragma('foreign_key_check') as { table: string; parent: string }[];
      if (lost)
        return {
          fault: `is damaged: a row of ${lost.table} points to a row of ${lost.parent} that is not there`,
        };
      const names = tableNames(raw);
      if (!['migrations', 'changes'].every((name) => names.includes(name)))
        return { fault: 'is no database of this service: it has no change log' };
      return contents(raw, names, bytes);
    });
  } catch (error) {
    return { fault: `cannot be read: ${(error as Error).message}` };
  }
}

function contents(raw: Sqlite.Database, names: readonly string[], bytes: number): Contents {
  const value = (query: string) => raw.prepare(query).pluck().get();
  const migrations = raw.prepare('select name from migrations order by name').pluck().all() as string[];
  const ours = names.filter((name) => name !== 'migrations');
  return {
    revision: (value('select max(seq) from changes') as number | null) ?? 0,
    migrations,
    rows: Object.fromEntries(ours.map((name) => [name, value(`select count(*) from "${name}"`) as number])),
    bytes,
  };
}

/** The migrations a database file has had; undefined where it is no database of this service. */
export function migrationsDone(file: string): { name: string; sha256: string }[] | undefined {
  return opened(file, 0, (raw) =>
    tableNames(raw).includes('migrations')
      ? (raw.prepare('select name, sha256 from migrations order by name').all() as {
          name: string;
          sha256: string;
        }[])
      : undefined,
  );
}

/** Names of a database's tables, those that SQLite keeps for itself aside. */
export function tableNames(raw: Sqlite.Database): string[] {
  const query = `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`;
  return raw.prepare(query).pluck().all() as string[];
}

/** A table with rows in it, the list of migrations aside; undefined when all are empty. */
export function filledTable(raw: Sqlite.Database): string | undefined {
  const hasRows = (name: string) =>
    raw.prepare(`select exists (select 1 from "${name}")`).pluck().get() === 1;
  return tableNames(raw).find((name) => name !== 'migrations' && hasRows(name));
}
