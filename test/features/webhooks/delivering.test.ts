import type { FastifyInstance } from 'fastify';
import { Webhook as Verifier } from 'standardwebhooks';
import t from 'tap';
import { readConfig } from '../../../src/config.ts';
import { planNext } from '../../../src/features/webhooks/planning.ts';
import { claimDue } from '../../../src/features/webhooks/queue.ts';
import { forgetDeliveries, KEPT } from '../../../src/features/webhooks/retention.ts';
import { readWebhook } from '../../../src/features/webhooks/rows.ts';
import { GIVEN_UP, PAUSES } from '../../../src/features/webhooks/schedule.ts';
import type { Webhook } from '../../../src/features/webhooks/webhook.ts';
import { createKey } from '../../../src/http/keys.ts';
import { start } from '../../../src/start.ts';
import { freshDatabase } from '../../databases.ts';
import { send } from '../../helper.ts';
import { until } from '../../until.ts';
import { delivering } from './delivering.ts';
import { type Received, receiver } from './receiver.ts';

const HOUR = 3_600_000;

/** What was told: of which record, and which version of it. */
const told = (received: readonly Received[]) =>
  received.map(({ message: { type, data } }) => `${type} ${data.record_id ?? ''} ${data.version ?? ''}`);

/** Checks a signature as a receiver does; throws where it is wrong. */
const verify = (secret: string, { headers, text }: Received) =>
  new Verifier(secret).verify(text, headers as Record<string, string>);

t.test('what changes is told, signed, with the change as the log has it', async (t) => {
  const { call, hook, make, patch, dispatch, log, admin } = await delivering(t);
  const one = await receiver(t);
  await make('topics', { name: 'Before' });
  const { id, secret, ...made } = await hook({ url: one.url });
  t.match(made, { kinds: null, filters: {}, payload: 'full', status: 'enabled', position: 1, version: 1 });
  const dispatcher = dispatch();
  const topic = await make('topics', { name: 'Libraries – Büchereien' });
  await patch(`/v1/topics/${topic.id}`, { description: 'Where books are lent.' });
  await call('DELETE', `/v1/topics/${topic.id}`, { key: admin, ifMatch: '*' });
  await call('POST', `/v1/topics/${topic.id}/restore`, { key: admin });
  await dispatcher.idle();
  t.same(
    told(one.received),
    ['created', 'updated', 'deleted', 'restored'].map((did, at) => `topic.${did} ${topic.id} ${at + 1}`),
  );
  const { data } = (await call('GET', '/v1/changes?after=1')).body;
  for (const [at, got] of one.received.entries()) {
    t.ok(verify(secret, got), 'the signature holds');
    const { type: _, timestamp, data: sent } = got.message;
    t.strictSame(sent, { ...data[at], url: `/v1/topics/${topic.id}` });
    t.equal(timestamp, data[at].at);
    t.equal(got.headers['content-type'], 'application/json');
    t.match(got.headers['user-agent'], /^civic-policy-tracker\//);
  }
  t.throws(() => verify(secret, { ...(one.received[0] as Received), text: '{}' }), 'and nothing else');
  const entries = await log(id);
  t.match(
    entries,
    [1, 2, 3, 4].map((number) => ({
      number,
      state: 'delivered',
      next_attempt_at: null,
      attempts: [{ status: 204, error: null, duration_ms: Number }],
    })),
  );
  t.same(
    entries.map(({ message_id }) => message_id),
    one.received.map(({ headers }) => headers['webhook-id']),
  );
  t.match((await call('GET', `/v1/webhooks/${id}`, { key: admin })).body, {
    position: 5,
    failures: 0,
    last_delivered_at: String,
  });
});

t.test('filters tell of what a record is after a change, or was before it', async (t) => {
  const { hook, make, patch, dispatch, call, admin } = await delivering(t, 'seeded');
  const [one, thin, placed, linked] = [
    await receiver(t),
    await receiver(t),
    await receiver(t),
    await receiver(t),
  ];
  await hook({
    url: one.url,
    kinds: ['policy'],
    filters: {
      policy: { status: ['introduced', 'passed'], topic: ['immigration'], introduced_since: '2024' },
    },
  });
  await hook({ url: thin.url, kinds: ['topic'], payload: 'thin' });
  await hook({ url: placed.url, jurisdictions: ['boston'] });
  await hook({ url: linked.url, kinds: ['statement'], filters: { statement: { topic: ['education'] } } });
  const dispatcher = dispatch();
  const body = { title: 'A rule', type: 'ordinance', jurisdiction_id: 'boston' };
  const right = { ...body, status: 'introduced', topics: ['immigration'], introduced_on: '2024-11' };
  const policy = await make('policies', right);
  await make('policies', { ...right, introduced_on: '2023-12-31' });
  await make('policies', { ...right, topics: [] });
  await make('policies', { ...right, status: 'tabled', jurisdiction_id: 'california' });
  const url = `/v1/policies/${policy.id}`;
  await patch(url, { status: 'vetoed' });
  await patch(url, { title: 'Another rule' });
  const topic = await make('topics', { name: 'Other' });
  const statement = await make('statements', { speaker_name: 'A neighbour', summary: 'Yes' });
  await make('stances', { statement_id: statement.id, topic_id: 'education' });
  await dispatcher.idle();
  t.same(
    told(one.received),
    [`policy.created ${policy.id} 1`, `policy.updated ${policy.id} 2`],
    'what leaves is told once',
  );
  t.same(told(thin.received), [`topic.created ${topic.id} 1`]);
  t.notOk('content' in (thin.received[0] as Received).message.data, 'a thin message leaves out the record');
  t.equal(placed.received.length, 5, 'three of the policies of the place, one of them changed twice');
  t.same(
    [...new Set(told(linked.received).map((line) => line.split(' ')[1]))],
    [statement.id],
    'by what it is linked to',
  );

  const { body: twin } = await call('POST', '/v1/topics', { key: admin, body: { name: 'Migrants' } });
  await call('POST', '/v1/topics/immigration/merge', { key: admin, body: { into: twin.id } });
  one.received.length = 0;
  const after = await make('policies', { ...right, topics: [twin.id] });
  await dispatcher.idle();
  t.ok(told(one.received).includes(`policy.created ${after.id} 1`), 'a topic that was merged is followed');
});

t.test('a record that is too large is named only, and restricted fields are nobody’s', async (t) => {
  const { hook, make, patch, dispatch } = await delivering(t, 'seeded');
  const one = await receiver(t);
  await hook({ url: one.url, kinds: ['policy_version', 'source'] });
  const dispatcher = dispatch();
  const body = { policy_id: 'los-angeles-sanctuary-city-ordinance', text: '…'.repeat(22_000) };
  const version = await make('versions', body);
  await patch('/v1/sources/los-angeles-sanctuary-second-story', { text: 'All of the story.' });
  await dispatcher.idle();
  const of = (kind: string) => one.received.find(({ message }) => message.data.kind === kind)?.message.data;
  const [long, source] = [of('policy_version'), of('source')];
  t.notOk('content' in long);
  t.equal(long.url, `/v1/versions/${version.id}`);
  t.ok(source.changed_fields.includes('text') && 'title' in source.content && !('text' in source.content));
});

t.test('a message that fails is tried again, those of its record wait, and others do not', async (t) => {
  const { hook, make, patch, dispatch, wait, log } = await delivering(t);
  const one = await receiver(t);
  const { id } = await hook({ url: one.url });
  const dispatcher = dispatch({ each: 1 });
  let refused = '';
  one.answer = ({ message }) => (message.data.record_id === refused ? 500 : 204);
  const [bad, good] = [await make('topics', { name: 'Bad' }), await make('topics', { name: 'Good' })];
  await dispatcher.idle();
  refused = bad.id;
  one.received.length = 0;
  await patch(`/v1/topics/${bad.id}`, { name: 'Bad 2' });
  await patch(`/v1/topics/${bad.id}`, { name: 'Bad 3' });
  await patch(`/v1/topics/${good.id}`, { name: 'Good 2' });
  await dispatcher.idle();
  t.same(told(one.received).sort(), [`topic.updated ${bad.id} 2`, `topic.updated ${good.id} 2`].sort());
  for (const pause of PAUSES.slice(0, 3)) {
    one.received.length = 0;
    await wait(pause - 1, dispatcher);
    t.same(told(one.received), [], 'not before its time');
    await wait(1, dispatcher);
    t.same(told(one.received), [`topic.updated ${bad.id} 2`], 'the same message, the next one waits');
  }
  const ids = one.received.map(({ headers }) => headers['webhook-id']);
  one.received.length = 0;
  refused = '';
  await wait(PAUSES[3] as number, dispatcher);
  t.same(told(one.received), [`topic.updated ${bad.id} 2`, `topic.updated ${bad.id} 3`], 'in order');
  t.equal(one.received[0]?.headers['webhook-id'], ids[0], 'known by the same id');
  const entry = (await log(id)).find(({ attempts }) => attempts.length > 1);
  t.match(entry, { state: 'delivered', attempts: [500, 500, 500, 500, 204].map((status) => ({ status })) });
});

t.test('what one receiver always refuses is given up after three days, and said so', async (t) => {
  const { hook, make, patch, dispatch, wait, log, call, admin } = await delivering(t);
  const one = await receiver(t);
  const { id } = await hook({ url: one.url });
  const dispatcher = dispatch();
  const bad = await make('topics', { name: 'Bad' });
  one.answer = ({ message }) => (message.data.record_id === bad.id && message.data.version === 2 ? 422 : 200);
  await patch(`/v1/topics/${bad.id}`, { name: 'Bad 2' });
  await patch(`/v1/topics/${bad.id}`, { name: 'Bad 3' });
  await dispatcher.idle();
  const began = Date.now();
  for (const pause of PAUSES) {
    await make('topics', { name: 'Another' });
    await wait(pause, dispatcher);
  }
  t.ok(Date.now() - began < GIVEN_UP);
  const [, given, next] = (await log(id)).filter(({ record_id }) => record_id === bad.id);
  t.match(given, { state: 'failed', next_attempt_at: null, finished_at: String });
  t.equal(given.attempts.length, PAUSES.length + 1);
  t.match(next, { state: 'delivered' }, 'what waited behind it goes');
  t.match((await call('GET', `/v1/webhooks/${id}`, { key: admin })).body, { status: 'enabled' });

  one.answer = () => 200;
  const again = await call('POST', `/v1/webhooks/${id}/deliveries/${given.id}/redeliver`, { key: admin });
  t.match(
    [again.status, again.body],
    [202, { state: 'pending', message_id: given.message_id, attempts: [] }],
  );
  await dispatcher.idle();
  t.equal(told(one.received).at(-1), `topic.updated ${bad.id} 2`);
  t.equal(one.received.at(-1)?.headers['webhook-id'], given.message_id);
});

t.test('a receiver that takes nothing for three days is told nothing more, and misses nothing', async (t) => {
  const { hook, make, dispatch, wait, log, call, admin, patch } = await delivering(t);
  const one = await receiver(t);
  one.answer = () => 503;
  const { id } = await hook({ url: one.url });
  const url = `/v1/webhooks/${id}`;
  const dispatcher = dispatch();
  const topics = [];
  for (const name of ['One', 'Two']) topics.push(await make('topics', { name }));
  await dispatcher.idle();
  for (const pause of PAUSES) await wait(pause, dispatcher);
  const { body } = await call('GET', url, { key: admin });
  t.match(body, { status: 'disabled', disabled_reason: 'failing', disabled_at: String, version: 2 });
  topics.push(await make('topics', { name: 'Three' }));
  one.received.length = 0;
  one.answer = () => 200;
  await wait(100 * HOUR, dispatcher);
  t.same(one.received, []);
  t.ok(
    (await log(id)).every(({ state, next_attempt_at }) => state === 'pending' && next_attempt_at === null),
  );
  await patch(url, { status: 'enabled' });
  await dispatcher.idle();
  t.same(told(one.received).sort(), topics.map((topic) => `topic.created ${topic.id} 1`).sort());
});

t.test('410 ends it until somebody enables it again', async (t) => {
  const { hook, make, dispatch, call, admin, patch } = await delivering(t);
  const one = await receiver(t);
  one.answer = () => 410;
  const { id } = await hook({ url: one.url });
  const dispatcher = dispatch({ each: 1 });
  const first = await make('topics', { name: 'One' });
  await make('topics', { name: 'Two' });
  await dispatcher.idle();
  t.same(told(one.received), [`topic.created ${first.id} 1`], 'once is enough');
  t.match((await call('GET', `/v1/webhooks/${id}`, { key: admin })).body, {
    status: 'disabled',
    disabled_reason: 'gone',
  });
  one.answer = () => 200;
  await patch(`/v1/webhooks/${id}`, { status: 'enabled' });
  await dispatcher.idle();
  t.equal(one.received.length, 3, 'then all of it goes');
});

t.test('a receiver that is well again gets what waits at once', async (t) => {
  const { hook, make, dispatch, wait } = await delivering(t);
  const one = await receiver(t);
  one.answer = () => 500;
  await hook({ url: one.url });
  const dispatcher = dispatch();
  for (const name of ['One', 'Two', 'Three', 'Four']) await make('topics', { name });
  await dispatcher.idle();
  await wait(PAUSES[0] as number, dispatcher);
  one.answer = () => 200;
  one.received.length = 0;
  await make('topics', { name: 'Five' });
  await dispatcher.idle();
  t.equal(one.received.length, 5, 'the clock stands still, and yet all of them are here');
});

t.test('a slow receiver holds up nobody else, and has no more than its share', async (t) => {
  const { hook, make, dispatch } = await delivering(t);
  const [slow, swift] = [await receiver(t), await receiver(t)];
  let [open, most] = [0, 0];
  let release = () => undefined as unknown;
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  slow.answer = async () => {
    open += 1;
    most = Math.max(most, open);
    await released;
    open -= 1;
    return 200;
  };
  await hook({ url: slow.url });
  await hook({ url: swift.url });
  const dispatcher = dispatch({ each: 3, shared: 1 });
  for (let at = 0; at < 8; at += 1) await make('topics', { name: `Topic ${at}` });
  await until(() => swift.received.length >= 8);
  t.equal(slow.received.length, 2, 'while the slow one still has the first');
  release();
  await dispatcher.idle();
  t.equal(slow.received.length, 8);
  t.equal(most, 2, 'one that is its own, and what all share');
});

t.test('each message is sent by one of several processes, and by another where that is gone', async (t) => {
  const { hook, make, patch, dispatch } = await delivering(t);
  const one = await receiver(t);
  one.answer = () => new Promise((resolve) => setTimeout(() => resolve(204), 2));
  await hook({ url: one.url });
  const dispatchers = [dispatch(), dispatch(), dispatch()];
  const records = [];
  for (let at = 0; at < 4; at += 1) records.push(await make('topics', { name: `Topic ${at}` }));
  for (let version = 2; version <= 5; version += 1)
    for (const { id } of records) await patch(`/v1/topics/${id}`, { description: `Version ${version}` });
  await until(() => one.received.length >= 20);
  for (const dispatcher of dispatchers) await dispatcher.idle();
  t.equal(one.received.length, 20, 'none twice');
  for (const { id } of records) {
    const versions = one.received.filter(({ message }) => message.data.record_id === id);
    t.same(
      versions.map(({ message }) => message.data.version),
      [1, 2, 3, 4, 5],
      'in order',
    );
  }

  // One that stops in the middle gives back what it has claimed.
  for (const dispatcher of dispatchers) await dispatcher.close();
  one.received.length = 0;
  let answered = () => undefined as unknown;
  one.answer = () => new Promise((resolve) => (answered = () => resolve(204)));
  const stopping = dispatch({ grace: 0 });
  await make('topics', { name: 'Last' });
  await until(() => one.received.length > 0);
  await stopping.close();
  answered();
  one.answer = () => 204;
  const another = dispatch();
  await another.idle();
  t.equal(one.received.length, 2, 'another sends it at once, as it may not have been taken');
  t.equal(one.received[0]?.headers['webhook-id'], one.received[1]?.headers['webhook-id']);
});

t.test('a claim that nobody gave back is taken up once it has run out', async (t) => {
  const { hook, make, dispatch, wait, db, app } = await delivering(t);
  const one = await receiver(t);
  const { id } = await hook({ url: one.url });
  await make('topics', { name: 'Left' });
  // As a process leaves it that was killed.
  const { engine } = app;
  const webhook = await db.read((session) => readWebhook({ engine, session }, id));
  if (webhook) await planNext(engine, webhook, webhook.position);
  const now = engine.now();
  const claiming = {
    webhookId: id,
    now: now.toISOString(),
    until: new Date(now.getTime() + 30_000).toISOString(),
    most: 4,
  };
  t.equal((await db.write((session) => claimDue({ engine, session }, claiming))).length, 1);
  const dispatcher = dispatch();
  await wait(29_000, dispatcher);
  t.same(one.received, [], 'not while it may be under way');
  await wait(1_000, dispatcher);
  t.equal(one.received.length, 1);
});

t.test('while a secret is replaced, either verifies; afterwards only the new one', async (t) => {
  const { hook, make, dispatch, wait, call, admin } = await delivering(t);
  const one = await receiver(t);
  const { id, secret: first } = await hook({ url: one.url });
  const dispatcher = dispatch();
  const rotated = await call('POST', `/v1/webhooks/${id}/rotate-secret`, {
    key: admin,
    body: { keep_hours: 2 },
  });
  t.equal(rotated.headers['cache-control'], 'no-store');
  const { secret: second } = rotated.body;
  t.match(second, /^whsec_[A-Za-z0-9+/]{43}=$/);
  t.not(first, second);
  const signed = async () => {
    one.received.length = 0;
    await make('topics', { name: 'A topic' });
    await dispatcher.idle();
    const [got] = one.received as [Received];
    // The clock of the test is ahead of the receiver’s by now.
    const at = new Date(Number(got.headers['webhook-timestamp']) * 1000);
    const sign = (secret: string) =>
      new Verifier(secret).sign(String(got.headers['webhook-id']), at, got.text);
    return [String(got.headers['webhook-signature']).split(' '), [sign(second), sign(first)]];
  };
  const [both, wanted] = await signed();
  t.same(both, wanted);
  await wait(2 * HOUR, dispatcher);
  const [single, [newest] = []] = await signed();
  t.same(single, [newest]);
});

t.test('a ping is one message that tells of nothing', async (t) => {
  const { hook, dispatch, call, admin, log, wait } = await delivering(t);
  const one = await receiver(t);
  const { id, secret } = await hook({ url: one.url });
  const dispatcher = dispatch();
  const queued = await call('POST', `/v1/webhooks/${id}/ping`, { key: admin });
  t.match(
    [queued.status, queued.body],
    [202, { type: 'webhook.ping', seq: null, record_id: null, state: 'pending' }],
  );
  await dispatcher.idle();
  t.match(verify(secret, one.received[0] as Received), { type: 'webhook.ping', data: { webhook_id: id } });
  one.answer = () => 500;
  await call('POST', `/v1/webhooks/${id}/ping`, { key: admin });
  await dispatcher.idle();
  await wait(HOUR, dispatcher);
  t.match(await log(id), [{ state: 'delivered' }, { state: 'failed', attempts: [{ status: 500 }] }]);
  t.equal(one.received.length, 2, 'tried once');
});

t.test('a webhook begins where it is told to, and goes through the log in stretches', async (t) => {
  const { hook, make, dispatch, call, admin } = await delivering(t);
  const one = await receiver(t);
  for (let at = 0; at < 3; at += 1) {
    const items = Array.from({ length: 100 }, (_, n) => ({
      op: 'create',
      record: { name: `Topic ${at} ${n}` },
    }));
    await call('POST', '/v1/topics/batch', { key: admin, body: { items } });
  }
  const { id } = await hook({ url: one.url, after: 20, payload: 'thin' });
  const dispatcher = dispatch({ each: 16 });
  await make('topics', { name: 'Last' });
  await dispatcher.idle();
  const seqs = one.received.map(({ message }) => message.data.seq).sort((a, b) => a - b);
  t.same(
    seqs,
    Array.from({ length: 281 }, (_, at) => at + 21),
    'each once, from there on',
  );
  t.match((await call('GET', `/v1/webhooks/${id}`, { key: admin })).body, { position: 301 });
});

t.test('the log of deliveries holds what is of use', async (t) => {
  const { hook, make, dispatch, log, wait, app, db } = await delivering(t);
  const one = await receiver(t);
  const { id } = await hook({ url: one.url });
  const dispatcher = dispatch();
  for (const name of ['One', 'Two', 'Three']) await make('topics', { name });
  await dispatcher.idle();
  const { engine } = app;
  const webhook = (await db.read((session) => readWebhook({ engine, session }, id))) as Webhook;
  t.equal(
    await forgetDeliveries(engine, { ...webhook, last_number: KEPT.deliveries + 2 }),
    2,
    'as many as it says',
  );
  t.match(await log(id), [{ number: 3 }]);
  one.answer = () => 500;
  await make('topics', { name: 'Four' });
  await dispatcher.idle();
  await wait(KEPT.age + HOUR, dispatcher);
  t.match(await log(id), [{ number: 4, state: 'pending' }], 'for as long as it says; what is not over stays');
});

t.test('the service delivers once it is started, unless it is told not to', async (t) => {
  const one = await receiver(t);
  const url = await freshDatabase(t);
  const environment = { DATABASE_URL: url, SEED: 'false', LOG_LEVEL: 'silent', WEBHOOK_ALLOWED: '127.0.0.1' };
  const run = async (more: Record<string, string>, work: (app: FastifyInstance) => Promise<void>) => {
    const { app, stop } = await start(readConfig({ ...environment, ...more }, () => undefined));
    await work(app).finally(stop);
  };
  await run({ WEBHOOKS: 'false' }, async (app) => {
    const wanted = { name: 'one', scope: 'admin', expiresAt: null } as const;
    const { key } = await createKey(app.engine.db, new Date(), wanted);
    t.equal((await send(app, 'POST', '/v1/webhooks', { key, body: { url: one.url } })).status, 201);
    const body = { name: 'Left for others' };
    t.equal((await send(app, 'POST', '/v1/topics', { key, body })).status, 201);
  });
  await run({}, async () => {
    await until(() => one.received.length > 0);
  });
  t.equal(one.received[0]?.message.data.content.name, 'Left for others');
});
