import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type * as driver from 'drizzle-orm/better-sqlite3';
import type { Builder, Database, Preparable, Row, Session } from '../database.ts';
import { loadDrizzle } from '../drizzle.ts';
import type { Limits } from '../open.ts';
import { buildTables } from '../tables.ts';
import { governed, Statements, type Work } from '../transactions.ts';
import { columns } from './columns.ts';
import { dialect } from './dialect.ts';
import { asFailure } from './failure.ts';
import { migrate } from './migrate.ts';

const { drizzle } = loadDrizzle('drizzle-orm/better-sqlite3') as typeof driver;

/** Connections that read; a read only holds one while it awaits nothing but the database, so few are enough. */
const READERS = 4;

interface Prepared {
  all(values?: Row): Row[];
  run(values?: Row): unknown;
}

/** One connection, with the statements prepared on it. */
class Connection implements Session {
  readonly raw: Sqlite.Database;
  readonly #builder: Builder;
  readonly #statements = new Statements<Prepared>();

  constructor(raw: Sqlite.Database, count: () => void) {
    this.raw = raw;
    this.#builder = drizzle(raw, { logger: { logQuery: count } });
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    return this.#prepare(shape, build).all(values) as R[];
  }

  async run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void> {
    this.#prepare(shape, build).run(values);
  }

  async deferReferences(): Promise<void> {
    this.raw.pragma('defer_foreign_keys = ON');
  }

  #prepare(shape: string, build: (on: Builder) => Preparable): Prepared {
    return this.#statements.get(shape, () => build(this.#builder).prepare() as Prepared);
  }
}

/**
 * Opens (and makes, and migrates) a SQLite database: one writer behind a queue, several read-only readers.
 * `file` is a path; `migrations` the folder to migrate from, left out when the database is known to be current.
 */
export function openSqlite(
  file: string,
  migrations: string | undefined,
  limits: Pick<Limits, 'wait'>,
): Database {
  mkdirSync(dirname(file), { recursive: true });
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  const writer = new Connection(openWriter(file, migrations, limits.wait), count);
  const idle = Array.from({ length: READERS }, () => new Connection(openReader(file, limits.wait), count));
  const readers = [...idle];
  const waiting: ((reader: Connection) => void)[] = [];

  const borrow = () => {
    const reader = idle.pop();
    return reader ? Promise.resolve(reader) : new Promise<Connection>((resolve) => waiting.push(resolve));
  };
  const giveBack = (reader: Connection) => {
    const next = waiting.shift();
    if (next) next(reader);
    else idle.push(reader);
  };

  return {
    tables: buildTables(columns),
    dialect,
    ...governed({
      async read(work) {
        const reader = await borrow();
        try {
          return await within(reader, 'BEGIN', work);
        } finally {
          giveBack(reader);
        }
      },
      write: (work) => within(writer, 'BEGIN IMMEDIATE', work),
      async end() {
        for (const reader of readers) reader.raw.close();
        writer.raw.close();
      },
    }),
    statements: () => statements,
  };
}

/** Runs work in a transaction. better-sqlite3's own `transaction` cannot hold asynchronous work. */
async function within<T>(connection: Connection, begin: string, work: Work<T>): Promise<T> {
  try {
    connection.raw.exec(begin);
    const result = await work(connection);
    connection.raw.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors (a full disk) have rolled back already.
    if (connection.raw.inTransaction) connection.raw.exec('ROLLBACK');
    throw asFailure(error);
  }
}

function openWriter(file: string, migrations: string | undefined, wait: number): Sqlite.Database {
  const raw = new Sqlite(file, { timeout: wait });
  try {
    raw.pragma('journal_mode = WAL');
    // better-sqlite3 opens with NORMAL, which loses acknowledged writes when the power goes.
    raw.pragma('synchronous = FULL');
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

function openReader(file: string, wait: number): Sqlite.Database {
  const raw = new Sqlite(file, { readonly: true, timeout: wait });
  raw.pragma('query_only = ON');
  return raw;
}

function expectPragma(raw: Sqlite.Database, name: string, wanted: string | number): void {
  const found = raw.pragma(name, { simple: true });
  if (found !== wanted) throw new Error(`SQLite did not take ${name} = ${wanted}: it says ${found}`);
}
