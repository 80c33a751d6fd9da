import type { Column, Table } from './columns.ts';
import { type SQL, sql } from './drizzle.ts';

/** The parts of a JSON list that both engines spell alike: the rows to list, and name and value pairs of each. */
export function jsonListParts(
  fields: Readonly<Record<string, Column>>,
  from: Table,
  where: SQL,
  orderBy: SQL,
): { readonly pairs: SQL; readonly rows: SQL } {
  const names = Object.entries(fields);
  const pairs = names.map(([name]) => sql`${sql.raw(`'${name}'`)}, ${sql.identifier(name)}`);
  const columns = names.map(([name, column]) => sql`${column} as ${sql.identifier(name)}`);
  const selected = sql.join(columns, sql`, `);
  return {
    pairs: sql.join(pairs, sql`, `),
    rows: sql`select ${selected} from ${from} where ${where} order by ${orderBy}`,
  };
}
