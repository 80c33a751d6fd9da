/** Facets: how many of what a list or search holds have each value of a field. */
import type { Column, Table } from '../../db/columns.ts';
import type { Row, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { type Sampled, sampled } from '../../engine/bounds.ts';
import type { Engine } from '../../engine/engine.ts';
import { facetNames } from '../../engine/parameters.ts';
import { conditionsOf, type Plan, shapeOf, sourceOf, valuesOf } from '../../engine/plan.ts';
import { tableOf } from '../../engine/select.ts';
import { kindNamed } from '../../model/kinds.ts';
import { DocSet } from './doc-set.ts';
import type { Collected } from './find.ts';
import { postingsFrom } from './postings.ts';
import { kindMark, markToken } from './tokens.ts';

export interface Facet {
  /** The most frequent first. */
  readonly values: readonly {
    readonly value: string;
    readonly label: string | null;
    readonly count: number;
  }[];
  /** False where only a part was counted, or phrases were taken on trust. */
  readonly exact: boolean;
}

/** Values shown of a facet at most. */
export const MOST_VALUES = 100;
/** Records of a list without words that are looked at at most, in the order of their ids where filters leave more. */
export const MOST_COUNTED = 100_000;
/** Blocks read at a time. */
const AT_ONCE = 64;

type Counts = Map<string, number>;

/** Counts of what a search found; `across` kinds, `kind` is the kind of record. */
export async function facetsOfHits(
  engine: Pick<Engine, 'db'>,
  session: Session,
  names: readonly string[],
  { sets, complete }: Collected,
  sure: boolean,
  across = false,
): Promise<Record<string, Facet>> {
  const facets: Record<string, Facet> = {};
  const blocks = [...sets.keys()];
  for (const name of names) {
    const counts: Counts = new Map();
    const beginning = markToken(across && name === 'kind' ? kindMark('') : `${name}=`);
    for (let from = 0; from < blocks.length; from += AT_ONCE) {
      for (const row of await postingsFrom(
        engine.db,
        session,
        blocks.slice(from, from + AT_ONCE),
        beginning,
      )) {
        const found = (sets.get(row.block) ?? new DocSet()).and(DocSet.of(row.documents)).size;
        const value = row.token.slice(beginning.length);
        if (found > 0) counts.set(value, (counts.get(value) ?? 0) + found);
      }
    }
    facets[name] = await labelled(engine, session, name, counts, complete && sure);
  }
  return facets;
}

/** Counts of what a list without words holds. */
export async function facetsOfList(plan: Plan, names: readonly string[]): Promise<Record<string, Facet>> {
  const { engine, session, kind } = plan;
  const fields = facetNames(kind);
  const facets: Record<string, Facet> = {};
  // Without filters the first so many are no more than that to look at.
  const looked: Sampled = plan.conditions.length > 0 ? await sampled(plan, MOST_COUNTED) : { plan };
  const { from } = sourceOf(looked.plan);
  for (const name of names) {
    const field = fields.get(name) as string;
    const { rows: kept } = kind.fields[field] ?? {};
    const rows = await session.all<{ value: string | null; count: number; seen: number }>(
      `facet ${name} ${shapeOf(looked.plan)}`,
      (on) => {
        const table = tableOf(engine.db, kind);
        const held = sql`select ${kept ? table.id : (table[field] as Column)} as value from ${from}
          where ${sql.join([sql`true`, ...conditionsOf(looked.plan)], sql` and `)}
          ${looked.plan.way ? sql`` : sql`order by ${table.id}`} limit ${sql.raw(String(MOST_COUNTED + 1))}`;
        return kept
          ? countLinks(on, engine.db.tables.rows.get(kept.table) as Table, kept.owner, held)
          : countValues(on, held);
      },
      valuesOf(looked.plan),
    );
    const counts: Counts = new Map();
    for (const { value, count } of rows) if (value !== null) counts.set(value, Number(count));
    const whole = looked.whole ?? Number(rows[0]?.seen ?? 0) <= MOST_COUNTED;
    facets[name] = await labelled(engine, session, name, counts, whole);
  }
  return facets;
}

type On = Parameters<Parameters<Session['all']>[1]>[0];

function countValues(on: On, held: SQL) {
  return on
    .select({
      value: sql<string>`value`,
      count: sql<number>`count(*)`,
      seen: sql<number>`sum(count(*)) over ()`,
    })
    .from(sql`(${held}) as held`)
    .groupBy(sql`value`);
}

function countLinks(on: On, links: Table, owner: string, held: SQL) {
  const value = links.topic_id as Column;
  return on
    .select({
      value,
      count: sql<number>`count(*)`,
      seen: sql<number>`(select count(*) from (${held}) as counted)`,
    })
    .from(links)
    .where(sql`${links[owner] as Column} in (select value from (${held}) as held)`)
    .groupBy(value);
}

/** The most frequent values, with the names of those that are ids. */
async function labelled(
  { db }: Pick<Engine, 'db'>,
  session: Session,
  name: string,
  counts: Counts,
  exact: boolean,
): Promise<Facet> {
  const order = ([a, left]: [string, number], [b, right]: [string, number]) =>
    right - left || (a < b ? -1 : 1);
  const top = [...counts].sort(order).slice(0, MOST_VALUES);
  const names = new Map<string, string>();
  if (name === 'jurisdiction' || name === 'topic') {
    const table = tableOf(db, kindNamed(name));
    const rows = await session.all<Row>(
      `labels of ${name}`,
      (on) =>
        on
          .select({ id: table.id as Column, slug: table.slug as Column })
          .from(table)
          .where(db.dialect.isAmong(table.id as Column, 'ids')),
      { ids: db.dialect.list(top.map(([id]) => id)) },
    );
    for (const { id, slug } of rows) names.set(String(id), String(slug));
  }
  return { values: top.map(([value, count]) => ({ value, label: names.get(value) ?? null, count })), exact };
}
