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
 * rows that stay as they are keep when they were updated.
 */
export async function keepRows(
  writer: Writer,
  kind: Kind,
  [by, value]: readonly [by: string, value: string],
  wanted: readonly KeptRow[],
  stamp: Stamp,
): Promise<void> {
  const { engine, session } = writer;
  const table = tableOf(engine.db, kind);
  const then = await session.all(
    `rows ${kind.name}`,
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(sql`${table[by] as Column} = ${sql.placeholder('value')}`),
    { value },
  );
  const old = new Map(then.map((row) => [row.id as string, row]));
  for (const row of wanted) {
    const was = old.get(row.id);
    old.delete(row.id);
    await keepRow(writer, kind, { ...row, ...stamp }, was);
  }
  for (const id of old.keys()) await dropRow(writer, kind, id);
}

async function keepRow(
  writer: Writer,
  kind: Kind,
  kept: KeptRow & Stamp,
  was: Row | undefined,
): Promise<void> {
  const { engine, session } = writer;
  const table = tableOf(engine.db, kind);
  const row: KeptRow & Stamp = { ...kept, moved_seq: kept.seq };
  for (const [name, sort] of Object.entries(kind.sorts)) row[sortColumn(name)] = sortKey(sort, row);
  const values = () => placeholders(Object.keys(row)) as never;
  const names = [...Object.keys(kind.fields), 'deleted_at'].filter((name) => name in row);
  if (was === undefined) {
    await session.run(`insert ${kind.name}`, (on) => on.insert(table).values(values()), row);
    await saveRows(writer, kind, row, names);
    return;
  }
  const changed = names.filter((name) => !isDeepStrictEqual(was[name], row[name]));
  if (changed.length === 0) return;
  const { seq, moved_seq, deleted_at, ...record } = was;
  row.moved_seq = await rememberMoves(
    writer,
    kind,
    row.id,
    {
      record: record as unknown as PublicRecord,
      seq: seq as number,
      movedSeq: moved_seq as number,
      deletedAt: deleted_at as string | null,
    },
    row,
  );
  const where = sql`${table.id} = ${sql.placeholder('id')}`;
  await session.run(`update ${kind.name}`, (on) => on.update(table).set(values()).where(where), row);
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
