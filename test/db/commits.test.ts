import t from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { administer, engine, freshDatabase } from '../databases.ts';
import { addName } from './names.ts';

/** Counts calls, and resolves when there has been one more than a number. */
function counter() {
  let calls = 0;
  let wake: () => void = () => undefined;
  return {
    call: () => {
      calls += 1;
      wake();
    },
    calls: () => calls,
    async beyond(number: number): Promise<void> {
      // A look at a file keeps no process alive by itself.
      const alive = setInterval(() => undefined, 1000);
      while (calls <= number)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      clearInterval(alive);
    },
  };
}

t.test(
  'commits of another process are heard of within 100 ms, and of none once nobody listens',
  async (t) => {
    const url = await freshDatabase(t);
    const [one, other] = [await openDatabase(url), await openDatabase(url)];
    t.teardown(() => Promise.all([one.close(), other.close()]));
    const heard = counter();
    const leave = one.onCommit(heard.call);
    const late = counter();
    one.onCommit(late.call);
    // Listening is told of once it has begun, where it takes a connection.
    if (engine === 'postgres') await heard.beyond(0);
    const took: number[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      const before = heard.calls();
      const start = performance.now();
      await other.write((session) => addName(other, session, name));
      await heard.beyond(before);
      took.push(performance.now() - start);
    }
    took.sort((a, b) => a - b);
    t.ok((took[3] as number) < 100, `the median is ${Math.round(took[3] as number)} ms`);
    leave();
    const [left, stays] = [heard.calls(), late.calls()];
    await other.write((session) => addName(other, session, 'h'));
    await late.beyond(stays);
    t.equal(heard.calls(), left, 'who has left is not told, while the other is');
  },
);

t.test('what was undone is not told of', async (t) => {
  const url = await freshDatabase(t);
  const [one, other] = [await openDatabase(url), await openDatabase(url)];
  t.teardown(() => Promise.all([one.close(), other.close()]));
  const heard = counter();
  one.onCommit(heard.call);
  if (engine === 'postgres') await heard.beyond(0);
  const before = heard.calls();
  await t.rejects(
    other.write(async (session) => {
      await addName(other, session, 'a');
      throw new Error('no');
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 150));
  t.equal(heard.calls(), before);
});

t.test(
  'a listener whose connection is cut is back by itself, and is told',
  { skip: engine === 'postgres' ? false : 'there is no connection' },
  async (t) => {
    const url = await freshDatabase(t);
    const [one, other] = [await openDatabase(url), await openDatabase(url)];
    t.teardown(() => Promise.all([one.close(), other.close()]));
    const heard = counter();
    one.onCommit(heard.call);
    await heard.beyond(0);
    const folder = decodeURIComponent(url.split('host=')[1] as string);
    const database = /\/(\w+)\?/.exec(url)?.[1];
    await administer(
      folder,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and query like 'LISTEN%'`,
    );
    await heard.beyond(1);
    t.pass('it may have missed something, so it is told');
    const before = heard.calls();
    await other.write((session) => addName(other, session, 'a'));
    await heard.beyond(before);
    t.pass('and of what is written from then on');
  },
);
