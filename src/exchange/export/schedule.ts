/** Snapshots at intervals: made on a thread of their own, so that requests are answered meanwhile as ever. */
import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Limits } from '../../db/open.ts';
import type { Engine } from '../../engine/engine.ts';
import { revisionOf } from '../../engine/list.ts';
import { inTurn } from '../../engine/turns.ts';
import { programOf } from '../../loading.js';
import { VERSION } from '../../version.ts';
import { partialOf, readSnapshot, snapshotsIn } from './folder.ts';
import type { Job, Told } from './job.ts';

/** How often it is looked whether one is due, in milliseconds. */
const LOOK = 60_000;

/** Name of the mark that says which process makes one, or made the last. */
export const SNAPSHOT_MARK = 'snapshot';

export interface Schedule {
  readonly url: string;
  readonly limits: Limits;
  readonly dir: string;
  readonly keep: number;
  /** Milliseconds. */
  readonly every: number;
  readonly look?: number;
}

/** Hears what becomes of snapshots. */
export interface Hearing {
  readonly made: (name: string) => void;
  readonly failed: (error: unknown) => void;
}

type Keeping = Pick<Engine, 'db' | 'now'>;

/** Makes snapshots when they are due, now and from then on; returns what ends it, and a snapshot that is being made. */
export function keepExporting(engine: Keeping, schedule: Schedule, hearing: Hearing): () => Promise<void> {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const look = () => {
    running ??= makeDue(engine, schedule, stopping.signal)
      .then((name) => name !== undefined && hearing.made(name))
      .catch((error) => {
        if (!stopping.signal.aborted) hearing.failed(error);
      })
      .then(() => {
        running = undefined;
      });
  };
  look();
  const timer = setInterval(look, schedule.look ?? LOOK);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}

/** Makes a snapshot where one is due and nobody else does; returns its name, or undefined where none was made. */
export async function makeDue(
  engine: Keeping,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  return inTurn(engine, { name: SNAPSHOT_MARK, every: schedule.every }, async (claim, done) => {
    const last = await unchanged(engine, schedule.dir);
    if (last !== undefined) {
      done(last);
      return undefined;
    }
    const made = await onThread({ ...schedule, claim }, signal);
    done(made.revision);
    return made.name;
  });
}

/** The revision of the last snapshot, where nothing has changed since, neither the records nor the software. */
async function unchanged(engine: Keeping, dir: string): Promise<number | undefined> {
  const [name] = snapshotsIn(dir);
  const last = name === undefined ? undefined : readSnapshot(dir, name);
  if (last === undefined || last.software !== VERSION) return undefined;
  const revision = await engine.db.read((session) => revisionOf(session, engine));
  return last.revision === revision ? revision : undefined;
}

async function onThread(job: Job, signal: AbortSignal): Promise<{ name: string; revision: number }> {
  const { url, limits, dir, keep, claim } = job;
  const worker = new Worker(programOf('exchange/export/job.ts'), {
    workerData: { url, limits, dir, keep, claim } satisfies Job,
  });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', (told: Told) =>
        'fault' in told ? reject(new Error(told.fault)) : resolve(told),
      );
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the snapshot was stopped')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
    // A thread that was stopped could not tidy up after itself.
    rmSync(partialOf(dir, claim), { recursive: true, force: true });
  }
}
