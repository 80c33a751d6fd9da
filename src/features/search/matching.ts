/** Which documents of a block a search finds, and in which tier each stands. */
import type { Session } from '../../db/database.ts';
import { DocSet } from './doc-set.ts';
import { type Kept, postingsFrom, postingsOf } from './postings.ts';
import type { Query, Term } from './query.ts';
import { bitOf, Sums, spanOf } from './spans.ts';
import { markToken, namedToken, pairToken, prefixed, type Tokens } from './tokens.ts';

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

const { NONE } = DocSet;
/** Blocks that tell which tokens are rare. */
const TELLING = 10;

/** What blocks hold for tokens, as far as one search has read it. */
export class Held {
  /** What is known of blocks without reading them. */
  readonly sums: Sums;
  readonly #known = new Map<number, Map<string, DocSet>>();
  readonly #blocks = new Set<number>();
  #postings = 0;
  readonly #db: Kept;
  readonly #session: Session;

  constructor(db: Kept, session: Session) {
    this.#db = db;
    this.#session = session;
    this.sums = new Sums(db, session);
  }

  /** Rows of the index read so far. */
  get rows(): number {
    return this.#postings + this.sums.rows;
  }

  /** How many more blocks leave the rows read below a bound, if as many are as of those looked at; 1 at least. */
  room(most: number): number {
    return Math.max(1, Math.floor(((most - this.rows) * this.#blocks.size) / (this.rows + 1)));
  }

  /** Notes that some blocks are looked at, whether or not they must be read. */
  lookAt(blocks: readonly number[]): void {
    for (const block of blocks) this.#blocks.add(block);
  }

  /** Which documents of a block have a token that was read. */
  get(block: number, token: string): DocSet {
    return this.#known.get(block)?.get(token) ?? NONE;
  }

  /** Tokens that few documents have before others, as far as the blocks tell that were read first. */
  rarestFirst(tokens: readonly string[]): readonly string[] {
    if (tokens.length === 1) return tokens;
    const first = [...this.#known.values().take(TELLING)];
    const count = (token: string) => first.reduce((sum, known) => sum + (known.get(token) ?? NONE).size, 0);
    const counts = new Map(tokens.map((token) => [token, count(token)]));
    return [...tokens].sort((a, b) => (counts.get(a) as number) - (counts.get(b) as number));
  }

  /** Which documents of a block have a term whose tokens were read. */
  having(block: number, term: Term, token: (word: string) => string): DocSet {
    return spelt(term, token)
      .map((one) => this.get(block, one))
      .reduce(and);
  }

  /** Reads what some blocks hold for tokens, where that is not known. */
  async read(blocks: Iterable<number>, { exact, prefixes }: Tokens): Promise<void> {
    const tokens = [...exact, ...prefixes.map(prefixed)];
    const unread: number[] = [];
    for (const block of blocks) {
      const known = this.#known.get(block) ?? new Map<string, DocSet>();
      this.#known.set(block, known);
      const mayHave = (token: string) => this.sums.having(spanOf(block), token) & bitOf(block);
      const isUnread = (token: string) => !known.has(token) && mayHave(token);
      if (!tokens.some(isUnread)) continue;
      unread.push(block);
      for (const token of tokens) known.set(token, NONE);
    }
    if (unread.length === 0) return;
    if (exact.length > 0)
      for (const { block, token, documents } of await postingsOf(this.#db, this.#session, unread, exact))
        this.#add(block, token, documents);
    for (const beginning of prefixes)
      for (const { block, documents } of await postingsFrom(this.#db, this.#session, unread, beginning))
        this.#add(block, prefixed(beginning), documents);
  }

  #add(block: number, token: string, documents: string): void {
    const known = this.#known.get(block) as Map<string, DocSet>;
    const before = known.get(token) as DocSet;
    known.set(token, before === NONE ? DocSet.of(documents) : before.or(DocSet.of(documents)));
    this.#postings += 1;
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
  held.lookAt(blocks);
  // A phrase that must not be there is looked for in the text: the index alone would leave out too much.
  const excluded = query.excluded.filter(({ as }) => as !== 'phrase');
  const [plains, named] = [tokensOf(query.terms, plain), tokensOf(query.terms, namedToken)];
  const sure = tokensOf(excluded, plain, marks.flat().map(markToken));
  const asked = together(sure, ...(tier === undefined ? [] : [named]), ...(tier === 2 ? [] : [plains]));
  await (blocks.length <= FEW ? held : held.sums).read(blocks, asked);
  const found = new Map(blocksThatMay(held.sums, wanted, blocks, tier).map((block) => [block, DocSet.ALL]));
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
    if (tier !== 2) {
      for (const token of held.rarestFirst(plains.exact))
        await narrow({ exact: [token], prefixes: [] }, (set, block) => set.and(held.get(block, token)));
      for (const beginning of plains.prefixes)
        await narrow({ exact: [], prefixes: [beginning] }, (set, block) =>
          set.and(held.get(block, prefixed(beginning))),
        );
    }
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

/** Those of some blocks that may have hits, all of them or those of one tier, as far as their sums say. */
function blocksThatMay(
  sums: Sums,
  { query: { terms }, marks }: Wanted,
  blocks: readonly number[],
  tier?: Tier,
): number[] {
  const bits = new Map<number, number>();
  const bitsOf = (span: number) => {
    const token = (one: string) => sums.having(span, one);
    const having = (term: Term, as: (word: string) => string) => spelt(term, as).map(token).reduce(both);
    const named = terms.map((term) => having(term, namedToken));
    const plainly = terms.map((term) => having(term, plain));
    const marked = marks.map((any) => any.map((mark) => token(markToken(mark))).reduce(either, 0));
    const rest = tier === 1 ? named.reduce(either, 0) : ALL;
    return [...(tier === 2 ? named : plainly), ...marked].reduce(both, rest);
  };
  return blocks.filter((block) => {
    const span = spanOf(block);
    const of = bits.get(span) ?? bitsOf(span);
    bits.set(span, of);
    return of & bitOf(block);
  });
}

const ALL = ~0;
const both = (left: number, right: number) => left & right;
const either = (left: number, right: number) => left | right;

/** Whether the documents found must be looked at: only their text says whether words stand side by side. */
export function isDoubtful({ query }: Wanted): boolean {
  return [...query.terms, ...query.excluded].some(({ as }) => as === 'phrase');
}

const plain = (word: string) => word;
const and = (left: DocSet, right: DocSet) => left.and(right);
const or = (left: DocSet, right: DocSet) => left.or(right);

/** The tokens a document with a term has, the words of it as they are or as those of a name. */
function spelt({ as, words }: Term, token: (word: string) => string): string[] {
  const tokens = words.map((word) => (as === 'prefix' ? prefixed(token(word)) : token(word)));
  return [...tokens, ...pairsOf(words)];
}

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

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, at) => pairToken(words[at] as string, word));
}
