/** What a batch is about to write: which record each item is, in what order, and what they are to each other. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import type { Fault } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import type { Item } from './batch.ts';
import { type Planned as Known, mentions, wholeContent } from './content.ts';
import { survivorsAmong } from './redirects.ts';
import { type Known as Found, isId, lookUp } from './references.ts';
import { deletedFault, type Holder, identified, identifierNames, severalHolders } from './taken.ts';
import type { Writer } from './writer.ts';

/** An item and the record it is about. */
export interface Planned {
  readonly index: number;
  readonly item: Item;
  readonly id: string;
  readonly exists: boolean;
  /** What is wrong with it, places seen from the item. */
  readonly faults: readonly Fault[];
}

export interface BatchPlan {
  /** As they were sent. */
  readonly planned: readonly Planned[];
  /** Each after those it mentions, except in circles. */
  readonly ordered: readonly Planned[];
  /** Ids of the batch's records, by kind and id or given slug. */
  readonly known: Known;
  /** Whether another item asks for this slug. */
  readonly reserved: (one: Planned, slug: string) => boolean;
}

/** Looks up what there is of a batch's records: a few statements for each kind of record in it. */
export async function planOf(writer: Writer, sent: readonly Item[]): Promise<BatchPlan> {
  const items = sent.map(readable);
  const found = await kindsOf(
    writer,
    items.map(({ id }) => id),
  );
  const planned: Planned[] = [];
  for (const [kind, ones] of Map.groupBy(items.entries(), ([, item]) => item.kind)) {
    planned.push(...(await planKind(writer, kind, ones, found)));
  }
  planned.sort((a, b) => a.index - b.index);
  const told = repeatsTold(planned);
  const named = new Map<string, Planned>();
  for (const one of told) for (const name of namesOf(one)) named.set(name, named.get(name) ?? one);
  return {
    planned: told,
    ordered: inOrder(told, named),
    known: (kind, name) => named.get(nameIn(kind, name))?.id,
    reserved: ({ item, id }, slug) => (named.get(nameIn(item.kind.name, slug))?.id ?? id) !== id,
  };
}

/** Of an item whose form is wrong nothing is looked into, but that others may mention it. */
function readable(item: Item): Item {
  if (item.faults.length === 0) return item;
  const { slug } = item.record;
  return { ...item, record: typeof slug === 'string' ? { slug } : {} };
}

/** The kinds of the records that have some ids. */
export async function kindsOf(
  { engine: { db }, session }: Pick<Writer, 'engine' | 'session'>,
  given: readonly (string | null | undefined)[],
): Promise<Map<string, string>> {
  const { changes } = db.tables;
  const ids = given.flatMap((id) => id?.toLowerCase() ?? []);
  if (ids.length === 0) return new Map();
  const rows = await session.all<{ id: string; kind: string }>(
    'kinds of ids',
    (on) =>
      on
        .select({ id: changes.record_id as Column, kind: changes.kind as Column })
        .from(changes)
        .where(sql`${db.dialect.isAmong(changes.record_id as Column, 'ids')} and ${changes.version} = 1`),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}

type Indexed = readonly [index: number, item: Item];

/** Finds the records of one kind that items are about, by id or by identifier. */
async function planKind(
  writer: Writer,
  kind: Kind,
  ones: readonly Indexed[],
  kindOf: ReadonlyMap<string, string>,
): Promise<Planned[]> {
  const holders = await identified(
    writer,
    kind,
    ones.flatMap(([, { record }]) => identifierNames(record)),
  );
  const held = new Map(holders.map((holder) => [holder.name, holder]));
  const ids = ones.flatMap(([, { id }]) => id?.toLowerCase() ?? []);
  const known = await lookUp(writer.session, writer.engine.db, kind, [
    ...ids,
    ...holders.map(({ record_id }) => record_id),
  ]);
  const survivors = await survivorsAmong(writer, known);
  return ones.map(([index, item]) => {
    const { op, record } = item;
    const given = item.id?.toLowerCase();
    const mine = identifierNames(record).flatMap((name) => held.get(name) ?? []);
    const [holder, other] = new Set(mine.map(({ record_id }) => record_id));
    const id = given ?? (op === 'upsert' ? holder : undefined) ?? writer.engine.newId();
    const faults = [
      ...item.faults,
      ...(given === undefined && op === 'upsert' && other !== undefined ? several(kind, mine) : []),
      ...standing(item, id, known.get(id), survivors.get(id), kindOf.get(id)),
    ];
    return { index, item, id, exists: known.has(id), faults };
  });
}

const several = (kind: Kind, mine: readonly Holder[]): Fault[] =>
  severalHolders(kind, mine).map((fault) => ({ ...fault, pointer: `/record${fault.pointer}` }));

/** What stands against writing the record with this id. */
function standing(
  { kind, op, id: given }: Item,
  id: string,
  found: Found | undefined,
  survivor: string | undefined,
  kindName: string | undefined,
): Fault[] {
  const pointer = given ? '/id' : '';
  const noun = kind.name.replaceAll('_', ' ');
  if (kindName !== undefined && kindName !== kind.name) {
    const message = `is the id of a record of another kind (${kindName.replaceAll('_', ' ')})`;
    return [{ pointer, message, expected: `the id of a ${noun}, or a new one`, got: id }];
  }
  if (found === undefined) return [];
  if (survivor) {
    const message = `the ${noun} ${id} was merged into ${survivor}`;
    return [{ pointer, message, expected: survivor, got: id }];
  }
  if (found.deleted) return [{ ...deletedFault(kind, id), pointer }];
  if (op === 'upsert') return [];
  const message = `there is a ${noun} with this id already`;
  return [{ pointer, message, expected: 'a new id, or op upsert to replace the record', got: id }];
}

const nameIn = (kind: string, name: string) => `${kind} ${isId(name) ? name.toLowerCase() : name}`;

/** The names by which other items can mention a record. */
function namesOf({ item: { kind, record }, id }: Planned): string[] {
  const slug = kind.slugFrom && typeof record.slug === 'string' ? [record.slug] : [];
  return [id, ...slug].map((name) => nameIn(kind.name, name));
}

/** The items, with a fault for each that is about the same record as one before it, or wants the same name. */
function repeatsTold(planned: readonly Planned[]): Planned[] {
  const first = new Map<string, number>();
  return planned.map((one) => {
    const { kind, record } = one.item;
    const claims = [
      ['', `id ${one.id}`, 'is about the same record'],
      ...(typeof record.slug === 'string'
        ? [['/record/slug', `slug ${record.slug}`, 'has the same slug']]
        : []),
      ...identifierNames(record).map((name, at) => [
        `/record/identifiers/${at}`,
        `identifier ${name}`,
        'has the same identifier',
      ]),
    ] as [pointer: string, claim: string, same: string][];
    const faults = claims.flatMap(([pointer, claim, same]): Fault[] => {
      const earlier = first.get(nameIn(kind.name, claim)) ?? one.index;
      first.set(nameIn(kind.name, claim), earlier);
      // One that stands twice within an item is its own fault.
      return earlier === one.index ? [] : [{ pointer, message: `item ${earlier} ${same}`, expected: ONCE }];
    });
    return one.faults.length > 0 ? one : { ...one, faults: faults.slice(0, 1) };
  });
}

const ONCE = 'each record, slug and identifier once in a batch';

/** Items that others mention come before those; in a circle, whichever comes first. */
function inOrder(planned: readonly Planned[], named: ReadonlyMap<string, Planned>): Planned[] {
  const ordered = new Set<Planned>();
  const entered = new Set<Planned>();
  // A stack of its own, as a batch may be one long chain.
  for (const start of planned) {
    const stack = [start];
    for (let one = stack.at(-1); one !== undefined; one = stack.at(-1)) {
      const next = entered.has(one) ? [] : mentionedBy(one, named);
      entered.add(one);
      const open = next.filter((other) => !entered.has(other));
      if (open.length > 0) stack.push(...open.reverse());
      else {
        stack.pop();
        ordered.add(one);
      }
    }
  }
  return [...ordered];
}

/** The other items that an item mentions; one whose form is wrong is not looked into. */
function mentionedBy(one: Planned, named: ReadonlyMap<string, Planned>): Planned[] {
  const { kind, record, faults } = one.item;
  if (faults.length > 0) return [];
  return mentions(kind, wholeContent(kind, record)).flatMap(({ to, name }) => {
    const other = named.get(nameIn(to, name));
    return other && other !== one ? [other] : [];
  });
}
