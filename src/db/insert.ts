/** Inserting rows: the statement for some of them at a time, and how many at a time. */
import type { Table } from './columns.ts';
import type { Builder, Preparable, Row } from './database.ts';
import { sql } from './drizzle.ts';

/** The insert of `count` rows with the same columns, whose values `rowValues` gives. */
export function insertOf(on: Builder, table: Table, columns: readonly string[], count: number): Preparable {
  const row = (at: number) =>
    Object.fromEntries(columns.map((column) => [column, sql.placeholder(nameOf(column, at))]));
  // Drizzle types each table by its own columns; these are looked up by name.
  return on.insert(table).values(Array.from({ length: count }, (_, at) => row(at)) as never);
}

/** What fills the placeholders of the insert of these rows. */
export function rowValues(columns: readonly string[], rows: readonly Row[]): Row {
  const values: Row = {};
  for (const [at, row] of rows.entries())
    for (const column of columns) values[nameOf(column, at)] = row[column];
  return values;
}

const nameOf = (column: string, at: number) => (at === 0 ? column : `${column} ${at}`);

/** Rows of one statement, so that few different statements are prepared. */
const AT_ONCE = [100, 20, 5, 1] as const;

/** The rows in runs for which there is a statement. */
export function* inRuns(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; ) {
    const left = rows.length - from;
    const count = AT_ONCE.find((size) => size <= left) as number;
    yield rows.slice(from, from + count);
    from += count;
  }
}
