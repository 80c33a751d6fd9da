/** Inserts of many rows: one statement prepared once, whose values go straight to the driver. */
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

/** What takes a parameter's value out of a row, in the form the driver wants. */
function takerOf(param: unknown): (row: Row) => unknown {
  const placeholder = is(param, Param) ? param.value : param;
  if (!is(placeholder, Placeholder)) throw new Error('a parameter of the insert is no placeholder');
  const { name } = placeholder as { name: string };
  const value = (row: Row) => {
    if (row[name] === undefined) throw new Error(`the row has no ${name}`);
    return row[name];
  };
  if (!is(param, Param)) return value;
  const { encoder } = param;
  return (row) => encoder.mapToDriverValue(value(row));
}
