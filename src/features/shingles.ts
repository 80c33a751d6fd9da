/**
 * Runs of words as numbers, by which wordings are looked up. A shingle is made of three words in a row, the first in
 * its highest bits, so that in an index sorted by shingles all wordings with one word, with two in a row, or with
 * three are each one range. One row a word then serves all three, and which of the three is rare enough to be
 * useful is seen when asking, not when writing.
 */
import { piecesOf } from './wording.ts';

/** Bits of the first word, and of each of the two after it: 48 in all, which a number holds exactly. */
const FIRST = 20;
const NEXT = 14;
/** Letters of a word that count, so that most endings do not. */
const STEM = 5;

/** How many shingles begin with the same three, two or one words: the width of their range. */
export const WIDTHS = [1, 2 ** NEXT, 2 ** (2 * NEXT)] as const;

/** Scripts that put no space between words: each of their letters is taken for a word. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const PART = new RegExp(`${UNSPACED.source}\\p{M}*|(?:(?!${UNSPACED.source}).)+`, 'gu');

/** The words of each piece of a wording, normalised as for its agreement, in order. */
export function wordPieces(text: string): string[][] {
  return piecesOf(text).map((words) =>
    words.flatMap((word) => (UNSPACED.test(word) ? (word.match(PART) ?? []) : word)),
  );
}

/**
 * Every shingle of a wording, sorted: one for each word, with the two after it where they stand in the same piece,
 * and one for the whole, so that what is quoted as it was said is found however common its words are.
 */
export function shinglesOf(pieces: readonly (readonly string[])[]): number[] {
  if (pieces.length === 0) return [];
  const found = new Set([wholeShingle(pieces)]);
  for (const words of pieces) {
    const hashes = words.map(hashOf);
    for (const at of hashes.keys()) found.add(shingle(hashes, at, 3));
  }
  return [...found].sort((a, b) => a - b);
}

/** The shingle that only the same words in the same order have. */
export function wholeShingle(pieces: readonly (readonly string[])[]): number {
  let [high, low] = [0x9747b28c, 0x811c9dc5];
  for (const hash of pieces.flat().map(hashOf)) {
    high = mixed(Math.imul(high, 31) ^ hash);
    low = mixed(Math.imul(low, 37) ^ hash);
  }
  // Odd, as those that begin a range end in zeros.
  return (high >>> (32 - FIRST)) * 2 ** (2 * NEXT) + ((low >>> (32 - 2 * NEXT)) | 1);
}

/** The first shingles of the ranges that one, two and three words make from a place on; null beyond the piece’s end. */
export type Probe = readonly [one: number, two: number | null, three: number | null];

/**
 * What to look up for a quotation: its words, from `most` places at most. Of a longer one those places are taken
 * where the words have most letters, as long words are rare in any language.
 */
export function probesOf(pieces: readonly (readonly string[])[], most: number): Probe[] {
  const places = pieces.flatMap((words) => {
    const hashes = words.map(hashOf);
    return words.map((word, at) => ({ hashes, at, letters: word.length + (words[at + 1]?.length ?? 0) }));
  });
  const chosen = places.sort((a, b) => b.letters - a.letters).slice(0, most);
  return chosen.map(({ hashes, at }) => {
    const start = (count: number) => (at + count <= hashes.length ? shingle(hashes, at, count) : null);
    return [shingle(hashes, at, 1), start(2), start(3)];
  });
}

/** The lowest shingle that begins with `count` words from a place on; words that are not there count as 0. */
function shingle(hashes: readonly number[], at: number, count: number): number {
  const next = (after: number) => {
    const hash = after < count ? hashes[at + after] : undefined;
    return hash === undefined ? 0 : 1 + (hash % (2 ** NEXT - 1));
  };
  const first = (hashes[at] as number) >>> (32 - FIRST);
  return (first * 2 ** NEXT + next(1)) * 2 ** NEXT + next(2);
}

/** A well-mixed 32-bit hash of the beginning of a word: FNV-1a, then the last step of MurmurHash3. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  let letters = 0;
  for (const letter of word) {
    if (letters === STEM) break;
    letters += 1;
    hash = Math.imul(hash ^ (letter.codePointAt(0) as number), 0x01000193);
  }
  return mixed(hash);
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
