/** Pages of a kind's records that are found by conditions of a feature's own. */
import { bindingOf, decodeCursor, encodeCursor, refuseExpired } from '../engine/cursor.ts';
import type { Condition } from '../engine/filters.ts';
import { revisionAndHorizon } from '../engine/horizon.ts';
import type { Including } from '../engine/include.ts';
import { toRecord } from '../engine/select.ts';
import { keyedRows } from '../engine/walk.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';

/** Which page of which records. */
export interface Asking {
  readonly kind: Kind;
  readonly sort: string;
  readonly conditions: readonly Condition[];
  /** What a cursor is bound to beside kind and sort: the conditions with their values. */
  readonly bound: readonly string[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Paged {
  readonly records: readonly PublicRecord[];
  readonly revision: number;
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
}

/** One page, with what a list promises: a crawl meets each record that lived throughout once. 400 for a wrong cursor. */
export async function pageOf(
  { engine, session }: Pick<Including, 'engine' | 'session'>,
  { kind, sort, conditions, bound, limit, cursor }: Asking,
): Promise<Paged> {
  const { revision, horizon } = await revisionAndHorizon(session, engine);
  const binding = bindingOf(kind, sort, false, bound);
  const from = cursor === undefined ? undefined : decodeCursor(cursor, binding);
  if (from) refuseExpired(from, horizon);
  const wanted = { large: [], restricted: false, deleted: false };
  const rows = await keyedRows({ engine, session, kind, sort, conditions, from, revision, wanted, limit });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const position = last && { key: last.key, id: last.row.id as string, revision: from?.revision ?? revision };
  return {
    records: shown.map(({ row }) => toRecord(kind, row)),
    revision,
    next: position ? encodeCursor(position, binding) : null,
  };
}
