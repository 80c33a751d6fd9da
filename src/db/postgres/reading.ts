/** Transactions that only read, without waiting for their beginning and their end. */
import type { Builder, Preparable, Row, Runner } from '../database.ts';
import type { Transaction } from '../transaction.ts';
import type { Connection } from './connection.ts';
import type { Pool } from './pool.ts';

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** One snapshot, taken by the first statement, which is sent right behind what begins the transaction. */
class Reading implements Runner {
  readonly #pool: Pool;
  #connection: Connection | undefined;
  #begun: Promise<unknown> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    if (this.#begun === undefined) {
      const first = this.#pool.first(async (connection) => {
        connection.gather();
        const [, rows] = await Promise.all([
          connection.query(BEGIN),
          connection.all<R>(shape, build, values),
        ]);
        this.#connection = connection;
        return rows;
      });
      this.#begun = first;
      return first;
    }
    await this.#begun;
    return (this.#connection as Connection).all(shape, build, values);
  }

  run(): Promise<void> {
    return refuse();
  }

  insert(): Promise<void> {
    return refuse();
  }

  deferReferences(): Promise<void> {
    return refuse();
  }

  /** Whoever is lent the connection next sends behind this; if it fails, the connection has, and says so itself. */
  end(how: 'COMMIT' | 'ROLLBACK'): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (!connection.lost) {
      connection.gather();
      connection.query(how).catch(() => undefined);
    }
    connection.release();
  }
}

const refuse = () => Promise.reject(new Error('a read does not write'));

/** A transaction that reads one snapshot; it holds a connection from its first statement on. */
export function readingFrom(pool: Pool): Transaction {
  const session = new Reading(pool);
  return {
    session,
    mark: refuse,
    back: refuse,
    async commit() {
      session.end('COMMIT');
    },
    async rollback() {
      session.end('ROLLBACK');
    },
  };
}
