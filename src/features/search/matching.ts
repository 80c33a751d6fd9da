/** Which documents of a block a search finds, and in which tier each stands. */
import type { Database, Session } from '../../db/database.ts';
import { DocSet } from './doc-set.ts';
import { type Posting, postingsFrom, postingsOf } from './postings.ts';
import type { Query, Term } from './query.ts';
import { markToken, namedToken, pairToken } from './tokens.ts';

/** What is searched for: words, and marks of which one of each list must be there. */
export interface Wanted {
  readonly query: Query;
  readonly marks: readonly (readonly string[])[];
}

/** Hits come in tiers: with all terms in what they are called by, with some, with none. */
export const TIERS = [2, 1, 0] as const;
export type Tier = (typeof TIERS)[number];

/** The tiers a search can have hits in, best first. */
export function tiersOf({ query: { terms } }: Wanted): readonly Tier[] {
  if (terms.length === 0) return [0];
  return terms.length === 1 ? [2, 0] : TIERS;
}

/** What one block holds for the tokens of a search. */
type Held = ReadonlyMap<string, DocSet>;

const NONE = new DocSet();
const PREFIXED = (word: string) => `${word}*`;

/** Finds the documents of some blocks, all of them or those of one tier; returns how many postings that took, too. */
export async function matchBlocks(
  db: Pick<Database, 'tables' | 'dialect'>,
  session: Session,
  wanted: Wanted,
  blocks: readonly number[],
  tier?: Tier,
): Promise<{ readonly found: Map<number, DocSet>; readonly rows: number }> {
  const { exact, prefixes } = tokensOf(wanted, tier);
  const rows: Posting[] = await postingsOf(db, session, blocks, exact);
  for (const beginning of prefixes) {
    const under = await postingsFrom(db, session, blocks, beginning);
    for (const { block, documents } of under) rows.push({ block, token: PREFIXED(beginning), documents });
  }
  const held = new Map<number, Map<string, DocSet>>();
  for (const { block, token, documents } of rows) {
    const of = held.get(block) ?? new Map<string, DocSet>();
    held.set(block, of);
    const known = of.get(token);
    of.set(token, known ? known.or(DocSet.of(documents)) : DocSet.of(documents));
  }
  const found = new Map<number, DocSet>();
  for (const [block, of] of held) {
    const matched = matchedIn(of, wanted, tier);
    if (matched.size > 0) found.set(block, matched);
  }
  return { found, rows: rows.length };
}

/** Whether the documents found must be looked at: only their text says whether words stand side by side. */
export function isDoubtful({ query }: Wanted): boolean {
  return [...query.terms, ...query.excluded].some(({ as }) => as === 'phrase');
}

function tokensOf({ query, marks }: Wanted, tier: Tier | undefined) {
  const [exact, prefixes] = [new Set(marks.flat().map(markToken)), new Set<string>()];
  const add = ({ as, words }: Term, token: (word: string) => string) => {
    for (const word of words) (as === 'prefix' ? prefixes : exact).add(token(word));
    for (const pair of pairsOf(words)) exact.add(pair);
  };
  for (const term of query.terms) {
    if (tier !== undefined) add(term, namedToken);
    // A name is a part of the text, so that for the best tier it alone counts.
    if (tier !== 2) add(term, (word) => word);
  }
  for (const term of query.excluded) if (term.as !== 'phrase') add(term, (word) => word);
  return { exact: [...exact], prefixes: [...prefixes] };
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, at) => pairToken(words[at] as string, word));
}

function matchedIn(held: Held, { query, marks }: Wanted, tier: Tier | undefined): DocSet {
  const named = query.terms.map((term) => holding(held, term, namedToken));
  const all = query.terms.map((term) => holding(held, term, (word) => word));
  const sets = tier === 2 && named.length > 0 ? named : all;
  const marked = marks.map((any) => any.map((mark) => held.get(markToken(mark)) ?? NONE).reduce(or, NONE));
  let matched = [...sets, ...marked].reduce((left, right) => left.and(right));
  if (tier === 1) matched = matched.and(named.reduce(or, NONE)).without(named.reduce(and));
  if (tier === 0 && named.length > 0) matched = matched.without(named.reduce(or, NONE));
  // A phrase that must not be there is looked for in the text: the index alone would leave out too much.
  for (const term of query.excluded.filter(({ as }) => as !== 'phrase'))
    matched = matched.without(holding(held, term, (word) => word));
  return matched;
}

const and = (left: DocSet, right: DocSet) => left.and(right);
const or = (left: DocSet, right: DocSet) => left.or(right);

function holding(held: Held, { as, words }: Term, token: (word: string) => string): DocSet {
  const tokens = words.map((word) => (as === 'prefix' ? PREFIXED(token(word)) : token(word)));
  return [...tokens, ...pairsOf(words)].map((one) => held.get(one) ?? NONE).reduce(and);
}
