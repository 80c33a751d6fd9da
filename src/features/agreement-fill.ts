/**
 * Applies the rule of agreement anew to statements from before it was as it is now. The migration that comes with a
 * change of the rule leaves a mark; the service goes on from there in the background, a page a transaction, and takes
 * the mark away at the end.
 */
import { setImmediate } from 'node:timers/promises';
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import { dropMark, readMark, setMark } from '../engine/marks.ts';
import { tableOf } from '../engine/select.ts';
import { put, readStored } from '../engine/store.ts';
import { type Writer, writing } from '../engine/writer.ts';
import { kindNamed } from '../model/kinds.ts';

const MARK = 'agreement';
/** Statements looked at in one transaction; requests that write wait no longer than for that. */
const PAGE = 50;

interface Place {
  /** Id of the last statement looked at; null at the beginning. */
  readonly after: string | null;
}

/** Applies the rule until all statements have it, or until `signal` says to stop; returns how many it looked at. */
export async function fillAgreement(engine: Engine, signal: AbortSignal, page = PAGE): Promise<number> {
  const author = { actor: 'civic', reason: 'the rule of agreement takes more into account than before' };
  let seen = 0;
  while (!signal.aborted) {
    // Most starts find no mark, and need no transaction to see that.
    const place = await engine.db.read((session) => readMark<Place>(engine, session, MARK));
    if (place === undefined) return seen;
    seen += await writing(engine, author, (writer) => fillPage(writer, page), { alone: true });
    await setImmediate();
  }
  return seen;
}

/** Looks at the page at the mark, and moves it on; returns how many statements there were. */
async function fillPage(writer: Writer, page: number): Promise<number> {
  const { engine, session } = writer;
  const place = await readMark<Place>(engine, session, MARK);
  if (place === undefined) return 0;
  const kind = kindNamed('statement');
  const table = tableOf(engine.db, kind);
  const rows = await session.all<{ id: string }>(
    `statements of before ${place.after === null} ${page}`,
    (on) =>
      on
        .select({ id: table.id as Column })
        .from(table)
        .where(place.after === null ? sql`true` : sql`${table.id} > ${sql.placeholder('after')}`)
        .orderBy(table.id as Column)
        .limit(page),
    place.after === null ? {} : { after: place.after },
  );
  for (const { id } of rows) await applyTo(writer, id);
  const last = rows.at(-1);
  if (last) await setMark(engine, session, MARK, { after: last.id });
  else await dropMark(engine, session, MARK);
  return rows.length;
}

/** Writes a statement with what the rule gives now; one of which that holds already is left as it is. */
async function applyTo(writer: Writer, id: string): Promise<void> {
  const kind = kindNamed('statement');
  const before = await readStored(writer, kind, id);
  if (before === undefined) return;
  const values = await writer.engine.derivations.statement?.derive?.(writer.session, before.record);
  const content = { ...before.record, ...values };
  await put(writer, kind, { id, op: 'update', content, before, deletedAt: before.deletedAt, follows: true });
}
