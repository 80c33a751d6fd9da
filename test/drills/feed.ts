/**
 * The drill of the change feed, `npm run drill:feed`: eight processes write in transactions of 1 to 500 changes, many of
 * them to the same records, while others follow the change log of two processes of the service, two by its pages and two
 * as a stream. None may miss a change, meet one twice, or meet the versions of a record out of order. `--changes N` makes
 * so many (1,000,000); `--engine postgres`; `--seed N` repeats a run's choices.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildApp } from '../../src/app.ts';
import type { Column } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { openDatabase } from '../../src/db/open.ts';
import { create } from '../../src/engine/write.ts';
import { writing } from '../../src/engine/writer.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { SILENT } from '../databases.ts';
import type { Consumed, ConsumerTask } from './feed-consumer.ts';
import type { WriterTask } from './feed-writer.ts';
import { launch, stage } from './service.ts';

const { values: options } = parseArgs({
  options: {
    changes: { type: 'string', default: '1000000' },
    engine: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const changes = Number(options.changes);
const seed = Number(options.seed);

const [WRITERS, POOL] = [8, 1_000];

process.setMaxListeners(0);

/** Runs a file of this folder as a process of its own, which is told what to do. */
function start(file: string, task: WriterTask | ConsumerTask): ChildProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(task)]);
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

/** What a process says at last; rejects when it ends without a word. */
async function said<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with status ${code}`)));
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message as T;
}

/** Makes the topics that all writers change. */
async function makePool(url: string): Promise<{ pool: string[]; revision: number }> {
  const db = await openDatabase(url);
  const app = await buildApp({ config: SILENT, db });
  await app.ready();
  const pool: string[] = [];
  await writing(app.engine, { actor: 'drill', reason: null }, async (writer) => {
    for (let at = 0; at < POOL; at += 1)
      pool.push((await create(writer, kindNamed('topic'), { name: `Shared ${at}` })).id);
  });
  await app.close();
  const revision = await lastOf(db);
  await db.close();
  return { pool, revision };
}

async function lastOf(db: Awaited<ReturnType<typeof openDatabase>>): Promise<number> {
  const { changes: log } = db.tables;
  const rows = await db.read((session) =>
    session.all<{ seq: number }>('last change', (on) =>
      on
        .select({ seq: log.seq as Column })
        .from(log)
        .orderBy(sql`${log.seq} desc`)
        .limit(1),
    ),
  );
  return rows[0]?.seq ?? 0;
}

const { url, end } = await stage(options.engine);
const started = performance.now();
try {
  const { pool, revision: before } = await makePool(url);
  const services = await Promise.all([launch(url), launch(url)]);
  await Promise.all(services.map(({ ready }) => ready()));
  const versions = Object.fromEntries(pool.map((id) => [id, 1]));
  const consumers = services.flatMap((service, at) =>
    (['pages', 'stream'] as const).map((how, which) => {
      const task = { url: service.url, how, after: before, versions, seed: seed + 100 + 2 * at + which };
      return { how, child: start('./feed-consumer.ts', task) };
    }),
  );
  const consumed = consumers.map(({ child }) => said<Consumed>(child));
  const writers = Array.from({ length: WRITERS }, (_, at) => {
    const share = Math.floor(changes / WRITERS) + (at < changes % WRITERS ? 1 : 0);
    return start('./feed-writer.ts', { url, name: `writer ${at}`, seed: seed + at, changes: share, pool });
  });
  const wrote = await Promise.all(
    writers.map((child) => said<{ made: number; undone: number; transactions: number }>(child)),
  );
  const db = await openDatabase(url);
  const until = await lastOf(db);
  await db.close();
  const wroteIn = (performance.now() - started) / 1000;
  for (const { child } of consumers) child.send(until);
  const results = await Promise.all(consumed);
  const sum = (what: 'made' | 'undone' | 'transactions') => wrote.reduce((all, one) => all + one[what], 0);
  process.stdout.write(
    `${options.engine}, seed ${seed}: ${WRITERS} processes made ${sum('made')} changes in ${sum('transactions')} transactions, and undid ${sum('undone')}, in ${wroteIn.toFixed(0)} s\n`,
  );
  if (until - before !== changes) fail(`the log has ${until - before} changes`);
  results.forEach(({ seen, missed, disordered, asked, faults }, at) => {
    const { how } = consumers[at] as { how: string };
    process.stdout.write(
      `one that reads the ${how}: ${seen} seen, ${missed} missed, ${disordered} out of order, in ${asked} goes\n`,
    );
    if (seen !== changes || missed > 0 || disordered > 0) fail(faults.join('; ') || 'not all were seen');
  });
  await Promise.all(services.map(({ kill }) => kill()));
} finally {
  await end();
}

function fail(why: string): void {
  process.stdout.write(`FAULT: ${why}\n`);
  process.exitCode = 1;
}
