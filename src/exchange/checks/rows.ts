/** Rows kept beside records: whether they are those that the records' lists and identifiers say. */
import { isDeepStrictEqual } from 'node:util';
import { v5 } from 'uuid';
import type { Column, Table } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { allTables, columnsOf, valueColumn } from '../../db/tables.ts';
import { type Identifier, identifierName } from '../../engine/rows.ts';
import type { Field, ItemRows, Kind } from '../../model/declare.ts';
import { kinds } from '../../model/kinds.ts';
import { type Check, type Checking, FOUND, faultsFrom, noun, pages, rowsOf, SHOWN } from './checking.ts';

const written = kinds.filter(({ kept }) => !kept);

/** Rows of a table that belong to some records, by the record's id. */
async function rowsBeside(
  { db, session }: Checking,
  table: Table,
  { shape, owner, ids }: { shape: string; owner: string; ids: readonly string[] },
): Promise<Map<string, Row[]>> {
  const rows = await session.all(
    `beside ${shape}`,
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(db.dialect.isAmong(table[owner] as Column, 'ids')),
    { ids: db.dialect.list(ids) },
  );
  return Map.groupBy(rows, (row) => String(row[owner]));
}

const idsOf = (page: readonly Row[]) => page.map(({ id }) => String(id));

export const identifiers: Check = {
  name: 'identifiers',
  looksAt: 'identifiers',
  reads: ['identifiers', ...written.map(({ table }) => table)],
  async look(on) {
    const { identifiers: table } = on.db.tables;
    for (const kind of written) {
      const other = on.db.tables.kinds.get(kind.name) as Table;
      await faultsFrom(
        on,
        `identifiers of nothing ${kind.name}`,
        (builder) =>
          builder
            .select({ name: table.name as Column, ...FOUND })
            .from(table)
            .leftJoin(other, sql`${other.id} = ${table.record_id}`)
            .where(sql`${table.kind} = ${kind.name} and ${other.id} is null`)
            .orderBy(table.name as Column)
            .limit(SHOWN),
        ({ name }) => `${name} names a ${noun(kind)} that is not there`,
      );
      const columns = (from: Table) => ({ identifiers: from.identifiers as Column });
      for await (const page of pages(on, kind, { what: 'identifiers', columns })) {
        const beside = { shape: 'identifiers', owner: 'record_id', ids: idsOf(page) };
        const kept = await rowsBeside(on, table, beside);
        for (const row of page) {
          const listed = new Set((row.identifiers as Identifier[]).map(identifierName));
          const rows = (kept.get(String(row.id)) ?? []).filter(({ kind: of }) => of === kind.name);
          const named = new Set(rows.map(({ name }) => String(name)));
          for (const name of listed.difference(named))
            on.fault(`${noun(kind)} ${row.id} is not found by ${name}`);
          for (const name of named.difference(listed))
            on.fault(`${noun(kind)} ${row.id} is found by ${name}, which is none of its identifiers`);
        }
        on.step(page.length);
      }
    }
    on.step(rowsOf(on, 'identifiers'));
    return rowsOf(on, 'identifiers');
  },
};

/** A list field, with the table that holds its items too. */
interface Listed {
  readonly kind: Kind;
  readonly name: string;
  readonly field: Field;
  readonly rows: ItemRows;
  /** The kind that the items are, where they are one. */
  readonly own: Kind | undefined;
}

const listed: readonly Listed[] = written.flatMap((kind) =>
  Object.entries(kind.fields).flatMap(([name, field]) => {
    const own = kinds.find(({ rowsOf: of }) => of?.kind === kind.name && of.field === name);
    return field.rows ? [{ kind, name, field, rows: field.rows, own }] : [];
  }),
);

export const lists: Check = {
  name: 'lists',
  looksAt: 'items',
  reads: listed.flatMap(({ kind, rows }) => [kind.table, rows.table]),
  async look(on) {
    for (const one of listed) await lookAtList(on, one);
    return listed.reduce((sum, { rows }) => sum + rowsOf(on, rows.table), 0);
  },
};

async function lookAtList(on: Checking, { kind, name, field, rows, own }: Listed): Promise<void> {
  const table = allTables(on.db.tables)[rows.table] as Table;
  const copies = own?.rowsOf?.copies ?? [];
  const names = [name, ...copies, 'updated_at', 'deleted_at', 'seq'];
  const columns = (from: Table) => Object.fromEntries(names.map((one) => [one, from[one] as Column]));
  for await (const page of pages(on, kind, { what: `list ${name}`, columns })) {
    const kept = await rowsBeside(on, table, { shape: rows.table, owner: rows.owner, ids: idsOf(page) });
    for (const row of page) {
      const items = row[name] as unknown[];
      const wanted = items.map((item, at) =>
        own ? ownRow(own, rows, row, item as Row, at) : besideRow(field, rows, row, item, at),
      );
      const found = kept.get(String(row.id)) ?? [];
      if (!isSameSet(wanted, found))
        on.fault(`the rows of ${rows.table} are not ${name} of ${noun(kind)} ${row.id}`);
    }
    on.step(page.length);
  }
  on.step(rowsOf(on, rows.table));
}

/** The row an item is kept as: its place, with what it refers to; or the value alone. */
function besideRow(field: Field, { owner }: ItemRows, record: Row, item: unknown, at: number): Row {
  if (field.items === undefined) return { [owner]: record.id, [valueColumn(field)]: item };
  const references = Object.entries(field.items).filter(([, { to }]) => to);
  return {
    [owner]: record.id,
    ordinal: at,
    ...Object.fromEntries(references.map(([part]) => [part, (item as Row)[part]])),
  };
}

/** The row an item is kept as where it is a record of its own; its change is that of the whole, or an earlier one. */
function ownRow(own: Kind, { owner }: ItemRows, record: Row, item: Row, at: number): Row {
  const copies = Object.fromEntries((own.rowsOf?.copies ?? []).map((name) => [name, record[name]]));
  const id = v5(`${own.name}\u0000${at}`, String(record.id));
  return { id, [owner]: record.id, ...copies, ...item, deleted_at: record.deleted_at };
}

/** Whether the rows are those wanted, in any order; columns that are not wanted are not looked at. */
function isSameSet(wanted: readonly Row[], found: readonly Row[]): boolean {
  const names = Object.keys(wanted[0] ?? {});
  const texts = (rows: readonly Row[]) =>
    rows.map((row) => JSON.stringify(names.map((name) => row[name]))).sort();
  return isDeepStrictEqual(texts(wanted), texts(found));
}
