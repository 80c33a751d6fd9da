/**
 * The index of wordings: every known wording of an utterance (a statement's text, the words of each of its reports)
 * with its shingles. Each row follows from one record alone, so that a record's own write keeps it in step; which
 * wordings count (a report may be retracted since) is judged when they are looked up.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Column, Table } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Derivation } from '../engine/engine.ts';
import type { PublicRecord } from '../model/declare.ts';
import { shinglesOf, wordPieces } from './shingles.ts';

/** The field of each kind that holds a wording. */
export const WORDED = { statement: 'text', statement_report: 'quoted_text' } as const;

export type Worded = keyof typeof WORDED;

/** The derivations, with the index of wordings kept in step too. */
export function withWordings(
  db: Database,
  derivations: Readonly<Record<string, Derivation>>,
): Readonly<Record<string, Derivation>> {
  const indexed = Object.entries(WORDED).map(([kind, field]) => {
    const index: Derivation['index'] = ({ session }, after, before) =>
      keepWording(db, session, kind as Worded, after.id, {
        now: after.deleted_at ? null : textOf(after, field),
        before: before === undefined ? undefined : textOf(before, field),
      });
    return [kind, { ...derivations[kind], index }] as const;
  });
  return { ...derivations, ...Object.fromEntries(indexed) };
}

function textOf(record: PublicRecord, field: string): string | null {
  return (record[field] ?? null) as string | null;
}

/** The shingles of a wording; none of one without words. */
export function indexedShingles(text: string): number[] {
  return shinglesOf(wordPieces(text));
}

/** Brings the index from what a record said before (undefined: it is new) to what it says now (null: nothing). */
export async function keepWording(
  db: Database,
  session: Session,
  kind: Worded,
  id: string,
  { now, before }: { readonly now: string | null; readonly before: string | null | undefined },
): Promise<void> {
  // A record that was deleted or is not yet indexed has no number, and then nothing was kept of it.
  const known = before === undefined ? undefined : await numberOf(db, session, id);
  const [wanted, kept] = [
    now === null ? [] : indexedShingles(now),
    known === undefined ? [] : indexedShingles(before ?? ''),
  ];
  if (isDeepStrictEqual(wanted, kept)) return;
  const number = known ?? (await addNumber(db, session, kind, id));
  const [old, fresh] = [new Set(kept), new Set(wanted)];
  await dropShingles(
    db,
    session,
    number,
    kept.filter((one) => !fresh.has(one)),
  );
  await addShingles(
    db,
    session,
    number,
    wanted.filter((one) => !old.has(one)),
  );
  if (wanted.length === 0) await dropNumber(db, session, number);
}

/** The number a record's wording has in the index; undefined while it has none. */
export async function numberOf(
  { tables }: Database,
  session: Session,
  id: string,
): Promise<number | undefined> {
  const { wordings } = tables;
  const rows = await session.all<{ number: number }>(
    'number of wording',
    (on) =>
      on
        .select({ number: wordings.number as Column })
        .from(wordings)
        .where(sql`${wordings.record_id} = ${sql.placeholder('id')}`),
    { id },
  );
  return rows[0]?.number;
}

async function addNumber({ tables }: Database, session: Session, kind: Worded, id: string): Promise<number> {
  const { wordings } = tables;
  const last = await session.all<{ last: number | null }>('last wording', (on) =>
    on
      .select({ last: sql<number | null>`max(${wordings.number})`.mapWith(wordings.number as Column) })
      .from(wordings),
  );
  const number = (last[0]?.last ?? 0) + 1;
  const [n, k, r] = ['number', 'kind', 'record_id'].map((name) => sql.placeholder(name));
  await session.run(
    'add wording',
    (on) => on.insert(wordings).values({ number: n, kind: k, record_id: r } as never),
    {
      number,
      kind,
      record_id: id,
    },
  );
  return number;
}

async function dropNumber({ tables }: Database, session: Session, number: number): Promise<void> {
  const { wordings } = tables;
  await session.run(
    'drop wording',
    (on) => on.delete(wordings).where(sql`${wordings.number} = ${sql.placeholder('number')}`),
    { number },
  );
}

/** All shingles in one statement, however many. */
async function addShingles(
  { tables, dialect }: Database,
  session: Session,
  number: number,
  shingles: readonly number[],
): Promise<void> {
  if (shingles.length === 0) return;
  const table: Table = tables.wordingShingles;
  const rows = sql`select value, cast(${sql.placeholder('number')} as bigint) from ${dialect.eachOf('shingles')}`;
  await session.run('add shingles', (on) => on.insert(table).select(rows as never), {
    number,
    shingles: dialect.list(shingles),
  });
}

async function dropShingles(
  { tables, dialect }: Database,
  session: Session,
  number: number,
  shingles: readonly number[],
): Promise<void> {
  if (shingles.length === 0) return;
  const table: Table = tables.wordingShingles;
  const among = dialect.isAmong(table.shingle as Column, 'shingles');
  await session.run(
    'drop shingles',
    (on) => on.delete(table).where(sql`${among} and ${table.wording} = ${sql.placeholder('number')}`),
    { number, shingles: dialect.list(shingles) },
  );
}
