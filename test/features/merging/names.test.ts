/** Which names may be one person's, and which officials meet at all. */
import t from 'tap';
import { Blocks, MOST_TOGETHER, type Pair, type TooMany } from '../../../src/features/merging/blocks.ts';
import { NAME_POINTS, namesAlike } from '../../../src/features/merging/names-alike.ts';
import { spokenWords } from '../../../src/features/merging/people.ts';
import { called } from './people.ts';

const spoken: readonly (readonly [name: string, words: string])[] = [
  ['Ana Ruiz', 'ana ruiz'],
  ['Ruiz, Ana', 'ana ruiz'],
  ['Ruiz, Ana M.', 'ana m ruiz'],
  ['Dr. Ana Ruiz, Jr.', 'ana ruiz'],
  ['Ana Ruiz, MD', 'ana ruiz'],
  ['ANA RUÍZ III', 'ana ruiz'],
  ['Ana de la Cruz', 'ana de la cruz'],
  ['Madonna', 'madonna'],
];
t.test('a name is its words as they are spoken', async (t) => {
  for (const [name, words] of spoken) t.equal(spokenWords(name).join(' '), words, name);
});

const {
  same_name: same,
  other_name: other,
  name_within: within,
  given_name_form: form,
  misprint,
} = NAME_POINTS;
const alike: readonly (readonly [a: string, b: string, points: number | undefined])[] = [
  ['Ana Ruiz', 'Ana Ruiz', same],
  ['Ana Ruiz', 'RUÍZ, Ana', same],
  ['Ana Ruiz', 'Dr. Ana Ruiz Jr.', same],
  ['Ana Ruiz', 'Ana M. Ruiz', within],
  ['Ana Maria Ruiz', 'A. M. Ruiz', within],
  ['Ana Ruiz', 'A. Ruiz', within],
  ['Kim Lake', 'Kimberly Lake', form],
  ['Bill Lake', 'William Lake', form],
  ['Bob Lake', 'Rob Lake', form],
  ['Mike A. Lake', 'Michael Adam Lake', form],
  ['Mike A. Lake', 'Michael B. Lake', undefined],
  ['Jackie Goldberg', 'Jackie Goldburg', misprint],
  ['Jackie Goldberg', 'Judith Goldberg', undefined],
  ['Ana Ruiz', 'Ana Lopez', undefined],
  ['Ana Ruiz', 'Bo Ruiz', undefined],
  ['Al Ruiz', 'Alan Ruiz', undefined],
];
t.test('names are alike as far as the rules say, whichever comes first', async (t) => {
  for (const [a, b, points] of alike) {
    t.equal(namesAlike(called(a), called(b))?.points, points, `${a}, ${b}`);
    t.equal(namesAlike(called(b), called(a))?.points, points, `${b}, ${a}`);
  }
});

t.test('another name counts where it is whole: initials are anybody’s', async (t) => {
  const office = called('The Advocate (Ms. Ruiz)', { other_names: [{ name: 'Ana Ruiz', note: null }] });
  t.equal(namesAlike(office, called('Ana Ruiz'))?.points, other);
  const short = { other_names: [{ name: 'Ruiz, A.', note: null }] };
  t.equal(namesAlike(called('Ana Ruiz', short), called('Amy Ruiz', short)), undefined);
});

/** The pairs of some names, and the keys that too many share. */
function paired(...names: readonly string[]): { readonly pairs: Pair[]; readonly tooMany: TooMany[] } {
  const blocks = new Blocks();
  for (const name of names) blocks.add(called(name));
  const tooMany: TooMany[] = [];
  return { pairs: [...blocks.pairs((one) => tooMany.push(one))], tooMany };
}

t.test('every pair with names alike is met once', async (t) => {
  const { pairs } = paired(
    'Ana Ruiz',
    'Bill Lake',
    'Ana M. Ruiz',
    'William Lake',
    'Jo Goldberg',
    'Jo Goldburg',
    'Bo Ruiz',
  );
  t.same(pairs.map(({ a, b }) => [a.name, b.name]).sort(), [
    ['Ana Ruiz', 'Ana M. Ruiz'],
    ['Bill Lake', 'William Lake'],
    ['Jo Goldberg', 'Jo Goldburg'],
  ]);
});

t.test('of names that too many share it is told that they are not compared', async (t) => {
  const { pairs, tooMany } = paired(...Array.from({ length: MOST_TOGETHER + 1 }, () => 'Ana Ruiz'));
  t.equal(pairs.length, 0);
  t.same(tooMany, [
    { key: 'ana r', count: MOST_TOGETHER + 1 },
    { key: 'ruiz a', count: MOST_TOGETHER + 1 },
  ]);
});
