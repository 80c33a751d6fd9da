/**
 * Finding documents: block after block, the newest first, tier after tier. What one request may look at is bounded;
 * where the bound is met, the page ends early and the next one goes on from there.
 */
import type { Session } from '../../db/database.ts';
import type { Engine } from '../../engine/engine.ts';
import { kindNamed } from '../../model/kinds.ts';
import { BLOCK, DocSet } from './doc-set.ts';
import { Held, isDoubtful, matchBlocks, type Tier, tiersOf, type Wanted } from './matching.ts';
import { type Document, documentsAt, lastNumber } from './postings.ts';
import { lengthOf, phrasesHold, searchedTexts } from './texts.ts';
import { SEARCHED_LENGTH } from './tokens.ts';

/** Rows of the index that one page may read, and documents it may look into; the page ends where they are spent. */
const MOST_ROWS = 3000;
/** Rows that counting all hits may read. */
const MOST_ROWS_COUNTED = 10_000;
const MOST_LOOKED_INTO = 1000;
/** Documents looked into at a time: those whose columns are asked, and those whose texts are read. */
const AT_ONCE = 100;
const READ_AT_ONCE = 20;
/** Characters of texts that count as one document looked into. */
const CHARACTERS = 2000;
/** Blocks read at a time: few at first, as common words fill a page from the newest block. */
const FIRST_BLOCKS = 2;
const MOST_BLOCKS = 512;

/** A place in the order of hits: those of this tier with a lower number come after it. */
export interface Place {
  readonly tier: Tier;
  readonly below: number;
}

export interface Hit {
  readonly document: Document;
  readonly tier: Tier;
}

/** Which of some documents a condition holds for that the index does not know; by record id. */
export type Sieve = (documents: readonly Document[]) => Promise<ReadonlySet<string>>;

/** A sieve, and what it has cost so far. */
interface Looker {
  readonly sieve: Sieve;
  readonly atOnce: number;
  readonly spent: () => number;
}

export interface Finding {
  readonly hits: readonly Hit[];
  /** Where the next page begins; null at the end. */
  readonly next: Place | null;
}

/** A page of hits from a place on; it may be short of `limit` with more to come. */
export async function find(
  engine: Pick<Engine, 'db'>,
  session: Session,
  wanted: Wanted,
  {
    from,
    limit,
    sieve,
  }: { readonly from: Place | undefined; readonly limit: number; readonly sieve?: Sieve },
): Promise<Finding> {
  const top = (await lastNumber(engine.db, session)) + 1;
  const tiers = tiersOf(wanted).filter((tier) => from === undefined || tier <= from.tier);
  const hits: Hit[] = [];
  const held = new Held(engine.db, session);
  const looker = lookerOf(engine, session, wanted, sieve);
  for (const tier of tiers) {
    const below = from?.tier === tier ? from.below : top;
    for (const blocks of batches(below, held, MOST_ROWS)) {
      if (held.rows >= MOST_ROWS) return { hits, next: { tier, below: ((blocks[0] as number) + 1) * BLOCK } };
      const found = await matchBlocks(held, wanted, blocks, tier);
      for (const numbers of slices(found, blocks, below, looker?.atOnce ?? limit + 1 - hits.length)) {
        if (looker && looker.spent() >= MOST_LOOKED_INTO)
          return { hits, next: { tier, below: (numbers[0] as number) + 1 } };
        const documents = await documentsAt(engine.db, session, numbers);
        const inOrder = numbers.flatMap((number) => documents.get(number) ?? []);
        const kept = await looker?.sieve(inOrder);
        for (const document of inOrder) {
          if (kept && !kept.has(document.record_id)) continue;
          if (hits.length === limit) return { hits, next: { tier, below: document.number + 1 } };
          hits.push({ document, tier });
        }
      }
    }
  }
  return { hits, next: null };
}

/** Blocks with numbers below one, the newest first, a few at a time and then more, as far as there is room to read them. */
function* batches(below: number, held: Held, most: number): Generator<number[]> {
  let size = FIRST_BLOCKS;
  for (let block = Math.floor((below - 1) / BLOCK); block >= 0; ) {
    const count = Math.min(size, block + 1);
    yield Array.from({ length: count }, (_, at) => block - at);
    block -= count;
    size = Math.min(MOST_BLOCKS, size * 4, held.room(most));
  }
}

/** Numbers found in some blocks, the highest first, so many at a time. */
function* slices(
  found: ReadonlyMap<number, DocSet>,
  blocks: readonly number[],
  below: number,
  size: number,
): Generator<number[]> {
  let slice: number[] = [];
  for (const block of blocks) {
    for (const place of found.get(block)?.places(true) ?? []) {
      const number = block * BLOCK + place;
      if (number >= below) continue;
      slice.push(number);
      if (slice.length < size) continue;
      yield slice;
      slice = [];
    }
  }
  if (slice.length > 0) yield slice;
}

/** What documents are put through that the index cannot be sure of; undefined where it can. */
function lookerOf(
  { db }: Pick<Engine, 'db'>,
  session: Session,
  wanted: Wanted,
  sieve: Sieve | undefined,
): Looker | undefined {
  if (!isDoubtful(wanted) && sieve === undefined) return undefined;
  let spent = 0;
  const look: Sieve = async (documents) => {
    spent += documents.length;
    const left = sieve ? await sieve(documents) : new Set(documents.map(({ record_id }) => record_id));
    if (!isDoubtful(wanted)) return left;
    const kept = new Set<string>();
    const some = documents.filter(({ record_id }) => left.has(record_id));
    for (const [name, of] of Map.groupBy(some, ({ kind }) => kind)) {
      const kind = kindNamed(name);
      const ids = of.map(({ record_id }) => record_id);
      const texts = await searchedTexts(db, session, kind, ids, SEARCHED_LENGTH);
      for (const [id, record] of texts) {
        spent += lengthOf(kind, record) / CHARACTERS;
        if (phrasesHold(kind, record, wanted.query)) kept.add(id);
      }
    }
    return kept;
  };
  return { sieve: look, atOnce: isDoubtful(wanted) ? READ_AT_ONCE : AT_ONCE, spent: () => spent };
}

/** All that a search finds, by block; `complete` is false where the bound of what is looked at was met. */
export interface Collected {
  readonly sets: ReadonlyMap<number, DocSet>;
  readonly complete: boolean;
}

/** Documents collected at most where each must be looked into. */
export const MOST_COLLECTED = 5000;

/**
 * Collects all that a search finds, in no order of tiers. Phrases are taken as the index has them, which may be too
 * many, unless `read` says to look into the texts.
 */
export async function collect(
  engine: Pick<Engine, 'db'>,
  session: Session,
  wanted: Wanted,
  { sieve, read = false }: { readonly sieve?: Sieve | undefined; readonly read?: boolean } = {},
): Promise<Collected> {
  const sets = new Map<number, DocSet>();
  const looker = read ? lookerOf(engine, session, wanted, sieve) : sieve && plainLooker(sieve);
  const most = looker?.atOnce === READ_AT_ONCE ? MOST_LOOKED_INTO : MOST_COLLECTED;
  const held = new Held(engine.db, session);
  for (const blocks of batches((await lastNumber(engine.db, session)) + 1, held, MOST_ROWS_COUNTED)) {
    if (held.rows >= MOST_ROWS_COUNTED) return { sets, complete: false };
    const found = await matchBlocks(held, wanted, blocks);
    if (looker === undefined) {
      for (const [block, set] of found) sets.set(block, set);
      continue;
    }
    for (const numbers of slices(found, blocks, Number.POSITIVE_INFINITY, looker.atOnce)) {
      if (looker.spent() >= most) return { sets, complete: false };
      const documents = [...(await documentsAt(engine.db, session, numbers)).values()];
      const kept = await looker.sieve(documents);
      for (const { number, record_id } of documents) if (kept.has(record_id)) addTo(sets, number);
    }
  }
  return { sets, complete: true };
}

function plainLooker(sieve: Sieve): Looker {
  let spent = 0;
  const counted: Sieve = (documents) => {
    spent += documents.length;
    return sieve(documents);
  };
  return { sieve: counted, atOnce: AT_ONCE, spent: () => spent };
}

function addTo(sets: Map<number, DocSet>, number: number): void {
  const block = Math.floor(number / BLOCK);
  const set = sets.get(block) ?? new DocSet();
  sets.set(block, set);
  set.add(number % BLOCK);
}
