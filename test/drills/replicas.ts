/**
 * The drill of replicas, `npm run drill:replicas`: clients write and read what they wrote at once, 10,000 times, from a
 * service with two replicas that follow by streaming, while these are paused, killed and started again, one or both. What
 * a client reads with the X-Revision of its write must never be older, and nothing may be answered with 5xx.
 * `--pairs N` does as many.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { administer } from '../databases.ts';
import { resumed, startPostgres, urlOf } from '../postgres.ts';
import { type Standby, startStandby } from '../standby.ts';
import { launch, prepare } from './service.ts';

const { values: options } = parseArgs({ options: { pairs: { type: 'string', default: '10000' } } });
const PAIRS = Number(options.pairs);
const CLIENTS = 8;
/** How long each state lasts, in milliseconds. */
const STATE = 2500;

const primary = await startPostgres({ followed: true });
await administer(primary.folder, 'create database drill');
const url = urlOf(primary.folder, 'drill');
const key = await prepare(url);
const standbys = [await startStandby(primary), await startStandby(primary)] as [Standby, Standby];
const replicas = standbys.map(({ folder }) => urlOf(folder, 'drill'));
const service = await launch(url, { DATABASE_REPLICA_URLS: replicas.join() });
await service.ready();

const tally = { pairs: 0, stale: 0, failed: 0, plain: 0, oldest: 0, byReplicas: 0 };
const faults: string[] = [];
let [mishaps, over] = [0, false];

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: object) {
  const answer = await fetch(`${service.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/json', 'if-match': '*' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const read = (await answer.json()) as Record<string, unknown>;
  if (answer.status >= 500) {
    tally.failed += 1;
    faults.push(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(read)}`);
  }
  return { status: answer.status, body: read, revision: answer.headers.get('x-revision') ?? '' };
}

/** What a read says of a topic: its mark. */
const markOf = (body: Record<string, unknown>) =>
  Number((body.data ? (body.data as Record<string, unknown>[])[0] : body)?.description ?? -1);

/** Writes and reads what was written, by its id, and in a list; and without saying what was seen, too. */
async function client(name: string): Promise<void> {
  const made = await ask('POST', '/v1/topics', {}, { name, slug: name });
  const at: number[] = [];
  const paths = [
    `/v1/topics/${name}`,
    `/v1/topics?id=${made.body.id}&limit=1`,
    `/v1/topics/${name}?include=parent`,
  ];
  for (let mark = 0; tally.pairs < PAIRS || !over; mark += 1) {
    const written = await ask('PATCH', `/v1/topics/${name}`, {}, { description: String(mark) });
    if (written.status !== 200) continue;
    at[mark] = performance.now();
    const path = paths[mark % paths.length] as string;
    const read = await ask('GET', path, { 'x-revision': written.revision });
    tally.pairs += 1;
    if (read.status !== 200 || markOf(read.body) !== mark) {
      tally.stale += 1;
      faults.push(`${path} was answered ${read.status}, ${markOf(read.body)} after ${mark} was written`);
    }
    const asked = performance.now();
    const plain = await ask('GET', path);
    tally.plain += 1;
    // Not so old that it was already superseded when the newest write was not yet known anywhere.
    const seen = plain.status === 404 ? -1 : markOf(plain.body);
    if (seen < mark) tally.oldest = Math.max(tally.oldest, asked - (at[seen + 1] ?? asked));
  }
}

/** Counts what a standby has answered so far. */
async function count(standby: Standby): Promise<void> {
  const one = new pg.Client(urlOf(standby.folder, 'drill'));
  await one.connect();
  const { rows } = await one.query(
    `select pg_stat_get_db_xact_commit(oid) as done from pg_database where datname = 'drill'`,
  );
  await one.end();
  tally.byReplicas += Number(rows[0].done);
}

const [a, b] = standbys;
const states: readonly [what: string, begin: () => Promise<unknown>, end: () => Promise<unknown>][] = [
  ['one paused', () => a.pause(), () => a.goOn()],
  ['one killed', () => count(b).then(b.kill), () => resumed(b)],
  [
    'one paused, the other killed',
    () => Promise.all([b.pause(), count(a).then(a.kill)]),
    () => Promise.all([b.goOn(), resumed(a)]),
  ],
  ['both paused', () => Promise.all([a.pause(), b.pause()]), () => Promise.all([a.goOn(), b.goOn()])],
  [
    'both killed',
    () => Promise.all(standbys.map((one) => count(one).then(one.kill))),
    () => Promise.all(standbys.map(resumed)),
  ],
];

/** Harms the replicas in turn, each state once at least. */
async function harm(): Promise<void> {
  await pause(STATE);
  do {
    for (const [what, begin, end] of states) {
      const before = tally.pairs;
      await begin();
      await pause(STATE);
      await end();
      mishaps += 1;
      process.stdout.write(`${what}: ${tally.pairs - before} pairs\n`);
      await pause(STATE);
    }
  } while (tally.pairs < PAIRS);
  over = true;
}

const began = performance.now();
try {
  await Promise.all([harm(), ...Array.from({ length: CLIENTS }, (_, at) => client(`client-${at}`))]);
  await Promise.all(standbys.map(count));
  process.stdout.write(
    `${tally.pairs} pairs by ${CLIENTS} clients in ${Math.round((performance.now() - began) / 1000)} s, ${mishaps} mishaps: ${tally.stale} stale, ${tally.failed} answers of 5xx\n` +
      `${tally.plain} reads that did not say what was seen: at most ${Math.round(tally.oldest)} ms old\n` +
      `${tally.byReplicas} transactions were the replicas'\n`,
  );
  if (tally.byReplicas < tally.pairs / 10) faults.push('the replicas answered next to nothing');
} finally {
  await service.kill();
  for (const one of [...standbys, primary]) await one.stop();
}
for (const fault of faults.slice(0, 20)) process.stdout.write(`FAULT ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
