/** Where records that were merged into others are found now. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { columnsOf } from '../db/tables.ts';
import type { Reading } from './belonging.ts';
import type { Known } from './references.ts';
import { placeholders } from './rows.ts';

/** One merge: what became of a record, and the changes that made it so, first and last. */
export interface Redirect {
  readonly old_id: string;
  readonly kind: string;
  readonly new_id: string;
  readonly first_seq: number;
  readonly last_seq: number;
}

/** The records that some were merged into, by the ids of those; the others are missing. Follows merges of survivors. */
export async function survivorsOf(
  { engine: { db }, session }: Reading,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { redirects } = db.tables;
  const found = new Map(ids.map((id) => [id, id]));
  // A record is merged only into a live one, so that no chain comes back to where it began.
  for (let asked = new Set(ids); asked.size > 0; ) {
    const rows = await session.all<{ old_id: string; new_id: string }>(
      'survivors',
      (on) =>
        on
          .select({ old_id: redirects.old_id as Column, new_id: redirects.new_id as Column })
          .from(redirects)
          .where(db.dialect.isAmong(redirects.old_id as Column, 'ids')),
      { ids: db.dialect.list([...asked]) },
    );
    const next = new Map(rows.map((row) => [row.old_id, row.new_id]));
    for (const [id, at] of found) found.set(id, next.get(at) ?? at);
    asked = new Set(next.values());
  }
  return new Map([...found].filter(([id, at]) => id !== at));
}

/** The same for records that were looked up; asks nothing while none of them is deleted. */
export async function survivorsAmong(
  reading: Reading,
  known: ReadonlyMap<string, Known>,
): Promise<Map<string, string>> {
  const deleted = [...known.values()].filter((one) => one.deleted).map(({ id }) => id);
  return deleted.length === 0 ? new Map() : survivorsOf(reading, [...new Set(deleted)]);
}

/** The merge that a record went by, if it was merged. */
export async function redirectOf(
  { engine: { db }, session }: Reading,
  id: string,
): Promise<Redirect | undefined> {
  const { redirects } = db.tables;
  const rows = await session.all<Redirect>(
    'redirect',
    (on) =>
      on
        .select(columnsOf(redirects))
        .from(redirects)
        .where(sql`${redirects.old_id} = ${sql.placeholder('id')}`),
    { id },
  );
  return rows[0];
}

/** Leads from one record to another. */
export async function addRedirect({ engine: { db }, session }: Reading, redirect: Redirect): Promise<void> {
  await session.run(
    'add redirect',
    (on) => on.insert(db.tables.redirects).values(placeholders(Object.keys(redirect)) as never),
    { ...redirect },
  );
}

/** Leads from a record nowhere again. */
export async function dropRedirect({ engine: { db }, session }: Reading, id: string): Promise<void> {
  const { redirects } = db.tables;
  await session.run(
    'drop redirect',
    (on) => on.delete(redirects).where(sql`${redirects.old_id} = ${sql.placeholder('id')}`),
    { id },
  );
}
