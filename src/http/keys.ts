/** API keys: shown once when made, kept only as a hash, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v7 } from 'uuid';
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { survivorsOf } from '../engine/redirects.ts';
import { isId, lookUp, nearestSlug } from '../engine/references.ts';
import { kindNamed } from '../model/kinds.ts';

/** What a key may do; each includes the one before. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Ids of the jurisdictions whose records it may change, and no others; null for all. */
  readonly jurisdictionIds: readonly string[] | null;
  /** Most records it may write in a day (UTC); null for no limit. */
  readonly dailyWrites: number | null;
}

/** A key as it is kept. */
export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly secret_sha256: string;
  readonly scopes: readonly Scope[];
  readonly jurisdiction_ids: readonly string[] | null;
  readonly daily_writes: number | null;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

/** The scopes a key of this scope carries. */
export function scopesUpTo(scope: Scope): Scope[] {
  return scopes.slice(0, scopes.indexOf(scope) + 1);
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

export interface WantedKey {
  readonly name: string;
  readonly scope: Scope;
  /** An instant, or null for never. */
  readonly expiresAt: string | null;
  readonly jurisdictionIds?: readonly string[] | null;
  readonly dailyWrites?: number | null;
}

/** Makes a key; `key` in the answer is the only time its secret is seen. */
export async function createKey(
  db: Database,
  now: Date,
  { name, scope, expiresAt, jurisdictionIds = null, dailyWrites = null }: WantedKey,
): Promise<ApiKey & { key: string }> {
  const prefix = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const row: KeyRow = {
    id: v7(),
    name,
    prefix,
    secret_sha256: digestOf(secret),
    scopes: scopesUpTo(scope),
    jurisdiction_ids: jurisdictionIds,
    daily_writes: dailyWrites,
    created_at: now.toISOString(),
    expires_at: expiresAt,
    revoked_at: null,
    last_used_at: null,
  };
  const values = Object.fromEntries(Object.keys(row).map((column) => [column, sql.placeholder(column)]));
  await db.write((session) =>
    session.run('insert key', (on) => on.insert(db.tables.apiKeys).values(values as never), { ...row }),
  );
  return { ...keyOf(row), key: `civic_${prefix}_${secret}` };
}

function keyOf({ id, name, scopes: held, jurisdiction_ids, daily_writes }: KeyRow): ApiKey {
  return { id, name, scopes: held, jurisdictionIds: jurisdiction_ids, dailyWrites: daily_writes };
}

/** The parts of a text that has the form of a key. */
export function partsOfKey(text: string): { prefix: string; secret: string } | undefined {
  const [, prefix, secret] = /^civic_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  return prefix && secret ? { prefix, secret } : undefined;
}

/** The kept key with a prefix, whatever its state. */
export async function readKey(db: Database, prefix: string): Promise<KeyRow | undefined> {
  const { apiKeys } = db.tables;
  return db.read(async (session) => {
    const [row] = await session.all<KeyRow>(
      'key',
      (on) =>
        on
          .select()
          .from(apiKeys)
          .where(sql`${apiKeys.prefix} = ${sql.placeholder('prefix')}`),
      { prefix },
    );
    return row && goingAlong(db, session, row);
  });
}

/** A key that is good as well for what its jurisdictions were merged into, as long as they are. */
async function goingAlong(db: Database, session: Session, row: KeyRow): Promise<KeyRow> {
  const { jurisdiction_ids: own } = row;
  if (own === null) return row;
  const survivors = await survivorsOf({ engine: { db }, session }, own);
  return { ...row, jurisdiction_ids: [...new Set([...own, ...survivors.values()])] };
}

/** A key as it stands within a transaction, by id; undefined where there is none. */
export async function readKeyById(
  db: Database,
  session: Session,
  id: string,
): Promise<(ApiKey & { readonly row: KeyRow }) | undefined> {
  const { apiKeys } = db.tables;
  const [row] = await session.all<KeyRow>(
    'key by id',
    (on) =>
      on
        .select()
        .from(apiKeys)
        .where(sql`${apiKeys.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return row && { ...keyOf(await goingAlong(db, session, row)), row };
}

/** The key that a secret opens at a moment, or undefined: unknown, wrong, revoked and expired ones alike. */
export function opened(row: KeyRow | undefined, secret: string, now: Date): ApiKey | undefined {
  // An unknown prefix is compared too, so that it takes as long as a wrong secret.
  const expected = row?.secret_sha256 ?? digestOf('');
  const same = timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(expected));
  return row && same && stateOf(row, now) === 'valid' ? keyOf(row) : undefined;
}

/** Whether a key works at a moment, or why it does not. */
export function stateOf(
  { revoked_at, expires_at }: Pick<KeyRow, 'revoked_at' | 'expires_at'>,
  now: Date,
): 'valid' | 'revoked' | 'expired' {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && expires_at <= now.toISOString() ? 'expired' : 'valid';
}

/** A key as it is listed: without the hash of its secret, its jurisdictions by slug. */
export interface ListedKey extends Omit<KeyRow, 'secret_sha256' | 'jurisdiction_ids'> {
  readonly jurisdictions: readonly string[] | null;
  readonly state: 'valid' | 'revoked' | 'expired';
}

/** All keys, oldest first, with their state at a moment. */
export async function listKeys(db: Database, now: Date): Promise<ListedKey[]> {
  return db.read(async (session) => {
    const { apiKeys } = db.tables;
    const rows = await session.all<KeyRow>('keys', (on) =>
      on
        .select()
        .from(apiKeys)
        .orderBy(apiKeys.id as Column),
    );
    const slugs = await slugsOf(session, db, [
      ...new Set(rows.flatMap(({ jurisdiction_ids }) => jurisdiction_ids ?? [])),
    ]);
    return rows.map(({ secret_sha256: _, jurisdiction_ids, ...row }) => ({
      ...row,
      jurisdictions: jurisdiction_ids?.map((id) => slugs.get(id) ?? id) ?? null,
      state: stateOf(row, now),
    }));
  });
}

async function slugsOf(
  session: Session,
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const table = db.tables.kinds.get('jurisdiction');
  if (table === undefined || ids.length === 0) return new Map();
  const rows = await session.all<{ id: string; slug: string }>(
    'slugs of jurisdictions',
    (on) =>
      on
        .select({ id: table.id as Column, slug: table.slug as Column })
        .from(table)
        .where(db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map(({ id, slug }) => [id, slug]));
}

/** Ids of the jurisdictions called by id or slug; throws for the first that is unknown or deleted. */
export async function jurisdictionIdsOf(db: Database, names: readonly string[]): Promise<string[]> {
  const kind = kindNamed('jurisdiction');
  return db.read(async (session) => {
    const known = await lookUp(session, db, kind, names);
    for (const name of names) {
      if (known.get(name)?.deleted) throw new Error(`the jurisdiction ${name} is deleted`);
      if (known.has(name)) continue;
      const near = await nearestSlug(session, db, kind, name);
      throw new Error(`there is no jurisdiction ${name}${near ? `; did you mean ${near}?` : ''}`);
    }
    return [...new Set(names.map((name) => known.get(name)?.id as string))];
  });
}

/** Revokes the key with an id or prefix; undefined when there is no such key, or it was revoked before. */
export async function revokeKey(
  db: Database,
  now: Date,
  name: string,
): Promise<Pick<KeyRow, 'id' | 'name' | 'prefix'> | undefined> {
  const { apiKeys } = db.tables;
  const called = name.toLowerCase();
  const rows = await db.write((session) =>
    session.all<Pick<KeyRow, 'id' | 'name' | 'prefix'>>(
      `revoke key ${isId(called)}`,
      (on) =>
        on
          .update(apiKeys)
          .set({ revoked_at: sql.placeholder('now') } as never)
          .where(
            sql`${isId(called) ? apiKeys.id : apiKeys.prefix} = ${sql.placeholder('called')} and ${apiKeys.revoked_at} is null`,
          )
          .returning({
            id: apiKeys.id as Column,
            name: apiKeys.name as Column,
            prefix: apiKeys.prefix as Column,
          }),
      { called, now: now.toISOString() },
    ),
  );
  return rows[0];
}
