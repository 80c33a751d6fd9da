import type { Database } from '../database.ts';
import type { Limits } from '../open.ts';
import { buildTables } from '../tables.ts';
import type { Transaction } from '../transaction.ts';
import { governed } from '../transactions.ts';
import { onClient } from './client.ts';
import { columns } from './columns.ts';
import type { Connection } from './connection.ts';
import { dialect } from './dialect.ts';
import { asFailure } from './failure.ts';
import { COMMITS, hearingOf } from './hearing.ts';
import { migrate } from './migrate.ts';
import { openPool, type Pool } from './pool.ts';
import { readingFrom } from './reading.ts';

/** Writers of all processes take this lock in turn, so that changes are numbered in the order they are committed. */
const WRITE_LOCK = 7_267_001;

const MARK = 'SAVEPOINT mark';

/** How long connecting may take at the start, in milliseconds, whatever it may take later. */
const START_WAIT = 8000;

/**
 * How each server tells that it stands as it did. A primary: which transactions are over, and which are not, is another
 * with each that has written and ended. A standby knows less of that, but how far it has come in the log.
 */
const STAMPS = {
  primary: 'SELECT pg_current_snapshot()::text AS stamp',
  standby: `SELECT pg_current_snapshot()::text || ' ' || pg_last_wal_replay_lsn()::text AS stamp`,
} as const;

/** One server as a database, which is connected to when it is first asked, and what its connections can be told. */
export interface Server {
  readonly db: Database;
  readonly pool: Pool;
}

/** Opens a PostgreSQL database and migrates it from a folder; rejects when it cannot be reached or used. */
export async function openPostgres(
  url: string,
  migrations: string | undefined,
  limits: Limits,
): Promise<Database> {
  return (await openPrimary(url, migrations, limits)).db;
}

/** The same, with its connections. */
export async function openPrimary(
  url: string,
  migrations: string | undefined,
  limits: Limits,
): Promise<Server> {
  const wait = Math.min(limits.wait, START_WAIT);
  const server = serverAt(url, limits, 'primary');
  try {
    // On a connection of its own: waiting for another process's migration, or one, may take longer than statements may.
    await onClient(
      url,
      wait,
      'civic',
      async (client) => void (migrations && (await migrate(client, migrations))),
    );
    // Others see by its connections that the database is in use.
    (await server.pool.connect()).release();
  } catch (error) {
    await server.db.close();
    throw asFailure(error);
  }
  return server;
}

/** A server that need not be there yet. */
export function serverAt(url: string, limits: Limits, role: keyof typeof STAMPS): Server {
  const pool = openPool(url, limits);
  // A standby refuses to notify, so that a write finds out before it begins.
  const write = `BEGIN; SET LOCAL lock_timeout = ${limits.wait}; SELECT pg_advisory_xact_lock(${WRITE_LOCK}); NOTIFY ${COMMITS}`;
  // One round trip each.
  const beginnings = { write, shared: `${write}; ${MARK}` };
  const began = (begin: string) =>
    pool.first(async (connection) => {
      await connection.query(begin);
      return connection;
    });
  const db: Database = {
    tables: buildTables(columns),
    dialect,
    ...governed(
      {
        begin: async (sort) =>
          sort === 'read' ? readingFrom(pool) : transactionOn(await began(beginnings[sort])),
        single: (shape, build, values) =>
          pool.beside((connection) => connection.values(shape, build, values)),
        stamp: shared(() =>
          pool.beside(async (connection) => {
            const { rows } = await connection.client.query({ name: 'stamp', text: STAMPS[role] });
            return String(rows[0].stamp);
          }),
        ),
        commits: hearingOf(url, limits, pool.isOwn),
        asFailure,
        end: () => pool.end(),
      },
      limits.group,
    ),
    // On a connection of its own: it may take longer than statements may. Autovacuum does the same, only later.
    refreshStatistics: () =>
      onClient(url, limits.wait, 'civic', async (client) => void (await client.query('ANALYZE'))).catch(
        () => undefined,
      ),
    statements: pool.statements,
  };
  return { db, pool };
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

/** The transaction that has begun on a connection. */
function transactionOn(connection: Connection): Transaction {
  const run = (text: string) => connection.query(text).catch((error) => Promise.reject(asFailure(error)));
  const rollback = async () => {
    if (connection.lost) return connection.destroy();
    await connection.query('ROLLBACK').then(
      () => connection.release(),
      () => connection.destroy(),
    );
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
      connection.release();
    },
    rollback,
  };
}
