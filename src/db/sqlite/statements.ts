/** Statements that are run often: prepared once, their values go straight to the driver and back. */
import type Sqlite from 'better-sqlite3';
import type { Row } from '../database.ts';
import { is, Param, Placeholder } from '../drizzle.ts';

/** A query of Drizzle's as it is sent: its text, and what fills its parameters. */
export interface Built {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Inserts one row. */
export type Insert = (row: Row) => void;

/** The insert of a row, whose parameters are placeholders alone; a row that lacks one of them throws. */
export function insertWith(raw: Sqlite.Database, { sql, params }: Built): Insert {
  const statement = raw.prepare(sql);
  const takers = params.map(takerOf);
  return (row) => {
    statement.run(takers.map((take) => take(row)));
  };
}

/** The rows of a query with its placeholders filled, as values in the order they are selected in. */
export type Select = (values: Row) => unknown[][];

/** The select of some rows; values that lack one of its placeholders throw. */
export function selectWith(raw: Sqlite.Database, { sql, params }: Built): Select {
  const statement = raw.prepare(sql).raw();
  const takers = params.map(takerOf);
  return (values) => statement.all(takers.map((take) => take(values))) as unknown[][];
}

/** What takes a parameter's value out of a row, in the form the driver wants. */
function takerOf(param: unknown): (row: Row) => unknown {
  const placeholder = is(param, Param) ? param.value : param;
  if (!is(placeholder, Placeholder)) {
    const value = is(param, Param) ? param.encoder.mapToDriverValue(param.value) : param;
    return () => value;
  }
  const { name } = placeholder as { name: string };
  const value = (row: Row) => {
    if (row[name] === undefined) throw new Error(`there is no ${name}`);
    return row[name];
  };
  if (!is(param, Param)) return value;
  const { encoder } = param;
  return (row) => encoder.mapToDriverValue(value(row));
}
