/** Walking a list in its order: keyset pages, and crawls that stay whole while records are written. */
import type { Column, Table } from '../db/columns.ts';
import type { Row } from '../db/database.ts';
import { asc, desc, sql } from '../db/drizzle.ts';
import { type Bounded, boundedRows, type Place } from './bounds.ts';
import { compareKeys } from './order.ts';
import {
  beyond,
  conditionsOf,
  type Plan,
  placeColumns,
  placeConditions,
  shapeOf,
  sourceOf,
  stands,
  valuesOf,
} from './plan.ts';
import { selection, tableOf } from './select.ts';
import { isPlain } from './ways.ts';

/** A row with the sort key by which it was met. */
export interface Keyed {
  readonly key: string;
  readonly row: Row;
}

/** The place of a row in its order. */
export function placeOf(row: Keyed | undefined): Place | undefined {
  return row && { key: row.key, id: row.row.id as string };
}

/**
 * The page's rows and one more. A crawl keeps to the order as it was at its first page's revision: records that
 * have moved in the order since (or are new) are left out of the walk, and those that lived then are met at the
 * place they had then, which `sort_moves` remembers. So each is met once, whatever is written meanwhile.
 */
export async function keyedRows(plan: Plan): Promise<readonly Keyed[]> {
  return (await withMoved(plan, { rows: await walk(plan) })).rows;
}

/** The same, at a cost that no filter can raise: rows up to a place, where more may come after it. */
export async function pageRows(plan: Plan): Promise<Bounded<Keyed>> {
  return withMoved(plan, isPlain(plan) ? { rows: await walk(plan) } : await boundedRows(plan, walk));
}

async function withMoved(plan: Plan, still: Bounded<Keyed>): Promise<Bounded<Keyed>> {
  if (plan.from === undefined || plan.from.revision === plan.revision || stands(plan.sort)) return still;
  const moved = await walkMoved(plan);
  if (moved.length === 0) return still;
  const sign = plan.sort.startsWith('-') ? -1 : 1;
  const at = ({ key, row }: Keyed) => ({ key, id: row.id as string });
  const order = (a: Keyed, b: Keyed) => sign * compareKeys(at(a), at(b));
  const { reached } = still;
  const met = reached ? moved.filter((one) => sign * compareKeys(at(one), reached) <= 0) : moved;
  const rows = [...still.rows, ...met].sort(order).slice(0, plan.limit + 1);
  return reached === undefined || rows.length > plan.limit ? { rows } : { rows, reached };
}

async function walk(plan: Plan): Promise<Keyed[]> {
  const { engine, session, kind, from, wanted } = plan;
  const rows = await session.all(
    `list ${shapeOf(plan)} ${from ? 'on' : ''}`,
    (on) => {
      const [key] = placeColumns(plan, tableOf(engine.db, kind));
      const source = sourceOf(plan);
      return on
        .select(source.selected({ ...selection(engine.db, kind, wanted), [KEY]: key }))
        .from(source.from as Table)
        .where(sql.join([sql`true`, ...conditionsOf(plan), ...placeConditions(plan)], sql` and `))
        .orderBy(...source.order)
        .limit(sql.placeholder('limit'));
    },
    valuesOf(plan),
  );
  return rows.map(withoutKey);
}

/** Records that have moved since the crawl began, at the place they had when it began. */
async function walkMoved(plan: Plan): Promise<Keyed[]> {
  const { engine, session, kind, sort, wanted } = plan;
  const rows = await session.all(
    `moved ${shapeOf(plan)}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const moves = engine.db.tables.sortMoves;
      const revision = sql.placeholder('revision');
      const then = sql`${moves.kind} = ${kind.name} and ${moves.sort} = ${sort.replace('-', '')}
        and ${moves.until} > ${revision} and ${moves.since} <= ${revision}`;
      const [key, id] = [moves.key as Column, moves.record_id as Column];
      const direction = sort.startsWith('-') ? desc : asc;
      return on
        .select({ ...selection(engine.db, kind, wanted), [KEY]: key })
        .from(moves)
        .innerJoin(table, sql`${table.id} = ${id}`)
        .where(sql.join([then, ...conditionsOf(plan), beyond(plan, key, id)], sql` and `))
        .orderBy(direction(key), direction(id))
        .limit(sql.placeholder('limit'));
    },
    valuesOf(plan),
  );
  return rows.map(withoutKey);
}

const KEY = '\u0000key';

function withoutKey(selected: Row): Keyed {
  const { [KEY]: key, ...row } = selected;
  return { key: key as string, row };
}
