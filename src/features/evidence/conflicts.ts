/** Keeps disputed fields in step with the citations and the records they follow from, in the transaction of the change. */
import type { Column, Table } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { jurisdictionsOf } from '../../engine/belonging.ts';
import type { Derivation } from '../../engine/engine.ts';
import { type KeptRow, keepRows } from '../../engine/kept.ts';
import { readStored } from '../../engine/store.ts';
import type { Writer } from '../../engine/writer.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kindNamed, kinds } from '../../model/kinds.ts';
import { fieldAt, valueAt } from './agreeing.ts';
import { disputeOf } from './judging.ts';
import { sayingsOf } from './sayings.ts';

const CONFLICT = kindNamed('conflict');

/** The derivations, with conflicts kept in step too. */
export function withConflicts(
  derivations: Readonly<Record<string, Derivation>>,
): Readonly<Record<string, Derivation>> {
  const indexed = kinds
    .filter(({ kept }) => !kept)
    .map((kind) => {
      const known = derivations[kind.name]?.index;
      const index: Derivation['index'] = async (writer, after, before) => {
        await known?.(writer, after, before);
        await note(writer, kind, after, before);
      };
      return [kind.name, { ...derivations[kind.name], index }] as const;
    });
  return { ...derivations, ...Object.fromEntries(indexed) };
}

/** Notes whose conflicts are looked at anew once the transaction has written everything. */
async function note(
  writer: Writer,
  kind: Kind,
  after: PublicRecord,
  before: PublicRecord | undefined,
): Promise<void> {
  const look = (type: string, id: string, cited: boolean) =>
    writer.later.set(`conflicts ${id}`, () => keepConflicts(writer, kindNamed(type), id, cited));
  if (kind.name === 'citation') {
    for (const { record_type, record_id } of before ? [after, before] : [after])
      look(String(record_type), String(record_id), true);
    return;
  }
  // Nothing was said of a record before it was there.
  if (before && !writer.later.has(`conflicts ${after.id}`)) look(kind.name, after.id, false);
  const judged = ['published_on', 'publisher_id', 'status'];
  if (kind.name !== 'source' || !before || judged.every((name) => after[name] === before[name])) return;
  for (const { record_type, record_id } of await recordsCiting(writer, after.id))
    look(record_type, record_id, true);
}

/** Everything that a source is cited for. */
async function recordsCiting(
  { engine, session }: Writer,
  source: string,
): Promise<{ record_type: string; record_id: string }[]> {
  const citations = engine.db.tables.kinds.get('citation') as Table;
  return session.all(
    'records citing',
    (on) =>
      on
        .selectDistinct({
          record_type: citations.record_type as Column,
          record_id: citations.record_id as Column,
        })
        .from(citations)
        .where(
          sql`${citations.source_id} = ${sql.placeholder('source')} and ${citations.deleted_at} is null`,
        ),
    { source },
  );
}

/** Makes the conflicts of a record those that its citations give; `cited` says that its citations have changed. */
export async function keepConflicts(writer: Writer, kind: Kind, id: string, cited: boolean): Promise<void> {
  const sayings = (await sayingsOf(writer, kind, id)).filter(({ value }) => value !== null);
  // What was never cited has no conflicts to take away, and most records are never cited field by field.
  if (sayings.length === 0 && !cited) return;
  const stored = await readStored(writer, kind, id);
  const live = stored && stored.deletedAt === null ? stored.record : undefined;
  const found = live ? conflictsOf(kind, live, sayings) : [];
  const jurisdictions = live && found.length > 0 ? await jurisdictionsOf(writer, kind, live) : [];
  const rows = found.map((row): KeptRow => ({ ...row, jurisdictions }));
  const stamp = { seq: writer.lastSeq(), updated_at: writer.at, deleted_at: null };
  await keepRows(writer, CONFLICT, ['record_id', id], rows, stamp);
}

function conflictsOf(
  kind: Kind,
  record: PublicRecord,
  sayings: Awaited<ReturnType<typeof sayingsOf>>,
): KeptRow[] {
  return [...Map.groupBy(sayings, ({ field }) => field)].flatMap(([field, said]) => {
    const held = valueAt(record, field) ?? null;
    const dispute = disputeOf(fieldAt(kind, field), held, said);
    if (dispute === undefined) return [];
    const sources = dispute.values.flatMap(({ citations }) => citations.map(({ source_id }) => source_id));
    const row = { record_type: kind.name, record_id: record.id, field, held, ...dispute };
    const id = (CONFLICT.keptId as NonNullable<Kind['keptId']>)(row);
    return [{ ...row, id, sources: [...new Set(sources)] }];
  });
}
