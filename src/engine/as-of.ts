/**
 * A record as this service held it at a moment. A moment is turned into the number of the last change made by then,
 * and that number into what the record and its parts were, so that all of an answer is of one state of the log.
 */
import { v5 } from 'uuid';
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import type { Reading } from './belonging.ts';
import type { Engine } from './engine.ts';
import { toInstant } from './formats.ts';
import { changeTo, idOf, type WholeChange } from './history.ts';
import { pick, revisionOf, wantedFields } from './list.ts';
import { movedOrGone } from './moved.ts';
import { ownedIncludes, type ReadQuery } from './parameters.ts';
import { partsAt } from './parts-then.ts';
import { gone, type Narrowed, notFound, type ReadOptions } from './read.ts';
import { redirectOf } from './redirects.ts';
import { tableOf, withoutRestricted } from './select.ts';

/** A record as it was, and the number of the change it was read at. */
export interface Then {
  readonly record: PublicRecord;
  readonly whole: PublicRecord;
  readonly seq: number;
}

/**
 * One record as of `query.as_of`, with the parts it owned then; 404 before it was known, 410 where it was deleted
 * then. A slug stands for the record that has it now.
 */
export async function getThen(
  engine: Engine,
  kind: Kind,
  name: string,
  query: ReadQuery & { readonly as_of: string },
  { restricted, narrowed }: ReadOptions,
): Promise<Then> {
  const at = momentOf(engine, query.as_of);
  refuseUnknowable(kind, query);
  wantedFields(kind, query, restricted);
  return engine.db.read(async (session) => {
    const reading = { engine, session };
    const seq = await seqAt(reading, at);
    const found = kind.rowsOf
      ? await rowThen(engine, session, kind, name, seq)
      : await recordThen(reading, kind, await idOf(engine, session, kind, name, undefined), seq);
    if (found === undefined) throw unknownThen(kind, name, at);
    if (narrowed && found[narrowed.field] !== narrowed.value)
      throw await notFound(engine, session, kind, name);
    const { deleted_at, ...live } = found;
    if (typeof deleted_at === 'string' && !query.include_deleted)
      throw await leftBy(reading, { kind, name, id: found.id, at: deleted_at }, seq, narrowed);
    const shown = query.include_deleted ? { ...live, deleted_at: deleted_at ?? null } : live;
    const whole = (restricted ? shown : withoutRestricted(kind, shown as PublicRecord)) as PublicRecord;
    const parts: Record<string, unknown> = {};
    for (const include of query.include ?? [])
      parts[include] = { data: await partsAt(reading, kind, include, whole.id, seq), more: null };
    return { record: pick({ ...whole, ...parts }, query), whole, seq };
  });
}

/** The moment a text names; one that is still to come is a 400, as nobody knows what will be held then. */
function momentOf({ now }: Engine, text: string): string {
  const at = toInstant(text) as string;
  const present = now().toISOString();
  if (at <= present) return at;
  throw new Problem('invalid-parameter', 'What this service will hold is not known yet.', {
    errors: [
      { parameter: 'as_of', message: 'lies in the future', expected: `${present} or earlier`, got: text },
    ],
  });
}

/** Refuses what the log does not keep: fields that are made when read, and records that are no parts of this one. */
function refuseUnknowable(kind: Kind, { fields = [], include = [] }: ReadQuery): void {
  const owned = ownedIncludes(kind);
  const faults: Fault[] = [
    ...fields
      .filter((name) => kind.fields[name]?.attached)
      .map((got) => ({
        parameter: 'fields',
        message: `${got} is made from other records when it is read, so it is not known as of a moment`,
        expected: 'another field, or no as_of',
        got,
      })),
    ...include
      .filter((name) => !owned.includes(name))
      .map((got) => ({
        parameter: 'include',
        message: `${got} cannot be included as of a moment: only parts that the record owns can`,
        expected: owned.length > 0 ? `one of ${owned.join(', ')}, or no as_of` : 'no include, or no as_of',
        got,
      })),
  ];
  if (faults.length > 0)
    throw new Problem('invalid-parameter', 'Some of this is not known as of a moment.', { errors: faults });
}

/** Number of the last change made by a moment; 0 before the first. */
async function seqAt({ engine, session }: Reading, at: string): Promise<number> {
  const { changes } = engine.db.tables;
  const seq = { seq: changes.seq as Column };
  const last = await session.all<{ seq: number }>(
    'last change by',
    (on) =>
      on
        .select(seq)
        .from(changes)
        .where(sql`${changes.at} <= ${sql.placeholder('at')}`)
        .orderBy(sql`${changes.at} desc`, sql`${changes.seq} desc`)
        .limit(1),
    { at },
  );
  if (last[0] === undefined) return 0;
  // A clock that was set back gives later changes earlier times: those belong to the moment as well.
  const next = await session.all<{ seq: number }>(
    'first change past',
    (on) =>
      on
        .select(seq)
        .from(changes)
        .where(sql`${changes.seq} > ${sql.placeholder('seq')} and ${changes.at} > ${sql.placeholder('at')}`)
        .orderBy(changes.seq as Column)
        .limit(1),
    { at, seq: last[0].seq },
  );
  return next[0] ? next[0].seq - 1 : revisionOf(session, engine);
}

/** A record's content after the last of its changes up to a number, or undefined when it was not known yet. */
async function recordThen(
  reading: Reading,
  kind: Kind,
  id: string,
  seq: number,
): Promise<PublicRecord | undefined> {
  const { session, engine } = reading;
  const table = tableOf(engine.db, kind);
  const rows = await session.all<{ version: number }>(
    `newest ${kind.name}`,
    (on) =>
      on
        .select({ version: table.version as Column })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return (await lastChange(reading, id, rows[0]?.version ?? 0, seq))?.content;
}

/** The last change of a record up to a number. Versions are counted without gaps, so it is found by halving. */
async function lastChange(
  reading: Reading,
  id: string,
  newest: number,
  seq: number,
): Promise<WholeChange | undefined> {
  let [known, unknown] = [0, newest + 1];
  let found: WholeChange | undefined;
  // The newest is what is most often asked for.
  for (let version = newest; version > known; version = Math.floor((known + unknown) / 2)) {
    const change = await changeTo(reading, id, version);
    if (change && change.seq <= seq) [known, found] = [version, change];
    else unknown = version;
  }
  return found;
}

/** A row that is kept within another record, taken from what that record was. Only rows there are now are known by id. */
async function rowThen(
  engine: Engine,
  session: Session,
  kind: Kind,
  id: string,
  seq: number,
): Promise<PublicRecord | undefined> {
  const { kind: owner, field, copies } = kind.rowsOf as NonNullable<Kind['rowsOf']>;
  const table = tableOf(engine.db, kind);
  const ownerField = `${owner}_id`;
  await idOf(engine, session, kind, id, undefined);
  const rows = await session.all<{ owner: string }>(
    `owner of ${kind.name}`,
    (on) =>
      on
        .select({ owner: table[ownerField] as Column })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id: id.toLowerCase() },
  );
  const whole = await recordThen({ engine, session }, kindNamed(owner), rows[0]?.owner as string, seq);
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

/** How a record that was no longer there answers: with where it is found, if it had been merged by then. */
async function leftBy(
  reading: { engine: Engine; session: Session },
  asked: { kind: Kind; name: string; id: string; at: string },
  seq: number,
  narrowed: Narrowed | undefined,
): Promise<Error> {
  const redirect = await redirectOf(reading, asked.id);
  if (redirect && redirect.first_seq <= seq) return movedOrGone(reading, asked, narrowed);
  return gone(asked.kind, asked.name, asked.at);
}

function unknownThen(kind: Kind, name: string, at: string): Problem {
  return new Problem(
    'not-found',
    `The ${kind.name.replaceAll('_', ' ')} '${name}' was not known here by ${at}.`,
  );
}
