import fc from 'fast-check';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { cases } from '../cases.ts';
import { appOver } from '../databases.ts';
import { send, testApp } from '../helper.ts';

const ORDINANCE = '/v1/policies/los-angeles-sanctuary-city-ordinance';

/** Apps on the same database, each as if it were a process of its own, the first two of which keep answers. */
async function processes(t: Test, megabytes = 1) {
  const tested = await testApp(t, 'seeded');
  const start = async (RESPONSE_CACHE: number) => {
    const db = await openDatabase(tested.url);
    const now = () => tested.clock.now;
    const app = await appOver({ config: { RESPONSE_CACHE }, db, now });
    await app.ready();
    t.teardown(async () => {
      await app.close();
      await db.close();
    });
    return { app, db };
  };
  const [one, other, bare] = [await start(megabytes), await start(megabytes), await start(0)];
  return { ...tested, one, other, bare, key: await tested.key('write') };
}

type Process = Awaited<ReturnType<typeof processes>>['one'];

/** What of an answer a reader sees. */
async function seen({ app }: Process, url: string, headers: Record<string, string> = {}) {
  const { status, headers: all, text } = await send(app, 'GET', url, { headers });
  const { etag, link, vary, 'content-type': type, 'cache-control': control } = all;
  // A problem names the request.
  const body = text.replace(/"instance":"[^"]*"/, '');
  return { status, body, etag, link, vary, type, control };
}

/** Statements that a request costs. */
async function cost(
  { app, db }: Process,
  url: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const before = db.statements();
  await send(app, 'GET', url, { headers });
  return db.statements() - before;
}

/** The least of some tries: on a server with other databases, what is committed there makes an answer anew, too. */
async function leastCost(process: Process, url: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 50 && least > 0; tries += 1) least = Math.min(least, await cost(process, url));
  return least;
}

t.test('what is asked for again is not made again, and is the same', async (t) => {
  const { one, bare, key } = await processes(t);
  const urls = [
    ORDINANCE,
    `${ORDINANCE}?include=actions,statements`,
    '/v1/policies?limit=2',
    '/v1/policies?q=immigration',
    `${ORDINANCE}/actions`,
    '/v1/officials/karen-bass',
  ];
  for (const url of urls) {
    const expected = await seen(bare, url);
    t.same(await seen(one, url), expected, url);
    t.equal(await leastCost(one, url), 0, 'nothing is asked of the database');
    t.same(await seen(one, url), expected, `${url} again`);
    const match = { 'if-none-match': String(expected.etag) };
    t.same(await seen(one, url, match), await seen(bare, url, match), `${url} is not changed`);
  }
  const may = { authorization: `Bearer ${key}` };
  t.ok((await cost(one, ORDINANCE, may)) > 0, 'who may read more is given no answer of others');
});

t.test('forms, and what is wrong with a request, are not mixed up', async (t) => {
  const { one, bare } = await processes(t);
  await seen(one, ORDINANCE);
  for (const accept of ['application/ld+json', 'application/json', '*/*', 'text/html', 'application/*;q=0.5'])
    t.same(
      (await seen(one, ORDINANCE, { accept })).type,
      (await seen(bare, ORDINANCE, { accept })).type,
      accept,
    );
  const withBody = await send(one.app, 'GET', ORDINANCE, { body: { a: 1 } });
  t.equal(withBody.status, 400);
  const unknown = await send(one.app, 'GET', ORDINANCE, {
    headers: { authorization: 'Bearer civic_nobody' },
  });
  t.equal(unknown.status, 401);
  await seen(one, '/v1/policies?nope=1');
  t.equal((await seen(one, '/v1/policies?nope=1')).status, 400);
});

t.test('tomorrow is another day', async (t) => {
  const { one, bare, clock, app, key } = await processes(t);
  await send(app, 'POST', '/v1/memberships', {
    key,
    body: {
      official_id: 'nithya-raman',
      organization_id: 'los-angeles-city-council',
      role: 'chair of a committee',
      end_date: '2026-01-31',
    },
  });
  const urls = ['/v1/officials/nithya-raman', '/v1/memberships?current=true'];
  for (const url of urls) await seen(one, url);
  clock.now = new Date('2026-02-01T00:00:00.000Z');
  for (const url of urls) t.same(await seen(one, url), await seen(bare, url), url);
});

t.test('no more is kept than there is room for', async (t) => {
  const { one } = await processes(t, 1);
  const large = '/v1/citations?limit=200&include=source';
  await seen(one, large);
  t.ok((await cost(one, large)) > 0, 'one answer takes no more than its share');
  const page = (at: number) =>
    `/v1/policies?limit=10&updated_since=${2000 + (at % 20)}-01-01T00:00:${10 + Math.floor(at / 20)}Z`;
  let [asked, bytes] = [0, 0];
  for (; bytes < 1.5 * 2 ** 20; asked += 1) bytes += Buffer.byteLength((await seen(one, page(asked))).body);
  t.equal(await leastCost(one, page(asked - 1)), 0, 'the last one is there');
  t.ok((await cost(one, page(0))) > 0, 'the first one had to go');
});

/** One thing that is done, and by which process. */
const aWrite = fc.record({
  by: fc.constantFrom('one' as const, 'other' as const),
  what: fc.constantFrom('create', 'patch', 'delete', 'restore', 'move' as const),
  name: fc.integer({ min: 0, max: 2 }),
  text: fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', 'é', '"', '漢') }),
});
const READS = [
  '/v1/topics?limit=3',
  '/v1/topics?limit=50&include=parent,policies',
  '/v1/topics?parent=immigration&count=exact',
  '/v1/topics?include_deleted=true',
  '/v1/topics/made-0',
  '/v1/topics/made-1?include=parent',
  '/v1/topics/immigration?include=children',
  '/v1/topics?q=a',
];

t.test('no answer is ever out of date, whichever process wrote', async (t) => {
  const apps = await processes(t);
  const story = fc.array(fc.tuple(aWrite, fc.subarray(READS, { minLength: 3 })), {
    minLength: 3,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      for (const [write, reads] of steps) {
        await done(apps, write);
        for (const url of reads) {
          const expected = await seen(apps.bare, url);
          for (const reader of [apps.one, apps.other]) t.same(await seen(reader, url), expected, url);
        }
      }
    }),
    { numRuns: cases(12) },
  );
});

type Write = typeof aWrite extends fc.Arbitrary<infer Value> ? Value : never;

async function done(
  apps: Record<'one' | 'other', Process> & { key: string },
  { by, what, name, text }: Write,
) {
  const { app } = apps[by];
  const url = `/v1/topics/made-${name}`;
  const { key } = apps;
  const ifMatch = '*';
  if (what === 'create') {
    await send(app, 'POST', '/v1/topics', { key, body: { slug: `made-${name}`, name: `Made ${text}` } });
  } else if (what === 'delete') await send(app, 'DELETE', url, { key, ifMatch });
  else if (what === 'restore') await send(app, 'POST', `${url}/restore`, { key });
  else {
    const body = what === 'move' ? { parent_id: 'immigration' } : { name: `Now ${text}` };
    await send(app, 'PATCH', url, { key, ifMatch, body });
  }
}

t.test('an answer that is made while others write is not kept for later', async (t) => {
  const apps = await processes(t);
  const { one, other, bare, key } = apps;
  for (let round = 0; round < 20; round += 1) {
    const body = { slug: `raced-${round}`, name: `Raced ${round}` };
    const [, ...read] = await Promise.all([
      send(other.app, 'POST', '/v1/topics', { key, body }),
      ...Array.from({ length: 5 }, () => seen(one, '/v1/topics?limit=200')),
    ]);
    t.ok(read.every(({ status }) => status === 200));
    t.same(await seen(one, '/v1/topics?limit=200'), await seen(bare, '/v1/topics?limit=200'));
  }
});

t.test('without room nothing is kept', async (t) => {
  const { bare } = await processes(t);
  await seen(bare, ORDINANCE);
  t.ok((await cost(bare, ORDINANCE)) > 0);
});
