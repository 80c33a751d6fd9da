import t, { type Test } from 'tap';
import { type Answer, readingApp, type TestApp, testApp } from '../helper.ts';

const SLUGS = ['los-angeles-sanctuary-city-ordinance', 'boston-noncooperation-pledge'] as const;

function cursorIn({ body }: Answer): string {
  return new URL(body.links.next, 'http://here').searchParams.get('cursor') ?? '';
}

async function firstCursor({ call }: TestApp, url: string): Promise<string> {
  return cursorIn(await call('GET', url));
}

function refused(t: Test, { status, body }: Answer, what: string): void {
  t.equal(status, 400, `${what} is a 400`);
  t.match(body.errors, [{ parameter: 'cursor' }], `${what} names the cursor`);
}

t.test('a cursor of another list is refused', async (t) => {
  const app = await readingApp(t);
  const cursor = await firstCursor(app, '/v1/policies?limit=1');
  const [{ id }] = (await app.call('GET', `/v1/policies?id=${SLUGS[0]}`)).body.data;
  const others = {
    'another sort': '/v1/policies?sort=title',
    'the same sort the other way': '/v1/policies?sort=date',
    'a filter': '/v1/policies?jurisdiction=los-angeles',
    'a filter by words': '/v1/policies?type=ordinance,resolution',
    'a date': '/v1/policies?introduced_since=2020',
    'another kind': '/v1/officials?',
    'a narrowed view': '/v1/ordinances?',
    'a list under its owner': `/v1/policies/${id}/actions?`,
    'deleted records too': '/v1/policies?include_deleted=true',
  };
  for (const [what, url] of Object.entries(others)) {
    refused(t, await app.call('GET', `${url}&cursor=${cursor}`), `one used with ${what}`);
  }
  const narrowed = await firstCursor(
    app,
    '/v1/policies?limit=1&type=resolution,ordinance,executive_order,pledge',
  );
  refused(t, await app.call('GET', `/v1/policies?type=resolution&cursor=${narrowed}`), 'one of more values');
  const actions = `/v1/policies/${SLUGS[0]}/actions`;
  const owned = await firstCursor(app, `${actions}?limit=1`);
  refused(
    t,
    await app.call('GET', `/v1/policies/${SLUGS[1]}/actions?cursor=${owned}`),
    'one of another owner',
  );
  refused(
    t,
    await app.call('GET', `/v1/actions?cursor=${owned}`),
    'one of an owner, used with the whole list',
  );
  t.equal((await app.call('GET', `${actions}?cursor=${owned}`)).status, 200, 'its own list takes it');
});

t.test('what is no cursor, or no longer one, is refused', async (t) => {
  const app = await readingApp(t);
  const cursor = await firstCursor(app, '/v1/policies?limit=1');
  const use = (text: string) => app.call('GET', `/v1/policies?cursor=${encodeURIComponent(text)}`);
  const raw = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
  const garbage = [
    'x',
    '%',
    '\u0000',
    '😀',
    'null',
    '[]',
    raw(null),
    raw(1),
    raw([]),
    raw({}),
    raw('cursor'),
  ];
  const changed = parts.map((_, at) => raw(parts.with(at, at === 1 ? 0 : 'x')));
  const typed = [
    raw(parts.with(1, '7')),
    raw(parts.with(1, 1e300)),
    raw(parts.with(1, -1)),
    raw(parts.with(2, null)),
  ];
  const more = [
    raw([...parts, 1]),
    raw(parts.slice(0, 4)),
    `${cursor}!`,
    ` ${cursor}`,
    `${cursor}=`,
    `${cursor}A`,
  ];
  const halves = Array.from({ length: 12 }, (_, at) => cursor.slice(0, cursor.length - 1 - at ** 2));
  for (const [what, texts] of Object.entries({ garbage, changed, typed, more, halves })) {
    const statuses = await Promise.all(texts.map(async (text) => (await use(text)).status));
    t.same(new Set(statuses), new Set([400]), `${what} is a 400`);
  }
  refused(t, await use(''), 'an empty one');
  refused(t, await use('x'.repeat(5000)), 'a long one');
  refused(t, await app.call('GET', `/v1/policies?cursor=${cursor}&cursor=${cursor}`), 'a doubled one');
  t.equal((await use(cursor)).status, 200, 'the cursor itself is taken');
});

t.test('a changed letter in a cursor is a 400, wherever it is', async (t) => {
  const app = await readingApp(t);
  const cursor = await firstCursor(app, '/v1/policies?limit=1&sort=title');
  const letters = [...cursor];
  const every = letters.map((letter, at) => ({ letter, at })).filter(({ at }) => at % 3 === 0);
  const statuses = await Promise.all(
    every.map(async ({ letter, at }) => {
      const other = letters.with(at, letter === 'B' ? 'C' : 'B').join('');
      return (await app.call('GET', `/v1/policies?sort=title&cursor=${other}`)).status;
    }),
  );
  t.same(new Set(statuses), new Set([400]));
});

t.test('a cursor goes on with another limit, other fields and other includes', async (t) => {
  const app = await readingApp(t);
  const all = await app.call('GET', '/v1/policies?limit=200');
  const ids = all.body.data.map(({ id }: { id: string }) => id);
  const cursor = await firstCursor(app, '/v1/policies?limit=2');
  for (const more of [
    'limit=3',
    'limit=200',
    'limit=3&fields=title',
    'limit=3&include=actions,jurisdiction',
    'limit=3&count=exact',
  ]) {
    const { body } = await app.call('GET', `/v1/policies?${more}&cursor=${cursor}`);
    const got = body.data.map(({ id }: { id: string }) => id);
    t.same(got, ids.slice(2, 2 + got.length), more);
    t.ok(got.length >= 3 || got.length === ids.length - 2, `${more} fills the page`);
  }
});

t.test('the order of parameters, and of the values of a filter, does not matter to a cursor', async (t) => {
  const { call } = await readingApp(t);
  const cursor = cursorIn(
    await call(
      'GET',
      '/v1/policies?limit=1&jurisdiction=los-angeles,boston&topic=immigration,education&sort=title',
    ),
  );
  const boston = (await call('GET', '/v1/jurisdictions/boston')).body.id;
  const same = [
    `sort=title&topic=education,immigration&jurisdiction=boston,los-angeles&cursor=${cursor}&limit=1`,
    `cursor=${cursor}&jurisdiction=los-angeles&jurisdiction=boston&sort=title&topic=education&topic=immigration`,
    `cursor=${cursor}&jurisdiction_id=los-angeles,boston,boston&sort=title&topic=education&topic=immigration`,
    `cursor=${cursor}&jurisdiction=los-angeles,${boston}&sort=title&topic=education&topic=immigration`,
    `cursor=${cursor}&jurisdiction=los-angeles,${boston.toUpperCase()}&sort=title&topic=education,immigration&include_deleted=false`,
  ];
  const answers = await Promise.all(same.map((query) => call('GET', `/v1/policies?${query}`)));
  for (const [at, { status }] of answers.entries()) t.equal(status, 200, same[at] as string);
  t.same(new Set(answers.map(({ body }) => body.data[0].id)).size, 1, 'and each leads to the same record');
});

t.test('naming the default sort is the same query', async (t) => {
  const app = await readingApp(t);
  const cursor = await firstCursor(app, '/v1/policies?limit=1');
  t.equal((await app.call('GET', `/v1/policies?sort=-date&limit=1&cursor=${cursor}`)).status, 200);
});

t.test('links.next and the Link header agree, and the last page has neither', async (t) => {
  const { call } = await readingApp(t);
  let url: string | null = '/v1/citations?limit=50&fields=field&record_type=policy,official';
  const met: string[] = [];
  for (let turn = 0; turn < 50 && url !== null; turn += 1) {
    const { status, headers, body } = await call('GET', url);
    t.equal(status, 200);
    met.push(...body.data.map(({ id }: { id: string }) => id));
    t.equal(headers.link, body.links.next === null ? undefined : `<${body.links.next}>; rel="next"`);
    t.match(body.links.self, /^\/v1\/citations\?/);
    const again = await call('GET', body.links.self);
    t.same(again.body, body, 'the page’s own link leads to the same page');
    url = body.links.next;
  }
  t.equal(url, null);
  t.equal(new Set(met).size, met.length);
});

t.test('the longest sort keys still make a cursor that is taken', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const own = await key('write');
  for (const text of ['한', '\u0001', '😀', '"']) {
    for (const note of ['one', 'other']) {
      const name = `${note} ${text.repeat(490)}`;
      const official = { name, family_name: text.repeat(200) };
      t.equal((await call('POST', '/v1/officials', { key: own, body: official })).status, 201);
    }
  }
  for (const list of ['officials?sort=-family_name', 'officials?sort=-name']) {
    const { body } = await call('GET', `/v1/${list}&limit=200`);
    const met: string[] = [];
    let url: string | null = `/v1/${list}&limit=1&fields=id`;
    for (let turn = 0; turn < 200 && url !== null; turn += 1) {
      const answer: Answer = await call('GET', url);
      met.push(...(answer.body.data ?? []).map(({ id }: { id: string }) => id));
      url = answer.body.links?.next ?? null;
    }
    t.same(
      met,
      body.data.map(({ id }: { id: string }) => id),
      `${list} is crawled whole`,
    );
  }
});

t.test('a crawl of named records goes on when one of them comes into being', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const names = 'boston,los-angeles,long-beach';
  const { body } = await call('GET', `/v1/jurisdictions?id=${names}&limit=1`);
  t.equal(body.data[0].slug, 'boston');
  const place = { name: 'Long Beach', slug: 'long-beach', classification: 'municipality' };
  t.equal((await call('POST', '/v1/jurisdictions', { key: await key('write'), body: place })).status, 201);
  const next = await call('GET', body.links.next);
  t.equal(next.status, 200);
  t.equal(next.body.data[0].slug, 'los-angeles');
});
