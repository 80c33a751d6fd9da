/** What checks are made of. */
import type { Column, Table } from '../../db/columns.ts';
import type { Builder, Preparable, Row, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import type { Readable } from '../../db/maintenance.ts';
import type { Kind } from '../../model/declare.ts';

/** What a check is given to look with. */
export interface Checking {
  readonly db: Pick<Readable, 'tables' | 'dialect'>;
  readonly session: Session;
  /** Rows of each table. */
  readonly rows: ReadonlyMap<string, number>;
  /** Says what is wrong, in a line; `count` is more than one where further faults of the sort are not spelt out. */
  readonly fault: (line: string, count?: number) => void;
  /** Says that this many rows more were looked at. */
  readonly step: (rows: number) => void;
}

export interface Check {
  readonly name: string;
  /** What it counts, in the plural. */
  readonly looksAt: string;
  /** Names of the tables it reads through, for showing how far it is. */
  readonly reads: readonly string[];
  /** Looks, and returns how many things it looked at. */
  readonly look: (on: Checking) => Promise<number>;
}

/** Faults of one sort that are spelt out. */
export const SHOWN = 20;

/** Kind of record as a line names it. */
export function noun({ name }: Kind): string {
  return name.replaceAll('_', ' ');
}

/** Rows of one table. */
export function rowsOf({ rows }: Checking, table: string): number {
  return rows.get(table) ?? 0;
}

/** Rows a query finds wrong: the first of them, each with the number of all as `found`. */
export const FOUND = { found: sql<number>`count(*) over ()`.mapWith(Number) };

/** Says each row that a query finds; the query selects `FOUND` too, and is limited to `SHOWN`. */
export async function faultsFrom(
  { session, fault }: Checking,
  shape: string,
  build: (on: Builder) => Preparable,
  say: (row: Row) => string,
  values: Row = {},
): Promise<void> {
  const rows = await session.all(shape, build, values);
  const more = Number(rows[0]?.found ?? 0) - rows.length;
  for (const [at, row] of rows.entries()) fault(say(row), at === rows.length - 1 ? 1 + more : 1);
}

/** Rows read at a time; fewer where a row may hold a text of several megabytes. */
const PAGE = 500;
const PAGE_OF_LARGE = 20;

/** Columns to select, by the names they are read back under. */
export type Selected = Readonly<Record<string, Column | SQL | SQL.Aliased>>;

export interface Pages {
  /** Tells this query from others on the kind. */
  readonly what: string;
  readonly columns: (table: Table) => Selected;
  readonly large?: boolean;
  readonly joins?: readonly { readonly table: Table; readonly on: (table: Table) => SQL }[];
}

/** The rows of a kind's table in the order of their ids, a page at a time; each has its `id`. */
export async function* pages(
  { db, session }: Checking,
  kind: Kind,
  { what, columns, large = false, joins = [] }: Pages,
): AsyncGenerator<Row[]> {
  const table = db.tables.kinds.get(kind.name) as Table;
  let last: unknown;
  for (;;) {
    const from = last;
    const page: Row[] = await session.all(
      `${what} ${kind.name} ${from === undefined ? '' : 'on'}`,
      (on) => {
        let query = on
          .select({ id: table.id as Column, ...columns(table) })
          .from(table)
          .$dynamic();
        for (const join of joins) query = query.leftJoin(join.table, join.on(table));
        return query
          .where(from === undefined ? sql`true` : sql`${table.id} > ${sql.placeholder('from')}`)
          .orderBy(table.id as Column)
          .limit(large ? PAGE_OF_LARGE : PAGE);
      },
      from === undefined ? {} : { from },
    );
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)?.id;
  }
}
