/** More requests than can be worked on at a time, over real connections. */
import { Agent, type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import type { Database } from '../../src/db/database.ts';
import { inFlight } from '../../src/http/in-flight.ts';
import { problems } from '../../src/http/problems.ts';
import { routed } from '../../src/http/route.ts';
import { appOver, ONCE } from '../databases.ts';
import { testApp } from '../helper.ts';

/** Takes a place, but needs no database. */
const QUICK = '/problems/gone';

/** Waits for the database, which the tests make slow. */
const SLOW = '/v1/topics';

/** An app that works on few requests at a time, whose reads wait while `hold` says so. */
async function busy(t: Test, most: number) {
  const { db } = await testApp(t);
  let gate: Promise<void> | undefined;
  let held = 0;
  const slow: Database = {
    ...db,
    read: async (work) => {
      if (gate) held += 1;
      await gate;
      return db.read(work);
    },
  };
  const app = await appOver({ config: { MAX_IN_FLIGHT: most }, db: slow });
  t.teardown(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());

  const start = (path: string): { sent: ClientRequest; status: Promise<number> } => {
    const sent = request({ port, path, agent });
    const status = new Promise<number>((resolve) => {
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', () => resolve(0));
    });
    sent.end();
    return { sent, status };
  };
  const answer = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  /** Waits until a request is answered with a status; fails after five seconds. */
  const until = async (status: number) => {
    for (let tries = 0; tries < 500; tries += 1) {
      if ((await answer(QUICK)).status === status) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  };
  /** Waits until so many requests wait for the database; fails after five seconds. */
  const waiting = async (many: number) => {
    for (let tries = 0; held < many && tries < 500; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return held >= many;
  };
  const hold = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    gate = promise;
    const end = (how: () => void) => () => {
      gate = undefined;
      how();
    };
    return { release: end(resolve), fail: end(() => reject(new Error('the disk is gone'))) };
  };
  // Starting keeps the loop busy for a while.
  await until(200);
  return { app, port, start, answer, until, waiting, hold };
}

t.test('what is beyond the places there are is turned away, and room is made again', async (t) => {
  const { start, answer, until, hold } = await busy(t, 3);
  const { release } = hold();
  const slow = [start(SLOW), start(SLOW), start(SLOW)];
  t.ok(await until(503), 'with three at work the fourth is refused');
  const refused = await answer(QUICK);
  t.equal(refused.headers.get('retry-after'), '1');
  t.match(refused.headers.get('content-type'), 'application/problem+json');
  t.equal(refused.headers.get('access-control-allow-origin'), '*', 'pages of other sites can read why');
  t.match(JSON.parse(refused.body), { type: '/problems/overloaded', status: 503, detail: /^3 requests/ });
  t.equal((await answer('/health/live')).status, 200, 'the process is not taken for dead');
  release();
  t.same(await Promise.all(slow.map(({ status }) => status)), [200, 200, 200], 'those at work are answered');
  t.equal((await answer(QUICK)).status, 200, 'then there is room');
});

t.test('a client that leaves gives its place back', async (t) => {
  const { start, until, hold } = await busy(t, 2);
  const { release } = hold();
  const slow = [start(SLOW), start(SLOW)];
  t.ok(await until(503));
  for (const { sent } of slow) sent.destroy();
  t.ok(await until(200), 'though what it asked for is still being worked on');
  release();
  await Promise.all(slow.map(({ status }) => status));
  t.ok(await until(200));
});

t.test('so do requests that wait for their turn on a connection that ends', async (t) => {
  const { port, until, hold } = await busy(t, 4);
  const { release } = hold();
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET ${SLOW} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(4));
  t.ok(await until(503));
  socket.destroy();
  t.ok(await until(200));
  release();
});

t.test('what fails gives its place back', async (t) => {
  const { start, until, waiting, hold } = await busy(t, 2);
  const { fail } = hold();
  const slow = [start(SLOW), start(SLOW)];
  t.ok(await until(503));
  t.ok(await waiting(2), 'both wait for the database');
  fail();
  t.same(await Promise.all(slow.map(({ status }) => status)), [500, 500]);
  t.ok(await until(200));
});

t.test('every sort of answer frees its place, and a stream takes none', async (t) => {
  const { app, port, answer, until } = await busy(t, 1);
  const rows: [method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS', url: string, status: number][] = [
    ['GET', SLOW, 200],
    ['HEAD', SLOW, 200],
    ['GET', '/nowhere', 404],
    ['GET', '/v1/topics/%zz', 400],
    ['GET', `${SLOW}?limit=0`, 400],
    ['POST', SLOW, 401],
    ['OPTIONS', SLOW, 204],
    ['GET', '/docs/static/swagger-ui.css', 200],
    ['GET', '/docs/static/nothing', 404],
  ];
  for (const [method, url, status] of rows) {
    t.equal((await app.inject({ method, url })).statusCode, status, `${method} ${url}`);
    t.ok(await until(200), 'frees its place');
    const answered = await fetch(`http://127.0.0.1:${port}${url}`, { method });
    t.equal(answered.status, status, `${method} ${url} over a connection`);
    await answered.arrayBuffer();
    t.ok(await until(200), 'frees its place');
  }
  const leaving = new AbortController();
  const stream = await fetch(`http://127.0.0.1:${port}/v1/changes/stream`, { signal: leaving.signal });
  t.equal(stream.status, 200);
  t.equal((await answer(QUICK)).status, 200, 'while a stream is open');
  leaving.abort();
});

t.test('a client that takes nothing of its answers shuts out no others, and is given up', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  await app.register(problems);
  await app.register(routed);
  await app.register(inFlight, { most: 8, stall: 1500 });
  // More than the buffers of a connection hold.
  const large = Buffer.alloc(32 * 1024 * 1024, 'a');
  const GET_LARGE = 'GET /large HTTP/1.1\r\nHost: x\r\n\r\n';
  let asked = 0;
  app.get('/large', async () => {
    asked += 1;
    return large;
  });
  app.get('/small', async () => 'well');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const small = async () => (await fetch(`http://127.0.0.1:${port}/small`)).status;
  const takeNothing = async (many: number) => {
    const before = asked;
    for (let at = 0; at < many; at += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(GET_LARGE);
      t.teardown(() => socket.destroy());
    }
    for (let tries = 0; tries < 200 && asked < before + many; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    t.equal(asked, before + many);
  };
  await takeNothing(7);
  t.equal(await small(), 200, 'most of their places are free');
  await takeNothing(1);
  t.equal(await small(), 503, 'who has that many answers waiting gets no more');
  let status = 503;
  for (let tries = 0; tries < 200 && status !== 200; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    status = await small();
  }
  t.equal(status, 200, 'until those are given up');
});

/** An app that is turned away from when its loop is late; `standStill` makes it so. */
async function measuredApp(t: Test, measured: number) {
  const app = Fastify();
  t.teardown(() => app.close());
  await app.register(problems);
  await app.register(routed);
  await app.register(inFlight, { most: 64, pressure: { delay: 50, measured } });
  for (const url of ['/health/live', '/anything']) app.get(url, async () => 'well');
  const asked = async (url: string) => (await app.inject(url)).statusCode;
  const standStill = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  return { app, asked, standStill };
}

t.test('a process that was late while it started turns nothing away, listening or not', ONCE, async (t) => {
  const { app, asked, standStill } = await measuredApp(t, 400);
  app.register(async () => {
    // What is measured is measured between two turns of the loop.
    for (let times = 0; times < 3; times += 1) {
      standStill(450);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  });
  await app.ready();
  t.ok(app.isUnderPressure(), 'it was late');
  t.equal(await asked('/anything'), 200);
});

t.test('a process that does not keep up turns requests away until it does', ONCE, async (t) => {
  const { app, asked, standStill } = await measuredApp(t, 100);
  await app.ready();
  let refused = 200;
  for (let times = 0; times < 10 && refused === 200; times += 1) {
    standStill(150);
    // What is measured is measured between two turns of the loop.
    await new Promise((resolve) => setTimeout(resolve, 1));
    refused = await asked('/anything');
  }
  t.equal(refused, 503, 'while its loop is late');
  t.equal(await asked('/health/live'), 200, 'it is not dead');
  for (let tries = 0; tries < 100 && (await asked('/anything')) !== 200; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(await asked('/anything'), 200, 'and takes them again once it runs');
});
