/**
 * Group commit: writes that arrive in one turn of the event loop share a transaction, as making one durable costs
 * more than all else that a write does. Each fails alone, and none is answered before all is durable.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseFailure, retried } from './failure.ts';
import { type Engine, Leftovers, type Transaction, transact, type Work } from './transaction.ts';

/**
 * Writes that share a transaction at most. PostgreSQL keeps 64 savepoints of a transaction in memory; with more, every
 * reader has to look them up on disk (https://www.postgresql.org/docs/current/subxacts.html).
 */
export const GROUP = 64;

/** A write that waits for its turn. */
interface Member {
  readonly work: Work<unknown>;
  readonly alone: boolean;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Queues work; settles once it is durable, or undone. */
export type Queue = <T>(work: Work<T>, alone: boolean) => Promise<T>;

/** A queue whose writes run in the order they came, up to `most` of them in one transaction. */
export function queued(engine: Engine, most: number): Queue {
  const waiting: Member[] = [];
  let busy = false;

  const take = (): Member[] => {
    const next = waiting.slice(0, most);
    const alone = next.findIndex((member) => member.alone);
    return waiting.splice(0, alone < 0 ? most : Math.max(alone, 1));
  };
  const run = async () => {
    await runGroup(engine, take());
    // Readers get a turn between groups, too.
    if (waiting.length > 0) setImmediate(run);
    else busy = false;
  };
  return (work, alone) =>
    new Promise((resolve, reject) => {
      // The work runs as if its caller had: what follows the caller around does not follow the group.
      waiting.push({ work: AsyncLocalStorage.bind(work), alone, resolve, reject });
      if (busy) return;
      busy = true;
      // After all requests that came in with this one have been read; nobody waits for more.
      setImmediate(run);
    });
}

/** Runs writes, and settles each. */
async function runGroup(engine: Engine, members: readonly Member[]): Promise<void> {
  try {
    await (members.length > 1 ? together(engine, members) : oneByOne(engine, members));
  } catch (failure) {
    // Those that were settled before stay as they are.
    for (const { reject } of members) reject(failure);
  }
}

/** Runs writes in one transaction; rejects when none could begin, or nobody knows whether they are kept. */
async function together(engine: Engine, members: readonly Member[]): Promise<void> {
  const transaction = await retried(() => engine.begin('shared'));
  let settle: (() => void)[];
  try {
    settle = await runEach(engine, transaction, members);
  } catch {
    // It went wrong for all, but none has been answered: each gets a transaction of its own.
    await transaction.rollback();
    return oneByOne(engine, members);
  }
  try {
    await transaction.commit();
  } catch (failure) {
    // The database may have committed before it went away; running them again could do everything twice.
    if (failure instanceof DatabaseFailure && failure.reason === 'unavailable') throw failure;
    return oneByOne(engine, members);
  }
  for (const one of settle) one();
}

/** Runs each write from a mark, and returns what to tell it; rejects when one failed in a way that concerns all. */
async function runEach(
  engine: Engine,
  transaction: Transaction,
  members: readonly Member[],
): Promise<(() => void)[]> {
  const settle: (() => void)[] = [];
  const left = new Leftovers();
  let marked = true;
  for (const { work, resolve, reject } of members) {
    if (!marked) await transaction.mark();
    marked = false;
    try {
      const own = new Leftovers();
      const result = await work(transaction.session, own);
      left.take(own);
      settle.push(() => resolve(result as never));
    } catch (error) {
      const failure = engine.asFailure(error);
      if (concernsAll(failure)) throw failure;
      await transaction.back();
      marked = true;
      settle.push(() => reject(failure));
    }
  }
  await left.finish(transaction.session);
  return settle;
}

/** Whether a failure may have undone more than the write it came from, or be due to the company it was in. */
function concernsAll(failure: unknown): boolean {
  return failure instanceof DatabaseFailure && ['retry', 'unavailable', 'full'].includes(failure.reason);
}

/** Runs each write in a transaction of its own; rejects, leaving the rest unsettled, when one cannot even begin. */
async function oneByOne(engine: Engine, members: readonly Member[]): Promise<void> {
  for (const { work, resolve, reject } of members) {
    let begun = false;
    const noted: Work<unknown> = (runner, left) => {
      begun = true;
      return work(runner, left);
    };
    try {
      resolve((await retried(() => transact(engine, 'write', noted))) as never);
    } catch (failure) {
      // Each of the others would wait as long, in vain.
      if (!begun) throw failure;
      reject(failure);
    }
  }
}
