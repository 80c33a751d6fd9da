/** What the log says of a moment: the last change made by then, and what a record was after it. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import type { Reading } from './belonging.ts';
import { changeTo, type WholeChange } from './history.ts';
import { revisionOf } from './list.ts';
import { tableOf } from './select.ts';

/** Number of the last change made by a moment; 0 before the first. */
export async function seqAt({ engine, session }: Reading, at: string): Promise<number> {
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
export async function recordThen(
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
