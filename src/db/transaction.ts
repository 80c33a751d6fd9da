/** What each engine gives: transactions that begin, end, and can go back to a mark. */
import type { Source } from './audience.ts';
import type { AtCommit, Database, Runner } from './database.ts';

/** What is done in one transaction. It may be run more than once: whatever undid it undid it whole. */
export type Work<T> = (runner: Runner, left: Leftovers) => Promise<T>;

/** What is left to be done before a transaction is committed. */
export class Leftovers {
  readonly #left = new Map<string, { readonly work: AtCommit<unknown>; readonly values: unknown[] }>();

  /** See `Session`. */
  leave<T>(name: string, value: T, work: AtCommit<T>): void {
    const known = this.#left.get(name);
    if (known) known.values.push(value);
    else this.#left.set(name, { work: work as AtCommit<unknown>, values: [value] });
  }

  /** Takes over what another has. */
  take(other: Leftovers): void {
    for (const [name, { work, values }] of other.#left)
      for (const value of values) this.leave(name, value, work);
  }

  async finish(runner: Runner): Promise<void> {
    for (const { work, values } of this.#left.values()) await work(runner, values);
  }
}

/** `read` sees one snapshot; `write` may change; `shared` is a write that begins with a mark. */
export type Sort = 'read' | 'write' | 'shared';

/** A transaction that has begun. It is over, and its connection given back, once `commit` or `rollback` was called. */
export interface Transaction {
  readonly session: Runner;
  /** Keeps what was done since the mark, and sets the mark here. */
  mark(): Promise<void>;
  /** Undoes what was done since the mark, which stays. */
  back(): Promise<void>;
  /** Makes all of it durable; rejects, after undoing all of it, when it cannot. */
  commit(): Promise<void>;
  /** Undoes all of it; never rejects. */
  rollback(): Promise<void>;
}

export interface Engine {
  /** Begins a transaction; rejects with a `DatabaseFailure` when it cannot be. */
  begin(sort: Sort): Promise<Transaction>;
  /** Runs one statement in no transaction but its own; rejects with what `asFailure` makes of an error. */
  readonly single: Database['single'];
  /** See `Database`. */
  readonly stamp: Database['stamp'];
  /** Finds out of commits; left out where looking at the stamp is the way to. */
  readonly commits?: Source;
  /** An error of the driver as a failure that the engines share; any other as it is. */
  asFailure(error: unknown): unknown;
  /** Ends all connections. */
  end(): Promise<void>;
}

/** Runs work in a transaction of its own; what it throws undoes all of it. */
export async function transact<T>(engine: Engine, sort: 'read' | 'write', work: Work<T>): Promise<T> {
  const transaction = await engine.begin(sort);
  let result: T;
  try {
    const left = new Leftovers();
    result = await work(transaction.session, left);
    await left.finish(transaction.session);
  } catch (error) {
    await transaction.rollback();
    throw engine.asFailure(error);
  }
  await transaction.commit();
  return result;
}
