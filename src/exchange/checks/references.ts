/** References: whether what a record points at is there. */
import type { Column, Table } from '../../db/columns.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { allTables, valueColumn } from '../../db/tables.ts';
import type { Field, Kind } from '../../model/declare.ts';
import { kindNamed, kinds } from '../../model/kinds.ts';
import { type Check, type Checking, FOUND, faultsFrom, noun, rowsOf, SHOWN } from './checking.ts';

/** A column whose values are ids of a kind of record. */
export interface Pointing {
  readonly table: string;
  readonly column: string;
  readonly to: string;
}

/** Every column that refers to a kind of record, in the tables of kinds and in those beside them. */
export const pointing: readonly Pointing[] = kinds.flatMap((kind) => [
  ...Object.entries(kind.fields).flatMap(([column, { to, storage }]) =>
    to && storage === 'uuid' ? [{ table: kind.table, column, to }] : [],
  ),
  ...Object.values(kind.fields).flatMap((field) => beside(kind, field)),
]);

function beside(kind: Kind, field: Field): Pointing[] {
  const { rows, items, to } = field;
  if (rows === undefined || kinds.some(({ table }) => table === rows.table)) return [];
  const values = items
    ? Object.entries(items).flatMap(([column, item]) => (item.to ? [{ column, to: item.to }] : []))
    : to
      ? [{ column: valueColumn(field), to }]
      : [];
  return [{ column: rows.owner, to: kind.name }, ...values].map((one) => ({ table: rows.table, ...one }));
}

/** Says the values of a column, in the rows that match, that are no id of the kind. */
async function sayLost(
  on: Checking,
  { table: name, column, to }: Pointing,
  where: SQL = sql`true`,
): Promise<void> {
  const kind = kindNamed(to);
  const table = allTables(on.db.tables)[name] as Table;
  const other = on.db.tables.kinds.get(to) as Table;
  const value = table[column] as Column;
  await faultsFrom(
    on,
    `lost ${name}.${column} ${to}`,
    (builder) => {
      // Under another name, as records refer to others of their own kind.
      const target = builder
        .select({ target: sql<string>`${other.id}`.as('target') })
        .from(other)
        .as('targets');
      return builder
        .select({ value, ...FOUND })
        .from(table)
        .leftJoin(target, sql`${target.target} = ${value}`)
        .where(sql`${value} is not null and ${target.target} is null and ${where}`)
        .orderBy(value)
        .limit(SHOWN);
    },
    (row) => `${name}.${column}: there is no ${noun(kind)} ${row.value}`,
  );
}

export const foreignKeys: Check = {
  name: 'foreign keys',
  looksAt: 'rows that refer to others',
  reads: pointing.map(({ table }) => table),
  async look(on) {
    for (const one of pointing) {
      await sayLost(on, one);
      on.step(rowsOf(on, one.table));
    }
    const tables = new Set(pointing.map(({ table }) => table));
    return [...tables].reduce((sum, name) => sum + rowsOf(on, name), 0);
  },
};

/** References to a record of any kind, which the database itself cannot hold to: the evidence of a record. */
const anywhere = kinds.flatMap((kind) =>
  Object.entries(kind.fields).flatMap(([column, { kindField }]) =>
    kindField ? [{ kind, column, kindField }] : [],
  ),
);

export const evidence: Check = {
  name: 'evidence',
  looksAt: 'citations',
  reads: anywhere.map(({ kind }) => kind.table),
  async look(on) {
    for (const { kind, column, kindField } of anywhere) {
      const table = on.db.tables.kinds.get(kind.name) as Table;
      for (const to of Object.keys(kind.fields[kindField]?.vocabulary?.words ?? {}))
        await sayLost(on, { table: kind.table, column, to }, sql`${table[kindField]} = ${to}`);
      on.step(rowsOf(on, kind.table));
    }
    return anywhere.reduce((sum, { kind }) => sum + rowsOf(on, kind.table), 0);
  },
};

export const redirects: Check = {
  name: 'redirects',
  looksAt: 'redirects',
  reads: ['redirects'],
  async look(on) {
    const { redirects: table, changes } = on.db.tables;
    const used = await on.session.all<{ kind: string }>('kinds of redirects', (builder) =>
      builder
        .select({ kind: table.kind as Column })
        .from(table)
        .groupBy(table.kind as Column),
    );
    for (const { kind } of used) {
      if (!kinds.some(({ name }) => name === kind))
        on.fault(`a redirect is of '${kind}', which is no kind of record`);
      else
        for (const column of ['old_id', 'new_id'])
          await sayLost(on, { table: 'redirects', column, to: kind }, sql`${table.kind} = ${kind}`);
    }
    for (const column of ['first_seq', 'last_seq']) {
      await faultsFrom(
        on,
        `redirects ${column}`,
        (builder) =>
          builder
            .select({ id: table.old_id as Column, seq: table[column] as Column, ...FOUND })
            .from(table)
            .leftJoin(changes, sql`${changes.seq} = ${table[column]}`)
            .where(sql`${changes.seq} is null`)
            .orderBy(table.old_id as Column)
            .limit(SHOWN),
        ({ id, seq }) => `the redirect of ${id} speaks of change ${seq}, which is not there`,
      );
    }
    on.step(rowsOf(on, 'redirects'));
    return rowsOf(on, 'redirects');
  },
};
