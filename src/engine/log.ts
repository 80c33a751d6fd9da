/** The change log: one row for each write, and what the change concerns. */
import type { Kind, PublicRecord } from '../model/declare.ts';
import { jurisdictionsOf, shownUnder } from './belonging.ts';
import type { Writer } from './writer.ts';

/** What was done to a record. */
export type Op = 'create' | 'update' | 'delete' | 'restore' | 'merge';

export interface Change {
  readonly seq: number;
  readonly op: Op;
  readonly changed: readonly string[];
  readonly after: PublicRecord;
  readonly before: PublicRecord | undefined;
}

/** Adds a change to the log, and notes the jurisdictions and wholes it concerns, those of before included. */
export async function log(
  writer: Writer,
  kind: Kind,
  { seq, op, changed, after, before }: Change,
): Promise<void> {
  const { engine, session, author, at } = writer;
  const { changes, changeSubjects } = engine.db.tables;
  const row = {
    seq,
    at,
    kind: kind.name,
    record_id: after.id,
    op,
    version: after.version,
    changed_fields: changed,
    actor: author.actor,
    reason: author.reason,
    content: after,
  };
  await session.insert('changes', changes, [row]);
  const subjects = [...(await subjectsOf(writer, kind, after, before))];
  const rows = subjects.map((subject_id) => ({ subject_id, kind: kind.name, seq }));
  await session.insert('change_subjects', changeSubjects, rows);
}

async function subjectsOf(
  writer: Writer,
  kind: Kind,
  after: PublicRecord,
  before: PublicRecord | undefined,
): Promise<Set<string>> {
  const states = before ? [after, before] : [after];
  const subjects = new Set(states.flatMap((state) => shownUnder(kind, state)));
  for (const state of states) for (const id of await jurisdictionsOf(writer, kind, state)) subjects.add(id);
  return subjects;
}
