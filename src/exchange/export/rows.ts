/** The live records of a tracker that nobody writes to, kind by kind in the order of their ids. */
import type { Column } from '../../db/columns.ts';
import type { Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import type { Readable } from '../../db/maintenance.ts';
import { selection, tableOf, toRecord, type Wanted } from '../../engine/select.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { exportColumns, openLargeFields } from './columns.ts';

/** Records read at a time, and about the bytes of their large fields. */
const ROWS = 500;
const BYTES = 8 * 1024 * 1024;

type Reading = Pick<Readable, 'tables' | 'dialect'>;

/** Records of a kind, all that anyone may read of each. */
export async function* openRecords(
  db: Reading,
  session: Session,
  kind: Kind,
): AsyncGenerator<readonly PublicRecord[]> {
  const wanted: Wanted = { large: openLargeFields(kind), restricted: false, deleted: false };
  const names = new Set(exportColumns(kind).map(({ name }) => name));
  for (let after = ''; ; ) {
    const rows = await session.all(
      `open ${kind.name}`,
      (on) => {
        const table = tableOf(db, kind);
        const columns = Object.entries(selection(db, kind, wanted)).filter(([name]) => names.has(name));
        return on
          .select(Object.fromEntries(columns) as Record<string, Column>)
          .from(table)
          .where(
            sql`${table.deleted_at} is null and ${table.id} > ${sql.placeholder('after')} and ${table.id} <= ${sql.placeholder('to')}`,
          )
          .orderBy(table.id as Column);
      },
      { after, to: await lastOf(db, session, kind, wanted, after) },
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => toRecord(kind, row));
    after = last.id as string;
  }
}

/** The id of the last record to read at once after another. */
async function lastOf(
  db: Reading,
  session: Session,
  kind: Kind,
  wanted: Wanted,
  after: string,
): Promise<string> {
  const sized = wanted.large.length > 0;
  const rows = await session.all<{ id: string; size?: number }>(
    `open ids ${kind.name}`,
    (on) => {
      const table = tableOf(db, kind);
      return on
        .select(
          sized ? (selection(db, kind, { ...wanted, as: 'size' }) as never) : { id: table.id as Column },
        )
        .from(table)
        .where(sql`${table.deleted_at} is null and ${table.id} > ${sql.placeholder('after')}`)
        .orderBy(table.id as Column)
        .limit(ROWS);
    },
    { after },
  );
  let bytes = 0;
  const beyond = rows.findIndex(({ size = 0 }, at) => {
    bytes += size;
    return at > 0 && bytes > BYTES;
  });
  return rows.at(beyond < 0 ? -1 : beyond - 1)?.id ?? after;
}

/** How many live records there are of a kind. */
export async function countOpen(db: Reading, session: Session, kind: Kind): Promise<number> {
  const rows = await session.all<{ rows: number }>(`count open ${kind.name}`, (on) => {
    const table = tableOf(db, kind);
    return on
      .select({ rows: sql<number>`count(*)`.mapWith(Number) })
      .from(table)
      .where(sql`${table.deleted_at} is null`);
  });
  return rows[0]?.rows ?? 0;
}
