/** Kept answers that pass by the hooks: nobody can tell them from those that do not. */
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { appOver } from '../databases.ts';
import { testApp } from '../helper.ts';

const POLICY = '/v1/policies/los-angeles-sanctuary-city-ordinance';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Two services on one database, with and without kept answers, over real connections. */
async function services(t: Test, settings: object = {}) {
  const tested = await testApp(t, 'seeded');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const build = async (RESPONSE_CACHE: number) => {
    const db = await openDatabase(tested.url);
    const config = { RESPONSE_CACHE, MAX_IN_FLIGHT: 64, RATE_LIMIT: '1000/60', ...settings };
    const app = await appOver({ config, db, now: () => tested.clock.now, elapsed: () => 0 });
    let made = 0;
    app.addHook('onSend', (_request, _reply, _payload, done) => {
      made += 1;
      done();
    });
    let looks = 0;
    const { stamp } = db;
    Object.assign(db, {
      stamp: () => {
        looks += 1;
        return stamp();
      },
    });
    t.teardown(async () => {
      agent.destroy();
      await app.close();
      await db.close();
    });
    await app.ready();
    return { app, made: () => made, looks: () => looks };
  };
  const listen = async ({ app, ...counts }: Awaited<ReturnType<typeof build>>) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      new Promise<Answer>((resolve, reject) => {
        get({ port, host: '127.0.0.1', path, headers, method, agent }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part) => {
            text += part;
          });
          answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
        }).on('error', reject);
      });
    return { app, port, ask, ...counts };
  };
  // Neither listens while the other is built: a service that is late passes by nothing.
  const [keeping, bare] = [await build(1), await build(0)];
  return { ...tested, keeping: await listen(keeping), bare: await listen(bare) };
}

/** What of an answer does not differ from one request to another. */
function lasting({ status, headers, text }: Answer) {
  const { date: _date, 'x-request-id': _id, ...rest } = headers;
  return { status, headers: rest, text: text.replace(/"instance":"[^"]*"/, '') };
}

t.test('an answer that passes by the hooks is the same to the last header', async (t) => {
  const { keeping, bare } = await services(t);
  const urls = [POLICY, '/v1/policies?limit=2', `${POLICY}?include=actions`, `${POLICY}/actions?limit=1`];
  for (const url of urls) {
    const { headers } = await keeping.ask(url);
    await bare.ask(url);
    const tag = String(headers.etag);
    const requests: [Record<string, string>, string?][] = [
      [{}],
      [{ accept: '*/*' }],
      [{ origin: 'https://example.org' }],
      [{ 'if-none-match': tag }],
      [{ 'if-none-match': `"x", ${tag}` }],
      [{ 'if-none-match': '*' }],
      [{ 'if-none-match': '"x"' }],
      [{}, 'HEAD'],
      [{ accept: 'text/csv;q=0.5, image/png' }],
      [{ 'x-revision': 'many' }],
      [{ authorization: 'Bearer nobody' }],
    ];
    for (const [given, method = 'GET'] of requests)
      t.same(
        lasting(await keeping.ask(url, given, method)),
        lasting(await bare.ask(url, given, method)),
        `${method} ${url} ${JSON.stringify(given)}`,
      );
    const before = keeping.made();
    t.equal((await keeping.ask(url)).status, 200);
    t.equal((await keeping.ask(url, { 'if-none-match': tag })).status, 304);
    t.equal(keeping.made(), before, 'both passed by');
    // Charged as the other was.
    await bare.ask(url);
  }
  const [one, other] = [await keeping.ask(POLICY), await keeping.ask(POLICY)];
  t.match(one.headers['x-request-id'], /^[0-9a-f-]{36}$/);
  t.not(one.headers['x-request-id'], other.headers['x-request-id'], 'each request has an id of its own');
});

t.test('that a client has an answer is kept, too', async (t) => {
  const { keeping, bare } = await services(t);
  const tag = { 'if-none-match': String((await bare.ask(POLICY)).headers.etag) };
  t.equal((await keeping.ask(POLICY, tag)).status, 304);
  const before = keeping.made();
  t.equal((await keeping.ask(POLICY, tag)).status, 304);
  t.equal(keeping.made(), before, 'the second passed by');
  t.equal((await keeping.ask(POLICY)).text, (await bare.ask(POLICY)).text, 'who has it not gets it whole');
});

t.test('it counts against what its client may ask, unless the client has it', async (t) => {
  const { keeping } = await services(t, { RATE_LIMIT: '3/60' });
  const first = await keeping.ask(POLICY);
  t.equal(first.headers.ratelimit, '"address";r=2;t=60');
  t.equal((await keeping.ask(POLICY)).headers.ratelimit, '"address";r=1;t=60');
  for (let again = 0; again < 5; again += 1)
    t.equal((await keeping.ask(POLICY, { 'if-none-match': String(first.headers.etag) })).status, 304);
  t.equal((await keeping.ask(POLICY)).headers.ratelimit, '"address";r=0;t=60');
  const refused = await keeping.ask(POLICY);
  t.equal(refused.status, 429);
  t.equal(refused.headers['retry-after'], '60');
  t.equal((await keeping.ask(POLICY, { 'if-none-match': '*' })).status, 429, 'however it is asked for');
});

t.test('it is measured', async (t) => {
  const { keeping } = await services(t);
  const { headers } = await keeping.ask(POLICY);
  for (let again = 0; again < 3; again += 1) await keeping.ask(POLICY);
  await keeping.ask(POLICY, { 'if-none-match': String(headers.etag) });
  const { text } = await keeping.ask('/metrics');
  const count = (status: number) =>
    new RegExp(
      `duration_seconds_count\\{method="GET",route="/v1/policies/:id",status="${status}"\\} (\\d+)`,
    ).exec(text)?.[1];
  t.same([count(200), count(304)], ['4', '1']);
});

/** All that a service answers to requests that come together on one connection. */
function askedTogether(port: number, paths: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let all = '';
    socket.setEncoding('utf8').on('data', (part) => {
      all += part;
    });
    socket.on('close', () => resolve(all));
    const requests = paths.map((path, at) => {
      const last = at === paths.length - 1 ? 'Connection: close\r\n' : '';
      return `GET ${path} HTTP/1.1\r\nHost: service\r\n${last}\r\n`;
    });
    socket.write(requests.join(''));
  });
}

t.test('it keeps its place behind others on a connection', async (t) => {
  const { keeping } = await services(t);
  await keeping.ask('/v1/topics?limit=1');
  const asked = ['/v1/policies?limit=100&include=actions', '/v1/topics?limit=1', '/v1/nowhere'];
  const answers = await askedTogether(keeping.port, asked);
  const order = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  t.same(order, ['200', '200', '404']);
  const place = (text: string) => answers.indexOf(text);
  t.ok(place('"self":"/v1/policies') < place('"self":"/v1/topics'), 'in the order they were asked for');
});

t.test('for all that come in one turn the database is looked at once', async (t) => {
  const { keeping } = await services(t);
  await keeping.ask(POLICY);
  const [made, looks] = [keeping.made(), keeping.looks()];
  const answers = await askedTogether(keeping.port, Array(10).fill(POLICY));
  t.equal(answers.match(/HTTP\/1\.1 200 OK/g)?.length, 10);
  t.equal(keeping.made(), made, 'all passed by');
  t.equal(keeping.looks(), looks + 1);
});

t.test('who asks through a proxy that is trusted counts by an address of its own', async (t) => {
  const { keeping, bare } = await services(t, { RATE_LIMIT: '3/60', TRUST_PROXY: ['127.0.0.1'] });
  await keeping.ask(POLICY, { 'x-forwarded-for': '192.0.2.1' });
  for (const [address, left] of [
    ['192.0.2.1', 1],
    ['192.0.2.2', 2],
    ['192.0.2.2, 192.0.2.1', 0],
  ] as const) {
    const before = keeping.made();
    const { headers } = await keeping.ask(POLICY, { 'x-forwarded-for': address });
    t.equal(headers.ratelimit, `"address";r=${left};t=60`, address);
    t.equal(keeping.made(), before, 'it passed by');
  }
  const asked = await bare.ask(POLICY, { 'x-forwarded-for': '192.0.2.2, 192.0.2.1' });
  t.equal(asked.headers.ratelimit, '"address";r=2;t=60', 'the nearest that is not trusted, there as well');
});

t.test('where every request leaves lines, none passes by', async (t) => {
  const { keeping } = await services(t, { LOG_LEVEL: 'info' });
  await keeping.ask(POLICY);
  const before = keeping.made();
  t.equal((await keeping.ask(POLICY)).status, 200);
  t.equal(keeping.made(), before + 1);
});

t.test('that the service was late while it started does not count', async (t) => {
  // No time passes, however slow the machine.
  const { now } = performance;
  const started = now.call(performance);
  t.teardown(() => Object.assign(performance, { now }));
  Object.assign(performance, { now: () => started });
  const { keeping } = await services(t);
  await keeping.ask(POLICY);
  Object.assign(keeping.app, { isUnderPressure: () => true });
  const before = keeping.made();
  t.equal((await keeping.ask(POLICY)).status, 200);
  t.equal(keeping.made(), before, 'it passed by');
});

t.test('nothing is given past a service that has too much to do', async (t) => {
  const { keeping, bare } = await services(t);
  await keeping.ask(POLICY);
  // As it is where so many requests are being worked on that none is taken.
  Object.assign(keeping.app.places as object, { room: () => false });
  const before = keeping.made();
  t.same(lasting(await keeping.ask(POLICY)).text, lasting(await bare.ask(POLICY)).text);
  t.ok(keeping.made() > before, 'it goes where others are refused');
});

t.test('where it cannot be given, all that came with it are answered', async (t) => {
  const { keeping } = await services(t);
  await keeping.ask(POLICY);
  const before = keeping.made();
  const room = () => {
    throw new Error('for a test');
  };
  Object.assign(keeping.app.places as object, { room });
  const answers = await askedTogether(keeping.port, Array(3).fill(POLICY));
  t.equal(answers.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
  t.equal(keeping.made(), before + 3, 'each was made');
});
