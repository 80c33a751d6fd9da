/** Moving a whole tracker from one database to another, row for row, whatever the engines. */
import { createHash } from 'node:crypto';
import type { Column, Table } from '../db/columns.ts';
import type { Database, Row, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { allTables, columnsOf } from '../db/tables.ts';

/** Rows read and written at a time. */
const PAGE = 500;

/** Called as rows are copied and as they are read back: rows so far and rows in all, both ways counted. */
export type Progress = (done: number, total: number) => void;

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over the rows in the order of the primary key; the same on both sides. */
  readonly sha256: string;
}

/**
 * Copies every table from one snapshot into an empty database, in one transaction, and verifies each by an ordered
 * checksum of what the target gives back. Throws, leaving the target as it was, when it is not empty or when anything
 * differs. With `replacing`, what the target holds is removed first, in the same transaction, once that has seen it.
 */
export async function copyDatabase(
  from: Pick<Database, 'tables' | 'read'>,
  to: Pick<Database, 'tables' | 'write' | 'refreshStatistics'>,
  progress: Progress = () => undefined,
  replacing?: (session: Session) => Promise<unknown>,
): Promise<CopiedTable[]> {
  const [sources, targets] = [allTables(from.tables), allTables(to.tables)];
  const names = Object.keys(sources);
  const copied = await from.read((reader) =>
    to.write(
      async (writer) => {
        await replacing?.(writer);
        await writer.deferReferences();
        if (replacing) await empty(writer, targets);
        else await refuseFilled(writer, targets);
        let total = 0;
        for (const name of names) total += 2 * (await countRows(reader, name, sources[name] as Table));
        let done = 0;
        const step = (rows: number) => {
          done += rows;
          progress(done, total);
        };
        const copied: CopiedTable[] = [];
        for (const name of names) {
          const [source, target] = [sources[name] as Table, targets[name] as Table];
          const key = from.tables.keys.get(name) as readonly string[];
          const read = await digestOf(rowsOf(reader, name, source, key), async (rows) => {
            for (const row of rows) await insert(writer, name, target, row);
            step(rows.length);
          });
          const written = await digestOf(rowsOf(writer, name, target, key), async (rows) =>
            step(rows.length),
          );
          if (read.sha256 !== written.sha256)
            throw new Error(`${name} is not the same on both sides: nothing was copied`);
          copied.push({ table: name, ...read });
        }
        return copied;
      },
      { alone: true },
    ),
  );
  await to.refreshStatistics();
  return copied;
}

async function refuseFilled(session: Session, tables: Readonly<Record<string, Table>>): Promise<void> {
  for (const [name, table] of Object.entries(tables)) {
    const rows = await countRows(session, name, table);
    if (rows > 0)
      throw new Error(`the target is not empty: ${name} has ${rows} ${rows === 1 ? 'row' : 'rows'}`);
  }
}

async function empty(session: Session, tables: Readonly<Record<string, Table>>): Promise<void> {
  for (const [name, table] of Object.entries(tables))
    await session.run(`empty ${name}`, (on) => on.delete(table));
}

async function countRows(session: Session, name: string, table: Table): Promise<number> {
  const rows = await session.all<{ rows: number }>(`count ${name}`, (on) =>
    on.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(table),
  );
  return rows[0]?.rows ?? 0;
}

/** The rows of a table in the order of its primary key, a page at a time. */
async function* rowsOf(
  session: Session,
  name: string,
  table: Table,
  key: readonly string[],
): AsyncGenerator<Row[]> {
  const columns = key.map((column) => table[column] as Column);
  let last: Row | undefined;
  for (;;) {
    const from = last;
    const page: Row[] = await session.all(
      `copy ${name} ${from ? 'on' : ''}`,
      (on) => {
        const beyond = sql`(${sql.join(columns, sql`, `)}) > (${sql.join(
          key.map((column) => sql.placeholder(column)),
          sql`, `,
        )})`;
        return on
          .select(columnsOf(table))
          .from(table)
          .where(from ? beyond : sql`true`)
          .orderBy(...columns)
          .limit(PAGE);
      },
      from ?? {},
    );
    if (page.length === 0) return;
    yield page;
    last = page.at(-1);
  }
}

async function digestOf(
  pages: AsyncGenerator<Row[]>,
  each: (rows: Row[]) => Promise<void>,
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of pages) {
    for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
    count += rows.length;
    await each(rows);
  }
  return { rows: count, sha256: hash.digest('hex') };
}

async function insert(session: Session, name: string, table: Table, row: Row): Promise<void> {
  const values = Object.fromEntries(
    Object.keys(row).map((column) => [column, sql.placeholder(column)]),
  ) as never;
  await session.run(`paste ${name}`, (on) => on.insert(table).values(values), row);
}
