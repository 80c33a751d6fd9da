/**
 * Finding the utterance that a quotation reports, through rewording, cuts and ellipses, among millions.
 *
 * The wordings that share rare runs of words with the quotation are looked up (`shingles.ts`), and the most promising
 * are laid beside it word by word (`alignment.ts`). An inverted index of runs rather than MinHash: a quotation is
 * often a small part of what was said, and MinHash finds texts that are alike as wholes: among 100,000 utterances
 * (`npm run bench:similar`) a fifth of one was found 100 times in 100 and by MinHash 79, one with other word endings
 * 99 times and 83. All that a request can cost is bounded below, whatever is asked: places looked up, rows read for
 * each, candidates, words compared; so a million utterances cost hardly more than a hundred thousand.
 */
import type { Column, Table } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import { attachIncludes } from '../engine/include.ts';
import { revisionOf } from '../engine/list.ts';
import { selection, tableOf, toRecord } from '../engine/select.ts';
import { Problem } from '../errors.ts';
import type { PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { type Alignment, align, type Quotation, quotation } from './alignment.ts';
import { probesOf, WIDTHS, wholeShingle, wordPieces } from './shingles.ts';
import type { Worded } from './wordings.ts';
import { isComplete } from './wordings-fill.ts';

/** Longest quotation, in characters, and in words (letters, of scripts without spaces). */
export const LONGEST = 2000;
export const MOST_WORDS = 400;
/** Least score of an answer: what is less alike is no more likely a report of the utterance than not. */
export const THRESHOLD = 0.5;
/** Places of the quotation that are looked up at most. */
const PLACES = 48;
/** Wordings read for each run of words; a run that more have is common, and says too little to go by. */
const COMMON = 250;
/** Places from which even three words are common that are looked up all the same, and wordings read for each. */
const COMMON_PLACES = 12;
const READ_OF_COMMON = 2000;
/** Wordings laid beside the quotation at most, and pairs of words after which no further one is. */
const CANDIDATES = 100;
const PAIRS = 2_000_000;
/** What the share of the wording, and its order, make of the score at most. */
const WHOLE = 0.25;
const ORDER = 0.05;

/** How a score is made, in a sentence. */
export const RULE = `score = coverage_of_quotation × (${1 - WHOLE} + ${WHOLE} × coverage_of_wording), less ${ORDER * 100} % when the shared words are not in order; words weigh by their letters, up to 8, and another form of a word (stop, stopping) counts half.`;

export interface SimilarQuery {
  readonly text: string;
  readonly limit: number;
  readonly min_score: number;
  readonly include?: readonly string[];
}

/** A wording that may be what a quotation reports, as it was found. */
export interface Candidate {
  readonly number: number;
  readonly kind: Worded;
  readonly record_id: string;
  readonly statement_id: string;
  readonly source_id: string | null;
  readonly text: string;
}

/** A wording, how the quotation lies in it, and what that is worth, 0 to 1. */
export interface Placed {
  readonly candidate: Candidate;
  readonly alignment: Alignment;
  readonly score: number;
}

/** Utterances that a quotation may be a report of, best first; 400 when it has no word or too many. */
export async function similar(engine: Engine, query: SimilarQuery) {
  refuseEndless(query);
  const pieces = wordPieces(query.text);
  const words = pieces.flat();
  if (words.length === 0 || words.length > MOST_WORDS) throw outOfRange(words.length);
  return engine.db.read(async (session) => {
    const revision = await revisionOf(session, engine);
    const placed = (await placesOf(engine.db, session, pieces))
      .filter(({ score }) => score >= query.min_score)
      .slice(0, query.limit);
    const records = await statementsOf(engine, session, placed, revision, query.include ?? []);
    const data = placed.flatMap((one) => {
      const statement = records.get(one.candidate.statement_id);
      return statement ? [{ ...explained(one), statement }] : [];
    });
    const complete = await isComplete(engine.db, session);
    return { data, meta: { limit: query.limit, revision, min_score: query.min_score, complete, rule: RULE } };
  });
}

/** The validator takes `Infinity` for a number, and does not hold it against the maximum. */
function refuseEndless(query: SimilarQuery): void {
  const errors = (['limit', 'min_score'] as const)
    .filter((name) => !Number.isFinite(query[name]))
    .map((parameter) => ({ parameter, message: 'is no number', expected: 'a number within the bounds' }));
  if (errors.length > 0) throw new Problem('invalid-parameter', 'A parameter is not right.', { errors });
}

function outOfRange(got: number): Problem {
  const message = got === 0 ? 'has no word' : `has ${got} words`;
  const expected = `a quotation of 1 to ${MOST_WORDS} words`;
  return new Problem('invalid-parameter', 'A parameter is not right.', {
    errors: [{ parameter: 'text', message, expected }],
  });
}

/** The best wording of each statement that shares anything with a quotation, best first; of equals, the one known longer. */
export async function placesOf(
  db: Database,
  session: Session,
  pieces: readonly (readonly string[])[],
): Promise<Placed[]> {
  const numbers = await promising(db, session, pieces);
  const candidates = await candidatesOf(db, session, numbers);
  const quoted = quotation(pieces.flat());
  const best = new Map<string, Placed>();
  let pairs = 0;
  for (const candidate of candidates) {
    if (pairs > PAIRS) break;
    const wording = wordPieces(candidate.text).flat();
    pairs += wording.length * quoted.words.length;
    const placed = place(quoted, candidate, wording);
    if (placed === undefined) continue;
    const known = best.get(candidate.statement_id);
    if (known === undefined || placed.score > known.score) best.set(candidate.statement_id, placed);
  }
  return [...best.values()].sort((a, b) => b.score - a.score || a.candidate.number - b.candidate.number);
}

/** How a quotation lies in a wording; undefined when too little of it does. */
export function place(
  quoted: Quotation,
  candidate: Candidate,
  wording: readonly string[],
): Placed | undefined {
  const alignment = align(quoted, wording, THRESHOLD);
  return alignment && { candidate, alignment, score: scoreOf(alignment) };
}

function scoreOf({ ofQuotation, ofWording, inOrder }: Alignment): number {
  return ofQuotation * (1 - WHOLE + WHOLE * ofWording) * (inOrder ? 1 : 1 - ORDER);
}

/** The wordings that share most with a quotation, by their numbers, from the most promising on. */
async function promising(
  db: Database,
  session: Session,
  pieces: readonly (readonly string[])[],
): Promise<number[]> {
  const runs = probesOf(pieces, PLACES).map((probe) => probe.filter((start) => start !== null));
  const whole = wholeShingle(pieces);
  const rare = await listsOf(db, session, [whole, ...runs.flat()], { common: false });
  // From each place on, the shortest run that is not common: whoever has a longer one has that, too.
  const chosen = new Set(runs.flatMap((of) => of.find((start) => rare.has(start)) ?? []));
  // Where even three words are common, those who share several such runs are told from those who share one.
  const left = runs.filter((of) => !of.some((start) => rare.has(start))).slice(0, COMMON_PLACES);
  const longest = left.map((of) => of.at(-1) as number);
  const common = longest.length > 0 ? await listsOf(db, session, longest, { common: true }) : new Map();
  const ordered = ranked([...[...chosen].map((start) => rare.get(start) as number[]), ...common.values()]);
  const same = rare.get(whole) ?? [];
  return [...new Set([...same, ...ordered])].slice(0, CANDIDATES);
}

/** For ranges of shingles, by their starts, the wordings in them: all of those that are not common, or the first of any. */
async function listsOf(
  { tables, dialect }: Database,
  session: Session,
  starts: readonly number[],
  { common }: { readonly common: boolean },
): Promise<Map<number, readonly number[]>> {
  const { shingle, wording } = tables.wordingShingles as Readonly<Record<string, Column>>;
  const [, two, one] = WIDTHS.map((width) => sql.raw(String(width)));
  const start = sql<number>`each_of.value`;
  // The words after the first are never 0, so the zeros of a start say how many words it stands for.
  const end = sql`${start} + case when ${start} % ${one} = 0 then ${one} when ${start} % ${two} = 0 then ${two} else 1 end`;
  const range = sql`select ${wording} as value from ${tables.wordingShingles}
    where ${shingle} >= ${start} and ${shingle} < ${end} order by ${shingle}, ${wording}`;
  const most = sql.raw(String(common ? READ_OF_COMMON : COMMON));
  const rows = await session.all<{ start: number; list: number[] }>(
    `wordings by shingles ${common}`,
    (on) =>
      on
        .select({ start: start.mapWith(Number), list: dialect.listed(sql`${range} limit ${most}`) })
        .from(dialect.eachOf('starts'))
        .where(common ? sql`true` : sql`(${range} limit 1 offset ${most}) is null`),
    { starts: dialect.list([...new Set(starts)]) },
  );
  return new Map(rows.map(({ start: of, list }) => [of, list]));
}

/** Wordings by how many of the lists they are in, short lists counting more. */
function ranked(lists: readonly (readonly number[])[]): number[] {
  const worth = new Map<number, number>();
  for (const list of lists) {
    // How many runs are shared counts most, and then how rare they are: from 12 for one of its own down to 1.
    const value = 4 + Math.log2(COMMON / Math.max(list.length, 1));
    for (const number of new Set(list)) worth.set(number, (worth.get(number) ?? 0) + value);
  }
  return [...worth].sort(([a, x], [b, y]) => y - x || a - b).map(([number]) => number);
}

/** The wordings of these numbers that count today, in that order: no record deleted, no report or source withdrawn. */
async function candidatesOf(
  { tables, dialect }: Database,
  session: Session,
  numbers: readonly number[],
): Promise<Candidate[]> {
  const { wordings } = tables;
  const [statements, reports, sources] = ['statement', 'statement_report', 'source'].map((kind) =>
    tableOf({ tables }, kindNamed(kind)),
  ) as [Table, Table, Table];
  const rows = await session.all<Candidate>(
    'wordings by number',
    (on) =>
      on
        .select({
          number: wordings.number as Column,
          kind: wordings.kind as Column,
          record_id: wordings.record_id as Column,
          statement_id: sql<string>`coalesce(${statements.id}, ${reports.statement_id})`,
          source_id: reports.source_id as Column,
          text: sql<string>`coalesce(${statements.text}, ${reports.quoted_text})`,
        })
        .from(wordings)
        .leftJoin(
          statements,
          sql`${statements.id} = ${wordings.record_id} and ${statements.deleted_at} is null`,
        )
        .leftJoin(
          reports,
          sql`${reports.id} = ${wordings.record_id} and ${reports.deleted_at} is null
            and ${reports.report_status} in ('live', 'corrected')`,
        )
        .leftJoin(sources, sql`${sources.id} = ${reports.source_id}`)
        .where(
          sql`${dialect.isAmong(wordings.number as Column, 'numbers')}
            and (${statements.id} is not null or ${sources.status} <> 'retracted')`,
        ),
    { numbers: dialect.list(numbers) },
  );
  const found = new Map(rows.map((row) => [row.number, row]));
  return numbers.flatMap((number) => found.get(number) ?? []);
}

/** The statements that were found, as lists have them, by id. */
async function statementsOf(
  engine: Engine,
  session: Session,
  placed: readonly Placed[],
  revision: number,
  include: readonly string[],
): Promise<Map<string, PublicRecord>> {
  const kind = kindNamed('statement');
  const table = tableOf(engine.db, kind);
  const wanted = { large: [], restricted: false, deleted: false };
  const rows = await session.all(
    'similar statements',
    (on) =>
      on
        .select(selection(engine.db, kind, wanted))
        .from(table)
        .where(sql`${engine.db.dialect.isAmong(table.id as Column, 'ids')} and ${table.deleted_at} is null`),
    { ids: engine.db.dialect.list(placed.map(({ candidate }) => candidate.statement_id)) },
  );
  const records = rows.map((row) => toRecord(kind, row));
  const context = { engine, session, restricted: false, single: false, revision };
  const full = await attachIncludes(context, kind, records, include);
  return new Map(full.map((record) => [record.id, record]));
}

/** A score, and what it was made of. */
export function explained({ candidate, alignment, score }: Placed) {
  const report = candidate.kind === 'statement_report';
  const explanation = {
    words: alignment.words,
    same_words: alignment.same,
    alike_words: alignment.alike,
    coverage_of_quotation: rounded(alignment.ofQuotation),
    coverage_of_wording: rounded(alignment.ofWording),
    in_order: alignment.inOrder,
    shared: alignment.stretches,
    wording: {
      of: candidate.kind,
      text: candidate.text,
      statement_report_id: report ? candidate.record_id : null,
      source_id: candidate.source_id,
    },
  };
  return { score: rounded(score), explanation };
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
