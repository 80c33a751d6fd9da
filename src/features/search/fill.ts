/** Brings records from before there was an index of words into it, behind the service's back. */
import type { Database, Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { catchingUp, idsAfter } from '../../engine/catching-up.ts';
import { readMark } from '../../engine/marks.ts';
import { tableOf } from '../../engine/select.ts';
import { readStored } from '../../engine/store.ts';
import { kindNamed } from '../../model/kinds.ts';
import { indexAgain } from './keeping.ts';
import { documentsOf } from './postings.ts';
import { searchedKinds } from './tokens.ts';

const MARK = 'search';

interface Place {
  readonly kind: string;
  /** Id of the last record indexed; null at the beginning of its kind. */
  readonly after: string | null;
}

/** Whether every record is in the index; after an upgrade that takes a while. */
export async function isSearchComplete(db: Pick<Database, 'tables'>, session: Session): Promise<boolean> {
  return (await readMark<Place>({ db }, session, MARK)) === undefined;
}

/** Indexes older records until all are, or until `signal` says to stop; returns how many it looked at. */
export const fillSearch = catchingUp<Place>({
  mark: MARK,
  reason: 'records from before their words were indexed',
  page: 100,
  work: async (writer, { kind: name, after }, page) => {
    const { engine, session } = writer;
    const kind = kindNamed(name);
    const table = tableOf(engine.db, kind);
    const live = { table, shape: `live ${name}`, where: sql`${table.deleted_at} is null` };
    const ids = await idsAfter(writer, live, after, page);
    // One that was written since is there already.
    const known = await documentsOf(engine.db, session, ids);
    const records = [];
    for (const id of ids.filter((one) => !known.has(one))) {
      const stored = await readStored(writer, kind, id);
      if (stored) records.push(stored.record);
    }
    await indexAgain(writer, kind, records);
    const last = ids.at(-1);
    if (last) return { seen: ids.length, next: { kind: name, after: last } };
    const next = searchedKinds[searchedKinds.indexOf(kind) + 1];
    return { seen: 0, next: next ? { kind: next.name, after: null } : null };
  },
});
