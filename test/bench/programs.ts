/** The programs that are measured: started on one database, kept busy by one process of load, ended together. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job, Outcome } from './load.ts';
import {
  computed,
  end,
  familyOf,
  freePort,
  residentOf,
  startOn,
  untilIdle,
  untilReady,
} from './processes.ts';

export interface Server {
  readonly port: number;
  readonly child: ChildProcess;
  /** Milliseconds from start to ready, and MB of memory when idle then. */
  readonly started: { readonly ready: number; readonly resident: number };
}

/** What came of one run, with the CPU time it took. */
export interface Run extends Outcome {
  /** Microseconds of computing by the server, and what it asks, for each request. */
  readonly cpu: number;
}

/** Settings of the service under load: every feature on, allowances too large to be met, no line for each request. */
const SETTINGS = { SEED: 'false', LOG_LEVEL: 'warn', RATE_LIMIT: '100000000/60' };

/** Starts the service on a database, with further settings; on any processor where it is several processes. */
export async function startService(
  url: string,
  settings: Readonly<Record<string, string>>,
  role: 'server' | 'any' = 'server',
): Promise<Server> {
  const port = await freePort();
  const child = startOn(role, ['src/server.js'], {
    ...SETTINGS,
    DATABASE_URL: url,
    PORT: String(port),
    ...settings,
  });
  const ready = await untilReady(child, `http://127.0.0.1:${port}/health/ready`);
  await pause(1000);
  return { port, child, started: { ready, resident: residentOf(child.pid as number) } };
}

/** Starts the limits on a database; what they write goes into a folder. */
export async function startLimits(url: string, folder: string): Promise<Server> {
  const port = await freePort();
  const child = startOn('server', [
    'test/bench/limits/server.ts',
    url,
    String(port),
    join(folder, 'words.db'),
  ]);
  const ready = await untilReady(child, `http://127.0.0.1:${port}/ready`);
  return { port, child, started: { ready, resident: residentOf(child.pid as number) } };
}

/** The process that asks. */
export class Loader {
  readonly #child: ChildProcess;
  readonly #servers: readonly ChildProcess[];
  /** Processes beside the servers that compute for them, such as those of a database server. */
  readonly #others: () => readonly number[];

  constructor(
    servers: readonly ChildProcess[],
    others: () => readonly number[] = () => [],
    role: 'load' | 'any' = 'load',
  ) {
    this.#child = startOn(role, ['test/bench/load.ts']);
    this.#servers = servers;
    this.#others = others;
  }

  /** Runs a load once all servers are idle; throws what went wrong. */
  async run(server: Server, job: Job): Promise<Run> {
    const pids = () => [...this.#servers.map(({ pid }) => pid as number), ...this.#others()];
    await untilIdle(pids);
    const own = () => [...familyOf(server.child.pid as number), ...this.#others()];
    const before = computed(own());
    this.#child.send(job);
    const [answer] = (await once(this.#child, 'message')) as [Outcome | { readonly error: string }];
    if ('error' in answer) throw new Error(answer.error);
    return { ...answer, cpu: (computed(own()) - before) / Math.max(1, answer.answered) };
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}
