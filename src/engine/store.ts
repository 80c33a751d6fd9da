/**
 * Keeping records: every change of any record goes through `put`, so that its row, the rows kept beside its lists,
 * its identifiers, its places in the orders and its line in the change log are one transaction.
 */
import { isDeepStrictEqual } from 'node:util';
import { sql } from '../db/drizzle.ts';
import { v5 } from 'uuid';
import type { Column, Table } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { columnsOf, commonSorts, sortColumn, valueColumn } from '../db/tables.ts';
import { Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed, kinds } from '../model/kinds.ts';
import type { Content } from './content.ts';
import type { Engine } from './engine.ts';
import { runningValues, TODAY } from './filters.ts';
import { revisionOf } from './list.ts';
import { sortKey } from './order.ts';
import { largeFields, selection, tableOf, toRecord } from './select.ts';

/** One transaction that writes: who, why and when, and the numbers its changes get. */
export interface Writer {
  readonly engine: Engine;
  readonly session: Session;
  readonly actor: string;
  readonly reason: string | null;
  /** The instant of the transaction, RFC 3339 in UTC. */
  readonly at: string;
  /** Number of the next change. */
  readonly nextSeq: () => number;
}

export interface Author {
  readonly actor: string;
  readonly reason: string | null;
}

/** Runs work that writes, all of it in one transaction. */
export async function writing<T>(
  engine: Engine,
  author: Author,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  return engine.db.write(async (session) => {
    let seq = await revisionOf(session, engine);
    const nextSeq = () => {
      seq += 1;
      return seq;
    };
    return work({ engine, session, ...author, at: engine.now().toISOString(), nextSeq });
  });
}

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
    { id, ...runningValues(TODAY, engine.now().toISOString().slice(0, 10)) },
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

export interface Identifier {
  scheme: string;
  identifier: string;
}

/** `scheme:identifier`, as filters and the identifiers table spell it. */
export function identifierName({ scheme, identifier }: Identifier): string {
  return `${scheme}:${identifier}`;
}

export interface Putting {
  readonly id: string;
  readonly op: 'create' | 'update' | 'delete' | 'restore';
  /** The record's fields as they are to be, stored derived ones included. */
  readonly content: Content;
  readonly before: Stored | undefined;
  /** When the record is deleted. */
  readonly deletedAt?: string | null;
}

/** Writes a record and everything kept beside it, unless nothing changes; the one place that does. */
export async function put(
  writer: Writer,
  kind: Kind,
  { id, op, content, before, deletedAt = null }: Putting,
): Promise<PublicRecord> {
  const names = storedNames(kind);
  const changed = names.filter((name) => !isDeepStrictEqual(content[name], before?.record[name]));
  if (op === 'update' && changed.length === 0 && before) return before.record;
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
  await save(writer, kind, row, before?.record.version);
  await saveIdentifiers(writer, kind, id, content, before);
  await saveRows(writer, kind, row, deletedAt === (before?.deletedAt ?? null) ? changed : names);

  const after = recordOf(kind, row);
  await log(writer, kind, after, seq, op, changed);
  await rederive(writer, kind, after, before?.record);
  return (await readStored(writer, kind, id))?.record as PublicRecord;
}

/** Names of the columns that hold a record's own content. */
function storedNames(kind: Kind): string[] {
  const stored = Object.entries(kind.fields).filter(([, field]) => field.derived !== 'computed');
  return [...(kind.slugFrom ? ['slug'] : []), ...stored.map(([name]) => name)];
}

/** The public record that a row holds; fields that depend on the day it is read are not part of it. */
function recordOf(kind: Kind, row: Row): PublicRecord {
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

/** Notes the places a record had in its orders, where it leaves them; returns the number its present ones date from. */
async function rememberMoves(
  { engine, session }: Writer,
  kind: Kind,
  id: string,
  before: Stored | undefined,
  row: Row,
): Promise<number> {
  const seq = row.seq as number;
  if (before === undefined) return seq;
  const moves = engine.db.tables.sortMoves;
  const remember = (sort: string, key: string, since: number) =>
    session.run(
      'remember move',
      (on) =>
        on.insert(moves).values({
          kind: sql.placeholder('kind'),
          sort: sql.placeholder('sort'),
          key: sql.placeholder('key'),
          record_id: sql.placeholder('id'),
          since: sql.placeholder('since'),
          until: sql.placeholder('until'),
        } as never),
      { kind: kind.name, sort, key, id, since, until: seq },
    );
  await remember('updated_at', before.record.updated_at as string, before.seq);
  const old = Object.entries(kind.sorts).map(([name, sort]) => [name, sortKey(sort, before.record)] as const);
  if (old.every(([name, key]) => row[sortColumn(name)] === key)) return before.movedSeq;
  for (const [name, key] of old) await remember(name, key, before.movedSeq);
  if (!kind.rowsOf) await remember(commonSorts[0], before.record.created_at as string, before.movedSeq);
  return seq;
}

const placeholders = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));

/** Inserts a row, or updates the one whose version is still the one read. */
async function save(
  { engine, session }: Writer,
  kind: Kind,
  row: Row,
  version: number | undefined,
): Promise<void> {
  const table = tableOf(engine.db, kind);
  const values = placeholders(Object.keys(row)) as never;
  if (version === undefined) {
    await session.run(`insert ${kind.name}`, (on) => on.insert(table).values(values), row);
    return;
  }
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

async function saveIdentifiers(
  { engine, session }: Writer,
  kind: Kind,
  id: string,
  content: Content,
  before: Stored | undefined,
): Promise<void> {
  const now = (content.identifiers as Identifier[]).map(identifierName);
  const then = ((before?.record.identifiers ?? []) as Identifier[]).map(identifierName);
  const table = engine.db.tables.identifiers;
  for (const name of then.filter((old) => !now.includes(old))) {
    await session.run(
      'drop identifier',
      (on) =>
        on
          .delete(table)
          .where(
            sql`${table.kind} = ${sql.placeholder('kind')} and ${table.name} = ${sql.placeholder('name')}`,
          ),
      { kind: kind.name, name },
    );
  }
  for (const name of now.filter((added) => !then.includes(added))) {
    const values = placeholders(['kind', 'name', 'record_id']) as never;
    await session.run('add identifier', (on) => on.insert(table).values(values), {
      kind: kind.name,
      name,
      record_id: id,
    });
  }
}

/** Keeps the rows beside list fields in step with the lists, where the lists or what is copied from the record changed. */
async function saveRows(writer: Writer, kind: Kind, record: Row, changed: readonly string[]): Promise<void> {
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.rows === undefined) continue;
    const own = kinds.find(({ rowsOf }) => rowsOf?.kind === kind.name && rowsOf.field === name);
    if (own) {
      if (![name, ...(own.rowsOf?.copies ?? [])].some((of) => changed.includes(of))) continue;
      await saveRowsKind(writer, own, record, record[name] as Content[], field.rows.owner);
      continue;
    }
    if (!changed.includes(name)) continue;
    const table = writer.engine.db.tables.rows.get(field.rows.table) as Table;
    await clearRows(writer, table, field.rows.owner, record.id as string);
    for (const [ordinal, value] of (record[name] as unknown[]).entries()) {
      const row: Row = { [field.rows.owner]: record.id };
      if (field.items === undefined) row[valueColumn(field)] = value;
      else {
        row.ordinal = ordinal;
        for (const [part, item] of Object.entries(field.items))
          if (item.to) row[part] = (value as Content)[part];
      }
      const values = placeholders(Object.keys(row)) as never;
      await writer.session.run(`add to ${field.rows.table}`, (on) => on.insert(table).values(values), row);
    }
  }
}

async function clearRows({ session }: Writer, table: Table, owner: string, id: string): Promise<void> {
  await session.run(
    `clear ${owner} ${Object.keys(table).length}`,
    (on) => on.delete(table).where(sql`${table[owner]} = ${sql.placeholder('id')}`),
    { id },
  );
}

/** Keeps rows that are a kind of their own (individual votes): ids last, and so do places in the orders. */
async function saveRowsKind(
  writer: Writer,
  own: Kind,
  record: Row,
  items: readonly Content[],
  owner: string,
): Promise<void> {
  const { engine, session } = writer;
  const table = tableOf(engine.db, own);
  const then = await session.all(
    `rows ${own.name}`,
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(sql`${table[owner]} = ${sql.placeholder('owner')}`),
    { owner: record.id },
  );
  const old = new Map(then.map((row) => [row.id as string, row]));
  for (const [ordinal, item] of items.entries()) {
    const id = v5(`${own.name}\u0000${ordinal}`, record.id as string);
    const copies = Object.fromEntries((own.rowsOf?.copies ?? []).map((name) => [name, record[name]]));
    const { seq, updated_at, deleted_at } = record;
    const row: Row = { id, [owner]: record.id, ...copies, ...item, seq, updated_at, deleted_at };
    for (const [name, sort] of Object.entries(own.sorts)) row[sortColumn(name)] = sortKey(sort, row);
    const was = old.get(id);
    old.delete(id);
    row.moved_seq = seq;
    if (was) {
      const { seq: oldSeq, moved_seq, ...rest } = was;
      const before = {
        record: rest as PublicRecord,
        seq: oldSeq as number,
        movedSeq: moved_seq as number,
        deletedAt: null,
      };
      row.moved_seq = await rememberMoves(writer, own, id, before, row);
    }
    const values = placeholders(Object.keys(row)) as never;
    if (was) {
      const where = sql`${table.id} = ${sql.placeholder('id')}`;
      await session.run(`update ${own.name}`, (on) => on.update(table).set(values).where(where), row);
    } else {
      await session.run(`insert ${own.name}`, (on) => on.insert(table).values(values), row);
    }
  }
  for (const id of old.keys()) {
    await session.run(
      `drop ${own.name}`,
      (on) => on.delete(table).where(sql`${table.id} = ${sql.placeholder('id')}`),
      { id },
    );
  }
}

async function log(
  { engine, session, actor, reason, at }: Writer,
  kind: Kind,
  after: PublicRecord,
  seq: number,
  op: string,
  changed: readonly string[],
): Promise<void> {
  const { changes } = engine.db.tables;
  const names = [
    'seq',
    'at',
    'kind',
    'record_id',
    'op',
    'version',
    'changed_fields',
    'actor',
    'reason',
    'content',
  ];
  await session.run('log', (on) => on.insert(changes).values(placeholders(names) as never), {
    seq,
    at,
    kind: kind.name,
    record_id: after.id,
    op,
    version: after.version,
    changed_fields: op === 'update' ? changed : [],
    actor,
    reason,
    content: after,
  });
}

/** Derives anew what other records take from this one, and writes those whose derived values change. */
async function rederive(
  writer: Writer,
  kind: Kind,
  after: PublicRecord,
  before: PublicRecord | undefined,
): Promise<void> {
  const { derivations } = writer.engine;
  const affected = (await derivations[kind.name]?.affects?.(writer.session, after, before)) ?? [];
  for (const { kind: name, id } of affected) {
    const other = kindNamed(name);
    const stored = await readStored(writer, other, id);
    if (stored === undefined) continue;
    const values = await derivations[name]?.derive?.(writer.session, stored.record);
    const { deletedAt } = stored;
    await put(writer, other, {
      id,
      op: 'update',
      content: { ...stored.record, ...values },
      before: stored,
      deletedAt,
    });
  }
}
