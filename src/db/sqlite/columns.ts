import type * as core from 'drizzle-orm/sqlite-core';
import type { Columns, Constraints, Table } from '../columns.ts';
import { loadDrizzle } from '../drizzle.ts';

const sqlite = loadDrizzle('drizzle-orm/sqlite-core') as typeof core;

interface Buildable {
  notNull(): Buildable;
  primaryKey(): Buildable;
  references(column: NonNullable<Constraints['refersTo']>): Buildable;
}

/** Drizzle's builders share these three methods; each returns a builder of the same column. */
function constrain<Builder>(builder: Builder, { notNull, primaryKey, refersTo }: Constraints = {}): Builder {
  let built = builder as Buildable;
  if (notNull) built = built.notNull();
  if (primaryKey) built = built.primaryKey();
  if (refersTo) built = built.references(refersTo);
  return built as Builder;
}

// Drizzle's own json and boolean columns turn a null placeholder into 'null' and 0.
const jsonText = sqlite.customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (value) => (value === null ? null : JSON.parse(value)),
});

const flag = sqlite.customType<{ data: boolean | null; driverData: number | null }>({
  dataType: () => 'integer',
  toDriver: (value) => (value === null ? null : Number(value)),
  fromDriver: (value) => (value === null ? null : value === 1),
});

/** Column helpers for SQLite. */
export const columns: Columns = {
  text: (name, constraints) => constrain(sqlite.text(name), constraints),
  uuid: (name, constraints) => constrain(sqlite.text(name), constraints),
  integer: (name, constraints) => constrain(sqlite.integer(name), constraints),
  real: (name, constraints) => constrain(sqlite.real(name), constraints),
  boolean: (name, constraints) => constrain(flag(name), constraints),
  json: (name, constraints) => constrain(jsonText(name), constraints),
  instant: (name, constraints) => constrain(sqlite.text(name), constraints),
  table: (name, builders, extras) =>
    sqlite.sqliteTable(
      name,
      builders,
      (table) => extras(table as unknown as Table) as never,
    ) as unknown as Table,
  index: (name, on) => sqlite.index(name).on(...(on as [core.IndexColumn])),
  uniqueIndex: (name, on) => sqlite.uniqueIndex(name).on(...(on as [core.IndexColumn])),
  primaryKey: (on) => sqlite.primaryKey({ columns: [...on] as [core.SQLiteColumn] }),
};
