import t from 'tap';
import { openKeyRing } from '../../src/http/key-ring.ts';
import { createKey, jurisdictionIdsOf, listKeys, revokeKey } from '../../src/http/keys.ts';
import { type CallOptions, freshApp, type TestApp, testApp } from '../helper.ts';
import { until } from '../until.ts';
import { refuses } from './refusals.ts';

const LOS_ANGELES = '/v1/policies/los-angeles-sanctuary-city-ordinance';

const later = (clock: TestApp['clock'], milliseconds: number) => {
  clock.now = new Date(clock.now.getTime() + milliseconds);
};

t.test('a key that is revoked elsewhere stops working within a second', async (t) => {
  const { db, call, clock } = await testApp(t);
  const made = await createKey(db, clock.now, { name: 'k', scope: 'write', expiresAt: null });
  const status = async () => (await call('GET', '/v1/topics', { key: made.key })).status;
  t.equal(await status(), 200);
  await revokeKey(db, clock.now, made.id);
  later(clock, 999);
  t.equal(await status(), 401);
});

t.test('a key is looked up once for many requests, however they come', async (t) => {
  const { db, app, call, clock, key } = await freshApp(t);
  const token = await key('read');
  await call('GET', '/health/live', { key: token });
  await until(async () => (await listKeys(db, clock.now))[0]?.last_used_at !== null);
  const statements = async (asks: () => Promise<unknown>) => {
    const before = db.statements();
    await asks();
    return db.statements() - before;
  };
  const alone = await statements(() => call('GET', '/v1/topics'));
  const asked = (count: number) => () =>
    Promise.all(
      Array.from({ length: count }, () =>
        app.inject({ url: '/v1/topics', headers: { authorization: `Bearer ${token}` } }),
      ),
    );
  t.equal(await statements(asked(20)), 20 * alone, 'while it is remembered');
  later(clock, 501);
  const one = await statements(asked(1));
  later(clock, 501);
  const twenty = await statements(asked(20));
  t.equal(twenty - 20 * alone, one - alone, 'and then once for all that come together');
  t.ok(one > alone, 'but then it is');
});

t.test('when a key was last used is noted beside the requests, and at the end', async (t) => {
  const { app, db, call, clock, key } = await freshApp(t);
  const token = await key('write');
  const used = async () => (await listKeys(db, clock.now))[0]?.last_used_at;
  t.equal(await used(), null);
  await call('GET', '/v1/topics', {
    headers: { authorization: `Bearer ${token.slice(0, 19)}${'a'.repeat(43)}` },
  });
  const first = clock.now.toISOString();
  await call('GET', '/v1/topics', { key: token });
  t.ok(await until(async () => (await used()) === first), 'soon after the first use');
  later(clock, 5_000);
  await call('GET', '/v1/topics', { key: token });
  t.equal(await used(), first, 'then no more than once a minute');
  await app.close();
  t.equal(await used(), clock.now.toISOString(), 'nothing is lost when the service ends');
});

t.test('a key works though its use cannot be written down', async (t) => {
  const { db, key, clock } = await testApp(t);
  const token = await key('read');
  const full = new Error('the disk is full');
  const failures: unknown[] = [];
  const clocks = { now: () => clock.now, elapsed: () => clock.now.getTime() };
  const ring = openKeyRing({ ...db, write: () => Promise.reject(full) }, clocks, (error) =>
    failures.push(error),
  );
  t.match(await ring.find(token), { name: 'read key' });
  await ring.close();
  t.same(failures, [full], 'what went wrong is told once');
});

t.test('keys are listed with what they may do and whether they work', async (t) => {
  const { db, clock } = await testApp(t, 'seeded');
  const make = (name: string, more: object = {}) =>
    createKey(db, clock.now, { name, scope: 'write', expiresAt: null, ...more });
  await make('plain');
  await make('limited', {
    jurisdictionIds: await jurisdictionIdsOf(db, ['los-angeles', 'boston', 'los-angeles']),
    dailyWrites: 5,
  });
  await make('expired', { expiresAt: clock.now.toISOString() });
  const revoked = await make('revoked');
  await revokeKey(db, clock.now, revoked.key.split('_')[1] as string);
  const shown = { jurisdictions: null, daily_writes: null, last_used_at: null, state: 'valid' };
  t.match(await listKeys(db, clock.now), [
    { ...shown, name: 'plain', scopes: ['read', 'write'] },
    { ...shown, name: 'limited', jurisdictions: ['los-angeles', 'boston'], daily_writes: 5 },
    { ...shown, name: 'expired', state: 'expired' },
    { ...shown, name: 'revoked', state: 'revoked', revoked_at: clock.now.toISOString() },
  ]);
  await t.rejects(
    jurisdictionIdsOf(db, ['boston', 'los-angels']),
    /no jurisdiction los-angels; did you mean los-angeles/,
  );
});

t.test('a key limited to jurisdictions changes what belongs to them, and nothing else', async (t) => {
  const { db, call, key } = await testApp(t, 'seeded');
  const [la = '', boston = ''] = await jurisdictionIdsOf(db, ['los-angeles', 'boston']);
  const mine = await key('write', { jurisdictionIds: [la] });
  const both = await key('write', { jurisdictionIds: [la, boston] });
  const admin = await key('admin');
  const policy = { title: 'A', type: 'ordinance', status: 'introduced', jurisdiction_id: la };
  const action = { policy_id: LOS_ANGELES.split('/').at(-1), description: 'Read for the first time.' };
  const elsewhere = (
    await call('POST', '/v1/policies', { key: admin, body: { ...policy, jurisdiction_id: boston } })
  ).body;
  const rows: [
    name: string,
    key: string,
    status: number,
    method: string,
    url: string,
    options?: CallOptions,
  ][] = [
    ['a policy of theirs', mine, 201, 'POST', '/v1/policies', { body: policy }],
    ['a part of one', mine, 201, 'POST', '/v1/actions', { body: action }],
    ['a change of one', mine, 200, 'PATCH', LOS_ANGELES, { body: { short_title: 'A' }, ifMatch: '*' }],
    [
      'the jurisdiction itself',
      mine,
      200,
      'PATCH',
      '/v1/jurisdictions/los-angeles',
      { body: { population: 4 }, ifMatch: '*' },
    ],
    [
      'a policy of another',
      mine,
      403,
      'POST',
      '/v1/policies',
      { body: { ...policy, jurisdiction_id: boston } },
    ],
    [
      'a part of one of another',
      mine,
      403,
      'POST',
      '/v1/actions',
      { body: { ...action, policy_id: elsewhere.id } },
    ],
    ['giving one away', mine, 403, 'PATCH', LOS_ANGELES, { body: { jurisdiction_id: boston }, ifMatch: '*' }],
    [
      'taking one',
      mine,
      403,
      'PATCH',
      `/v1/policies/${elsewhere.id}`,
      { body: { jurisdiction_id: la }, ifMatch: '*' },
    ],
    ['deleting one of another', mine, 403, 'DELETE', `/v1/policies/${elsewhere.id}`, { ifMatch: '*' }],
    [
      'a new jurisdiction',
      mine,
      403,
      'POST',
      '/v1/jurisdictions',
      { body: { name: 'B', classification: 'county' } },
    ],
    ['a topic, which all share', mine, 403, 'POST', '/v1/topics', { body: { name: 'A' } }],
    ['an official who holds no office', mine, 403, 'POST', '/v1/officials', { body: { name: 'Ann A' } }],
    [
      'moving one between two that it has',
      both,
      200,
      'PATCH',
      LOS_ANGELES,
      { body: { jurisdiction_id: boston }, ifMatch: '*' },
    ],
    ['the one that was moved', mine, 403, 'PATCH', LOS_ANGELES, { body: { short_title: 'B' }, ifMatch: '*' }],
    ['reading anything', mine, 200, 'GET', `/v1/policies/${elsewhere.id}`],
  ];
  for (const [name, token, status, method, url, options] of rows) {
    const before = (await call('GET', '/v1/topics?limit=1')).body.meta.revision;
    const answer = await call(method, url, { ...options, key: token });
    t.equal(answer.status, status, `${name} is a ${status}`, answer.body);
    if (status !== 403) continue;
    const after = (await call('GET', '/v1/topics?limit=1')).body.meta.revision;
    t.equal(after, before, `${name} changes nothing`);
  }
});

t.test('a key goes with its jurisdiction where that is merged, and comes back with it', async (t) => {
  const { db, call, clock, key } = await testApp(t, 'seeded');
  const admin = await key('admin');
  const place = { name: 'City of Boston', slug: 'boston-twice', classification: 'municipality' };
  const { body: twice } = await call('POST', '/v1/jurisdictions', { key: admin, body: place });
  const limited = await key('write', { jurisdictionIds: [twice.id] });
  const rename = async (slug: string, name: string) => {
    later(clock, 1000);
    const url = `/v1/jurisdictions/${slug}`;
    return (await call('PATCH', url, { key: limited, ifMatch: '*', body: { name } })).status;
  };
  t.equal(await rename('boston', 'Boston, Massachusetts'), 403);
  const into = { key: admin, body: { into: 'boston' } };
  t.equal((await call('POST', '/v1/jurisdictions/boston-twice/merge', into)).status, 200);
  t.equal(await rename('boston', 'Boston, Massachusetts'), 200, 'its jurisdiction is that one now');
  t.equal(await rename('los-angeles', 'L.A.'), 403, 'and no other');
  t.same(
    (await listKeys(db, clock.now)).map(({ jurisdictions }) => jurisdictions),
    [null, ['boston-twice']],
    'it is listed as it was made',
  );
  const restore = '/v1/jurisdictions/boston-twice/restore?partial=true';
  t.equal((await call('POST', restore, { key: admin })).status, 200);
  t.equal(await rename('boston', 'Boston'), 403);
  t.equal(await rename('boston-twice', 'Boston'), 200);
});

t.test('permission comes before whether the record exists, is deleted, or is as it was', async (t) => {
  const { db, call, key } = await testApp(t, 'seeded');
  const limited = await key('write', { jurisdictionIds: await jurisdictionIdsOf(db, ['boston']) });
  const admin = await key('admin');
  const { body } = await call('POST', '/v1/meetings', {
    key: admin,
    body: { organization_id: 'los-angeles-city-council', name: 'A', date: '2026-01-01', status: 'confirmed' },
  });
  await call('DELETE', `/v1/meetings/${body.id}`, { key: admin, ifMatch: '*' });
  const asked = [
    'PATCH /v1/meetings/nobody',
    'PATCH /v1/meetings/a%00b',
    'PATCH /v1/policies/nobody',
    `PATCH ${LOS_ANGELES}`,
    `PATCH /v1/meetings/${body.id}`,
    `POST /v1/meetings/${body.id}/restore`,
    `PUT ${LOS_ANGELES}`,
    `DELETE ${LOS_ANGELES}`,
  ];
  await refuses(
    t,
    call,
    asked.map((request) => ({
      name: request,
      request,
      key: limited,
      problem: 'forbidden' as const,
      says: /limited to some jurisdictions/,
    })),
  );
});

t.test('a key writes as many records a day as it may, and no more', async (t) => {
  const { db, call, clock, key } = await testApp(t, 'seeded');
  clock.now = new Date('2026-01-31T23:59:58.500Z');
  const token = await key('write', { dailyWrites: 3 });
  const make = (body: object) => call('POST', '/v1/topics', { key: token, body });
  const counted = () =>
    db.read((session) =>
      session.all('counts', (on) =>
        on
          .select({ day: db.tables.keyWrites.day, writes: db.tables.keyWrites.writes } as never)
          .from(db.tables.keyWrites),
      ),
    );
  const first = await make({ name: 'One' });
  t.same(
    [first.status, first.headers.ratelimit, first.headers['ratelimit-policy']],
    [201, '"writes";r=2;t=2', '"writes";q=3;w=86400'],
  );
  t.equal((await make({})).status, 400);
  t.equal((await make({ name: 'A', parent_id: 'nothing' })).status, 422);
  t.equal((await make({ name: 'B', slug: 'immigration' })).status, 409);
  const url = `/v1/topics/${first.body.id}`;
  const same = { key: token, ifMatch: '*', body: { name: 'One' } };
  const unchanged = await call('PATCH', url, same);
  t.same(
    [unchanged.status, unchanged.headers.ratelimit],
    [200, undefined],
    'what changes nothing is no write',
  );
  t.same(await counted(), [{ day: '2026-01-31', writes: 1 }], 'nor is what is refused');
  t.equal(
    (await call('PATCH', url, { ...same, body: { name: 'Two' } })).headers.ratelimit,
    '"writes";r=1;t=2',
  );
  t.equal((await make({ name: 'Three' })).headers.ratelimit, '"writes";r=0;t=2');
  const over = await make({ name: 'Four' });
  t.match(over, {
    status: 429,
    body: { type: '/problems/rate-limited', detail: /3 records a day \(UTC\): 0 are left/ },
    headers: {
      'retry-after': '2',
      ratelimit: '"writes";r=0;t=2',
      'ratelimit-policy': '"writes";q=3;w=86400',
    },
  });
  t.equal((await call('GET', '/v1/topics/four')).status, 404, 'nothing was written');
  t.same(await counted(), [{ day: '2026-01-31', writes: 3 }]);
  t.equal((await call('GET', url, { key: token })).status, 200, 'reading goes on');
  const other = await key('write', { dailyWrites: 1 });
  t.equal((await call('POST', '/v1/topics', { key: other, body: { name: 'Five' } })).status, 201);
  later(clock, 1_500);
  t.equal((await make({ name: 'Six' })).headers.ratelimit, '"writes";r=2;t=86400', 'until midnight UTC');
  t.same(
    (await counted()).map(({ day }) => day).sort(),
    ['2026-01-31', '2026-02-01'],
    'the count of the day before is gone',
  );
});

t.test('many writes at once are counted one by one', async (t) => {
  const { app, call, key } = await testApp(t);
  const token = await key('write', { dailyWrites: 7 });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      app.inject({
        method: 'POST',
        url: '/v1/topics',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ name: `Topic ${at}` }),
      }),
    ),
  );
  const statuses = answers.map(({ statusCode }) => statusCode).sort();
  t.same(statuses, [...Array(7).fill(201), ...Array(13).fill(429)]);
  t.equal((await call('GET', '/v1/topics?count=exact')).body.meta.total, 7);
});

t.test('each record of a batch counts, and each must belong', async (t) => {
  const { db, call, key } = await testApp(t, 'seeded');
  const [la = '', boston = ''] = await jurisdictionIdsOf(db, ['los-angeles', 'boston']);
  const token = await key('write', { dailyWrites: 3, jurisdictionIds: [la] });
  const policies = (...places: string[]) => ({
    items: places.map((jurisdiction_id, at) => ({
      record: { title: `A ${at}`, type: 'ordinance', status: 'introduced', jurisdiction_id },
    })),
  });
  const write = (body: object, more: object = {}) =>
    call('POST', '/v1/policies/batch', { key: token, body, ...more });
  const mixed = await write(policies(la, boston));
  t.match(
    [mixed.status, mixed.body.type],
    [403, '/problems/forbidden'],
    'one that belongs elsewhere refuses all',
  );
  const many = await write(policies(la, la, la, la));
  t.match([many.status, many.body.detail], [429, /3 are left today, and this would write 4/]);
  const first = await write(policies(la, la), {
    headers: { 'idempotency-key': 'once', 'content-type': 'application/json' },
  });
  t.match([first.status, first.headers.ratelimit], [200, /^"writes";r=1;/]);
  const again = await write(policies(la, la), {
    headers: { 'idempotency-key': 'once', 'content-type': 'application/json' },
  });
  t.match([again.status, again.headers['idempotent-replayed']], [200, 'true']);
  t.match((await write(policies(la))).headers.ratelimit, /^"writes";r=0;/, 'a repeat is not counted again');
});
