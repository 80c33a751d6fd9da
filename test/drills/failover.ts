/**
 * The drill of a lost primary, `npm run drill:failover`, in three parts, each under writers over HTTP, and none with a
 * restart of the service. The server is killed with SIGKILL and started again, 20 times: no acknowledged write is lost,
 * and the service writes within 5 s of the server. It is killed, and a standby promoted to which the same address leads
 * from then on. And 1,000 times a connection is delayed, reset or half-opened on its way: none leaks.
 * `--rounds N`, `--faults N`, `--seed N`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { administer } from '../databases.ts';
import { resumed, startPostgres, urlOf } from '../postgres.ts';
import { startStandby } from '../standby.ts';
import { FAULTS, openProxy } from './proxy.ts';
import { numbers } from './requests.ts';
import { freePort, launch, prepare, type Service } from './service.ts';
import { lost, startWriters, type Writers } from './writers.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    faults: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const random = numbers(Number(options.seed));
const CLIENTS = 8;
/** How soon after the server the service has to write again, in milliseconds. */
const SOON = 5000;
/** What goes wrong is what the drill does. */
const QUIET = { LOG_LEVEL: 'fatal' };
const faults: string[] = [];

const tcp = (port: number) => `postgres://civic@127.0.0.1:${port}/drill`;
const say = (text: string) => process.stdout.write(`${text}\n`);
const statusesOf = ({ statuses }: Writers) =>
  [...statuses].map(([status, times]) => `${times} × ${status || 'no answer'}`).join(', ');

/** Waits for the next acknowledged write; returns how long that took. */
async function written(writers: Writers, since: number, most: number, what: string): Promise<number> {
  const at = await Promise.race([writers.next(), pause(60_000, undefined, { ref: false })]);
  const took = at === undefined ? Number.POSITIVE_INFINITY : at - since;
  if (took > most) faults.push(`${what}: the service wrote again only after ${Math.round(took)} ms`);
  return took;
}

const runs = ({ child }: Service) => child.exitCode === null && child.signalCode === null;

/** Ends a part: stops the writers, and holds what they were told against a database. */
async function settle(what: string, service: Service, writers: Writers, url: string): Promise<void> {
  await writers.stop();
  if (!runs(service)) faults.push(`${what}: the service did not keep its process`);
  faults.push(...writers.faults.map((fault) => `${what}: ${fault}`));
  for (const id of await lost(url, writers.acknowledged)) faults.push(`${what}: the topic ${id} is lost`);
}

/** A server that is killed and started again. */
async function killed(rounds: number): Promise<void> {
  const server = await startPostgres({ durable: true });
  await administer(server.folder, 'create database drill');
  const url = urlOf(server.folder, 'drill');
  const key = await prepare(url);
  const service = await launch(url, QUIET);
  await service.ready();
  const writers = startWriters(service.url, key, CLIENTS);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await writers.next();
    await pause(random() * 400);
    await server.kill();
    await pause(random() * 1000);
    await resumed(server);
    took.push(await written(writers, performance.now(), SOON, `round ${round + 1}`));
  }
  await settle('killed', service, writers, url);
  took.sort((a, b) => a - b);
  say(
    `killed and started again ${rounds} times: ${writers.acknowledged.length} writes acknowledged, none may be lost; ${statusesOf(writers)}`,
  );
  say(
    `writing again after the server: median ${Math.round(took[took.length >> 1] ?? 0)} ms, most ${Math.round(took.at(-1) ?? 0)} ms; slowest answer ${Math.round(writers.slowest())} ms`,
  );
  await service.kill();
  await server.stop();
}

/** A server that is lost, and a standby to which its address leads from then on. */
async function promoted(): Promise<void> {
  const [port, other] = [await freePort(), await freePort()];
  const server = await startPostgres({ followed: true, port });
  await administer(server.folder, 'create database drill', port);
  const key = await prepare(tcp(port));
  const standby = await startStandby(server, { port: other });
  // Nothing is acknowledged that the standby does not have.
  await administer(server.folder, `alter system set synchronous_standby_names = '*'`, port);
  await administer(server.folder, 'select pg_reload_conf()', port);
  const proxy = await openProxy(port);
  const service = await launch(tcp(proxy.port), QUIET);
  await service.ready();
  const writers = startWriters(service.url, key, CLIENTS);
  await writers.next();
  await pause(1000);
  await server.kill();
  // The name leads there before it may be written: what is tried then is refused, and tried again.
  proxy.lead(other);
  await pause(1000);
  const before = writers.acknowledged.length;
  await standby.promote();
  const took = await written(writers, performance.now(), SOON, 'promoted');
  await pause(1000);
  await settle('promoted', service, writers, tcp(other));
  say(
    `a standby promoted in its place: ${before} writes acknowledged before, ${writers.acknowledged.length - before} after, the first ${Math.round(took)} ms later; ${statusesOf(writers)}`,
  );
  await service.kill();
  await proxy.close();
  await standby.stop();
  await server.stop();
}

/** Connections of the service that a server has. */
async function connectionsAt(port: number): Promise<number> {
  const client = new pg.Client(tcp(port));
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as open from pg_stat_activity where application_name = 'civic'`,
  );
  await client.end();
  return rows[0].open;
}

/** Connections that suffer. */
async function harmed(times: number): Promise<void> {
  const port = await freePort();
  const server = await startPostgres({ port });
  await administer(server.folder, 'create database drill', port);
  const key = await prepare(tcp(port));
  const proxy = await openProxy(port);
  const service = await launch(tcp(proxy.port), {
    ...QUIET,
    DATABASE_WAIT: '500',
    DATABASE_STATEMENT_TIMEOUT: '1000',
    RESPONSE_CACHE: '0',
  });
  await service.ready();
  const reading = { done: 0, failed: 0, over: false };
  const read = async () => {
    while (!reading.over) {
      const answer = await fetch(`${service.url}/v1/topics?limit=5`).catch(() => undefined);
      await answer?.arrayBuffer();
      reading.done += 1;
      if (answer?.status === 200) continue;
      reading.failed += 1;
      if (answer?.status !== 503) faults.push(`a read was answered ${answer?.status}`);
      await pause(20);
    }
  };
  const rest = async () => {
    // Idle connections are closed after ten seconds.
    await pause(14_000);
    return { server: await connectionsAt(port), service: proxy.open() };
  };
  const before = await rest();
  const writers = startWriters(service.url, key, CLIENTS);
  const readers = Array.from({ length: CLIENTS }, read);
  let most = 0;
  for (let done = 0; done < times && runs(service); ) {
    const fault = FAULTS[Math.floor(random() * FAULTS.length)] ?? 'reset';
    if (proxy.harm(fault, random())) done += 1;
    await pause(10 + random() * 40);
    if (done % 50 === 0) most = Math.max(most, await connectionsAt(port));
  }
  const ended = performance.now();
  const took = await written(writers, ended, SOON, 'harmed');
  reading.over = true;
  await Promise.all(readers);
  await settle('harmed', service, writers, tcp(port));
  const after = await rest();
  for (const where of ['server', 'service'] as const)
    if (after[where] > before[where] + 1)
      faults.push(`${after[where]} connections of the ${where} are left, of ${before[where]} before`);
  say(
    `${times} connections delayed, reset or half-opened: ${writers.acknowledged.length} writes acknowledged, none may be lost; ${statusesOf(writers)}; ${reading.done} reads, ${reading.failed} of them 503`,
  );
  say(
    `connections before, and after: at the server ${before.server}, ${after.server} (at most ${most}), open from the service ${before.service}, ${after.service}; writing again ${Math.round(took)} ms after the last; slowest answer ${Math.round(writers.slowest())} ms`,
  );
  await service.kill();
  await proxy.close();
  await server.stop();
}

const rounds = Number(options.rounds);
const times = Number(options.faults);
if (rounds > 0) await killed(rounds);
await promoted();
if (times > 0) await harmed(times);
say(`seed ${options.seed}`);
for (const fault of faults.slice(0, 20)) say(`FAULT ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
