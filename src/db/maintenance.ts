/** What is done to whole databases: reading one that must not change, backups, putting one in the place of another. */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from './database.ts';
import { pendingMigrations, readMigrations } from './migrations.ts';
import { type Limits, migrationsOf } from './open.ts';
import * as server from './postgres/inspect.ts';
import { openPostgres } from './postgres/open.ts';
import * as files from './sqlite/inspect.ts';
import { openSqlite } from './sqlite/open.ts';
import { openReadOnly } from './sqlite/read-only.ts';
import { COMPANIONS, type Seized, seize } from './sqlite/seize.ts';
import { migrateFile, overwrite, settle, snapshot } from './sqlite/snapshot.ts';
import { type Openness, strip } from './sqlite/strip.ts';
import { type Address, addressOf, maskedUrl, URL_FORM } from './url.ts';

/** A database that is only read. */
export type Readable = Pick<Database, 'tables' | 'dialect' | 'read' | 'close'>;

/** What a database file holds. */
export interface Contents {
  /** Number of its last change. */
  readonly revision: number;
  /** Names of the migrations it has had, in order. */
  readonly migrations: readonly string[];
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
}

function addressed(url: string): Address {
  const address = addressOf(url);
  if (address) return address;
  throw new Error(`'${maskedUrl(url)}' is not the address of a database: it must be ${URL_FORM}`);
}

/** The file that holds a database, or undefined where it is on a server. */
export function fileOf(url: string): string | undefined {
  const address = addressed(url);
  return address.engine === 'sqlite' ? address.file : undefined;
}

/** Refuses a database that is not there, or not of this version: neither is changed by looking. */
async function refuseOther(url: string, limits: Limits): Promise<Address> {
  const address = addressed(url);
  const fault =
    address.engine === 'sqlite'
      ? fileVersionFault(address.file)
      : await server.versionFault(address.url, migrationsOf('postgres'), limits.wait);
  if (fault === undefined) return address;
  const advice = fault.endsWith('older version') ? ': run civic migrate first' : '';
  throw new Error(`the database ${maskedUrl(url)} ${fault}${advice}`);
}

function fileVersionFault(file: string): string | undefined {
  if (!existsSync(file)) return 'is not there';
  const done = files.migrationsDone(file);
  if (done === undefined) return 'holds no tracker';
  return pendingMigrations(readMigrations(migrationsOf('sqlite')), done).length > 0
    ? 'is of an older version'
    : undefined;
}

/** Opens a database of this version for reading only; nothing about it changes. Rejects where it is not there. */
export async function openToRead(url: string, limits: Limits): Promise<Readable> {
  const address = await refuseOther(url, limits);
  return address.engine === 'sqlite'
    ? openReadOnly(address.file, limits.wait)
    : openPostgres(address.url, undefined, limits);
}

/** Opens a database of this version, without migrating it; rejects where it is not there. */
export async function openCurrent(url: string, limits: Limits): Promise<Database> {
  const address = await refuseOther(url, limits);
  return address.engine === 'sqlite'
    ? openSqlite(address.file, undefined, limits)
    : openPostgres(address.url, undefined, limits);
}

/** What the engine's own checks find wrong with a database, a line each. */
export async function integrityFaults(url: string, limits: Limits): Promise<string[]> {
  const address = addressed(url);
  if (address.engine === 'sqlite' && !existsSync(address.file))
    throw new Error(`the database ${maskedUrl(url)} is not there`);
  return address.engine === 'sqlite'
    ? files.integrityFaults(address.file, limits.wait)
    : server.integrityFaults(address.url, limits.wait);
}

/** Checks a whole database file and says what it holds; throws with what is wrong, in words that follow its name. */
export function inspectFile(file: string): Contents {
  const found = files.inspect(file);
  if ('fault' in found) throw new Error(found.fault);
  return found;
}

/** Writes one snapshot of a database file into another, which is there and empty, while others go on writing. */
export function snapshotFile(
  from: string,
  into: string,
  limits: Limits,
  progress: (done: number, total: number) => void,
): Promise<void> {
  if (!existsSync(from)) throw new Error(`there is no database ${from}`);
  return snapshot({ from, into, wait: limits.wait }, progress);
}

/** Opens a database file, migrating it first; to be closed, and then settled. */
export function openFile(file: string, limits: Limits): Database {
  return openSqlite(file, migrationsOf('sqlite'), limits);
}

/** Opens a database file of this version for reading. */
export function readFile(file: string, limits: Limits): Readable {
  return openReadOnly(file, limits.wait);
}

/** Makes one file of a database that nobody has open, with nothing beside it. */
export const settleFile = settle;

export type { Openness };

/** Takes out of a database file that nobody has open what is not for everyone. */
export const stripFile = strip;

/** Brings a file that nobody has open up to this version; throws when it is of a newer one. */
export function upgradeFile(file: string): string[] {
  return migrateFile(file, migrationsOf('sqlite'));
}

/** Puts what one file holds in the place of what another holds, all of it or nothing, and looks it over; throws when it is in use. */
export async function overwriteFile(
  from: string,
  onto: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const wanted = inspectFile(from);
  await overwrite(from, onto, progress);
  const { bytes: _, ...found } = inspectFile(onto);
  const { bytes: __, ...expected } = wanted;
  if (!isDeepStrictEqual(found, expected)) throw new Error('was changed by another process: restore again');
}

export type { Seized };

/** Takes a database file out of use; throws when another process has it open. */
export const seizeFile = seize;

/** Names of the files that an unclean end leaves beside a database's own; they belong to that one alone. */
export function companionsOf(file: string): string[] {
  return COMPANIONS.map((suffix) => `${file}${suffix}`).filter((name) => existsSync(name));
}

/** What stands in the way of filling a server's database: the service on it, or a table with rows. */
export async function occupied(url: string, limits: Limits): Promise<{ inUse: boolean; table?: string }> {
  const inUse = await server.inUse(url, limits.wait);
  const table = await server.filledTable(url, limits.wait);
  return { inUse, ...(table ? { table } : {}) };
}
