/** The program as a process of its own, on a port and a database of its own. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { blankDatabase } from './databases.ts';

/** How long a process may take to start, or to end, in milliseconds. */
const PATIENCE = 30_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written to its standard output so far. */
  readonly log: () => string;
}

/** A folder of its own, removed when the test ends. */
export function temporary(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-program-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Starts Node on a file of ours; whatever happens, the process is ended with the test. */
export function run(t: Test, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => {
    written.stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    written.stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 2 * PATIENCE);
  const ended = once(child, 'close').then(([code, signal]) => {
    clearTimeout(timer);
    return { code, signal, ...written };
  });
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, log: () => written.stdout };
}

/** What a command of `civic` ended with. */
export type Said = Pick<Ended, 'code' | 'stdout' | 'stderr'>;

let commands: ChildProcess | undefined;
/** The command before, as each is given the whole process. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Runs `civic` as the program does, but in one process for all that a test process asks for: starting one takes longer
 * than most commands do. Whether a command lets its process end is for `run` to show.
 */
export function command(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const said = before.then(() => commanded(words, env));
  before = said.catch(() => undefined);
  return said;
}

async function commanded(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Said> {
  const child = commands?.connected ? commands : fork(new URL('commands-together.ts', import.meta.url));
  commands = child;
  // While it waits for nothing, it does not keep the tests from ending.
  child.ref();
  child.channel?.ref();
  const over = new AbortController();
  try {
    const ended = once(child, 'exit', over).then(([code]) => {
      throw new Error(`the process of the commands ended with ${code} in: ${words.join(' ')}`);
    });
    const answered = once(child, 'message', over);
    child.send({ words, env: { PATH: process.env.PATH, ...env } });
    const [said] = await Promise.race([answered, ended]);
    return said;
  } finally {
    over.abort();
    child.unref();
    child.channel?.unref();
  }
}

export interface Server extends Running {
  readonly port: number;
  readonly url: string;
}

/** Starts the server and waits until it listens; fails with what it wrote when it does not. */
export async function serve(t: Test, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const own = { PORT: '0', DATABASE_URL: await blankDatabase(t), ...env };
  const running = run(t, ['src/server.js'], own);
  const until = Date.now() + PATIENCE;
  while (Date.now() < until && running.child.exitCode === null) {
    const [, url, port] = /Server listening at (http:\/\/127\.0\.0\.1:(\d+))/.exec(running.log()) ?? [];
    if (url) return { ...running, url, port: Number(port) };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (running.child.exitCode === null) running.child.kill('SIGKILL');
  const { code, stdout, stderr } = await running.ended;
  throw new Error(`the server does not listen (status ${code}): ${stderr}${stdout}`);
}

/** Sends SIGTERM and waits for the end; says how long it took, in milliseconds. */
export async function stop({ child, ended }: Running): Promise<Ended & { took: number }> {
  const start = performance.now();
  child.kill('SIGTERM');
  return { ...(await ended), took: performance.now() - start };
}
