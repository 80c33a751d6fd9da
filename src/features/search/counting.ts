/** Counts of what a list or search holds: how many that is, and how many of it have each value of a field. */
import type { Column, Table } from '../../db/columns.ts';
import type { Row, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { sampled, type Total } from '../../engine/bounds.ts';
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
/** Rows of the index read for all facets of an answer, the newest blocks' first, and blocks read at a time. */
const MOST_ROWS = 40_000;
const MOST_BLOCKS = 256;

type Counts = Map<string, number>;

/** How many hits there are; `sure` where none was taken on trust. */
export function totalOfHits({ sets, complete }: Collected, sure: boolean): Total {
  const total = sets.values().reduce((sum, set) => sum + set.size, 0);
  if (!sure) return { total, total_is: 'about' };
  return { total, total_is: complete ? 'exact' : 'at_least' };
}

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
  const most = Math.floor(MOST_ROWS / names.length);
  for (const name of names) {
    const counts: Counts = new Map();
    const beginning = markToken(across && name === 'kind' ? kindMark('') : `${name}=`);
    const blocks = [...sets.keys()];
    let rows = 0;
    for (let size = 1; blocks.length > 0 && rows < most; ) {
      const some = blocks.splice(0, size);
      const held = await postingsFrom(engine.db, session, some, beginning);
      for (const { block, token, documents } of held) {
        const found = (sets.get(block) as DocSet).and(DocSet.of(documents)).size;
        const value = token.slice(beginning.length);
        if (found > 0) counts.set(value, (counts.get(value) ?? 0) + found);
      }
      rows += held.length;
      // As many as leave the rows within the bound, if they have as many values as these.
      size = Math.max(1, Math.min(MOST_BLOCKS, Math.floor(((most - rows) * size) / (held.length + 1))));
    }
    facets[name] = await labelled(engine, session, name, counts, complete && sure && blocks.length === 0);
  }
  return facets;
}

/** Counts of what a list holds by filters that the index of words does not know, or of a kind it does not have. */
export async function facetsOfList(plan: Plan, names: readonly string[]): Promise<Record<string, Facet>> {
  const { engine, session, kind } = plan;
  const fields = facetNames(kind);
  const facets: Record<string, Facet> = {};
  const { plan: looked, whole } = await sampled(plan);
  const { from } = sourceOf(looked);
  for (const name of names) {
    const field = fields.get(name) as string;
    const { rows: kept } = kind.fields[field] ?? {};
    const rows = await session.all<{ value: string | null; count: number }>(
      `facet ${name} ${shapeOf(looked)}`,
      (on) => {
        const table = tableOf(engine.db, kind);
        const held = sql`select ${kept ? table.id : (table[field] as Column)} as value from ${from}
          where ${sql.join([sql`true`, ...conditionsOf(looked)], sql` and `)}`;
        return kept
          ? countLinks(on, engine.db.tables.rows.get(kept.table) as Table, kept.owner, held)
          : countValues(on, held);
      },
      valuesOf(looked),
    );
    const counts: Counts = new Map();
    for (const { value, count } of rows) if (value !== null) counts.set(value, Number(count));
    facets[name] = await labelled(engine, session, name, counts, whole);
  }
  return facets;
}

type On = Parameters<Parameters<Session['all']>[1]>[0];

function countValues(on: On, held: SQL) {
  return on
    .select({ value: sql<string>`value`, count: sql<number>`count(*)` })
    .from(sql`(${held}) as held`)
    .groupBy(sql`value`);
}

function countLinks(on: On, links: Table, owner: string, held: SQL) {
  const value = links.topic_id as Column;
  return on
    .select({ value, count: sql<number>`count(*)` })
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
