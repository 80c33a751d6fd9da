/**
 * Reads a second by processes and by databases: `npm run bench:reads`. One tracker, on SQLite and copied row for row to
 * PostgreSQL with a standby; one process and two on each, and one with the standby as its replica, by turns, without the
 * cache of answers. Nothing is bound to a processor. `--help` lists the options.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../src/db/open.ts';
import { copyDatabase } from '../../src/exchange/copy.ts';
import { administer } from '../databases.ts';
import { type PostgresServer, startPostgres, urlOf } from '../postgres.ts';
import { startStandby } from '../standby.ts';
import { prepared } from './data.ts';
import { machine, median } from './machine.ts';
import { end } from './processes.ts';
import { Loader, type Server, startService } from './programs.ts';

const USAGE = `npm run bench:reads -- [options]
  --policies N --votes N --statements N
                     how much is made: 1000, 40000, 1000 by default
  --runs N           runs of each, of which the median is shown; 5 by default
  --seconds N        seconds a run; 3 by default
  --connections N    clients; 50 by default
`;

const { values: options } = parseArgs({
  options: {
    policies: { type: 'string', default: '1000' },
    votes: { type: 'string', default: '40000' },
    statements: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const say = (line: string) => process.stderr.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'civic-reads-'));
const ends: (() => Promise<unknown>)[] = [];

/** Copies the tracker to a primary, and starts a standby of that. */
async function onServers(from: string): Promise<{ primary: PostgresServer; standby: PostgresServer }> {
  const primary = await startPostgres({ followed: true });
  ends.push(primary.stop);
  await administer(primary.folder, 'create database tracker');
  const [source, target] = [await openDatabase(from), await openDatabase(urlOf(primary.folder, 'tracker'))];
  await copyDatabase(source, target);
  await source.close();
  await target.close();
  await administer(primary.folder, 'checkpoint');
  const standby = await startStandby(primary);
  ends.push(standby.stop);
  return { primary, standby };
}

const pidOf = ({ data }: PostgresServer) =>
  Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);

/** What is asked: single policies, and pages of those of one status. */
async function pathsOf({ port }: Server): Promise<Record<string, string[]>> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/policies?limit=100&sort=title`);
  const { data } = (await answer.json()) as { data: { slug: string; status: string; type: string }[] };
  const [{ status, type }] = data as [(typeof data)[number]];
  return {
    'one policy': data.map(({ slug }) => `/v1/policies/${slug}`),
    'list of 20, two filters': [`/v1/policies?type=${type}&status=${status}`],
  };
}

try {
  say(machine(folder));
  const size = {
    policies: Number(options.policies),
    votes: Number(options.votes),
    statements: Number(options.statements),
  };
  const data = await prepared({ size, texts: 'seeds', postgres: false, folder }, say);
  say('copying the tracker to PostgreSQL');
  const { primary, standby } = await onServers(data.url);
  const url = urlOf(primary.folder, 'tracker');
  const replica = urlOf(standby.folder, 'tracker', standby.port);
  const variants: readonly (readonly [name: string, url: string, settings: Record<string, string>])[] = [
    ['SQLite, one process', data.url, {}],
    ['SQLite, WORKERS=2', data.url, { WORKERS: '2' }],
    ['PostgreSQL, one process', url, {}],
    ['PostgreSQL, WORKERS=2', url, { WORKERS: '2' }],
    ['PostgreSQL, one process and a replica', url, { DATABASE_REPLICA_URLS: replica }],
    ['PostgreSQL, WORKERS=2 and a replica', url, { WORKERS: '2', DATABASE_REPLICA_URLS: replica }],
  ];
  const servers: Server[] = [];
  for (const [name, on, settings] of variants) {
    say(`starting: ${name}`);
    const server = await startService(on, { RESPONSE_CACHE: '0', ...settings }, 'any');
    ends.push(() => end(server.child));
    servers.push(server);
  }
  const postmasters = [pidOf(primary), pidOf(standby)];
  const loader = new Loader(
    servers.map(({ child }) => child),
    () => postmasters,
    'any',
  );
  ends.push(() => loader.close());
  const rows: Record<string, string | number>[] = [];
  for (const [what, paths] of Object.entries(await pathsOf(servers[0] as Server))) {
    const rates = variants.map((): number[] => []);
    for (let run = 0; run < Number(options.runs); run += 1) {
      for (const [at, server] of servers.entries()) {
        const { rate } = await loader.run(server, {
          do: 'ask',
          port: server.port,
          paths,
          status: 200,
          connections: Number(options.connections),
          seconds: Number(options.seconds),
        });
        rates[at]?.push(rate);
      }
      say(`${what}: run ${run + 1} of ${options.runs}`);
    }
    const medians = rates.map(median);
    for (const [at, [name]] of variants.entries()) {
      const own = medians[at] as number;
      const one = medians[name.startsWith('SQLite') ? 0 : 2] as number;
      rows.push({ what, on: name, 'a second': Math.round(own), 'to one process': (own / one).toFixed(2) });
    }
  }
  console.table(rows);
} finally {
  for (const finish of ends.reverse()) await finish();
  rmSync(folder, { recursive: true });
}
