import { type SQL, sql } from 'drizzle-orm';
import type { Dialect } from '../database.ts';

/** PostgreSQL's spelling of the SQL that differs between the engines. Lists travel as arrays. */
export const dialect: Dialect = {
  isAmong: (column, placeholder) => sql`${column} = any(${sql.placeholder(placeholder)})`,
  list: (values) => [...values],
  jsonList: (fields, from, where, orderBy) => {
    const names = Object.entries(fields);
    const pairs = sql.join(
      names.map(([name]) => sql`${sql.raw(`'${name}'`)}, ${sql.identifier(name)}`),
      sql`, `,
    );
    const columns = sql.join(
      names.map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
      sql`, `,
    );
    const rows = sql`select ${columns} from ${from} where ${where} order by ${orderBy}`;
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
