import type { Dialect } from '../database.ts';
import { type SQL, sql } from '../drizzle.ts';
import { jsonListParts } from '../json-list.ts';
import { quoted } from '../quoted.ts';

const parsed = { mapFromDriverValue: (value: unknown) => JSON.parse(value as string) as unknown[] };

/** SQLite's spelling of the SQL that differs between the engines. Lists travel as JSON texts. */
export const dialect: Dialect = {
  isAmong: (column, placeholder) =>
    sql`${column} in (select value from json_each(${sql.placeholder(placeholder)}))`,
  list: (values) => JSON.stringify(values),
  eachOf: (placeholder) => sql`json_each(${sql.placeholder(placeholder)}) as each_of`,
  eachPair: (placeholder) =>
    sql`(select value ->> 0 as first, value ->> 1 as second from json_each(${sql.placeholder(placeholder)})) as each_pair`,
  listed: (rows) =>
    sql`(select json_group_array(value) from (${rows}))`.mapWith(parsed) as unknown as SQL<number[]>,
  jsonText: (column, storage) => {
    if (storage === 'boolean')
      return sql`case ${column} when 1 then 'true' when 0 then 'false' else 'null' end`;
    // As a text, a number that is kept with a fraction always has one.
    if (storage === 'real')
      return sql`case when ${column} = cast(${column} as integer) then cast(${column} as integer) else ifnull(${column}, 'null') end`;
    // JSON is kept as it was written; numbers are whole.
    if (storage === 'json' || storage === 'integer') return sql`ifnull(${column}, 'null')`;
    return sql`json_quote(${column})`;
  },
  gathered: (text, between) => sql`group_concat(${text}, ${sql.raw(quoted(between))})`,
  // Bytes never become a text of JavaScript's on their way out.
  joined: (texts) => sql`cast(concat(${sql.join([...texts], sql`, `)}) as blob)`,
  concat: (texts) => sql`concat(${sql.join([...texts], sql`, `)})`,
  jsonArray: (item, rows, within) => {
    const items = sql`from (select ${item} as item ${rows})`;
    if (within === undefined) return sql`(select concat('[', group_concat(item, ','), ']') ${items})`;
    const { cap, begin, end, beyond } = within;
    return sql`(select case when count(*) > ${sql.raw(String(cap))} then ${beyond}
      else concat(${begin}, '[', group_concat(item, ','), ']', ${end}) end ${items})`;
  },
  eachListed: (list) => sql`(select value, key as place from json_each(${list})) as each_listed`,
  byIndex: (table, index) => sql`${table} indexed by ${sql.identifier(index)}`,
  walked: (table, rows) => {
    const row = sql`${table}.rowid`;
    // As the outermost of a cross join the rows are made one by one, and not again sorted, which would take all of them.
    const from = sql`(select ${row} as walked_row ${rows}) as walked cross join ${table} on ${row} = walked.walked_row`;
    return { from, ordered: true };
  },
  lookedUp: (table, ids) =>
    sql`(select id as found_id from (${ids})) as found_ids cross join ${table} on ${table.id} = found_ids.found_id`,
  unsought: (column) => sql`+${column}`,
  sizeOf: (column) => sql`octet_length(${column})`,
  jsonList: (fields, from, where, orderBy) => {
    const { pairs, rows } = jsonListParts(fields, from, where, orderBy);
    return sql`(select json_group_array(json_object(${pairs})) from (${rows}))`.mapWith(parsed) as SQL<
      unknown[]
    >;
  },
  forEach: (on, placeholder, columns, table, ids) => {
    const parent = sql<string>`parents.value`;
    // A cross join keeps the parents outermost, so that each costs one look-up.
    return on
      .select(columns(parent))
      .from(sql`json_each(${sql.placeholder(placeholder)}) as parents`)
      .crossJoin(table)
      .where(sql`${table.id} in (${ids(parent)})`);
  },
};
