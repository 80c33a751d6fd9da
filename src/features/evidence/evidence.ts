/** What a record stands on: its evidence, field by field. */
import type { Engine } from '../../engine/engine.ts';
import { readByIds } from '../../engine/include.ts';
import { revisionOf } from '../../engine/list.ts';
import { type ReadOptions, visible } from '../../engine/read.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { fieldAt, partsOf, valueAt } from './agreeing.ts';
import { judge, type State, stateOf } from './judging.ts';
import { type FieldSaying, sayingsOf } from './sayings.ts';

/** One citation, held against what the record holds. */
export interface Evidence {
  readonly citation_id: string;
  readonly value: unknown;
  readonly source: object | null;
  readonly publisher: unknown;
  readonly rank: string;
  readonly selector: unknown;
  readonly note: string | null;
  readonly agrees: boolean;
  readonly superseded: boolean;
}

export interface FieldEvidence {
  readonly value: unknown;
  readonly state: State;
  readonly citations: readonly Evidence[];
}

/**
 * The evidence of a record by JSON Pointer: every field that holds something or is cited, and, under the empty
 * pointer, the citations for the record as a whole. Six statements, however many citations; at most 2,000 of them.
 */
export async function evidenceOf(
  engine: Engine,
  kind: Kind,
  name: string,
  options: ReadOptions,
): Promise<{ evidence: Record<string, FieldEvidence>; revision: number }> {
  return engine.db.read(async (session) => {
    const whole = await visible(engine, session, kind, name, {}, options);
    const revision = await revisionOf(session, engine);
    const sayings = await sayingsOf({ engine, session }, kind, whole.id);
    const ids = [...new Set(sayings.map(({ source_id }) => source_id))];
    const context = { engine, session, restricted: false, single: false, revision };
    const sources =
      ids.length > 0
        ? await readByIds(context, kindNamed('source'), ids, ['publisher'])
        : new Map<string, PublicRecord>();
    const cited = Map.groupBy(sayings, ({ field }) => field);
    const pointers = pointersOf(kind, whole, [...cited.keys()]);
    const evidence = pointers.map((pointer) => {
      const held = { field: fieldAt(kind, pointer), value: valueAt(whole, pointer) ?? null };
      return [pointer, fieldEvidence(held, cited.get(pointer) ?? [], sources)] as const;
    });
    return { evidence: Object.fromEntries(evidence), revision };
  });
}

/** What has evidence or should have: the record as a whole, then its fields in the order of its kind. */
function pointersOf(kind: Kind, record: PublicRecord, cited: readonly string[]): string[] {
  const filled = filledFields(kind, record);
  const fields = Object.keys(kind.fields).flatMap((name) => {
    const own = cited.filter((pointer) => partsOf(pointer)[0] === name);
    // A list whose members have evidence of their own needs none itself.
    return own.length > 0 ? own : filled.filter((pointer) => pointer === `/${name}`);
  });
  return ['', ...fields];
}

/** Pointers to the fields in which a record holds something that a source could say. */
function filledFields(kind: Kind, record: PublicRecord): string[] {
  const given = Object.entries(kind.fields).filter(([name, { derived, large }]) => {
    const value = record[name];
    const empty = value == null || value === '' || (Array.isArray(value) && value.length === 0);
    return !derived && !large && !empty && name !== 'identifiers' && !name.endsWith('_basis');
  });
  return given.map(([name]) => `/${name}`);
}

function fieldEvidence(
  held: { readonly field: ReturnType<typeof fieldAt>; readonly value: unknown },
  sayings: readonly FieldSaying[],
  sources: ReadonlyMap<string, PublicRecord>,
): FieldEvidence {
  const judged = judge(held.field, held.value, sayings);
  const state = stateOf(judged);
  const citations = judged.map(({ agrees, superseded }, at): Evidence => {
    const { citation_id, said, source_id, rank, selector, note } = sayings[at] as FieldSaying;
    const { publisher, ...source } = sources.get(source_id) ?? { publisher: null };
    return {
      citation_id,
      value: said,
      source: 'id' in source ? source : null,
      publisher,
      rank,
      selector,
      note,
      agrees,
      superseded,
    };
  });
  return { value: held.value, state, citations };
}
