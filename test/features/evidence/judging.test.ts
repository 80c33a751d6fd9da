import fc from 'fast-check';
import t from 'tap';
import { fieldAt, saysSame, valueAt } from '../../../src/features/evidence/agreeing.ts';
import { disputeOf, judge, type Saying, stateOf } from '../../../src/features/evidence/judging.ts';
import { kindNamed } from '../../../src/model/kinds.ts';

const policy = kindNamed('policy');
const field = (name: string) => fieldAt(policy, `/${name}`);

let made = 0;
/** A citation that says something; each is from a publisher of its own unless told otherwise. */
function saying(value: unknown, more: Partial<Saying> = {}): Saying {
  made += 1;
  const id = `c${String(made).padStart(4, '0')}`;
  return {
    citation_id: id,
    source_id: `s${id}`,
    voice: id,
    value,
    rank: 'normal',
    published_on: null,
    retracted: false,
    ...more,
  };
}

t.test('values of a field that say the same', async (t) => {
  const rows: [name: string, held: unknown, said: unknown, same: boolean][] = [
    ['title', 'Sanctuary City Ordinance', '“sanctuary city” ordinance.', true],
    ['title', 'Tom Homan', 'Tim Homan', false],
    ['title', '…', '?', false],
    ['title', '?', '?', true],
    ['introduced_on', '2024-11', '2024-11-19', true],
    ['introduced_on', '2024-11-19', '2024', true],
    ['introduced_on', '2024-11-19', '2024-11-20', false],
    ['topics', ['a', 'b'], ['b'], true],
    ['topics', ['a', 'b'], 'a', true],
    ['topics', ['a', 'b'], ['a', 'c'], false],
    ['status', 'on_agenda', 'on agenda', true],
    ['status', 'passed', null, false],
    ['title', null, 'Anything', false],
  ];
  for (const [name, held, said, same] of rows)
    t.equal(
      saysSame(field(name), held, said),
      same,
      `${name}: ${JSON.stringify(held)} and ${JSON.stringify(said)}`,
    );
  t.equal(saysSame(undefined, { a: [1] }, { a: [1] }), true, 'objects by their content');
  t.equal(saysSame(undefined, 1, '1'), false, 'a number is not a text');
});

t.test('a pointer leads to a value and its field', async (t) => {
  const record = { identifiers: [{ scheme: 'a/b', identifier: '1' }], title: 'T' };
  t.equal(valueAt(record, '/identifiers/0/scheme'), 'a/b');
  t.equal(valueAt(record, '/identifiers/1/scheme'), undefined);
  t.equal(valueAt(record, ''), undefined);
  t.equal(valueAt({ 'a/b~c': 1 }, '/a~1b~0c'), 1);
  t.equal(fieldAt(policy, '/identifiers/0/scheme')?.type, 'text');
  t.equal(fieldAt(policy, '/jurisdiction_id')?.to, 'jurisdiction');
});

t.test('how a field stands', async (t) => {
  const rows: [name: string, field: string, held: unknown, sayings: Saying[], state: string][] = [
    ['nothing is cited', 'title', 'A', [], 'unsupported'],
    ['one says so', 'title', 'A', [saying('A')], 'supported'],
    ['one points at it without a value', 'title', 'A', [saying(null)], 'supported'],
    ['one says otherwise', 'title', 'A', [saying('B')], 'disputed'],
    ['one says so, one otherwise', 'title', 'A', [saying('A'), saying('B')], 'disputed'],
    [
      'the other is deprecated',
      'title',
      'A',
      [saying('A'), saying('B', { rank: 'deprecated' })],
      'supported',
    ],
    ['the other is retracted', 'title', 'A', [saying('A'), saying('B', { retracted: true })], 'supported'],
    ['the only one is deprecated', 'title', 'A', [saying('A', { rank: 'deprecated' })], 'unsupported'],
    [
      'an older status is superseded',
      'status',
      'passed',
      [saying('passed', { published_on: '2024-11-20' }), saying('on_agenda', { published_on: '2024-11-18' })],
      'supported',
    ],
    [
      'a newer status is not',
      'status',
      'on_agenda',
      [saying('passed', { published_on: '2024-11-20' }), saying('on_agenda', { published_on: '2024-11-18' })],
      'disputed',
    ],
    [
      'nor is one of the same month, as far as is known',
      'status',
      'passed',
      [saying('passed', { published_on: '2024-11-20' }), saying('on_agenda', { published_on: '2024-11' })],
      'disputed',
    ],
    [
      'an older title is no less true',
      'title',
      'B',
      [saying('B', { published_on: '2024-12' }), saying('A', { published_on: '2024-11' })],
      'disputed',
    ],
  ];
  for (const [name, of, held, sayings, state] of rows)
    t.equal(stateOf(judge(field(of), held, sayings)), state, name);
});

t.test('what is in dispute, and why the record holds what it does', async (t) => {
  const [old, late] = [{ published_on: '2024-01' }, { published_on: '2024-06' }];
  const rows: [name: string, held: unknown, sayings: Saying[], state?: string, basis?: string][] = [
    ['all say so', 'A', [saying('A'), saying('a!')]],
    ['an editor prefers one', 'A', [saying('A', { rank: 'preferred' }), saying('B')], 'open', 'preferred'],
    [
      'both are preferred',
      'A',
      [saying('A', { rank: 'preferred' }), saying('B', { rank: 'preferred' })],
      'open',
      'undecided',
    ],
    [
      'the other is known to be wrong',
      'A',
      [saying('A'), saying('B', { rank: 'deprecated' })],
      'settled',
      'others_deprecated',
    ],
    ['the newest says so', 'A', [saying('A', late), saying('B', old)], 'open', 'newest'],
    ['more publishers say so', 'A', [saying('A'), saying('A'), saying('B')], 'open', 'most_publishers'],
    [
      'one publisher twice is one',
      'A',
      [saying('A', { voice: 'x' }), saying('A', { voice: 'x' }), saying('B')],
      'open',
      'undecided',
    ],
    ['nobody says so', 'A', [saying('B')], 'open', 'no_source'],
    ['a retracted source is no voice', 'A', [saying('A'), saying('B', { retracted: true })]],
  ];
  for (const [name, held, sayings, state, basis] of rows) {
    const dispute = disputeOf(field('title'), held, sayings);
    t.same([dispute?.state, dispute?.basis], [state, basis], name);
  }
  const days = disputeOf(field('introduced_on'), '2024-11', [saying('2024-11-19'), saying('2024-11-20')]);
  t.match(
    days,
    { state: 'open', values: [{ agrees: true }, { agrees: true }] },
    'two days of the month held differ',
  );
});

t.test('sources differ from each other whichever of them was cited first', async (t) => {
  const rows: [name: string, held: unknown, values: unknown[], groups: number | undefined][] = [
    ['introduced_on', '2024-11', ['2024-11', '2024-11-12', '2024-11-13'], 3],
    ['introduced_on', '2024-11', ['2024-11', '2024-11-12'], undefined],
    ['topics', ['a', 'b'], [['a'], ['b']], undefined],
    ['topics', ['a', 'b'], [['a'], ['b', 'a']], undefined],
    ['topics', ['a', 'b'], ['a', 'b'], undefined],
    ['topics', ['a', 'b'], [['a'], ['b', 'c'], ['c', 'b']], 2],
  ];
  for (const [name, held, values, groups] of rows)
    for (const order of [values, values.toReversed(), [...values.slice(1), values[0]]]) {
      const dispute = disputeOf(
        field(name),
        held,
        order.map((value) => saying(value)),
      );
      t.equal(dispute?.values.length, groups, `${name}: ${JSON.stringify(order)}`);
    }
});

const sayings = fc.array(
  fc.record({
    value: fc.constantFrom('A', 'B', 'C', null),
    rank: fc.constantFrom('preferred', 'normal', 'deprecated'),
    published_on: fc.constantFrom(null, '2024', '2024-01', '2024-01-02', '2024-02'),
    voice: fc.constantFrom('x', 'y', 'z'),
    retracted: fc.boolean(),
  }),
  { maxLength: 6 },
);

t.test('the order of citations never matters', async () => {
  fc.assert(
    fc.property(sayings, fc.constantFrom('title', 'status'), (given, name) => {
      const all = given.map((one, at) => ({
        ...one,
        citation_id: `c${at}`,
        source_id: `s${at}`,
      })) as Saying[];
      const there = disputeOf(field(name), 'A', all);
      const back = disputeOf(field(name), 'A', [...all].reverse());
      const states = [all, [...all].reverse()].map((some) => stateOf(judge(field(name), 'A', some)));
      return JSON.stringify(there) === JSON.stringify(back) && states[0] === states[1];
    }),
  );
});

t.test('neither does their age', async () => {
  const values = fc.array(fc.constantFrom('2024', '2024-11', '2024-11-12', '2024-11-13'), { maxLength: 5 });
  fc.assert(
    fc.property(values, fc.constantFrom('2024', '2024-11'), (given, held) => {
      const [there, back] = [given, given.toReversed()].map((order) =>
        disputeOf(
          field('introduced_on'),
          held,
          order.map((value) => saying(value)),
        ),
      );
      const sorted = (dispute: typeof there) => dispute?.values.map(({ value }) => value).sort();
      return there?.state === back?.state && JSON.stringify(sorted(there)) === JSON.stringify(sorted(back));
    }),
  );
});
