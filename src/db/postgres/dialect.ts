import type { Dialect } from '../database.ts';
import { type SQL, sql } from '../drizzle.ts';
import { jsonListParts } from '../json-list.ts';
import { quoted } from '../quoted.ts';

/** PostgreSQL's spelling of the SQL that differs between the engines. Lists travel as arrays. */
export const dialect: Dialect = {
  isAmong: (column, placeholder) => sql`${column} = any(${sql.placeholder(placeholder)})`,
  list: (values) => [...values],
  eachOf: (placeholder) => sql`unnest(${sql.placeholder(placeholder)}::bigint[]) as each_of(value)`,
  eachPair: (placeholder) =>
    sql`(select value ->> 0 as first, value ->> 1 as second from json_array_elements(${sql.placeholder(placeholder)}::json)) as each_pair`,
  listed: (rows) => sql`(select coalesce(json_agg(value), '[]'::json) from (${rows}) as listed)`,
  jsonText: (column, storage) => {
    if (storage === 'json' || storage === 'integer' || storage === 'boolean' || storage === 'real')
      return sql`coalesce(${column}::text, 'null')`;
    if (storage === 'instant')
      return sql`coalesce('"' || to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"', 'null')`;
    return sql`coalesce(to_json(${column}::text)::text, 'null')`;
  },
  gathered: (text, between) => sql`string_agg(${text}::text, ${sql.raw(quoted(between))})`,
  // A text: the driver gets bytes as a text twice as long.
  joined: (texts) => sql`array_to_string(array[${sql.join([...texts], sql`, `)}], '')`,
  concat: (texts) => sql`array_to_string(array[${sql.join([...texts], sql`, `)}], '')`,
  jsonArray: (item, rows, within) => {
    // Unlike an aggregate, an array of a select is sure to be in its order.
    const items = sql`array(select ${item} ${rows})`;
    if (within === undefined) return sql`('[' || array_to_string(${items}, ',') || ']')`;
    const { cap, begin, end, beyond } = within;
    return sql`(select case when cardinality(items) > ${sql.raw(String(cap))} then ${beyond}
      else ${begin} || '[' || array_to_string(items, ',') || ']' || ${end} end from (select ${items} as items) as listed)`;
  },
  eachListed: (list) =>
    sql`(select value::uuid as value, place from json_array_elements_text(${list}) with ordinality as one(value, place)) as each_listed`,
  byIndex: (table) => sql`${table}`,
  walked: (table, rows) => ({ from: sql`(select * ${rows}) as ${table}`, ordered: false }),
  // Within an offset of nothing, the planner looks each row up, and does not read them all to join them.
  lookedUp: (table, ids) =>
    sql`(select id as found_id from (${ids}) as found) as found_ids cross join lateral
      (select * from ${table} where ${table.id} = found_ids.found_id offset 0) as ${table}`,
  unsought: (column) => column,
  sizeOf: (column) => sql`octet_length(${column}::text)`,
  jsonList: (fields, from, where, orderBy) => {
    const { pairs, rows } = jsonListParts(fields, from, where, orderBy);
    return sql`(select coalesce(json_agg(json_build_object(${pairs})), '[]'::json) from (${rows}) as listed)` as SQL<
      unknown[]
    >;
  },
  forEach: (on, placeholder, columns, table, ids) => {
    const parent = sql<string>`parents.value`;
    return on
      .select(columns(parent))
      .from(
        sql`unnest(${sql.placeholder(placeholder)}::uuid[]) as parents(value) cross join lateral (${ids(parent)}) as wanted(id)`,
      )
      .innerJoin(table, sql`${table.id} = wanted.id`);
  },
};
