/** Queries as they are run: built by Drizzle once for all connections of a database, their values straight to the driver and back. */
import { hash } from 'node:crypto';
import type * as core from 'drizzle-orm';
import type { Builder, Preparable, Row } from './database.ts';
import { Column, is, noopDecoder, Param, Placeholder } from './drizzle.ts';
import { statementsOf } from './statements.ts';

export interface Query {
  readonly text: string;
  /** Tells it from others, in as many characters as a server keeps of a statement's name. */
  readonly name: string;
  /** What fills its parameters, in the form the driver wants; values that lack one of its placeholders throw. */
  readonly parameters: (values: Row) => unknown[];
  /** What columns make of the driver's values, which are in the order they were selected in; in their place. */
  readonly decoded: (values: unknown[]) => unknown[];
  /** A row of those values. */
  readonly row: (values: unknown[]) => Row;
}

/** What Drizzle makes of a query; what of it is selected it keeps to itself. */
interface Built {
  getQuery(): { readonly sql: string; readonly params: readonly unknown[] };
  readonly fields?: readonly Selected[];
}

interface Selected {
  /** The names that lead to it: one, as rows are flat here. */
  readonly path: readonly string[];
  readonly field: core.Column | Decoded | { readonly sql: Decoded };
}

/** SQL, which knows what becomes of its values. */
interface Decoded {
  readonly decoder: core.DriverValueDecoder<unknown, unknown>;
}

/** Queries of one database, by shape, each built once. `builder` is Drizzle's on no connection. */
export function queriesOn(builder: Builder) {
  const of = statementsOf<Query>();
  return (shape: string, build: (on: Builder) => Preparable): Query =>
    of(shape, () => queryOf(shape, build(builder).prepare() as Built));
}

export type Queries = ReturnType<typeof queriesOn>;

function queryOf(shape: string, built: Built): Query {
  const { sql: text, params } = built.getQuery();
  const takers = params.map(takerOf);
  return {
    text,
    name: hash('sha256', shape).slice(0, 40),
    parameters: (values) => takers.map((take) => take(values)),
    ...rowsOf(built.fields ?? []),
  };
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

/** What makes rows: Drizzle's own looks at what each value is of anew for each row. */
function rowsOf(fields: readonly Selected[]): Pick<Query, 'decoded' | 'row'> {
  const names = fields.map(({ path }) => {
    const [name, ...more] = path;
    if (name === undefined || more.length > 0) throw new Error(`${path.join('.')} is selected into a row`);
    return name;
  });
  const coded = fields.flatMap(({ field }, at) => {
    const decode = decoderOf(field);
    return decode ? [{ at, decode }] : [];
  });
  const decoded = (values: unknown[]) => {
    for (const { at, decode } of coded) if (values[at] !== null) values[at] = decode(values[at]);
    return values;
  };
  const row = (values: unknown[]) => {
    decoded(values);
    const made: Row = {};
    for (let at = 0; at < names.length; at += 1) made[names[at] as string] = values[at];
    return made;
  };
  return { decoded, row };
}

/** What makes a value of the driver's; undefined where it stays as it is. */
function decoderOf(field: Selected['field']): ((value: unknown) => unknown) | undefined {
  if (is(field, Column)) {
    return field.mapFromDriverValue === Column.prototype.mapFromDriverValue
      ? undefined
      : (value) => field.mapFromDriverValue(value);
  }
  const { decoder } = 'decoder' in field ? field : field.sql;
  return decoder === noopDecoder ? undefined : (value) => decoder.mapFromDriverValue(value);
}
