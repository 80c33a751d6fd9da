import { createHash } from 'node:crypto';
import t from 'tap';
import { allTables, columnsOf } from '../../src/db/tables.ts';
import { createKey, revokeKey } from '../../src/http/keys.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { appOver } from '../databases.ts';
import { type CallOptions, readingApp, testApp } from '../helper.ts';
import { refuses } from './refusals.ts';
import { listening } from './socket.ts';

const POLICY = '/v1/policies/los-angeles-sanctuary-city-ordinance';

t.test('permission is judged before anything else', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const json = { 'content-type': 'application/json' };
  const rows: [name: string, options: CallOptions, url: string][] = [
    ['whether the record exists', { body: {} }, '/v1/policies/nobody'],
    ['whether the body is JSON', { headers: json, payload: '{' }, POLICY],
    ['whether the body is right', { body: { no_such_field: 1 } }, POLICY],
    ['the type of the body', { headers: { 'content-type': 'text/plain' }, payload: 'x' }, POLICY],
    ['the length of the body', { body: { title: 'x'.repeat(2_000_000) } }, POLICY],
    ['If-Match', { body: {} }, POLICY],
    ['the parameters', { body: {} }, `${POLICY}?no_such=1`],
    ['the form of the answer', { body: {}, headers: { ...json, accept: 'text/html' } }, POLICY],
  ];
  for (const [name, options, url] of rows) {
    for (const [who, status] of [[undefined, 401] as const, [await key('read'), 403] as const]) {
      const answer = await call('PATCH', url, { ...options, ...(who ? { key: who } : {}) });
      t.equal(answer.status, status, `${status} comes before ${name}`);
    }
  }
});

t.test('a key that is sent must be right, even where none is needed', async (t) => {
  const { app, db, call, clock, key } = await testApp(t, 'seeded');
  const good = await key('write');
  const [, prefix = ''] = /^(civic_[0-9a-f]+_)/.exec(good) ?? [];
  const revoked = await createKey(db, clock.now, { name: 'r', scope: 'admin', expiresAt: null });
  t.match(await revokeKey(db, clock.now, revoked.id), { id: revoked.id, name: 'r' });
  t.equal(await revokeKey(db, clock.now, revoked.id), undefined, 'revoking again says so');
  const bad: [name: string, authorization: string][] = [
    ['another scheme', `Basic ${Buffer.from(`x:${good}`).toString('base64')}`],
    ['no scheme', good],
    ['no key', 'Bearer'],
    ['an empty key', 'Bearer '],
    ['two keys', `Bearer ${good} ${good}`],
    ['a list of keys', `Bearer ${good},${good}`],
    ['an unknown key', `Bearer civic_${'0'.repeat(12)}_${'a'.repeat(43)}`],
    ['a right prefix with a wrong secret', `Bearer ${prefix}${'a'.repeat(43)}`],
    ['a key with its end cut off', `Bearer ${good.slice(0, -1)}`],
    ['a key with something behind it', `Bearer ${good}a`],
    ['a key in upper case', `Bearer ${good.toUpperCase()}`],
    ['a revoked key', `Bearer ${revoked.key}`],
    ['an SQL wildcard', 'Bearer civic_%_%'],
    ['a huge key', `Bearer ${'a'.repeat(8000)}`],
  ];
  for (const request of ['GET /v1/policies', `GET ${POLICY}`, 'POST /v1/topics', 'GET /v1/vocabularies']) {
    await refuses(
      t,
      call,
      bad.map(([name, authorization]) => ({
        name: `${request} with ${name}`,
        request,
        headers: { authorization },
        problem: 'unauthenticated' as const,
      })),
    );
  }
  const refused = await call('GET', '/v1/policies', { headers: { authorization: 'Bearer x' } });
  t.match(refused.headers['www-authenticate'], /^Bearer/, 'the answer says what to send');

  const given = (authorization: string) => call('GET', '/v1/policies', { headers: { authorization } });
  t.equal((await given(`bearer ${good}`)).status, 200, 'the scheme’s case does not matter');
  t.equal((await given(`Bearer   ${good}`)).status, 200, 'nor do spaces between');

  const say = await listening(app);
  const bearer = `Authorization: Bearer ${good}\r\n`;
  const twice = await say(
    `GET /v1/topics HTTP/1.1\r\nHost: x\r\n${bearer}${bearer}Connection: close\r\n\r\n`,
  );
  t.match([twice.status, JSON.parse(twice.text).type], [401, '/problems/unauthenticated'], 'one header only');
});

t.test('a key ends at the instant it was made to end', async (t) => {
  const { db, call, clock } = await testApp(t);
  const expiresAt = new Date(clock.now.getTime() + 1000).toISOString();
  const { key } = await createKey(db, clock.now, { name: 'short', scope: 'write', expiresAt });
  t.equal((await call('GET', '/v1/topics', { key })).status, 200);
  clock.now = new Date(clock.now.getTime() + 999);
  t.equal((await call('GET', '/v1/topics', { key })).status, 200, 'valid to the last millisecond');
  clock.now = new Date(clock.now.getTime() + 1);
  t.equal((await call('GET', '/v1/topics', { key })).status, 401, 'and not one longer');
});

t.test('each scope includes the one before', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const status = async (scope: 'read' | 'write' | 'admin') =>
    (await call('POST', '/v1/topics', { key: await key(scope), body: { name: 'a' } })).status;
  t.same([await status('read'), await status('write'), await status('admin')], [403, 201, 201]);
  const text = '/v1/sources/los-angeles-sanctuary-second-story?fields=text';
  const reading = async (options: CallOptions) => (await call('GET', text, options)).status;
  t.equal(await reading({}), 403, 'what is not open to everyone is refused');
  t.equal(await reading({ key: await key('read') }), 403);
  t.equal(await reading({ key: await key('write') }), 200);
});

t.test('a key is kept nowhere but as a hash', async (t) => {
  const { db, clock, call } = await testApp(t);
  const made = await createKey(db, clock.now, { name: 'k', scope: 'admin', expiresAt: null });
  t.same(made.scopes, ['read', 'write', 'admin']);
  const [, prefix = '', secret = ''] = /^civic_([0-9a-f]{12})_([\w-]{43})$/.exec(made.key) ?? [];
  const rows = await db.read((session) =>
    session.all('all keys', (on) => on.select().from(db.tables.apiKeys)),
  );
  const hash = createHash('sha256').update(secret).digest('hex');
  t.match(rows, [{ id: made.id, prefix, secret_sha256: hash }], 'the hash is there');
  t.notOk(JSON.stringify(rows).includes(secret), 'the secret is not');
  for (const [name, table] of Object.entries(allTables(db.tables))) {
    const kept = await db.read((session) =>
      session.all(`all of ${name}`, (on) => on.select(columnsOf(table)).from(table)),
    );
    t.notOk(JSON.stringify(kept).includes(secret), `nor anywhere in ${name}`);
  }
  const status = async (authorization: string) =>
    (await call('GET', '/v1/topics', { headers: { authorization } })).status;
  t.equal(await status(`Bearer ${made.key}`), 200);
  const other = await createKey(db, clock.now, { name: 'k', scope: 'read', expiresAt: null });
  t.not(other.key, made.key);
  const mixed = `civic_${prefix}_${other.key.split('_').slice(2).join('_')}`;
  t.equal(await status(`Bearer ${mixed}`), 401, 'the secret of another key does not open it');
});

t.test('no key comes with the service', async (t) => {
  const { db } = await readingApp(t);
  const rows = await db.read((session) =>
    session.all('all keys', (on) => on.select().from(db.tables.apiKeys)),
  );
  t.same(rows, []);
});

t.test('a route that is not in the table of scopes stops the start', async (t) => {
  const { db } = await testApp(t);
  const app = await appOver({ db });
  t.teardown(() => app.close());
  const handler = async () => ({});
  const refused = (method: string) => new RegExp(`add '${method} /v1/new' to src/http/scopes.ts`);
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    t.throws(() => app.route({ method, url: '/v1/new', handler }), refused(method), method);
  }
  t.throws(
    () => app.route({ method: ['GET', 'POST'], url: '/v1/topics/batch', handler }),
    /add 'GET \/v1\/{kind}\/batch'/,
    'each of several methods counts',
  );
  t.throws(
    () => app.route({ method: ['GET', 'POST'], url: '/v1/votes', handler }),
    /needs a route for each scope/,
    'and one route has one scope',
  );
  const inside = async () => {
    await app.register(async (plugin) => {
      plugin.get('/v1/new', handler);
    });
  };
  await t.rejects(inside(), refused('GET'), 'in a plugin, too');
});

t.test('what a key did is in the change log under its name', async (t) => {
  const { db, call, clock } = await testApp(t, 'seeded');
  const { key } = await createKey(db, clock.now, {
    name: 'Clerk of Boston',
    scope: 'write',
    expiresAt: null,
  });
  const { body } = await call('POST', '/v1/topics', {
    key,
    body: kindNamed('topic').example,
    headers: { 'x-reason': 'asked%20for%20%E2%80%9Cby mail%E2%80%9D', 'content-type': 'application/json' },
  });
  const changes = await db.read((session) =>
    session.all('all changes', (on) => on.select().from(db.tables.changes)),
  );
  t.match(
    changes.filter(({ record_id }) => record_id === body.id),
    [{ actor: 'Clerk of Boston', reason: 'asked for “by mail”', op: 'create', version: 1 }],
  );
  for (const reason of ['%zz', '%00', 'x'.repeat(1001), 'cafÃ©']) {
    await refuses(t, call, [
      {
        name: `a reason that cannot be kept: ${reason.slice(0, 5)}`,
        request: 'POST /v1/topics',
        key,
        body: { name: 'a' },
        headers: { 'x-reason': reason, 'content-type': 'application/json' },
        problem: 'invalid-parameter',
        at: { header: 'X-Reason' },
      },
    ]);
  }
});
