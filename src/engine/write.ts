/** Creating, replacing and upserting records: what must hold of them, and what is made where the client left it out. */
import { v5 } from 'uuid';
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Finding, Kind, PublicRecord } from '../model/declare.ts';
import { type Content, wholeContent, withIds } from './content.ts';
import { lookUp } from './references.ts';
import { type Identifier, identifierName } from './rows.ts';
import { tableOf } from './select.ts';
import { makeSlug, slugFault } from './slug.ts';
import { put, readStored, type Stored } from './store.ts';
import type { Writer } from './writer.ts';

/** Namespace of the ids of imported records (UUID version 5). */
const NAMESPACE = 'b6b8f4f0-5a0e-5c53-9d0a-6f1f5d1f6c11';

/** The id of an imported record, derived from what it is called elsewhere, so that importing twice meets the same row. */
export function importedId(kind: string, scheme: string, identifier: string): string {
  return v5(`${kind}\u0000${scheme}\u0000${identifier}`, NAMESPACE);
}

/** Creates a record from a body that has passed its schema; `id` is given for imports only. */
export async function create(
  writer: Writer,
  kind: Kind,
  body: Content,
  id: string = writer.engine.newId(),
): Promise<PublicRecord> {
  const content = await settled(writer, kind, body, id, undefined);
  return put(writer, kind, { id, op: 'create', content, before: undefined });
}

/** Replaces what clients write of a record; an omitted field goes back to its initial value, the slug stays. */
export async function replace(
  writer: Writer,
  kind: Kind,
  stored: Stored,
  body: Content,
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
  const names = ((body.identifiers ?? []) as Identifier[]).map(identifierName);
  const known = await identified(writer, kind, names);
  const stored = await readStored(writer, kind, known[0]?.record_id ?? id);
  if (stored === undefined) return { record: await create(writer, kind, body, id), did: 'created' };
  const record = await replace(writer, kind, stored, body);
  return { record, did: record.version === stored.record.version ? 'unchanged' : 'updated' };
}

/** Who has these identifiers already. */
async function identified({ engine, session }: Writer, kind: Kind, names: readonly string[]) {
  if (names.length === 0) return [];
  const { identifiers } = engine.db.tables;
  return session.all<{ name: string; record_id: string }>(
    'identified',
    (on) =>
      on
        .select({ name: identifiers.name as Column, record_id: identifiers.record_id as Column })
        .from(identifiers)
        .where(
          sql`${identifiers.kind} = ${sql.placeholder('kind')} and ${engine.db.dialect.isAmong(identifiers.name as Column, 'names')}`,
        ),
    { kind: kind.name, names: engine.db.dialect.list(names) },
  );
}

/** The whole content of a record from a body: initial values, ids for slugs, a slug, a position, what is derived. */
async function settled(
  writer: Writer,
  kind: Kind,
  body: Content,
  id: string,
  before: PublicRecord | undefined,
): Promise<Content> {
  const { session, engine } = writer;
  const { content, faults } = await withIds(writer, kind, wholeContent(kind, body));
  faults.push(...(kind.check?.(content) ?? []).map(findingFault));
  if (before) faults.push(...(await circles(session, engine.db, kind, id, content)));
  if (faults.length > 0)
    throw new Problem('unprocessable', 'The record cannot stand as it is.', { errors: faults });
  await refuseTaken(writer, kind, content, body, id);
  if (kind.slugFrom) content.slug = body.slug ?? (await makeSlug(session, engine.db, kind, content, id));
  if (kind.positioned && content.position === null)
    content.position = await nextPosition(writer, kind, content);
  Object.assign(content, kind.settle?.(content));
  const record = { ...before, ...content, id, version: before?.version ?? 0 } as PublicRecord;
  Object.assign(content, await engine.derivations[kind.name]?.derive?.(session, record));
  return content;
}

function findingFault({ pointer, message, expected }: Finding): Fault {
  return { pointer, message, ...(expected ? { expected } : {}) };
}

/** Longest chain of records within records that is followed. */
const DEPTH = 100;

/** Faults of parents that lead back to the record: nothing is a part of itself. */
async function circles(
  session: Session,
  db: Database,
  kind: Kind,
  id: string,
  content: Content,
): Promise<Fault[]> {
  const table = tableOf(db, kind);
  const faults: Fault[] = [];
  for (const [name, field] of Object.entries(kind.fields)) {
    if (name !== 'parent_id' || field.to !== kind.name) continue;
    let at = content[name] as string | null;
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
    faults.push({
      pointer: `/${name}`,
      message: 'leads back to this record',
      expected: `a ${noun} that this one does not contain`,
    });
  }
  return faults;
}

/** Refuses a slug or an identifier that another record of the kind has. */
async function refuseTaken(
  writer: Writer,
  kind: Kind,
  content: Content,
  body: Content,
  id: string,
): Promise<void> {
  const faults: Fault[] = [];
  if (typeof body.slug === 'string') {
    const wrong = slugFault(body.slug);
    if (wrong)
      throw new Problem('unprocessable', 'The slug cannot be used.', {
        errors: [{ pointer: '/slug', message: wrong, expected: 'another slug', got: body.slug }],
      });
    const holder = (await lookUp(writer.session, writer.engine.db, kind, [body.slug])).get(body.slug);
    if (holder && holder.id !== id) faults.push(taken('/slug', body.slug, kind, holder.id));
  }
  const names = (content.identifiers as Identifier[]).map(identifierName);
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) < at)
      throw new Problem('unprocessable', 'An identifier stands twice.', {
        errors: [
          {
            pointer: `/identifiers/${at}`,
            message: 'stands twice',
            expected: 'each identifier once',
            got: name,
          },
        ],
      });
  }
  for (const { name, record_id } of await identified(writer, kind, names)) {
    if (record_id !== id) faults.push(taken(`/identifiers/${names.indexOf(name)}`, name, kind, record_id));
  }
  if (faults.length > 0)
    throw new Problem('duplicate', 'Another record has this already.', { errors: faults });
}

function taken(pointer: string, got: string, kind: Kind, id: string): Fault {
  const noun = kind.name.replaceAll('_', ' ');
  return {
    pointer,
    message: `the ${noun} ${id} has this already`,
    expected: `one that no other ${noun} has`,
    got,
  };
}

async function nextPosition({ engine, session }: Writer, kind: Kind, content: Content): Promise<number> {
  const owner = kind.ownedBy?.find((name) => content[name] !== null) as string;
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
  return (rows[0]?.last ?? 0) + 1;
}
