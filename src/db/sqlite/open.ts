import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Sqlite from 'better-sqlite3';
import type { Table } from '../columns.ts';
import type { Builder, Database, Preparable, Row, Runner } from '../database.ts';
import { insertOf } from '../insert.ts';
import type { Limits } from '../open.ts';
import { type Queries, queriesOn } from '../query.ts';
import { buildTables } from '../tables.ts';
import type { Transaction } from '../transaction.ts';
import { governed } from '../transactions.ts';
import { builder } from './builder.ts';
import { columns } from './columns.ts';
import { dialect } from './dialect.ts';
import { asFailure } from './failure.ts';
import { unlocked } from './locked.ts';
import { type Prepared, preparing } from './prepared.ts';
import { openReader, openWriter } from './raw.ts';
import { lockOf } from './write-lock.ts';

/** Connections that read; a read only holds one while it awaits nothing but the database, so few are enough. */
const READERS = 4;

/** One connection, with the statements prepared on it. */
class Connection implements Runner {
  readonly raw: Sqlite.Database;
  readonly #prepare: ReturnType<typeof preparing>;
  readonly #count: () => void;
  readonly #wait: number;
  readonly #controls = new Map<string, Sqlite.Statement>();

  /** `wait` is how long it tries again what a lock refuses, in milliseconds. */
  constructor(raw: Sqlite.Database, queries: Queries, count: () => void, wait: number) {
    this.raw = raw;
    this.#prepare = preparing(raw, queries);
    this.#count = count;
    this.#wait = wait;
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values: Row = {}): Promise<R[]> {
    // The first statement of a read may meet another process that mends the log of one that was killed.
    return unlocked(() => {
      this.#refuseOutside();
      const prepared = this.#prepare(shape, build);
      return this.#values(prepared, values).map(prepared.row) as R[];
    }, this.#wait);
  }

  /** The rows of a statement that is run outside of any transaction. */
  async values(shape: string, build: (on: Builder) => Preparable, values: Row = {}): Promise<unknown[][]> {
    return unlocked(() => {
      const prepared = this.#prepare(shape, build);
      return this.#values(prepared, values).map(prepared.decoded);
    }, this.#wait);
  }

  async run(shape: string, build: (on: Builder) => Preparable, values: Row = {}): Promise<void> {
    this.#write(this.#prepare(shape, build), [values]);
  }

  async insert(name: string, table: Table, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0] ?? {});
    const shape = `insert ${name} ${columns.join()}`;
    this.#write(
      this.#prepare(shape, (on) => insertOf(on, table, columns, 1)),
      rows,
    );
  }

  async deferReferences(): Promise<void> {
    this.raw.pragma('defer_foreign_keys = ON');
  }

  /** Runs a statement that begins, marks or ends a transaction. */
  control(text: string): void {
    const statement = this.#controls.get(text) ?? this.raw.prepare(text);
    this.#controls.set(text, statement);
    statement.run();
  }

  #values({ statement, parameters }: Prepared, values: Row): unknown[][] {
    this.#count();
    return statement.all(parameters(values)) as unknown[][];
  }

  #write({ statement, parameters }: Prepared, rows: readonly Row[]): void {
    this.#refuseOutside();
    for (const row of rows) {
      statement.run(parameters(row));
      this.#count();
    }
  }

  /** Some errors (a full disk) roll back by themselves; what followed would stay without the rest. */
  #refuseOutside(): void {
    if (!this.raw.inTransaction) throw new Error('the transaction was undone by an earlier error');
  }
}

/**
 * Opens (and makes, and migrates) a SQLite database: one writer behind a queue, several read-only readers.
 * `file` is a path; `migrations` the folder to migrate from, left out when the database is known to be current.
 */
export function openSqlite(
  file: string,
  migrations: string | undefined,
  limits: Pick<Limits, 'wait' | 'group' | 'turns'>,
): Database {
  mkdirSync(dirname(file), { recursive: true });
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  const { wait } = limits;
  const queries = queriesOn(builder);
  const connection = (raw: Sqlite.Database) => {
    const version = raw.prepare<[], number>('PRAGMA data_version').pluck();
    // Whoever waits for a lock within SQLite does nothing else meanwhile.
    raw.pragma('busy_timeout = 0');
    return { made: new Connection(raw, queries, count, wait), version: () => version.get() as number };
  };
  const { made: writer, version: writersVersion } = connection(openWriter(file, migrations, wait));
  const idle = Array.from({ length: READERS }, () => connection(openReader(file, wait)).made);
  const readers = [...idle];
  // Never has a transaction, so that whatever it runs is one of its own.
  const { made: single, version } = connection(openReader(file, wait));
  const takeLock = lockOf(writersVersion, wait, limits.turns);
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
    ...governed(
      {
        async begin(sort) {
          if (sort === 'read') {
            const reader = await borrow();
            return begin(reader, ['BEGIN'], () => giveBack(reader));
          }
          const over = await takeLock(() => writer.control('BEGIN IMMEDIATE')).catch((error: unknown) =>
            Promise.reject(asFailure(error)),
          );
          return begin(writer, sort === 'shared' ? [MARK] : [], over);
        },
        async single(shape, build, values) {
          try {
            return await single.values(shape, build, values);
          } catch (error) {
            throw asFailure(error);
          }
        },
        // SQLite counts what other connections have committed, those of other processes too; this one never commits.
        stamp() {
          try {
            return unlocked(() => String(version()), wait);
          } catch (error) {
            throw asFailure(error);
          }
        },
        asFailure,
        async end() {
          single.raw.close();
          for (const reader of readers) reader.raw.close();
          writer.raw.close();
        },
      },
      limits.group,
    ),
    // The plans of its statements follow from the indexes alone.
    refreshStatistics: async () => undefined,
    statements: () => statements,
  };
}

const MARK = 'SAVEPOINT mark';

/**
 * Begins a transaction, or goes on with one that has begun; `over` is called once it is over. better-sqlite3's own
 * `transaction` cannot hold asynchronous work.
 */
function begin(
  connection: Connection,
  statements: readonly string[],
  over: () => void = () => undefined,
): Transaction {
  const run = (...texts: readonly string[]) => {
    try {
      for (const text of texts) connection.control(text);
    } catch (error) {
      throw asFailure(error);
    }
  };
  const undo = () => {
    try {
      // Some errors (a full disk) have rolled back already.
      if (connection.raw.inTransaction) connection.control('ROLLBACK');
    } catch {
      // A rollback that fails has ended the transaction all the same; what led to it is what is reported.
    }
    over();
  };
  try {
    run(...statements);
  } catch (failure) {
    undo();
    throw failure;
  }
  return {
    session: connection,
    mark: async () => run('RELEASE mark', MARK),
    back: async () => run('ROLLBACK TO mark'),
    async commit() {
      try {
        run('COMMIT');
      } catch (failure) {
        undo();
        throw failure;
      }
      over();
    },
    rollback: async () => undo(),
  };
}
