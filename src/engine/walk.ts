/** Walking a list in its order: keyset pages, and crawls that stay whole while records are written. */
import type { Column } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { asc, desc, type SQL, sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import type { Kind } from '../model/declare.ts';
import type { Position } from './cursor.ts';
import type { Engine } from './engine.ts';
import { type Condition, runningValues, type Scope, TODAY } from './filters.ts';
import { compareKeys } from './order.ts';
import { selection, selectionShape, tableOf, type Wanted } from './select.ts';

/** All that decides which rows a page has. */
export interface Plan {
  readonly engine: Engine;
  readonly session: Session;
  readonly kind: Kind;
  readonly sort: string;
  readonly conditions: readonly Condition[];
  readonly from: Position | undefined;
  readonly revision: number;
  readonly wanted: Wanted;
  readonly limit: number;
}

/** A row with the sort key by which it was met. */
export interface Keyed {
  readonly key: string;
  readonly row: Row;
}

/**
 * The page's rows and one more. A crawl keeps to the order as it was at its first page's revision: records that
 * have moved in the order since (or are new) are left out of the walk, and those that lived then are met at the
 * place they had then, which `sort_moves` remembers. So each is met once, whatever is written meanwhile.
 */
export async function keyedRows(plan: Plan): Promise<Keyed[]> {
  const still = await walk(plan);
  if (plan.from === undefined || plan.from.revision === plan.revision || stands(plan.sort)) return still;
  const moved = await walkMoved(plan);
  if (moved.length === 0) return still;
  const sign = plan.sort.startsWith('-') ? -1 : 1;
  const at = ({ key, row }: Keyed) => ({ key, id: row.id as string });
  const order = (a: Keyed, b: Keyed) => sign * compareKeys(at(a), at(b));
  return [...still, ...moved].sort(order).slice(0, plan.limit + 1);
}

/** Whether records never move in this order; new ones are then met at its end, which a crawl may as well. */
export function stands(sort: string): boolean {
  return sort.endsWith('created_at');
}

function scopeOf({ engine, kind }: Pick<Plan, 'engine' | 'kind'>): Scope {
  const table = tableOf(engine.db, kind);
  return { db: engine.db, column: (name) => sql`${table[name] as Column}` };
}

/** The conditions that the rows of a plan satisfy. */
export function conditionsOf(plan: Plan): SQL[] {
  const scope = scopeOf(plan);
  const live = plan.wanted.deleted ? [] : [sql`${scope.column('deleted_at')} is null`];
  return [...live, ...plan.conditions.map(({ where }) => where(scope))];
}

/** A text that tells a plan’s queries from those of others. */
export function shapeOf(plan: Plan): string {
  const filters = plan.conditions.map(({ shape }) => shape).join('&');
  return `${plan.kind.name} ${plan.sort} ${selectionShape(plan.wanted)} ${filters}`;
}

/** What fills the placeholders of `TODAY`. */
export function runningValuesOf({ now }: Pick<Engine, 'now'>): Row {
  return runningValues(TODAY, now().toISOString().slice(0, 10));
}

/** What fills the placeholders of a plan’s queries. */
export function valuesOf(plan: Plan): Row {
  return Object.assign(
    { limit: plan.limit + 1, key: plan.from?.key, id: plan.from?.id, revision: plan.from?.revision },
    runningValuesOf(plan.engine),
    ...plan.conditions.map(({ values }) => values),
  );
}

/** The keyset condition as a row value, which walks an index from the cursor's place. */
export function beyond(plan: Plan, key: SQL | Column, id: SQL | Column): SQL {
  const than = plan.sort.startsWith('-') ? sql.raw('<') : sql.raw('>');
  return sql`(${key}, ${id}) ${than} (${sql.placeholder('key')}, ${sql.placeholder('id')})`;
}

/** The conditions that a page goes on from its cursor's place, with what stood there when the crawl began. */
export function placeConditions(plan: Plan): SQL[] {
  const { engine, kind, sort, from } = plan;
  if (from === undefined) return [];
  const table = tableOf(engine.db, kind);
  const [key, id] = [table[sortColumn(sort.replace('-', ''))] as Column, table.id as Column];
  const settled = sort.endsWith('updated_at') ? table.seq : table.moved_seq;
  const then = stands(sort) ? [] : [sql`${settled} <= ${sql.placeholder('revision')}`];
  return [beyond(plan, key, id), ...then];
}

async function walk(plan: Plan): Promise<Keyed[]> {
  const { engine, session, kind, sort, from, wanted } = plan;
  const rows = await session.all(
    `list ${shapeOf(plan)} ${from ? 'on' : ''}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const [key, id] = [table[sortColumn(sort.replace('-', ''))] as Column, table.id as Column];
      const direction = sort.startsWith('-') ? desc : asc;
      return on
        .select({ ...selection(engine.db, kind, wanted), [KEY]: key })
        .from(table)
        .where(sql.join([sql`true`, ...conditionsOf(plan), ...placeConditions(plan)], sql` and `))
        .orderBy(direction(key), direction(id))
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

/** How many rows all pages have together, now. */
export async function countRows(plan: Plan): Promise<number> {
  const { engine, session, kind } = plan;
  const rows = await session.all<{ total: number }>(
    `count ${shapeOf(plan)}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      return on
        .select({ total: sql<number>`count(*)`.mapWith(Number) })
        .from(table)
        .where(sql.join([sql`true`, ...conditionsOf(plan)], sql` and `));
    },
    valuesOf(plan),
  );
  return rows[0]?.total ?? 0;
}
