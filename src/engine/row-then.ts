/** Rows that are kept within another record, as they were: individual votes. */
import { v5 } from 'uuid';
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import type { Engine } from './engine.ts';
import { notFound } from './read.ts';
import { isId } from './references.ts';
import { tableOf } from './select.ts';
import { recordThen } from './then.ts';

/** A row that is kept within another record, taken from what that record was. Only rows there are now are known by id. */
export async function rowThen(
  engine: Engine,
  session: Session,
  kind: Kind,
  id: string,
  seq: number,
): Promise<PublicRecord | undefined> {
  if (!isId(id)) throw await notFound(engine, session, kind, id);
  const { kind: owner, field, copies } = kind.rowsOf as NonNullable<Kind['rowsOf']>;
  const table = tableOf(engine.db, kind);
  const ownerField = `${owner}_id`;
  const rows = await session.all<{ owner: string }>(
    `owner of ${kind.name}`,
    (on) =>
      on
        .select({ owner: table[ownerField] as Column })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id: id.toLowerCase() },
  );
  if (rows[0] === undefined) {
    const noun = owner.replaceAll('_', ' ');
    const detail = `There is no ${kind.name} '${id}' now. One that there was is shown by its ${noun}: /v1/${kindNamed(owner).path}/ID?as_of=.`;
    throw new Problem('not-found', detail);
  }
  const whole = await recordThen({ engine, session }, kindNamed(owner), rows[0].owner, seq);
  const items = (whole?.[field] ?? []) as Record<string, unknown>[];
  const at = items.findIndex(
    (_, ordinal) => v5(`${kind.name}\u0000${ordinal}`, whole?.id as string) === id.toLowerCase(),
  );
  if (whole === undefined || at < 0) return undefined;
  const copied = Object.fromEntries(copies.map((name) => [name, whole[name]]));
  const values: Record<string, unknown> = { [ownerField]: whole.id, ...copied, ...items[at] };
  const own = Object.keys(kind.fields).map((name) => [name, values[name] ?? null]);
  const { updated_at, deleted_at } = whole;
  return {
    id: id.toLowerCase(),
    ...Object.fromEntries(own),
    updated_at,
    ...(deleted_at ? { deleted_at } : {}),
  } as unknown as PublicRecord;
}
