import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { administer, appOver } from '../databases.ts';
import { resumed, startPostgres, urlOf } from '../postgres.ts';
import { startStandby } from '../standby.ts';
import { until } from '../until.ts';

const LIMITS = { connections: 5, wait: 1000, statement: 5000 };

const primary = await startPostgres({ followed: true });
await administer(primary.folder, 'create database civic');
const url = urlOf(primary.folder, 'civic');
await (await openDatabase(url)).close();
const standby = await startStandby(primary);
t.after(async () => {
  await standby.stop();
  await primary.stop();
});

/** An app with replicas, the standby alone by default, once they answer; and one that has none. */
async function ownApp(t: Test, urls = [urlOf(standby.folder, 'civic')]) {
  const db = await openDatabase(url, LIMITS, { urls, lag: 1000 });
  const app = await appOver({ config: { RESPONSE_CACHE: 1 }, db });
  await app.ready();
  t.teardown(async () => {
    await app.close();
    await db.close();
  });
  const { key } = await createKey(db, new Date(), { name: 'writer', scope: 'write', expiresAt: null });
  return { app, db, key, write: writer(app, key) };
}

let made = 0;

/** Makes a topic, and says by which path it is read and which change it was. */
const writer = (app: FastifyInstance, key: string) => async () => {
  made += 1;
  const { statusCode, headers } = await app.inject({
    method: 'POST',
    url: '/v1/topics',
    headers: { authorization: `Bearer ${key}` },
    payload: { name: `Topic ${made}` },
  });
  return { status: statusCode, path: `/v1/topics/topic-${made}`, revision: String(headers['x-revision']) };
};

const absent = (db: Database) => db.replicas?.states().map(({ absence }) => absence);
const answering = (db: Database) => until(() => absent(db)?.every((one) => one === undefined) ?? false);
const known = (db: Database) => db.replicas?.states()[0]?.revision ?? 0;

t.test('reads are answered by the replica, and writes by the primary', async (t) => {
  const { app, db, write } = await ownApp(t);
  await answering(db);
  const { status, path, revision } = await write();
  t.equal(status, 201);
  await until(() => known(db) >= Number(revision));
  await standby.pause();
  const second = await write();
  t.equal((await app.inject(path)).statusCode, 200, 'what has come to the replica is found');
  t.equal(
    (await app.inject(second.path)).statusCode,
    404,
    'what has not is not: it was the replica that answered',
  );
  const headers = { 'x-revision': second.revision };
  t.equal((await app.inject({ url: second.path, headers })).statusCode, 200, 'but is, for who has seen it');
  t.equal((await app.inject({ url: path, headers: { 'x-revision': revision } })).statusCode, 200);
  const after = await app.inject(`/v1/changes?after=${second.revision}`);
  t.equal(after.statusCode, 200, 'nor is going on from what was seen a mistake');
  await standby.goOn();
});

t.test('a replica that falls behind leaves within two seconds, and returns by itself', async (t) => {
  const { app, db, write } = await ownApp(t);
  await answering(db);
  await standby.pause();
  const start = performance.now();
  const { path } = await write();
  await until(() => absent(db)?.[0] === 'lagging');
  t.ok(performance.now() - start < 2000, `after ${Math.round(performance.now() - start)} ms`);
  t.equal((await app.inject(path)).statusCode, 200, 'then the primary answers');
  await standby.goOn();
  await answering(db);
  t.equal((await app.inject(path)).statusCode, 200);
});

t.test('a replica that is killed fails nobody, and returns by itself', async (t) => {
  const { app, db, write } = await ownApp(t);
  await answering(db);
  const { path, revision } = await write();
  await until(() => known(db) >= Number(revision));
  const statuses = new Set<number>();
  const reading = (async () => {
    while (absent(db)?.[0] === undefined)
      for (const { statusCode } of await Promise.all(
        [path, '/v1/topics', `${path}?fields=name`].map((one) => app.inject(one)),
      ))
        statuses.add(statusCode);
  })();
  await standby.kill();
  await reading;
  for (let at = 0; at < 10; at += 1) statuses.add((await app.inject(path)).statusCode);
  t.same([...statuses], [200], 'the primary answers in its place');
  await resumed(standby);
  await answering(db);
  t.equal((await app.inject(path)).statusCode, 200);
});

t.test('replicas that are not there, or are none, do not stop the start nor any read', async (t) => {
  const { app, db, write } = await ownApp(t, [
    'postgres://civic@127.0.0.1:1/civic',
    url,
    urlOf(standby.folder, 'postgres'),
  ]);
  const { path } = await write();
  await until(() => absent(db)?.[1] === 'no-standby');
  t.same(absent(db), ['unreachable', 'no-standby', 'unreachable']);
  t.equal((await app.inject(path)).statusCode, 200);
});

t.test('while the primary is away replicas answer whoever has not seen more than they have', async (t) => {
  const { app, db, write } = await ownApp(t);
  await answering(db);
  const { path, revision } = await write();
  await until(() => known(db) >= Number(revision));
  await standby.pause();
  const later = await write();
  await primary.halt();
  const since = performance.now();
  for (const headers of [{}, { 'x-revision': revision }]) {
    const { statusCode } = await app.inject({ url: path, headers });
    t.equal(statusCode, 200);
  }
  const ahead = await app.inject({ url: path, headers: { 'x-revision': later.revision } });
  t.equal(ahead.statusCode, 503, 'rather than an answer from before what was seen');
  t.equal(ahead.headers['retry-after'], '1');
  t.equal((await write()).status, 503);
  await pause(Math.max(0, since + 1500 - performance.now()));
  t.equal((await app.inject(path)).statusCode, 200, 'nor do they leave after a while');
  await standby.goOn();
  await primary.resume();
  t.equal((await write()).status, 201);
  t.equal((await app.inject({ url: later.path, headers: { 'x-revision': later.revision } })).statusCode, 200);
  await answering(db);
});

t.test('a stream stays on its replica to the end, however slowly it is read', async (t) => {
  const { app, db, key } = await ownApp(t);
  await answering(db);
  const many = { description: 'x'.repeat(4000) };
  for (let part = 0; part < 4; part += 1) {
    const items = Array.from({ length: 500 }, (_, at) => ({
      record: { name: `Long ${part} ${at}`, ...many },
    }));
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/v1/topics/batch',
      headers: { authorization: `Bearer ${key}` },
      payload: { items },
    });
    t.equal(statusCode, 200);
  }
  const { revision } = (await app.inject('/v1/changes?limit=1')).json().meta;
  await until(() => known(db) >= revision);
  const whole = await fetch(`${await app.listen({ port: 0, host: '127.0.0.1' })}/v1/topics.ndjson`);
  t.equal(whole.status, 200);
  // What is still to be read cannot come from the primary.
  await primary.halt();
  let read = '';
  for await (const chunk of whole.body as unknown as AsyncIterable<Uint8Array>) {
    read += Buffer.from(chunk).toString('latin1');
    await pause(1);
  }
  t.ok(read.endsWith('}\n'), 'it is whole');
  t.ok(read.split('\n').length > 2000);
  await primary.resume();
});
