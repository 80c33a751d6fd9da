/** A text taken apart into words, sentences and paragraphs; offsets are UTF-16 units until a selector is made. */
import { type CodePoints, codePointsOf } from '../code-points.ts';
import type { Quotation } from './quotations.ts';

/** A word as it stands; what is possessive ends before its ’s. */
export interface Word {
  readonly text: string;
  readonly lower: string;
  readonly start: number;
  readonly end: number;
  readonly capital: boolean;
  readonly possessive: boolean;
  /** Index of the quotation mark pair it stands in, or -1. */
  readonly quoted: number;
  /** Number of its sentence; words in quotation marks have that of the sentence around them. */
  readonly sentence: number;
}

/** A W3C text anchor, offsets in code points. */
export interface Anchor {
  readonly exact: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly start: number;
  readonly end: number;
}

export interface Passage {
  readonly text: string;
  readonly points: CodePoints;
  readonly words: readonly Word[];
  /** Index of the first word of each sentence. */
  readonly sentences: readonly number[];
}

/** Initials with stops, or letters and digits, joined inside by a hyphen, an apostrophe or an ampersand. */
const WORD = /(?:\p{Lu}\.){2,}|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-‐‑'’&][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;
/** Words whose full stop ends no sentence. */
const ABBREVIATED = new Set(
  `mr mrs ms dr prof gov sen rep reps sens hon rev gen lt col sgt capt st no nos sec art inc corp co jr sr vs dept
  jan feb mar apr jun jul aug sept sep oct nov dec int res ord prop pub`.split(/\s+/),
);

/** Takes a text apart; `quotations` are the pairs of quotation marks in it, in order. */
export function passageOf(text: string, quotations: readonly Quotation[]): Passage {
  const pieces = quotations
    .flatMap(({ pieces }, quoted) => pieces.map((piece) => ({ ...piece, quoted })))
    .sort((a, b) => a.start - b.start);
  const words: Word[] = [];
  const sentences: number[] = [];
  let at = 0;
  /** End of what was read last outside quotation marks, and whether a quotation has ended a sentence since. */
  let last: Word | undefined;
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    while (at < pieces.length && (pieces[at] as { end: number }).end <= start) at += 1;
    const piece = pieces[at];
    const quoted = piece && piece.start <= start ? piece.quoted : -1;
    const possessive = /['’]s$/u.test(match[0]);
    const shown = possessive ? match[0].slice(0, -2) : match[0];
    const plain = { text: shown, lower: shown.toLowerCase(), start, end: start + shown.length, possessive };
    const capital = /^\p{Lu}/u.test(shown);
    const before = words.at(-1);
    // A sentence that is quoted ends nothing of the sentence around it.
    const inside = quoted >= 0 && before?.quoted === quoted;
    if (before === undefined || (!inside && endsSentence(text, before, last, plain.start, capital)))
      sentences.push(words.length);
    const word: Word = { ...plain, capital, quoted, sentence: sentences.length - 1 };
    words.push(word);
    last = word;
  }
  return { text, points: codePointsOf(text), words, sentences };
}

/** Longest gap between words that is looked at: signs without letters are no prose. */
const GAP = 40;

function endsSentence(
  text: string,
  before: Word,
  last: Word | undefined,
  next: number,
  capital: boolean,
): boolean {
  const gap = text.slice(before.end, Math.min(next, before.end + GAP));
  if (/[\n\r\u2028\u2029]/.test(gap) || next - before.end >= GAP) return true;
  const stop = /[.!?…]/.exec(gap);
  if (stop === null) return false;
  // A small letter after a full stop begins no sentence: the stop is astray, or belongs to what is quoted.
  if (!capital && !/\d/.test(text[next] ?? '')) return false;
  const abbreviated = ABBREVIATED.has(before.lower) || /^\p{Lu}$/u.test(before.text);
  return !(stop[0] === '.' && gap.startsWith('.') && abbreviated && last === before && before.quoted < 0);
}

/** Code points of the text around an anchor that are kept with it. */
const AROUND = 32;

/** The anchor of a stretch of the text. */
export function anchorOf({ text, points }: Passage, start: number, end: number): Anchor {
  const [from, to] = [points.ofUnit(start), points.ofUnit(end)];
  const before = points.toUnit(Math.max(0, from - AROUND));
  const after = points.toUnit(Math.min(points.length, to + AROUND));
  return {
    exact: text.slice(start, end),
    prefix: text.slice(before, start),
    suffix: text.slice(end, after),
    start: from,
    end: to,
  };
}

/** Index of the first word that begins at or after an offset. */
export function wordAt(words: readonly Word[], offset: number): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as Word).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What stands between two neighbouring words. */
export function between({ text, words }: Passage, first: number): string {
  const [one, other] = [words[first], words[first + 1]];
  if (one === undefined || other === undefined) return '';
  return text.slice(one.end + (one.possessive ? 2 : 0), other.start);
}
