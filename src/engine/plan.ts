/** What decides which rows a page of a list has, and the SQL that it comes to. */
import type { Column, Table } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { asc, desc, type SQL, sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import type { Kind } from '../model/declare.ts';
import type { Position } from './cursor.ts';
import type { Engine } from './engine.ts';
import { type Condition, type Scope, todayOf } from './filters.ts';
import { selectionShape, tableOf, type Wanted } from './select.ts';
import type { Way } from './ways.ts';

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
  /** How rows are come by, where no index of the list's own gives them. */
  readonly way?: Way;
}

/** Whether records never move in this order; new ones are then met at its end, which a crawl may as well. */
export function stands(sort: string): boolean {
  return sort.endsWith('created_at');
}

/** Where a plan's conditions are put. */
export function scopeOf({ engine, kind }: Pick<Plan, 'engine' | 'kind'>): Scope {
  const table = tableOf(engine.db, kind);
  return { db: engine.db, column: (name) => sql`${table[name] as Column}` };
}

/** The conditions that the rows of a plan satisfy. */
export function conditionsOf(plan: Plan): SQL[] {
  const scope = scopeOf(plan);
  const live = plan.wanted.deleted ? [] : [sql`${scope.column('deleted_at')} is null`];
  // On another way each row is looked at by itself.
  const written = ({ where, each }: Condition) => (plan.way && each ? each : where)(scope);
  return [...live, ...plan.conditions.map(written)];
}

/** A text that tells a plan’s queries from those of others. */
export function shapeOf(plan: Plan): string {
  const filters = plan.conditions.map(({ shape }) => shape).join('&');
  const way = plan.way ? ` ${plan.way.shape}` : '';
  return `${plan.kind.name} ${plan.sort} ${selectionShape(plan.wanted)} ${filters}${way}`;
}

/** What fills the placeholders of a plan’s queries. */
export function valuesOf(plan: Plan): Row {
  return Object.assign(
    { limit: plan.limit + 1, key: plan.from?.key, id: plan.from?.id, revision: plan.from?.revision },
    plan.way ? { most: plan.way.most } : {},
    todayOf(plan.engine),
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
  const [key, id] = placeColumns(plan, table);
  const settled = sort.endsWith('updated_at') ? table.seq : table.moved_seq;
  const then = stands(sort) ? [] : [sql`${settled} <= ${sql.placeholder('revision')}`];
  return plan.way?.placed ? then : [beyond(plan, key, id), ...then];
}

/** What a plan's rows are selected from, the order to ask for, and how columns are written among what is selected. */
export function sourceOf(plan: Plan): {
  readonly from: Table | SQL;
  readonly order: SQL[];
  readonly selected: (columns: Readonly<Record<string, Column | SQL>>) => Record<string, Column | SQL>;
} {
  const { way, sort } = plan;
  const table = tableOf(plan.engine.db, plan.kind);
  const direction = sort.startsWith('-') ? desc : asc;
  const order = placeColumns(plan, table).map((column) => direction(column));
  if (way === undefined) return { from: table, order, selected: (columns) => ({ ...columns }) };
  const { from, ordered } = way.source();
  return { from, order: ordered ? [] : order, selected: asExpressions };
}

/** Drizzle takes columns only of tables that it is told to select from. */
function asExpressions(columns: Readonly<Record<string, Column | SQL>>): Record<string, SQL> {
  const each = Object.entries(columns).map(([name, column]) => [
    name,
    'queryChunks' in column ? column : sql`${column}`.mapWith(column),
  ]);
  return Object.fromEntries(each);
}

/** Name of the order of a plan, without its direction. */
export function orderOf({ sort }: Pick<Plan, 'sort'>): string {
  return sort.replace('-', '');
}

/** Sort key and id of a table's rows. */
export function placeColumns(plan: Pick<Plan, 'sort'>, table: Table): [Column, Column] {
  return [table[sortColumn(orderOf(plan))] as Column, table.id as Column];
}
