/** The index itself: documents by number, and which of a block of documents have a token. */
import type { Column } from '../../db/columns.ts';
import type { Database, Runner, Session } from '../../db/database.ts';
import { desc, sql } from '../../db/drizzle.ts';
import { BLOCK, changed } from './doc-set.ts';

export type Kept = Pick<Database, 'tables' | 'dialect'>;

/** A record in the index. */
export interface Document {
  readonly number: number;
  readonly kind: string;
  readonly record_id: string;
  readonly marks: readonly string[];
}

const documentColumns = ({ tables: { searchDocuments: table } }: Kept) => ({
  number: table.number as Column,
  kind: table.kind as Column,
  record_id: table.record_id as Column,
  marks: table.marks as Column,
});

/** Those of some records that are in the index, by record id. */
export async function documentsOf(
  db: Kept,
  session: Session,
  ids: readonly string[],
): Promise<Map<string, Document>> {
  const table = db.tables.searchDocuments;
  const rows = await session.all<Document>(
    'search documents of records',
    (on) =>
      on
        .select(documentColumns(db))
        .from(table)
        .where(db.dialect.isAmong(table.record_id as Column, 'ids')),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map((row) => [row.record_id, row]));
}

/** Documents by number. */
export async function documentsAt(
  db: Kept,
  session: Session,
  numbers: readonly number[],
): Promise<Map<number, Document>> {
  const table = db.tables.searchDocuments;
  const rows = await session.all<Document>(
    'search documents at numbers',
    (on) =>
      on
        .select(documentColumns(db))
        .from(table)
        .where(db.dialect.isAmong(table.number as Column, 'numbers')),
    { numbers: db.dialect.list(numbers) },
  );
  return new Map(rows.map((row) => [row.number, row]));
}

/** The highest number given; 0 while nothing is indexed. */
export async function lastNumber({ tables }: Kept, session: Session): Promise<number> {
  const table = tables.searchDocuments;
  const rows = await session.all<{ number: number }>('last search document', (on) =>
    on
      .select({ number: table.number as Column })
      .from(table)
      .orderBy(desc(table.number as Column))
      .limit(1),
  );
  return rows[0]?.number ?? 0;
}

/** Writes documents: new ones, or those whose marks have changed. */
export async function saveDocuments(
  { tables }: Kept,
  session: Session,
  documents: readonly Document[],
): Promise<void> {
  const table = tables.searchDocuments;
  const [number, kind, record_id, marks] = ['number', 'kind', 'record_id', 'marks'].map((name) =>
    sql.placeholder(name),
  );
  for (const one of documents)
    await session.run(
      'save search document',
      (on) =>
        on
          .insert(table)
          .values({ number, kind, record_id, marks } as never)
          .onConflictDoUpdate({
            target: table.number as Column,
            set: { marks: sql.raw('excluded.marks') } as never,
          }),
      { ...one },
    );
}

/** Takes documents out; what they had is taken out of the postings first. */
export async function dropDocuments(
  { tables, dialect }: Kept,
  session: Session,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return;
  const table = tables.searchDocuments;
  await session.run(
    'drop search documents',
    (on) => on.delete(table).where(dialect.isAmong(table.number as Column, 'numbers')),
    { numbers: dialect.list(numbers) },
  );
}

export interface Posting {
  readonly block: number;
  readonly token: string;
  readonly documents: string;
}

/** What some blocks have for some tokens. */
export function postingsOf(
  { tables, dialect }: Kept,
  runner: Runner,
  blocks: readonly number[],
  tokens: readonly string[],
): Promise<Posting[]> {
  const table = tables.searchPostings;
  return runner.all<Posting>(
    'search postings',
    (on) =>
      on
        .select({
          block: table.block as Column,
          token: table.token as Column,
          documents: table.documents as Column,
        })
        .from(table)
        .where(
          sql`${dialect.isAmong(table.block as Column, 'blocks')} and ${dialect.isAmong(table.token as Column, 'tokens')}`,
        ),
    { blocks: dialect.list(blocks), tokens: dialect.list(tokens) },
  );
}

/** What some blocks have for all tokens that begin with a text. */
export function postingsFrom(
  { tables, dialect }: Kept,
  session: Session,
  blocks: readonly number[],
  beginning: string,
): Promise<Posting[]> {
  const table = tables.searchPostings;
  return session.all<Posting>(
    'search postings from',
    (on) =>
      on
        .select({
          block: table.block as Column,
          token: table.token as Column,
          documents: table.documents as Column,
        })
        .from(dialect.eachOf('places'))
        .crossJoin(table)
        .where(beginsWith(table.block as Column, table.token as Column)),
    { places: dialect.list(blocks), ...rangeOf(beginning) },
  );
}

/** What is at each of some `places` and begins with a text, whose `rangeOf` is among the values. */
export const beginsWith = (place: Column, token: Column) =>
  sql`${place} = each_of.value and ${token} >= ${sql.placeholder('from')} and ${token} < ${sql.placeholder('until')}`;
// No text has a character after this one.
export const rangeOf = (beginning: string) => ({ from: beginning, until: `${beginning}\u{10FFFF}` });

/** What becomes of postings, by token: whether a document has it, by the document's number. */
export type Changes = ReadonlyMap<string, ReadonlyMap<number, boolean>>;

/** Tokens of a block that are written in one statement. */
const AT_ONCE = 2000;

/** Applies changes of the documents of one block; returns the tokens that none of it had. */
export async function changePostings(
  db: Kept,
  runner: Runner,
  block: number,
  changes: Changes,
): Promise<string[]> {
  const tokens = [...changes.keys()].sort();
  const added: string[] = [];
  for (let from = 0; from < tokens.length; from += AT_ONCE) {
    const some = tokens.slice(from, from + AT_ONCE);
    const known = new Map(
      (await postingsOf(db, runner, [block], some)).map((row) => [row.token, row.documents]),
    );
    const [kept, gone]: [[string, string][], string[]] = [[], []];
    for (const token of some) {
      const text = changed(known.get(token) ?? '', placesOf(changes.get(token)));
      if (text !== '') kept.push([token, text]);
      else if (known.has(token)) gone.push(token);
    }
    await savePostings(db, runner, block, kept);
    for (const [token] of kept) if (!known.has(token)) added.push(token);
    await dropPostings(db, runner, block, gone);
  }
  return added;
}

function* placesOf(numbers: Iterable<readonly [number, boolean]> = []): Generator<[number, boolean]> {
  for (const [number, has] of numbers) yield [number % BLOCK, has];
}

async function savePostings(
  { tables, dialect }: Kept,
  runner: Runner,
  block: number,
  pairs: readonly [string, string][],
) {
  if (pairs.length === 0) return;
  const table = tables.searchPostings;
  const rows = sql`select cast(${sql.placeholder('block')} as bigint), first, second from ${dialect.eachPair('pairs')} where true`;
  await runner.run(
    'save search postings',
    (on) =>
      on
        .insert(table)
        .select(rows as never)
        .onConflictDoUpdate({
          target: [table.block as Column, table.token as Column],
          set: { documents: sql.raw('excluded.documents') } as never,
        }),
    { block, pairs: JSON.stringify(pairs) },
  );
}

async function dropPostings(
  { tables, dialect }: Kept,
  runner: Runner,
  block: number,
  tokens: readonly string[],
) {
  if (tokens.length === 0) return;
  const table = tables.searchPostings;
  await runner.run(
    'drop search postings',
    (on) =>
      on
        .delete(table)
        .where(
          sql`${table.block} = ${sql.placeholder('block')} and ${dialect.isAmong(table.token as Column, 'tokens')}`,
        ),
    { block, tokens: dialect.list(tokens) },
  );
}
