/** One connection to a PostgreSQL server, with the statements prepared on it. */
import { createHash } from 'node:crypto';
import type * as driver from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Table } from '../columns.ts';
import type { Builder, Preparable, Row, Runner } from '../database.ts';
import { loadDrizzle } from '../drizzle.ts';
import { inRuns, insertOf, rowValues } from '../insert.ts';
import { Statements } from '../transactions.ts';
import { isLost } from './failure.ts';

const { drizzle } = loadDrizzle('drizzle-orm/node-postgres') as typeof driver;

/** How long the other side may take to close a connection that is ended, in milliseconds. */
const FAREWELL = 1000;

/** What a connection is sent over, which the driver's types leave out. */
function streamOf(client: unknown): { destroy(): void } {
  return (client as { connection: { stream: { destroy(): void } } }).connection.stream;
}

/** The driver's client, whose end does not wait for ever for the other side: one that is gone never closes its own. */
export class Client extends pg.Client {
  override end(): Promise<void>;
  override end(ended: (error: Error) => void): void;
  override end(ended?: (error: Error) => void): Promise<void> | void {
    setTimeout(() => streamOf(this).destroy(), FAREWELL).unref();
    return ended ? super.end(ended) : super.end();
  }
}

interface Prepared {
  getQuery(): { readonly sql: string };
  execute(values?: Row): Promise<Row[]>;
}

/** One connection of a pool, with the statements prepared on it. */
export class Connection implements Runner {
  readonly client: pg.PoolClient;
  /** Whether nothing has been run on it yet. */
  fresh = true;
  /** Whether it broke, or leads to a server that writes no more: it is not to be lent again. */
  lost = false;
  readonly #builder: Builder;
  readonly #statements = new Statements<Prepared>((one) => one.getQuery().sql.length);

  constructor(client: pg.PoolClient, count: () => void) {
    this.client = client;
    // Drizzle types the engines apart; the queries built here use only what they share (see `../database.ts`).
    this.#builder = drizzle(client, { logger: { logQuery: count } }) as unknown as Builder;
  }

  /** Ends it whoever uses it, and whatever the other side does; what runs on it fails at once. */
  cut(): void {
    streamOf(this.client).destroy();
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    return (await this.#noted(this.#prepare(shape, build).execute(values))) as R[];
  }

  async run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void> {
    await this.#noted(this.#prepare(shape, build).execute(values));
  }

  async insert(name: string, table: Table, rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    for (const some of inRuns(rows)) {
      const shape = `insert ${some.length} ${name} ${columns.join()}`;
      await this.run(shape, (on) => insertOf(on, table, columns, some.length), rowValues(columns, some));
    }
  }

  async deferReferences(): Promise<void> {
    await this.query('SET CONSTRAINTS ALL DEFERRED');
  }

  /** Runs text that has no parameters. */
  query(text: string): Promise<pg.QueryResult> {
    return this.#noted(this.client.query(text));
  }

  async #noted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.lost ||= isLost(error);
      throw error;
    }
  }

  #prepare(shape: string, build: (on: Builder) => Preparable): Prepared {
    return this.#statements.get(shape, () => {
      // The server cuts names at 63 bytes.
      const name = createHash('sha256').update(shape).digest('hex').slice(0, 40);
      // Each driver of Drizzle's prepares in its own form; with the server's, a statement is named.
      return (build(this.#builder) as unknown as { prepare(name: string): Prepared }).prepare(name);
    });
  }
}
