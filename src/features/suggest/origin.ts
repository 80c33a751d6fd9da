/** The source that a file is a copy of: the one that is named, or the one whose SHA-256 the file has. */
import { createHash } from 'node:crypto';
import type { Column } from '../../db/columns.ts';
import type { Database, Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { lookUp } from '../../engine/references.ts';
import { tableOf } from '../../engine/select.ts';
import { kindNamed } from '../../model/kinds.ts';
import type { Origin } from './bodies.ts';

export interface FoundOrigin extends Origin {
  readonly slug: string;
}

/** The source of an id or slug, or of a text where none is named; undefined where there is none. */
export async function originOf(
  session: Session,
  db: Database,
  text: string,
  name?: string,
): Promise<FoundOrigin | undefined> {
  const kind = kindNamed('source');
  const table = tableOf(db, kind);
  const known = name === undefined ? undefined : (await lookUp(session, db, kind, [name])).get(name);
  if (name !== undefined && (known === undefined || known.deleted)) return undefined;
  const [column, value] = known
    ? [table.id as Column, known.id]
    : [table.sha256 as Column, createHash('sha256').update(text, 'utf8').digest('hex')];
  const [found] = await session.all<FoundOrigin>(
    `origin by ${column.name}`,
    (on) =>
      on
        .select({
          id: table.id as Column,
          slug: table.slug as Column,
          published_on: table.published_on as Column,
          language: table.language as Column,
        })
        .from(table)
        .where(sql`${column} = ${sql.placeholder('value')} and ${table.deleted_at} is null`)
        .orderBy(table.id as Column)
        .limit(1),
    { value },
  );
  return found;
}
