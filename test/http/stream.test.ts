import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import type { PublicChange } from '../../src/engine/changes.ts';
import { STREAMS, type StreamSettings } from '../../src/http/change-stream.ts';
import { createKey, revokeKey } from '../../src/http/keys.ts';
import { appOver } from '../databases.ts';
import { send, testApp } from '../helper.ts';
import { type Block, openSource, type Source } from './event-source.ts';
import { refuses } from './refusals.ts';

const SOURCE = '/v1/sources/los-angeles-sanctuary-second-story';

/** Streams that never time out by themselves, unless a test says so. */
const NEVER: StreamSettings = { ...STREAMS, heartbeat: 3_600_000, poll: 3_600_000, stall: 3_600_000 };

/** An app that listens, with what opens streams there; what is left open is closed with the test. */
async function served(t: Test, settings: Partial<StreamSettings> = {}) {
  const tested = await testApp(t, 'seeded', {}, { streams: { ...NEVER, ...settings } });
  const { call, key } = tested;
  const address = await tested.app.listen({ host: '127.0.0.1', port: 0 });
  const write = await key('write');
  const revision = (await call('GET', '/v1/changes?limit=1')).body.meta.revision as number;
  const open = async (query = '', headers: Record<string, string> = {}) => {
    const source = await openSource(`${address}/v1/changes/stream${query}`, headers);
    t.teardown(source.close);
    return source;
  };
  let made = 0;
  const make = async (path = 'topics', body?: object) => {
    made += 1;
    return (await call('POST', `/v1/${path}`, { key: write, body: body ?? { name: `Topic ${made}` } })).body;
  };
  return { ...tested, address, write, revision, open, make };
}

/** The next change of a stream; blocks without data are passed over, and kept in `passed`. */
async function next({ blocks }: Source, passed: Block[] = []): Promise<PublicChange> {
  for (;;) {
    const { value, done } = await blocks.next();
    if (done) throw new Error('the stream has ended');
    if (value.data === undefined) passed.push(value);
    else {
      const change = JSON.parse(value.data);
      if (value.event !== 'change' || value.id !== String(change.seq)) throw new Error('a strange event');
      return change;
    }
  }
}

/** All blocks until the stream ends. */
async function rest({ blocks }: Source): Promise<Block[]> {
  const all: Block[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}

t.test('a stream tells of what there is, and then of each change as it is made', async (t) => {
  const { call, open, make, revision } = await served(t);
  const source = await open();
  const { statusCode, headers } = source.response;
  t.equal(statusCode, 200);
  t.match(headers, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const passed: Block[] = [];
  const told: PublicChange[] = [];
  while (told.length < revision) told.push(await next(source, passed));
  t.same(passed, [{ retry: '2000' }], 'how long to wait before coming back, first of all');
  const log: PublicChange[] = [];
  for (let url: string | null = '/v1/changes?limit=1000'; url !== null; ) {
    const { body } = await call('GET', url);
    log.push(...body.data);
    url = body.links.next;
  }
  t.strictSame(told, log, 'the same changes as the pages, in the same order');
  for (let n = 1; n <= 3; n += 1) {
    const topic = await make();
    t.match(await next(source), { seq: revision + n, kind: 'topic', op: 'create', content: topic });
  }
});

t.test('who comes back goes on after the last event, whatever the address says', async (t) => {
  const { open, make, revision, call } = await served(t);
  const first = await open(`?after=${revision - 3}`);
  t.equal((await next(first)).seq, revision - 2);
  t.equal((await next(first)).seq, revision - 1);
  first.close();
  await make();
  const again = await open(`?after=${revision - 3}`, { 'last-event-id': String(revision - 1) });
  t.equal((await next(again)).seq, revision);
  t.equal((await next(again)).seq, revision + 1);
  t.notOk('content' in (await next(await open(`?after=${revision}&content=false`))), 'without the content');

  const stream = 'GET /v1/changes/stream';
  const refused = { request: stream, problem: 'invalid-parameter' as const };
  await refuses(t, call, [
    {
      ...refused,
      name: 'a number beyond the last',
      headers: { 'last-event-id': '99999' },
      at: { header: 'Last-Event-ID' },
      says: /this log is another one, or was set back/,
    },
    {
      ...refused,
      name: 'an id that is no number',
      headers: { 'last-event-id': 'abc' },
      at: { header: 'Last-Event-ID' },
      says: /is not the id of an event/,
    },
    {
      ...refused,
      name: 'a kind misspelt',
      request: `${stream}?kind=polcy`,
      at: { parameter: 'kind' },
      says: /did you mean 'policy'/,
    },
    {
      ...refused,
      name: 'a place that is not known',
      request: `${stream}?jurisdiction=nowhere`,
      at: { parameter: 'jurisdiction' },
    },
    {
      ...refused,
      name: 'a limit, as there are no pages',
      request: `${stream}?limit=5`,
      at: { parameter: 'limit' },
      says: /unknown parameter/,
    },
    {
      ...refused,
      name: 'another form',
      headers: { accept: 'application/json' },
      problem: 'not-acceptable',
      at: { header: 'Accept' },
      says: /text\/event-stream/,
    },
  ]);
});

t.test('a filtered stream tells where it is while others are written', async (t) => {
  const { open, make, call, write, revision } = await served(t, { heartbeat: 100 });
  const source = await open(`?after=${revision}&kind=policy&jurisdiction=boston`);
  const policy = { type: 'ordinance', jurisdiction_id: 'boston' };
  await make();
  await make('policies', { ...policy, title: 'Elsewhere', jurisdiction_id: 'california' });
  const passed: Block[] = [];
  while (passed.at(-1)?.id !== String(revision + 2)) passed.push((await source.blocks.next()).value as Block);
  t.match(passed.at(-1), { comment: /^2026-/, id: String(revision + 2) }, 'an id alone, with a comment');
  const silent = (await source.blocks.next()).value as Block;
  t.match(silent, { comment: /./ });
  t.notOk('id' in silent, 'and once only');
  const { id } = await make('policies', { ...policy, title: 'Here' });
  t.match(await next(source), { record_id: id, seq: revision + 3 });
  await call('DELETE', `/v1/policies/${id}`, { key: write, ifMatch: '*' });
  t.match(await next(source), { record_id: id, op: 'delete', content: { deleted_at: String } });
});

t.test('a comment breaks every silence', async (t) => {
  const { open, revision } = await served(t, { heartbeat: 50 });
  const start = performance.now();
  const { blocks } = await open(`?after=${revision}`);
  const shown = [];
  while (shown.length < 4) shown.push((await blocks.next()).value);
  t.match(shown, [{ retry: '2000' }, { comment: /./ }, { comment: /./ }, { comment: /./ }]);
  t.ok(performance.now() - start >= 3 * 50 - 5, 'and no sooner than it should');
});

t.test('what another process writes is told of as well', async (t) => {
  const { open, url, revision, write } = await served(t, { poll: 50 });
  const source = await open(`?after=${revision}`);
  const db = await openDatabase(url);
  const other = await appOver({ db });
  t.teardown(async () => {
    await other.close();
    await db.close();
  });
  const { body } = await send(other, 'POST', '/v1/topics', { key: write, body: { name: 'From afar' } });
  t.match(await next(source), { record_id: body.id });
});

t.test('a client that takes nothing costs no more than it holds, and is given up in the end', async (t) => {
  const { app, address, db, make, revision } = await served(t, { stall: 1000 });
  const policy_id = 'los-angeles-sanctuary-city-ordinance';
  // More than the buffers of any connection hold.
  for (let n = 0; n < 30; n += 1)
    await make('versions', { policy_id, label: `Text ${n}`, text: 'x'.repeat(900_000) });
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const start = db.statements();
  socket.pause();
  socket.write(`GET /v1/changes/stream?after=${revision} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  while ((await connections()) === 0 || db.statements() === start) await wait(10);
  let [read, before] = [0, -1];
  while (read !== before) {
    before = read;
    await wait(200);
    read = db.statements() - start;
  }
  t.ok(read < 30 * 4, `it stopped reading after ${read} statements`);
  while ((await connections()) > 0) await wait(20);
  t.pass('the connection is cut');
});

t.test('a client that takes a large change slowly is left to it', async (t) => {
  const { open, make, revision } = await served(t, { heartbeat: 200, stall: 1000 });
  const text = 'x'.repeat(9_000_000);
  await make('versions', {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    label: 'L',
    text,
  });
  const start = performance.now();
  const { response } = await open(`?after=${revision}`);
  let taken = '';
  for await (const part of response) {
    taken += part;
    if (taken.length > text.length && taken.includes('}}\n\n')) break;
    await wait(25);
  }
  t.ok(taken.includes(text), 'all of it arrives');
  t.ok(performance.now() - start > 2 * 1000, 'though it takes longer than a client may take nothing');
});

for (const [whose, limit] of [
  ['', { most: 2 }],
  [' from one address', { each: 2 }],
] as const) {
  t.test(`there is an end to how many streams are open${whose}`, async (t) => {
    const { open, make, revision } = await served(t, limit);
    const query = `?after=${revision}`;
    const [one, two] = [await open(query), await open(query)];
    const third = await open(query);
    t.equal(third.response.statusCode, 503);
    t.match(third.response.headers['content-type'], /^application\/problem\+json/);
    t.equal(third.response.headers['retry-after'], '5');
    one.close();
    let late = await open(query);
    for (; late.response.statusCode === 503; late = await open(query)) await wait(10);
    t.equal(late.response.statusCode, 200, 'who leaves makes room');
    const { id } = await make();
    for (const source of [two, late]) t.match(await next(source), { record_id: id });
  });
}

t.test('streams end when the service does', async (t) => {
  const { app, open, revision } = await served(t);
  const sources = await Promise.all(Array.from({ length: 5 }, () => open(`?after=${revision}`)));
  for (const { blocks } of sources) t.match((await blocks.next()).value, { retry: '2000' });
  const start = performance.now();
  const ends = Promise.all(sources.map(rest));
  await app.close();
  t.same(await ends, [[], [], [], [], []]);
  for (const { response } of sources)
    t.ok(response.complete, 'properly, so that no client takes it for a fault');
  t.ok(performance.now() - start < 2000);
});

t.test('a text that is not open to everyone is streamed to those who may read it', async (t) => {
  const { call, open, write, revision } = await served(t);
  const [closed, opened] = [
    await open(`?after=${revision}`),
    await open(`?after=${revision}`, { authorization: `Bearer ${write}` }),
  ];
  await call('PATCH', SOURCE, { key: write, ifMatch: '*', body: { text: 'All of the story.' } });
  t.equal((await next(opened)).content?.text, 'All of the story.');
  t.notOk('text' in ((await next(closed)).content as object));
});

t.test('a key that is revoked ends the streams it opened', async (t) => {
  const { db, open, make, revision, clock } = await served(t);
  const { id, key } = await createKey(db, clock.now, { name: 'reader', scope: 'read', expiresAt: null });
  const [anyone, reader] = [
    await open(`?after=${revision}`),
    await open(`?after=${revision}`, { authorization: `Bearer ${key}` }),
  ];
  await make();
  for (const source of [anyone, reader]) t.match(await next(source), { seq: revision + 1 });
  await revokeKey(db, clock.now, id);
  clock.now = new Date(clock.now.getTime() + 1000);
  await make();
  t.match(await next(anyone), { seq: revision + 2 });
  t.same(await rest(reader), [], 'nothing more is told');
});

t.test('the head of a stream can be had without it', async (t) => {
  const { call } = await served(t);
  const { status, headers, text } = await call('HEAD', '/v1/changes/stream');
  t.same([status, text], [200, '']);
  t.match(headers, { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' });
});
