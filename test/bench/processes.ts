/** Processes of a measurement: servers and load on different processors where the system can, and how busy each is. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Processors by role; undefined where there is only one, or no `taskset`. */
export const processors: { readonly server: number; readonly load: number } | undefined =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0
    ? { server: 0, load: availableParallelism() - 1 }
    : undefined;

/** Starts a Node program on the processor of its role, or on any; what it says on stderr is shown. */
export function startOn(
  role: 'server' | 'load' | 'any',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const pinned = processors && role !== 'any' ? ['taskset', '-c', String(processors[role])] : [];
  const [command, ...rest] = [...pinned, process.execPath, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // Whatever ends the measurement, what it started does not outlive it.
  process.on('exit', () => child.kill('SIGKILL'));
  return child;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** A port of this machine that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** How long a server may take to answer at all, in milliseconds. */
const START = 60_000;

/** Milliseconds from now until an address answers well; throws when the process ends or a minute passes first. */
export async function untilReady(child: ChildProcess, url: string): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < START) {
    if (child.exitCode !== null) throw new Error(`the server for ${url} ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return performance.now() - began;
    await pause(5);
  }
  throw new Error(`${url} did not answer within a minute`);
}

/** Ends a process that this one started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** Fields of a process after its name, as Linux tells them; undefined elsewhere, or once it is gone. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** A process and all that it started. */
export function familyOf(pid: number): number[] {
  try {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const parents = all.map((one) => [one, Number(statOf(one)?.[1])] as const);
    const below = (of: number): number[] =>
      parents.filter(([, parent]) => parent === of).flatMap(([one]) => [one, ...below(one)]);
    return [pid, ...below(pid)];
  } catch {
    return [pid];
  }
}

/** Microseconds that some processes have computed so far, the system's work for them included; 0 where that is not told. */
export function computed(pids: readonly number[]): number {
  // Linux counts in hundredths of a second.
  return pids.reduce((sum, pid) => {
    const stat = statOf(pid);
    return sum + (stat ? (Number(stat[11]) + Number(stat[12])) * 10_000 : 0);
  }, 0);
}

/** Resident memory of a process in MB; 0 where that is not told. */
export function residentOf(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Longest wait for servers to be done with what was asked of them, in milliseconds. */
const LONGEST_WAIT = 30_000;
const LOOK = 200;

/** Waits until none of some processes computes, so that no run inherits the backlog of the one before. */
export async function untilIdle(pids: () => readonly number[]): Promise<void> {
  for (let waited = 0; waited < LONGEST_WAIT; waited += LOOK) {
    const before = computed(pids());
    await pause(LOOK);
    if (computed(pids()) - before <= 10_000) return;
  }
  throw new Error('a server is still busy half a minute after its last request');
}
