import type * as core from 'drizzle-orm/pg-core';
import type { ColumnBuilder, Columns, Constraints, Extra, Table } from '../columns.ts';
import { loadDrizzle } from '../drizzle.ts';

const pg = loadDrizzle('drizzle-orm/pg-core') as typeof core;

interface Buildable {
  notNull(): Buildable;
  primaryKey(): Buildable;
  references(column: unknown): Buildable;
}

/** PostgreSQL's builders have the methods of SQLite's; the SQLite types stand for both (see `../columns.ts`). */
function constrain(builder: unknown, { notNull, primaryKey, refersTo }: Constraints = {}): ColumnBuilder {
  let built = builder as Buildable;
  if (notNull) built = built.notNull();
  if (primaryKey) built = built.primaryKey();
  if (refersTo) built = built.references(refersTo);
  return built as unknown as ColumnBuilder;
}

// Sorts by code point, as SQLite does.
const plainText = pg.customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

const instant = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});

// Drizzle's own json column turns a null placeholder into 'null'.
const json = pg.customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
});

/** Column helpers for PostgreSQL. */
export const columns: Columns = {
  text: (name, constraints) => constrain(plainText(name), constraints),
  uuid: (name, constraints) => constrain(pg.uuid(name), constraints),
  integer: (name, constraints) => constrain(pg.bigint(name, { mode: 'number' }), constraints),
  real: (name, constraints) => constrain(pg.doublePrecision(name), constraints),
  boolean: (name, constraints) => constrain(pg.boolean(name), constraints),
  json: (name, constraints) => constrain(json(name), constraints),
  instant: (name, constraints) => constrain(instant(name), constraints),
  table: (name, builders, extras) =>
    pg.pgTable(name, builders as never, ((table: Table) => extras(table)) as never) as unknown as Table,
  index: (name, on): Extra => pg.index(name).on(...(on as never as [core.PgColumn])),
  uniqueIndex: (name, on): Extra => pg.uniqueIndex(name).on(...(on as never as [core.PgColumn])),
  primaryKey: (on): Extra => pg.primaryKey({ columns: [...on] as never }),
};
