/**
 * The column helpers both databases offer. A table is defined once, by calling these; each database has its own
 * set of the same names. Drizzle types the two dialects apart though the code here uses only what they share, so
 * the SQLite types stand for both.
 */
import type { SQL } from 'drizzle-orm';
import type {
  IndexColumn,
  SQLiteColumn,
  SQLiteColumnBuilderBase,
  SQLiteTable,
} from 'drizzle-orm/sqlite-core';

export type Column = SQLiteColumn;
export type ColumnBuilder = SQLiteColumnBuilderBase;
/** A table with its columns as properties. */
export type Table = SQLiteTable & { readonly [column: string]: Column };
/** What `extras` of a table returns: indexes and keys. */
export type Extra = unknown;

export interface Constraints {
  readonly notNull?: boolean;
  readonly primaryKey?: boolean;
  /** The column this one refers to; lazily, as tables refer to one another. */
  readonly refersTo?: () => Column;
}

/** One set of column helpers; each makes a column of that name. */
export interface Columns {
  readonly text: (name: string, constraints?: Constraints) => ColumnBuilder;
  readonly uuid: (name: string, constraints?: Constraints) => ColumnBuilder;
  readonly integer: (name: string, constraints?: Constraints) => ColumnBuilder;
  readonly real: (name: string, constraints?: Constraints) => ColumnBuilder;
  readonly boolean: (name: string, constraints?: Constraints) => ColumnBuilder;
  /** JSON that keeps its key order; null is SQL's null. */
  readonly json: (name: string, constraints?: Constraints) => ColumnBuilder;
  /** An instant in UTC with milliseconds, read and written as RFC 3339 text. */
  readonly instant: (name: string, constraints?: Constraints) => ColumnBuilder;
  readonly table: (
    name: string,
    columns: Readonly<Record<string, ColumnBuilder>>,
    extras: (table: Table) => Extra[],
  ) => Table;
  readonly index: (name: string, on: readonly (IndexColumn | SQL)[]) => Extra;
  readonly uniqueIndex: (name: string, on: readonly (IndexColumn | SQL)[]) => Extra;
  readonly primaryKey: (on: readonly Column[]) => Extra;
}
