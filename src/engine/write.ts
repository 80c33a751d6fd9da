/** Creating, replacing and upserting records: what must hold of them, and what is made where the client left it out. */
import { v5 } from 'uuid';
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Finding, Kind, PublicRecord } from '../model/declare.ts';
import { type Content, type Planned, wholeContent, withIds } from './content.ts';
import { isId } from './references.ts';
import { tableOf } from './select.ts';
import { makeSlug } from './slug.ts';
import { put, readStored, type Stored } from './store.ts';
import { deletedFault, identified, identifierNames, refuseTaken, severalHolders } from './taken.ts';
import type { Writer } from './writer.ts';

/** Namespace of the ids of imported records (UUID version 5). */
const NAMESPACE = 'b6b8f4f0-5a0e-5c53-9d0a-6f1f5d1f6c11';

/** The id of an imported record, derived from what it is called elsewhere, so that importing twice meets the same row. */
export function importedId(kind: string, scheme: string, identifier: string): string {
  return v5(`${kind}\u0000${scheme}\u0000${identifier}`, NAMESPACE);
}

/** What else the transaction is about to write, which the database does not know yet. */
export interface Plan {
  readonly planned?: Planned;
  /** Whether a record of the kind will ask for this slug. */
  readonly reserved?: (slug: string) => boolean;
  /** Whether nobody else has an identifier, `scheme:identifier`. */
  readonly free?: (name: string) => boolean;
}

/** Creates a record from a body that has passed its schema; `id` is given where it is known beforehand. */
export async function create(
  writer: Writer,
  kind: Kind,
  body: Content,
  id: string = writer.engine.newId(),
  plan?: Plan,
): Promise<PublicRecord> {
  const content = await settled(writer, kind, body, id, undefined, plan);
  return put(writer, kind, { id, op: 'create', content, before: undefined });
}

/** Replaces what clients write of a record; an omitted field goes back to its initial value, the slug stays. */
export async function replace(
  writer: Writer,
  kind: Kind,
  stored: Stored,
  body: Content,
  plan?: Plan,
): Promise<PublicRecord> {
  const kept = kind.slugFrom ? { slug: stored.record.slug } : {};
  const positioned =
    kind.positioned && body.position === undefined ? { position: stored.record.position } : {};
  const content = await settled(
    writer,
    kind,
    { ...kept, ...positioned, ...body },
    stored.record.id,
    stored.record,
    plan,
  );
  return put(writer, kind, { id: stored.record.id, op: 'update', content, before: stored });
}

/**
 * Creates a record, or replaces the one that has its id or one of its identifiers; an identical one is left as it
 * is. Returns the record and what was done.
 */
export async function upsert(
  writer: Writer,
  kind: Kind,
  body: Content,
  id: string,
): Promise<{ record: PublicRecord; did: 'created' | 'updated' | 'unchanged' }> {
  const known = await identified(writer, kind, identifierNames(body));
  const [holder = id, another] = new Set(known.map(({ record_id }) => record_id));
  if (another !== undefined)
    throw new Problem('duplicate', 'The identifiers are those of several records.', {
      errors: severalHolders(kind, known),
    });
  const stored = await readStored(writer, kind, holder);
  if (stored === undefined) return { record: await create(writer, kind, body, id), did: 'created' };
  if (stored.deletedAt !== null)
    throw new Problem('conflict', 'The record was deleted; restore it first.', {
      errors: [deletedFault(kind, holder)],
    });
  const record = await replace(writer, kind, stored, body);
  return { record, did: record.version === stored.record.version ? 'unchanged' : 'updated' };
}

/** The whole content of a record from a body: initial values, ids for slugs, a slug, a position, what is derived. */
async function settled(
  writer: Writer,
  kind: Kind,
  body: Content,
  id: string,
  before: PublicRecord | undefined,
  plan: Plan = {},
): Promise<Content> {
  const { session, engine } = writer;
  const { content, faults } = await withIds(writer, kind, wholeContent(kind, body), plan);
  faults.push(...(kind.check?.(content) ?? []).map(findingFault));
  // Nothing points at a record that is new, unless others of the same batch do.
  if (before || plan.planned) faults.push(...(await circles(writer, kind, id, content)));
  if (faults.length > 0)
    throw new Problem('unprocessable', 'The record cannot stand as it is.', { errors: faults });
  Object.assign(content, await engine.settling[kind.name]?.(session, content, body));
  await refuseTaken(writer, kind, content, body, id, plan.free);
  if (kind.slugFrom)
    content.slug = body.slug ?? (await makeSlug(session, engine.db, kind, content, id, plan.reserved));
  if (kind.positioned) {
    if (content.position === null) content.position = await nextPosition(writer, kind, content);
    // One that was given may be beyond those given out.
    else writer.positions.clear();
  }
  Object.assign(content, await derivedFrom(writer, kind, id, content, before));
  return content;
}

/** The stored derived values of a record with this content. */
export async function derivedFrom(
  { session, engine }: Writer,
  kind: Kind,
  id: string,
  content: Content,
  before: PublicRecord | undefined,
): Promise<Content> {
  const whole = { ...content, ...kind.settle?.(content) };
  const record = { ...before, ...whole, id, version: before?.version ?? 0 } as PublicRecord;
  return { ...whole, ...(await engine.derivations[kind.name]?.derive?.(session, record)) };
}

/** What a check of the kind found, as a fault of the body. */
export function findingFault({ pointer, message, expected }: Finding): Fault {
  return { pointer, message, ...(expected ? { expected } : {}) };
}

/** Most records within one another. */
const DEPTH = 100;

/** Faults of parents that lead back to the record, as nothing is a part of itself, or that lie too deep. */
export async function circles(
  { engine: { db }, session }: Writer,
  kind: Kind,
  id: string,
  content: Content,
): Promise<Fault[]> {
  const table = tableOf(db, kind);
  const faults: Fault[] = [];
  for (const [name, field] of Object.entries(kind.fields)) {
    if (name !== 'parent_id' || field.to !== kind.name) continue;
    // One that stands for no record is a fault already.
    let at = isId(String(content[name])) ? (content[name] as string) : null;
    for (let depth = 0; at !== null && at !== id && depth < DEPTH; depth += 1) {
      const rows: { next: string | null }[] = await session.all(
        `above ${kind.name}.${name}`,
        (on) =>
          on
            .select({ next: table[name] as Column })
            .from(table)
            .where(sql`${table.id} = ${sql.placeholder('at')}`),
        { at },
      );
      at = rows[0]?.next ?? null;
    }
    if (at === null) continue;
    const noun = kind.name.replaceAll('_', ' ');
    const [message, expected] =
      at === id
        ? ['leads back to this record', `a ${noun} that this one does not contain`]
        : [`lies ${DEPTH} levels deep or more`, `a ${noun} that fewer than ${DEPTH} others contain`];
    faults.push({ pointer: `/${name}`, message, expected });
  }
  return faults;
}

/** One more than the last position among the parts of an owner; of two that a transaction makes, the later has more. */
async function nextPosition(writer: Writer, kind: Kind, content: Content): Promise<number> {
  const owner = kind.ownedBy?.find((name) => content[name] !== null) as string;
  const key = `${kind.name} ${content[owner]}`;
  const next = (writer.positions.get(key) ?? (await lastPosition(writer, kind, owner, content))) + 1;
  writer.positions.set(key, next);
  return next;
}

async function lastPosition(
  { engine, session }: Writer,
  kind: Kind,
  owner: string,
  content: Content,
): Promise<number> {
  const table = tableOf(engine.db, kind);
  const rows = await session.all<{ last: number | null }>(
    `last position ${kind.name} ${owner}`,
    (on) =>
      on
        .select({ last: sql<number | null>`max(${table.position})`.mapWith(table.position as Column) })
        .from(table)
        .where(sql`${table[owner]} = ${sql.placeholder('owner')}`),
    { owner: content[owner] },
  );
  return rows[0]?.last ?? 0;
}
