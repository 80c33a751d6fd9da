/**
 * Applies the rule of agreement anew to statements from before it was as it is now, behind the service's back; the
 * migration that comes with a change of the rule leaves the mark.
 */
import { sql } from '../db/drizzle.ts';
import { catchingUp, idsAfter } from '../engine/catching-up.ts';
import { tableOf } from '../engine/select.ts';
import { put, readStored } from '../engine/store.ts';
import type { Writer } from '../engine/writer.ts';
import { kindNamed } from '../model/kinds.ts';

const STATEMENT = kindNamed('statement');

interface Place {
  /** Id of the last statement looked at; null at the beginning. */
  readonly after: string | null;
}

/** Applies the rule until all statements have it, or until `signal` says to stop; returns how many it looked at. */
export const fillAgreement = catchingUp<Place>({
  mark: 'agreement',
  reason: 'the rule of agreement takes more into account than before',
  page: 50,
  work: async (writer, { after }, page) => {
    const all = { table: tableOf(writer.engine.db, STATEMENT), shape: 'statements', where: sql`true` };
    const ids = await idsAfter(writer, all, after, page);
    for (const id of ids) await applyTo(writer, id);
    const last = ids.at(-1);
    return { seen: ids.length, next: last ? { after: last } : null };
  },
});

/** Writes a statement with what the rule gives now; one of which that holds already is left as it is. */
async function applyTo(writer: Writer, id: string): Promise<void> {
  const before = await readStored(writer, STATEMENT, id);
  if (before === undefined) return;
  const values = await writer.engine.derivations.statement?.derive?.(writer.session, before.record);
  const content = { ...before.record, ...values };
  await put(writer, STATEMENT, {
    id,
    op: 'update',
    content,
    before,
    deletedAt: before.deletedAt,
    follows: true,
  });
}
