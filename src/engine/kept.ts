/** Rows of kinds that the service keeps from other records: their ids last, and so do their places in the orders. */
import { isDeepStrictEqual } from 'node:util';
import type { Column } from '../db/columns.ts';
import type { Row } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { columnsOf, sortColumn } from '../db/tables.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { rememberMoves } from './moves.ts';
import { sortKey } from './order.ts';
import { clearLinks, placeholders, saveRows } from './rows.ts';
import { tableOf } from './select.ts';
import type { Writer } from './writer.ts';

/** The change that kept rows follow from. */
export interface Stamp {
  readonly seq: number;
  /** Instants. */
  readonly updated_at: string;
  readonly deleted_at: string | null;
}

/** A row to keep: its id, and the fields of its kind. */
export type KeptRow = Row & { readonly id: string };

/**
 * Makes the rows of a kind whose column `by` holds `value` those that are given, each with its id and fields;
 * rows that stay as they are keep when they were updated. `fresh` says that there are none yet.
 */
export async function keepRows(
  writer: Writer,
  kind: Kind,
  [by, value]: readonly [by: string, value: string],
  wanted: readonly KeptRow[],
  stamp: Stamp,
  fresh = false,
): Promise<void> {
  const old = fresh ? new Map<string, Row>() : await rowsBy(writer, kind, by, value);
  const added: KeptRow[] = [];
  for (const given of wanted) {
    const row = placed(kind, { ...given, ...stamp });
    const was = old.get(row.id);
    old.delete(row.id);
    if (was) await changeRow(writer, kind, row, was);
    else added.push(row);
  }
  await addRows(writer, kind, added);
  for (const id of old.keys()) await dropRow(writer, kind, id);
}

async function rowsBy(
  { engine, session }: Writer,
  kind: Kind,
  by: string,
  value: string,
): Promise<Map<string, Row>> {
  const table = tableOf(engine.db, kind);
  const rows = await session.all(
    `rows ${kind.name}`,
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(sql`${table[by] as Column} = ${sql.placeholder('value')}`),
    { value },
  );
  return new Map(rows.map((row) => [row.id as string, row]));
}

/** A row with its keys in the orders of its kind. */
function placed(kind: Kind, kept: KeptRow & Stamp): KeptRow & Stamp {
  const row: KeptRow & Stamp = { ...kept, moved_seq: kept.seq };
  for (const [name, sort] of Object.entries(kind.sorts)) row[sortColumn(name)] = sortKey(sort, row);
  return row;
}

/** The fields of a kind that a row has, and whether it is deleted. */
const namesIn = (kind: Kind, row: Row) =>
  [...Object.keys(kind.fields), 'deleted_at'].filter((name) => name in row);

async function addRows(writer: Writer, kind: Kind, rows: readonly KeptRow[]): Promise<void> {
  // Rows that leave different fields out are different statements.
  for (const some of Map.groupBy(rows, (row) => Object.keys(row).join()).values())
    await writer.session.insert(kind.table, tableOf(writer.engine.db, kind), some);
  for (const row of rows) await saveRows(writer, kind, row, namesIn(kind, row), true);
}

async function changeRow(writer: Writer, kind: Kind, row: KeptRow & Stamp, was: Row): Promise<void> {
  const changed = namesIn(kind, row).filter((name) => !isDeepStrictEqual(was[name], row[name]));
  if (changed.length === 0) return;
  const { seq, moved_seq, deleted_at, ...record } = was;
  row.moved_seq = await rememberMoves(
    writer,
    kind,
    row.id,
    {
      // A row read with all its columns has what every record has.
      record: record as PublicRecord,
      seq: seq as number,
      movedSeq: moved_seq as number,
      deletedAt: deleted_at as string | null,
    },
    row,
  );
  const table = tableOf(writer.engine.db, kind);
  const values = placeholders(Object.keys(row)) as never;
  await writer.session.run(
    `update ${kind.name}`,
    (on) =>
      on
        .update(table)
        .set(values)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    row,
  );
  await saveRows(writer, kind, row, changed);
}

async function dropRow(writer: Writer, kind: Kind, id: string): Promise<void> {
  const table = tableOf(writer.engine.db, kind);
  await clearLinks(writer, kind, id);
  await writer.session.run(
    `drop ${kind.name}`,
    (on) => on.delete(table).where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id },
  );
}
