/** From settings to an app that is ready to listen: the database migrated, and filled when it is empty. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { type Config, intervalOf, limitsOf } from './config.ts';
import { openConfigured } from './connect.ts';
import type { Database } from './db/database.ts';
import { DatabaseFailure } from './db/failure.ts';
import { isServer } from './db/url.ts';
import type { WriteTurns } from './db/write-turns.ts';
import type { Engine } from './engine/engine.ts';
import { revisionOf } from './engine/list.ts';
import { dropMark, readWholeMark, setMark } from './engine/marks.ts';
import { fillShown } from './engine/shown-fill.ts';
import { keepSweeping } from './engine/sweeps.ts';
import { keepExporting } from './exchange/export/schedule.ts';
import { importFrom } from './exchange/import/import.ts';
import { interruptStale } from './exchange/import/run.ts';
import type { Counts } from './exchange/import/tally.ts';
import { openSeeds } from './exchange/seeds.ts';
import { fillAgreement } from './features/agreement-fill.ts';
import { fillConflicts } from './features/evidence/conflicts-fill.ts';
import { fillSearch } from './features/search/fill.ts';
import { sumUp } from './features/search/spans.ts';
import { rangesOf } from './features/webhooks/addresses.ts';
import { ATTEMPT, DISPATCH, openDispatcher } from './features/webhooks/dispatcher.ts';
import { openSender, resolveByDns } from './features/webhooks/send.ts';
import { fillWordings } from './features/wordings-fill.ts';
import type { Sharing } from './http/shared-rates.ts';
import { closeServer } from './processes/closing.ts';

export interface Started {
  readonly app: FastifyInstance;
  readonly db: Database;
  /** Stops taking requests, finishes those that run, and closes the database. */
  readonly stop: () => Promise<void>;
}

/**
 * Opens the database, builds the app around it and, where `SEED` says so, fills an empty database. `turns` are those of
 * the processes that serve together, where several do.
 */
export async function start(config: Config, turns?: WriteTurns): Promise<Started> {
  const db = await openConfigured(config, turns, config.DATABASE_REPLICA_URLS);
  const app = await buildApp({ config, db, sharing: sharingOf(config) });
  await app.ready();
  if (config.SEED) await fillEmpty(app);
  const stopping = new AbortController();
  const filled = catchUp(app, stopping.signal);
  const unswept = (err: unknown) => app.log.error({ err }, 'sweeping failed');
  const stopSweeping = keepSweeping(app.engine, unswept, [interruptStale, sumUp]);
  const stopExporting = exporting(app, config);
  const stopDelivering = config.WEBHOOKS ? deliver(app, config) : async () => undefined;
  const stop = async () => {
    stopping.abort();
    await Promise.all([closeServer(app), stopDelivering()]);
    await Promise.all([filled, stopSweeping(), stopExporting()]);
    await db.close();
  };
  return { app, db, stop };
}

/** Part of its allowance that a client may use up at each machine without the others being told of it. */
const UNTOLD = 0.05;

/** How counts of requests are shared: not at all where this process is the only one. */
function sharingOf({ WORKERS, DATABASE_URL }: Config): Sharing | undefined {
  if (WORKERS === 1 && !isServer(DATABASE_URL)) return undefined;
  return { part: UNTOLD / WORKERS, every: 1_000 };
}

/** Makes snapshots as the settings say; returns what ends it. */
function exporting({ engine, log }: FastifyInstance, config: Config): () => Promise<void> {
  const every = intervalOf(config.SNAPSHOT_EVERY);
  const { SNAPSHOT_DIR: dir, SNAPSHOT_KEEP: keep, DATABASE_URL: url } = config;
  if (dir === '' || every === undefined) return async () => undefined;
  // On a whole database a statement may take as long as it needs.
  const limits = { ...limitsOf(config), statement: 0 };
  return keepExporting(
    engine,
    { url, limits, dir, keep, every },
    {
      made: (name) => log.info(`snapshot ${name} made`),
      failed: (err) => log.error({ err }, 'a snapshot failed'),
    },
  );
}

/** Begins to deliver to webhooks; returns what ends it. */
function deliver({ engine, log }: FastifyInstance, { WEBHOOK_ALLOWED }: Config): () => Promise<void> {
  const sender = openSender({
    listed: rangesOf(WEBHOOK_ALLOWED),
    attempt: ATTEMPT,
    resolve: resolveByDns,
  });
  const failed = (err: unknown) => log.error({ err }, 'delivering to webhooks failed');
  return openDispatcher(engine, sender, DISPATCH, failed).close;
}

/**
 * How long whoever fills an empty database is given to begin, in milliseconds: from then on it holds the writers' lock, so
 * that no other can claim it.
 */
const BEGINNING = 10_000;
/** How long after another process was found filling it is looked again, in milliseconds. */
const RETRY = 250;

/** Fills a database in which nothing was ever written; of processes that start together, one does. */
async function fillEmpty(app: FastifyInstance): Promise<void> {
  const { engine } = app;
  while ((await engine.db.read((session) => revisionOf(session, engine))) === 0) {
    if (!(await claimFilling(engine))) {
      await pause(RETRY);
      continue;
    }
    try {
      const created = total(await seed(app));
      app.log.info(`filled the empty database with ${created} records from seeds/`);
    } finally {
      await engine.db.write((session) => dropMark(engine, session, 'filling'));
    }
  }
}

/** Whether it is for this process to fill the empty database. */
async function claimFilling(engine: Engine): Promise<boolean> {
  try {
    return await engine.db.write(async (session) => {
      if ((await revisionOf(session, engine)) > 0) return false;
      const claim = await readWholeMark(engine, session, 'filling');
      if (claim && Date.parse(claim.updated_at) + BEGINNING > engine.now().getTime()) return false;
      await setMark(engine, session, 'filling', {});
      return true;
    });
  } catch (error) {
    // Another holds the writers' lock, for longer than a write waits for it.
    if (error instanceof DatabaseFailure && error.reason === 'unavailable') return false;
    throw error;
  }
}

/** What an upgrade or a stop leaves to be done behind the service's back; each goes on from a mark, and returns how much it did. */
const upgrades: readonly [what: string, (app: FastifyInstance, signal: AbortSignal) => Promise<number>][] = [
  ['records whose JSON is kept', ({ engine }, signal) => fillShown(engine, signal)],
  ['wordings indexed', ({ engine }, signal) => fillWordings(engine, signal)],
  ['records made searchable', ({ engine }, signal) => fillSearch(engine, signal)],
  ['words of blocks of the index summed up', ({ engine }, signal) => sumUp(engine, signal)],
  ['records whose evidence was judged', ({ engine }, signal) => fillConflicts(engine, signal)],
  ['statements held against the rule of agreement', ({ engine }, signal) => fillAgreement(engine, signal)],
];

/** Does what is left, one thing after another. */
async function catchUp(app: FastifyInstance, signal: AbortSignal): Promise<void> {
  for (const [what, work] of upgrades) {
    try {
      const seen = await work(app, signal);
      if (seen > 0) app.log.info(`${seen} ${what}`);
    } catch (error) {
      app.log.warn({ err: error }, `${what}: stopped; the next start goes on with it`);
    }
  }
}

const SEEDS = fileURLToPath(new URL('../seeds', import.meta.url));

/** Loads `seeds/` into the app's database, all or none; a second time changes nothing. Returns what came of each kind. */
export async function seed(
  { engine }: FastifyInstance,
  folder: string = SEEDS,
): Promise<ReadonlyMap<string, Counts>> {
  const author = { actor: 'civic seed', reason: 'facts of the seed documents' };
  const { tally, error, cause } = await importFrom(engine, author, openSeeds(folder), {
    importer: 'seeds',
    input: 'seeds',
    strict: true,
    dryRun: false,
  });
  if (cause) throw cause;
  if (error) {
    const [first] = tally.failures;
    throw new Error(`${first?.file}: ${first?.pointer} ${first?.message}; ${error}`);
  }
  // All of them could be read, so that each has a kind.
  return tally.counts as ReadonlyMap<string, Counts>;
}

function total(counts: ReadonlyMap<string, Counts>): number {
  return [...counts.values()].reduce((sum, { created }) => sum + created, 0);
}
