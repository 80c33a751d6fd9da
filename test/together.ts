/**
 * Runs test files one after another in one process, which then loads the program and compiles its schemas once. Started
 * by `run.ts`, which names a file whenever it is asked for the next.
 */
import './unfollowed.ts';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import t from 'tap';

// The same cases at every run, so that what a change breaks is what it is told of; `npm run drill:properties` tries others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
const ask = () => process.send?.('next');
process.on('message', async (file: string) => {
  // With nothing left that it waits for, the process ends, and its test with it.
  if (file === 'done') return process.channel?.unref();
  t.comment(`file: ${file}`);
  // tap lets go of the channel, which alone keeps the process from ending between two files.
  process.channel?.ref();
  const before = process.cpuUsage();
  const { total } = t.counts;
  await import(pathToFileURL(resolve(file)).href);
  while (!t.idle) await once(t, 'idle');
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cost: (user + system) / 1e6, tests: t.counts.total - total });
  ask();
});
// A run that was broken off leaves nobody to tell.
process.on('disconnect', () => process.exit(1));
ask();
