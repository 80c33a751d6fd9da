/** Backups: a whole tracker as one file, a database that can be checked, opened, and served from as it is. */
import { existsSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type Contents,
  companionsOf,
  fileOf,
  inspectFile,
  openCurrent,
  openFile,
  openToRead,
  settleFile,
  snapshotFile,
} from '../db/maintenance.ts';
import type { Limits } from '../db/open.ts';
import { setMark } from '../engine/marks.ts';
import { copyDatabase, type Progress } from './copy.ts';
import { checksumFile, checksumLine, digestOf, place, replace, withPartial } from './files.ts';

export interface Backup extends Contents {
  readonly file: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
}

export interface BackupOptions {
  /** Whether a file of that name may be replaced. */
  readonly force?: boolean;
  readonly progress?: Progress;
}

/**
 * Writes the tracker at an address into a file, as it is at one moment while others go on writing, and its checksum
 * beside it. The file is looked over whole before it gets its name. Throws, leaving nothing new behind, when there
 * is a file of that name, or when what was written is not sound.
 */
export async function backUp(
  url: string,
  limits: Limits,
  file: string,
  { force = false, progress = () => undefined }: BackupOptions = {},
): Promise<Backup> {
  refuseTaken(url, file, force);
  return withPartial(file, async (partial) => {
    await writeCopy(url, limits, partial, (done, total) => progress(done, 2 * total));
    const contents = looked(partial);
    const { bytes } = contents;
    const sha256 = await digestOf(partial, (done) => progress(bytes + done, 2 * bytes));
    publish(partial, file, sha256, force);
    return { file, sha256, ...contents };
  });
}

function looked(partial: string): Contents {
  try {
    return inspectFile(partial);
  } catch (error) {
    throw new Error(`no backup was made, as what was read ${(error as Error).message}: run civic check`);
  }
}

function refuseTaken(url: string, file: string, force: boolean): void {
  if (!existsSync(dirname(resolve(file)))) throw new Error(`there is no folder ${dirname(file)}`);
  const [beside] = companionsOf(file);
  if (beside) throw new Error(`${beside} is there: ${file} is a database in use, or was not closed properly`);
  if (!existsSync(file)) return;
  if (isSame(file, fileOf(url))) throw new Error(`${file} is the database itself`);
  if (!statSync(file).isFile()) throw new Error(`${file} is not a file`);
  if (!force) throw new Error(`${file} is there already: give another name, or --force to replace it`);
}

/** Whether two names lead to one file. */
export function isSame(file: string, other: string | undefined): boolean {
  return (
    other !== undefined && existsSync(other) && existsSync(file) && realpathSync(file) === realpathSync(other)
  );
}

/** Writes the tracker into an empty file: a snapshot of a file, or all rows of one snapshot of a server. */
export async function writeCopy(
  url: string,
  limits: Limits,
  into: string,
  progress: Progress,
): Promise<void> {
  const from = fileOf(url);
  if (from !== undefined) return snapshotFile(from, into, limits, progress);
  const source = await openToRead(url, limits);
  try {
    await fillFile(into, limits, (to) => copyDatabase(source, to, progress));
  } finally {
    await source.close();
  }
}

/** Fills an empty file with what the work puts into the database it becomes. */
export async function fillFile(
  file: string,
  limits: Limits,
  work: (to: ReturnType<typeof openFile>) => Promise<unknown>,
): Promise<void> {
  const to = openFile(file, limits);
  try {
    await work(to);
  } finally {
    await to.close();
  }
  settleFile(file);
}

/** Gives a backup its name and its checksum; one without a checksum may be left when the program is ended in between, never one with a wrong one. */
export function publish(partial: string, file: string, sha256: string, force: boolean): void {
  rmSync(checksumFile(file), { force: true });
  if (force) replace(partial, file);
  else {
    try {
      place(partial, file);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      throw new Error(`${file} was made by someone else meanwhile: it was left as it is`);
    }
  }
  const line = `${partial}.sha256`;
  writeFileSync(line, checksumLine(sha256, file), { mode: 0o600 });
  replace(line, checksumFile(file));
}

/** Name under which the service remembers its last backup. */
export const LAST_BACKUP = 'last_backup';

/** Has the tracker remember when it was last backed up, and at which revision; where it is not of this version it cannot. */
export async function rememberBackup(
  url: string,
  limits: Limits,
  { revision, bytes, sha256 }: Backup,
  at: Date,
): Promise<void> {
  const db = await openCurrent(url, limits);
  try {
    await db.write((session) =>
      setMark({ db, now: () => at }, session, LAST_BACKUP, { revision, bytes, sha256 }),
    );
  } finally {
    await db.close();
  }
}
