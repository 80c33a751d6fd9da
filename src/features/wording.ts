/** Comparing quotations: normalised for comparing, never for storing. */

/** Marks that stand for words left out; they split a quotation into ordered pieces. */
const ELLIPSIS = /…|\.(?:\s?\.){2,}/u;
/** Every way an apostrophe is typed; NFKC pulls some of them apart, and ŉ into one and its letter. */
const APOSTROPHES = /[’‘‛ʼʹ′＇'`´]/gu;
/** Characters without width: soft hyphens, joiners, byte order marks. */
const INVISIBLE = /[\u00AD\u200B-\u200D\u2060\uFEFF]/gu;

/** The words of a text, case, quote marks, dashes, white space and punctuation aside. */
export function wordsOf(text: string): string[] {
  const plain = folded(text)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? [] : plain.split(' ');
}

function folded(text: string): string {
  return (
    text
      .replace(INVISIBLE, '')
      // Apostrophes join the letters around them: “we’re” is one word however it is typed.
      .replace(APOSTROPHES, '')
      .normalize('NFKC')
      // Down, up and down again, as ß, ẞ and SS are the same letters, and so are ς and Σ.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKC')
      .replace(APOSTROPHES, '')
  );
}

/** The words of each piece of a quotation, in order. */
export function piecesOf(text: string): string[][] {
  return text
    .split(ELLIPSIS)
    .map(wordsOf)
    .filter((piece) => piece.length > 0);
}

/** Share of words two wordings have in common, in order: twice the longest common run of words over all words, 0 to 1. */
export function similarity(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.length + right.length === 0) return sameWording(a, b) ? 1 : 0;
  return (2 * commonWords(left, right)) / (left.length + right.length);
}

/**
 * Length of the longest common subsequence of words. One bit stands for each word of `a`, so that two long texts
 * take milliseconds where the table of the textbook takes seconds (Hyyrö, 2004).
 */
function commonWords(a: readonly string[], b: readonly string[]): number {
  const places = new Map<string, bigint>();
  for (const [at, word] of a.entries()) places.set(word, (places.get(word) ?? 0n) | (1n << BigInt(at)));
  const all = (1n << BigInt(a.length)) - 1n;
  let unmatched = all;
  for (const word of b) {
    const hits = unmatched & (places.get(word) ?? 0n);
    unmatched = ((unmatched + hits) | (unmatched - hits)) & all;
  }
  return a.length - unmatched.toString(2).replaceAll('0', '').length;
}

/** Whether two wordings are the same once normalised: the same words, with words left out at the same places. */
export function sameWording(a: string, b: string): boolean {
  return wordingKey(a) === wordingKey(b);
}

/** A text that is the same for all wordings that are the same once normalised, and only for those. */
export function wordingKey(text: string): string {
  // Without a word (a lone emoji) the signs themselves are the wording; no word holds the mark before them.
  return marked(text) || `… ${folded(text).trim()}`;
}

/** Whether one wording holds all pieces of the other, in order. */
export function contains(whole: string, part: string): boolean {
  const pieces = piecesOf(part);
  if (pieces.length === 0) return sameWording(whole, part);
  let rest = ` ${marked(whole)} `;
  for (const piece of pieces) {
    const text = ` ${piece.join(' ')} `;
    const at = rest.indexOf(text);
    if (at < 0) return false;
    // The last space stays: it is also the one before the next piece.
    rest = rest.slice(at + text.length - 1);
  }
  return true;
}

/** The words as one text, with a mark where words are left out; no word is that mark. */
function marked(text: string): string {
  return piecesOf(text)
    .map((piece) => piece.join(' '))
    .join(' … ');
}
