/**
 * Brings wordings from before there was an index of them into it. The migration that makes the index leaves a mark;
 * the service goes on from there in the background, a page a transaction, and takes the mark away at the end.
 */
import { setImmediate } from 'node:timers/promises';
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import { tableOf } from '../engine/select.ts';
import { kindNamed } from '../model/kinds.ts';
import { keepWording, numberOf, WORDED, type Worded } from './wordings.ts';

/** Name of the mark. */
const MARK = 'wordings';
/** Records indexed in one transaction; requests that write wait no longer than for that. */
const PAGE = 100;

interface Place {
  readonly kind: Worded;
  /** Id of the last record indexed; null at the beginning. */
  readonly after: string | null;
}

/** How far older wordings have come into the index; undefined once all have. */
async function placeOf({ tables }: Pick<Database, 'tables'>, session: Session): Promise<Place | undefined> {
  const { marks } = tables;
  const rows = await session.all<{ value: Place }>(
    'value of mark',
    (on) =>
      on
        .select({ value: marks.value as Column })
        .from(marks)
        .where(sql`${marks.name} = ${sql.placeholder('name')}`),
    { name: MARK },
  );
  return rows[0]?.value;
}

/** Whether every wording is in the index; after an upgrade that takes a while. */
export async function isComplete(db: Pick<Database, 'tables'>, session: Session): Promise<boolean> {
  return (await placeOf(db, session)) === undefined;
}

/**
 * Indexes older wordings until all are, or until `signal` says to stop; returns how many it looked at. It may be
 * stopped at any time and by any means, and several processes may do it at once: each goes on from the mark.
 */
export async function fillWordings(
  engine: Engine,
  signal: AbortSignal,
  page: number = PAGE,
): Promise<number> {
  let seen = 0;
  while (!signal.aborted) {
    const done = await engine.db.write((session) => fillPage(engine, session, page), { alone: true });
    if (done === undefined) return seen;
    seen += done;
    await setImmediate();
  }
  return seen;
}

/** Indexes the page at the mark, and moves it on; returns how many records there were, undefined without a mark. */
async function fillPage(engine: Engine, session: Session, page: number): Promise<number | undefined> {
  const { db } = engine;
  const place = await placeOf(db, session);
  if (place === undefined) return undefined;
  const { kind, after } = place;
  const table = tableOf(db, kindNamed(kind));
  const text = table[WORDED[kind]] as Column;
  const rows = await session.all<{ id: string; text: string }>(
    `wordings of before ${kind} ${after === null} ${page}`,
    (on) =>
      on
        .select({ id: table.id as Column, text })
        .from(table)
        .where(
          sql`${text} is not null and ${table.deleted_at} is null and ${
            after === null ? sql`true` : sql`${table.id} > ${sql.placeholder('after')}`
          }`,
        )
        .orderBy(table.id as Column)
        .limit(page),
    after === null ? {} : { after },
  );
  for (const row of rows) {
    // One that was written since is there already.
    if ((await numberOf(db, session, row.id)) !== undefined) continue;
    await keepWording(db, session, kind, row.id, { now: row.text, before: undefined });
  }
  const last = rows.at(-1);
  if (last) await moveMark(engine, session, { kind, after: last.id });
  else if (kind === 'statement') await moveMark(engine, session, { kind: 'statement_report', after: null });
  else await dropMark(engine, session);
  return rows.length;
}

async function moveMark({ db, now }: Engine, session: Session, place: Place): Promise<void> {
  const { marks } = db.tables;
  const values = { value: sql.placeholder('value'), updated_at: sql.placeholder('updated_at') } as never;
  await session.run(
    'move mark of wordings',
    (on) =>
      on
        .update(marks)
        .set(values)
        .where(sql`${marks.name} = ${sql.placeholder('name')}`),
    { name: MARK, value: place, updated_at: now().toISOString() },
  );
}

async function dropMark({ db }: Engine, session: Session): Promise<void> {
  const { marks } = db.tables;
  await session.run(
    'drop mark of wordings',
    (on) => on.delete(marks).where(sql`${marks.name} = ${sql.placeholder('name')}`),
    { name: MARK },
  );
}
