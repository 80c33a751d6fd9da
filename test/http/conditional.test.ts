import t from 'tap';
import { readingApp, testApp } from '../helper.ts';
import { refuses } from './refusals.ts';

const POLICY = '/v1/policies/los-angeles-sanctuary-city-ordinance';
const DAY = 86_400_000;

t.test('If-None-Match saves sending what is known', async (t) => {
  const { call } = await readingApp(t);
  for (const url of [POLICY, '/v1/policies?limit=2', `${POLICY}/actions`, '/v1/officials/karen-bass']) {
    const { headers } = await call('GET', url);
    const etag = String(headers.etag);
    const known = [etag, `W/${etag.replace(/^W\//, '')}`, `"other", ${etag}`, `"a,b" , ${etag},"c"`, '*'];
    for (const value of known) {
      const {
        status,
        text,
        headers: fresh,
      } = await call('GET', url, { headers: { 'if-none-match': value } });
      t.same([status, text, fresh.etag], [304, '', etag], `${url}: ${value} is known`);
    }
    for (const value of ['"other"', 'W/"other"', etag.replace(/"/g, ''), '""']) {
      const { status } = await call('GET', url, { headers: { 'if-none-match': value } });
      t.equal(status, 200, `${url}: ${value} is not`);
    }
  }
  const missing = await call('GET', '/v1/policies/nobody', { headers: { 'if-none-match': '*' } });
  t.equal(missing.status, 404, 'what is not there is not known');
});

t.test('an ETag changes with what is answered, and only then', async (t) => {
  const { call, key, clock } = await testApp(t, 'seeded');
  const write = await key('write');
  const etagOf = async (url: string, options = {}) => (await call('GET', url, options)).headers.etag;
  const one = await etagOf(POLICY);
  const list = await etagOf('/v1/policies');
  const withActions = await etagOf(`${POLICY}?include=actions`);
  t.equal(await etagOf(POLICY, { key: write }), one, 'the key makes no difference');
  t.match(one, /^"/, 'it is a strong one');

  clock.now = new Date(clock.now.getTime() + 1000);
  const [action] = (await call('GET', `${POLICY}/actions`)).body.data;
  const patched = await call('PATCH', `/v1/actions/${action.id}`, {
    key: write,
    ifMatch: '*',
    body: { description: 'Changed' },
  });
  t.equal(patched.status, 200);
  t.not(await etagOf(POLICY), one, 'a part changed, so when the policy was updated did too');
  t.not(await etagOf(`${POLICY}?include=actions`), withActions, 'with its parts in it, it did');
  t.not(await etagOf('/v1/policies'), list, 'and lists may hold it');
  await call('PATCH', POLICY, { key: write, ifMatch: '*', body: { summary: 'Changed' } });
  t.not(await etagOf(POLICY), one, 'now it did');
});

t.test('an official’s ETag follows the offices shown with it', async (t) => {
  const { call, key, clock } = await testApp(t, 'seeded');
  const write = await key('write');
  const url = '/v1/officials/nithya-raman';
  const read = async () => {
    const { headers, body } = await call('GET', url);
    return { etag: String(headers.etag), offices: body.current_memberships.length, version: body.version };
  };
  const before = await read();
  const { body: office } = await call('POST', '/v1/memberships', {
    key: write,
    body: {
      official_id: 'nithya-raman',
      jurisdiction_id: 'los-angeles',
      standing: 'holding',
      start_date: '2026-01-31',
      end_date: '2026-02-01',
    },
  });
  const during = await read();
  t.same([during.offices, during.version], [before.offices + 1, before.version], 'one office more');
  t.not(during.etag, before.etag, 'another ETag for it');
  await call('PATCH', `/v1/memberships/${office.id}`, { key: write, ifMatch: '*', body: { role: 'chair' } });
  const renamed = await read();
  t.not(renamed.etag, during.etag, 'another when the office changes');
  clock.now = new Date(clock.now.getTime() + DAY);
  t.equal((await read()).etag, renamed.etag, 'the same on its last day');
  clock.now = new Date(clock.now.getTime() + DAY);
  const after = await read();
  t.same(
    [after.offices, after.etag],
    [before.offices, before.etag],
    'and the old one on the day it has ended',
  );

  const saved = await call('PATCH', url, { key: write, ifMatch: renamed.etag, body: { honorific: 'Hon.' } });
  t.equal(saved.status, 200, 'offices that came and went do not stand in the way of a change');
  t.equal(saved.headers.etag, (await read()).etag, 'the answer to a change has the ETag of a read');
  const yesterday = await call('GET', '/v1/officials', {
    headers: { 'if-none-match': String((await call('GET', '/v1/officials')).headers.etag) },
  });
  t.equal(yesterday.status, 304);
  const listed = String((await call('GET', '/v1/officials')).headers.etag);
  clock.now = new Date(clock.now.getTime() + DAY);
  const next = await call('GET', '/v1/officials', { headers: { 'if-none-match': listed } });
  t.equal(next.status, 200, 'a list is read anew each day');
});

t.test('a change says which version it is of', async (t) => {
  const { call, key, clock } = await testApp(t, 'seeded');
  const write = await key('write');
  const { body: made } = await call('POST', '/v1/topics', { key: write, body: { name: 'Housing' } });
  const url = `/v1/topics/${made.id}`;
  const bodies = { PATCH: { description: 'x' }, PUT: { name: 'Housing' }, DELETE: undefined };
  for (const [method, body] of Object.entries(bodies)) {
    const request = `${method} ${url}`;
    const asked = { request, key: write, body, at: { header: 'If-Match' } };
    const stale = (name: string, ifMatch: string) => ({
      ...asked,
      name: `${method} with ${name}`,
      ifMatch,
      problem: 'precondition-failed' as const,
      says: /\\"1\\"/,
    });
    await refuses(t, call, [
      { ...asked, name: `${method} without If-Match`, problem: 'precondition-required', says: /\\"1\\"/ },
      stale('an older version', '"0"'),
      stale('a later version', '"2"'),
      stale('a weak ETag, which never matches', 'W/"1"'),
      stale('a list of others', '"2", W/"1", "1x"'),
      stale('a version without quotes', '1'),
      stale('an empty ETag', '""'),
      stale('no ETag at all', 'x'),
    ]);
    const { headers } = await call(method, url, { key: write, ifMatch: '"0"', body });
    t.equal(headers.etag, '"1"', `${method}: the refusal brings the current ETag`);
  }
  t.equal((await call('GET', url)).body.version, 1, 'nothing was changed');

  clock.now = new Date('2026-02-01T00:00:00.000Z');
  const steps: [ifMatch: string, version: number][] = [
    ['"1"', 2],
    ['*', 3],
    ['"1", "3"', 4],
  ];
  for (const [ifMatch, version] of steps) {
    const changed = await call('PATCH', url, { key: write, ifMatch, body: { description: `v${version}` } });
    t.match(
      [changed.status, changed.body.version, changed.headers.etag],
      [200, version, `"${version}"`],
      `${ifMatch} lets version ${version} be made`,
    );
  }
  const { body } = await call('GET', url);
  t.match(body, { version: 4, created_at: made.created_at, updated_at: '2026-02-01T00:00:00.000Z' });
});

t.test('an ETag got with include or fields is as good', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  for (const query of ['include=actions,jurisdiction', 'fields=title', 'include_deleted=true']) {
    const { headers } = await call('GET', `${POLICY}?${query}`);
    const { status } = await call('PATCH', POLICY, {
      key: write,
      ifMatch: String(headers.etag),
      body: { summary: `After ${query}` },
    });
    t.equal(status, 200, query);
    const again = await call('PATCH', POLICY, {
      key: write,
      ifMatch: String(headers.etag),
      body: { summary: 'again' },
    });
    t.equal(again.status, 412, `${query}: but only once`);
  }
});

t.test('a change that changes nothing leaves no trace', async (t) => {
  const { call, key, db, clock } = await testApp(t, 'seeded');
  const write = await key('write');
  const { body: before } = await call('GET', POLICY);
  const changes = async () =>
    (await db.read((session) => session.all('whole log', (on) => on.select().from(db.tables.changes))))
      .length;
  const logged = await changes();
  clock.now = new Date(clock.now.getTime() + DAY);
  const { id, version, created_at, updated_at, ...content } = before;
  const same: [string, object][] = [
    ['PATCH', {}],
    ['PATCH', { title: before.title }],
    ['PATCH', { jurisdiction_id: 'los-angeles' }],
    ['PATCH', { slug: before.slug, identifiers: before.identifiers }],
    ['PATCH', { law_number: null }],
    ['PUT', content],
  ];
  for (const [method, body] of same) {
    const { status, body: after, headers } = await call(method, POLICY, { key: write, ifMatch: '*', body });
    t.equal(status, 200);
    t.strictSame(after, before, `${method} ${JSON.stringify(body).slice(0, 40)}`);
    t.equal(headers.etag, `"${version}"`);
  }
  t.ok(id && created_at && updated_at);
  t.equal(await changes(), logged, 'the log has no new line');
});

t.test('of two who change the same version, one is told', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const { headers } = await call('GET', POLICY);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      call('PATCH', POLICY, { key: write, ifMatch: String(headers.etag), body: { summary: `by ${at}` } }),
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  t.same(statuses, [200, ...Array.from({ length: 7 }, () => 412)]);
  const [won] = answers.filter(({ status }) => status === 200);
  t.strictSame((await call('GET', POLICY)).body, won?.body, 'and the one change stands');
});
