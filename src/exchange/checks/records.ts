/** Records: whether each is what the log says it came to, and stands where its orders would put it. */
import { isDeepStrictEqual } from 'node:util';
import type { Column, Table } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { keepsShown, sortColumn } from '../../db/tables.ts';
import { shownRow } from '../../engine/json/shown.ts';
import { sortKey } from '../../engine/order.ts';
import { recordOf } from '../../engine/store.ts';
import type { Kind } from '../../model/declare.ts';
import { kinds } from '../../model/kinds.ts';
import { type Check, type Checking, FOUND, faultsFrom, noun, pages, rowsOf, SHOWN } from './checking.ts';

/** Kinds with writes of their own. */
const written = kinds.filter(({ kept }) => !kept);

const hasLarge = ({ fields }: Kind) => Object.values(fields).some(({ large }) => large);

/** Fields that have a column. */
function storedFields(kind: Kind): string[] {
  const fields = Object.entries(kind.fields).filter(([, { derived }]) => derived !== 'computed');
  return [...(kind.slugFrom ? ['slug'] : []), ...fields.map(([name]) => name)];
}

const KEPT = ['version', 'created_at', 'updated_at', 'deleted_at'] as const;

export const records: Check = {
  name: 'records',
  looksAt: 'records',
  reads: written.map(({ table }) => table),
  async look(on) {
    for (const kind of written) await lookAtRecords(on, kind);
    return written.reduce((sum, { table }) => sum + rowsOf(on, table), 0);
  },
};

/** Each record's row is what its last change says: the change of its version, after which there is none. */
async function lookAtRecords(on: Checking, kind: Kind): Promise<void> {
  const { changes } = on.db.tables;
  const names = [...storedFields(kind), ...KEPT];
  const columns = (table: Table) => ({
    ...Object.fromEntries(names.map((name) => [name, table[name] as Column])),
    ...(keepsShown(kind) ? { shown: table.shown as Column, shown_of: table.shown_of as Column } : {}),
    seq: table.seq as Column,
    logged_seq: sql`${changes.seq}`.as('logged_seq'),
    logged_kind: sql`${changes.kind}`.as('logged_kind'),
    logged: changes.content as Column,
    later:
      sql`(select max(later.seq) from ${changes} as later where later.record_id = ${table.id} and later.version > ${table.version})`.as(
        'later',
      ),
  });
  const join = (table: Table) =>
    sql`${changes.record_id} = ${table.id} and ${changes.version} = ${table.version}`;
  const wanted = { what: 'records', columns, large: hasLarge(kind), joins: [{ table: changes, on: join }] };
  for await (const page of pages(on, kind, wanted)) {
    for (const row of page) {
      const wrong = recordFault(kind, row);
      if (wrong) on.fault(`${noun(kind)} ${row.id} ${wrong}`);
    }
    on.step(page.length);
  }
}

function recordFault(kind: Kind, row: Row): string | undefined {
  const { version, seq, logged, logged_seq, logged_kind, later } = row;
  if (logged_seq === null) return `is at version ${version}, which no change gave it`;
  if (later !== null) return `is at version ${version}, but change ${later} is newer`;
  if (logged_kind !== kind.name) return `was last changed as a ${logged_kind}, in change ${logged_seq}`;
  if (Number(logged_seq) !== Number(seq))
    return `says change ${seq} was its last, and the log says ${logged_seq}`;
  const content = logged as Row;
  if (content.id !== row.id) return `is ${content.id} in change ${seq}`;
  const differing = [...storedFields(kind), ...KEPT].filter(
    (name) => !isSame(kind, name, row[name], content[name]),
  );
  if (differing.length > 0) return `is not what change ${seq} says: ${differing.join(', ')}`;
  return isShownAsIs(kind, row) ? undefined : 'shows something else than it holds';
}

/** Whether the JSON kept beside a row is that of its record, where it is of the version and the shape that is shown. */
function isShownAsIs(kind: Kind, row: Row): boolean {
  const { shown, shown_of } = shownRow(kind, recordOf(kind, row));
  return row.shown === shown || row.shown_of !== shown_of;
}

/** A field that was added since the change was logged has the value an omitted one gets. */
function isSame(kind: Kind, name: string, value: unknown, logged: unknown): boolean {
  if (logged !== undefined) return isDeepStrictEqual(value, logged);
  return value === null || isDeepStrictEqual(value, kind.fields[name]?.initial);
}

export const sortKeys: Check = {
  name: 'sort keys',
  looksAt: 'records',
  reads: kinds.map(({ table }) => table),
  async look(on) {
    for (const kind of kinds) await lookAtKeys(on, kind);
    return kinds.reduce((sum, { table }) => sum + rowsOf(on, table), 0);
  },
};

async function lookAtKeys(on: Checking, kind: Kind): Promise<void> {
  const sorts = Object.entries(kind.sorts);
  // No order goes by a text of megabytes.
  const names = storedFields(kind).filter((name) => !kind.fields[name]?.large);
  const columns = (table: Table) =>
    Object.fromEntries(
      [...names, ...sorts.map(([name]) => sortColumn(name))].map((name) => [name, table[name] as Column]),
    );
  for await (const page of pages(on, kind, { what: 'sort keys', columns })) {
    for (const row of page) {
      const wrong = sorts.filter(([name, sort]) => row[sortColumn(name)] !== sortKey(sort, row));
      for (const [name] of wrong) on.fault(`${noun(kind)} ${row.id} stands in the wrong place by ${name}`);
    }
    on.step(page.length);
  }
}

const sluggish = written.filter(({ slugFrom }) => slugFrom);

export const slugs: Check = {
  name: 'slugs',
  looksAt: 'slugs',
  reads: sluggish.map(({ table }) => table),
  async look(on) {
    for (const kind of sluggish) {
      const table = on.db.tables.kinds.get(kind.name) as Table;
      await faultsFrom(
        on,
        `slugs twice ${kind.name}`,
        (builder) =>
          builder
            .select({ slug: table.slug as Column, records: sql<number>`count(*)`.mapWith(Number), ...FOUND })
            .from(table)
            .groupBy(table.slug as Column)
            .having(sql`count(*) > 1`)
            .orderBy(table.slug as Column)
            .limit(SHOWN),
        ({ slug, records: number }) => `${number} records of ${kind.path} have the slug ${slug}`,
      );
      on.step(rowsOf(on, kind.table));
    }
    return sluggish.reduce((sum, { table }) => sum + rowsOf(on, table), 0);
  },
};
