import { spawn } from 'node:child_process';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import t, { type Test } from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import { type Limits, openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { administer, appOver } from '../databases.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { until } from '../until.ts';

const LIMITS = { connections: 3, wait: 300, statement: 500 };

/** A server of this file's own, as its tests end it and hold its locks. */
const server = await startPostgres();
t.after(server.stop);
await administer(server.folder, 'create database template_empty');
await (await openDatabase(urlOf(server.folder, 'template_empty'))).close();
let made = 0;

/** An app on an empty database of the server, with a key that writes. */
async function ownApp(t: Test, limits: Limits = LIMITS) {
  made += 1;
  await administer(server.folder, `create database outage_${made} template template_empty`);
  const url = urlOf(server.folder, `outage_${made}`);
  const db = await openDatabase(url, limits);
  const app = await appOver({ db });
  await app.ready();
  const { key } = await createKey(db, new Date(), { name: 'writer', scope: 'write', expiresAt: null });
  t.teardown(async () => {
    await app.close();
    await db.close();
  });
  return { app, db, url, key };
}

/** Makes topics of given names. */
const poster = (app: FastifyInstance, key: string) => (name: string) =>
  app.inject({
    method: 'POST',
    url: '/v1/topics',
    headers: { authorization: `Bearer ${key}` },
    payload: { name },
  });

t.test('a server that goes away and comes back', async (t) => {
  const { app, key } = await ownApp(t);
  t.equal((await app.inject('/v1/policies')).statusCode, 200);
  await server.halt();
  for (const [name, options] of [
    ['a read', { url: '/v1/policies' }],
    ['a key being checked', { url: '/v1/policies', headers: { authorization: `Bearer ${key}` } }],
    ['readiness', { url: '/health/ready' }],
  ] as const) {
    const answer = await app.inject(options);
    t.equal(answer.statusCode, 503, `${name} is a 503`);
    t.match(answer.json(), { type: '/problems/unavailable', status: 503 });
    t.equal(answer.headers['retry-after'], '1');
    t.notMatch(answer.body, /postgres|socket|ECONN|ENOENT/i, 'nothing of the inside is said');
  }
  t.equal((await app.inject('/health/live')).statusCode, 200, 'the process itself is well');
  await server.resume();
  t.equal((await app.inject('/health/ready')).statusCode, 200, 'it recovers by itself');
  const body = { name: 'Made after the outage' };
  const made = await app.inject({
    method: 'POST',
    url: '/v1/topics',
    headers: { authorization: `Bearer ${key}` },
    payload: body,
  });
  t.equal(made.statusCode, 201, 'and writes again');
});

t.test('a database that lets nobody in, and then does', async (t) => {
  const { app, url, key } = await ownApp(t);
  const [name] = /outage_\d+/.exec(url) as RegExpExecArray;
  const ways: [closed: string, open: string][] = [
    [`alter database ${name} allow_connections false`, `alter database ${name} allow_connections true`],
    [`alter database ${name} rename to ${name}_aside`, `alter database ${name}_aside rename to ${name}`],
  ];
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
  for (const [closed, open] of ways) {
    t.equal((await app.inject('/v1/policies')).statusCode, 200);
    await until(async () => {
      await administer(server.folder, cut);
      return administer(server.folder, closed).then(
        () => true,
        () => false,
      );
    });
    await administer(server.folder, cut);
    for (const answer of [
      await app.inject('/v1/policies'),
      await poster(app, key)('While nobody is let in'),
      await app.inject('/health/ready'),
    ]) {
      t.equal(answer.statusCode, 503, closed);
      t.equal(answer.headers['retry-after'], '1');
    }
    await administer(server.folder, open);
    t.equal((await app.inject('/health/ready')).statusCode, 200, 'it recovers by itself');
  }
});

t.test('idle connections that are cut from outside go unnoticed', async (t) => {
  const { app } = await ownApp(t);
  await Promise.all(Array.from({ length: 5 }, () => app.inject('/v1/policies')));
  for (let round = 0; round < 5; round += 1) {
    await administer(
      server.folder,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'civic' and pid <> pg_backend_pid()`,
    );
    const answers = await Promise.all(Array.from({ length: 3 }, () => app.inject('/v1/policies')));
    t.same(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 200],
    );
  }
});

t.test('waits are bounded', async (t) => {
  const { app, url, key } = await ownApp(t);
  const other = new pg.Client(url);
  await other.connect();
  t.teardown(() => other.end());
  const authorization = { authorization: `Bearer ${key}` };

  await other.query('begin');
  await other.query('lock table topics in access exclusive mode');
  const slow = await Promise.all(Array.from({ length: 8 }, () => app.inject('/v1/topics')));
  t.ok(
    slow.every(({ statusCode }) => statusCode === 503),
    'reads that the server keeps waiting, and those behind them, are 503',
  );
  await other.query('rollback');
  t.equal((await app.inject('/v1/topics')).statusCode, 200, 'and work again afterwards');

  await other.query('begin');
  await other.query('select pg_advisory_xact_lock(7267001)');
  const write = await app.inject({
    method: 'POST',
    url: '/v1/topics',
    headers: authorization,
    payload: { name: 'Waits' },
  });
  t.equal(write.statusCode, 503, 'a write that waits too long for its turn is a 503');
  t.equal(write.headers['retry-after'], '1');
  t.equal((await app.inject('/v1/policies')).statusCode, 200, 'reads go on meanwhile');
  await other.query('rollback');
});

t.test('statements that share a connection fail alone', async (t) => {
  const { app, url } = await ownApp(t, { ...LIMITS, connections: 1, wait: 3000 });
  const other = new pg.Client(url);
  await other.connect();
  t.teardown(() => other.end());
  await other.query('begin');
  await other.query('lock table topics in access exclusive mode');
  const asked = ['/v1/topics', '/v1/topics', '/v1/policies', '/v1/topics/none', '/v1/policies'];
  const answers = await Promise.all(asked.map((path) => app.inject(path)));
  t.same(
    answers.map(({ statusCode }) => statusCode),
    [503, 503, 200, 503, 200],
    'those that wait for nothing are answered, whatever was sent before them',
  );
  await other.query('rollback');
  const after = await Promise.all(asked.map((path) => app.inject(path)));
  t.same(
    after.map(({ statusCode }) => statusCode),
    [200, 200, 200, 404, 200],
    'and all of them afterwards',
  );
});

t.test('whoever needs a connection alone gets one from those that share it', async (t) => {
  const { app, key, db } = await ownApp(t, { ...LIMITS, connections: 1, wait: 3000 });
  let over = false;
  let shared = 0;
  const sharing = Array.from({ length: 6 }, async () => {
    for (; !over && shared < 5000; shared += 1)
      if ((await app.inject('/v1/topics')).statusCode !== 200) return 'failed';
    return 'answered';
  });
  const post = poster(app, key);
  for (let round = 0; round < 5; round += 1) {
    t.equal((await post(`Round ${round}`)).statusCode, 201);
    const seen = await db.read(async (session) => {
      const { changes } = db.tables;
      const count = () =>
        session.all<{ rows: number }>('count changes', (on) =>
          on.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(changes),
        );
      return [...(await count()), ...(await count())];
    });
    t.same(seen, [{ rows: round + 1 }, { rows: round + 1 }]);
  }
  over = true;
  t.same([...new Set(await Promise.all(sharing))], ['answered']);
  t.ok(shared < 5000, 'it did not have to wait until the others were done');
});

t.test('statistics are taken when they are asked for', async (t) => {
  const { db, url, key, app } = await ownApp(t);
  const post = poster(app, key);
  t.equal((await post('Counted')).statusCode, 201);
  const known = async () => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(`select reltuples from pg_class where relname = 'topics'`);
    await client.end();
    return rows[0].reltuples as number;
  };
  t.equal(await known(), -1, 'nobody has looked yet');
  await db.refreshStatistics();
  t.equal(await known(), 1);
  await server.halt();
  await t.resolves(db.refreshStatistics(), 'where that cannot be nothing is wrong');
  await server.resume();
});

t.test('a server that writes no more, and then does', async (t) => {
  const { app, url, key } = await ownApp(t);
  const post = poster(app, key);
  t.equal((await post('Before')).statusCode, 201);
  const database = /\/(\w+)\?/.exec(url)?.[1];
  const pids = async () => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(
      `select pid from pg_stat_activity where datname = '${database}' and application_name = 'civic'`,
    );
    await client.end();
    return rows.map(({ pid }) => pid as number);
  };
  await administer(server.folder, `alter database ${database} set default_transaction_read_only = on`);
  // The setting is for connections made from now on.
  await administer(
    server.folder,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid()`,
  );
  const refused = await post('Meanwhile');
  t.equal(refused.statusCode, 503, 'as during a switch-over');
  t.match(refused.json(), { type: '/problems/unavailable' });
  t.equal(refused.headers['retry-after'], '1');
  t.equal((await app.inject('/v1/topics')).statusCode, 200, 'reads go on');
  const kept = await pids();
  await administer(server.folder, `alter database ${database} reset default_transaction_read_only`);
  const statuses: number[] = [];
  for (let tries = 0; tries < 4 && !statuses.includes(201); tries += 1)
    statuses.push((await post('Again')).statusCode);
  t.equal(statuses.at(-1), 201, 'it writes on new connections, without a restart');
  t.ok(
    (await pids()).some((pid) => !kept.includes(pid)),
    'those that could not are given up',
  );
});

t.test('connections do not leak, whatever breaks them', async (t) => {
  const { app, url, key } = await ownApp(t);
  const database = /\/(\w+)\?/.exec(url)?.[1];
  const authorization = { authorization: `Bearer ${key}` };
  const statuses = new Set<number>();
  for (let round = 0; round < 8; round += 1) {
    const asked = Promise.all([
      ...Array.from({ length: 6 }, () => app.inject('/v1/topics')),
      ...Array.from({ length: 3 }, (_, at) =>
        app.inject({
          method: 'POST',
          url: '/v1/topics',
          headers: authorization,
          payload: { name: `${round} ${at}` },
        }),
      ),
    ]);
    await administer(
      server.folder,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
    );
    for (const { statusCode } of await asked) statuses.add(statusCode);
  }
  t.notOk(
    [...statuses].some((status) => ![200, 201, 503].includes(status)),
    [...statuses].join(),
  );
  const answers = await Promise.all(Array.from({ length: 9 }, () => app.inject('/v1/topics')));
  t.ok(
    answers.every(({ statusCode }) => statusCode === 200),
    'all that the pool may have can be lent',
  );
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as open from pg_stat_activity where datname = '${database}' and application_name = 'civic'`,
  );
  await client.end();
  t.ok(rows[0].open <= LIMITS.connections, `${rows[0].open} are open`);
});

t.test('a transaction that the database asks to run again is run again', async (t) => {
  const { app, url, key } = await ownApp(t);
  const other = new pg.Client(url);
  await other.connect();
  t.teardown(() => other.end());
  // Numbers of a sequence are not taken back by a rollback, so it counts the attempts.
  await other.query(`create sequence attempts;
    create function ask_again() returns trigger language plpgsql as $$
    begin
      if nextval('attempts') % 3 <> 0 then raise exception 'again' using errcode = '40001'; end if;
      return new;
    end $$;
    create trigger ask_again before insert on topics for each row execute function ask_again()`);
  const post = poster(app, key);
  t.equal((await post('Third time lucky')).statusCode, 201);
  const { rows } = await other.query(`select last_value from attempts`);
  t.equal(Number(rows[0].last_value), 3, 'it took three attempts');
  await other.query(`create or replace function ask_again() returns trigger language plpgsql as $$
    begin raise exception 'again' using errcode = '40P01'; end $$`);
  const refused = await post('Never');
  t.equal(
    refused.statusCode,
    503,
    'a deadlock that does not end is a 503 after a bounded number of attempts',
  );
  t.match(refused.json(), { type: '/problems/unavailable' });
});

t.test('a start with a database that cannot be reached ends with one clear line', async (t) => {
  for (const url of [
    'postgres://civic@127.0.0.1:1/civic',
    'postgres://civic@/civic?host=/nowhere',
    'postgres://civic@no-such-host.invalid/civic',
  ]) {
    const env = { ...process.env, DATABASE_URL: url, PORT: '0' };
    const child = spawn(process.execPath, ['src/server.js'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const start = performance.now();
    const code = await new Promise((resolve) => child.on('close', resolve));
    t.equal(code, 1, url);
    t.ok(performance.now() - start < 10_000, 'within 10 s');
    t.match(said, /^cannot start: .*database.*\n$/, said);
  }
});
