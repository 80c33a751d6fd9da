/** One snapshot, made on a thread of its own; what comes of it is told to whoever started the thread. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Limits } from '../../db/open.ts';
import { makeSnapshot } from './snapshot.ts';

export interface Job {
  readonly url: string;
  readonly limits: Limits;
  readonly dir: string;
  readonly keep: number;
  readonly claim: string;
}

/** What came of it. */
export type Told = { readonly name: string; readonly revision: number } | { readonly fault: string };

async function run({ url, limits, ...options }: Job): Promise<Told> {
  try {
    const { name, revision } = await makeSnapshot(url, limits, { ...options, now: () => new Date() });
    return { name, revision };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

parentPort?.postMessage(await run(workerData as Job));
