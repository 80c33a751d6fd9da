/** Comparing quotations: normalised for comparing, never for storing. */

/** Marks that stand for words left out; they split a quotation into ordered pieces. */
const ELLIPSIS = /\s*(?:\[\s*)?(?:…|\.(?:\s?\.){2,})(?:\s*\])?\s*/u;

/** The words of a text, case, quote marks, dashes, white space and punctuation aside. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    // Apostrophes join the letters around them: “we’re” is one word however it is typed.
    .replace(/[’‘ʼ'`´]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? [] : plain.split(' ');
}

/** The words of each piece of a quotation, in order. */
export function piecesOf(text: string): string[][] {
  return text
    .split(new RegExp(ELLIPSIS, 'gu'))
    .map(wordsOf)
    .filter((piece) => piece.length > 0);
}

/** Share of words two wordings have in common, in order: twice the longest common run of words over all words, 0 to 1. */
export function similarity(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.length + right.length === 0) return 1;
  return (2 * commonWords(left, right)) / (left.length + right.length);
}

/** Length of the longest common subsequence of words. */
function commonWords(a: readonly string[], b: readonly string[]): number {
  let previous = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    const current = [0];
    for (const [at, other] of b.entries()) {
      current.push(
        word === other
          ? (previous[at] as number) + 1
          : Math.max(previous[at + 1] as number, current[at] as number),
      );
    }
    previous = current;
  }
  return previous[b.length] as number;
}

/** Whether two wordings are the same once normalised. */
export function sameWording(a: string, b: string): boolean {
  return wordsOf(a).join(' ') === wordsOf(b).join(' ');
}

/** Whether one wording holds all pieces of the other, in order. */
export function contains(whole: string, part: string): boolean {
  let rest = ` ${wordsOf(whole).join(' ')} `;
  for (const piece of piecesOf(part)) {
    const text = ` ${piece.join(' ')} `;
    const at = rest.indexOf(text);
    if (at < 0) return false;
    // The last space stays: it is also the one before the next piece.
    rest = rest.slice(at + text.length - 1);
  }
  return true;
}
