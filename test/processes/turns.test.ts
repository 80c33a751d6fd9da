import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import type { FromWorker, ToWorker } from '../../src/processes/messages.ts';
import { askedTurns, Turns } from '../../src/processes/turns.ts';

t.test('one has the turn at a time, in the order they asked, whatever becomes of the others', async () => {
  const step = fc.record({
    what: fc.constantFrom('want' as const, 'over', 'gone'),
    worker: fc.constantFrom('a', 'b', 'c'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const given: string[] = [];
      const turns = new Turns<string>((worker, turn) => given.push(`${worker}${turn}`));
      // What is expected: those who wait, the first of them having the turn.
      let line: string[] = [];
      const expected: string[] = [];
      let last = 0;
      const to = (next: string[]) => {
        if (next[0] !== undefined && next[0] !== line[0]) expected.push(next[0]);
        line = next;
      };
      for (const { what, worker } of steps) {
        if (what === 'want') {
          last += 1;
          turns.want(worker, last);
          to([...line, `${worker}${last}`]);
        } else if (what === 'over') {
          const mine = line.find((one) => one.startsWith(worker));
          if (mine) turns.over(worker, Number(mine.slice(1)));
          to(line.filter((one) => one !== mine));
        } else {
          turns.gone(worker);
          to(line.filter((one) => !one.startsWith(worker)));
        }
      }
      if (given.join() !== expected.join()) throw new Error(`${given} instead of ${expected}`);
    }),
  );
});

t.test('who keeps the turn for too long does not keep it from the others', async (t) => {
  const given: string[] = [];
  const turns = new Turns<string>((worker) => given.push(worker), 20);
  turns.want('a', 1);
  turns.want('b', 1);
  const until = performance.now() + 5_000;
  while (given.length < 2 && performance.now() < until) await pause(5);
  t.same(given, ['a', 'b']);
  turns.over('a', 1);
  turns.want('c', 1);
  t.same(given, ['a', 'b'], 'that the first is done at last says nothing of the second');
  turns.over('b', 1);
  t.same(given, ['a', 'b', 'c']);
});

/** A worker's side, with what it says, and a way to say something to it. */
function worker() {
  const said: FromWorker[] = [];
  let listener: (message: ToWorker) => void = () => undefined;
  let end: () => void = () => undefined;
  const turns = askedTurns({
    tell: (message) => said.push(message),
    hear: (heard) => {
      listener = heard;
    },
    ended: (ending) => {
      end = ending;
    },
  });
  return { said, turns, tell: (message: ToWorker) => listener(message), end: () => end() };
}

t.test('a worker asks, waits, and gives back', async (t) => {
  const { said, turns, tell } = worker();
  const taken = turns.take(60_000);
  t.same(said, [{ tell: 'wants', turn: 1 }]);
  tell({ tell: 'yours', turn: 1 });
  (await taken)();
  t.same(said.slice(1), [{ tell: 'over', turn: 1 }]);
});

t.test('a worker that waits for too long goes on, and takes its asking back when it is done', async (t) => {
  const { said, turns, tell } = worker();
  const giveBack = await turns.take(5);
  t.equal(said.length, 1);
  giveBack();
  t.same(said.at(-1), { tell: 'over', turn: 1 });
  tell({ tell: 'yours', turn: 1 });
  t.same(said.at(-1), { tell: 'over', turn: 1 }, 'what comes after that goes back at once');
  t.equal(said.length, 3);
});

t.test('a worker that nobody gives turns to any more waits for none', async (t) => {
  const { said, turns, end } = worker();
  const waiting = turns.take(60_000);
  end();
  (await waiting)();
  (await turns.take(60_000))();
  t.same(said[0], { tell: 'wants', turn: 1 });
  t.equal(said.filter(({ tell }) => tell === 'wants').length, 1, 'and asks for none');
});
