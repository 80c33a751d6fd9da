/** The connections to one PostgreSQL server: lent, replaced where they were cut, and given back. */
import pg from 'pg';
import type { Limits } from '../open.ts';
import { queriesOn } from '../query.ts';
import { builder } from './builder.ts';
import { Client } from './client.ts';
import { Connection } from './connection.ts';
import { asFailure, wasCut } from './failure.ts';
import { lanesOn } from './lanes.ts';

/** How long a connection may be silent before the system asks whether the other side is there, in milliseconds. */
const SILENCE = 10_000;

/** How long after its own time limit a server may take to say that a statement reached it, in milliseconds. */
const LATE = 1000;

export interface Pool {
  /** Lends a connection, which is to be given back. */
  readonly connect: () => Promise<Connection>;
  /**
   * Runs what comes first on a connection, which then keeps it; where that turns out to have been cut while idle, or to
   * lead to a server that no longer writes, on another one. A name is looked up anew for each new connection.
   */
  readonly first: <T>(run: (on: Connection) => Promise<T>) => Promise<T>;
  /**
   * Runs one statement, in no transaction but its own, on a connection that others use for theirs at the same time: none
   * waits for the answer to what was sent before it. Where the connection was cut it is run on another one.
   */
  readonly beside: <T>(run: (on: Connection) => Promise<T>) => Promise<T>;
  /** Ends all connections, those in use as well: what runs on them fails at once. */
  readonly cut: () => void;
  /** Whether a notification came from one of these connections. */
  readonly isOwn: (processId: number) => boolean;
  readonly statements: () => number;
  readonly end: () => Promise<void>;
}

/** Opens a pool; nothing is connected to yet. */
export function openPool(url: string, limits: Limits): Pool {
  const pool = new pg.Pool({
    // The driver's types know no parameters of a client, which every one of its own has.
    Client: Client as unknown as new () => pg.ClientBase,
    connectionString: url,
    // What is sent need not wait for the answer to what was sent before.
    pipeline: true,
    max: limits.connections,
    connectionTimeoutMillis: limits.wait,
    statement_timeout: limits.statement,
    // A server that is well says so itself; one that went away without a word says nothing.
    query_timeout: limits.statement && limits.statement + LATE,
    // Whoever went away in the middle of a write holds up all others until then.
    idle_in_transaction_session_timeout: Math.min(limits.statement, 2 * limits.wait),
    // Statements are many and short: compiling one takes longer than running it.
    options: '-c jit=off',
    // A server that went away without a word is found out.
    keepAlive: true,
    keepAliveInitialDelayMillis: SILENCE,
    application_name: 'civic',
  });
  // An idle connection that drops would end the process; the next query gets a new one.
  pool.on('error', () => undefined);
  const open = new Set<Connection>();
  const processes = new Set<number>();
  const known = new WeakMap<pg.PoolClient, Connection>();
  const queries = queriesOn(builder);
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  pool.on('connect', (client) => {
    // One that drops between being lent and being used would end the process, too; the query on it fails by itself.
    client.on('error', () => undefined);
    const made = new Connection(client as pg.PoolClient, queries, count);
    // The driver's types leave it out; it is what a notification says that it came from.
    const { processID } = client as unknown as { processID: number };
    known.set(client as pg.PoolClient, made);
    open.add(made);
    processes.add(processID);
    client.once('end', () => {
      open.delete(made);
      processes.delete(processID);
    });
  });

  const connect = async (): Promise<Connection> => {
    const client = await pool.connect();
    // Each is known from when it was made.
    return known.get(client) as Connection;
  };
  const first = async <T>(run: (on: Connection) => Promise<T>): Promise<T> => {
    const connection = await connect().catch((error: unknown) => Promise.reject(asFailure(error)));
    const { fresh } = connection;
    connection.fresh = false;
    try {
      return await run(connection);
    } catch (error) {
      connection.destroy();
      if (fresh || !wasCut(error)) throw asFailure(error);
      return first(run);
    }
  };

  return {
    connect,
    first,
    beside: lanesOn({ connect, first, isWaitedFor: () => pool.waitingCount > 0, most: limits.connections }),
    cut() {
      for (const connection of open) connection.cut();
    },
    isOwn: (processId) => processes.has(processId),
    statements: () => statements,
    end: () => pool.end(),
  };
}
