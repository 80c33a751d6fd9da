import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Builder, Database, Preparable, Row, Session } from '../database.ts';
import { buildTables } from '../tables.ts';
import { columns } from './columns.ts';
import { dialect } from './dialect.ts';
import { migrate } from './migrate.ts';

/** Prepared statements kept per connection; the least recently used goes first. */
const STATEMENTS_KEPT = 1000;
/** Connections that read; a read only holds one while it awaits nothing but the database, so few are enough. */
const READERS = 4;
/** How long another process may hold the write lock, in milliseconds; the wait blocks, so it is short. */
const LOCK_WAIT = 5000;

interface Prepared {
  all(values?: Row): Row[];
  run(values?: Row): unknown;
}

class Connection {
  readonly raw: Sqlite.Database;
  readonly #builder: Builder;
  readonly #prepared = new Map<string, Prepared>();

  constructor(raw: Sqlite.Database, count: () => void) {
    this.raw = raw;
    this.#builder = drizzle(raw, { logger: { logQuery: count } });
  }

  prepare(shape: string, build: (on: Builder) => Preparable): Prepared {
    const known = this.#prepared.get(shape);
    if (known) {
      this.#prepared.delete(shape);
      this.#prepared.set(shape, known);
      return known;
    }
    const made = build(this.#builder).prepare() as Prepared;
    this.#prepared.set(shape, made);
    if (this.#prepared.size > STATEMENTS_KEPT)
      this.#prepared.delete(this.#prepared.keys().next().value as string);
    return made;
  }
}

/** One transaction on a connection; once it is over, a statement would run outside any, or in somebody else's. */
class Transaction implements Session {
  readonly #connection: Connection;
  open = true;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    return this.#prepare(shape, build).all(values) as R[];
  }

  async run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void> {
    this.#prepare(shape, build).run(values);
  }

  #prepare(shape: string, build: (on: Builder) => Preparable): Prepared {
    if (!this.open) throw new Error('the transaction is over: await all of its work inside it');
    return this.#connection.prepare(shape, build);
  }
}

/**
 * Opens (and makes, and migrates) a SQLite database: one writer behind a queue, several read-only readers.
 * `file` is a path; `migrations` the folder to migrate from, left out when the database is known to be current.
 */
export function openSqlite(file: string, migrations?: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  const writer = new Connection(openWriter(file, migrations), count);
  const idle = Array.from({ length: READERS }, () => new Connection(openReader(file), count));
  const readers = [...idle];
  const waiting: ((reader: Connection) => void)[] = [];
  const reading = new AsyncLocalStorage<Transaction>();
  const writing = new AsyncLocalStorage<Transaction>();
  const running = new Set<Promise<unknown>>();
  let lastWrite: Promise<unknown> = Promise.resolve();
  let closed: Promise<void> | undefined;

  const borrow = () => {
    const reader = idle.pop();
    return reader ? Promise.resolve(reader) : new Promise<Connection>((resolve) => waiting.push(resolve));
  };
  const giveBack = (reader: Connection) => {
    const next = waiting.shift();
    if (next) next(reader);
    else idle.push(reader);
  };
  const readOnce = async <T>(work: Work<T>) => {
    const reader = await borrow();
    try {
      return await within(reader, 'BEGIN', reading, work);
    } finally {
      giveBack(reader);
    }
  };
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const settled: Promise<unknown> = work.then(
      () => running.delete(settled),
      () => running.delete(settled),
    );
    running.add(settled);
    return work;
  };
  const refuse = (why: string) => Promise.reject(new Error(why));
  const CLOSED = 'the database is closed';

  return {
    tables: buildTables(columns),
    dialect,
    read(work) {
      // Enough of them at once would hold every connection while each waits for one more.
      if (reading.getStore()?.open) return refuse('a read inside a read: use the one session it was given');
      return closed ? refuse(CLOSED) : tracked(readOnce(work));
    },
    write(work) {
      // It would wait for itself for ever.
      if (writing.getStore()?.open) return refuse('a write inside a write: use the one session it was given');
      if (closed) return refuse(CLOSED);
      const mine = lastWrite.then(() => within(writer, 'BEGIN IMMEDIATE', writing, work));
      lastWrite = mine.catch(() => undefined);
      return tracked(mine);
    },
    statements: () => statements,
    close() {
      closed ??= Promise.all(running).then(() => {
        for (const reader of readers) reader.raw.close();
        writer.raw.close();
      });
      return closed;
    },
  };
}

type Work<T> = (session: Session) => Promise<T>;

/** Runs work in a transaction. better-sqlite3's own `transaction` cannot hold asynchronous work. */
async function within<T>(
  connection: Connection,
  begin: string,
  inside: AsyncLocalStorage<Transaction>,
  work: Work<T>,
): Promise<T> {
  connection.raw.exec(begin);
  const transaction = new Transaction(connection);
  try {
    const result = await inside.run(transaction, work, transaction);
    connection.raw.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors (a full disk) have rolled back already.
    if (connection.raw.inTransaction) connection.raw.exec('ROLLBACK');
    throw error;
  } finally {
    transaction.open = false;
  }
}

function openWriter(file: string, migrations: string | undefined): Sqlite.Database {
  const raw = new Sqlite(file, { timeout: LOCK_WAIT });
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

function openReader(file: string): Sqlite.Database {
  const raw = new Sqlite(file, { readonly: true, timeout: LOCK_WAIT });
  raw.pragma('query_only = ON');
  return raw;
}

function expectPragma(raw: Sqlite.Database, name: string, wanted: string | number): void {
  const found = raw.pragma(name, { simple: true });
  if (found !== wanted) throw new Error(`SQLite did not take ${name} = ${wanted}: it says ${found}`);
}
