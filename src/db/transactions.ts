/** What both engines hold to: no nesting, writers in turn, nothing after the end, and an end that waits. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { audienceOf, lookingAt } from './audience.ts';
import type { Table } from './columns.ts';
import type { AtCommit, Builder, Database, Preparable, Row, Runner, Session } from './database.ts';
import { retried } from './failure.ts';
import { GROUP, queued } from './groups.ts';
import { type Engine, type Leftovers, transact, type Work } from './transaction.ts';

/** A session that ends with its transaction: a statement after that would run outside any, or in somebody else's. */
class Ending implements Session {
  readonly #inner: Runner;
  readonly #left: Leftovers;
  readonly #alone: boolean;
  open = true;

  constructor(inner: Runner, left: Leftovers, alone: boolean) {
    this.#inner = inner;
    this.#left = left;
    this.#alone = alone;
  }

  all<R>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]> {
    return this.open ? this.#inner.all(shape, build, values) : over();
  }

  run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void> {
    return this.open ? this.#inner.run(shape, build, values) : over();
  }

  insert(name: string, table: Table, rows: readonly Row[]): Promise<void> {
    return this.open ? this.#inner.insert(name, table, rows) : over();
  }

  deferReferences(): Promise<void> {
    if (!this.open) return over();
    // They are checked when all is committed, so that one that leads nowhere would undo the others as well.
    return this.#alone
      ? this.#inner.deferReferences()
      : refuse('only a write that is alone may defer references');
  }

  beforeCommit<T>(name: string, value: T, work: AtCommit<T>): void {
    if (!this.open) throw new Error(OVER);
    this.#left.leave(name, value, work);
  }
}

const refuse = (why: string) => Promise.reject(new Error(why));
const OVER = 'the transaction is over: await all of its work inside it';
const over = () => refuse(OVER);

/** Reads and writes of an engine under the rules above; `group` is how many writes share a transaction at most. */
export function governed(
  engine: Engine,
  group: number = GROUP,
): Pick<Database, 'read' | 'write' | 'single' | 'stamp' | 'onCommit' | 'close'> {
  const reading = new AsyncLocalStorage<Ending>();
  const writing = new AsyncLocalStorage<Ending>();
  const running = new Set<Promise<unknown>>();
  // In turn within the process, so that waiting writers leave connections to readers.
  const queue = queued(engine, group);
  const audience = audienceOf(engine.commits ?? lookingAt(() => engine.stamp()));
  let closed: Promise<void> | undefined;

  const within =
    <T>(inside: AsyncLocalStorage<Ending>, work: (session: Session) => Promise<T>, alone: boolean): Work<T> =>
    async (runner, left) => {
      const ending = new Ending(runner, left, alone);
      try {
        return await inside.run(ending, work, ending);
      } finally {
        ending.open = false;
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
  const CLOSED = 'the database is closed';

  return {
    read(work) {
      // Enough of them at once would hold every connection while each waits for one more.
      if (reading.getStore()?.open) return refuse('a read inside a read: use the one session it was given');
      if (closed) return refuse(CLOSED);
      return tracked(retried(() => transact(engine, 'read', within(reading, work, true))));
    },
    single(shape, build, values) {
      return closed ? refuse(CLOSED) : engine.single(shape, build, values);
    },
    stamp: () => (closed ? refuse(CLOSED) : engine.stamp()),
    write(work, { alone = false } = {}) {
      // It would wait for itself for ever.
      if (writing.getStore()?.open) return refuse('a write inside a write: use the one session it was given');
      if (closed) return refuse(CLOSED);
      return tracked(queue(within(writing, work, alone), alone));
    },
    onCommit: (heard) => audience.join(heard),
    close() {
      audience.close();
      closed ??= Promise.all(running).then(() => engine.end());
      return closed;
    },
  };
}
