/** What is read of a record: which columns, and how a row becomes the public JSON object. */
import type { Column, Table } from '../db/columns.ts';
import type { Database, Row } from '../db/database.ts';
import { getTableName, type SQL, sql } from '../db/drizzle.ts';
import type { Attached, Kind, PublicRecord } from '../model/declare.ts';
import { runningOn, TODAY } from './filters.ts';

/** Which of the fields that are not always read are wanted. */
export interface Wanted {
  /** Names of large fields to read. */
  readonly large: readonly string[];
  /** Whether restricted fields may be read. */
  readonly restricted: boolean;
  /** Whether `deleted_at` is shown. */
  readonly deleted: boolean;
  /** What of them is read in their place, beside the id. */
  readonly as?: Instead;
}

/** `size`: the bytes of its large fields; else whatever is made of the record, with a text that tells it from others. */
export type Instead = 'size' | { readonly shape: string; readonly columns: Readonly<Record<string, SQL>> };

const largeOf = new WeakMap<Kind, readonly string[]>();

/** The large fields of a kind. */
export function largeFields(kind: Kind): readonly string[] {
  const known = largeOf.get(kind);
  if (known) return known;
  const large = Object.keys(kind.fields).filter((name) => kind.fields[name]?.large);
  largeOf.set(kind, large);
  return large;
}

/** A text that tells one selection from another. */
export function selectionShape({ large, restricted, deleted, as }: Wanted): string {
  const instead = as === undefined ? '' : ` ${as === 'size' ? as : as.shape}`;
  return `${large.join('+')}${restricted ? '!' : ''}${deleted ? 'd' : ''}${instead}`;
}

/** What a selection is made with. */
type Selecting = Pick<Database, 'tables' | 'dialect'>;

/** Public names in their order, each with its column (or SQL); computed fields have none. */
export function selection(db: Selecting, kind: Kind, wanted: Wanted): Record<string, Column | SQL> {
  const table = tableOf(db, kind);
  if (wanted.as === 'size') return { id: table.id as Column, size: largeSize(db, kind, wanted) };
  if (wanted.as) return { id: table.id as Column, ...wanted.as.columns };
  const selected: Record<string, Column | SQL> = { id: table.id as Column };
  if (kind.slugFrom) selected.slug = table.slug as Column;
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.large && (!wanted.large.includes(name) || (field.restricted && !wanted.restricted))) continue;
    if (field.attached) selected[name] = attachedList(db, table, field.attached);
    else if (field.derived !== 'computed') selected[name] = table[name] as Column;
  }
  for (const name of ['version', 'created_at', 'updated_at']) {
    if (table[name]) selected[name] = table[name] as Column;
  }
  if (wanted.deleted) selected.deleted_at = table.deleted_at as Column;
  return selected;
}

/** The names that a selection of the kind has, in order. */
export function selectedNames(db: Selecting, kind: Kind, wanted: Wanted): string[] {
  return Object.keys(selection(db, kind, wanted));
}

/** Bytes of the large fields together. */
export function largeSize(db: Selecting, kind: Kind, { large }: Wanted): SQL {
  const table = tableOf(db, kind);
  const sizes = large.map((name) => sql`coalesce(${db.dialect.sizeOf(table[name] as Column)}, 0)`);
  return sql`${sql.join(sizes, sql` + `)}`.mapWith(Number);
}

/** The short list of records that point at each row, read in the same statement. */
function attachedList(db: Selecting, table: Table, { kind, by, fields }: Attached): SQL {
  const other = db.tables.kinds.get(kind) as Table;
  const shown = Object.fromEntries(fields.map((name) => [name, other[name] as Column]));
  // Both tables are named in full, as Drizzle leaves the name out where one table is selected from.
  const at = (of: Table, tableName: string, name: string) =>
    sql`${sql.identifier(tableName)}.${sql.identifier((of[name] as Column).name)}`;
  const otherName = getTableName(other);
  const column = (name: string) => at(other, otherName, name);
  const where = sql`${column(by)} = ${at(table, getTableName(table), 'id')} and ${column('deleted_at')} is null
    and ${runningOn(column, TODAY)}`;
  return db.dialect.jsonList(shown, other, where, sql`${column('sort_start_date')}, ${column('id')}`);
}

/** Table of a kind. */
export function tableOf(db: Pick<Database, 'tables'>, kind: Kind): Table {
  return db.tables.kinds.get(kind.name) as Table;
}

/** A row as the public object: computed fields in their declared place. */
export function toRecord(kind: Kind, row: Row): PublicRecord {
  if (kind.compute === undefined) return row as PublicRecord;
  const computed = kind.compute(row);
  const names = [
    'id',
    'slug',
    ...Object.keys(kind.fields),
    'version',
    'created_at',
    'updated_at',
    'deleted_at',
  ];
  const all = { ...row, ...computed };
  return Object.fromEntries(
    names.filter((name) => name in all).map((name) => [name, all[name]]),
  ) as PublicRecord;
}

/** A record without what only some may read. */
export function withoutRestricted(kind: Kind, record: PublicRecord): PublicRecord {
  const hidden = Object.keys(kind.fields).filter((name) => kind.fields[name]?.restricted && name in record);
  if (hidden.length === 0) return record;
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => !hidden.includes(name)),
  ) as PublicRecord;
}
