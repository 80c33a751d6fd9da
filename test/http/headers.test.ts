import t from 'tap';
import { testApp } from '../helper.ts';

const POLICY = '/v1/policies/los-angeles-sanctuary-city-ordinance';
const ORIGIN = { origin: 'https://example.org' };

t.test('pages of other sites may read, and only read', async (t) => {
  const { app, call, key } = await testApp(t, 'seeded');
  for (const url of ['/v1/policies', POLICY, '/v1/nope', '/openapi.json', '/health/live', `${POLICY}?x=1`]) {
    const { headers } = await call('GET', url, { headers: ORIGIN });
    t.equal(headers['access-control-allow-origin'], '*', `${url} is open`);
    t.equal(headers['access-control-allow-credentials'], undefined, `${url} takes no credentials`);
  }
  const { headers } = await call('GET', '/v1/policies?limit=1', { headers: ORIGIN });
  const exposed = String(headers['access-control-expose-headers']).toLowerCase().split(', ');
  for (const name of [
    'etag',
    'link',
    'location',
    'x-request-id',
    'retry-after',
    'ratelimit',
    'ratelimit-policy',
  ])
    t.ok(exposed.includes(name), `${name} can be read`);

  const preflight = (method: string, asked = 'if-none-match') =>
    app.inject({
      method: 'OPTIONS',
      url: POLICY,
      headers: {
        ...ORIGIN,
        'access-control-request-method': method,
        'access-control-request-headers': asked,
      },
    });
  const read = await preflight('GET', 'authorization, if-none-match');
  t.equal(read.statusCode, 204);
  const methods = String(read.headers['access-control-allow-methods']).split(', ');
  t.same(methods.sort(), ['GET', 'HEAD', 'OPTIONS'], 'no method that writes is allowed');
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const allowed = String((await preflight(method)).headers['access-control-allow-methods']);
    t.notMatch(allowed, method, `${method} is not allowed`);
  }
  const named = String(read.headers['access-control-allow-headers']).toLowerCase().split(', ');
  t.same(
    named.sort(),
    ['accept', 'authorization', 'if-none-match', 'if-range', 'last-event-id', 'range', 'x-revision'],
    'nor are headers of writes',
  );
  const simple = await call('POST', '/v1/topics', {
    key: await key('write'),
    payload: '{"name":"a"}',
    headers: { ...ORIGIN, 'content-type': 'text/plain' },
  });
  t.equal(simple.status, 415, 'what needs no preflight is no write');
});

t.test('an OPTIONS that is no preflight is answered, too, and says what the address takes', async (t) => {
  const { app } = await testApp(t);
  const rows: [url: string, allow: string | undefined][] = [
    ['/v1/topics', 'GET, HEAD, OPTIONS, POST'],
    ['/v1/topics/nobody?x=1', 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['/v1/topics/nobody/restore', 'OPTIONS, POST'],
    ['/health/live', 'GET, HEAD, OPTIONS'],
    ['/nope', undefined],
    ['*', undefined],
  ];
  for (const [url, allow] of rows) {
    const { statusCode, body, headers } = await app.inject({ method: 'OPTIONS', url });
    t.same([statusCode, body, headers.allow], [204, '', allow], `OPTIONS ${url}`);
  }
});

t.test('every answer protects who reads it', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const rows = ['/v1/policies', '/v1/nope', '/', '/docs', '/openapi.json', '/problems/gone', '/health/ready'];
  for (const url of rows) {
    const { headers } = await call('GET', url);
    t.equal(headers['x-content-type-options'], 'nosniff', `${url} is what it says it is`);
    t.match(headers['x-frame-options'], /DENY|SAMEORIGIN/, `${url} is in no frame`);
    t.match(headers['content-security-policy'], /frame-ancestors 'none'/, `${url} is in no frame`);
    t.match(headers['referrer-policy'], 'no-referrer', `${url} gives no referrer`);
    t.equal(headers['strict-transport-security'], undefined, `${url} does not force https on plain http`);
    t.notMatch(
      headers['content-security-policy'],
      /upgrade-insecure-requests|https:/,
      `${url} works on http`,
    );
    t.equal(headers['x-powered-by'], undefined);
    t.equal(headers.server, undefined);
  }
  const { headers } = await call('GET', POLICY);
  t.match(headers['content-security-policy'], /default-src 'none'/, 'data loads nothing');
  t.equal(headers['cross-origin-resource-policy'], 'cross-origin', 'and may be loaded by pages of others');
  const ofDocuments = ['cross-origin-opener-policy', 'x-dns-prefetch-control', 'x-download-options'];
  t.match(
    (await call('GET', '/%67uide')).headers['content-security-policy'],
    /default-src 'self'/,
    'spelt so as well',
  );
  const page = await call('GET', '/guide');
  for (const name of ofDocuments) {
    t.ok(page.headers[name], `${name} is for pages`);
    t.equal(headers[name], undefined, `${name} says nothing of data`);
  }
  const gone = await call('DELETE', `${POLICY}?cascade=maybe`, { key: await key('write'), ifMatch: '*' });
  t.equal(gone.headers['x-content-type-options'], 'nosniff', 'errors too');
});

t.test('caches are told what an answer depends on, and how long it lasts', async (t) => {
  const { call } = await testApp(t, 'seeded');
  const rows: [url: string, cache: string][] = [
    ['/v1/policies', 'no-cache'],
    [POLICY, 'no-cache'],
    ['/v1/nope', 'no-store'],
    [`${POLICY}?x=1`, 'no-store'],
    ['/health/live', 'no-store'],
  ];
  for (const [url, cache] of rows) {
    const { headers } = await call('GET', url);
    t.equal(headers['cache-control'], cache, `${url} is ${cache}`);
    const varies = String(headers.vary).split(/, */).sort();
    t.same(
      varies,
      ['Accept', 'Accept-Encoding', 'Authorization', 'X-Revision'],
      `${url} says what it varies by`,
    );
  }
  const { headers } = await call('GET', POLICY);
  const fresh = await call('GET', POLICY, { headers: { 'if-none-match': String(headers.etag) } });
  t.equal(fresh.headers.vary, headers.vary, 'a 304 says the same');
  t.equal(fresh.headers['cache-control'], headers['cache-control']);
});

t.test('HEAD is GET without the body', async (t) => {
  const { app } = await testApp(t, 'seeded');
  for (const url of [
    '/v1/policies?limit=2',
    POLICY,
    '/v1/vocabularies',
    '/health/live',
    '/v1/policies/nobody',
  ]) {
    const got = await app.inject(url);
    const head = await app.inject({ method: 'HEAD', url });
    t.equal(head.statusCode, got.statusCode, `${url} has the same status`);
    t.equal(head.body, '', `${url} has no body`);
    for (const name of ['etag', 'link', 'content-type', 'content-length', 'vary', 'cache-control'])
      t.equal(head.headers[name], got.headers[name], `${url} has the same ${name}`);
  }
  const { headers } = await app.inject({ method: 'HEAD', url: POLICY });
  const known = { 'if-none-match': String(headers.etag) };
  t.equal((await app.inject({ method: 'HEAD', url: POLICY, headers: known })).statusCode, 304);
});

t.test('each answer bears the request’s id, and a problem names the same', async (t) => {
  const { call } = await testApp(t, 'seeded');
  const rows = [
    '/v1/policies',
    '/v1/nope',
    '/v1/policies/%zz',
    '/v1/policies?limit=0',
    '/v1/policies/nobody',
  ];
  const seen = new Set<unknown>();
  for (const url of rows) {
    const { status, headers, body } = await call('GET', url, { headers: { 'request-id': 'mine' } });
    const id = headers['x-request-id'];
    t.match(
      id,
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      `${url} has an id of ours`,
    );
    if (status >= 400) t.equal(body.instance, `urn:uuid:${id}`, `${url} names it`);
    seen.add(id);
  }
  t.equal(seen.size, rows.length, 'no two are the same');
});

t.test('a page after this one is linked in the header as in the body', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const { headers, body } = await call('GET', '/v1/policies?limit=2&type=resolution,pledge');
  t.equal(headers.link, `<${body.links.next}>; rel="next"`);
  const next = await app.inject(body.links.next);
  t.equal(next.statusCode, 200, 'and leads on');
  const last = await call('GET', '/v1/policies?limit=200');
  t.same([last.headers.link, last.body.links.next], [undefined, null], 'the last page leads nowhere');
});

t.test('security.txt says where to tell of weaknesses, for some months from now', async (t) => {
  const { app: silent } = await testApp(t);
  const none = await silent.inject('/.well-known/security.txt');
  t.match([none.statusCode, none.json()], [404, { type: '/problems/not-found' }]);
  const contacts = ['mailto:security@example.org', 'https://example.org/security'];
  const { app } = await testApp(t, 'empty', {
    SECURITY_CONTACT: contacts,
    PUBLIC_URL: 'https://tracker.example.org',
  });
  const answer = await app.inject('/.well-known/security.txt');
  t.match([answer.statusCode, answer.headers['content-type']], [200, 'text/plain; charset=utf-8']);
  t.equal(
    answer.body,
    `Contact: mailto:security@example.org
Contact: https://example.org/security
Expires: 2026-05-01T00:00:00.000Z
Preferred-Languages: en
Canonical: https://tracker.example.org/.well-known/security.txt
`,
  );
});

t.test('the front page is for people, and a catalog for programs', async (t) => {
  const { app } = await testApp(t);
  const asked = async (accept: string) => app.inject({ url: '/', headers: { accept } });
  t.match((await asked('text/html')).headers['content-type'], /text\/html/);
  t.match((await asked('*/*')).headers['content-type'], /text\/html/);
  const catalog = await asked('application/json');
  t.match(catalog.json().linkset[0], { anchor: '/v1', 'service-desc': [{ href: '/openapi.json' }] });
  t.same((await app.inject('/.well-known/api-catalog')).json(), catalog.json());
  t.equal((await asked('image/png')).statusCode, 406);
});
