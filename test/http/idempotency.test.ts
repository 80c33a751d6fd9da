import { randomUUID } from 'node:crypto';
import t from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import type { Answer } from '../helper.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

type Tester = Awaited<ReturnType<typeof writer>>;

const post = ({ call, write }: Tester, url: string, body: unknown, idempotency: string, key = write) =>
  call('POST', url, { key, body, headers: { 'idempotency-key': idempotency } });

const kept = ({ db }: Tester) =>
  db.read((session) =>
    session.all<{ key: string; status: number; created_at: string }>('test: kept keys', (on) =>
      on.select().from(db.tables.idempotencyKeys),
    ),
  );

const topicsNamed = async ({ db }: Tester, name: string): Promise<number> => {
  const table = db.tables.kinds.get('topic');
  const rows = await db.read((session) =>
    session.all('test: topics named', (on) =>
      on
        .select({ id: sql`${table?.id}` })
        .from(table as never)
        .where(sql`${table?.name} = ${name}`),
    ),
  );
  return rows.length;
};

/** What of an answer must be the same, to the byte. */
const same = ({ status, text, headers }: Answer) => [
  status,
  text,
  headers.etag,
  headers.location,
  headers['content-type'],
];

t.test('a repeat gets the first answer, whatever happened since', async (t) => {
  const tester = await writer(t);
  const { call, make, patch, write } = tester;
  const topic = await make('topics', { name: 'To be restored' });
  await call('DELETE', `/v1/topics/${topic.id}`, { key: write, ifMatch: '*' });
  const [one, two] = [await make('topics', { name: 'One' }), await make('topics', { name: 'Two' })];
  const rows: [what: string, url: string, body: unknown][] = [
    ['a create', '/v1/topics', { name: 'Made once' }],
    ['a batch', '/v1/topics/batch', { items: [{ record: { name: 'Made once in a batch' } }] }],
    [
      'a batch of any kinds',
      '/v1/batch',
      { items: [{ kind: 'topic', record: { name: 'Made once of any kind' } }] },
    ],
    ['a restore', `/v1/topics/${topic.id}/restore`, undefined],
    ['a merge', `/v1/topics/${one.id}/merge`, { into: two.id }],
  ];
  for (const [what, url, body] of rows) {
    const key = randomUUID();
    const first = await post(tester, url, body, key);
    t.ok(first.status < 300 && first.headers['idempotent-replayed'] === undefined, `${what} is done`);
    const before = (await call('GET', '/v1/topics?limit=1')).body.meta.revision;
    for (const spelt of [key, `"${key}"`]) {
      const again = await post(tester, url, body, spelt);
      t.same(same(again), same(first), `${what}, repeated as ${spelt}`);
      t.equal(again.headers['idempotent-replayed'], 'true');
    }
    t.equal((await call('GET', '/v1/topics?limit=1')).body.meta.revision, before, 'and is not done again');
  }
  const key = 'changed-since';
  const first = await post(tester, '/v1/topics', { name: 'Changed' }, key);
  await patch(`/v1/topics/${first.body.id}`, { name: 'Other' });
  await call('DELETE', `/v1/topics/${first.body.id}`, { key: write, ifMatch: '*' });
  t.same(
    same(await post(tester, '/v1/topics', { name: 'Changed' }, key)),
    same(first),
    'also of what is gone',
  );
});

t.test('a key stands for one request of one client', async (t) => {
  const tester = await writer(t);
  const { call, write, key } = tester;
  const body = { name: 'First' };
  const first = await post(tester, '/v1/topics', body, 'one');
  const mismatch = (name: string, request: string, other: unknown, idempotency = 'one') => ({
    name,
    request,
    key: write,
    body: other,
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotency },
    problem: 'idempotency-mismatch' as const,
    at: { header: 'Idempotency-Key' },
  });
  await refuses(
    t,
    call,
    [
      mismatch('another body', 'POST /v1/topics', { name: 'Second' }),
      mismatch('the same with more', 'POST /v1/topics', { name: 'First', description: null }),
      mismatch('another address', 'POST /v1/measures', body),
      mismatch('another call', `POST /v1/topics/${first.body.id}/restore`, undefined),
    ].map((row) => (row.body === undefined ? { ...row, headers: { 'idempotency-key': 'one' } } : row)),
  );
  const other = await post(tester, '/v1/topics', body, 'one', await key('write'));
  t.same([other.status, other.body.slug], [201, 'first-2'], 'another client’s key is another key');
  t.equal(
    (await post(tester, '/v1/topics', body, 'two')).body.slug,
    'first-3',
    'another key is another request',
  );
  t.equal((await kept(tester)).length, 3);
});

t.test('what is no key is refused', async (t) => {
  const tester = await writer(t);
  const { call, write } = tester;
  const wrong = [
    '',
    ' ',
    'two words',
    '"open',
    '"a" , "b"',
    '""',
    'ü',
    `"${'x'.repeat(256)}"`,
    'x'.repeat(256),
    '"a\\b"',
  ];
  await refuses(
    t,
    call,
    wrong.map((idempotency) => ({
      name: JSON.stringify(idempotency),
      request: 'POST /v1/topics',
      key: write,
      body: { name: 'A' },
      headers: { 'idempotency-key': idempotency },
      problem: 'invalid-parameter' as const,
      at: { header: 'Idempotency-Key' },
    })),
  );
  for (const right of ['x', 'x'.repeat(255), '"a\\"b"', '*/+=:;,~', randomUUID()])
    t.equal((await post(tester, '/v1/topics', { name: 'A' }, right)).status, 201, right);
  const escaped = await post(tester, '/v1/topics', { name: 'A' }, 'a"b');
  t.equal(escaped.headers['idempotent-replayed'], 'true', 'a quoted key is what stands between its quotes');
});

t.test('only what was done is kept', async (t) => {
  const tester = await writer(t);
  const { app, make } = tester;
  const body = { name: 'A', parent_id: 'late' };
  t.equal((await post(tester, '/v1/topics', body, 'refused')).status, 422);
  await make('topics', { name: 'Late' });
  t.equal((await post(tester, '/v1/topics', body, 'refused')).status, 201, 'what was refused is tried anew');
  t.equal((await post(tester, '/v1/topics', { nome: 'A' }, 'malformed')).status, 400);
  const { engine } = app;
  const failing = { affects: () => Promise.reject(new Error('a fault of ours')) };
  const derivations = engine.derivations as Record<string, object>;
  derivations.measure = failing;
  const measure = { name: 'Measured' };
  t.equal((await post(tester, '/v1/measures', measure, 'failed')).status, 500);
  t.same(
    (await kept(tester)).map(({ key }) => key),
    ['refused'],
    'nothing is kept of a failure',
  );
  delete derivations.measure;
  const { status, headers } = await post(tester, '/v1/measures', measure, 'failed');
  t.same([status, headers['idempotent-replayed']], [201, undefined], 'so that the repeat is done');
  t.same(
    (await kept(tester)).map((row) => row.status),
    [201, 201],
  );
});

t.test('a key is free again after 24 hours, swept or not', async (t) => {
  const tester = await writer(t);
  const { clock } = tester;
  const start = clock.now.getTime();
  const at = (hours: number, more = 0) => {
    clock.now = new Date(start + hours * 3_600_000 + more);
  };
  const first = await post(tester, '/v1/topics', { name: 'A' }, 'one');
  at(24, -1);
  t.equal((await post(tester, '/v1/topics', { name: 'A' }, 'one')).body.id, first.body.id);
  at(24);
  const second = await post(tester, '/v1/topics', { name: 'B' }, 'one');
  t.match([second.status, second.body.name], [201, 'B'], 'it may stand for another request');
  at(47);
  t.same(same(await post(tester, '/v1/topics', { name: 'B' }, 'one')), same(second), 'for 24 hours');
  t.equal((await kept(tester)).length, 1);
});

t.test('requests with one key at one time make one record', async (t) => {
  const tester = await writer(t);
  const keys = Array.from({ length: 20 }, (_, at) => `key-${at}`);
  const sent = keys.flatMap((key) =>
    Array.from({ length: 20 }, () => post(tester, '/v1/topics', { name: key }, key)),
  );
  const answers = await Promise.all(sent);
  for (const [at, key] of keys.entries()) {
    const mine = answers.slice(at * 20, at * 20 + 20);
    const made = mine.filter(({ status }) => status === 201);
    const waiting = mine.filter(({ status }) => status !== 201);
    t.ok(
      made.length >= 1 && new Set(made.map(({ text }) => text)).size === 1,
      `${key}: those answered have one answer`,
    );
    t.ok(
      waiting.every(
        ({ status, body, headers }) =>
          status === 409 && body.type === '/problems/idempotency-running' && headers['retry-after'] === '1',
      ),
      `${key}: the others are told to ask again`,
    );
    t.equal(await topicsNamed(tester, key), 1, `${key}: one record`);
    t.same(
      same(await post(tester, '/v1/topics', { name: key }, key)),
      same(made[0] as Answer),
      `${key}: and the answer later`,
    );
  }
  const [one, other] = await Promise.all([
    post(tester, '/v1/topics', { name: 'A' }, 'at-once'),
    post(tester, '/v1/topics', { name: 'B' }, 'at-once'),
  ]);
  t.same([one.status, other.status], [201, 422], 'another request with a running key is told so');
});
