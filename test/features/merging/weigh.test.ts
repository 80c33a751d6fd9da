/** What speaks for and against two of one name being one person. */
import t from 'tap';
import type { Facts, Office } from '../../../src/features/merging/facts.ts';
import type { Person } from '../../../src/features/merging/people.ts';
import { POINTS, reasonsOf, scoreOf } from '../../../src/features/merging/weigh.ts';
import { called, office } from './people.ts';

interface Side extends Partial<Pick<Person, 'name' | 'birth_date' | 'death_date'>> {
  readonly offices?: readonly Office[];
  readonly identifiers?: readonly string[];
}

const few = { people: 2, given: new Map(), family: new Map() };

/** The rules that fire for two of one name, but for the name itself. */
function rules(one: Side, two: Side): string[] {
  const facts = ({ offices = [], identifiers = [] }: Side): Facts => ({
    offices: [...offices],
    identifiers: [...identifiers],
  });
  const [a, b] = [called('Ana Ruiz', one), called('Ana Ruiz', two)];
  const name = { rule: 'same_name', points: 0.6, why: 'the same name' };
  const reasons = reasonsOf({ a, b, name }, (person) => facts(person === a ? one : two), few);
  return reasons.slice(1).map(({ rule, points }) => {
    t.equal(points, POINTS[rule as keyof typeof POINTS]);
    return rule;
  });
}

const CITY = '/state:ca/place:lake';
const STATE = '/state:ca';
const offices = (...held: readonly Office[]): Side => ({ offices: held });

const rows: readonly (readonly [why: string, one: Side, two: Side, fired: readonly string[]])[] = [
  ['nothing is known', {}, {}, []],
  [
    'one office at one time',
    offices(office('Mayor', CITY, '2001-2005')),
    offices(office('mayor', CITY)),
    ['same_office'],
  ],
  [
    'one office in turn',
    offices(office('Mayor', CITY, '2001-2005')),
    offices(office('Mayor', CITY, '2006')),
    ['same_place'],
  ],
  ['offices of one place', offices(office('Mayor', CITY)), offices(office('Clerk', CITY)), ['same_place']],
  [
    'a city and its state',
    offices(office('Mayor', CITY)),
    offices(office('Senator', STATE)),
    ['place_within'],
  ],
  ['a city and the nation', offices(office('Mayor', CITY)), offices(office('President', '')), []],
  [
    'two states',
    offices(office('Mayor', CITY)),
    offices(office('Mayor', '/state:ny')),
    ['no_place_in_common'],
  ],
  [
    // A place whose id begins with the other’s does not lie in it.
    'two cities with names alike',
    offices(office('Mayor', CITY)),
    offices(office('Mayor', `${CITY}wood`)),
    ['no_place_in_common'],
  ],
  [
    'two states at once',
    offices(office('Mayor', CITY, '2001-2009')),
    offices(office('Mayor', '/state:ny', '2003-2007')),
    ['no_place_in_common', 'at_once_elsewhere'],
  ],
  [
    'two states within weeks',
    offices(office('Mayor', CITY, '2001-2005')),
    offices(office('Mayor', '/state:ny', '2005-2009')),
    ['no_place_in_common'],
  ],
  [
    'two seats of one chamber at once',
    offices(office('Senator', STATE, '2001-2009', { seat: '4' })),
    offices(office('Senator', STATE, '2001-2009', { seat: '7' })),
    ['same_place', 'seats_at_once'],
  ],
  [
    'two seats of one chamber in turn',
    offices(office('Senator', STATE, '2001-2005', { seat: '4' })),
    offices(office('Senator', STATE, '2005-2009', { seat: '7' })),
    ['same_place'],
  ],
  [
    'an office that ended at a time nobody knows',
    offices(office('Mayor', CITY, '2001', { standing: 'former' })),
    offices(office('Mayor', '/state:ny', '2003-2009')),
    ['no_place_in_common'],
  ],
  [
    'one party of several',
    offices(office('Mayor', CITY, '', { party: 'Green/Labor' })),
    offices(office('Mayor', CITY, '', { party: 'Labor' })),
    ['same_office', 'same_party'],
  ],
  [
    'two parties',
    offices(office('Mayor', CITY, '', { party: 'Green' })),
    offices(office('Mayor', CITY, '', { party: 'Labor' })),
    ['same_office', 'other_party'],
  ],
  ['two generations', { name: 'Ana Ruiz, Jr.' }, { name: 'Ana Ruiz Sr' }, ['other_generation']],
  ['one generation', { name: 'Ana Ruiz III' }, {}, ['one_generation']],
  ['the same generation', { name: 'Ana Ruiz, Jr.' }, { name: 'Ana Ruiz jr' }, []],
  ['one birth date', { birth_date: '1970-05-01' }, { birth_date: '1970-05-01' }, ['same_birth']],
  ['one year of birth', { birth_date: '1970' }, { birth_date: '1970-05-01' }, []],
  ['two birth dates', { birth_date: '1970' }, { birth_date: '1971-05-01' }, ['other_birth']],
  [
    'an office after death',
    { death_date: '2000-06' },
    offices(office('Mayor', CITY, '2001')),
    ['died_before'],
  ],
  ['an office before death', { death_date: '2001-06' }, offices(office('Mayor', CITY, '2001')), []],
  [
    'one name in two systems',
    { identifiers: ['ocd-person:ocd-person/1', 'x:1'] },
    { identifiers: ['openstates:ocd-person/1', 'y:1'] },
    ['same_identifier'],
  ],
  [
    'two people of Wikidata',
    { identifiers: ['wikidata:Q1'] },
    { identifiers: ['wikidata:Q2'] },
    ['other_identifier'],
  ],
  [
    'one name in words',
    { identifiers: ['wikipedia:Ana Ruiz'] },
    { identifiers: ['ballotpedia:Ana Ruiz'] },
    [],
  ],
  ['two rows of one system', { identifiers: ['legacy:A1'] }, { identifiers: ['legacy:A2'] }, []],
];
t.test('each fact counts as the rules say, whichever comes first', async (t) => {
  for (const [why, one, two, fired] of rows) {
    t.same(rules(one, two), fired, why);
    t.same(rules(two, one), fired, `${why}, the other way round`);
  }
});

t.test('a name is rare or common by how often chance would give it', async (t) => {
  const [a, b] = [called('Ana Ruiz'), called('Ana Ruiz')];
  const name = { rule: 'same_name', points: 0.6, why: 'the same name' };
  const nothing: Facts = { offices: [], identifiers: [] };
  const told = (people: number, given: number, family: number) =>
    reasonsOf({ a, b, name }, () => nothing, {
      people,
      given: new Map([['ana', given]]),
      family: new Map([['ruiz', family]]),
    })
      .slice(1)
      .map(({ why }) => why);
  t.same(told(1000, 20, 2), ['a rare name']);
  t.same(told(1000, 102, 4), []);
  t.same(told(1000, 102, 7), ['a common name']);
  t.same(told(99, 90, 90), [], 'too few to tell');
});

t.test('a score lies between 0 and 1', async (t) => {
  const points = (...all: number[]) => scoreOf(all.map((of) => ({ rule: '', points: of, why: '' })));
  t.same([points(0.6, -0.9), points(0.6, 0.1), points(0.6, 0.35, 0.3)], [0, 0.7, 1]);
});
