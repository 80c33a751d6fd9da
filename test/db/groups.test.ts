import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import t from 'tap';
import type { Database, Row, Runner, Session, WriteOptions } from '../../src/db/database.ts';
import { LIMITS } from '../../src/db/open.ts';
import { openBoth, outcomes } from './beside.ts';
import { addName, names, rename } from './names.ts';

/** Adds as many names, all in one turn; each answers with how many of them a reader sees while it runs. */
function addSeen(db: Database, count: number, options: (at: number) => WriteOptions = () => ({})) {
  const add = (at: number) => async (session: Session) => {
    await addName(db, session, String(at).padStart(3, '0'));
    return (await names(db)).length;
  };
  return Promise.all(Array.from({ length: count }, (_, at) => db.write(add(at), options(at))));
}

t.test('writes of one turn share a transaction', async (t) => {
  const { db } = await openBoth(t);
  t.same(await addSeen(db, 5), [0, 0, 0, 0, 0], 'none is seen before all are kept');
  t.equal((await names(db)).length, 5);
  const own = await openBoth(t, { ...LIMITS, group: 1 });
  t.same(await addSeen(own.db, 5), [0, 1, 2, 3, 4], 'unless each is to have one of its own');
});

t.test('writes that arrive while others run share the next one', async (t) => {
  const { db } = await openBoth(t);
  const later: Promise<number>[] = [];
  const add = (name: string) => async (session: Session) => {
    await addName(db, session, name);
    return (await names(db)).length;
  };
  const outside = new AsyncLocalStorage().run(undefined, () => AsyncLocalStorage.snapshot());
  const first = db.write(async (session) => {
    await addName(db, session, 'a');
    for (const name of ['b', 'c', 'd']) later.push(outside(() => db.write(add(name))));
  });
  await first;
  t.same(await Promise.all(later), [1, 1, 1]);
});

t.test('no more than 64 share one', async (t) => {
  const { db } = await openBoth(t);
  const seen = await addSeen(db, 150);
  t.same([...new Set(seen)], [0, 64, 128]);
});

t.test('one that is alone shares with none, and keeps its turn', async (t) => {
  const { db } = await openBoth(t);
  const seen = await addSeen(db, 7, (at) => ({ alone: at === 0 || at === 3 || at === 4 }));
  t.same(seen, [0, 1, 1, 3, 4, 5, 5]);
});

t.test('only one that is alone may defer references', async (t) => {
  const { db } = await openBoth(t);
  const defer = (options?: WriteOptions) => db.write((session) => session.deferReferences(), options);
  await t.rejects(defer(), { message: /only a write that is alone/ });
  await defer({ alone: true });
});

t.test('none is answered before all are durable', async (t) => {
  const { db, beside } = await openBoth(t);
  const order: string[] = [];
  let seen: Promise<Row[]> | undefined;
  const writes = ['a', 'b', 'c'].map(async (name) => {
    await db.write(async (session) => {
      await addName(db, session, name);
      order.push(`${name} ran`);
    });
    order.push(`${name} answered`);
    seen ??= beside('select name from identifiers order by name');
  });
  await Promise.all(writes);
  t.same(order, ['a ran', 'b ran', 'c ran', 'a answered', 'b answered', 'c answered']);
  const kept = (await seen)?.map(({ name }) => name);
  t.same(kept, ['a', 'b', 'c'], 'another connection sees all of them when the first is answered');
});

t.test('each fails alone', async (t) => {
  const cases: Readonly<Record<string, readonly boolean[]>> = {
    'the first': [false, true, true],
    'one in the middle': [true, false, true],
    'the last': [true, true, false],
    'all but one': [false, false, true, false],
    all: [false, false, false],
    none: [true, true, true],
  };
  for (const [which, wells] of Object.entries(cases)) {
    const { db } = await openBoth(t);
    const seen: string[][] = [];
    const writes = wells.map((well, at) =>
      db.write(async (session) => {
        seen.push(await names(db, session));
        await addName(db, session, `${at} begins`);
        await addName(db, session, `${at} goes on`);
        if (!well) throw new Error(`${at} failed`);
        return `${at} done`;
      }),
    );
    const told = wells.map((well, at) => `${at} ${well ? 'done' : 'failed'}`);
    t.same(await outcomes(writes), told, `${which} failing: each is told what came of it`);
    const added = wells.map((well, at) => (well ? [`${at} begins`, `${at} goes on`] : []));
    t.same(await names(db), added.flat(), `${which} failing: the others are kept whole, it not at all`);
    const before = wells.map((_, at) => added.slice(0, at).flat());
    t.same(seen, before, `${which} failing: each saw what those before it left`);
    await db.write((session) => addName(db, session, 'next'));
  }
});

t.test('of several that want one name, exactly the first gets it', async (t) => {
  const { db } = await openBoth(t);
  const writes = Array.from({ length: 20 }, (_, at) =>
    db.write(async (session) => {
      await addName(db, session, `tried ${at}`);
      await addName(db, session, 'wanted');
      return 'got it';
    }),
  );
  t.same(await outcomes(writes), ['got it', ...Array(19).fill('database: unique')]);
  t.same(await names(db), ['tried 0', 'wanted']);
});

t.test('what writes leave for the end is done once for those that are kept', async (t) => {
  const { db } = await openBoth(t);
  const done: (readonly string[])[] = [];
  const together = async (runner: Runner, left: readonly string[]) => {
    done.push(left);
    if (left.includes('bad')) throw new Error('not with bad');
    return addName(db, runner, left.length > 1 ? left.join() : `${left[0]},`);
  };
  const writes = (...all: string[]) =>
    all.map((name) =>
      db.write(async (session) => {
        session.beforeCommit('names', name, together);
        await addName(db, session, name);
        if (name === 'never') throw new Error('no');
        return name;
      }),
    );
  t.same(await outcomes(writes('a', 'never', 'b')), ['a', 'no', 'b']);
  t.same(done, [['a', 'b']]);
  t.same(await names(db), ['a', 'a,b', 'b']);
  t.same(await outcomes(writes('never')), ['no']);
  t.equal(done.length, 1, 'nothing was left');

  done.length = 0;
  t.same(
    await outcomes(writes('c', 'bad', 'd')),
    ['c', 'not with bad', 'd'],
    'where it fails, each is tried alone',
  );
  t.same(done, [['c', 'bad', 'd'], ['c'], ['bad'], ['d']]);
  t.same(await names(db), ['a', 'a,b', 'b', 'c', 'c,', 'd', 'd,']);
});

t.test('a statement left running when its work ends is undone with it, or kept', async (t) => {
  const { db } = await openBoth(t);
  const unawaited = (name: string, well: boolean) =>
    db.write(async (session) => {
      void addName(db, session, name);
      if (!well) throw new Error('no');
    });
  const told = await outcomes([unawaited('a', true), unawaited('b', false), unawaited('c', true)]);
  t.same(told, [undefined, 'no', undefined]);
  t.same(await names(db), ['a', 'c']);
});

t.test('the session of one is of no use to the next', async (t) => {
  const { db } = await openBoth(t);
  let kept: Session | undefined;
  const first = db.write(async (session) => {
    kept = session;
  });
  const second = db.write(() => addName(db, kept as Session, 'x'));
  t.same(await outcomes([first, second]), [
    undefined,
    'the transaction is over: await all of its work inside it',
  ]);
  t.same(await names(db), []);
});

t.test('each runs as its caller would have', async (t) => {
  const { db } = await openBoth(t);
  const caller = new AsyncLocalStorage<string>();
  const called = ['a', 'b', 'c'].map((name) =>
    caller.run(name, () => db.write(async () => caller.getStore())),
  );
  t.same(await Promise.all(called), ['a', 'b', 'c']);
  const within = db.read(() => db.write((session) => addName(db, session, 'x')));
  const reads = db.write(() => names(db));
  t.same(await outcomes([within, reads]), [undefined, []], 'one that reads beside one called within a read');
});

t.test('whatever they do, and whichever share, the same is left as of one at a time', async (t) => {
  const grouped = await openBoth(t);
  const single = await openBoth(t, { ...LIMITS, group: 1 });
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(
    fc.record({ add: name }),
    fc.record({ from: name, to: name }),
    fc.constant({ fail: true }),
  );
  type Step = { add?: string; from?: string; to?: string; fail?: boolean };
  const work = fc.record({
    steps: fc.array(step, { maxLength: 4 }),
    alone: fc.boolean(),
    // Turns of the event loop that pass before it arrives.
    later: fc.nat({ max: 2 }),
  });
  const perform = (db: Database, steps: readonly Step[]) => async (session: Session) => {
    const done: unknown[] = [];
    for (const { add, from, to, fail } of steps) {
      if (fail) throw new Error('failed');
      if (add) await addName(db, session, add);
      if (from && to) done.push(await rename(db, session, from, to));
    }
    return [...done, ...(await names(db, session))];
  };
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 12 }), async (works) => {
      for (const { beside } of [grouped, single]) await beside('delete from identifiers');
      const together: Promise<unknown>[] = [];
      for (const { steps, alone, later } of works) {
        for (let turn = 0; turn < later; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        const write = grouped.db.write(perform(grouped.db, steps), { alone });
        // It may fail before all have arrived.
        write.catch(() => undefined);
        together.push(write);
      }
      const apart: unknown[] = [];
      for (const { steps } of works)
        apart.push(...(await outcomes([single.db.write(perform(single.db, steps))])));
      t.same(await outcomes(together), apart);
      t.same(await names(grouped.db), await names(single.db));
    }),
    { numRuns: 100 },
  );
});
