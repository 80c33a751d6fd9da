import fc from 'fast-check';
import t from 'tap';
import { clashingSpeakers, type Speaker } from '../../src/features/speakers.ts';

const nobody: Speaker = { names: [], family_name: null, titles: [] };
const homan: Speaker = {
  names: ['Tom Homan', 'Tim Homan'],
  family_name: 'Homan',
  titles: ['Designated border czar'],
};
const bass: Speaker = {
  names: ['Karen Bass'],
  family_name: 'Bass',
  titles: ['Mayor of Los Angeles', 'Hon.'],
};
const board: Speaker = { names: ['LAUSD Board of Education', 'LAUSD'], family_name: null, titles: [] };

const together: readonly (readonly [name: string, printed: readonly string[], speaker: Speaker])[] = [
  ['nobody is named', [], homan],
  ['a full name and a family name', ['Tom Homan', 'Homan'], homan],
  ['a misprint among the other names', ['Tim Homan', 'Tom Homan'], homan],
  ['a misprint and the family name', ['Tim Homan', 'Homan'], homan],
  ['titles before the name', ['Mayor Karen Bass', 'Karen Bass', 'Los Angeles Mayor Karen Bass'], bass],
  ['titles before the family name', ['Mayor Bass', 'Ms. Bass', 'Karen Bass', 'Hon. Bass'], bass],
  ['the role before the family name', ['Border czar Homan', 'Tom Homan'], homan],
  ['an initial', ['K. Bass', 'Karen Bass'], bass],
  ['a middle name', ['Karen Ruth Bass', 'Karen R. Bass', 'Bass'], bass],
  ['what follows a comma', ['Homan, the border czar', 'Tom Homan'], homan],
  ['capitals', ['TOM HOMAN', 'Tom Homan'], homan],
  ['a role without a name', ['The mayor', 'Mayor', 'Mayor of Los Angeles', 'Karen Bass'], bass],
  ['a pronoun', ['he', 'He', 'Tom Homan'], homan],
  ['a description', ['A resolution', 'LAUSD', 'the board', 'officials'], board],
  ['an accent', ['José Huizar', 'Jose Huizar'], nobody],
  ['an unknown name and its family name', ['Jane Doe', 'Doe', 'Ms. Doe'], nobody],
  ['one name that is not the speaker’s, in all reports', ['Jane Doe', 'Doe'], homan],
];

const apart: readonly (readonly [name: string, printed: readonly string[], speaker: Speaker])[] = [
  ['two people', ['Jane Doe', 'Tom Homan'], homan],
  ['two people, neither known', ['Jane Doe', 'Richard Roe'], nobody],
  ['a namesake', ['Ivanka Homan', 'Tom Homan'], homan],
  ['a namesake beside the family name', ['Ivanka Homan', 'Homan'], homan],
  [
    'a namesake where the family name is an other name',
    ['Bob Homan', 'Tom Homan'],
    {
      ...homan,
      names: ['Tom Homan', 'Homan'],
    },
  ],
  ['a misprint nobody has noted', ['Tim Homan', 'Tom Homan'], nobody],
  ['another initial', ['J. Bass', 'Karen Bass'], bass],
  ['two bodies', ['LAUSD', 'Los Angeles City Council'], board],
  [
    'a person and what is named after him',
    ['Trump', 'Trump Organization'],
    {
      names: ['Donald Trump'],
      family_name: 'Trump',
      titles: [],
    },
  ],
];

t.test('names of one speaker do not clash', async (t) => {
  for (const [name, printed, speaker] of together) t.same(clashingSpeakers(printed, speaker), [], name);
});

t.test('names of different speakers clash, and are told', async (t) => {
  for (const [name, printed, speaker] of apart)
    t.same(clashingSpeakers(printed, speaker), [...printed].sort(), name);
});

t.test('descriptions are not told among the names that clash', async (t) => {
  t.same(clashingSpeakers(['Jane Doe', 'he', 'Tom Homan', 'A resolution'], homan), ['Jane Doe', 'Tom Homan']);
});

t.test('the order of the names and repeats never matter', async (t) => {
  const name = fc.constantFrom(
    'Tom Homan',
    'Homan',
    'Tim Homan',
    'T. Homan',
    'Jane Doe',
    'Doe',
    'he',
    '',
    '…',
    'Mayor',
  );
  const names = fc.array(name, { maxLength: 5 });
  const shuffled = names.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.constantFrom(homan, nobody), ([a, b], speaker) => {
      const found = clashingSpeakers(a, speaker).join();
      return (
        found === clashingSpeakers(b, speaker).join() &&
        found === clashingSpeakers([...a, ...a], speaker).join()
      );
    }),
  );
  t.pass('on random lists');
});
