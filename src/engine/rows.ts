/** The rows kept beside a record: its identifiers, and those of its list fields. */

import { v5 } from 'uuid';
import type { Table } from '../db/columns.ts';
import type { Row } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { valueColumn } from '../db/tables.ts';
import type { Field, Kind } from '../model/declare.ts';
import { kinds } from '../model/kinds.ts';
import type { Content } from './content.ts';
import { keepRows, type Stamp } from './kept.ts';
import type { Stored } from './store.ts';
import type { Writer } from './writer.ts';

export interface Identifier {
  scheme: string;
  identifier: string;
}

/** `scheme:identifier`, as filters and the identifiers table spell it. */
export function identifierName({ scheme, identifier }: Identifier): string {
  return `${scheme}:${identifier}`;
}

/** A placeholder for each column, by the column's name. */
export const placeholders = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));

/** Keeps the identifiers' own table in step with a record's identifiers. */
export async function saveIdentifiers(
  { engine, session }: Writer,
  kind: Kind,
  id: string,
  content: Content,
  before: Stored | undefined,
): Promise<void> {
  const now = (content.identifiers as Identifier[]).map(identifierName);
  const then = ((before?.record.identifiers ?? []) as Identifier[]).map(identifierName);
  const table = engine.db.tables.identifiers;
  for (const name of then.filter((old) => !now.includes(old))) {
    await session.run(
      'drop identifier',
      (on) =>
        on
          .delete(table)
          .where(
            sql`${table.kind} = ${sql.placeholder('kind')} and ${table.name} = ${sql.placeholder('name')}`,
          ),
      { kind: kind.name, name },
    );
  }
  const added = now.filter((name) => !then.includes(name));
  const rows = added.map((name) => ({ kind: kind.name, name, record_id: id }));
  await session.insert('identifiers', table, rows);
}

/**
 * Keeps the rows beside list fields in step with the lists, where the lists or what is copied from the record changed;
 * a `fresh` record has none yet.
 */
export async function saveRows(
  writer: Writer,
  kind: Kind,
  record: Row,
  changed: readonly string[],
  fresh = false,
): Promise<void> {
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.rows === undefined) continue;
    const own = kinds.find(({ rowsOf }) => rowsOf?.kind === kind.name && rowsOf.field === name);
    if (own) {
      if (![name, ...(own.rowsOf?.copies ?? [])].some((of) => changed.includes(of))) continue;
      await saveRowsKind(writer, own, record, record[name] as Content[], field.rows.owner, fresh);
      continue;
    }
    if (!changed.includes(name)) continue;
    const table = writer.engine.db.tables.rows.get(field.rows.table) as Table;
    if (!fresh) await clearRows(writer, field.rows.table, table, field.rows.owner, record.id as string);
    const rows = (record[name] as unknown[]).map((value, ordinal) => rowOf(field, record, value, ordinal));
    await writer.session.insert(field.rows.table, table, rows);
  }
}

/** The row beside a record for one value of a list field. */
function rowOf(field: Field, record: Row, value: unknown, ordinal: number): Row {
  const row: Row = { [field.rows?.owner as string]: record.id };
  if (field.items === undefined) return { ...row, [valueColumn(field)]: value };
  row.ordinal = ordinal;
  for (const [part, item] of Object.entries(field.items)) if (item.to) row[part] = (value as Content)[part];
  return row;
}

async function clearRows(
  { session }: Writer,
  name: string,
  table: Table,
  owner: string,
  id: string,
): Promise<void> {
  await session.run(
    `clear ${name}`,
    (on) => on.delete(table).where(sql`${table[owner]} = ${sql.placeholder('id')}`),
    { id },
  );
}

/** Takes away the rows beside the list fields of a record that is about to go for good. */
export async function clearLinks(writer: Writer, kind: Kind, id: string): Promise<void> {
  for (const { rows } of Object.values(kind.fields)) {
    if (rows)
      await clearRows(
        writer,
        rows.table,
        writer.engine.db.tables.rows.get(rows.table) as Table,
        rows.owner,
        id,
      );
  }
}

/** Keeps rows that are a kind of their own (individual votes). */
async function saveRowsKind(
  writer: Writer,
  own: Kind,
  record: Row,
  items: readonly Content[],
  owner: string,
  fresh: boolean,
): Promise<void> {
  const copied = (own.rowsOf?.copies ?? []).map((name) => [name, record[name]]);
  const rows = items.map((item, ordinal) => ({
    ...item,
    id: v5(`${own.name}\u0000${ordinal}`, record.id as string),
    [owner]: record.id,
    ...Object.fromEntries(copied),
  }));
  const { seq, updated_at, deleted_at } = record as unknown as Stamp;
  await keepRows(writer, own, [owner, record.id as string], rows, { seq, updated_at, deleted_at }, fresh);
}
