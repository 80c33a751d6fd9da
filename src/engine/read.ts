/** Reading one record, by id or slug. */
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import type { Engine } from './engine.ts';
import { todayOf } from './filters.ts';
import { attachIncludes } from './include.ts';
import { pick, revisionOf, wantedFields } from './list.ts';
import { movedOrGone } from './moved.ts';
import type { ReadQuery } from './parameters.ts';
import { isId, lookUp, nearestSlug } from './references.ts';
import { largeFields, selection, selectionShape, tableOf, toRecord } from './select.ts';

/** A narrowed view's field and value: other records are not found under its path. */
export interface Narrowed {
  readonly field: string;
  readonly value: string;
}

export interface ReadOptions {
  readonly restricted: boolean;
  readonly narrowed?: Narrowed | undefined;
}

/** A record as it may be seen; 404 or 410 when it may not, and `Moved` when it was merged into another. */
export async function visible(
  engine: Engine,
  session: Session,
  kind: Kind,
  name: string,
  query: ReadQuery,
  { restricted, narrowed }: ReadOptions,
): Promise<PublicRecord> {
  const named = query.fields
    ? wantedFields(kind, query, restricted)
    : { large: largeFields(kind), restricted, deleted: true };
  const wanted = { ...named, deleted: true };
  const rows = await session.all(
    `get ${kind.name} ${isId(name)} ${selectionShape(wanted)}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const key = isId(name) ? table.id : table.slug;
      return on
        .select(selection(engine.db, kind, wanted))
        .from(table)
        .where(key ? sql`${key as Column} = ${sql.placeholder('name')}` : sql`false`);
    },
    {
      name: isId(name) ? name.toLowerCase() : name,
      ...todayOf(engine),
    },
  );
  const [row] = rows;
  if (row === undefined || (narrowed && row[narrowed.field] !== narrowed.value)) {
    throw await notFound(engine, session, kind, name);
  }
  const { deleted_at, ...live } = row;
  if (deleted_at !== null && !query.include_deleted) {
    const asked = { kind, name, id: row.id as string, at: deleted_at as string };
    throw await movedOrGone({ engine, session }, asked, narrowed);
  }
  return toRecord(kind, query.include_deleted ? row : live);
}

/** One record as it may be seen (see `visible`), and the revision it was read at when others are included. */
export async function get(
  engine: Engine,
  kind: Kind,
  name: string,
  query: ReadQuery,
  { restricted, narrowed }: ReadOptions,
): Promise<{ record: PublicRecord; whole: PublicRecord; revision: number | undefined }> {
  return engine.db.read(async (session) => {
    const whole = await visible(engine, session, kind, name, query, { restricted, narrowed });
    const paths = query.include ?? [];
    if (paths.length === 0) return { record: pick(whole, query), whole, revision: undefined };
    const revision = await revisionOf(session, engine);
    const context = { engine, session, restricted, single: true, revision };
    const [full] = await attachIncludes(context, kind, [whole], paths);
    return { record: pick(full as PublicRecord, query), whole, revision };
  });
}

/** The id a name stands for, of a record that is not deleted; 404 or 410 otherwise. */
export async function resolve(
  engine: Pick<Engine, 'db'>,
  session: Session,
  kind: Kind,
  name: string,
): Promise<string> {
  const known = (await lookUp(session, engine.db, kind, [name])).get(name);
  if (known === undefined) throw await notFound(engine, session, kind, name);
  return known.id;
}

export async function notFound(
  engine: Pick<Engine, 'db'>,
  session: Session,
  kind: Kind,
  name: string,
): Promise<Problem> {
  const near = await nearestSlug(session, engine.db, kind, name);
  const noun = kind.name.replaceAll('_', ' ');
  return new Problem(
    'not-found',
    `There is no ${noun} '${name}'${near && near !== name ? `; did you mean '${near}'?` : '.'}`,
  );
}

export function gone(kind: Kind, name: string, at: string): Problem {
  return new Problem('gone', `The ${kind.name.replaceAll('_', ' ')} '${name}' was deleted at ${at}.`);
}
