import fc from 'fast-check';
import t from 'tap';
import { makeRates, networkOf } from '../../src/http/rates.ts';
import { ONCE } from '../databases.ts';
import { testApp } from '../helper.ts';
import { assertRefused } from './refusals.ts';

const ANYBODY = '203.0.113.7';
const THREE = { RATE_LIMIT: '3/60' };

/** An app on which each address may ask three times a minute. */
async function limited(t: Parameters<typeof testApp>[0], config: Parameters<typeof testApp>[2] = THREE) {
  const tested = await testApp(t, 'seeded', config);
  const ask = async (
    url: string,
    { from = ANYBODY, key, ...headers }: Record<string, string> = {},
    method: 'GET' | 'POST' | 'HEAD' | 'OPTIONS' | 'DELETE' = 'GET',
  ) => {
    const { statusCode, headers: sent } = await tested.app.inject({
      method,
      url,
      remoteAddress: from,
      headers: { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
    });
    return {
      status: statusCode,
      limit: sent.ratelimit,
      policy: sent['ratelimit-policy'],
      wait: sent['retry-after'],
    };
  };
  return { ...tested, ask };
}

t.test('an address may ask so often in a window, and each answer says what is left', async (t) => {
  const { ask, clock, app } = await limited(t);
  const policy = '"address";q=3;w=60';
  t.same(await ask('/v1/topics'), { status: 200, limit: '"address";r=2;t=60', policy, wait: undefined });
  clock.now = new Date(clock.now.getTime() + 10_500);
  t.same(await ask('/v1/topics'), { status: 200, limit: '"address";r=1;t=50', policy, wait: undefined });
  t.equal((await ask('/v1/topics')).limit, '"address";r=0;t=50');
  t.same(await ask('/v1/topics'), { status: 429, limit: '"address";r=0;t=50', policy, wait: '50' });
  t.equal((await ask('/v1/topics', { from: '203.0.113.8' })).status, 200, 'another address has its own');
  clock.now = new Date(clock.now.getTime() + 49_499);
  const last = await ask('/v1/topics');
  t.same([last.status, last.wait], [429, '1'], 'until the last moment, which is never called 0 s');
  const {
    statusCode: status,
    headers,
    body,
  } = await app.inject({ url: '/v1/topics', remoteAddress: ANYBODY });
  assertRefused(
    t,
    { status, headers, body: JSON.parse(body), text: body },
    { name: 'the refusal is a problem', problem: 'rate-limited', says: /3 requests in 60 s/ },
  );
  clock.now = new Date(clock.now.getTime() + 1);
  t.equal((await ask('/v1/topics')).limit, '"address";r=2;t=60', 'then a new window begins');
});

t.test('what is charged, and what is not', async (t) => {
  const { ask, app } = await limited(t, { RATE_LIMIT: '1000/60' });
  const etag = String((await app.inject('/v1/policies/los-angeles-sanctuary-city-ordinance')).headers.etag);
  const rows: [charged: boolean, status: number, url: string, headers?: Record<string, string>][] = [
    [true, 200, '/v1/policies'],
    [true, 200, '/v1/policies/los-angeles-sanctuary-city-ordinance'],
    [false, 304, '/v1/policies/los-angeles-sanctuary-city-ordinance', { 'if-none-match': etag }],
    [true, 404, '/v1/policies/nobody'],
    [true, 404, '/nowhere'],
    [true, 400, '/v1/policies?limit=0'],
    [true, 400, '/v1/policies/%zz'],
    [true, 406, '/v1/policies', { accept: 'text/html' }],
    [true, 401, '/v1/policies', { key: 'wrong' }],
    [true, 401, '/health/live', { key: 'wrong' }],
    [false, 200, '/health/live'],
    [false, 200, '/health/ready'],
    [false, 200, '/docs/'],
    [false, 200, '/docs/static/swagger-ui.css'],
    [false, 200, '/guide'],
    [false, 200, '/openapi.json'],
    [false, 200, '/problems/gone'],
    [false, 200, '/'],
    [false, 200, '/.well-known/api-catalog'],
  ];
  const left = async () => Number(/r=(\d+)/.exec(String((await ask('/v1/topics')).limit))?.[1]);
  for (const [charged, status, url, headers = {}] of rows) {
    const before = await left();
    const answer = await ask(url, headers);
    const name = `${url} ${JSON.stringify(headers)}`;
    t.equal(answer.status, status, `${name} is a ${status}`);
    t.equal(answer.limit !== undefined, charged, `${name} ${charged ? 'says' : 'does not say'} what is left`);
    t.equal(before - (await left()), charged ? 2 : 1, `${name} is ${charged ? '' : 'not '}charged`);
  }
  const before = await left();
  await ask('/v1/topics', {}, 'HEAD');
  await ask('/v1/topics', {}, 'DELETE');
  await ask('/v1/topics', {}, 'OPTIONS');
  t.equal(before - (await left()), 3, 'HEAD and a wrong method are charged, OPTIONS is not');
});

t.test('a key has an allowance of its own, which nobody else can use up', async (t) => {
  const { ask, key, app } = await limited(t);
  const [mine, other] = [await key('read'), await key('read')];
  for (let at = 0; at < 5; at += 1) await ask('/v1/topics', { key: `${mine.slice(0, 19)}${'a'.repeat(43)}` });
  const guess = await ask('/v1/topics', { key: `${mine.slice(0, 19)}${'b'.repeat(43)}` });
  t.equal(guess.status, 429, 'guessing ends with the allowance of the address');
  const first = await ask('/v1/topics', { key: mine });
  t.same([first.status, first.limit, first.policy], [200, '"key";r=29;t=60', '"key";q=30;w=60']);
  const elsewhere = await ask('/v1/topics', { key: mine, from: '2001:db8::1' });
  t.equal(elsewhere.limit, '"key";r=28;t=60', 'a key is one client, wherever it asks from');
  t.equal((await ask('/v1/topics', { key: other })).limit, '"key";r=29;t=60', 'and two keys are two');
  for (let at = 0; at < 28; at += 1) await ask('/v1/nothing', { key: mine });
  t.equal((await ask('/v1/topics', { key: mine })).status, 429, 'a key comes to its end, too');
  const write = await app.inject({
    method: 'POST',
    url: '/v1/topics',
    headers: { authorization: `Bearer ${mine}` },
  });
  t.equal(write.statusCode, 429, 'before it is judged what it may do');
});

t.test('clients behind a proxy that is trusted are told apart, others are not believed', async (t) => {
  const { ask } = await limited(t, { ...THREE, TRUST_PROXY: ['10.0.0.1'] });
  const from = (client: string, proxy: string) =>
    ask('/v1/topics', { from: proxy, 'x-forwarded-for': client });
  t.match(await from('198.51.100.1', '10.0.0.1'), { limit: '"address";r=2;t=60' });
  t.match(await from('198.51.100.2', '10.0.0.1'), { limit: '"address";r=2;t=60' });
  t.match(await from('198.51.100.1', '10.0.0.1'), { limit: '"address";r=1;t=60' });
  t.match(await from('198.51.100.3', '10.0.0.2'), { limit: '"address";r=2;t=60' });
  t.match(await from('198.51.100.4', '10.0.0.2'), { limit: '"address";r=1;t=60' });
});

t.test('one customer is one client, however many addresses there are to choose from', ONCE, async (t) => {
  const rows: [one: string, other: string, same: boolean][] = [
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0:0:0:0001', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
    ['fe80::1%eth0', 'fe80::1', true],
  ];
  for (const [one, other, same] of rows)
    t.equal(networkOf(one) === networkOf(other), same, `${one} and ${other} are ${same ? 'one' : 'two'}`);
  t.equal(networkOf(''), networkOf('nonsense'), 'what is no address is one client together');
});

t.test('nobody gets more than the allowance in a window, whenever they ask', ONCE, async () => {
  const asking = fc.record({
    quota: fc.integer({ min: 1, max: 5 }),
    seconds: fc.integer({ min: 1, max: 3 }),
    asks: fc.array(
      fc.record({
        wait: fc.integer({ min: 0, max: 2_000 }),
        who: fc.constantFrom('192.0.2.1', '192.0.2.2'),
        known: fc.boolean(),
      }),
      { maxLength: 60 },
    ),
  });
  fc.assert(
    fc.property(asking, ({ quota, seconds, asks }) => {
      let now = 1;
      const rates = makeRates({ requests: quota, seconds }, () => now);
      const windows = new Map<string, { from: number; taken: number }>();
      for (const { wait, who, known } of asks) {
        now += wait;
        const charge = rates.charge(null, who);
        const before = windows.get(who);
        const window = before && now < before.from + seconds * 1000 ? before : { from: now, taken: 0 };
        windows.set(who, window);
        window.taken += 1;
        const { left, reset } = charge.standing;
        const right =
          charge.over === window.taken > quota &&
          left === Math.max(0, quota - window.taken) &&
          reset >= 1 &&
          reset <= seconds;
        if (!right) return false;
        if (!known) continue;
        charge.giveBack();
        window.taken -= 1;
      }
      return true;
    }),
  );
});

t.test('however many addresses ask, what is remembered of them stays within bounds', async (t) => {
  const rates = makeRates({ requests: 1, seconds: 60 }, () => 1);
  const address = (at: number) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
  t.equal(rates.charge(null, address(0)).over, false);
  t.equal(rates.charge(null, address(0)).over, true);
  for (let at = 1; at < 50_000; at += 1) rates.charge(null, address(at));
  t.equal(rates.charge(null, address(0)).over, true, 'fifty thousand are counted at a time');
  for (let at = 50_000; at < 100_000; at += 1) rates.charge(null, address(at));
  t.equal(rates.charge(null, address(0)).over, false, 'who was not heard of for longest is forgotten');
});

t.test('with `off` nothing is counted', async (t) => {
  const { ask } = await limited(t, { RATE_LIMIT: 'off' });
  t.match(await ask('/v1/topics'), { status: 200, limit: undefined, policy: undefined });
});
