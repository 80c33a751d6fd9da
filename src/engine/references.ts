/** Turning ids and slugs into ids. */
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Kind } from '../model/declare.ts';
import { nearest } from './nearest.ts';
import { tableOf } from './select.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID; no slug is. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

export interface Known {
  readonly id: string;
  readonly deleted: boolean;
}

/** Looks up ids and slugs of one kind in one statement; unknown ones are missing from the answer. */
export async function lookUp(
  session: Session,
  db: Database,
  kind: Kind,
  names: readonly string[],
): Promise<Map<string, Known>> {
  const table = tableOf(db, kind);
  const ids = names.filter(isId).map((id) => id.toLowerCase());
  const slugs = kind.slugFrom ? names.filter((name) => !isId(name)) : [];
  const found = new Map<string, Known>();
  if (ids.length + slugs.length === 0) return found;
  const rows = await session.all<{ id: string; slug?: string; deleted_at: string | null }>(
    `look up ${kind.name}`,
    (on) => {
      const byId = db.dialect.isAmong(table.id as Column, 'ids');
      const bySlug = table.slug ? db.dialect.isAmong(table.slug, 'slugs') : undefined;
      return on
        .select({
          id: table.id as Column,
          ...(table.slug ? { slug: table.slug } : {}),
          deleted_at: table.deleted_at as Column,
        })
        .from(table)
        .where(bySlug ? sql`${byId} or ${bySlug}` : byId);
    },
    { ids: db.dialect.list(ids), slugs: db.dialect.list(slugs) },
  );
  for (const { id, slug, deleted_at } of rows) {
    const known = { id, deleted: deleted_at !== null };
    found.set(id, known);
    if (slug !== undefined) found.set(slug, known);
  }
  for (const name of names) {
    const known = found.get(name.toLowerCase());
    if (isId(name) && known) found.set(name, known);
  }
  return found;
}

/** The known slug nearest in spelling, among those that begin or sort alike. */
export async function nearestSlug(
  session: Session,
  db: Database,
  kind: Kind,
  wrong: string,
): Promise<string | undefined> {
  const { slug, deleted_at } = tableOf(db, kind);
  if (slug === undefined || isId(wrong)) return undefined;
  const start = wrong.slice(0, 2).toLowerCase();
  const rows = await session.all<{ slug: string }>(
    `near slugs ${kind.name}`,
    (on) =>
      on
        .select({ slug })
        .from(tableOf(db, kind))
        .where(
          sql`${slug} >= ${sql.placeholder('from')} and ${slug} < ${sql.placeholder('to')} and ${deleted_at} is null`,
        )
        .orderBy(slug)
        .limit(500),
    { from: start, to: `${start}~` },
  );
  return nearest(
    wrong,
    rows.map((row) => row.slug),
  );
}
