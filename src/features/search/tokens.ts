/** What a record is found by: its words, where they stand, and marks of what it is and belongs to. */
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kinds } from '../../model/kinds.ts';
import { wordsIn } from './words.ts';

/** Characters of one field whose words are found; only texts of versions can be longer. */
export const SEARCHED_LENGTH = 200_000;

/** Sorts that pairs of neighbouring words are put into; a document is looked at before it counts as having a phrase. */
const PAIR_SORTS = 4096;

/** Kinds whose words are searched. */
export const searchedKinds: readonly Kind[] = kinds.filter(({ searched }) => searched);

/** The token of a word in what a record is called by. No word begins with any of these signs. */
export const namedToken = (word: string) => `^${word}`;
/** Tokens to read: as they are, and all that begin with a text. */
export interface Tokens {
  readonly exact: readonly string[];
  readonly prefixes: readonly string[];
}
/** What stands for all tokens that begin with a text. */
export const prefixed = (beginning: string) => `${beginning}*`;

/** The token of a mark: `jurisdiction` and an id, `status` and a word. */
export const markToken = (mark: string) => `@${mark}`;

/** The mark of a kind of record; some kinds have a coded field `kind` of their own. */
export const kindMark = (name: string) => `record_kind=${name}`;

/** The token of two words side by side, which it shares with other pairs. */
export function pairToken(left: string, right: string): string {
  let hash = stirred(Math.imul(stirred(0x811c9dc5, left) ^ SPACE, PRIME), right);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return PAIR_TOKENS[((hash ^ (hash >>> 13)) >>> 0) % PAIR_SORTS] as string;
}

const PRIME = 0x01000193;
const SPACE = 0x20;
const PAIR_TOKENS = Array.from({ length: PAIR_SORTS }, (_, sort) => `_${sort}`);

/** A hash with the characters of a word stirred in (FNV-1a). */
function stirred(hash: number, word: string): number {
  let stirring = hash;
  for (let at = 0; at < word.length; at += 1) {
    const letter = word.codePointAt(at) as number;
    // One beyond the basic plane stands in two places.
    if (letter > 0xffff) at += 1;
    stirring = Math.imul(stirring ^ letter, PRIME);
  }
  return stirring;
}

/** The texts of a searched field: one, or those of all items of a list; the beginning of each. */
export function textsOf(record: Readonly<Record<string, unknown>>, path: string): string[] {
  const beginning = (one: unknown) => (typeof one === 'string' ? [one.slice(0, SEARCHED_LENGTH)] : []);
  if (!path.includes('.')) return beginning(record[path]);
  const [name, inner] = path.split('.') as [string, string];
  return ((record[name] ?? []) as Record<string, unknown>[]).flatMap((item) => beginning(item[inner]));
}

/** Every token of a record's words; those of its marks are kept beside them. */
export function wordTokens({ searched }: Kind, record: PublicRecord): Set<string> {
  const tokens = new Set<string>();
  const add = (paths: readonly string[], named: boolean) => {
    for (const text of paths.flatMap((path) => textsOf(record, path))) {
      let before: string | undefined;
      for (const { word } of wordsIn(text)) {
        tokens.add(word);
        if (named) tokens.add(namedToken(word));
        if (before !== undefined) tokens.add(pairToken(before, word));
        before = word;
      }
    }
  };
  add(searched?.names ?? [], true);
  add(searched?.texts ?? [], false);
  return tokens;
}

/** The coded fields of a kind by which hits are narrowed and counted. */
export function codedFields(kind: Kind): string[] {
  return Object.keys(kind.fields).filter((name) => {
    const { filter, storage } = kind.fields[name] as Kind['fields'][string];
    return filter === 'word' && storage === 'text';
  });
}
