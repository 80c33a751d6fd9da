/** Related records up to a limit, with the address of the rest. */
import type { Bounded } from '../engine/bounds.ts';
import { bindingOf, encodeCursor } from '../engine/cursor.ts';
import { type Filter, filtersOf } from '../engine/filters.ts';
import { attachIncludes, type Including } from '../engine/include.ts';
import { address } from '../engine/list.ts';
import type { Plan } from '../engine/plan.ts';
import { toRecord } from '../engine/select.ts';
import { type Keyed, keyedRows, pageRows, placeOf } from '../engine/walk.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';

export interface Capped {
  readonly records: readonly PublicRecord[];
  /** Address of the list that goes on where these end; null where they are all. */
  readonly more: string | null;
}

/** What to read of a kind's list: its filters by name, with ids; its order; how many at most. */
export interface Wanting {
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly sort: string;
  readonly limit: number;
  readonly include?: readonly string[];
}

/** The first records of a list, as the list itself has them; a few statements, and one for each relation included. */
export async function readCapped(
  context: Including,
  kind: Kind,
  { filters, sort, limit, include = [] }: Wanting,
): Promise<Capped> {
  const { engine, session, revision } = context;
  const conditions = Object.entries(filters).map(([name, values], at) =>
    (filtersOf(kind).get(name) as Filter).condition(values, `f${at}`, engine.db),
  );
  const wanted = { large: [], restricted: false, deleted: false };
  const plan: Plan = { engine, session, kind, sort, conditions, from: undefined, revision, wanted, limit };
  // What one filter leaves is what belongs to one record; several may each leave very many, and together few.
  const { rows, reached }: Bounded<Keyed> =
    conditions.length > 1 ? await pageRows(plan) : { rows: await keyedRows(plan) };
  const shown = rows.slice(0, limit);
  const found = shown.map(({ row }) => toRecord(kind, row));
  const records = await attachIncludes({ ...context, single: false }, kind, found, include);
  const last = rows.length > limit ? placeOf(shown.at(-1)) : reached;
  if (last === undefined) return { records, more: null };
  const texts = Object.entries(filters).map(([name, values]) => `${name}=${[...values].sort().join(',')}`);
  const cursor = encodeCursor({ ...last, revision }, bindingOf(kind, sort, false, texts));
  return { records, more: address(engine, `/v1/${kind.path}`, { sort, ...filters, cursor }) };
}
