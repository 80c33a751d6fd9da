import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import { openSqlite } from './sqlite/open.ts';

const migrationsOf = (dialect: string) =>
  fileURLToPath(new URL(`../../migrations/${dialect}`, import.meta.url));

/** Opens the database a `DATABASE_URL` names, migrating it first; `sqlite:PATH` so far. Throws when it cannot be used. */
export function openDatabase(url: string): Database {
  const file = sqliteFile(url);
  if (file === undefined) throw new Error('only sqlite: addresses can be opened');
  try {
    return openSqlite(file, migrationsOf('sqlite'));
  } catch (error) {
    throw new Error(`DATABASE_URL names ${file}, which cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The path in a `sqlite:` address, or undefined for another. */
export function sqliteFile(url: string): string | undefined {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : '';
  return path || undefined;
}
