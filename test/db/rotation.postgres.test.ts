import fc from 'fast-check';
import t from 'tap';
import type { Standing } from '../../src/db/postgres/probe.ts';
import { absenceOf, Past } from '../../src/db/postgres/rotation.ts';

/** How a server stands that was asked at a moment, and answered a millisecond later. */
const at = (asked: number, position: number, more: Partial<Standing> = {}): Standing => ({
  standby: true,
  position,
  revision: 0,
  cluster: 'one',
  asked,
  answered: asked + 1,
  ...more,
});

/** The past of a primary that was at some positions at some moments. */
function pastOf(...seen: readonly (readonly [asked: number, position: number])[]): Past {
  const past = new Past();
  for (const [asked, position] of seen) past.note(at(asked, position, { standby: false }));
  return past;
}

t.test('a replica may answer while what it lacks is not older than is tolerated', async (t) => {
  const past = pastOf([0, 100], [250, 200], [500, 200], [750, 300], [1000, 300], [1300, 300]);
  const rows: [position: number, lag: number, absence: string | undefined][] = [
    [300, 0, undefined],
    [299, 550, undefined],
    [200, 550, undefined],
    [199, 1050, 'lagging'],
    [100, 1050, 'lagging'],
    [99, 1300, 'lagging'],
  ];
  for (const [position, lag, absence] of rows) {
    t.equal(past.lagAt(position), lag, `at ${position}`);
    t.equal(absenceOf(at(1300, position), past, 1000), absence);
  }
});

t.test('while the primary is away nothing more is known to be missing', async (t) => {
  const past = pastOf([0, 100], [250, 200]);
  t.equal(absenceOf(at(60_000, 100), past, 1000), undefined, 'a minute later');
  t.equal(absenceOf(at(60_000, 100), new Past(), 1000), undefined, 'nor if it was never seen');
});

t.test('what is no replica of this database does not answer', async (t) => {
  const past = pastOf([0, 100], [250, 200]);
  t.equal(absenceOf(at(300, 200, { standby: false }), past, 1000), 'no-standby');
  t.equal(absenceOf(at(300, 200, { cluster: 'two' }), past, 1000), 'other-history');
  t.equal(absenceOf(at(100, 201), past, 1000), 'other-history', 'it had what the primary had not later');
  t.equal(absenceOf(at(300, 201), past, 1000), undefined, 'the primary may have it by now');
});

t.test('another primary has another past', async (t) => {
  const past = pastOf([0, 100], [250, 900], [5000, 300]);
  t.equal(past.lagAt(300), 0);
  t.equal(past.lagAt(299), 0, 'what it was first seen with may be new');
  past.note(at(5250, 400, { standby: false }));
  t.equal(past.lagAt(300), 0);
  t.equal(past.lagAt(299), 250);
});

t.test('lag is how long ago the primary was first seen beyond the replica', async () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 50 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 1500 }), (moves, position) => {
      let [asked, place] = [0, 0];
      const seen = moves.map(([time, bytes]) => {
        asked += time;
        place += bytes;
        return [asked, place] as const;
      });
      const beyond = seen.find(([, one]) => one > position);
      return pastOf(...seen).lagAt(position) === (beyond ? asked - beyond[0] : 0);
    }),
  );
});
