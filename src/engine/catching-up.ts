/**
 * What an upgrade leaves to be done behind the service's back. The migration leaves a mark; the service goes on from
 * there, a page a transaction, and takes the mark away at the end.
 */
import { setImmediate } from 'node:timers/promises';
import type { Column, Table } from '../db/columns.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import type { Engine } from './engine.ts';
import { dropMark, readMark, setMark } from './marks.ts';
import { type Writer, writing } from './writer.ts';

export interface CatchUp<Place> {
  /** Name of the mark; its value is the place to go on from. */
  readonly mark: string;
  /** Why records change, for the change log. */
  readonly reason: string;
  /** Records in a page; requests that write wait no longer than for one. */
  readonly page: number;
  /** Does the page at a place; says how many records there were, and where the next begins, null at the end. */
  readonly work: (
    writer: Writer,
    place: Place,
    page: number,
  ) => Promise<{ readonly seen: number; readonly next: Place | null }>;
}

/**
 * Makes the function that does the work until all is done, or until `signal` says to stop; it returns how many
 * records it looked at. It may be stopped at any time and by any means, and several processes may do it at once.
 */
export function catchingUp<Place>(job: CatchUp<Place>) {
  const author = { actor: 'civic', reason: job.reason };
  return async (engine: Engine, signal: AbortSignal, page: number = job.page): Promise<number> => {
    let seen = 0;
    while (!signal.aborted) {
      // Most starts find no mark, and need no transaction to see that.
      const place = await engine.db.read((session) => readMark<Place>(engine, session, job.mark));
      if (place === undefined) return seen;
      seen += await writing(engine, author, (writer) => onePage(writer, job, page), { alone: true });
      await setImmediate();
    }
    return seen;
  };
}

/** Does the page at the mark, which another process may have moved since, and moves it on. */
async function onePage<Place>(writer: Writer, job: CatchUp<Place>, page: number): Promise<number> {
  const { engine, session } = writer;
  const place = await readMark<Place>(engine, session, job.mark);
  if (place === undefined) return 0;
  const { seen, next } = await job.work(writer, place, page);
  if (next === null) await dropMark(engine, session, job.mark);
  else await setMark(engine, session, job.mark, next);
  return seen;
}

/** Ids of the rows of a table that come after one, in their order; `shape` names the condition. */
export async function idsAfter(
  { session }: Writer,
  { table, shape, where }: { readonly table: Table; readonly shape: string; readonly where: SQL },
  after: string | null,
  page: number,
): Promise<string[]> {
  const beyond = after === null ? sql`true` : sql`${table.id} > ${sql.placeholder('after')}`;
  const rows = await session.all<{ id: string }>(
    `ids after ${shape} ${after === null} ${page}`,
    (on) =>
      on
        .select({ id: table.id as Column })
        .from(table)
        .where(sql`${where} and ${beyond}`)
        .orderBy(table.id as Column)
        .limit(page),
    after === null ? {} : { after },
  );
  return rows.map(({ id }) => id);
}
