/** What one wording has that another has not, word by word, to the character. */
import { diffArrays } from 'diff';

/** A stretch of text that both have, or that only the one or the other has. */
export interface Stretch {
  readonly op: 'equal' | 'insert' | 'delete';
  readonly text: string;
}

/**
 * How a diff was made. `words`: the shortest edit of words. `runs`: that would take more than `MOST_EDITS`, so the texts
 * are lined up by runs of words that stand once in each first. `ends`: only what they begin and end with is equal.
 */
export type Method = 'words' | 'runs' | 'ends';

export interface WordDiff {
  readonly diff: readonly Stretch[];
  readonly diff_by: Method;
}

/**
 * Words that are put in or left out at most, of the whole and between two runs, as the work grows with their square.
 * It is counted in words and not in time, so that the same texts always give the same diff.
 */
export const MOST_EDITS = 200;
const MOST_BETWEEN = 50;

/** Scripts that put no space between words: each of their letters is taken for a word. */
const UNSPACED =
  '[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]';
const LETTER = `(?:(?!${UNSPACED})[\\p{L}\\p{N}][\\p{M}\\u200D]*)`;
/**
 * A word with the space behind it: letters, apostrophes among them and marks upon them, or one sign of any other kind
 * with all that is joined to it (the parts of an emoji).
 */
const WORD = new RegExp(
  `(${LETTER}+(?:['’]${LETTER}+)*|\\P{White_Space}(?:[\\p{M}\\p{EMod}\\uFE0F\\u{E0020}-\\u{E007F}]|\\u200D\\p{ExtPict})*|)(\\p{White_Space}*)`,
  'gsu',
);

interface Word {
  readonly word: string;
  readonly space: string;
}

/** The words of a text, none of it left out; an empty one stands before white space it begins with. */
function wordsIn(text: string): Word[] {
  return [...text.matchAll(WORD)]
    .map(([, word = '', space = '']) => ({ word, space }))
    .filter(({ word, space }) => word + space !== '');
}

/**
 * How a text becomes another: what is equal and deleted makes up the first, what is equal and inserted the second, to
 * the character. Where words are replaced, what is deleted comes before what is inserted. `coarse` looks at the ends only.
 */
export function wordDiff(from: string, to: string, { coarse = false } = {}): WordDiff {
  const [left, right] = [wordsIn(from), wordsIn(to)];
  const [a, b] = [left, right].map((words) => words.map(({ word }) => word)) as [string[], string[]];
  const shortest = coarse ? undefined : edit(a, b, MOST_EDITS);
  const steps = shortest ?? (coarse ? endsOf(a, b) : betweenRuns(a, b));
  return { diff: stretches(left, right, steps), diff_by: shortest ? 'words' : coarse ? 'ends' : 'runs' };
}

/** A number of words that both have, or that only the second (`added`) or the first (`removed`) has. */
interface Step {
  readonly count: number;
  readonly added: boolean;
  readonly removed: boolean;
}

const step = (count: number, added = false, removed = false): Step => ({ count, added, removed });

/** The shortest edit; undefined when it takes more words than `most`. */
function edit(left: string[], right: string[], most: number): readonly Step[] | undefined {
  // What is only left out or only put in takes no work, however much it is.
  if (left.length === 0 || right.length === 0) return endsOf(left, right);
  return diffArrays(left, right, { maxEditLength: most });
}

/** The words that two lists begin and end with, and all between replaced. */
function endsOf(left: readonly string[], right: readonly string[]): Step[] {
  const most = Math.min(left.length, right.length);
  let [start, end] = [0, 0];
  while (start < most && left[start] === right[start]) start += 1;
  while (end < most - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const [gone, come] = [left.length - start - end, right.length - start - end];
  return [step(start), step(gone, false, true), step(come, true), step(end)];
}

/** Lines two lists of words up by the runs that stand once in each, and edits what lies between. */
function betweenRuns(left: string[], right: string[]): Step[] {
  const steps: Step[] = [];
  let [a, b] = [0, 0];
  for (const [nextA, nextB] of [...inOrder(commonRuns(left, right)), [left.length, right.length]] as const) {
    const [gone, come] = [left.slice(a, nextA), right.slice(b, nextB)];
    steps.push(...(edit(gone, come, MOST_BETWEEN) ?? endsOf(gone, come)));
    if (nextA < left.length) steps.push(step(1));
    [a, b] = [nextA + 1, nextB + 1];
  }
  return steps;
}

/** Words of a run. */
const RUN = 3;

/** Where each run of words that stands once in either list begins in both, in the order of the first. */
function commonRuns(left: readonly string[], right: readonly string[]): [number, number][] {
  const [inLeft, inRight] = [left, right].map(runsOf) as [Map<string, number>, Map<string, number>];
  return [...inLeft].flatMap(([run, at]): [number, number][] => {
    const other = inRight.get(run) ?? -1;
    return at < 0 || other < 0 ? [] : [[at, other]];
  });
}

/** Where each run of words begins; -1 when it stands there more than once. */
function runsOf(words: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = 0; at + RUN <= words.length; at += 1) {
    const run = words.slice(at, at + RUN).join('\u0000');
    found.set(run, found.has(run) ? -1 : at);
  }
  return found;
}

/** The most of some pairs that are in order on both sides; they come in order of the first side. */
function inOrder(pairs: readonly [number, number][]): [number, number][] {
  // The last pair of the best chain of each length, and the pair before each.
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const [at, [, second]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] as number] as [number, number])[1] < second) low = middle + 1;
      else high = middle;
    }
    before.set(at, ends[low - 1]);
    ends[low] = at;
  }
  const chain: [number, number][] = [];
  for (let at = ends.at(-1); at !== undefined; at = before.get(at))
    chain.unshift(pairs[at] as [number, number]);
  return chain;
}

/** The stretches that steps make of two texts. */
function stretches(
  left: readonly Word[],
  right: readonly Word[],
  steps: readonly Step[],
): readonly Stretch[] {
  const made = new Stretches();
  let [a, b] = [0, 0];
  for (const { added, removed, count } of steps) {
    for (let at = 0; at < count; at += 1) {
      const gone = added ? undefined : (left[a++] as Word);
      const come = removed ? undefined : (right[b++] as Word);
      made.add(gone, come);
    }
  }
  return made.end();
}

/** Stretches in the making: neighbours of one kind are one, and what is deleted comes first. */
class Stretches {
  readonly #made: Stretch[] = [];
  #deleted = '';
  #inserted = '';

  /** A word of the first text, of the second, or of both, where only the space behind it may differ. */
  add(gone: Word | undefined, come: Word | undefined): void {
    if (gone && come) this.#equal(gone.word);
    if (gone && come && gone.space === come.space) this.#equal(gone.space);
    else {
      this.#deleted += gone ? (come ? '' : gone.word) + gone.space : '';
      this.#inserted += come ? (gone ? '' : come.word) + come.space : '';
    }
  }

  #equal(text: string): void {
    if (text === '') return;
    const last = this.#flush().at(-1);
    if (last?.op === 'equal') this.#made[this.#made.length - 1] = { op: 'equal', text: last.text + text };
    else this.#made.push({ op: 'equal', text });
  }

  #flush(): Stretch[] {
    if (this.#deleted) this.#made.push({ op: 'delete', text: this.#deleted });
    if (this.#inserted) this.#made.push({ op: 'insert', text: this.#inserted });
    this.#deleted = '';
    this.#inserted = '';
    return this.#made;
  }

  end(): readonly Stretch[] {
    return this.#flush();
  }
}
