/** One connection to a PostgreSQL server, with the statements prepared on it. */
import pg from 'pg';
import type { Table } from '../columns.ts';
import type { Builder, Preparable, Row, Runner } from '../database.ts';
import { inRuns, insertOf, rowValues } from '../insert.ts';
import type { Queries, Query } from '../query.ts';
import { streamOf } from './client.ts';
import { isLost } from './failure.ts';

/** Moments come as the server writes them: columns know what to make of them. */
const MOMENTS: ReadonlySet<number> = new Set([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.TIMESTAMPTZ,
]);
const types: pg.CustomTypesConfig = {
  getTypeParser: ((type: number, format: 'text') =>
    MOMENTS.has(type) ? asItIs : pg.types.getTypeParser(type, format)) as typeof pg.types.getTypeParser,
};
const asItIs = (value: string) => value;

/** One connection of a pool. */
export class Connection implements Runner {
  readonly client: pg.PoolClient;
  /** Whether nothing has been run on it yet. */
  fresh = true;
  /** Whether it broke, or leads to a server that writes no more: it is not to be lent again. */
  lost = false;
  readonly #queries: Queries;
  readonly #count: () => void;
  #gathering = false;

  constructor(client: pg.PoolClient, queries: Queries, count: () => void) {
    this.client = client;
    this.#queries = queries;
    this.#count = count;
  }

  /** Ends it whoever uses it, and whatever the other side does; what runs on it fails at once. */
  cut(): void {
    streamOf(this.client).destroy();
  }

  /** Gives it back to its pool, which lends it again unless it was lost. */
  release(): void {
    if (this.lost) this.destroy();
    else this.client.release();
  }

  /** Gives it back to its pool, which does not lend it again. */
  destroy(): void {
    this.client.release(true);
    // Its end would wait for the other side.
    this.cut();
  }

  /** Sends what it is asked in this turn of the event loop in one piece, at the end of the turn. */
  gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const stream = streamOf(this.client);
    stream.cork();
    setImmediate(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    const query = this.#queries(shape, build);
    return (await this.#values(query, values)).map(query.row) as R[];
  }

  /** The rows of a query, as values in the order they are selected in. */
  async values(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<unknown[][]> {
    const query = this.#queries(shape, build);
    return (await this.#values(query, values)).map(query.decoded);
  }

  async run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void> {
    await this.#values(this.#queries(shape, build), values);
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

  /** The server prepares it under its name, once for each connection. */
  async #values({ name, text, parameters }: Query, values: Row = {}): Promise<unknown[][]> {
    const sent = { name, text, values: parameters(values), rowMode: 'array' as const, types };
    this.#count();
    return (await this.#noted(this.client.query<unknown[]>(sent))).rows;
  }
}
