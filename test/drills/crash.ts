/**
 * The crash drill, `npm run drill:crash`: clients write over HTTP to a service that is killed with SIGKILL at random
 * moments, while it is under load and while it starts. After each round the log is held against what clients were
 * told: no acknowledged write is lost, none is there twice, and the database is whole.
 * `--full` runs 1,000 rounds instead of 100, `--rounds N` as many; `--engine postgres` kills the service on a server
 * that goes on; `--ready MS` is how soon it has to be ready again (2,000); `--seed N` repeats a run's choices.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Column } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { openToRead } from '../../src/db/maintenance.ts';
import { LIMITS } from '../../src/db/open.ts';
import { check } from '../../src/exchange/check.ts';
import { type Acknowledged, Client, MARKED, makePlace } from './clients.ts';
import { numbers } from './requests.ts';
import { launch, prepare, stage } from './service.ts';

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    engine: { type: 'string', default: 'sqlite' },
    ready: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const rounds = Number(options.rounds ?? (options.full ? 1000 : 100));
const random = numbers(Number(options.seed));
const CLIENTS = 8;
/** Longest time under load before the kill, in milliseconds; and into a start. */
const [LOAD, START] = [300, 800];

const faults: string[] = [];
const readyTimes: { took: number; worked: number }[] = [];
const tally = {
  acknowledged: 0,
  unanswered: 0,
  repeated: 0,
  killedUnderLoad: 0,
  killedStarting: 0,
  changes: 0,
};

/** What the log says of one version of a record. */
interface Logged {
  readonly op: string;
  readonly mark: unknown;
}

/** Holds the log after a change against what was acknowledged since, and says how far it goes. */
async function verify(
  url: string,
  after: number,
  acknowledged: readonly Acknowledged[],
  asked: ReadonlySet<string>,
): Promise<number> {
  const db = await openToRead(url, LIMITS);
  const logged = new Map<string, Logged>();
  const made = new Map<string, number>();
  let seq = after;
  await db.read(async (session) => {
    const { changes } = db.tables;
    const columns = {
      seq: changes.seq as Column,
      kind: changes.kind as Column,
      content: changes.content as Column,
    };
    const more = {
      id: changes.record_id as Column,
      version: changes.version as Column,
      op: changes.op as Column,
    };
    for (;;) {
      const page = await session.all<{
        seq: number;
        kind: string;
        id: string;
        version: number;
        op: string;
        content: Record<string, unknown>;
      }>(
        'log',
        (on) =>
          on
            .select({ ...columns, ...more })
            .from(changes)
            .where(sql`${changes.seq} > ${sql.placeholder('after')}`)
            .orderBy(changes.seq as Column)
            .limit(1000),
        { after: seq },
      );
      for (const row of page) {
        if (row.seq !== seq + 1) faults.push(`change ${seq + 1} is missing`);
        seq = row.seq;
        const mark = row.content[MARKED[`${row.kind}s`] ?? MARKED[`${row.kind.replace(/y$/, 'ies')}`] ?? ''];
        logged.set(`${row.id} ${row.version}`, { op: row.op, mark });
        if (row.op === 'create' && typeof mark === 'string') made.set(mark, (made.get(mark) ?? 0) + 1);
      }
      if (page.length < 1000) return;
    }
  });
  await db.close();
  for (const { id, version, op, mark } of acknowledged) {
    const found = logged.get(`${id} ${version}`);
    if (found === undefined) faults.push(`lost: ${op} of ${id}, version ${version}, ${mark ?? ''}`);
    else if (found.op !== op || (mark !== null && found.mark !== mark))
      faults.push(
        `not as acknowledged: ${op} of ${id}, version ${version}, ${mark}: ${JSON.stringify(found)}`,
      );
  }
  for (const [mark, times] of made) {
    if (times > 1) faults.push(`doubled: ${mark} was made ${times} times`);
    if (!asked.has(mark)) faults.push(`nobody asked for ${mark}`);
  }
  return seq;
}

/** What is wrong with the database itself; all that it keeps twice is compared in some rounds only. */
async function checkDatabase(url: string, whole: boolean): Promise<void> {
  const checked = await check(url, LIMITS, undefined, whole ? undefined : ['foreign keys']);
  for (const { name, first } of checked) faults.push(...first.map((line) => `${name}: ${line}`));
}

async function readyAgain(url: string) {
  const service = await launch(url);
  readyTimes.push(await service.ready());
  return service;
}

async function round(
  url: string,
  clients: readonly Client[],
  service: Awaited<ReturnType<typeof readyAgain>>,
) {
  const running = clients.map((client) => client.run(service.url));
  await pause(random() * LOAD);
  await service.kill();
  await Promise.all(running);
  tally.killedUnderLoad += 1;
  tally.unanswered += clients.filter(({ pending }) => pending).length;
  if (random() < 0.25) {
    const starting = await launch(url);
    await pause(random() * START);
    await starting.kill();
    tally.killedStarting += 1;
  }
  const next = await readyAgain(url);
  for (const client of clients) await client.settle(next.url);
  for (const client of clients) tally.repeated += await client.repeat(next.url, 2);
  return next;
}

const place = await stage(options.engine);
const began = performance.now();
try {
  const key = await prepare(place.url);
  const clients = Array.from({ length: CLIENTS }, (_, at) => new Client(`c${at}`, key, random));
  let service = await readyAgain(place.url);
  // The first start is no recovery.
  const [first] = readyTimes.splice(0);
  await makePlace(service.url, key);
  const everything: Acknowledged[] = [];
  const asked = () => new Set(clients.flatMap((client) => [...client.asked]));
  let seq = await verify(place.url, 0, [], new Set());
  for (let n = 1; n <= rounds && faults.length === 0; n += 1) {
    service = await round(place.url, clients, service);
    const acknowledged = clients.flatMap((client) => client.acknowledged.splice(0));
    faults.push(...clients.flatMap((client) => client.refused.splice(0)));
    everything.push(...acknowledged);
    seq = await verify(place.url, seq, acknowledged, asked());
    await checkDatabase(place.url, n % 10 === 0);
    if (n % 10 === 0) process.stdout.write(`${n} rounds, ${everything.length} writes acknowledged\n`);
  }
  await service.kill();
  tally.acknowledged = everything.length;
  tally.changes = await verify(place.url, 0, everything, asked());
  await checkDatabase(place.url, true);
  const worked = readyTimes.map((one) => one.worked).sort((a, b) => a - b);
  const sorted = readyTimes.map(({ took }) => took).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  const worst = at(1);
  if (worst > Number(options.ready)) faults.push(`ready again only after ${worst} ms`);
  process.stdout.write(
    `${tally.killedUnderLoad} kills under load and ${tally.killedStarting} while starting, on ${options.engine}, seed ${options.seed}, in ${Math.round((performance.now() - began) / 1000)} s\n` +
      `${tally.acknowledged} writes acknowledged in ${tally.changes} changes; ${tally.unanswered} unanswered and sent again; ${tally.repeated} answered ones repeated\n` +
      `ready again: median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${worst} ms (first start ${Math.round(first?.took ?? 0)} ms); the processor worked ${worked[worked.length >> 1]} ms in the median, ${worked.at(-1)} ms at most\n`,
  );
} finally {
  await place.end();
}
for (const fault of faults.slice(0, 20)) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(
  faults.length === 0 ? 'nothing lost, nothing doubled, nothing damaged\n' : `${faults.length} faults\n`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
