/** Writing a database out as one file, and making one file of a database again. */
import { statSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { migrate } from './migrate.ts';

/** How often the size of what is written is looked at, in milliseconds. */
const LOOK = 100;

interface Job {
  readonly from: string;
  readonly into: string;
  readonly wait: number;
}

/**
 * Writes one snapshot of a database into an empty file, as it is while others go on writing to it. `progress` gets
 * the bytes written so far and those there will be, about.
 */
export async function snapshot(job: Job, progress: (done: number, total: number) => void): Promise<void> {
  const total = statSync(job.from).size;
  // A statement cannot say how far it is, and this one would hold up everything else for as long as it takes.
  const worker = new Worker(new URL(import.meta.url), { workerData: job });
  const look = setInterval(() => progress(Math.min(statSync(job.into).size, total), total), LOOK);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', (fault: string | null) => (fault ? reject(new Error(fault)) : resolve()));
      worker.once('error', reject);
    });
  } finally {
    clearInterval(look);
    await worker.terminate();
  }
}

function vacuum({ from, into, wait }: Job): string | null {
  // Opened for writing, so that it leaves nothing beside a database that nobody else has open.
  const raw = new Sqlite(from, { fileMustExist: true, timeout: wait });
  try {
    raw.prepare('VACUUM INTO ?').run(into);
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    raw.close();
  }
}

if (!isMainThread && parentPort && workerData?.into) parentPort.postMessage(vacuum(workerData as Job));

/** Makes one file of a database that nobody has open, with nothing beside it. */
export function settle(file: string): void {
  const raw = new Sqlite(file, { fileMustExist: true, timeout: 0 });
  try {
    raw.pragma('journal_mode = DELETE');
  } finally {
    raw.close();
  }
}

/** Brings a file that nobody has open up to the newest migration; returns the names of those it ran. */
export function migrateFile(file: string, folder: string): string[] {
  const raw = new Sqlite(file, { fileMustExist: true, timeout: 0 });
  try {
    return migrate(raw, folder);
  } finally {
    raw.close();
  }
}

/**
 * Puts what one file holds in the place of what another holds, in one transaction: a process that is ended in the
 * middle leaves what was there, and one that waits for the other file finds it whole. Throws when it is in use.
 */
export async function overwrite(
  from: string,
  onto: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const raw = new Sqlite(from, { readonly: true, fileMustExist: true });
  try {
    const { totalPages } = await raw.backup(onto, {
      progress: ({ totalPages: total, remainingPages: left }) => {
        progress(total - left, total);
        return PAGES;
      },
    });
    // A file that somebody else holds is not a failure to this call: it ends with nothing done.
    if (totalPages === 0) throw new Error('is in use by another process: stop the service first');
  } finally {
    raw.close();
  }
}

/** Pages written in one go. */
const PAGES = 1000;
