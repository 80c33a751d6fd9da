/** The filters of a kind's lists, all derived from its declaration, and the SQL conditions they stand for. */
import { type TSchema, Type } from 'typebox';
import type { Column, Table } from '../db/columns.ts';
import type { Database, Row } from '../db/database.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import { isIndexed, valueColumn } from '../db/tables.ts';
import type { ExtraFilter, Field, Include, Kind } from '../model/declare.ts';
import { dayOf } from './day.ts';
import { toInstant } from './formats.ts';

/** Where a condition is put: how the list's own columns are written there. */
export interface Scope {
  readonly db: Pick<Database, 'tables' | 'dialect'>;
  readonly column: (name: string) => SQL;
}

/** A filter with its values: SQL with placeholders, what fills them, and a text that tells its form from others. */
export interface Condition {
  readonly shape: string;
  readonly where: (scope: Scope) => SQL;
  readonly values: Row;
  /** The same for a row that is looked at by itself: however many rows it holds for, that costs no more. */
  readonly each?: (scope: Scope) => SQL;
  /** How an index finds the rows it may hold for; absent where none does. */
  readonly found?: Found;
  /** That no index serves it though it must be served: it is looked for to the end. */
  readonly unserved?: true;
  /** A column that it bounds from one side, `where` being the comparison. */
  readonly bounds?: { readonly column: string; readonly side: 'since' | 'until' };
}

/** How an index finds rows. */
export type Found =
  /** By one or more values of a column. */
  | { readonly by: 'column'; readonly column: string; readonly single: boolean }
  /** By a select of their ids as `id`, some of them more than once maybe. */
  | { readonly by: 'ids'; readonly ids: (scope: Scope) => SQL }
  /** By their own ids, of which there are so few that they need not be counted. */
  | { readonly by: 'id' };

export interface Filter {
  readonly name: string;
  /** Schema of the parameter; arrays may be repeated or separated by commas, and mean OR. */
  readonly schema: TSchema;
  /** The kind whose ids or slugs the values are (or `ANY_KIND`); they are turned into ids first. */
  readonly refersTo?: string;
  /** Makes the condition; `p` is a prefix for placeholder names that nothing else uses. */
  readonly condition: (values: readonly string[], p: string, db: Pick<Database, 'dialect'>) => Condition;
}

/** What a filter refers to whose values are ids of records of any kind. */
export const ANY_KIND = '*';

/** Parameter name of a reference: `jurisdiction` for `jurisdiction_id`; also accepted with `_id`. */
export function referenceName(name: string): string {
  return name.replace(/_id$/, '');
}

/** Base of a date's two parameters: `introduced` for `introduced_on`. */
export function dateName(name: string): string {
  return name.replace(/_(on|date|at)$/, '');
}

const known = new Map<Kind, ReadonlyMap<string, Filter>>();

/** All filters of a kind, by parameter name; made once, as every list asks for them. */
export function filtersOf(kind: Kind): ReadonlyMap<string, Filter> {
  const filters = known.get(kind) ?? makeFilters(kind);
  known.set(kind, filters);
  return filters;
}

function makeFilters(kind: Kind): ReadonlyMap<string, Filter> {
  const own = Object.entries(kind.fields).flatMap(([name, field]) => fieldFilters(name, field));
  const extra = Object.entries(kind.filters ?? {}).map(([name, declared]) =>
    extraFilter(kind, name, declared),
  );
  return new Map([...own, ...extra, ...commonFilters(kind)].map((filter) => [filter.name, filter]));
}

function fieldFilters(name: string, field: Field): Filter[] {
  const { description } = field;
  if (field.filter === 'date') {
    return [
      dateFilter(
        `${dateName(name)}_since`,
        name,
        '>=',
        `Only those whose ${name} is this day or later. ${VAGUE}`,
      ),
      dateFilter(
        `${dateName(name)}_until`,
        name,
        '<=',
        `Only those whose ${name} is this day or earlier. ${VAGUE}`,
      ),
    ];
  }
  const kept = field.rows;
  const matching = kept
    ? linked({ link: kept.table, value: valueColumn(field), owner: kept.owner })
    : ofColumn(name, isIndexed(name, field));
  if (field.filter === 'reference') {
    const parameter = field.storage === 'json' ? String(field.to) : referenceName(name);
    return [listFilter(parameter, referenceList(description), matching, field.to)];
  }
  if (field.filter === 'word') {
    const words = Object.keys(field.vocabulary?.words ?? {});
    const schema = Type.Array(Type.Unsafe({ type: 'string', enum: words }), { description });
    return [listFilter(name, schema, matching)];
  }
  if (field.kindField) return [listFilter(name, referenceList(description), matching, ANY_KIND)];
  if (field.filter === 'text')
    return [listFilter(name, textList(`${description} Matched whole.`, field.schema), matching)];
  return [];
}

const VAGUE = 'A vaguer date counts as its first day; a vaguer bound takes in all of its days.';

/** Texts of the shape that a field’s own have, so that what can match nothing is refused. */
function textList(description: string, schema: TSchema): TSchema {
  const { pattern, 'x-expected': expected, examples } = schema as { readonly [name: string]: unknown };
  const shape = pattern === undefined ? {} : { pattern, 'x-expected': expected, examples };
  return Type.Array(Type.Unsafe({ type: 'string', minLength: 1, maxLength: 500, ...shape }), { description });
}

const referenceList = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { description: `${description} By id or slug.` });

/** Compares a column with the filter's values. */
type Matcher = (scope: Scope, column: SQL | Column) => SQL;

function matcher(p: string, many: boolean): Matcher {
  return (scope, column) =>
    many ? scope.db.dialect.isAmong(column, p) : sql`${column} = ${sql.placeholder(p)}`;
}

/** What a filter compares its values with. */
type Matching = (
  matched: Matcher,
  single: boolean,
) => Pick<Condition, 'where' | 'each' | 'found' | 'unserved'>;

function listFilter(name: string, schema: TSchema, matching: Matching, refersTo?: string): Filter {
  return {
    name,
    schema,
    ...(refersTo ? { refersTo } : {}),
    condition: (values, p, db) => ({
      // One value is compared directly, so that an index can also give the order.
      shape: `${name}${values.length === 1 ? '=' : '~'}`,
      ...matching(matcher(p, values.length !== 1), values.length === 1),
      values: { [p]: values.length === 1 ? values[0] : db.dialect.list(values) },
    }),
  };
}

function ofColumn(column: string, indexed: boolean): Matching {
  return (matched, single) => ({
    where: (scope) => matched(scope, scope.column(column)),
    ...(indexed ? { found: { by: 'column', column, single } } : {}),
  });
}

/** Rows of links: the column of the value, and that of the record’s id. */
interface Links {
  readonly link: string;
  readonly value: string;
  readonly owner: string;
}

function linked(links: Links): Matching {
  return (matched) => ({
    where: rowsCondition(links.link, links.value, links.owner, matched),
    each: (scope) => {
      const { table, live } = linkTable(scope, links.link);
      const value = scope.db.dialect.unsought(table[links.value] as Column);
      return sql`exists (select 1 from ${table} where ${table[links.owner]} = ${scope.column('id')}
        and ${matched(scope, value)}${live})`;
    },
    found: { by: 'ids', ids: (scope) => linkedIds(scope, links, matched) },
  });
}

function dateFilter(name: string, column: string, comparison: '>=' | '<=', description: string): Filter {
  return {
    name,
    schema: Type.Unsafe({ type: 'string', format: 'moment', description }),
    condition: ([value], p) => ({
      shape: name,
      where: ({ column: at }) => sql`${at(column)} ${sql.raw(comparison)} ${sql.placeholder(p)}`,
      values: { [p]: comparison === '<=' ? lastOf(String(value)) : firstOf(String(value)) },
      bounds: { column, side: comparison === '<=' ? 'until' : 'since' },
    }),
  };
}

/** The text that all moments of a day, month or year sort at or before: '~' comes after '-' and 'T'. */
export function lastOf(bound: string): string {
  return `${bound}~`;
}

/** The text that a day and all it begins (a month, a year) sort at or after: 2024 and 2024-01 count as 2024-01-01. */
export function firstOf(bound: string): string {
  return bound.replace(/T00:00(:00(\.0+)?)?$/, '').replace(/(-01){1,2}$/, '');
}

/** Records whose id a table of links (or a linking kind) names beside a matching value. */
function rowsCondition(
  link: string,
  valueName: string,
  idName: string,
  matched: Matcher,
): (scope: Scope) => SQL {
  return (scope) =>
    sql`${scope.column('id')} in (${linkedIds(scope, { link, value: valueName, owner: idName }, matched)})`;
}

function linkedIds(scope: Scope, { link, value, owner }: Links, matched: Matcher): SQL {
  const { table, live } = linkTable(scope, link);
  return sql`select ${table[owner]} as id from ${table} where ${matched(scope, table[value] as Column)}${live}`;
}

/** The table of a linking kind or of a list's rows, and the condition that a link is not deleted. */
function linkTable({ db }: Pick<Scope, 'db'>, name: string): { table: Table; live: SQL } {
  const rows = db.tables.rows.get(name);
  if (rows) return { table: rows, live: sql`` };
  const table = db.tables.kinds.get(name);
  if (table === undefined) throw new Error(`'${name}' is neither a kind nor a table of rows`);
  return { table, live: sql` and ${table.deleted_at} is null` };
}

function extraFilter(kind: Kind, name: string, declared: ExtraFilter): Filter {
  if ('running' in declared) return runningFilter(name, declared.running, declared.description);
  const matching =
    'through' in declared
      ? linked({ link: declared.through, value: declared.from, owner: declared.to })
      : ofAnyColumn(kind, declared.by);
  return listFilter(name, referenceList(declared.description), matching, declared.refersTo);
}

/** A value in any of some columns, each of which has an index. */
function ofAnyColumn(kind: Kind, columns: readonly string[]): Matching {
  return (matched) => {
    const each = (scope: Scope) => columns.map((column) => matched(scope, scope.column(column)));
    return {
      where: (scope) => sql`(${sql.join(each(scope), sql` or `)})`,
      found: {
        by: 'ids',
        ids: (scope) => {
          const table = scope.db.tables.kinds.get(kind.name) as Table;
          const selects = each(scope).map(
            (where) => sql`select ${table.id} as id from ${table} where ${where}`,
          );
          return sql.join(selects, sql` union all `);
        },
      },
    };
  };
}

/** Whether a membership is running on the day in placeholders `p`, `p_month` and `p_year`. */
export function runningOn(column: (name: string) => SQL, p: string): SQL {
  const [start, end, standing] = [column('start_date'), column('end_date'), column('standing')];
  const at = (suffix = '') => sql.placeholder(`${p}${suffix}`);
  return sql`((${start} is null or ${start} <= ${at()})
    and (${end} is null or ${end} >= ${at()} or ${end} in (${at('_month')}, ${at('_year')}))
    and (${standing} is null or ${standing} in ('acting', 'holding') or (${standing} = 'former' and ${end} is not null)))`;
}

/** Fills the placeholders of `runningOn` with a day `YYYY-MM-DD`. */
function runningValues(p: string, day: string): Row {
  return { [p]: day, [`${p}_month`]: day.slice(0, 7), [`${p}_year`]: day.slice(0, 4) };
}

/** Placeholder prefix that lists always fill with today's date. */
export const TODAY = 'today';

let today: { readonly day: string; readonly values: Row } | undefined;

/** What fills the placeholders of `TODAY`: made once a day, as every request needs it. */
export function todayOf({ now }: { readonly now: () => Date }): Row {
  const day = dayOf(now());
  if (today?.day !== day) today = { day, values: runningValues(TODAY, day) };
  return today.values;
}

function runningFilter(name: string, when: 'day' | 'today', description: string): Filter {
  const schema =
    when === 'day'
      ? Type.Unsafe({ type: 'string', format: 'day', description })
      : Type.Boolean({ description });
  return {
    name,
    schema,
    condition: ([value], p) => {
      const negated = when === 'today' && value === 'false';
      return {
        shape: `${name}${negated ? '!' : ''}`,
        where: ({ column }) => {
          const running = runningOn(column, when === 'day' ? p : TODAY);
          return negated ? sql`not ${running}` : running;
        },
        values: when === 'day' ? runningValues(p, String(value)) : {},
      };
    },
  };
}

function commonFilters(kind: Kind): Filter[] {
  const updated: Filter = {
    name: 'updated_since',
    schema: Type.Unsafe({
      type: 'string',
      format: 'instant',
      description: 'Only those changed at this instant or later.',
    }),
    condition: ([value], p) => ({
      shape: 'updated_since',
      where: ({ column }) => sql`${column('updated_at')} >= ${sql.placeholder(p)}`,
      values: { [p]: toInstant(String(value)) },
      bounds: { column: 'updated_at', side: 'since' },
    }),
  };
  const id = listFilter(
    'id',
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      maxItems: 200,
      description: 'Only these records, by id or slug; up to 200.',
    }),
    (matched) => ({ where: (scope) => matched(scope, scope.column('id')), found: { by: 'id' } }),
    kind.name,
  );
  return kind.kept ? [updated, id] : [updated, id, identifierFilter(kind)];
}

function identifierFilter(kind: Kind): Filter {
  const own = kind.fields.identifier;
  const description = `Only those with this identifier, as \`scheme:value\`${own ? ', or with this printed number' : ''}.`;
  const text = { type: 'string', minLength: 1, maxLength: 700 };
  const shaped = { ...text, format: 'identifier' };
  return listFilter(
    'identifier',
    Type.Array(Type.Unsafe(own ? text : shaped), { description }),
    (matched) => {
      const ids = (scope: Scope) => {
        const { identifiers } = scope.db.tables;
        return sql`select ${identifiers.record_id} as id from ${identifiers}
          where ${identifiers.kind} = ${sql.raw(`'${kind.name}'`)} and ${matched(scope, identifiers.name as Column)}`;
      };
      const named = (scope: Scope) => sql`${scope.column('id')} in (${ids(scope)})`;
      if (!own) return { where: named, found: { by: 'ids', ids } };
      const where = (scope: Scope) => sql`(${named(scope)} or ${matched(scope, scope.column('identifier'))})`;
      if (!isIndexed('identifier', own)) return { where, unserved: true };
      const both = (scope: Scope) => {
        const table = scope.db.tables.kinds.get(kind.name) as Table;
        return sql`${ids(scope)} union all
          select ${table.id} as id from ${table} where ${matched(scope, table.identifier as Column)}`;
      };
      return { where, found: { by: 'ids', ids: both } };
    },
  );
}

/** The condition that a record of an include's target is related to this parent. */
export function relatedTo(include: Extract<Include, { many: string }>, scope: Scope, parent: SQL): SQL {
  if ('by' in include) {
    return sql`(${sql.join(
      include.by.map((name) => sql`${scope.column(name)} = ${parent}`),
      sql` or `,
    )})`;
  }
  if ('through' in include) {
    return rowsCondition(
      include.through,
      include.from,
      include.to,
      (_, column) => sql`${column} = ${parent}`,
    )(scope);
  }
  throw new Error('a list of ids is read by its ids');
}

/** Name of the list filter that leads to the rest of an include, on the kind included. */
export function filterFor(include: Extract<Include, { many: string }>, target: Kind): string {
  const extras = Object.entries(target.filters ?? {});
  if ('listed' in include) return 'id';
  if ('through' in include) {
    const listed = Object.values(target.fields).find((field) => field.rows?.table === include.through);
    if (listed?.to) return listed.to;
    const found = extras.find(
      ([, extra]) => 'through' in extra && extra.through === include.through && extra.from === include.from,
    );
    if (found) return found[0];
    throw new Error(`${target.name} has no filter for what ${include.through} leads to`);
  }
  const [first] = include.by;
  if (include.by.length === 1 && first)
    return target.fields[first]?.filter === 'text' ? first : referenceName(first);
  const found = extras.find(([, extra]) => 'by' in extra && extra.by.join() === include.by.join());
  if (found) return found[0];
  throw new Error(`${target.name} has no filter over ${include.by.join(' and ')}`);
}
