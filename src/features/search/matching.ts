/** Which documents of a block a search finds, and in which tier each stands. */
import type { Database, Session } from '../../db/database.ts';
import { DocSet } from './doc-set.ts';
import { postingsFrom, postingsOf } from './postings.ts';
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

/** Tokens to read: as they are, and all that begin with a text. */
interface Tokens {
  readonly exact: readonly string[];
  readonly prefixes: readonly string[];
}

const { NONE } = DocSet;
const PREFIXED = (beginning: string) => `${beginning}*`;

/** What blocks hold for tokens, as far as one search has read it. */
export class Held {
  /** Postings read so far. */
  rows = 0;
  readonly #known = new Map<number, Map<string, DocSet>>();
  readonly #db: Pick<Database, 'tables' | 'dialect'>;
  readonly #session: Session;

  constructor(db: Pick<Database, 'tables' | 'dialect'>, session: Session) {
    this.#db = db;
    this.#session = session;
  }

  /** How many more blocks leave the postings read below a bound, if they hold as many as those before; 1 at least. */
  room(most: number): number {
    return Math.max(1, Math.floor(((most - this.rows) * this.#known.size) / (this.rows + 1)));
  }

  /** Which documents of a block have a token that was read. */
  get(block: number, token: string): DocSet {
    return this.#known.get(block)?.get(token) ?? NONE;
  }

  /** Which documents of a block have a term whose tokens were read. */
  having(block: number, { as, words }: Term, token: (word: string) => string): DocSet {
    const tokens = words.map((word) => (as === 'prefix' ? PREFIXED(token(word)) : token(word)));
    return [...tokens, ...pairsOf(words)].map((one) => this.get(block, one)).reduce(and);
  }

  /** Reads what some blocks hold for tokens, where that is not known. */
  async read(blocks: Iterable<number>, { exact, prefixes }: Tokens): Promise<void> {
    const tokens = [...exact, ...prefixes.map(PREFIXED)];
    const unread: number[] = [];
    for (const block of blocks) {
      const known = this.#known.get(block) ?? new Map<string, DocSet>();
      this.#known.set(block, known);
      if (tokens.every((token) => known.has(token))) continue;
      unread.push(block);
      for (const token of tokens) known.set(token, NONE);
    }
    if (unread.length === 0) return;
    if (exact.length > 0)
      for (const { block, token, documents } of await postingsOf(this.#db, this.#session, unread, exact))
        this.#add(block, token, documents);
    for (const beginning of prefixes)
      for (const { block, documents } of await postingsFrom(this.#db, this.#session, unread, beginning))
        this.#add(block, PREFIXED(beginning), documents);
  }

  #add(block: number, token: string, documents: string): void {
    const known = this.#known.get(block) as Map<string, DocSet>;
    const before = known.get(token) as DocSet;
    known.set(token, before === NONE ? DocSet.of(documents) : before.or(DocSet.of(documents)));
    this.rows += 1;
  }
}

/** Blocks of which all is read at once: a statement more costs as much as what they hold. */
const FEW = 8;

/**
 * Finds the documents of some blocks, all of them or those of one tier. Of many blocks only those are read on that may
 * have some: rare words come first, and what nearly every block has (marks) comes last.
 */
export async function matchBlocks(
  held: Held,
  wanted: Wanted,
  blocks: readonly number[],
  tier?: Tier,
): Promise<Map<number, DocSet>> {
  const { query, marks } = wanted;
  // A phrase that must not be there is looked for in the text: the index alone would leave out too much.
  const excluded = query.excluded.filter(({ as }) => as !== 'phrase');
  const named = tokensOf(query.terms, namedToken);
  const sure = tokensOf(excluded, plain, marks.flat().map(markToken));
  if (blocks.length <= FEW)
    await held.read(
      blocks,
      together(sure, ...(tier === undefined ? [] : [named]), tokensOf(query.terms, plain)),
    );
  const found = new Map(blocks.map((block) => [block, DocSet.ALL]));
  const narrow = async (tokens: Tokens, to: (set: DocSet, block: number) => DocSet) => {
    await held.read(found.keys(), tokens);
    for (const [block, set] of found) {
      const left = to(set, block);
      if (left.isEmpty) found.delete(block);
      else found.set(block, left);
    }
  };
  const names = (block: number) => query.terms.map((term) => held.having(block, term, namedToken));
  if (query.terms.length > 0) {
    if (tier === 2) await narrow(named, (set, block) => names(block).reduce(and, set));
    if (tier === 1)
      await narrow(named, (_, block) => names(block).reduce(or).without(names(block).reduce(and)));
    // A name is a part of the text, so that for the best tier it alone counts.
    if (tier !== 2)
      for (const term of rarestFirst(query.terms))
        await narrow(tokensOf([term], plain), (set, block) => set.and(held.having(block, term, plain)));
    if (tier === 0) await narrow(named, (set, block) => set.without(names(block).reduce(or)));
  }
  const marked = (block: number) =>
    marks.map((any) => any.map((mark) => held.get(block, markToken(mark))).reduce(or, NONE));
  await narrow(sure, (set, block) =>
    excluded.reduce(
      (left, term) => left.without(held.having(block, term, plain)),
      marked(block).reduce(and, set),
    ),
  );
  return found;
}

/** Whether the documents found must be looked at: only their text says whether words stand side by side. */
export function isDoubtful({ query }: Wanted): boolean {
  return [...query.terms, ...query.excluded].some(({ as }) => as === 'phrase');
}

const plain = (word: string) => word;
const and = (left: DocSet, right: DocSet) => left.and(right);
const or = (left: DocSet, right: DocSet) => left.or(right);

function tokensOf(
  terms: readonly Term[],
  token: (word: string) => string,
  more: readonly string[] = [],
): Tokens {
  const [exact, prefixes] = [new Set(more), new Set<string>()];
  for (const { as, words } of terms) {
    for (const word of words) (as === 'prefix' ? prefixes : exact).add(token(word));
    for (const pair of pairsOf(words)) exact.add(pair);
  }
  return { exact: [...exact], prefixes: [...prefixes] };
}

function together(...all: readonly Tokens[]): Tokens {
  return { exact: all.flatMap(({ exact }) => exact), prefixes: all.flatMap(({ prefixes }) => prefixes) };
}

/** Terms that few documents have come first, as far as the length of words tells; beginnings of words come last. */
function rarestFirst(terms: readonly Term[]): Term[] {
  const length = ({ as, words }: Term) =>
    as === 'prefix' ? 0 : Math.max(...words.map((word) => word.length));
  return [...terms].sort((a, b) => length(b) - length(a));
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, at) => pairToken(words[at] as string, word));
}
