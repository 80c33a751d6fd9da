import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { filtersOf } from '../../src/engine/filters.ts';
import { sentToReceivers } from '../../src/http/delivery-schemas.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { testApp } from '../helper.ts';
import { type Refusal, refuses } from './refusals.ts';

const URL_ = 'https://receiver.example/civic';

/** What is looked at of a parameter’s schema. */
interface Shape {
  readonly type?: string;
  readonly format?: string;
  readonly items?: { readonly enum?: readonly string[]; readonly examples?: readonly string[] };
}

/** A seeded tracker, and a key that administers it. */
async function tracker(t: Test, allowed: readonly string[] = []) {
  const tested = await testApp(t, 'seeded', { WEBHOOK_ALLOWED: allowed });
  const key = await tested.key('admin');
  const call = (method: string, url: string, options: object = {}) =>
    tested.call(method, url, { key, ...options });
  const make = async (body: object) => (await call('POST', '/v1/webhooks', { body })).body;
  return { ...tested, key, other: tested.key, ask: call, make };
}

t.test('a webhook is made, read, changed and deleted as records are', async (t) => {
  const { ask, call } = await tracker(t);
  const body = {
    url: URL_,
    description: 'What Los Angeles passes',
    kinds: ['policy', 'action'],
    jurisdictions: ['los-angeles'],
    filters: { policy: { status: ['passed'], topic: ['immigration'], introduced_since: '2024' } },
  };
  const made = await ask('POST', '/v1/webhooks', { body });
  t.equal(made.status, 201);
  t.match(made.body.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  t.equal(made.headers['cache-control'], 'no-store');
  const place = (await call('GET', '/v1/jurisdictions/los-angeles')).body.id;
  const topic = (await call('GET', '/v1/topics/immigration')).body.id;
  const { secret, ...shown } = made.body;
  t.match(shown, {
    ...body,
    jurisdictions: [place],
    filters: { policy: { status: ['passed'], topic: [topic], introduced_since: '2024' } },
    payload: 'full',
    status: 'enabled',
    disabled_reason: null,
    failures: 0,
    version: 1,
  });
  const url = String(made.headers.location);
  const read = await ask('GET', url);
  t.strictSame(read.body, shown, 'the secret was shown once');
  t.equal(read.headers.etag, made.headers.etag);
  const having = { headers: { 'if-none-match': String(read.headers.etag) } };
  t.equal((await ask('GET', url, having)).status, 304);

  const ifMatch = String(read.headers.etag);
  const patched = await ask('PATCH', url, {
    ifMatch,
    body: { status: 'disabled', jurisdictions: null, filters: { policy: { topic: null } }, payload: 'thin' },
  });
  t.equal(patched.status, 200);
  t.match(patched.body, {
    status: 'disabled',
    disabled_reason: 'by_hand',
    disabled_at: String,
    jurisdictions: null,
    filters: { policy: { status: ['passed'] } },
    payload: 'thin',
    version: 2,
  });
  t.notOk('topic' in patched.body.filters.policy, 'null takes a filter away');
  t.equal((await ask('PATCH', url, { ifMatch, body: {} })).status, 412, 'it is not as it was');
  const on = await ask('PATCH', url, { ifMatch: String(patched.headers.etag), body: { status: 'enabled' } });
  t.match(on.body, { status: 'enabled', disabled_reason: null, disabled_at: null, version: 3 });

  const listed = await ask('GET', '/v1/webhooks');
  t.strictSame(listed.body.data, [on.body]);
  t.equal((await ask('DELETE', url)).status, 428);
  t.equal((await ask('DELETE', url, { ifMatch: String(on.headers.etag) })).status, 204);
  t.equal((await ask('GET', url)).status, 404);
  t.notOk(JSON.stringify([read.body, patched.body, listed.body]).includes(secret));
});

t.test('webhooks and deliveries are listed page by page', async (t) => {
  const { ask, make } = await tracker(t);
  const made: string[] = [];
  for (let at = 0; at < 5; at += 1) made.push((await make({ url: `${URL_}/${at}` })).id);
  const crawl = async (first: string) => {
    const ids: string[] = [];
    for (let url: string | null = first; url !== null; ) {
      const { body }: { body: { data: { id: string }[]; links: { next: string | null } } } = await ask(
        'GET',
        url,
      );
      ids.push(...body.data.map(({ id }) => id));
      url = body.links.next;
    }
    return ids;
  };
  t.same(await crawl('/v1/webhooks?limit=2'), made);
  const url = `/v1/webhooks/${made[0]}`;
  const pings: string[] = [];
  for (let at = 0; at < 5; at += 1) pings.push((await ask('POST', `${url}/ping`)).body.id);
  t.same(await crawl(`${url}/deliveries?limit=2`), pings.toReversed(), 'the newest first');
  t.same(await crawl(`${url}/deliveries?limit=2&state=pending,failed`), pings.toReversed());
  t.same(await crawl(`${url}/deliveries?state=delivered`), []);
  const one = await ask('GET', `${url}/deliveries/${pings[1]}`);
  t.match(one.body, { number: 2, next_attempt_at: null, under_way: false, attempts: [] });
  const having = { headers: { 'if-none-match': String(one.headers.etag) } };
  t.equal((await ask('GET', `${url}/deliveries/${pings[1]}`, having)).status, 304);
});

t.test('every filter of every kind can be asked for', async (t) => {
  const { make } = await tracker(t);
  for (const name of ['policy', 'membership', 'vote_event', 'citation']) {
    const filters: Record<string, unknown> = {};
    for (const [filter, { refersTo, schema }] of filtersOf(kindNamed(name))) {
      const { type, format, items } = schema as Shape;
      if (filter === 'updated_since' || (refersTo && refersTo !== '*')) continue;
      if (type === 'array')
        filters[filter] = [
          items?.enum?.[0] ??
            items?.examples?.[0] ??
            (refersTo ? '01890000-0000-7000-8000-000000000000' : 'a:b'),
        ];
      else filters[filter] = type === 'boolean' ? true : format === 'day' ? '2024-11-19' : '2024';
    }
    const made = await make({ url: URL_, kinds: [name], filters: { [name]: filters } });
    t.same(made.filters, { [name]: filters }, `${name}: ${Object.keys(filters).length} filters`);
  }
});

t.test('what cannot be a webhook is refused', async (t) => {
  const tested = await tracker(t);
  const { call, key, make, ask } = tested;
  const write = await tested.other('write');
  const { id } = await make({ url: URL_ });
  const revision = (await ask('GET', '/v1/topics?limit=1')).body.meta.revision;
  const create = { request: 'POST /v1/webhooks', key };
  const bodies: [name: string, body: object, problem: Refusal['problem'], pointer: string, says: RegExp][] = [
    ['no address', {}, 'invalid-body', '/url', /url/],
    ['a path', { url: '/hook' }, 'invalid-body', '/url', /http or https address/],
    ['another scheme', { url: 'ftp://a.example/' }, 'invalid-body', '/url', /http or https/],
    ['http', { url: 'http://a.example/' }, 'unprocessable', '/url', /https/],
    ['a password in the address', { url: 'https://me:secret@a.example/' }, 'unprocessable', '/url', /signed/],
    ['a fragment', { url: 'https://a.example/#x' }, 'unprocessable', '/url', /#/],
    ['loopback', { url: 'https://127.0.0.1/' }, 'unprocessable', '/url', /loopback/],
    [
      'loopback as a number',
      { url: 'https://2130706433/' },
      'unprocessable',
      '/url',
      /127\.0\.0\.1 is loopback/,
    ],
    ['loopback of IPv6', { url: 'https://[::1]:8443/' }, 'unprocessable', '/url', /loopback/],
    ['wrapped in IPv6', { url: 'https://[::ffff:10.0.0.1]/' }, 'unprocessable', '/url', /private/],
    ['metadata of a cloud', { url: 'https://169.254.169.254/latest' }, 'unprocessable', '/url', /link-local/],
    ['a kind misspelt', { url: URL_, kinds: ['polcy'] }, 'invalid-body', '/kinds/0', /did you mean 'policy'/],
    ['no kind at all', { url: URL_, kinds: [] }, 'invalid-body', '/kinds', /1/],
    [
      'a place misspelt',
      { url: URL_, jurisdictions: ['los-angles'] },
      'unprocessable',
      '/jurisdictions/0',
      /did you mean 'los-angeles'/,
    ],
    [
      'filters without kinds',
      { url: URL_, filters: { policy: { status: ['passed'] } } },
      'unprocessable',
      '/filters/policy',
      /kinds that name policy/,
    ],
    [
      'filters of another kind',
      { url: URL_, kinds: ['action'], filters: { policy: { status: ['passed'] } } },
      'unprocessable',
      '/filters/policy',
      /not among kinds/,
    ],
    [
      'a filter misspelt',
      { url: URL_, kinds: ['policy'], filters: { policy: { statuss: ['passed'] } } },
      'invalid-body',
      '/filters/policy/statuss',
      /did you mean 'status'/,
    ],
    [
      'a word misspelt',
      { url: URL_, kinds: ['policy'], filters: { policy: { status: ['pased'] } } },
      'invalid-body',
      '/filters/policy/status/0',
      /did you mean 'passed'/,
    ],
    [
      'a reference that leads nowhere',
      { url: URL_, kinds: ['policy'], filters: { policy: { topic: ['immigration', 'migration'] } } },
      'unprocessable',
      '/filters/policy/topic/1',
      /there is no topic/,
    ],
    [
      'a record of any kind by its slug',
      { url: URL_, kinds: ['citation'], filters: { citation: { record_id: ['karen-bass'] } } },
      'unprocessable',
      '/filters/citation/record_id/0',
      /id/,
    ],
    [
      'a day that does not exist',
      { url: URL_, kinds: ['policy'], filters: { policy: { adopted_since: '2024-02-30' } } },
      'invalid-body',
      '/filters/policy/adopted_since',
      /date/,
    ],
    ['a secret of their own', { url: URL_, secret: 'whsec_x' }, 'invalid-body', '/secret', /unknown/],
    ['a payload misspelt', { url: URL_, payload: 'thick' }, 'invalid-body', '/payload', /full, thin/],
    [
      'a start beyond the end',
      { url: URL_, after: revision + 1 },
      'unprocessable',
      '/after',
      new RegExp(`0 to ${revision}`),
    ],
  ];
  await refuses(t, call, [
    ...bodies.map(([name, body, problem, pointer, says]) => ({
      ...create,
      name,
      body,
      problem,
      at: { pointer },
      says,
    })),
    {
      name: 'a patch to a start',
      request: `PATCH /v1/webhooks/${id}`,
      key,
      ifMatch: '*',
      body: { after: 1 },
      problem: 'invalid-body',
      at: { pointer: '/after' },
    },
    {
      name: 'a patch that takes away the address',
      request: `PATCH /v1/webhooks/${id}`,
      key,
      ifMatch: '*',
      body: { url: null },
      problem: 'invalid-body',
      at: { pointer: '/url' },
    },
    {
      name: 'a patch without If-Match',
      request: `PATCH /v1/webhooks/${id}`,
      key,
      body: {},
      problem: 'precondition-required',
      at: { header: 'If-Match' },
    },
    {
      name: 'a secret kept for too long',
      request: `POST /v1/webhooks/${id}/rotate-secret`,
      key,
      body: { keep_hours: 169 },
      problem: 'invalid-body',
      at: { pointer: '/keep_hours' },
      says: /168/,
    },
    { name: 'nobody', request: 'GET /v1/webhooks/nobody', key, problem: 'not-found' },
    {
      name: 'nobody’s deliveries',
      request: 'GET /v1/webhooks/01890000-0000-7000-8000-000000000000/deliveries',
      key,
      problem: 'not-found',
    },
    { name: 'no delivery', request: `GET /v1/webhooks/${id}/deliveries/x`, key, problem: 'not-found' },
    {
      name: 'a state misspelt',
      request: `GET /v1/webhooks/${id}/deliveries?state=done`,
      key,
      problem: 'invalid-parameter',
      at: { parameter: 'state' },
      says: /one of pending, delivered, failed/,
    },
    {
      name: 'a cursor of another list',
      request: `GET /v1/webhooks/${id}/deliveries?cursor=x`,
      key,
      problem: 'invalid-parameter',
      at: { parameter: 'cursor' },
    },
    { name: 'a write key', request: 'GET /v1/webhooks', key: write, problem: 'forbidden', says: /admin/ },
    { name: 'nobody at all', request: 'GET /v1/webhooks', problem: 'unauthenticated' },
  ]);
});

t.test('what is disabled, or still under way, is not sent once more', async (t) => {
  const { call, key, make, ask } = await tracker(t);
  const { id } = await make({ url: URL_ });
  const { body: queued } = await ask('POST', `/v1/webhooks/${id}/ping`);
  const redeliver = `POST /v1/webhooks/${id}/deliveries/${queued.id}/redeliver`;
  const conflict = { key, problem: 'conflict' } as const;
  await refuses(t, call, [
    { ...conflict, name: 'it will come', request: redeliver, says: /still to be delivered/ },
  ]);
  await ask('PATCH', `/v1/webhooks/${id}`, { ifMatch: '*', body: { status: 'disabled' } });
  await refuses(t, call, [
    { ...conflict, name: 'redelivered', request: redeliver, says: /disabled/ },
    { ...conflict, name: 'tried', request: `POST /v1/webhooks/${id}/ping`, says: /disabled \(by_hand\)/ },
  ]);
});

t.test('what the operator allows may be written with http, and nothing else', async (t) => {
  const { ask, call, key } = await tracker(t, ['10.1.0.0/16', '::1']);
  for (const url of [
    'http://10.1.2.3:8080/x',
    'https://10.1.2.3/',
    'http://[::1]/',
    'http://inside.example/',
  ])
    t.equal((await ask('POST', '/v1/webhooks', { body: { url } })).status, 201, url);
  const create = {
    request: 'POST /v1/webhooks',
    key,
    problem: 'unprocessable',
    at: { pointer: '/url' },
  } as const;
  await refuses(t, call, [
    { ...create, name: 'another range', body: { url: 'https://10.2.0.1/' }, says: /private/ },
    { ...create, name: 'http in public', body: { url: 'http://8.8.8.8/' }, says: /https/ },
  ]);
});

t.test('there are not more webhooks than can be served', async (t) => {
  const { ask, make, call, key } = await tracker(t);
  for (let at = 0; at < 100; at += 1) await make({ url: URL_, status: 'disabled' });
  await refuses(t, call, [
    {
      name: 'the 101st',
      request: 'POST /v1/webhooks',
      key,
      body: { url: URL_ },
      problem: 'conflict',
      says: /100/,
    },
  ]);
  t.equal((await ask('GET', '/v1/webhooks?limit=200')).body.data.length, 100);
});

t.test('the description says what a receiver is sent', async (t) => {
  const described = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'));
  t.same(described.webhooks, JSON.parse(JSON.stringify(sentToReceivers)));
  const { type } = described.components.schemas.WebhookMessage.properties;
  t.ok(type.enum.includes('policy.updated') && type.enum.includes('webhook.ping'));
});
