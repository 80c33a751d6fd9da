/** Restoring: the tracker in a backup put into the database of the settings, which loses nothing by it. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  companionsOf,
  fileOf,
  inspectFile,
  occupied,
  overwriteFile,
  readFile,
  type Seized,
  seizeFile,
  settleFile,
  upgradeFile,
} from '../db/maintenance.ts';
import { type Limits, openDatabase } from '../db/open.ts';
import { maskedUrl } from '../db/url.ts';
import { fillFile, isSame, publish } from './backup.ts';
import { copyDatabase, type Progress } from './copy.ts';
import { checksumFile, checksumIn, digestOf, keep, place, replace, withPartial } from './files.ts';

export interface Restored {
  readonly revision: number;
  readonly sha256: string;
  /** Whether the file was held against a checksum. */
  readonly checked: boolean;
  /** Migrations the backup had not had yet. */
  readonly migrated: readonly string[];
  /** File that holds what the database held before; null where it held nothing. */
  readonly kept: string | null;
  readonly rows: Readonly<Record<string, number>>;
}

export interface RestoreOptions {
  /** Whether what the database holds may be set aside. */
  readonly force?: boolean;
  /** SHA-256 the backup must have, beside the one in the file next to it. */
  readonly sha256?: string | undefined;
  readonly at: Date;
  readonly progress?: Progress;
}

type Options = Required<Pick<RestoreOptions, 'force' | 'at' | 'progress'>> & Pick<RestoreOptions, 'sha256'>;

/**
 * Puts the tracker in a backup into the database at an address. The backup itself is only read; all checks and
 * migrations are done on a copy of it. Throws, leaving the database as it was, when the backup is damaged or not
 * what its checksum was made for, when the database is in use, or when it holds anything and `force` is not given.
 * What it held is kept in a file, whose name is returned.
 */
export async function restore(
  url: string,
  limits: Limits,
  file: string,
  options: RestoreOptions,
): Promise<Restored> {
  const { force = false, progress = () => undefined } = options;
  const given = { ...options, force, progress };
  refuseUnusable(file);
  const target = fileOf(url);
  if (isSame(file, target)) throw new Error(`${file} is the database itself`);
  if (target !== undefined) return restoreFile(target, file, given);
  return restoreServer(url, limits, file, given);
}

function refuseUnusable(file: string): void {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  if (!statSync(file).isFile()) throw new Error(`${file} is not a file`);
  const [beside] = companionsOf(file).filter((name) => statSync(name).size > 0 && !name.endsWith('-shm'));
  if (beside) throw new Error(`${beside} is there: ${file} is a database in use, not a backup`);
}

interface Prepared extends Pick<Restored, 'sha256' | 'checked' | 'migrated' | 'revision' | 'rows'> {}

/** Copies a backup into an empty file, holds it against its checksums, looks it over whole and migrates it. */
async function prepare(
  file: string,
  partial: string,
  { sha256: wanted, progress }: Options,
): Promise<Prepared> {
  const { size } = statSync(file);
  copyFileSync(file, partial);
  chmodSync(partial, 0o600);
  const sha256 = await digestOf(partial, (done) => progress(done, 2 * size));
  const beside = checksumFile(file);
  const stated = existsSync(beside) ? checksumIn(readFileSync(beside, 'utf8')) : undefined;
  if (existsSync(beside) && stated === undefined) throw new Error(`${beside} holds no SHA-256`);
  for (const [where, expected] of [
    [beside, stated],
    ['--sha256', wanted?.toLowerCase()],
  ] as const) {
    if (expected !== undefined && expected !== sha256)
      throw new Error(
        `${file} is damaged, or another file: its SHA-256 is ${sha256}, and ${where} says ${expected}`,
      );
  }
  const { revision, rows } = about(file, () => inspectFile(partial));
  const migrated = about(file, () => upgradeFile(partial));
  settleFile(partial);
  progress(2 * size, 2 * size);
  return { sha256, checked: (stated ?? wanted) !== undefined, migrated, revision, rows };
}

/** Errors about the copy are told of the file it was made of. */
function about<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${file} ${/^(is|cannot)\b/.test(message) ? message : `cannot be restored: ${message}`}`);
  }
}

/** On a file, what it holds is replaced in one transaction, so that nobody is left with a file that has lost its name. */
async function restoreFile(target: string, file: string, options: Options): Promise<Restored> {
  mkdirSync(dirname(target), { recursive: true });
  const seized = of(target, () => seizeFile(target));
  try {
    if (seized.holds !== 'nothing' && !options.force) throw new Error(filled(target, seized));
    return await withPartial(target, async (partial) => {
      const { progress } = options;
      const half = (done: number, total: number) => progress(done, 2 * total);
      const prepared = await prepare(file, partial, { ...options, progress: half });
      const kept = seized.holds === 'nothing' ? null : keptName(target, options.at);
      if (kept && typeof seized.holds === 'object') await keepCopy(target, kept);
      seized.release();
      if (kept && seized.holds === 'unreadable') {
        inheritOwner(target, partial);
        setAside(target, kept);
        replace(partial, target);
      } else if (existsSync(target)) {
        const rest = (done: number, total: number) => progress(total + done, 2 * total);
        await of(target, () => overwriteFile(partial, target, rest));
      } else place(partial, target);
      progress(1, 1);
      return { ...prepared, kept };
    });
  } finally {
    seized.release();
  }
}

/** A database that nobody else can change is copied byte for byte, so that even a damaged one is kept. */
function keepCopy(target: string, kept: string): Promise<void> {
  return withPartial(kept, async (partial) => {
    copyFileSync(target, partial);
    inheritOwner(target, partial);
    place(partial, kept);
  });
}

/** Errors about the database are told of it by name. */
function of<T>(target: string, work: () => T): T {
  const say = (error: unknown): never => {
    throw new Error(`the database ${target} ${(error as Error).message}`);
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(say) as T) : result;
  } catch (error) {
    return say(error);
  }
}

function filled(target: string, { holds }: Seized): string {
  const what =
    typeof holds === 'object' ? `is not empty (${holds.table} has rows)` : 'is there, though unreadable';
  return `${target} ${what}: with --force it is kept beside, and the backup takes its place`;
}

/** Name for what a database held before, with the instant in it. */
function keptName(file: string, at: Date): string {
  const instant = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const name = `${file}.before-restore-${instant}`;
  for (let n = 1; ; n += 1) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(free)) return free;
  }
}

/** Whoever could read and write the old file can read and write the new one. */
function inheritOwner(target: string, partial: string): void {
  const { mode, uid, gid } = statSync(target);
  chmodSync(partial, mode & 0o777);
  const own = statSync(partial);
  if (own.uid !== uid || own.gid !== gid) chownSync(partial, uid, gid);
}

/** Gives what cannot be read as a database a second name; what lies beside it goes along, as it would spoil the new one. */
function setAside(target: string, kept: string): void {
  keep(target, kept);
  for (const companion of companionsOf(target)) renameSync(companion, kept + companion.slice(target.length));
}

/** On a server the rows are replaced in one transaction, and what was there is kept as a backup beside the file. */
async function restoreServer(url: string, limits: Limits, file: string, options: Options): Promise<Restored> {
  const { inUse, table } = await occupied(url, limits);
  const name = `the database ${maskedUrl(url)}`;
  if (inUse) throw new Error(`${name} is in use by another process: stop the service first`);
  const kept = table === undefined ? null : keptName(file, options.at);
  if (kept && !options.force)
    throw new Error(
      `${name} is not empty (${table} has rows): with --force what it holds is kept as ${basename(kept)}, and the backup takes its place`,
    );
  return withPartial(`${file}.restoring`, async (partial) => {
    const prepared = await prepare(file, partial, { ...options, progress: () => undefined });
    const from = readFile(partial, limits);
    const to = await openDatabase(url, limits).catch(async (error: unknown) => {
      await from.close();
      throw error;
    });
    try {
      if (kept === null) await copyDatabase(from, to, options.progress);
      else
        await withPartial(kept, (old) =>
          copyDatabase(from, to, options.progress, async (session) => {
            const holding = {
              tables: to.tables,
              read: <T>(work: (on: typeof session) => Promise<T>) => work(session),
            };
            await fillFile(old, limits, (into) => copyDatabase(holding, into));
            inspectFile(old);
            publish(old, kept, await digestOf(old), false);
          }),
        );
    } finally {
      await from.close();
      await to.close();
    }
    return { ...prepared, kept };
  });
}
