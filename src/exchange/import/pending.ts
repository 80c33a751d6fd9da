/**
 * Records that wait for others which they mention, and what records are called that are here under other ids than they
 * were given: kept in the database, so that memory stays flat and nothing is lost.
 */
import type { Column } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { columnsOf } from '../../db/tables.ts';
import type { Did } from '../../engine/batch.ts';
import type { Content } from '../../engine/content.ts';
import { placeholders } from '../../engine/rows.ts';
import { identifierNames } from '../../engine/taken.ts';
import type { Writer } from '../../engine/writer.ts';
import type { Checked } from './check.ts';
import type { BundleRecord } from './record.ts';

type In = Pick<Writer, 'engine' | 'session'>;

/** What a record that waits says of one there is already. */
type Bearing = Pick<Checked, 'onlyIfNew' | 'yields'>;

/** A record that waits. */
export interface Pending {
  readonly position: number;
  readonly record: BundleRecord;
  /** What was done where it was written without some of what it mentions; null while it was not. */
  readonly did: Did | null;
}

/** Lets a record wait. */
export async function addPending({ engine, session }: In, run: string, item: Checked): Promise<void> {
  const { kind, given = null, newId, place, raw, position, onlyIfNew, yields } = item;
  const row = {
    run_id: run,
    position,
    record_id: newId,
    kind: kind.name,
    given_id: given,
    file: place.file,
    line: place.line,
    body: raw,
    bearing: onlyIfNew || yields.length > 0 ? ({ onlyIfNew, yields } satisfies Bearing) : null,
    did: null,
  };
  const { importPending } = engine.db.tables;
  const values = placeholders(Object.keys(row)) as never;
  await session.run('add pending', (on) => on.insert(importPending).values(values), row);
}

/** Notes what was done with a record that still waits for some of what it mentions. */
export async function notePending(
  { engine, session }: In,
  run: string,
  position: number,
  did: Did,
): Promise<void> {
  const { importPending: table } = engine.db.tables;
  await session.run(
    'note pending',
    (on) =>
      on
        .update(table)
        .set({ did: sql.placeholder('did') } as never)
        .where(one(table)),
    { did, run, position },
  );
}

/** Takes out a record that waits no longer. */
export async function dropPending({ engine, session }: In, run: string, position: number): Promise<void> {
  const { importPending: table } = engine.db.tables;
  await session.run('drop pending', (on) => on.delete(table).where(one(table)), { run, position });
}

/** A record that waited, and stood in the input before one of the same that has been written. */
export interface Superseded {
  readonly kind: string;
  readonly position: number;
  /** As of `Pending`. */
  readonly did: Did | null;
  /** Whether it still waits, with what it has beyond the later one. */
  readonly waits: boolean;
}

/**
 * Lays over what waits of records what has been written of them, as a later place of the input has it: where nothing is
 * left that the later one does not say, it waits no longer.
 */
export async function supersede(
  { engine, session }: In,
  run: string,
  items: readonly Checked[],
): Promise<Superseded[]> {
  if (items.length === 0) return [];
  const { db } = engine;
  const table = db.tables.importPending;
  const rows = await session.all(
    'superseded',
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(sql`${ofIds(db)} and ${table.position} > 0`),
    { run, ids: db.dialect.list(items.map(({ newId }) => newId)) },
  );
  if (rows.length === 0) return [];
  const written = new Map(items.map((item) => [item.newId, item]));
  const superseded: Superseded[] = [];
  for (const row of rows) {
    const { position, record, did } = fromRow(row);
    const later = written.get(row.record_id as string) as Checked;
    if (position >= later.position) continue;
    const body = record.onlyIfNew ? undefined : laidOver(record.body, later.raw);
    superseded.push({ kind: record.kind, position, did, waits: body !== undefined });
    if (body === undefined) await dropPending({ engine, session }, run, position);
    else
      await session.run(
        'lay over pending',
        (on) =>
          on
            .update(table)
            .set({ body: sql.placeholder('body') } as never)
            .where(one(table)),
        { body, run, position },
      );
  }
  return superseded;
}

/** What an earlier record says with a later one laid over it; undefined where that is what the later one says. */
function laidOver({ identifiers, ...body }: Content, later: Content): Content | undefined {
  const names = new Set(identifierNames(later));
  const more = Object.keys(body).some((field) => !Object.hasOwn(later, field));
  if (!more && identifierNames({ identifiers }).every((name) => names.has(name))) return undefined;
  return { ...body, ...later, identifiers };
}

/** A record that is here under another id than the one it was given. */
export interface Alias {
  readonly item: Checked;
  readonly id: string;
}

/** Notes under which ids records are here: in rows of their own, the places in the input counted below 0. */
export async function noteAliases(
  { engine: { db }, session }: In,
  run: string,
  aliases: readonly Alias[],
): Promise<void> {
  if (aliases.length === 0) return;
  const table = db.tables.importPending;
  await session.run(
    'forget aliases',
    (on) => on.delete(table).where(sql`${ofIds(db)} and ${table.position} < 0`),
    { run, ids: db.dialect.list(aliases.map(({ item }) => item.newId)) },
  );
  const rows = aliases.map(({ item: { kind, newId, place, position }, id }) => ({
    run_id: run,
    position: -position,
    record_id: newId,
    kind: kind.name,
    given_id: newId,
    file: place.file,
    line: place.line,
    body: { id },
    bearing: null,
    did: null,
  }));
  await session.insert('import_pending', table, rows);
}

/** Under which ids the records of a run are here that were given some of these. */
export async function readAliases(
  { engine: { db }, session }: In,
  run: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const table = db.tables.importPending;
  const rows = await session.all<{ given: string; body: { id: string } }>(
    'aliases',
    (on) =>
      on
        .select({ given: table.record_id as Column, body: table.body as Column })
        .from(table)
        .where(sql`${ofIds(db)} and ${table.position} < 0`),
    { run, ids: db.dialect.list(ids) },
  );
  return new Map(rows.map(({ given, body }) => [given, body.id]));
}

/** Those of some ids whose records were written in a run without some of what they mention, for now. */
export async function readPartly(
  { engine: { db }, session }: In,
  run: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const table = db.tables.importPending;
  const rows = await session.all<{ id: string }>(
    'partly written',
    (on) =>
      on
        .select({ id: table.record_id as Column })
        .from(table)
        .where(sql`${ofIds(db)} and ${table.did} is not null`),
    { run, ids: db.dialect.list(ids) },
  );
  return rows.map(({ id }) => id);
}

/** Whether any record of a run was written without some of what it mentions, for now. */
export async function isAnyPartly({ engine, session }: In, run: string): Promise<boolean> {
  const { importPending: table } = engine.db.tables;
  const rows = await session.all(
    'any partly written',
    (on) =>
      on
        .select({ position: table.position as Column })
        .from(table)
        .where(sql`${table.run_id} = ${sql.placeholder('run')} and ${table.did} is not null`)
        .limit(1),
    { run },
  );
  return rows.length > 0;
}

/** Takes out all records of a run. */
export async function clearPending({ engine, session }: In, run: string): Promise<void> {
  const { importPending: table } = engine.db.tables;
  await session.run(
    'clear pending',
    (on) => on.delete(table).where(sql`${table.run_id} = ${sql.placeholder('run')}`),
    { run },
  );
}

/** The rows of a run that are of some records. */
const ofIds = ({ tables: { importPending: table }, dialect }: In['engine']['db']) =>
  sql`${table.run_id} = ${sql.placeholder('run')} and ${dialect.isAmong(table.record_id as Column, 'ids')}`;

const one = (table: In['engine']['db']['tables']['importPending']) =>
  sql`${table.run_id} = ${sql.placeholder('run')} and ${table.position} = ${sql.placeholder('position')}`;

/**
 * The next records that wait, in the order of the input or, `backwards`, against it; `after` is the position of the last
 * one seen. With `unwritten`, only those that nothing was done with.
 */
export async function readPending(
  { engine, session }: In,
  run: string,
  { after, most, backwards, unwritten }: PendingPage,
): Promise<Pending[]> {
  const { importPending: table } = engine.db.tables;
  const rows = await session.all(
    `pending ${backwards} ${unwritten} ${most}`,
    (on) => {
      const from = sql`${table.run_id} = ${sql.placeholder('run')} and ${table.position} > 0 and ${table.position} ${sql.raw(backwards ? '<' : '>')} ${sql.placeholder('after')}`;
      return on
        .select(columnsOf(table))
        .from(table)
        .where(unwritten ? sql`${from} and ${table.did} is null` : from)
        .orderBy(backwards ? sql`${table.position} desc` : (table.position as Column))
        .limit(most);
    },
    { run, after: after ?? (backwards ? LAST : 0) },
  );
  return rows.map(fromRow);
}

export interface PendingPage {
  readonly after: number | undefined;
  readonly most: number;
  readonly backwards: boolean;
  readonly unwritten: boolean;
}

/** Beyond every position; what both databases' integers hold. */
const LAST = 2_147_483_647;

function fromRow({ position, kind, given_id, file, line, body, bearing, did }: Row): Pending {
  const place = { file: file as string, line: line as number | null };
  const id = given_id as string | null;
  const { onlyIfNew = false, yields = [] } = (bearing ?? {}) as Partial<Bearing>;
  const record: BundleRecord = {
    kind: kind as string,
    ...(id ? { id } : {}),
    body: body as Content,
    place,
    ...(onlyIfNew ? { onlyIfNew } : {}),
    yields,
  };
  return { position: position as number, record, did: did as Did | null };
}
