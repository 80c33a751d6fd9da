/**
 * What requests cost as the tracker grows: `npm run bench:growth`. A tracker is made small, copied within the database to
 * each size, and asked the same; times are medians of whole requests inside the process, in microseconds, and ratios to
 * the smallest size. `--help` lists the options.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/open.ts';
import { dropMark } from '../../src/engine/marks.ts';
import { fillShown, SHAPES } from '../../src/engine/shown-fill.ts';
import { administer, SILENT } from '../databases.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { type Copying, openCopying } from './copies.ts';
import { machine, median } from './machine.ts';
import { partitionsMeasured } from './partitions.ts';
import { readingsOf, sentDuring } from './plans.ts';
import { makeTracker } from './tracker.ts';

const USAGE = `npm run bench:growth -- [options]
  --postgres            on a PostgreSQL server of its own instead of a SQLite file
  --copies 1,10,100     sizes, in copies of what is made
  --policies N --votes N --statements N
                        how much is made first: 1000, 40000, 1000 by default
  --rounds N            requests of each sort at each size; 300 by default
  --plans               how PostgreSQL reads for each question at the last size
  --partitions          what partitions of the log and the votes gain there
  --folder DIR          where the database is; a temporary folder by default
`;

const { values: options } = parseArgs({
  options: {
    postgres: { type: 'boolean', default: false },
    copies: { type: 'string', default: '1,10,100' },
    policies: { type: 'string', default: '1000' },
    votes: { type: 'string', default: '40000' },
    statements: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '300' },
    plans: { type: 'boolean', default: false },
    partitions: { type: 'boolean', default: false },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const { postgres } = options;
const say = (line: string) => process.stderr.write(`${line}\n`);
const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'civic-growth-'));

/** Where the tracker is, and what ends it. */
async function place(): Promise<{ url: string; end: () => Promise<void> }> {
  if (!postgres) return { url: `sqlite:${join(folder, 'growth.db')}`, end: async () => undefined };
  // What is copied is made once more where it is lost.
  const server = await startPostgres();
  await administer(server.folder, 'create database growth');
  return { url: urlOf(server.folder, 'growth'), end: server.stop };
}

type App = Awaited<ReturnType<typeof buildApp>>;

interface Asked {
  readonly what: string;
  readonly paths: readonly string[];
}

async function read(app: App, path: string) {
  const { statusCode, body } = await app.inject(path);
  if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}: ${body}`);
  return JSON.parse(body);
}

/** What is asked at every size: of places of the first copy and the last, so that nothing is near by chance. */
async function questions(app: App): Promise<Asked[]> {
  const { data, meta } = await read(app, '/v1/policies?limit=100&sort=title');
  const slugs = data.map(({ slug }: { slug: string }) => slug);
  const places = (await read(app, '/v1/jurisdictions?limit=5&sort=-created_at')).data;
  const people = (await read(app, '/v1/officials?limit=20&sort=name')).data;
  const place = places.map(({ slug }: { slug: string }) => slug);
  const { status, type } = data[0];
  let deep = '/v1/policies?limit=20&sort=-introduced_on';
  const pages: string[] = [];
  for (let page = 0; page < 1000; page += 1) {
    const { links } = await read(app, deep);
    if (links.next === null) break;
    deep = links.next;
    pages.push(deep);
  }
  const { data: changed } = await read(app, `/v1/policies?limit=1&sort=updated_at`);
  return [
    { what: 'W1 one policy', paths: slugs.map((slug: string) => `/v1/policies/${slug}`) },
    {
      what: 'W2 one policy with everything on it',
      paths: slugs.map(
        (slug: string) =>
          `/v1/policies/${slug}?include=jurisdiction,actions,versions,documents,sponsorships,vote_events,citations`,
      ),
    },
    {
      what: 'W3 list of 20, two filters, newest first',
      paths: [`/v1/policies?type=${type}&status=${status}`],
    },
    {
      what: 'W3 the same of one place',
      paths: place.map((slug: string) => `/v1/policies?jurisdiction=${slug}&status=${status}`),
    },
    {
      what: 'W4 list of 100 with two includes',
      paths: ['/v1/policies?limit=100&include=actions,sponsorships'],
    },
    { what: 'W6 pages up to the 1,000th', paths: pages.slice(-40) },
    { what: 'updated_since', paths: [`/v1/policies?updated_since=${changed[0].updated_at}&sort=updated_at`] },
    {
      what: 'W10 change feed, 100 rows a page',
      paths: [0.1, 0.5, 0.9].map((part) => `/v1/changes?limit=100&after=${Math.floor(meta.revision * part)}`),
    },
    {
      what: 'votes of one person',
      paths: people.map(({ slug }: { slug: string }) => `/v1/votes?official=${slug}`),
    },
  ];
}

/** Median microseconds of each question. */
async function measure(app: App, asked: readonly Asked[]): Promise<number[]> {
  const times: number[] = [];
  for (const { paths } of asked) {
    const each: number[] = [];
    for (let round = 0; round < Number(options.rounds); round += 1) {
      const start = performance.now();
      const { statusCode } = await app.inject(paths[round % paths.length] as string);
      each.push((performance.now() - start) * 1000);
      if (statusCode !== 200)
        throw new Error(`${paths[round % paths.length]} was answered with ${statusCode}`);
    }
    times.push(median(each));
  }
  return times;
}

/** Prints what PostgreSQL reads to answer each question, statement by statement. */
async function tellPlans(app: App, connectionString: string, asked: readonly Asked[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  for (const { what, paths } of asked) {
    const path = paths.at(-1) as string;
    const sent = await sentDuring(() => read(app, path));
    process.stdout.write(`${what}: ${sent.length} statements\n`);
    for (const [at, statement] of sent.entries()) {
      const readings = await readingsOf(client, statement);
      const told = readings.map(({ how, rows }) => `${how} ${rows}`).join(', ');
      process.stdout.write(`  ${at + 1}. ${told || 'reads no table'}\n`);
    }
  }
  await client.end();
}

const { url, end } = await place();
try {
  say(machine(folder));
  const made = await openDatabase(url);
  const maker = await buildApp({ config: SILENT, db: made });
  const size = {
    policies: Number(options.policies),
    votes: Number(options.votes),
    statements: Number(options.statements),
  };
  await makeTracker(maker.engine, size, 'seeds', () => undefined);
  await maker.close();
  await made.close();
  const copying: Copying = await openCopying(url, postgres);
  const columns: { rows: number; times: number[] }[] = [];
  let asked: Asked[] = [];
  const sizes = options.copies.split(',').map(Number);
  for (const copies of sizes) {
    const { rows, seconds } = await copying.upTo(copies);
    if (rows > 0)
      say(`${rows} rows copied in ${seconds.toFixed(0)} s: ${Math.round(rows / seconds)} rows a second`);
    const db = await openDatabase(url);
    const app = await buildApp({ config: SILENT, db });
    // Copies come without the JSON that rows keep of their records.
    await db.write((session) => dropMark(app.engine, session, SHAPES));
    await fillShown(app.engine, new AbortController().signal);
    asked = await questions(app);
    // Once for what is first read from the disk, and prepared.
    await measure(app, asked);
    const all = (await copying.sizes()).reduce((sum, one) => sum + one.rows, 0);
    columns.push({ rows: all, times: await measure(app, asked) });
    say(`measured at ${all} rows`);
    if (options.plans && copies === sizes.at(-1)) await tellPlans(app, url, asked);
    await app.close();
    await db.close();
  }
  const [first] = columns;
  console.table(
    asked.map(({ what }, at) => ({
      what,
      ...Object.fromEntries(
        columns.map(({ rows, times }) => [
          `${(rows / 1e6).toFixed(2)} M rows, µs`,
          Math.round(times[at] as number),
        ]),
      ),
      ratio: ((columns.at(-1)?.times[at] as number) / (first?.times[at] as number)).toFixed(2),
    })),
  );
  const tables = (await copying.sizes()).filter(({ rows }) => rows > 0).slice(0, 14);
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  if (postgres)
    console.table(
      tables.map(({ table, rows, bytes, indexes }) => ({
        table,
        rows,
        'MiB of rows': mebibytes(bytes),
        'MiB of indexes': mebibytes(indexes),
      })),
    );
  else say(`${mebibytes(statSync(url.slice('sqlite:'.length)).size)} MiB`);
  if (options.partitions)
    console.table(
      (await partitionsMeasured(url)).map(({ what, whole, parted }) => ({
        what,
        'ms, one table': whole.toFixed(1),
        'ms, 16 parts': parted.toFixed(1),
      })),
    );
  await copying.close();
} finally {
  await end();
  rmSync(folder, { recursive: true });
}
