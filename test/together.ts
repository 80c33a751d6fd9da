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

/** A file, and the engine that it is to run on. */
export interface Wanted {
  readonly file: string;
  readonly engine: Engine;
}

// The same cases at every run, so that what a change breaks is what it is told of; `npm run drill:properties` tries others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
const ask = () => process.send?.('next');
process.on('message', async (wanted: Wanted | 'done') => {
  // With nothing left that it waits for, the process ends, and its test with it.
  if (wanted === 'done') return process.channel?.unref();
  const { file, engine } = wanted;
  useEngine(engine);
  t.comment(`file: ${file} (${engine})`);
  // tap lets go of the channel, which alone keeps the process from ending between two files.
  process.channel?.ref();
  const before = process.cpuUsage();
  const { total } = t.counts;
  // A file is run once for each engine, and read anew for it.
  await import(`${pathToFileURL(resolve(file)).href}?${engine}`);
  while (!t.idle) await once(t, 'idle');
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cost: (user + system) / 1e6, tests: t.counts.total - total });
  ask();
});
// A run that was broken off leaves nobody to tell.
process.on('disconnect', () => process.exit(1));
ask();
