/** A worker: the service as one of several processes, which ends when whoever started it says so or is gone. */
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../config.ts';
import { reasonOf } from '../serve.ts';
import { portOf } from './closing.ts';
import { askedFigures } from './figures.ts';
import { listen, notListening, type Place, tellTracker, trackerOf } from './listening.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { askedTurns, type Line } from './turns.ts';

/** How long stopping may take before the process ends all the same, in milliseconds. */
const LIMIT = 9_500;

const line: Line = {
  tell: (message: FromWorker) => {
    // Whoever started it may be gone, which is told by itself.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  },
  hear: (listener) => process.on('message', (message) => listener(message as ToWorker)),
  ended: (listener) => process.once('disconnect', listener),
};

/** What is to be done when it is to stop; before it serves there is nothing to finish. */
let stop: () => void = () => process.exit(0);
line.hear(({ tell }) => tell === 'stop' && stop());
line.ended(() => stop());
// A service manager, or a terminal, may tell all processes at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop());

/** Serves at the place that is the last argument, and tells of it. */
async function main(): Promise<void> {
  const config = readConfig(process.env, () => undefined);
  const place = JSON.parse(process.argv.at(-1) as string) as Place;
  const { start } = await import('../start.ts');
  const { app, stop: stopApp } = await start(config, askedTurns(line));
  const ending = closeWithGrace(
    { delay: LIMIT, logger: false, skip: ['SIGINT', 'SIGTERM'] },
    async ({ err }) => {
      if (err) app.log.fatal({ err }, 'stopping after an error');
      await stopApp();
    },
  );
  stop = once(() => void ending.close());
  tellTracker(app, trackerOf(config.DATABASE_URL));
  app.figures.others = askedFigures(line, app.figures.own);
  const address = await quietly(app, () => listen(app, place)).catch((error: unknown) => {
    throw notListening(config, error);
  });
  line.tell({ tell: 'listening', address, port: portOf(app.server) });
}

/** A function that does something the first time it is called, and nothing after that. */
function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

/** Does what would be logged by every worker alike; whoever started them says it once. */
async function quietly<T>({ log }: FastifyInstance, work: () => Promise<T>): Promise<T> {
  const { level } = log;
  if (level === 'info') log.level = 'warn';
  try {
    return await work();
  } finally {
    log.level = level;
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`, () => process.exit(1));
}
