/**
 * Runs test files one after another in one process, on whichever engine, which then loads the program and compiles its
 * schemas once. Started by `run.ts`, which names a file whenever it is asked for the next.
 */
import './unfollowed.ts';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import { type Engine, useEngine } from './databases.ts';
import { closeIdle } from './helper.ts';

/** A file, and the engine that it is to run on. */
export interface Wanted {
  readonly file: string;
  readonly engine: Engine;
}

/** What a file came to. */
export interface Over {
  /** Seconds of processor time, without that of programs and servers it used. */
  readonly cost: number;
  /** Assertions, with those that were skipped. */
  readonly told: number;
  /** Assertions that held. */
  readonly passed: number;
  /** Those that did not, with where they stand. */
  readonly failures: readonly { readonly name: string; readonly diag: unknown }[];
}

/** How long a process may take to end, in milliseconds. */
const GRACE = 20_000;

// The same cases at every run, so that what a change breaks is what it is told of; `npm run drill:properties` tries others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
// tap lets go of the channel, which alone would keep the process from ending between two files.
const alive = setInterval(() => undefined, 60_000);
const ask = () => process.send?.('next');
process.on('message', async (wanted: Wanted | 'done') => {
  // With nothing left that it waits for, the process ends, and its test with it.
  if (wanted === 'done') {
    clearInterval(alive);
    // What a failed test left open is not waited for.
    setTimeout(() => process.exit(1), GRACE).unref();
    await closeIdle();
    return process.channel?.unref();
  }
  const { file, engine } = wanted;
  useEngine(engine);
  const before = process.cpuUsage();
  // Counted here, as tap does anyway, and not read from what it writes.
  const { pass, total } = t.counts;
  const fail = t.lists.fail.length;
  // A file is run once for each engine, and read anew for it.
  await import(`${pathToFileURL(resolve(file)).href}?${engine}`);
  while (!t.idle) await once(t, 'idle');
  const { user, system } = process.cpuUsage(before);
  const failures = t.lists.fail.slice(fail).map(({ fullname, diag }) => ({ name: fullname, diag }));
  const over: Over = {
    cost: (user + system) / 1e6,
    told: t.counts.total - total,
    passed: t.counts.pass - pass,
    failures,
  };
  process.send?.(over);
  ask();
});
// A run that was broken off leaves nobody to tell.
process.on('disconnect', () => process.exit(1));
ask();
