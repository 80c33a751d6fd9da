/** What a record was: its versions, as the change log keeps them, and how they differ. */
import jsonPatch, { type Operation } from 'fast-json-patch';
import type { Column } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import type { Reading } from './belonging.ts';
import type { PublicChange } from './changes.ts';
import type { Engine } from './engine.ts';
import { address, revisionOf } from './list.ts';
import { type Narrowed, notFound } from './read.ts';
import { lookUp } from './references.ts';
import { tableOf, withoutRestricted } from './select.ts';

/** One version of a record, without what it held. */
export type Version = Omit<PublicChange, 'kind' | 'record_id' | 'content'>;

export interface HistoryQuery {
  readonly limit: number;
  /** Only versions before this one. */
  readonly before?: number;
}

export interface HistoryPage {
  readonly data: readonly Version[];
  readonly meta: { readonly limit: number; readonly revision: number };
  readonly links: { readonly self: string; readonly next: string | null };
}

/** A record's versions, newest first; of deleted and merged records too. 404 for what never was. */
export async function history(
  engine: Engine,
  kind: Kind,
  name: string,
  query: HistoryQuery,
  { path, narrowed }: { readonly path: string; readonly narrowed?: Narrowed | undefined },
): Promise<HistoryPage> {
  return engine.db.read(async (session) => {
    const { limit, before = Number.MAX_SAFE_INTEGER } = query;
    const id = await idOf(engine, session, kind, name, narrowed);
    const rows = await versionsBefore({ engine, session }, id, before, limit + 1);
    const data = rows.slice(0, limit);
    const last = data.at(-1)?.version;
    const next = rows.length > limit ? address(engine, path, { ...query, before: last }) : null;
    const revision = await revisionOf(session, engine);
    return { data, meta: { limit, revision }, links: { self: address(engine, path, { ...query }), next } };
  });
}

/** A record's content at a version, `deleted_at` with it where it was deleted then; 404 for a version it never had. */
export async function versionOf(
  engine: Engine,
  kind: Kind,
  name: string,
  version: number,
  options: { readonly restricted: boolean; readonly narrowed?: Narrowed | undefined },
): Promise<PublicRecord> {
  const [record] = await versions(engine, kind, name, [version], options);
  return record as PublicRecord;
}

/** The JSON Patch (RFC 6902) that turns a record's content at one version into that at another, either way round. */
export async function patchBetween(
  engine: Engine,
  kind: Kind,
  name: string,
  from: number,
  to: number,
  options: { readonly restricted: boolean; readonly narrowed?: Narrowed | undefined },
): Promise<Operation[]> {
  const [before, after] = await versions(engine, kind, name, [from, to], options);
  return jsonPatch.compare(before as object, after as object);
}

async function versions(
  engine: Engine,
  kind: Kind,
  name: string,
  wanted: readonly number[],
  { restricted, narrowed }: { readonly restricted: boolean; readonly narrowed?: Narrowed | undefined },
): Promise<PublicRecord[]> {
  return engine.db.read(async (session) => {
    const id = await idOf(engine, session, kind, name, narrowed);
    const found: PublicRecord[] = [];
    for (const version of wanted) {
      const change = await changeTo({ engine, session }, id, version);
      if (change === undefined) throw await noVersion({ engine, session }, kind, id, version);
      found.push(restricted ? change.content : withoutRestricted(kind, change.content));
    }
    return found;
  });
}

/** The id that a name stands for now, be the record deleted or not; 404 for what never was, or is outside a view. */
export async function idOf(
  engine: Engine,
  session: Session,
  kind: Kind,
  name: string,
  narrowed: Narrowed | undefined,
): Promise<string> {
  const known = (await lookUp(session, engine.db, kind, [name])).get(name);
  if (known === undefined) throw await notFound(engine, session, kind, name);
  if (narrowed && !(await isWithin({ engine, session }, kind, known.id, narrowed)))
    throw await notFound(engine, session, kind, name);
  return known.id;
}

async function isWithin(
  { engine, session }: Reading,
  kind: Kind,
  id: string,
  { field, value }: Narrowed,
): Promise<boolean> {
  const table = tableOf(engine.db, kind);
  const rows = await session.all(
    `within ${kind.name}.${field}`,
    (on) =>
      on
        .select({ id: table.id as Column })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')} and ${table[field]} = ${sql.placeholder('value')}`),
    { id, value },
  );
  return rows.length > 0;
}

const versionFields = ['version', 'seq', 'at', 'op', 'actor', 'reason', 'changed_fields'] as const;

async function versionsBefore(
  { engine, session }: Reading,
  id: string,
  before: number,
  most: number,
): Promise<Version[]> {
  const { changes } = engine.db.tables;
  return session.all<Version>(
    'versions',
    (on) =>
      on
        .select(Object.fromEntries(versionFields.map((name) => [name, changes[name] as Column])))
        .from(changes)
        .where(
          sql`${changes.record_id} = ${sql.placeholder('id')} and ${changes.version} < ${sql.placeholder('before')}`,
        )
        .orderBy(sql`${changes.version} desc`)
        .limit(sql.placeholder('most')),
    { id, before, most },
  );
}

/** A change with the record it left. */
export type WholeChange = Row & Pick<PublicChange, 'seq' | 'op' | 'at'> & { readonly content: PublicRecord };

/** The change that made a version of a record. */
export async function changeTo(
  { engine, session }: Reading,
  id: string,
  version: number,
): Promise<WholeChange | undefined> {
  const { changes } = engine.db.tables;
  const names = ['seq', 'op', 'at', 'content'] as const;
  const rows = await session.all<WholeChange>(
    'change to version',
    (on) =>
      on
        .select(Object.fromEntries(names.map((name) => [name, changes[name] as Column])))
        .from(changes)
        .where(
          sql`${changes.record_id} = ${sql.placeholder('id')} and ${changes.version} = ${sql.placeholder('version')}`,
        ),
    { id, version },
  );
  return rows[0];
}

async function noVersion(reading: Reading, kind: Kind, id: string, version: number): Promise<Problem> {
  const [newest] = await versionsBefore(reading, id, Number.MAX_SAFE_INTEGER, 1);
  const noun = kind.name.replaceAll('_', ' ');
  const known = newest?.version === 1 ? 'only version 1' : `versions 1 to ${newest?.version}`;
  return new Problem('not-found', `This ${noun} has no version ${version}; it has ${known}.`);
}
