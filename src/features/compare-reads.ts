/** What a comparison reads of policies: their parts, and their provisions; each in one statement that is bounded. */
import type { Column, Table } from '../db/columns.ts';
import type { Row } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Including } from '../engine/include.ts';
import { compareKeys } from '../engine/order.ts';
import { selection, tableOf, toRecord } from '../engine/select.ts';
import { Problem } from '../errors.ts';
import { fold, type PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';

/** Most parts of all the packages of a comparison, and most provisions in its cells. */
export const MOST_PARTS = 500;
export const MOST_PROVISIONS = 1000;

type Reading = Pick<Including, 'engine' | 'session'>;

/** A policy with the policies that make it up: itself, then its parts by title. */
export interface Package {
  readonly id: string;
  readonly policies: readonly string[];
}

/** How many provisions a policy has, and how many of them are filed under a measure. */
export interface Counted {
  readonly provisions: number;
  readonly measured: number;
}

/** Some policies with their parts, one level deep; 400 when they are too many. */
export async function partsOf({ engine, session }: Reading, ids: readonly string[]): Promise<Package[]> {
  const { db } = engine;
  const policies = tableOf(db, kindNamed('policy'));
  const rows = await session.all<{ id: string; parent_id: string; title: string }>(
    'parts of policies',
    (on) =>
      on
        .select({
          id: policies.id as Column,
          parent_id: policies.parent_id as Column,
          title: policies.title as Column,
        })
        .from(policies)
        .where(among(db, policies, 'parent_id'))
        .limit(MOST_PARTS + 1),
    { ids: db.dialect.list(ids) },
  );
  if (rows.length > MOST_PARTS) throw tooMany(`more than ${MOST_PARTS} parts`);
  // Sorted here: no engine may take it for a reason to walk another index.
  const byTitle = ({ title, id }: { title: string; id: string }) => ({ key: fold(title), id });
  rows.sort((a, b) => compareKeys(byTitle(a), byTitle(b)));
  const parts = Map.groupBy(rows, ({ parent_id }) => parent_id);
  return ids.map((id) => ({ id, policies: [id, ...(parts.get(id) ?? []).map((part) => part.id)] }));
}

/** How many live provisions each of some policies has; those with none are missing. */
export async function countsOf(
  { engine, session }: Reading,
  ids: readonly string[],
): Promise<Map<string, Counted>> {
  const { db } = engine;
  const provisions = tableOf(db, kindNamed('provision'));
  const rows = await session.all<Counted & { policy_id: string }>(
    'provisions counted',
    (on) =>
      on
        .select({
          policy_id: provisions.policy_id as Column,
          provisions: sql<number>`count(*)`.mapWith(Number),
          measured: sql<number>`count(${provisions.measure_id})`.mapWith(Number),
        })
        .from(provisions)
        .where(among(db, provisions, 'policy_id'))
        .groupBy(provisions.policy_id as Column),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map(({ policy_id, ...counted }) => [policy_id, counted]));
}

/** The live provisions of some policies that are filed under a measure (one of some, where given), by position; 400 when they are too many. */
export async function provisionsOf(
  { engine, session }: Reading,
  ids: readonly string[],
  measures: readonly string[] | undefined,
): Promise<PublicRecord[]> {
  const { db } = engine;
  const kind = kindNamed('provision');
  const provisions = tableOf(db, kind);
  const wanted = { large: [], restricted: false, deleted: false };
  const rows = await session.all(
    `provisions compared ${measures === undefined}`,
    (on) => {
      const measure = provisions.measure_id as Column;
      const filed = measures ? db.dialect.isAmong(measure, 'measures') : sql`${measure} is not null`;
      return on
        .select(selection(db, kind, wanted))
        .from(provisions)
        .where(sql`${among(db, provisions, 'policy_id')} and ${filed}`)
        .limit(MOST_PROVISIONS + 1);
    },
    { ids: db.dialect.list(ids), ...(measures ? { measures: db.dialect.list(measures) } : {}) },
  );
  if (rows.length > MOST_PROVISIONS)
    throw tooMany(`more than ${MOST_PROVISIONS} provisions of these measures`);
  const place = ({ position, id }: Row) => ({ key: String(position).padStart(16, '0'), id: String(id) });
  return rows.sort((a, b) => compareKeys(place(a), place(b))).map((row) => toRecord(kind, row));
}

function among(db: Reading['engine']['db'], table: Table, column: string) {
  return sql`${db.dialect.isAmong(table[column] as Column, 'ids')} and ${table.deleted_at} is null`;
}

function tooMany(what: string): Problem {
  return new Problem('invalid-parameter', `The policies have ${what} together.`, {
    errors: [
      {
        parameter: 'policies',
        message: `have ${what}`,
        expected: 'fewer policies, or a few measures by name',
      },
    ],
  });
}
