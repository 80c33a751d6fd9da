/**
 * Judges the citations from before there were conflicts. The migration that makes their table leaves a mark; the
 * service goes on from there in the background, a page a transaction, and takes the mark away at the end.
 */
import { setImmediate } from 'node:timers/promises';
import type { Column, Table } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import type { Engine } from '../../engine/engine.ts';
import { dropMark, readMark, setMark } from '../../engine/marks.ts';
import { type Writer, writing } from '../../engine/writer.ts';
import { kindNamed } from '../../model/kinds.ts';
import { keepConflicts } from './conflicts.ts';

const MARK = 'conflicts';
/** Records judged in one transaction; requests that write wait no longer than for that. */
const PAGE = 50;

interface Place {
  /** Id of the last record judged; null at the beginning. */
  readonly after: string | null;
}

/** Judges older citations until all are, or until `signal` says to stop; returns how many records it looked at. */
export async function fillConflicts(engine: Engine, signal: AbortSignal, page = PAGE): Promise<number> {
  const author = { actor: 'civic', reason: 'evidence from before conflicts were kept' };
  let seen = 0;
  while (!signal.aborted) {
    const done = await writing(engine, author, (writer) => fillPage(writer, page), { alone: true });
    if (done === undefined) return seen;
    seen += done;
    await setImmediate();
  }
  return seen;
}

/** Judges the page at the mark, and moves it on; returns how many records there were, undefined without a mark. */
async function fillPage(writer: Writer, page: number): Promise<number | undefined> {
  const { engine, session } = writer;
  const place = await readMark<Place>(engine, session, MARK);
  if (place === undefined) return undefined;
  const citations = engine.db.tables.kinds.get('citation') as Table;
  const rows = await session.all<{ record_id: string; record_type: string }>(
    `cited records ${place.after === null} ${page}`,
    (on) =>
      on
        .selectDistinct({
          record_id: citations.record_id as Column,
          record_type: citations.record_type as Column,
        })
        .from(citations)
        .where(place.after === null ? sql`true` : sql`${citations.record_id} > ${sql.placeholder('after')}`)
        .orderBy(citations.record_id as Column)
        .limit(page),
    place.after === null ? {} : { after: place.after },
  );
  for (const { record_type, record_id } of rows)
    await keepConflicts(writer, kindNamed(record_type), record_id, true);
  const last = rows.at(-1);
  if (last) await setMark(engine, session, MARK, { after: last.record_id });
  else await dropMark(engine, session, MARK);
  return rows.length;
}
