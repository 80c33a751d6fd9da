import t from 'tap';
import type { Database } from '../../src/db/database.ts';
import { catalogue } from '../../src/errors.ts';
import { appOver } from '../databases.ts';
import { readingApp, testApp } from '../helper.ts';
import { type Refusal, refuses } from './refusals.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const typed = (type: string) => ({ headers: { 'content-type': type }, payload: '{"name":"x"}' });

t.test('an address where nothing is', async (t) => {
  const { call } = await readingApp(t);
  const rows: Refusal[] = [
    { name: 'outside the API', request: 'GET /nope', problem: 'not-found', says: /nothing at \/nope/ },
    { name: 'an unknown kind', request: 'GET /v1/policys', problem: 'not-found' },
    { name: 'kinds are lower case', request: 'GET /V1/policies', problem: 'not-found' },
    { name: 'a write to an unknown kind', request: 'POST /v1/policys', body: {}, problem: 'not-found' },
    {
      name: 'a slug with a letter missing names the right one',
      request: 'GET /v1/policies/los-angeles-sanctuary-city-ordinanc',
      problem: 'not-found',
      says: /did you mean 'los-angeles-sanctuary-city-ordinance'\?/,
    },
    {
      name: 'a slug of another kind is not found',
      request: 'GET /v1/officials/los-angeles',
      problem: 'not-found',
    },
    {
      name: 'an id that nobody has',
      request: 'GET /v1/policies/00000000-0000-4000-8000-000000000000',
      problem: 'not-found',
    },
    {
      name: 'parts of a policy that is not there',
      request: 'GET /v1/policies/nope/actions',
      problem: 'not-found',
    },
    { name: 'a problem that is not in the catalogue', request: 'GET /problems/nope', problem: 'not-found' },
    { name: 'a name every object has', request: 'GET /problems/constructor', problem: 'not-found' },
  ];
  await refuses(t, call, rows);
});

t.test('a method that the address does not take, with those it does', async (t) => {
  const { call } = await testApp(t);
  const rows: [request: string, allow: string][] = [
    ['POST /docs/', 'GET, HEAD'],
    ['DELETE /v1/policies', 'GET, HEAD, POST'],
    ['PUT /v1/policies', 'GET, HEAD, POST'],
    ['POST /v1/policies/x', 'DELETE, GET, HEAD, PATCH, PUT'],
    ['GET /v1/policies/x/restore', 'POST'],
    ['POST /v1/votes', 'GET, HEAD'],
    ['PATCH /v1/votes/x', 'GET, HEAD'],
    ['POST /v1/policies/x/actions', 'GET, HEAD'],
    ['POST /v1/vocabularies', 'GET, HEAD'],
    ['DELETE /health/live', 'GET, HEAD'],
    ['PUT /openapi.json', 'GET, HEAD'],
    ['DELETE /', 'GET, HEAD'],
    ['TRACE /v1/policies', 'GET, HEAD, POST'],
    ['PROPFIND /v1/policies', 'GET, HEAD, POST'],
  ];
  for (const [request, allow] of rows) {
    const [method = '', url = ''] = request.split(' ');
    await refuses(t, call, [{ name: request, request, problem: 'method-not-allowed' }]);
    t.equal((await call(method, url)).headers.allow, allow, `${request} says Allow: ${allow}`);
  }
});

t.test('an address that cannot be read', async (t) => {
  const { app, call } = await testApp(t);
  await refuses(t, call, [
    { name: 'bad percent-encoding in a path', request: 'GET /v1/policies/%zz', problem: 'bad-request' },
    { name: 'half an escape', request: 'GET /v1/policies/a%2', problem: 'bad-request' },
    { name: 'an overlong form of UTF-8', request: 'GET /v1/policies/%c0%af', problem: 'bad-request' },
    { name: 'a surrogate in a path', request: 'GET /v1/policies/%ED%A0%80', problem: 'bad-request' },
    {
      name: 'a NUL in a path',
      request: 'GET /v1/policies/%00',
      problem: 'invalid-parameter',
      at: { parameter: 'id' },
    },
    {
      name: 'a NUL in a filter',
      request: 'GET /v1/policies?session=a%00',
      problem: 'invalid-parameter',
      at: { parameter: 'session' },
    },
    {
      name: 'an id longer than any',
      request: `GET /v1/policies/${'a'.repeat(201)}`,
      problem: 'invalid-parameter',
      at: { parameter: 'id' },
      says: /1 to 200 characters/,
    },
  ]);
  for (const query of ['session=%zz', 'session=%ED%A0%80', '%zz=1', 'session=100%']) {
    const { statusCode, body } = await app.inject(`/v1/policies?${query}`);
    t.same(
      [statusCode, JSON.parse(body).type],
      [400, '/problems/bad-request'],
      `?${query} is not guessed at`,
    );
  }
  const long = await app.inject(`/v1/policies?session=${'a'.repeat(8200)}`);
  t.same([long.statusCode, long.json().type], [414, '/problems/uri-too-long'], 'too long an address');
  const segment = await app.inject(`/v1/policies/${'a'.repeat(600)}`);
  t.same([segment.statusCode, segment.json().type], [414, '/problems/uri-too-long'], 'too long a segment');
});

t.test('a form of answer that there is none of', async (t) => {
  const { call } = await readingApp(t);
  const accepting = (accept: string): Refusal => ({
    name: `Accept: ${accept}`,
    request: 'GET /v1/policies',
    headers: { accept },
    problem: 'not-acceptable',
    at: { header: 'Accept' },
    says: /application\/json/,
  });
  const refused = ['text/html', 'application/xml', 'application/json;q=0', 'image/*'];
  await refuses(t, call, refused.map(accepting));
  for (const accept of ['*/*', 'application/*', 'text/html, application/json;q=0.1', 'application/json']) {
    const { status } = await call('GET', '/v1/policies', { headers: { accept } });
    t.equal(status, 200, `Accept: ${accept} is answered`);
  }
});

t.test('a parameter that is unknown or wrong names what would be right', async (t) => {
  const { call } = await readingApp(t);
  const wrong = (query: string, parameter: string, says: RegExp): Refusal => ({
    name: query,
    request: `GET /v1/policies?${query}`,
    problem: 'invalid-parameter',
    at: { parameter },
    says,
  });
  await refuses(t, call, [
    wrong('statuss=passed', 'statuss', /did you mean 'status'\?/),
    wrong('constructor=1', 'constructor', /one of limit, cursor/),
    wrong('status=pased', 'status', /did you mean 'passed'\?/),
    wrong('status=passed,enactd', 'status', /did you mean 'enacted'\?/),
    wrong('status=', 'status', /one of announced/),
    wrong('jurisdiction=los-angles', 'jurisdiction', /did you mean 'los-angeles'\?/),
    wrong('topic=imigration', 'topic', /did you mean 'immigration'\?/),
    wrong('fields=titel', 'fields', /did you mean 'title'\?/),
    wrong('sort=titel', 'sort', /did you mean 'title'\?/),
    wrong('include=action', 'include', /did you mean 'actions'\?/),
    wrong('include=actions.organization.parent', 'include', /one of/),
    wrong('limit=0', 'limit', /a number from 1 to 200/),
    wrong('limit=201', 'limit', /a number from 1 to 200/),
    wrong('limit=ten', 'limit', /integer/),
    wrong('limit=', 'limit', /integer/),
    wrong('limit=1.5', 'limit', /integer/),
    wrong('limit=5&limit=6', 'limit', /integer/),
    wrong('include_deleted=yes', 'include_deleted', /boolean/),
    wrong('count=about', 'count', /one of exact/),
    wrong('format=xml', 'format', /one of json/),
    wrong('introduced_since=2024-02-30', 'introduced_since', /a partial date/),
    wrong('updated_since=2024-13', 'updated_since', /an instant such as/),
    wrong('cursor=nonsense', 'cursor', /is not a cursor/),
    {
      name: 'an unknown parameter of a read',
      request: 'GET /v1/policies/x?limit=1',
      problem: 'invalid-parameter',
      at: { parameter: 'limit' },
    },
    {
      name: 'any parameter where there are none',
      request: 'GET /health/live?verbose=1',
      problem: 'invalid-parameter',
      at: { parameter: 'verbose' },
      says: /no parameter at all/,
    },
    {
      name: 'an identifier without its scheme',
      request: 'GET /v1/officials?identifier=Q42',
      problem: 'invalid-parameter',
      at: { parameter: 'identifier' },
      says: /scheme:value/,
    },
    {
      name: 'a field that is no pointer',
      request: 'GET /v1/conflicts?field=name',
      problem: 'invalid-parameter',
      at: { parameter: 'field' },
      says: /a JSON Pointer such as \/status/,
    },
    {
      name: 'a checksum among several that is none',
      request: `GET /v1/sources?sha256=${'a'.repeat(64)},abc`,
      problem: 'invalid-parameter',
      at: { parameter: 'sha256' },
      says: /64 lower-case hexadecimal digits/,
    },
    {
      name: 'a day that is not one',
      request: 'GET /v1/memberships?on=2024-02',
      problem: 'invalid-parameter',
      at: { parameter: 'on' },
      says: /YYYY-MM-DD/,
    },
  ]);
});

t.test('a body of the wrong kind', async (t) => {
  const { call, key } = await testApp(t);
  const request = 'POST /v1/topics';
  const given = { request, key: await key('write') };
  const media: Omit<Refusal, 'request' | 'problem'>[] = [
    { name: 'plain text', ...typed('text/plain') },
    { name: 'a form', ...typed('application/x-www-form-urlencoded') },
    { name: 'a JSON patch', ...typed('application/json-patch+json') },
    { name: 'no type at all', payload: '{"name":"x"}' },
    { name: 'a type that is none', ...typed('nonsense') },
    { name: 'a merge patch on POST', ...typed('application/merge-patch+json') },
    { name: 'another charset', ...typed('application/json; charset=latin1') },
    {
      name: 'a compressed body',
      headers: { ...JSON_BODY, 'content-encoding': 'gzip' },
      payload: '{"name":"x"}',
    },
  ];
  await refuses(
    t,
    call,
    media.map((row) => ({ ...row, ...given, problem: 'unsupported-media-type' as const })),
  );
  const put = { ...given, request: 'PUT /v1/topics/x', ifMatch: '*' };
  await refuses(t, call, [
    {
      ...put,
      name: 'a merge patch on PUT',
      ...typed('application/merge-patch+json'),
      problem: 'unsupported-media-type',
    },
    {
      ...given,
      name: 'more than a mebibyte',
      body: { name: 'a'.repeat(1024 * 1024) },
      problem: 'payload-too-large',
      says: /1048576 bytes/,
    },
  ]);
  const good = ['application/json;charset=utf-8', 'application/json; charset="UTF-8"', 'Application/JSON'];
  for (const type of good) {
    const { status } = await call('POST', '/v1/topics', { key: given.key, ...typed(type) });
    t.equal(status, 201, `${type} is taken`);
  }
});

t.test('what goes wrong inside stays inside', async (t) => {
  const { db } = await testApp(t);
  const secret = 'SQLITE_IOERR reading /srv/secret.db: select * from api_keys';
  const fail = async (): Promise<never> => {
    throw new Error(secret);
  };
  const broken: Database = { ...db, read: fail, write: fail };
  const app = await appOver({ db: broken });
  t.teardown(() => app.close());
  const rows = [
    ['/v1/policies', 500, 'internal'],
    ['/v1/policies/x', 500, 'internal'],
    ['/health/ready', 503, 'unavailable'],
  ] as const;
  for (const [url, status, problem] of rows) {
    const { statusCode, headers, body } = await app.inject(url);
    const { instance, ...rest } = JSON.parse(body);
    const { title } = catalogue[problem];
    t.same([statusCode, rest.type, rest.title], [status, `/problems/${problem}`, title], `${url} fails`);
    t.same(Object.keys(rest), ['type', 'title', 'status', 'detail'], `${url} says nothing more`);
    t.notMatch(
      `${body}${JSON.stringify(headers)}`,
      /SQLITE|secret|api_keys|\.ts|at /,
      `${url} leaks nothing`,
    );
    t.equal(instance, `urn:uuid:${headers['x-request-id']}`);
  }
  t.equal((await app.inject('/health/ready')).headers['retry-after'], '1');
  t.equal((await app.inject('/health/live')).statusCode, 200, 'the process lives all the same');
});

t.test('every problem has a page, and the catalogue has every problem this service can meet', async (t) => {
  const { call } = await testApp(t);
  for (const [name, { status, title }] of Object.entries(catalogue)) {
    const page = await call('GET', `/problems/${name}`);
    t.equal(page.status, 200, `/problems/${name} is a page`);
    t.match(page.headers['content-type'], /^text\/html/);
    t.match(page.text, `${title} (${status})`);
  }
  const needed = `bad-request invalid-parameter invalid-body unsupported-media-type unauthenticated forbidden
    not-found gone method-not-allowed not-acceptable conflict duplicate still-referenced precondition-failed
    precondition-required payload-too-large uri-too-long unprocessable unavailable internal`;
  const missing = needed.split(/\s+/).filter((name) => !Object.hasOwn(catalogue, name));
  t.same(missing, [], 'nothing of the contract’s catalogue is missing');
});
