/** Officials as far as telling them apart needs: their names in words, and the keys under which alike names meet. */
import type { Database } from '../../db/database.ts';
import { kindNamed } from '../../model/kinds.ts';
import { type Known, nameWords } from '../suggest/names.ts';
import { wholeGivenName } from './nicknames.ts';
import { allOf } from './walk.ts';

/** An official whose name has a given and a family name at least. */
export interface Person extends Known {
  readonly kind: 'official';
  readonly birth_date: string | null;
  readonly death_date: string | null;
  readonly created_at: string;
  /** The words of the name, without what stands around it (Dr., Jr.). */
  readonly words: readonly string[];
}

/** What stands around a name. */
const AROUND = new Set('dr mr mrs ms hon rev prof sir dame jr sr ii iii iv esq md phd'.split(' '));

/** The words of a name in the order they are spoken: `Ruiz, Ana` is Ana Ruiz. */
export function spokenWords(name: string): string[] {
  const [last = '', first] = name.split(',').map(nameWords);
  const words = first && !first.every((word) => AROUND.has(word)) ? [...first, ...last] : nameWords(name);
  const bare = words.filter((word) => !AROUND.has(word));
  return bare.length > 1 ? bare : words;
}

const FIELDS = [
  'id',
  'slug',
  'name',
  'family_name',
  'other_names',
  'birth_date',
  'death_date',
  'created_at',
] as const;

/** What tells fathers from sons, and those of one name from each other. */
const GENERATION = /[\s,](jr|sr|ii|iii|iv)\.?$/i;

/** The generation that a name ends in, as `jr`; undefined where it tells none. */
export function generationOf(name: string): string | undefined {
  return GENERATION.exec(name.trim())?.[1]?.toLowerCase();
}

/** All live officials whose names have two words at least. */
export async function* allPeople(db: Database): AsyncGenerator<Person> {
  for await (const row of allOf<Person>(db, kindNamed('official'), FIELDS)) {
    const words = spokenWords(row.name);
    if (words.length > 1) yield { ...row, kind: 'official', words };
  }
}

/** A name by its two ends. */
export interface Ends {
  readonly given: string;
  readonly family: string;
}

/** The ends of a name; of a family name of several words the last. */
export function endsOf(words: readonly string[]): Ends {
  return { given: words[0] as string, family: words.at(-1) as string };
}

/** The ends of all names of an official that have two, the own first. */
export function allEnds({ words, other_names }: Person): Ends[] {
  const others = other_names.map(({ name }) => spokenWords(name)).filter(({ length }) => length > 1);
  return [words, ...others].map(endsOf);
}

/** The key under which names with one family name meet: it, and how the whole given name begins. */
export function familyKey({ given, family }: Ends): string {
  return `${family} ${wholeGivenName(given).slice(0, 1)}`;
}

/** The key under which names meet whose family names may be misspelt: the given name, and how the family name begins. */
export function givenKey({ given, family }: Ends): string {
  return `${given} ${family.slice(0, 1)}`;
}
