/**
 * Acknowledged writes per second, with writes that share transactions and with a transaction for each:
 * `npm run bench:writes`. Two services run, one of each sort, each a process with a database of its own. Clients of
 * this process create topics over HTTP, by turns at one and at the other, so that whatever else the machine does meets
 * both alike. `--postgres` runs on a PostgreSQL server instead of a SQLite file; `--runs N` and `--seconds N` say how
 * often and how long each is measured. The data is in the system's temporary folder (`TMPDIR`).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Table } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { GROUP } from '../../src/db/groups.ts';
import { openDatabase } from '../../src/db/open.ts';
import { administer } from '../databases.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { type Load, writeTopics } from './clients.ts';
import { machine, median } from './machine.ts';

const { values: options } = parseArgs({
  options: {
    postgres: { type: 'boolean', default: false },
    runs: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
  },
});
const RUNS = Number(options.runs);
const CLIENTS = [1, 50];
const WARM_UP = 2_000;

const folder = mkdtempSync(join(tmpdir(), 'civic-bench-'));
const server = options.postgres ? await startPostgres({ durable: true }) : undefined;

interface Service {
  readonly url: string;
  readonly child: ChildProcess;
  readonly at: { readonly port: number; readonly key: string };
  acknowledged: number;
}

async function startService(group: number): Promise<Service> {
  const name = `group_${group}`;
  if (server) await administer(server.folder, `create database ${name}`);
  const url = server ? urlOf(server.folder, name) : `sqlite:${join(folder, `${name}.db`)}`;
  const child = fork('test/bench/write-service.ts', [url, String(group)]);
  const [at] = (await once(child, 'message')) as [Service['at']];
  return { url, child, at, acknowledged: 0 };
}

/** Ends a service, and throws unless its database holds what was acknowledged, and nothing else. */
async function endService({ url, child, acknowledged }: Service): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
  const db = await openDatabase(url);
  const topics = db.tables.kinds.get('topic') as Table;
  const [row] = await db.read((session) =>
    session.all<{ kept: number }>('kept', (on) =>
      on.select({ kept: sql<number>`count(*)`.mapWith(Number) }).from(topics),
    ),
  );
  await db.close();
  if (row?.kept !== acknowledged) throw new Error(`${acknowledged} acknowledged, ${row?.kept} kept`);
}

/** How long a service has computed so far, in microseconds. */
async function computed({ child }: Service): Promise<number> {
  child.send('computed');
  const [microseconds] = (await once(child, 'message')) as [number];
  return microseconds;
}

interface Run extends Load {
  /** Microseconds of computing, the system's included, that the service spent on each write. */
  readonly cost: number;
}

let loads = 0;
async function load(service: Service, clients: number, milliseconds: number): Promise<Run> {
  loads += 1;
  const before = await computed(service);
  const done = await writeTopics(service.at, clients, milliseconds, `Topic ${loads}`);
  service.acknowledged += done.acknowledged;
  return { ...done, cost: ((await computed(service)) - before) / done.acknowledged };
}

const rateOf = ({ acknowledged, seconds }: Run) => Math.round(acknowledged / seconds);

/** A table's row: medians of the runs, and the least and the most of them; `each` are those with a transaction each. */
function figures(runs: readonly Run[], each: readonly Run[]): Record<string, string | number> {
  const rates = runs.map(rateOf);
  const at = (part: number) => median(runs.map(({ took }) => took[Math.floor(took.length * part)] as number));
  return {
    'writes/s': median(rates),
    'least–most': `${Math.min(...rates)}–${Math.max(...rates)}`,
    ratio: (median(rates) / median(each.map(rateOf))).toFixed(2),
    'p50 ms': at(0.5).toFixed(2),
    'p99 ms': at(0.99).toFixed(2),
    'CPU µs/write': Math.round(median(runs.map(({ cost }) => cost))),
  };
}

console.log(machine(folder));
console.log(`${server ? 'PostgreSQL' : 'SQLite'}, ${RUNS} runs of ${options.seconds} s each, medians`);
const [apart, together] = [await startService(1), await startService(GROUP)];
for (const service of [apart, together]) await load(service, 50, WARM_UP);
const rows: Record<string, string | number>[] = [];
for (const clients of CLIENTS) {
  const [each, shared]: [Run[], Run[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    each.push(await load(apart, clients, Number(options.seconds) * 1000));
    shared.push(await load(together, clients, Number(options.seconds) * 1000));
  }
  rows.push({ clients, writes: 'a transaction each', ...figures(each, each) });
  rows.push({ clients, writes: 'shared transactions', ...figures(shared, each) });
}
await endService(apart);
await endService(together);
console.table(rows);
console.log('Every acknowledged write was found afterwards, and no other.');
await server?.stop();
rmSync(folder, { recursive: true });
