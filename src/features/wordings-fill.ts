/** Brings wordings from before there was an index of them into it, behind the service's back. */
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { catchingUp } from '../engine/catching-up.ts';
import { readMark } from '../engine/marks.ts';
import { tableOf } from '../engine/select.ts';
import type { Writer } from '../engine/writer.ts';
import { kindNamed } from '../model/kinds.ts';
import { keepWording, numberOf, WORDED, type Worded } from './wordings.ts';

const MARK = 'wordings';

interface Place {
  readonly kind: Worded;
  /** Id of the last record indexed; null at the beginning. */
  readonly after: string | null;
}

/** Whether every wording is in the index; after an upgrade that takes a while. */
export async function isComplete(db: Pick<Database, 'tables'>, session: Session): Promise<boolean> {
  return (await readMark<Place>({ db }, session, MARK)) === undefined;
}

/** Indexes older wordings until all are, or until `signal` says to stop; returns how many it looked at. */
export const fillWordings = catchingUp<Place>({
  mark: MARK,
  reason: 'wordings from before they were indexed',
  page: 100,
  work: async (writer, { kind, after }, page) => {
    const { engine, session } = writer;
    const rows = await wordingsAfter(writer, kind, after, page);
    for (const { id, text } of rows) {
      // One that was written since is there already.
      if ((await numberOf(engine.db, session, id)) !== undefined) continue;
      await keepWording(engine.db, session, kind, id, { now: text, before: undefined });
    }
    const last = rows.at(-1);
    if (last) return { seen: rows.length, next: { kind, after: last.id } };
    return { seen: 0, next: kind === 'statement' ? { kind: 'statement_report', after: null } : null };
  },
});

async function wordingsAfter(
  { engine: { db }, session }: Writer,
  kind: Worded,
  after: string | null,
  page: number,
): Promise<{ id: string; text: string }[]> {
  const table = tableOf(db, kindNamed(kind));
  const text = table[WORDED[kind]] as Column;
  const beyond = after === null ? sql`true` : sql`${table.id} > ${sql.placeholder('after')}`;
  return session.all(
    `wordings of before ${kind} ${after === null} ${page}`,
    (on) =>
      on
        .select({ id: table.id as Column, text })
        .from(table)
        .where(sql`${text} is not null and ${table.deleted_at} is null and ${beyond}`)
        .orderBy(table.id as Column)
        .limit(page),
    after === null ? {} : { after },
  );
}
