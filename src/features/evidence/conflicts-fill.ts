/** Judges the citations from before there were conflicts, behind the service's back. */
import type { Column, Table } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { catchingUp } from '../../engine/catching-up.ts';
import type { Writer } from '../../engine/writer.ts';
import { kindNamed } from '../../model/kinds.ts';
import { keepConflicts } from './conflicts.ts';

interface Place {
  /** Id of the last record judged; null at the beginning. */
  readonly after: string | null;
}

/** Judges older citations until all are, or until `signal` says to stop; returns how many records it looked at. */
export const fillConflicts = catchingUp<Place>({
  mark: 'conflicts',
  reason: 'evidence from before conflicts were kept',
  page: 50,
  work: async (writer, { after }, page) => {
    const rows = await citedAfter(writer, after, page);
    for (const { record_type, record_id } of rows)
      await keepConflicts(writer, kindNamed(record_type), record_id, true);
    const last = rows.at(-1);
    return { seen: rows.length, next: last ? { after: last.record_id } : null };
  },
});

/** The next records that anything is cited for. */
function citedAfter(
  { engine, session }: Writer,
  after: string | null,
  page: number,
): Promise<{ record_id: string; record_type: string }[]> {
  const citations = engine.db.tables.kinds.get('citation') as Table;
  return session.all(
    `cited records ${after === null} ${page}`,
    (on) =>
      on
        .selectDistinct({
          record_id: citations.record_id as Column,
          record_type: citations.record_type as Column,
        })
        .from(citations)
        .where(after === null ? sql`true` : sql`${citations.record_id} > ${sql.placeholder('after')}`)
        .orderBy(citations.record_id as Column)
        .limit(page),
    after === null ? {} : { after },
  );
}
