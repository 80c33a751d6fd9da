/** API keys: shown once when made, kept only as a hash, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v7 } from 'uuid';
import type { Column } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { isId } from '../engine/references.ts';

/** What a key may do; each includes the one before. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** The scopes a key of this scope carries. */
export function scopesUpTo(scope: Scope): Scope[] {
  return scopes.slice(0, scopes.indexOf(scope) + 1);
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** Makes a key; `key` in the answer is the only time its secret is seen. `expiresAt` is an instant, or null for never. */
export async function createKey(
  db: Database,
  now: Date,
  wanted: { name: string; scope: Scope; expiresAt: string | null },
): Promise<ApiKey & { key: string }> {
  const prefix = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const row = {
    id: v7(),
    name: wanted.name,
    prefix,
    secret_sha256: digestOf(secret),
    scopes: scopesUpTo(wanted.scope),
    created_at: now.toISOString(),
    expires_at: wanted.expiresAt,
    revoked_at: null,
    last_used_at: null,
  };
  const values = Object.fromEntries(Object.keys(row).map((name) => [name, sql.placeholder(name)])) as never;
  await db.write((session) =>
    session.run('insert key', (on) => on.insert(db.tables.apiKeys).values(values), row),
  );
  return { id: row.id, name: row.name, scopes: row.scopes, key: `civic_${prefix}_${secret}` };
}

export interface KeyRow extends ApiKey {
  readonly prefix: string;
  readonly secret_sha256: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

function keyColumns({ tables: { apiKeys } }: Database): Record<keyof KeyRow, Column> {
  const names = [
    'id',
    'name',
    'prefix',
    'secret_sha256',
    'scopes',
    'created_at',
    'expires_at',
    'revoked_at',
  ] as const;
  return Object.fromEntries(names.map((name) => [name, apiKeys[name]])) as Record<keyof KeyRow, Column>;
}

/** The valid key a text is, or undefined: unknown, wrong, revoked and expired ones alike. */
export async function findKey(db: Database, now: Date, text: string): Promise<ApiKey | undefined> {
  const [, prefix = '', secret = ''] = /^civic_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  const { apiKeys } = db.tables;
  const rows = await db.read((session) =>
    session.all<KeyRow>(
      'key',
      (on) =>
        on
          .select(keyColumns(db))
          .from(apiKeys)
          .where(sql`${apiKeys.prefix} = ${sql.placeholder('prefix')}`),
      { prefix },
    ),
  );
  const [row] = rows;
  // An unknown prefix is compared too, so that it takes as long as a wrong secret.
  const expected = row?.secret_sha256 ?? digestOf('');
  const same = timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(expected));
  const expired = row?.expires_at != null && row.expires_at <= now.toISOString();
  if (row === undefined || !same || expired || row.revoked_at !== null) return undefined;
  return { id: row.id, name: row.name, scopes: row.scopes };
}

/** All keys, without their secrets' hashes, oldest first. */
export async function listKeys(db: Database): Promise<Omit<KeyRow, 'secret_sha256'>[]> {
  const { secret_sha256: _, ...shown } = keyColumns(db);
  return db.read((session) =>
    session.all('keys', (on) =>
      on
        .select(shown)
        .from(db.tables.apiKeys)
        .orderBy(db.tables.apiKeys.id as Column),
    ),
  );
}

/** Revokes a key by id or prefix; false when there is no such key, or it was revoked before. */
export async function revokeKey(db: Database, now: Date, name: string): Promise<boolean> {
  const { apiKeys } = db.tables;
  const rows = await db.write((session) =>
    session.all(
      `revoke key ${isId(name)}`,
      (on) =>
        on
          .update(apiKeys)
          .set({ revoked_at: sql.placeholder('now') } as never)
          .where(
            sql`${isId(name) ? apiKeys.id : apiKeys.prefix} = ${sql.placeholder('name')} and ${apiKeys.revoked_at} is null`,
          )
          .returning({ id: apiKeys.id as Column }),
      { name, now: now.toISOString() },
    ),
  );
  return rows.length > 0;
}
