import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import { DatabaseFailure } from './failure.ts';
import { addressOf, maskedUrl, URL_FORM } from './url.ts';
import type { WriteTurns } from './write-turns.ts';

/** Folder of the migrations of an engine. */
export const migrationsOf = (engine: 'sqlite' | 'postgres') =>
  fileURLToPath(new URL(`../../migrations/${engine}`, import.meta.url));

/** How far a database may be leant on; times in milliseconds. */
export interface Limits {
  /** Connections at most, where the database is a server. */
  readonly connections: number;
  /** How long to wait for a connection, or for another process's lock. */
  readonly wait: number;
  /** How long one statement may run, where the database is a server. */
  readonly statement: number;
  /** Writes that share a transaction at most; 1 gives each its own. */
  readonly group?: number;
  /** Where the processes of a machine take turns to write to a database that is a file. */
  readonly turns?: WriteTurns;
}

export const LIMITS: Limits = { connections: 10, wait: 5000, statement: 30_000 };

/** Copies of a database on other servers, which may answer reads. */
export interface ReplicaSettings {
  /** Addresses of servers. */
  readonly urls: readonly string[];
  /** How far behind one may be and still answer, in milliseconds. */
  readonly lag: number;
}

/**
 * Opens the database an address names, migrating it first. Rejects when it cannot be reached or used; replicas, which
 * only a server has, need not be there.
 */
export async function openDatabase(
  url: string,
  limits: Limits = LIMITS,
  replicas: ReplicaSettings = { urls: [], lag: 0 },
): Promise<Database> {
  const address = addressOf(url);
  if (address === undefined)
    throw new Error(`'${maskedUrl(url)}' is not the address of a database: it must be ${URL_FORM}`);
  const migrations = migrationsOf(address.engine);
  try {
    // Each engine brings a driver, of which a process needs one.
    if (address.engine === 'sqlite') {
      const { openSqlite } = await import('./sqlite/open.ts');
      return openSqlite(address.file, migrations, limits);
    }
    if (replicas.urls.length > 0) {
      const { openRouted } = await import('./postgres/routing.ts');
      return await openRouted(address.url, migrations, limits, replicas);
    }
    const { openPostgres } = await import('./postgres/open.ts');
    return await openPostgres(address.url, migrations, limits);
  } catch (error) {
    const why = error instanceof DatabaseFailure ? (error.cause as Error) : (error as Error);
    throw new Error(`the database ${maskedUrl(url)} cannot be used: ${why.message}`, { cause: error });
  }
}

/** An empty database in a folder of its own, removed when it is closed. */
export async function openTemporary(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'civic-'));
  const db = await openDatabase(`sqlite:${join(folder, 'civic.db')}`);
  const close = async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  };
  return { ...db, close };
}
