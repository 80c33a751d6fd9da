/** The service as a process of its own that a drill can kill, and databases on either engine for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { administer } from '../databases.ts';
import { startPostgres, urlOf } from '../postgres.ts';

export interface Stage {
  readonly folder: string;
  /** Address of an empty database. */
  readonly url: string;
  /** Address of another one. */
  readonly another: () => Promise<string>;
  readonly end: () => Promise<void>;
}

/** A folder and empty databases on an engine, all removed at the end. */
export async function stage(engine: string): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'civic-drill-'));
  const server = engine === 'postgres' ? await startPostgres({ tended: true }) : undefined;
  let made = 0;
  const another = async () => {
    made += 1;
    if (server === undefined) return `sqlite:${join(folder, `civic-${made}.db`)}`;
    await administer(server.folder, `create database drill_${made}`);
    return urlOf(server.folder, `drill_${made}`);
  };
  const end = async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  };
  return { folder, url: await another(), another, end };
}

/** Migrates a database and makes a key that writes to it. */
export async function prepare(url: string): Promise<string> {
  const db = await openDatabase(url);
  const { key } = await createKey(db, new Date(), { name: 'drill', scope: 'write', expiresAt: null });
  await db.close();
  return key;
}

export interface Service {
  readonly url: string;
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process to the first answer that it is ready, and those its processor worked. */
  readonly ready: () => Promise<{ took: number; worked: number }>;
  /** Kills it without a warning, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts the service on a database, with more settings where they are given; it fills nothing, limits nobody, and is killed with this process. */
export async function launch(
  databaseUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SEED: 'false',
    LOG_LEVEL: 'error',
    RATE_LIMIT: 'off',
    ...more,
  };
  const start = performance.now();
  const child = spawn(process.execPath, ['src/server.js'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const gone = once(child, 'exit');
  const withUs = () => child.kill('SIGKILL');
  process.once('exit', withUs);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    child,
    async ready() {
      for (;;) {
        if (child.exitCode !== null) throw new Error(`the service ended with status ${child.exitCode}`);
        const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
        await answer?.arrayBuffer();
        if (answer?.status === 200) return { took: performance.now() - start, worked: workedBy(child.pid) };
        if (performance.now() - start > 60_000) throw new Error('the service does not become ready');
        await pause(5);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
      process.off('exit', withUs);
    },
  };
}

/** Milliseconds of processor time a process has had so far, where the system tells; a tick is 10 ms (proc(5)). */
function workedBy(pid: number | undefined): number {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) * 10;
  } catch {
    return Number.NaN;
  }
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
