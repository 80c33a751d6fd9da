import t from 'tap';
import { testApp } from '../helper.ts';

/** Number of the newest change of an app. */
async function newest(call: Awaited<ReturnType<typeof testApp>>['call']): Promise<string> {
  const { body } = await call('GET', '/v1/changes?limit=1');
  return String(body.meta.revision);
}

t.test('an answer to a write says which change it made, and so does a repeat of it', async (t) => {
  const { call, key } = await testApp(t);
  const writer = await key('write');
  const once = { 'idempotency-key': 'once' };
  const create = () => call('POST', '/v1/topics', { key: writer, body: { name: 'First' }, headers: once });
  const made = await create();
  t.equal(made.status, 201);
  t.equal(String(made.headers['x-revision']), await newest(call));
  const rows: [method: string, url: string, options: object, status: number][] = [
    ['POST', '/v1/topics', { body: { name: 'Second' } }, 201],
    ['PATCH', '/v1/topics/first', { body: { description: 'A' }, ifMatch: '*' }, 200],
    ['PATCH', '/v1/topics/first', { body: { description: 'A' }, ifMatch: '*' }, 200],
    ['PUT', '/v1/topics/first', { body: { name: 'First' }, ifMatch: '*' }, 200],
    ['POST', '/v1/topics/batch', { body: { items: [{ record: { name: 'Third' } }] } }, 200],
    ['POST', '/v1/batch', { body: { items: [{ kind: 'topic', record: { name: 'Fourth' } }] } }, 200],
    ['DELETE', '/v1/topics/second', { ifMatch: '*' }, 204],
    ['POST', '/v1/topics/second/restore', {}, 200],
    ['POST', '/v1/topics/second/merge', { body: { into: 'first' } }, 200],
  ];
  for (const [method, url, options, status] of rows) {
    const answer = await call(method, url, { key: writer, ...options });
    t.equal(answer.status, status, `${method} ${url}`);
    t.equal(String(answer.headers['x-revision']), await newest(call), 'says how far the log goes with it');
  }
  const again = await create();
  t.equal(again.headers['idempotent-replayed'], 'true');
  t.equal(String(again.headers['x-revision']), await newest(call), 'a repeat takes in what came since');
});

t.test('a refusal of a write says what it was judged by', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const writer = await key('write');
  for (const [method, url, options, status] of [
    ['PATCH', '/v1/topics/immigration', { body: { description: 'A' }, ifMatch: '"99"' }, 412],
    ['DELETE', '/v1/topics/immigration', { ifMatch: '*' }, 409],
  ] as const) {
    const answer = await call(method, url, { key: writer, ...options });
    t.equal(answer.status, status);
    t.equal(String(answer.headers['x-revision']), await newest(call));
  }
});

t.test('answers that take in the log up to a change say so, also when nothing has changed', async (t) => {
  const { call } = await testApp(t, 'seeded', { RESPONSE_CACHE: 1 });
  const revision = await newest(call);
  const policy = '/v1/policies/los-angeles-sanctuary-city-ordinance';
  for (const url of [
    '/v1/policies?limit=2',
    '/v1/policies?limit=2',
    '/v1/policies?q=immigration',
    '/v1/policies.csv',
    '/v1/changes?limit=1',
    '/v1/search?q=immigration',
    '/v1/feeds/policies.json',
    `${policy}/timeline`,
    `${policy}/history`,
    `${policy}/actions`,
  ]) {
    const { status, headers } = await call('GET', url);
    t.equal(status, 200, url);
    t.equal(String(headers['x-revision']), revision);
    const unchanged = await call('GET', url, { headers: { 'if-none-match': String(headers.etag) } });
    t.same([unchanged.status, String(unchanged.headers['x-revision'])], [304, revision]);
  }
});

t.test('X-Revision of a request is the number of a change there is', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const writer = await key('write');
  const revision = await newest(call);
  const beyond = String(Number(revision) + 1);
  for (const sent of ['0', '1', revision, revision.padStart(15, '0')]) {
    const { status } = await call('GET', '/v1/policies?limit=1', { headers: { 'x-revision': sent } });
    t.equal(status, 200, sent);
  }
  for (const sent of ['', 'r1', '-1', '1.5', '1e3', ' ', `${revision}, 1`, '1'.padStart(16, '0')]) {
    const { status, body } = await call('GET', '/v1/policies', { headers: { 'x-revision': sent } });
    t.equal(status, 400, `'${sent}'`);
    t.match(body, { type: '/problems/invalid-parameter', errors: [{ header: 'X-Revision', got: sent }] });
  }
  for (const [method, url, options] of [
    ['GET', '/v1/policies', {}],
    ['GET', '/v1/changes', {}],
    ['POST', '/v1/topics', { key: writer, body: { name: 'New' } }],
  ] as const) {
    const { status, body } = await call(method, url, { ...options, headers: { 'x-revision': beyond } });
    t.equal(status, 400, `${method} ${url}`);
    t.match(body.errors, [
      { header: 'X-Revision', message: 'lies beyond the last change', got: Number(beyond) },
    ]);
    t.match(body.detail, `The last change is ${revision}.`);
  }
  const made = await call('POST', '/v1/topics', {
    key: writer,
    body: { name: 'New' },
    headers: { 'x-revision': revision },
  });
  t.equal(made.status, 201);
});
