/**
 * How a quotation lies in a wording: which of its words stand there, near one another. Whole stretches are laid side
 * by side (Smith and Waterman's local alignment, over words), the best first and then what is left, so that words
 * may be replaced, left out or put in, pieces be joined and sentences change places.
 */

/** What a pair of words adds to a stretch, and what a word without a partner takes from it. */
const SAME = 8;
const ALIKE = 4;
const APART = -3;
/** A stretch counts from two words on: single ones are shared by any two texts. */
const STRETCH = 2 * SAME;
/** And a further one from three on. */
const FURTHER = 3 * SAME;
/** Stretches looked for at most. */
const STRETCHES = 8;
/** Letters that words have in common at least to be forms of one. */
const BEGINNING = 3;
/** Letters of a word that count towards how much it says. */
const LETTERS = 8;

/** A quotation as it is laid beside wordings. */
export interface Quotation {
  readonly words: readonly string[];
  /** What each word weighs. */
  readonly weights: readonly number[];
  readonly weight: number;
  /** Places of each word. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** Distinct words by their beginning. */
  readonly beginnings: ReadonlyMap<string, readonly string[]>;
  /** What was found of words of wordings so far: they come again and again. */
  readonly met: Map<string, Met | null>;
}

/** A word of a wording that stands in a quotation too. */
interface Met {
  /** What it is worth beside each word of the quotation. */
  readonly row: Int8Array;
  /** What the words that it can stand for weigh. */
  readonly weight: number;
}

/** How much of a quotation stands in a wording. */
export interface Alignment {
  /** Words of the quotation. */
  readonly words: number;
  /** How many of them stand in the wording as they are, and in another form (`stop`, `stopping`). */
  readonly same: number;
  readonly alike: number;
  /** Share of the quotation that stands in the wording, 0 to 1; long words weigh more, other forms half. */
  readonly ofQuotation: number;
  /** Share of the wording that the quotation has, 0 to 1. */
  readonly ofWording: number;
  /** Whether the shared words stand in the same order in both. */
  readonly inOrder: boolean;
  /** The shared stretches as the quotation has them, in its order. */
  readonly stretches: readonly string[];
}

/** How much a word says: its letters, up to eight. Rare words are long in any language, and no list of stop words is. */
function weightOf(word: string): number {
  return Math.min([...word].length, LETTERS);
}

/** Prepares a quotation for being laid beside many wordings. */
export function quotation(words: readonly string[]): Quotation {
  const places = new Map<string, number[]>();
  const beginnings = new Map<string, string[]>();
  for (const [at, word] of words.entries()) {
    const known = places.get(word);
    if (known) known.push(at);
    else {
      places.set(word, [at]);
      const beginning = word.slice(0, BEGINNING);
      beginnings.set(beginning, [...(beginnings.get(beginning) ?? []), word]);
    }
  }
  const weights = words.map(weightOf);
  return { words, weights, weight: sum(weights), places, beginnings, met: new Map() };
}

/**
 * Lays a quotation beside a wording; undefined when their words, in whatever order, do not reach the given share of
 * the quotation. Costs the product of their lengths, once for each stretch found and once more.
 */
export function align(quoted: Quotation, wording: readonly string[], share: number): Alignment | undefined {
  const { credits, reach } = creditsOf(quoted, wording);
  if (reach < share * quoted.weight) return undefined;
  const length = quoted.words.length;
  // Of one to three words there may be no two that are the same.
  const least = length < 4 ? Math.min(SAME * length, SAME + ALIKE) : STRETCH;
  const pairs: Pair[] = [];
  for (let round = 0; round < STRETCHES && pairs.length < length; round += 1) {
    const found = bestStretch(credits, length, round === 0 ? least : Math.max(least, FURTHER));
    if (found.length === 0) break;
    pairs.push(...found);
    // No word is shared twice.
    for (const { at } of found) credits[at] = undefined;
    const taken = new Set(found.map(({ of }) => of));
    for (const [at, row] of credits.entries())
      credits[at] = row?.map((credit, of) => (taken.has(of) ? 0 : credit));
  }
  return measured(quoted, wording, pairs);
}

interface Pair {
  /** Place in the quotation, and in the wording. */
  readonly of: number;
  readonly at: number;
  readonly credit: number;
}

/** For each word of a wording, what it is worth beside each word of the quotation; undefined beside none. */
type Credits = (Int8Array | undefined)[];

/** The credits of a wording, and what the words of the quotation that stand somewhere in it weigh at most. */
function creditsOf(quoted: Quotation, wording: readonly string[]): { credits: Credits; reach: number } {
  const distinct = new Set<Met>();
  const credits = wording.map((word) => {
    let met = quoted.met.get(word);
    if (met === undefined) {
      met = meet(quoted, word);
      quoted.met.set(word, met);
    }
    if (met) distinct.add(met);
    return met?.row;
  });
  return { credits, reach: sum([...distinct].map(({ weight }) => weight)) };
}

function meet({ words, weights, places, beginnings }: Quotation, word: string): Met | null {
  const row = new Int8Array(words.length);
  for (const near of beginnings.get(word.slice(0, BEGINNING)) ?? []) {
    const credit = near === word ? SAME : areAlike(near, word) ? ALIKE : 0;
    for (const of of places.get(near) as number[]) row[of] = credit;
  }
  const weight = sum(weights.map((one, of) => (one * (row[of] as number)) / SAME));
  return weight > 0 ? { row, weight } : null;
}

/** Whether two words may be forms of one: most of the longer one is the beginning of both. */
function areAlike(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length < 4) return false;
  let common = 0;
  while (common < short.length && short[common] === long[common]) common += 1;
  // “city” and “cities”, but not “then” and “them”.
  return common * 2 >= long.length && (common > BEGINNING || short.length < long.length);
}

/** The stretch of most worth in which both go side by side; empty when none is worth `least`. */
function bestStretch(credits: Credits, length: number, least: number): Pair[] {
  const width = length + 1;
  const worth = new Int16Array((credits.length + 1) * width);
  let [best, end] = [least - 1, 0];
  for (const [at, row] of credits.entries()) {
    const above = at * width;
    for (let of = 0; of < length; of += 1) {
      const credit = row?.[of] || APART;
      const cell = above + width + of + 1;
      const beside = (worth[cell - width - 1] as number) + credit;
      const skipped = Math.max(worth[cell - 1] as number, worth[cell - width] as number) + APART;
      const value = Math.max(0, beside, skipped);
      worth[cell] = value;
      if (value > best) [best, end] = [value, cell];
    }
  }
  const pairs: Pair[] = [];
  for (let cell = end; (worth[cell] as number) > 0; ) {
    const [at, of] = [Math.floor(cell / width) - 1, (cell % width) - 1];
    const credit = credits[at]?.[of] || APART;
    if (worth[cell] === (worth[cell - width - 1] as number) + credit) {
      if (credit > 0) pairs.push({ of, at, credit });
      cell -= width + 1;
    } else cell -= worth[cell] === (worth[cell - 1] as number) + APART ? 1 : width;
  }
  return pairs.reverse();
}

function measured(quoted: Quotation, wording: readonly string[], pairs: readonly Pair[]): Alignment {
  const ordered = [...pairs].sort((a, b) => a.of - b.of);
  const shared = sum(ordered.map(({ of, credit }) => ((quoted.weights[of] as number) * credit) / SAME));
  const there = sum(ordered.map(({ at, credit }) => (weightOf(wording[at] as string) * credit) / SAME));
  const same = ordered.filter(({ credit }) => credit === SAME).length;
  const stretches: string[][] = [];
  for (const [index, { of, at }] of ordered.entries()) {
    const before = ordered[index - 1];
    const goesOn = before && before.of === of - 1 && before.at === at - 1;
    if (!goesOn) stretches.push([]);
    stretches.at(-1)?.push(quoted.words[of] as string);
  }
  return {
    words: quoted.words.length,
    same,
    alike: ordered.length - same,
    ofQuotation: shared / quoted.weight,
    ofWording: there / sum(wording.map(weightOf)),
    inOrder: ordered.every(({ at }, index) => index === 0 || (ordered[index - 1] as Pair).at < at),
    stretches: stretches.map((words) => words.join(' ')),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
