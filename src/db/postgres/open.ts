import { createHash } from 'node:crypto';
import type * as driver from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Table } from '../columns.ts';
import type { Builder, Database, Preparable, Row, Session } from '../database.ts';
import { loadDrizzle } from '../drizzle.ts';
import { DatabaseFailure } from '../failure.ts';
import { inRuns, insertOf, rowValues } from '../insert.ts';
import type { Limits } from '../open.ts';
import { buildTables } from '../tables.ts';
import type { Sort, Transaction } from '../transaction.ts';
import { governed, Statements } from '../transactions.ts';
import { columns } from './columns.ts';
import { dialect } from './dialect.ts';
import { asFailure } from './failure.ts';
import { migrate } from './migrate.ts';

const { drizzle } = loadDrizzle('drizzle-orm/node-postgres') as typeof driver;

/** Writers of all processes take this lock in turn, so that changes are numbered in the order they are committed. */
const WRITE_LOCK = 7_267_001;

interface Prepared {
  getQuery(): { readonly sql: string };
  execute(values?: Row): Promise<Row[]>;
}

/** One connection of the pool, with the statements prepared on it. */
class Connection implements Session {
  readonly client: pg.PoolClient;
  readonly #builder: Builder;
  readonly #statements = new Statements<Prepared>((one) => one.getQuery().sql.length);

  constructor(client: pg.PoolClient, count: () => void) {
    this.client = client;
    // Drizzle types the engines apart; the queries built here use only what they share (see `../database.ts`).
    this.#builder = drizzle(client, { logger: { logQuery: count } }) as unknown as Builder;
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    return (await this.#prepare(shape, build).execute(values)) as R[];
  }

  async run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void> {
    await this.#prepare(shape, build).execute(values);
  }

  async insert(name: string, table: Table, rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    for (const some of inRuns(rows)) {
      const shape = `insert ${some.length} ${name} ${columns.join()}`;
      await this.run(shape, (on) => insertOf(on, table, columns, some.length), rowValues(columns, some));
    }
  }

  async deferReferences(): Promise<void> {
    await this.client.query('SET CONSTRAINTS ALL DEFERRED');
  }

  #prepare(shape: string, build: (on: Builder) => Preparable): Prepared {
    return this.#statements.get(shape, () => {
      // The server cuts names at 63 bytes.
      const name = createHash('sha256').update(shape).digest('hex').slice(0, 40);
      return (build(this.#builder) as unknown as { prepare(name: string): Prepared }).prepare(name);
    });
  }
}

/** Opens a PostgreSQL database and migrates it from a folder; rejects when it cannot be reached or used. */
export async function openPostgres(
  url: string,
  migrations: string | undefined,
  limits: Limits,
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.connections,
    connectionTimeoutMillis: limits.wait,
    statement_timeout: limits.statement,
    // Statements are many and short: compiling one takes longer than running it.
    options: '-c jit=off',
    // A server that went away without a word is found out.
    keepAlive: true,
    application_name: 'civic',
  });
  // An idle connection that drops would end the process; the next query gets a new one.
  pool.on('error', () => undefined);
  // One that drops between being lent and being used would, too; the query on it fails by itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  const connections = new WeakMap<pg.PoolClient, Connection>();
  const write = `BEGIN; SET LOCAL lock_timeout = ${limits.wait}; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`;
  // One round trip each.
  const beginnings: Readonly<Record<Sort, string>> = {
    read: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    write,
    shared: `${write}; ${MARK}`,
  };

  const connect = async () => {
    const client = await pool.connect();
    const known = connections.get(client);
    if (known) return known;
    const made = new Connection(client, count);
    connections.set(client, made);
    return made;
  };
  /** What is first run on a connection; one that turns out to have been cut while idle is replaced. */
  const first = async <T>(run: (on: Connection) => Promise<T>, attempt = 1): Promise<T> => {
    const connection = await connect().catch((error: unknown) => Promise.reject(asFailure(error)));
    try {
      return await run(connection);
    } catch (error) {
      connection.client.release(true);
      const failure = asFailure(error);
      const cut = failure instanceof DatabaseFailure && failure.reason === 'unavailable' && !waited(failure);
      if (!cut || attempt > limits.connections) throw failure;
      return first(run, attempt + 1);
    }
  };
  const began = (begin: string) =>
    first(async (connection) => {
      await connection.client.query(begin);
      return connection;
    });

  try {
    const connection = await connect();
    try {
      if (migrations) await migrate(connection.client, migrations);
    } finally {
      connection.client.release();
    }
  } catch (error) {
    await pool.end();
    throw asFailure(error);
  }

  return {
    tables: buildTables(columns),
    dialect,
    ...governed(
      {
        begin: async (sort) => transactionOn(await began(beginnings[sort])),
        single: (shape, build, values) =>
          first(async (connection) => {
            const rows = await connection.all(shape, build, values);
            connection.client.release();
            return rows.map((row) => Object.values(row as Row));
          }),
        // Which transactions are over, and which are not, is another with each that has written and ended.
        stamp: shared(() =>
          first(async (connection) => {
            const { rows } = await connection.client.query({
              name: 'stamp',
              text: 'SELECT pg_current_snapshot()::text AS stamp',
            });
            connection.client.release();
            return String(rows[0].stamp);
          }),
        ),
        asFailure,
        end: () => pool.end(),
      },
      limits.group,
    ),
    statements: () => statements,
  };
}

/** Whether a server that is well let a lock or a statement wait for as long as it may: waiting again would double that. */
function waited({ cause }: DatabaseFailure): boolean {
  return ['55P03', '57014'].includes((cause as { code?: string }).code ?? '');
}

/** One answer for all who ask in one turn of the event loop: it is asked for once they all have. */
function shared(ask: () => Promise<string>): () => Promise<string> {
  let next: Promise<string> | undefined;
  return () => {
    next ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      next = undefined;
      return ask();
    });
    return next;
  };
}

const MARK = 'SAVEPOINT mark';

/** The transaction that has begun on a connection. */
function transactionOn(connection: Connection): Transaction {
  const { client } = connection;
  const run = (text: string) => client.query(text).catch((error) => Promise.reject(asFailure(error)));
  const rollback = async () => {
    const undone = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    // A connection that cannot even roll back is not given to anyone else.
    client.release(!undone);
  };
  return {
    session: connection,
    // One round trip; a mark that was gone back to stays.
    mark: async () => void (await run(`RELEASE mark; ${MARK}`)),
    back: async () => void (await run('ROLLBACK TO mark')),
    async commit() {
      try {
        const { command } = await run('COMMIT');
        // PostgreSQL answers so, without an error, when a statement failed and nobody minded.
        if (command === 'ROLLBACK') throw new Error('the transaction was undone by an earlier error');
      } catch (failure) {
        await rollback();
        throw failure;
      }
      client.release();
    },
    rollback,
  };
}
