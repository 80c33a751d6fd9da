/**
 * Keeping records: every change of any record goes through `put`, so that its row, the rows kept beside its lists,
 * its identifiers, its places in the orders and its line in the change log are one transaction.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Column } from '../db/columns.ts';
import type { Row } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import { Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { jurisdictionsOf, ownersOf, rememberLead } from './belonging.ts';
import type { Content } from './content.ts';
import { todayOf } from './filters.ts';
import { shownRow } from './json/shown.ts';
import { log, type Op } from './log.ts';
import { rememberMoves } from './moves.ts';
import { sortKey } from './order.ts';
import { placeholders, saveIdentifiers, saveRows } from './rows.ts';
import { largeFields, selection, tableOf, toRecord } from './select.ts';
import type { Writer } from './writer.ts';

/** The stored form of a record: public fields, and what the service keeps beside them. */
export interface Stored {
  readonly record: PublicRecord;
  readonly seq: number;
  readonly movedSeq: number;
  readonly deletedAt: string | null;
}

/** Reads a record whole, deleted or not, for changing it. */
export async function readStored(
  { engine, session }: Pick<Writer, 'engine' | 'session'>,
  kind: Kind,
  id: string,
): Promise<Stored | undefined> {
  const wanted = { large: largeFields(kind), restricted: true, deleted: true };
  const rows = await session.all(
    `stored ${kind.name}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const kept = {
        ...selection(engine.db, kind, wanted),
        seq: table.seq as Column,
        moved_seq: table.moved_seq as Column,
      };
      return on
        .select(kept)
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`);
    },
    { id, ...todayOf(engine) },
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { seq, moved_seq, deleted_at, ...rest } = row;
  return {
    record: toRecord(kind, rest),
    seq: seq as number,
    movedSeq: moved_seq as number,
    deletedAt: deleted_at as string | null,
  };
}

export interface Putting {
  readonly id: string;
  readonly op: Op;
  /** The record's fields as they are to be, stored derived ones included. */
  readonly content: Content;
  readonly before: Stored | undefined;
  /** When the record is deleted. */
  readonly deletedAt?: string | null;
  /** Includes in which parts of the record have changed: reason enough for a change of its own. */
  readonly parts?: readonly string[];
  /** Whether this follows from another change, rather than being asked for. */
  readonly follows?: boolean;
}

/** Writes a record and everything kept beside it, unless nothing changes; the one place that does. */
export async function put(writer: Writer, kind: Kind, putting: Putting): Promise<PublicRecord> {
  const { id, op, content, before, deletedAt = null, parts = [] } = putting;
  const names = storedNames(kind);
  const changed = before
    ? names.filter((name) => !isDeepStrictEqual(content[name], before.record[name]))
    : names.filter((name) => content[name] !== undefined);
  if (op === 'update' && changed.length + parts.length === 0 && before) return before.record;
  await note(writer, kind, putting);
  const seq = writer.nextSeq();
  const version = (before?.record.version ?? 0) + 1;
  const created_at = before?.record.created_at ?? writer.at;
  const keys = Object.entries(kind.sorts).map(
    ([name, sort]) => [sortColumn(name), sortKey(sort, content)] as const,
  );
  const row: Row = { id, version, created_at, updated_at: writer.at, deleted_at: deletedAt, seq };
  for (const name of names) row[name] = content[name] ?? null;
  Object.assign(row, Object.fromEntries(keys));
  row.moved_seq = await rememberMoves(writer, kind, id, before, row);
  const after = recordOf(kind, row);
  Object.assign(row, shownRow(kind, after));
  await save(writer, kind, row, before?.record.version);
  rememberLead(writer, kind, { ...row, id });
  await saveIdentifiers(writer, kind, id, content, before);
  const rowsOf = deletedAt === (before?.deletedAt ?? null) ? changed : names;
  await saveRows(writer, kind, row, rowsOf, before === undefined);

  const logged = op === 'update' || op === 'merge' ? [...changed, ...parts] : [];
  await log(writer, kind, { seq, op, changed: logged, after, before: before?.record });
  await writer.engine.derivations[kind.name]?.index?.(writer, after, before?.record);
  const followed = await rederive(writer, kind, after, before?.record);
  // What is read along from elsewhere, and what follows from what was written by now, is not in the row.
  if (followed || hasAttached(kind)) return (await readStored(writer, kind, id))?.record as PublicRecord;
  const { deleted_at, ...record } = after;
  return record as PublicRecord;
}

/** Notes what the transaction's end has to look at: the record, and the owner it has now or had before. */
async function note(
  writer: Writer,
  kind: Kind,
  { id, content, before, parts, follows }: Putting,
): Promise<void> {
  const known = writer.written.get(id);
  const asked = !follows && parts === undefined;
  const limited = asked && writer.author.within != null;
  const lived = before?.deletedAt === null;
  const belonged = lived && limited ? await jurisdictionsOf(writer, kind, before.record) : undefined;
  writer.written.set(id, {
    kind,
    before: known ? known.before : belonged,
    asked: asked || (known?.asked ?? false),
  });
  for (const state of before ? [content, before.record] : [content]) {
    for (const { kind: owner, id: ownerId, field } of ownersOf(kind, state)) {
      const touched = writer.touched.get(ownerId) ?? { kind: owner, parts: new Set() };
      touched.parts.add(includeOf(owner, kind, field));
      writer.touched.set(ownerId, touched);
    }
  }
}

/** Name of the include in which an owner shows its parts of a kind. */
function includeOf(owner: Kind, part: Kind, field: string): string {
  const found = Object.entries(owner.includes).find(
    ([, include]) => 'by' in include && include.many === part.name && include.by.includes(field),
  );
  return found?.[0] ?? part.path.replaceAll('-', '_');
}

const storedOf = new WeakMap<Kind, readonly string[]>();

/** Names of the columns that hold a record's own content. */
function storedNames(kind: Kind): readonly string[] {
  const known = storedOf.get(kind);
  if (known) return known;
  const stored = Object.entries(kind.fields).filter(([, field]) => field.derived !== 'computed');
  const names = [...(kind.slugFrom ? ['slug'] : []), ...stored.map(([name]) => name)];
  storedOf.set(kind, names);
  return names;
}

/** The public record that a row holds; fields that depend on the day it is read are not part of it. */
export function recordOf(kind: Kind, row: Row): PublicRecord {
  const names = [
    'id',
    ...storedNames(kind),
    'version',
    'created_at',
    'updated_at',
    ...(row.deleted_at ? ['deleted_at'] : []),
  ];
  return toRecord(kind, Object.fromEntries(names.map((name) => [name, row[name]])));
}

/** Inserts a row, or updates the one whose version is still the one read. */
async function save(
  { engine, session }: Writer,
  kind: Kind,
  row: Row,
  version: number | undefined,
): Promise<void> {
  const table = tableOf(engine.db, kind);
  if (version === undefined) return session.insert(kind.table, table, [row]);
  const values = placeholders(Object.keys(row)) as never;
  const changed = await session.all<{ id: string }>(
    `update ${kind.name}`,
    (on) =>
      on
        .update(table)
        .set(values)
        .where(sql`${table.id} = ${sql.placeholder('id')} and ${table.version} = ${sql.placeholder('was')}`)
        .returning({ id: table.id as Column }),
    { ...row, was: version },
  );
  if (changed.length === 0)
    throw new Problem('precondition-failed', 'The record was changed by someone else at the same time.');
}

const hasAttached = ({ fields }: Kind) => Object.values(fields).some(({ attached }) => attached);

/** Derives anew what other records take from this one, and writes those whose derived values change; says whether there are any. */
async function rederive(
  writer: Writer,
  kind: Kind,
  after: PublicRecord,
  before: PublicRecord | undefined,
): Promise<boolean> {
  const { derivations } = writer.engine;
  const affected = (await derivations[kind.name]?.affects?.(writer.session, after, before)) ?? [];
  for (const { kind: name, id } of affected) {
    if (writer.last?.has(id)) continue;
    const other = kindNamed(name);
    const stored = await readStored(writer, other, id);
    // A tombstone stays as it was; it is derived anew when it is brought back.
    if (stored === undefined || stored.deletedAt !== null) continue;
    const values = await derivations[name]?.derive?.(writer.session, stored.record);
    await put(writer, other, {
      id,
      op: 'update',
      content: { ...stored.record, ...values },
      before: stored,
      follows: true,
    });
  }
  return affected.length > 0;
}
