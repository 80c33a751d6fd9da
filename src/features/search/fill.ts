/**
 * Brings records from before there was an index of words into it. The migration that makes the index leaves a mark;
 * the service goes on from there in the background, a page a transaction, and takes the mark away at the end.
 */
import { setImmediate } from 'node:timers/promises';
import type { Column } from '../../db/columns.ts';
import type { Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import type { Engine } from '../../engine/engine.ts';
import { dropMark, readMark, setMark } from '../../engine/marks.ts';
import { tableOf } from '../../engine/select.ts';
import { readStored } from '../../engine/store.ts';
import { type Writer, writing } from '../../engine/writer.ts';
import { kindNamed } from '../../model/kinds.ts';
import { indexAgain } from './keeping.ts';
import { documentsOf } from './postings.ts';
import { searchedKinds } from './tokens.ts';

const MARK = 'search';
/** Records indexed in one transaction; requests that write wait no longer than for that. */
const PAGE = 100;

interface Place {
  readonly kind: string;
  /** Id of the last record indexed; null at the beginning of its kind. */
  readonly after: string | null;
}

/** Whether every record is in the index; after an upgrade that takes a while. */
export async function isSearchComplete(db: Pick<Engine['db'], 'tables'>, session: Session): Promise<boolean> {
  return (await readMark<Place>({ db: db as Engine['db'] }, session, MARK)) === undefined;
}

/** Indexes older records until all are, or until `signal` says to stop; returns how many it looked at. */
export async function fillSearch(engine: Engine, signal: AbortSignal, page: number = PAGE): Promise<number> {
  const author = { actor: 'civic', reason: 'records from before their words were indexed' };
  let seen = 0;
  while (!signal.aborted) {
    const place = await engine.db.read((session) => readMark<Place>(engine, session, MARK));
    if (place === undefined) return seen;
    seen += await writing(engine, author, (writer) => fillPage(writer, page), { alone: true });
    await setImmediate();
  }
  return seen;
}

/** Indexes the page at the mark, and moves it on; returns how many records there were. */
async function fillPage(writer: Writer, page: number): Promise<number> {
  const { engine, session } = writer;
  const place = await readMark<Place>(engine, session, MARK);
  if (place === undefined) return 0;
  const kind = kindNamed(place.kind);
  const table = tableOf(engine.db, kind);
  const rows = await session.all<{ id: string }>(
    `search fill ${kind.name} ${place.after === null} ${page}`,
    (on) =>
      on
        .select({ id: table.id as Column })
        .from(table)
        .where(
          sql`${table.deleted_at} is null and ${place.after === null ? sql`true` : sql`${table.id} > ${sql.placeholder('after')}`}`,
        )
        .orderBy(table.id as Column)
        .limit(page),
    place.after === null ? {} : { after: place.after },
  );
  const ids = rows.map(({ id }) => id);
  // One that was written since is there already.
  const known = await documentsOf(engine.db, session, ids);
  const records = [];
  for (const id of ids.filter((one) => !known.has(one))) {
    const stored = await readStored(writer, kind, id);
    if (stored) records.push(stored.record);
  }
  await indexAgain(writer, kind, records);
  const last = ids.at(-1);
  const next = searchedKinds[searchedKinds.indexOf(kind) + 1];
  if (last) await setMark(engine, session, MARK, { kind: kind.name, after: last });
  else if (next) await setMark(engine, session, MARK, { kind: next.name, after: null });
  else await dropMark(engine, session, MARK);
  return rows.length;
}
