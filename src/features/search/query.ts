/** What a search asks for: words, "phrases", prefixes* and -exclusions; whatever else is typed is taken as plain words. */
import { wordsIn } from './words.ts';

/** One word, the beginning of one, or words that stand side by side. */
export interface Term {
  readonly as: 'word' | 'prefix' | 'phrase';
  /** Folded; one, but for a phrase. */
  readonly words: readonly string[];
}

export interface Query {
  /** All of these must be there. */
  readonly terms: readonly Term[];
  /** None of these may be there. */
  readonly excluded: readonly Term[];
  /** What was left aside because there are more than `MOST_TERMS`. */
  readonly ignored: readonly Term[];
}

/** Terms looked up at most, and words of a phrase that count. */
export const MOST_TERMS = 24;
/** Letters a prefix needs; a shorter one is a word. */
export const SHORTEST_PREFIX = 2;

/** A quotation in any quote marks, or what stands between spaces; a dash in front excludes. */
const PART =
  /(?<=^|\s)(-?)["\u201C\u201D\u201E]([^"\u201C\u201D\u201E]*)["\u201C\u201D](?=\s|$)|(?<=^|\s)(-?)(\S+)/gu;

/** Reads a query; every text is one. */
export function parseQuery(text: string): Query {
  const [terms, excluded] = [new Map<string, Term>(), new Map<string, Term>()];
  for (const [, quotedNot, quoted, not, plain] of text.matchAll(PART)) {
    const found = quoted === undefined ? plainTerms(plain ?? '') : quotedTerms(quoted);
    const into = (quotedNot || not) === '-' ? excluded : terms;
    // `-well-known` leaves out what has both words side by side, not what has either.
    const taken =
      into === excluded && found.length > 1 ? [phrase(found.flatMap(({ words }) => words))] : found;
    for (const term of taken) into.set(spelt(term), term);
  }
  const all = [...terms.values()];
  const out = [...excluded.values()];
  const room = Math.max(0, MOST_TERMS - all.length);
  return {
    terms: all.slice(0, MOST_TERMS),
    excluded: out.slice(0, room),
    ignored: [...all.slice(MOST_TERMS), ...out.slice(room)],
  };
}

function phrase(words: readonly string[]): Term {
  return words.length === 1 ? { as: 'word', words } : { as: 'phrase', words: words.slice(0, MOST_TERMS) };
}

function quotedTerms(text: string): Term[] {
  const words = [...wordsIn(text)].map(({ word }) => word);
  return words.length === 0 ? [] : [phrase(words)];
}

/** The terms of what stands between spaces; letters of scripts without spaces make a phrase. */
function plainTerms(text: string): Term[] {
  const runs: string[][] = [];
  let end = 0;
  for (const { word, joined, end: at } of wordsIn(text)) {
    const last = runs.at(-1);
    if (joined && last) last.push(word);
    else runs.push([word]);
    end = at;
  }
  const terms = runs.map(phrase);
  const last = terms.at(-1);
  const starred =
    text[end] === '*' && last?.as === 'word' && [...(last.words[0] as string)].length >= SHORTEST_PREFIX;
  return starred ? [...terms.slice(0, -1), { ...last, as: 'prefix' }] : terms;
}

/** A term as it would be typed. */
export function spelt({ as, words }: Term): string {
  if (as === 'phrase') return `"${words.join(' ')}"`;
  return as === 'prefix' ? `${words[0]}*` : String(words[0]);
}
