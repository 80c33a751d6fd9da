/**
 * A summary of the index: which of 32 blocks may have a token, in one row, so that of the many blocks of a large tracker
 * only those are read that may have what is searched for. Blocks are summed up behind the service's back when newer ones
 * have begun; what a write adds to one after that is added to its sum, and nothing is ever taken out of it.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Column } from '../../db/columns.ts';
import type { Row, Runner, Session } from '../../db/database.ts';
import { asc, type SQL, sql } from '../../db/drizzle.ts';
import type { Engine } from '../../engine/engine.ts';
import { readMark, setMark } from '../../engine/marks.ts';
import { BLOCK } from './doc-set.ts';
import { beginsWith, type Kept, lastNumber, rangeOf } from './postings.ts';
import { prefixed, type Tokens } from './tokens.ts';

/** Blocks in a span: as many bits as a number can be asked for one by one. */
const SPAN = 32;

/** In place of a token, the blocks whose sums writes keep, and those that are summed up. No token begins like them. */
const KEPT = '';
const SUMMED = ' ';

export const spanOf = (block: number) => Math.floor(block / SPAN);
/** The bit of a block in its span. */
export const bitOf = (block: number) => (1 << (block % SPAN)) >>> 0;

/** Which blocks of a span may have a token. */
interface Sum {
  readonly span: number;
  readonly token: string;
  readonly blocks: number;
}

/** What is known of blocks without reading them, as far as one search has asked. */
export class Sums {
  /** Rows read so far. */
  rows = 0;
  readonly #spans = new Map<number, Map<string, number>>();
  readonly #db: Kept;
  readonly #session: Session;

  constructor(db: Kept, session: Session) {
    this.#db = db;
    this.#session = session;
  }

  /** Reads the sums of some blocks for some tokens, where they were not asked for. */
  async read(blocks: Iterable<number>, { exact, prefixes }: Tokens): Promise<void> {
    const tokens = [SUMMED, ...exact, ...prefixes.map(prefixed)];
    const unread: number[] = [];
    for (const span of new Set(Iterator.from(blocks).map(spanOf))) {
      const sums = this.#spans.get(span) ?? new Map<string, number>();
      this.#spans.set(span, sums);
      if (tokens.every((token) => sums.has(token))) continue;
      unread.push(span);
      for (const token of tokens) sums.set(token, 0);
    }
    if (unread.length === 0) return;
    for (const { span, token, blocks: bits } of await sumsOf(this.#db, this.#session, unread, [
      SUMMED,
      ...exact,
    ]))
      this.#add(span, token, bits);
    for (const beginning of prefixes)
      for (const { span, blocks: bits } of await sumsFrom(this.#db, this.#session, unread, beginning))
        this.#add(span, prefixed(beginning), bits);
  }

  /** The bits of those blocks of a span that may have a token: all that are not summed up, or if it was not asked for. */
  having(span: number, token: string): number {
    const sums = this.#spans.get(span);
    return ~(sums?.get(SUMMED) ?? 0) | (sums?.get(token) ?? ~0);
  }

  #add(span: number, token: string, bits: number): void {
    const sums = this.#spans.get(span) as Map<string, number>;
    sums.set(token, (sums.get(token) as number) | bits);
    this.rows += 1;
  }
}

const columns = ({ searchSpans: table }: Kept['tables']) => ({
  span: table.span as Column,
  token: table.token as Column,
  blocks: table.blocks as Column,
});

/** The sums of some spans for some tokens. */
function sumsOf(
  { tables, dialect }: Kept,
  session: Session,
  spans: readonly number[],
  tokens: readonly string[],
): Promise<Sum[]> {
  const { span, token } = columns(tables);
  return session.all<Sum>(
    'search spans',
    (on) =>
      on
        .select(columns(tables))
        .from(tables.searchSpans)
        .where(sql`${dialect.isAmong(span, 'spans')} and ${dialect.isAmong(token, 'tokens')}`),
    { spans: dialect.list(spans), tokens: dialect.list(tokens) },
  );
}

/** The sums of some spans for all tokens that begin with a text. */
function sumsFrom(
  { tables, dialect }: Kept,
  session: Session,
  spans: readonly number[],
  beginning: string,
): Promise<Sum[]> {
  const { span, token } = columns(tables);
  return session.all<Sum>(
    'search spans from',
    (on) =>
      on
        .select(columns(tables))
        .from(dialect.eachOf('places'))
        .crossJoin(tables.searchSpans)
        .where(beginsWith(span, token)),
    { places: dialect.list(spans), ...rangeOf(beginning) },
  );
}

/** Adds tokens that a block had no document of to its sum, where it has one. */
export async function addToSum(
  db: Kept,
  runner: Runner,
  block: number,
  tokens: readonly string[],
): Promise<void> {
  if (tokens.length === 0) return;
  const { searchPostings: table, searchSpans: spans } = db.tables;
  const kept = sql`exists (select 1 from ${spans} where ${spans.span} = ${sql.placeholder('span')}
    and ${spans.token} = ${sql.placeholder('kept')} and (${spans.blocks} & ${sql.placeholder('bit')}) <> 0)`;
  const among = db.dialect.isAmong(table.token as Column, 'tokens');
  await addPostings(db, runner, 'new tokens', block, sql`${kept} and ${among}`, {
    kept: KEPT,
    tokens: db.dialect.list(tokens),
  });
}

interface Place {
  readonly block: number;
  /** The last token of it that is in its sum; '' at the beginning. */
  readonly after: string;
}
const MARK = 'search_spans';
const BEGINNING: Place = { block: 0, after: '' };

/** Tokens summed up in one transaction; writes wait no longer than for these. */
const AT_ONCE = 2000;

/**
 * Sums up every block that newer ones have followed, or until `signal` says to stop; returns how many tokens of blocks
 * that were. It may be stopped at any time and by any means, and several processes may do it at once.
 */
export async function sumUp(
  { db, now }: Pick<Engine, 'db' | 'now'>,
  signal: AbortSignal,
  atOnce: number = AT_ONCE,
): Promise<number> {
  let seen = 0;
  while (!signal.aborted) {
    // Most of the time there is nothing to do, and no need of a transaction to see that.
    const due = await db.read((session) => duePlace(db, session));
    if (due === undefined) return seen;
    seen += await db.write((session) => addSome({ db, now }, session, atOnce), { alone: true });
    await turn();
  }
  return seen;
}

/** Where there are tokens to sum up; undefined where there are none. The newest block is left: each write changes it. */
async function duePlace(db: Kept, session: Session): Promise<Place | undefined> {
  const place = (await readMark<Place>({ db }, session, MARK)) ?? BEGINNING;
  return place.block < Math.floor((await lastNumber(db, session)) / BLOCK) ? place : undefined;
}

/** Adds the next tokens, where no other process has, and moves the mark on. */
async function addSome(on: Pick<Engine, 'db' | 'now'>, session: Session, atOnce: number): Promise<number> {
  const { db } = on;
  const place = await duePlace(db, session);
  if (place === undefined) return 0;
  const { block, after } = place;
  // From here on, writes keep the sum of what is summed up already.
  if (after === '') await addBlock(db, session, block, KEPT);
  const tokens = await tokensAfter(db, session, place, atOnce);
  const { searchPostings: table } = db.tables;
  const next = sql`${table.token} > ${sql.placeholder('after')} and ${table.token} <= ${sql.placeholder('until')}`;
  if (tokens.length > 0)
    await addPostings(db, session, 'next tokens', block, next, { after, until: tokens.at(-1) });
  const whole = tokens.length < atOnce;
  if (whole) await addBlock(db, session, block, SUMMED);
  await setMark(on, session, MARK, whole ? { block: block + 1, after: '' } : { block, after: tokens.at(-1) });
  return tokens.length;
}

async function tokensAfter(
  { tables: { searchPostings: table } }: Kept,
  session: Session,
  { block, after }: Place,
  atOnce: number,
): Promise<string[]> {
  const rows = await session.all<{ token: string }>(
    'tokens of a block',
    (on) =>
      on
        .select({ token: table.token as Column })
        .from(table)
        .where(
          sql`${table.block} = ${sql.placeholder('block')} and ${table.token} > ${sql.placeholder('after')}`,
        )
        .orderBy(asc(table.token as Column))
        .limit(sql.placeholder('atOnce')),
    { block, after, atOnce },
  );
  return rows.map(({ token }) => token);
}

/** Adds to the sum of a block what holds of its postings. */
function addPostings(
  db: Kept,
  runner: Runner,
  what: string,
  block: number,
  where: SQL,
  values: Row,
): Promise<void> {
  const { searchPostings: table } = db.tables;
  const rows = sql`select cast(${sql.placeholder('span')} as bigint), ${table.token}, cast(${sql.placeholder('bit')} as bigint)
    from ${table} where ${table.block} = ${sql.placeholder('block')} and ${where}`;
  return addBits(db, runner, what, rows, { span: spanOf(block), bit: bitOf(block), block, ...values });
}

function addBlock(db: Kept, runner: Runner, block: number, token: string): Promise<void> {
  const row = sql`select cast(${sql.placeholder('span')} as bigint), cast(${sql.placeholder('token')} as text), cast(${sql.placeholder('bit')} as bigint) where true`;
  return addBits(db, runner, 'block', row, { span: spanOf(block), bit: bitOf(block), token });
}

async function addBits(
  { tables: { searchSpans: table } }: Kept,
  runner: Runner,
  what: string,
  rows: SQL,
  values: Row,
): Promise<void> {
  await runner.run(
    `add to search spans: ${what}`,
    (on) =>
      on
        .insert(table)
        .select(rows as never)
        .onConflictDoUpdate({
          target: [table.span as Column, table.token as Column],
          set: { blocks: sql.raw('search_spans.blocks | excluded.blocks') } as never,
        }),
    values,
  );
}
