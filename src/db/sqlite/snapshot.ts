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
