/** The ways on which a list's rows can be come by: along an index in the list's order, or out of those an index finds. */
import type { Column } from '../db/columns.ts';
import { asc, desc, type SQL, sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import type { Kind } from '../model/declare.ts';
import type { Condition } from './filters.ts';
import { beyond, orderOf, type Plan, placeColumns, scopeOf } from './plan.ts';
import { tableOf } from './select.ts';

/** A way to rows, in SQL. */
export interface Way {
  /** A text that tells its statements from those of others. */
  readonly shape: string;
  /** What to select from, and whether rows come in the list's order by themselves; made where a statement is. */
  readonly source: () => { readonly from: SQL; readonly ordered: boolean };
  /** Whether they begin at the cursor's place. */
  readonly placed: boolean;
  /** How many rows of the index are looked at. */
  readonly most: number;
}

/** An index that has rows in the order of a list: of all, or of those with one value. */
export interface Along {
  readonly index: string;
  /** The condition that they have the value. */
  readonly equal?: Condition;
  /** Conditions on dates that the order itself has, so that they say where in it to begin or to end. */
  readonly within: readonly Condition[];
}

/** Some conditions of which an index finds the rows they may hold for. */
export interface Finding {
  readonly shape: string;
  /** Whether there are so few that they need not be counted. */
  readonly few: boolean;
  /** What follows a select of the kind's own rows. */
  readonly rows?: (plan: Plan) => SQL;
  /** In its place, selects ids as `id`, some more than once maybe. */
  readonly ids?: (plan: Plan) => SQL;
}

function isUsual(plan: Plan): boolean {
  return orderOf(plan) === plan.kind.defaultSort.replace('-', '');
}

/** Whether a list's own index gives its page: without filters, with one whose index has the list's order, or by ids. */
export function isPlain(plan: Plan): boolean {
  const [first, second] = plan.conditions;
  if (first === undefined) return true;
  if (second !== undefined) return false;
  return first.found?.by === 'id' || (isUsual(plan) && isOneValue(first));
}

function isOneValue({ found }: Condition): boolean {
  return found?.by === 'column' && found.single;
}

/** References first: what is of one place or person is mostly less than what has one word. */
const RANKS = ['reference', 'text', 'word'];

/** The index to walk a list along. */
export function alongOf(plan: Plan): Along {
  const { kind, conditions } = plan;
  const order = orderOf(plan);
  const dates = kind.sorts[order]?.dates ?? [order];
  const within = conditions.filter(
    ({ bounds }) => bounds && dates.length === 1 && bounds.column === dates[0],
  );
  const rank = ({ found }: Condition) =>
    found?.by === 'column' ? RANKS.indexOf(kind.fields[found.column]?.filter ?? '') : RANKS.length;
  const [equal] = isUsual(plan) ? conditions.filter(isOneValue).sort((a, b) => rank(a) - rank(b)) : [];
  if (equal?.found?.by === 'column') return { index: `${kind.table}_${equal.found.column}`, equal, within };
  return { index: `${kind.table}_${sortColumn(order)}`, within };
}

/** What follows a select of the rows along an index, from the plan's place on. */
function rowsAlong(plan: Plan, { index, equal, within }: Along): SQL {
  const { engine, from } = plan;
  const table = tableOf(engine.db, plan.kind);
  const [key, id] = placeColumns(plan, table);
  const down = plan.sort.startsWith('-');
  const scope = scopeOf(plan);
  // The cursor stands within what a bound begins.
  const open = within.filter(({ bounds }) => !from || (bounds?.side === 'since') === down);
  const bounded = open.map((condition) => boundOn(key, condition, scope));
  const where = [
    ...(equal ? [equal.where(scope)] : []),
    ...(from ? [beyond(plan, key, id)] : []),
    ...bounded,
  ];
  const direction = down ? desc : asc;
  return sql`from ${engine.db.dialect.byIndex(table, index)} where ${sql.join([sql`true`, ...where], sql` and `)}
    order by ${direction(key)}, ${direction(id)}`;
}

/** A bound of a date as one of the sort key that is made of it: the key begins with the date, and is not before it. */
function boundOn(key: Column, condition: Condition, scope: ReturnType<typeof scopeOf>): SQL {
  return condition.where({ ...scope, column: () => sql`${key}` });
}

/** The first so many rows along an index, from the plan's place on. */
export function along(plan: Plan, way: Along, most: number): Way {
  const { engine, kind } = plan;
  const source = () => {
    const rows = sql`${rowsAlong(plan, way)} limit ${sql.placeholder('most')}`;
    return engine.db.dialect.walked(tableOf(engine.db, kind), rows);
  };
  return { shape: `along ${way.index}`, source, placed: true, most };
}

/** Selects places of rows along an index: that of the last of so many, and the one after it. */
export function endOf(plan: Plan, way: Along): SQL {
  const table = tableOf(plan.engine.db, plan.kind);
  const [key, id] = placeColumns(plan, table);
  return sql`(select ${key} as key, ${id} as id ${rowsAlong(plan, way)}
    limit 2 offset ${sql.placeholder('most')} - 1) as ends`;
}

/** Some of what a finding finds, to be counted. */
export function some(plan: Plan, { rows, ids }: Finding): SQL {
  const found = rows ? sql`select 1 as one ${rows(plan)}` : ids?.(plan);
  return sql`${found} limit ${sql.placeholder('most')}`;
}

/** All rows that are found by an index, of which there are no more than so many. */
export function among(plan: Plan, { shape, rows, ids }: Finding, most: number): Way {
  const { dialect } = plan.engine.db;
  const table = tableOf(plan.engine.db, plan.kind);
  const from = () =>
    rows
      ? dialect.walked(table, sql`${rows(plan)} limit ${sql.placeholder('most')}`).from
      : dialect.lookedUp(table, sql`select distinct id from (${ids?.(plan)}) as ids`);
  const source = () => ({ from: from(), ordered: false });
  return { shape: `among ${shape}`, source, placed: false, most };
}

/** Some of all rows, to be counted. */
export function every({ engine, kind }: Plan): SQL {
  return sql`select 1 as one from ${tableOf(engine.db, kind)} limit ${sql.placeholder('most')}`;
}

/** The first so many rows there are, by their ids. */
export function first(plan: Plan, most: number): Way {
  const table = tableOf(plan.engine.db, plan.kind);
  const rows = sql`from ${table} order by ${table.id} limit ${sql.placeholder('most')}`;
  const source = () => plan.engine.db.dialect.walked(table, rows);
  return { shape: 'first', source, placed: false, most };
}

/** Everything by which an index finds rows of a plan: each filter, and each span of dates that has an order. */
export function findingsOf({ kind, conditions }: Plan): Finding[] {
  const filters = conditions.filter(({ found }) => found);
  const bounded = Map.groupBy(
    conditions.filter(({ bounds }) => bounds),
    ({ bounds }) => bounds?.column as string,
  );
  const spans = [...bounded].flatMap(([column, ends]) => {
    const sort = orderBy(kind, column);
    return sort === undefined ? [] : [spanOf(sort, ends)];
  });
  return [...filters.map(foundBy), ...spans];
}

/** The order whose key is made of one date. */
export function orderBy(kind: Kind, column: string): string | undefined {
  if (column === 'updated_at') return column;
  return Object.keys(kind.sorts).find((name) => kind.sorts[name]?.dates?.join() === column);
}

function spanOf(order: string, ends: readonly Condition[]): Finding {
  return {
    shape: ends.map(({ shape }) => shape).join('+'),
    few: false,
    rows: (plan) => {
      const table = tableOf(plan.engine.db, plan.kind);
      const key = table[sortColumn(order)] as Column;
      const scope = scopeOf(plan);
      const within = ends.map((end) => boundOn(key, end, scope));
      // Those without a date stand first, and in no span.
      if (ends.every(({ bounds }) => bounds?.side === 'until')) within.push(sql`${key} > ''`);
      return sql`from ${table} where ${sql.join(within, sql` and `)} order by ${key}, ${table.id}`;
    },
  };
}

function foundBy({ found, shape, where }: Condition): Finding {
  if (found?.by === 'ids') return { shape, few: false, ids: (plan) => found.ids(scopeOf(plan)) };
  return {
    shape,
    few: found?.by === 'id',
    rows: (plan) => {
      const table = tableOf(plan.engine.db, plan.kind);
      const rows = sql`from ${table} where ${where(scopeOf(plan))}`;
      if (found?.by !== 'column' || !found.single) return rows;
      // The order that the index has anyway, so that a planner takes no other.
      const usual = table[sortColumn(plan.kind.defaultSort.replace('-', ''))];
      return sql`${rows} order by ${table[found.column]}, ${usual}, ${table.id}`;
    },
  };
}
