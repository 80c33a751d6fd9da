import t from 'tap';
import { kindNamed } from '../../src/model/kinds.ts';
import { readingApp, testApp } from '../helper.ts';
import { createAll, writes } from './crawler.ts';

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);

t.test('limit is 1 to 200, 20 when left out, and never clamped', async (t) => {
  const { call } = await readingApp(t);
  t.equal((await call('GET', '/v1/citations')).body.data.length, 20);
  t.equal((await call('GET', '/v1/citations')).body.meta.limit, 20);
  t.equal((await call('GET', '/v1/citations?limit=200')).body.data.length, 200);
  t.equal((await call('GET', '/v1/citations?limit=1')).body.data.length, 1);
  for (const wrong of ['0', '201', '-1', '1.5', 'abc', '', 'null', '1e2x', 'Infinity', '9'.repeat(400)]) {
    const { status, body } = await call('GET', `/v1/citations?limit=${wrong}`);
    t.equal(status, 400, `limit=${wrong.slice(0, 10)}`);
    t.match(body.errors, [{ parameter: 'limit' }]);
  }
  t.equal((await call('GET', '/v1/citations?limit=5&limit=6')).status, 400, 'twice');
  t.equal((await call('GET', '/v1/citations?limit=5&limit=5')).status, 400, 'twice the same');
});

t.test('a parameter with nothing in it is refused', async (t) => {
  const { call } = await readingApp(t);
  for (const query of [
    'type=',
    'topic=',
    'topic=immigration,',
    'topic=,immigration',
    'topic=immigration,,education',
    'id=',
    'identifier=',
    'introduced_since=',
    'introduced_until=',
    'updated_since=',
    'sort=',
    'fields=',
    'include=',
    'count=',
    'include_deleted=',
    'law_number=',
    'cursor=',
    'topic',
    'format=',
  ]) {
    const { status, body } = await call('GET', `/v1/policies?${query}`);
    t.equal(status, 400, query);
    t.match(body.errors, [{ parameter: query.split('=')[0] }]);
  }
  for (const query of [
    'on=',
    'current=',
    'on=2024',
    'on=2024-02-30',
    'current=1x',
    'on=2024-01-01&on=2024-01-02',
  ])
    t.equal((await call('GET', `/v1/memberships?${query}`)).status, 400, query);
});

t.test('a date that does not exist is refused as a bound', async (t) => {
  const { call } = await readingApp(t);
  for (const wrong of ['2024-02-30', '2024-13', '24', '2024-2', 'today', '2024-01-01T25:00', '2024/01/01']) {
    t.equal((await call('GET', `/v1/policies?introduced_since=${wrong}`)).status, 400, wrong);
    t.equal((await call('GET', `/v1/policies?introduced_until=${wrong}`)).status, 400, wrong);
  }
  for (const wrong of ['2024', '2024-01', '2024-01-01T10:00', 'now', '2024-02-30', '2024-02-30T00:00:00Z'])
    t.equal((await call('GET', `/v1/policies?updated_since=${wrong}`)).status, 400, `updated_since=${wrong}`);
});

t.test('vague dates and vague bounds meet as the description says', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const days = [
    '2023',
    '2023-12-31',
    '2024',
    '2024-01',
    '2024-01-01',
    '2024-01-31',
    '2024-02',
    '2024-12-31',
    '2025',
  ];
  const bodies = [...days, null].map((day) => ({
    title: `Of ${day}`,
    kind: 'dataset',
    published_on: day,
    licence: 'ours',
  }));
  await createAll(app.engine, kindNamed('source'), bodies);
  const ask = async (query: string) => {
    const answer = await call('GET', `/v1/sources?kind=dataset&sort=published_on&limit=200&${query}`);
    t.equal(answer.status, 200, query);
    return answer.body.data.flatMap((one: { licence: string; published_on: string }) =>
      one.licence === 'ours' ? [one.published_on] : [],
    );
  };
  const expected: Record<string, string[]> = {
    'published_since=2024': days.slice(2),
    'published_since=2024-01': days.slice(2),
    'published_since=2024-01-01': days.slice(2),
    'published_since=2024-01-02': days.slice(5),
    'published_since=2024-02-01': days.slice(6),
    'published_since=2024-02-02': days.slice(7),
    'published_until=2023': days.slice(0, 2),
    'published_until=2023-01-01': days.slice(0, 1),
    'published_until=2024': days.slice(0, 8),
    'published_until=2024-01': days.slice(0, 6),
    'published_until=2024-01-01': days.slice(0, 5),
    'published_until=2024-01-30': days.slice(0, 5),
    'published_since=2024-01&published_until=2024-01': days.slice(2, 6),
    'published_since=2025&published_until=2024': [],
  };
  for (const [query, right] of Object.entries(expected)) t.same(await ask(query), right, query);
});

t.test('updated_since takes instants of any offset, and days', async (t) => {
  const { app, call, clock } = await testApp(t, 'seeded');
  clock.now = new Date('2026-03-01T10:00:00.500Z');
  const [id] = await createAll(app.engine, kindNamed('topic'), [{ name: 'Late' }]);
  const found = async (since: string) =>
    idsOf((await call('GET', `/v1/topics?limit=200&updated_since=${since}`)).body).includes(id as string);
  for (const at of [
    '2026-03-01',
    '2026-03-01T10:00:00Z',
    '2026-03-01T10:00:00.500Z',
    '2026-03-01T12:00:00.5%2B02:00',
    '2026-03-01T05:00:00-05:00',
  ])
    t.equal(await found(at), true, at);
  for (const at of [
    '2026-03-02',
    '2026-03-01T10:00:00.501Z',
    '2026-03-01T12:00:01%2B02:00',
    '2026-03-01T05:00:01-05:00',
  ])
    t.equal(await found(at), false, at);
});

t.test('memberships run from a vague start to a vague end', async (t) => {
  const { app, call, clock } = await testApp(t, 'seeded');
  clock.now = new Date('2026-06-15T00:00:00Z');
  const base = { official_id: 'karen-bass', jurisdiction_id: 'los-angeles', party: 'ours' };
  const cases: Record<string, object> = {
    'all along': {},
    'a year': { start_date: '2020', end_date: '2022' },
    'a month': { start_date: '2021-06', end_date: '2021-06' },
    'a day': { start_date: '2021-06-15', end_date: '2021-06-15' },
    elect: { start_date: '2020', standing: 'elect' },
    'former, no end': { start_date: '2020', standing: 'former' },
    'former, with an end': { start_date: '2020', end_date: '2021-06-15', standing: 'former' },
    acting: { start_date: '2026-06-15', standing: 'acting' },
  };
  await createAll(
    app.engine,
    kindNamed('membership'),
    Object.entries(cases).map(([role, dates]) => ({ ...base, role, ...dates })),
  );
  const ask = async (query: string) =>
    (await call('GET', `/v1/memberships?party=ours&limit=200&sort=role&${query}`)).body.data.map(
      ({ role }: { role: string }) => role,
    );
  t.same(await ask('on=2021-06-15'), ['a day', 'a month', 'a year', 'all along', 'former, with an end']);
  t.same(await ask('on=2021-06-16'), ['a month', 'a year', 'all along']);
  t.same(await ask('on=2022-12-31'), ['a year', 'all along']);
  t.same(await ask('on=2023-01-01'), ['all along']);
  t.same(await ask('current=true'), ['acting', 'all along']);
  t.same((await ask('current=false')).length, 6);
  t.same(await ask('on=2021-06-16&current=true'), ['all along'], 'and both hold at once');
});

t.test('count=exact is the length of the crawl, and nothing is counted without it', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const own = await key('write');
  const made = await call('POST', '/v1/topics', { key: own, body: { name: 'Passing' } });
  await call('DELETE', `/v1/topics/${made.body.id}`, { key: own, ifMatch: String(made.headers.etag) });
  for (const list of [
    'topics?limit=2',
    'topics?limit=2&include_deleted=true',
    'citations?record_type=policy&limit=200',
    'policies?topic=immigration&limit=3',
    'votes?limit=1',
  ]) {
    const met: string[] = [];
    let url: string | null = `/v1/${list}&count=exact`;
    let total: unknown;
    for (let turn = 0; turn < 30 && url !== null; turn += 1) {
      const { body } = await call('GET', url);
      met.push(...idsOf(body));
      total ??= body.meta.total;
      t.equal(body.meta.total, total);
      url = body.links.next;
    }
    t.equal(met.length, total, list);
    t.notOk('total' in (await call('GET', `/v1/${list}`)).body.meta);
  }
});

t.test('deleted records are shown only when asked for, with the moment of it', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const [id] = (await createAll(app.engine, kindNamed('topic'), [{ name: 'Passing' }])) as [string];
  await writes(app.engine, kindNamed('topic')).remove(id);
  const shown = async (query: string) =>
    (await call('GET', `/v1/topics?limit=200&${query}`)).body.data.find(
      (one: { id: string }) => one.id === id,
    );
  t.equal(await shown(''), undefined);
  t.equal(await shown('include_deleted=false'), undefined);
  t.type((await shown('include_deleted=true')).deleted_at, 'string');
  t.same(Object.keys(await shown('include_deleted=true&fields=name')), ['id', 'name', 'deleted_at']);
  const [live] = (await call('GET', '/v1/topics?id=education&include_deleted=true')).body.data;
  t.equal(live.deleted_at, null);
  t.equal((await call('GET', `/v1/topics?id=${id}`)).body.data.length, 0);
  t.equal((await call('GET', '/v1/topics?include_deleted=maybe')).status, 400);
});

t.test('a record of any kind is named by its id, or by its slug and its one kind', async (t) => {
  const { call } = await readingApp(t);
  const { body } = await call('GET', '/v1/officials/karen-bass?fields=slug');
  const count = async (query: string) =>
    (await call('GET', `/v1/citations?count=exact&${query}`)).body.meta.total;
  const byId = await count(`record_id=${body.id}`);
  t.ok(byId > 0);
  t.equal(await count('record_type=official&record_id=karen-bass'), byId, 'a slug with its kind');
  t.equal(await count(`record_id=${body.id.toUpperCase()}`), byId);
  const refused: [string, RegExp][] = [
    ['citations?record_id=karen-bass', /is not an id/],
    ['citations?record_type=official,policy&record_id=karen-bass', /is not an id/],
    ['citations?record_type=official&record_id=karen-bas', /did you mean 'karen-bass'/],
    ['sources?record_id=karen-bass', /is not an id/],
  ];
  for (const [url, message] of refused) {
    const answer = await call('GET', `/v1/${url}`);
    t.equal(answer.status, 400, url);
    t.match(answer.body.errors, [{ parameter: 'record_id', message }], url);
  }
});
