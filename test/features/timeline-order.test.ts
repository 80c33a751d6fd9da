import fc from 'fast-check';
import t from 'tap';
import { type Dated, ENTRY_KINDS, inOrder } from '../../src/features/timeline-order.ts';
import { standings } from '../../src/features/timeline-status.ts';

type Entry = Dated & { readonly status?: string | null };

const action = (id: string, date: string | null, position: number, status: string | null = null): Entry => ({
  kind: 'action',
  id,
  date,
  position,
  status,
});
const vote = (id: string, date: string | null, of: string | null = null): Entry => ({
  kind: 'vote_event',
  id,
  date,
  of,
});
const version = (id: string, date: string | null): Entry => ({ kind: 'policy_version', id, date });
const statement = (id: string, date: string | null): Entry => ({ kind: 'statement', id, date });
const report = (id: string, date: string | null, of: string): Entry => ({
  kind: 'statement_report',
  id,
  date,
  of,
});

const orderOf = (entries: readonly Entry[]) => inOrder(entries).map(({ entry }) => entry.id);
const placesOf = (entries: readonly Entry[]) =>
  inOrder(entries).map(({ entry, place }) => `${entry.id} ${place.at} ${place.by}`);

t.test('entries stand by date, and by what says more than a date', async (t) => {
  const rows: [about: string, entries: Entry[], order: string[]][] = [
    [
      'a vaguer date comes before the days it holds',
      [version('c', '2024-11-19'), version('b', '2024-11'), version('a', '2024'), version('d', '2024-12')],
      ['a 2024 date', 'b 2024-11 date', 'c 2024-11-19 date', 'd 2024-12 date'],
    ],
    [
      'unless its position says that it comes after one of them',
      [action('a', '2024-11-19', 1), action('b', '2024-11', 2), action('c', '2024', 3)],
      ['a 2024-11-19 date', 'b 2024-11-19 position', 'c 2024-11-19 position'],
    ],
    [
      'where dates exclude one another, positions count for nothing',
      [action('a', '2024-11-20', 1), action('b', '2024-11-19', 2), action('c', '2024-10', 3)],
      ['c 2024-10 date', 'b 2024-11-19 date', 'a 2024-11-20 date'],
    ],
    [
      'an undated step stands where its position says',
      [action('a', null, 1), action('b', '2019', 2), action('c', null, 3), action('d', '2024', 4)],
      ['a 2019 position', 'b 2019 date', 'c 2019 position', 'd 2024 date'],
    ],
    [
      'a vote follows its action, and dates it where its own date is the more precise',
      [vote('v', '2024-11-19', 'a'), action('a', '2024-11', 1), version('x', '2024-11-18')],
      ['x 2024-11-18 date', 'a 2024-11-19 vote', 'v 2024-11-19 date'],
    ],
    [
      'an undated or vaguer vote follows its action',
      [
        vote('u', null, 'a'),
        vote('v', '2024', 'a'),
        action('a', '2024-11-19', 1),
        action('b', '2024-11-19', 2),
      ],
      ['a 2024-11-19 date', 'u 2024-11-19 action', 'v 2024-11-19 action', 'b 2024-11-19 date'],
    ],
    [
      'a vote on another day than its action keeps its day',
      [action('a', '2024-11-19', 1), vote('v', '2024-11-12', 'a')],
      ['v 2024-11-12 date', 'a 2024-11-19 date'],
    ],
    [
      'a report follows its statement, and an undated statement precedes its earliest report',
      [
        report('r', '2024-11', 's'),
        statement('s', '2024-11-13'),
        report('q', '2024-11-12', 'u'),
        statement('u', null),
        report('p', null, 's'),
      ],
      [
        'u 2024-11-12 report',
        'q 2024-11-12 date',
        's 2024-11-13 date',
        'p 2024-11-13 statement',
        'r 2024-11-13 statement',
      ],
    ],
    [
      'a report from before its statement keeps its day',
      [report('r', '2024-11-12', 's'), statement('s', '2024-11-13')],
      ['r 2024-11-12 date', 's 2024-11-13 date'],
    ],
    [
      'what nothing places stands at the end, statements before their reports',
      [
        report('r', null, 's'),
        statement('s', null),
        vote('v', null),
        action('a', null, 1),
        version('x', '2030'),
      ],
      ['x 2030 date', 'a null nothing', 'v null nothing', 's null nothing', 'r null nothing'],
    ],
    [
      'on one day actions with their votes come first, in turn, then versions, statements and reports',
      [
        report('r', '2024-11-19', 's'),
        statement('s', '2024-11-19'),
        version('x', '2024-11-19'),
        vote('w', '2024-11-19', 'b'),
        vote('v', '2024-11-19', 'a'),
        action('b', '2024-11-19', 2),
        action('a', '2024-11-19', 1),
      ],
      ['a', 'v', 'b', 'w', 'x', 's', 'r'].map((id) => `${id} 2024-11-19 date`),
    ],
    [
      'an instant stands by its own clock',
      [version('b', '2024-11-19T09:00'), version('a', '2024-11-19')],
      ['a 2024-11-19 date', 'b 2024-11-19T09:00 date'],
    ],
  ];
  for (const [about, entries, order] of rows) t.same(placesOf(entries), order, about);
});

const day = fc
  .date({ min: new Date('2023-01-01'), max: new Date('2024-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const PRECISIONS = [0, 4, 7, 10];
/** A date as a source may have it: to the day, the month or the year, or not at all. */
const blurred = (date: string, precision: number) => (precision === 0 ? null : date.slice(0, precision));
const aDate = fc
  .tuple(day, fc.constantFrom(...PRECISIONS))
  .map(([date, precision]) => blurred(date, precision));

const someEntries: fc.Arbitrary<Entry[]> = fc
  .array(
    fc.record({ kind: fc.constantFrom(...ENTRY_KINDS), date: aDate, position: fc.nat(6), of: fc.nat(14) }),
    { maxLength: 15 },
  )
  .map((made) =>
    made.map(({ kind, date, position, of }, at) => {
      const whole = ({ vote_event: 'action', statement_report: 'statement' } as Record<string, string>)[kind];
      const link = made[of]?.kind === whole ? `id${of}` : null;
      const step = { position, status: position % 2 ? `status ${position}` : null };
      return {
        kind,
        id: `id${at}`,
        date,
        ...(whole ? { of: link } : {}),
        ...(kind === 'action' ? step : {}),
      };
    }),
  );

/** Whether one date certainly lies before another. */
const excludes = (one: string, other: string) => one < other && !other.startsWith(one);

t.test('the order in which records are read never matters', async () => {
  fc.assert(
    fc.property(
      someEntries.chain((entries) =>
        fc.tuple(
          fc.constant(entries),
          fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
        ),
      ),
      ([entries, shuffled]) => {
        const [one, other] = [inOrder(entries), inOrder(shuffled)];
        return JSON.stringify([one, standings(one)]) === JSON.stringify([other, standings(other)]);
      },
    ),
  );
});

t.test(
  'dates that exclude one another are never out of order, whatever positions and links say',
  async () => {
    fc.assert(
      fc.property(someEntries, (entries) => {
        const dates = inOrder(entries).flatMap(({ entry }) => entry.date ?? []);
        return dates.every((date, at) => dates.slice(at + 1).every((later) => !excludes(later, date)));
      }),
    );
  },
);

/** A life as it was, step after step on days in order, and as sources tell it. */
const aLife = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'action',
        'action',
        'vote_event',
        'statement',
        'statement_report',
        'policy_version',
      ),
      day,
      precision: fc.constantFrom(...PRECISIONS),
      of: fc.nat(20),
      status: fc.option(fc.constantFrom('draft', 'introduced', 'passed', 'enacted')),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    const days = steps.map((step) => step.day).sort();
    return steps.map(({ kind, precision, of, status }, at): Entry => {
      const date = blurred(days[at] as string, precision);
      const id = `id${String(at).padStart(2, '0')}`;
      const earlier = steps.flatMap((step, index) =>
        index < at && step.kind === (kind === 'vote_event' ? 'action' : 'statement') ? index : [],
      );
      const whole = earlier[of % Math.max(1, earlier.length)];
      const link = whole === undefined ? null : `id${String(whole).padStart(2, '0')}`;
      if (kind === 'action') return { kind, id, date, position: at, status };
      if (kind === 'statement_report') return { kind, id, date, of: link };
      return { kind: kind as Entry['kind'], id, date };
    });
  });

t.test('positions and links hold wherever positions, links and dates can all be true', async () => {
  fc.assert(
    fc.property(aLife, (life) => {
      const order = orderOf(life);
      const actions = order.filter((id) => life.find((one) => one.id === id)?.kind === 'action');
      const inTurn = actions.every((id, at) => at === 0 || (actions[at - 1] as string) < id);
      const linked = life.every(({ id, of }) => of == null || order.indexOf(of) < order.indexOf(id));
      return inTurn && linked;
    }),
    { numRuns: 300 },
  );
});

t.test('a status that is said to be carried is the one that held', async () => {
  let carried = 0;
  fc.assert(
    fc.property(aLife, (life) => {
      const ordered = inOrder(life);
      return standings(ordered).every(({ status_after, status_basis }, at) => {
        if (status_basis !== 'carried') return true;
        carried += 1;
        const { id } = (ordered[at] as { entry: Entry }).entry;
        const before = life.slice(0, life.findIndex((one) => one.id === id) + 1);
        return before.findLast(({ status }) => status != null)?.status === status_after;
      });
    }),
    { numRuns: 300 },
  );
  t.ok(carried > 100, 'and many are');
});

t.test('the status after each entry is stated, carried or open', async (t) => {
  const told = (entries: readonly Entry[], hidden?: string) => {
    const ordered = inOrder(entries);
    return standings(ordered, hidden).map(
      ({ status_after, status_basis }, at) => `${ordered[at]?.entry.id} ${status_after} ${status_basis}`,
    );
  };
  const life = [
    version('early', '2024-01'),
    action('a', '2024-11', 1, 'draft'),
    action('b', '2024-11', 2),
    statement('s', '2024-11'),
    action('c', '2024-11-19', 3, 'passed'),
    vote('v', null, 'c'),
    statement('t', '2024-11-19'),
    statement('u', '2024-12'),
  ];
  t.same(told(life), [
    'early null null',
    'a draft stated',
    'b draft carried',
    's draft open',
    'c passed stated',
    'v passed carried',
    't passed open',
    'u passed carried',
  ]);
  t.same(
    told(life, '2024-11-20').at(-1),
    'u null null',
    'what came after steps that are left out has no status',
  );
  t.same(told(life, '2024-11-20').at(0), 'early null null');
  t.same(told(life, '2024-11-20').at(6), 't passed open', 'what came before them has');
});
