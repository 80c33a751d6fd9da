/** Many records in one transaction: all of them are written, or none, and everything that is wrong is named. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem, type ProblemName } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import { type Planned, planOf } from './batch-plan.ts';
import type { Content } from './content.ts';
import type { Narrowed } from './read.ts';
import { tableOf } from './select.ts';
import { readStored } from './store.ts';
import { deletedFault } from './taken.ts';
import { create, type Plan, replace } from './write.ts';
import type { Writer } from './writer.ts';

/** Most items of a batch. */
export const MOST_ITEMS = 500;

/** A record to write. */
export interface Item {
  readonly kind: Kind;
  /** `create` refuses what is there already; `upsert` replaces it. */
  readonly op: 'create' | 'upsert';
  /** The id it has, or is to have if it is new. */
  readonly id?: string | null;
  /** The record, as POST takes it; has passed its schema unless `faults` says otherwise. */
  readonly record: Content;
  /** The view that it has to be in. */
  readonly narrowed?: Narrowed | undefined;
  /** What its schema found. */
  readonly faults: readonly Fault[];
}

export type Did = 'created' | 'updated' | 'unchanged';

/** What became of an item. */
export interface Outcome {
  readonly index: number;
  readonly kind: string;
  readonly id: string;
  readonly slug: string | null;
  readonly did: Did;
  readonly version: number;
}

/**
 * Writes a batch, in an order in which each record comes after those it mentions as far as that can be; references
 * are held to at the end, so that records may mention each other. Throws a 422 that names all that is wrong.
 */
export async function writeBatch(writer: Writer, items: readonly Item[]): Promise<Outcome[]> {
  await writer.session.deferReferences();
  const { planned, ordered, known, reserved } = await planOf(writer, items);
  const faults = new Map(planned.map(({ index, faults: found }) => [index, [...found]]));
  const did = new Map<Planned, Did>();
  for (const one of ordered) {
    if (one.faults.length > 0) continue;
    const plan: Plan = { planned: known, reserved: (slug) => reserved(one, slug) };
    try {
      did.set(one, await write(writer, one, plan));
    } catch (error) {
      faults.get(one.index)?.push(...faultsIn(error));
    }
  }
  refuse(planned, faults);
  return outcomes(writer, planned, did);
}

async function write(writer: Writer, { item, id, exists }: Planned, plan: Plan): Promise<Did> {
  const { kind, record, narrowed } = item;
  if (!exists) {
    await create(writer, kind, record, id, plan);
    return 'created';
  }
  const stored = await readStored(writer, kind, id);
  if (stored === undefined || stored.deletedAt !== null)
    throw new Problem('unprocessable', 'deleted', { errors: [deletedFault(kind, id)] });
  if (narrowed && stored.record[narrowed.field] !== narrowed.value)
    throw new Problem('unprocessable', 'elsewhere', { errors: [elsewhere(kind, id, narrowed)] });
  const { version } = await replace(writer, kind, stored, record, plan);
  return version === stored.record.version ? 'unchanged' : 'updated';
}

function elsewhere(kind: Kind, id: string, { field, value }: Narrowed): Fault {
  const message = `the ${kind.name.replaceAll('_', ' ')} ${id} has another ${field} than ${value}`;
  return { pointer: '', message, expected: `a record whose ${field} is ${value}`, got: id };
}

/** Problems that are about one item; others (a key that may not write, a full disk) are about the whole. */
const OF_ITEMS: readonly ProblemName[] = [
  'unprocessable',
  'duplicate',
  'conflict',
  'citation-not-found-in-source',
];

/** What is wrong with an item, its places seen from the item; anything else is thrown on. */
export function faultsIn(error: unknown): readonly Fault[] {
  if (!(error instanceof Problem) || !OF_ITEMS.includes(error.problem)) throw error;
  if (error.errors.length === 0) return [{ pointer: '', message: error.message }];
  return error.errors.map((fault) => ({ ...fault, pointer: fault.pointer ? `/record${fault.pointer}` : '' }));
}

/** Most faults an answer lists. */
const FAULTS = 100;

function refuse(planned: readonly Planned[], faults: ReadonlyMap<number, readonly Fault[]>): void {
  const errors = [...faults].flatMap(([index, found]) =>
    found.map((fault) => ({ ...fault, pointer: `/items/${index}${fault.pointer ?? ''}` })),
  );
  if (errors.length === 0) return;
  const wrong = [...faults.values()].filter((found) => found.length > 0).length;
  const rest = errors.length > FAULTS ? ` The first ${FAULTS} of ${errors.length} faults are listed.` : '';
  const detail = `${wrong} of ${planned.length} items cannot be written, so none was.${rest}`;
  throw new Problem('unprocessable', detail, { errors: errors.slice(0, FAULTS) });
}

/** The records as they are at the end: what was written later may have moved on what was written before. */
async function outcomes(
  { engine: { db }, session }: Writer,
  planned: readonly Planned[],
  did: ReadonlyMap<Planned, Did>,
): Promise<Outcome[]> {
  const now = new Map<string, { version: number; slug?: string }>();
  for (const [kind, ones] of Map.groupBy(planned, ({ item }) => item.kind)) {
    const table = tableOf(db, kind);
    const rows = await session.all<{ id: string; version: number; slug?: string }>(
      `versions ${kind.name}`,
      (on) =>
        on
          .select({
            id: table.id as Column,
            version: table.version as Column,
            ...(table.slug ? { slug: table.slug } : {}),
          })
          .from(table)
          .where(db.dialect.isAmong(sql`${table.id}`, 'ids')),
      { ids: db.dialect.list(ones.map(({ id }) => id)) },
    );
    for (const row of rows) now.set(`${kind.name} ${row.id}`, row);
  }
  return planned.map((one) => {
    const { index, item, id } = one;
    const { version = 0, slug = null } = now.get(`${item.kind.name} ${id}`) ?? {};
    return { index, kind: item.kind.name, id, slug, did: did.get(one) ?? 'unchanged', version };
  });
}
