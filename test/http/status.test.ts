/** How a tracker stands, for people and for Prometheus. */
import { connect } from 'node:net';
import t from 'tap';
import { rememberBackup } from '../../src/exchange/backup.ts';
import { countRecords } from '../../src/features/record-counts.ts';
import { kinds } from '../../src/model/kinds.ts';
import { freshApp } from '../helper.ts';
import { withReplica } from './replica.ts';

/** The value of a line of the exposition format, by the text before it. */
const figureIn = (text: string, name: string) => {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
};

t.test('an empty tracker says that nothing is there', async (t) => {
  const { call } = await freshApp(t);
  const { status, body, headers } = await call('GET', '/status');
  t.equal(status, 200);
  t.equal(headers['cache-control'], 'no-store');
  t.same(body.counts, Object.fromEntries(kinds.map(({ name }) => [name, 0])));
  t.match(body, { revision: 0, changed_at: null, last_import: null, last_backup: null });
});

t.test('a tracker says how many live records it has, and what was done last', async (t) => {
  const { call, key, app, url, clock } = await freshApp(t, 'seeded');
  const before = (await call('GET', '/status')).body;
  t.match(before.counts, { policy: 13, official: 5, citation: 1040, vote: 0 });
  t.match(before.last_import, { importer: 'seeds', status: 'done' });
  const writer = await key('write');
  const made = await call('POST', '/v1/topics', { key: writer, body: { name: 'Parks' } });
  t.equal(made.status, 201);
  await rememberBackup(
    url,
    { connections: 1, wait: 1000, statement: 1000 },
    { revision: 7, bytes: 8, sha256: 'x' } as never,
    clock.now,
  );
  clock.now = new Date(clock.now.getTime() + 60_000);
  const after = (await call('GET', '/status')).body;
  t.equal(after.counts.topic, before.counts.topic + 1);
  t.equal(after.revision, before.revision + 1);
  t.same(after.counted, { revision: after.revision, at: clock.now.toISOString() });
  t.match(after.last_backup, { revision: 7, bytes: 8 });
  t.equal((await call('DELETE', made.headers.location as string, { key: writer, ifMatch: '*' })).status, 204);
  const stretched = await countRecords(app.engine, new AbortController().signal, 3);
  t.same(stretched.counts, before.counts, 'however few are counted at a time, and without the deleted');
});

t.test('requests are counted by route, and what the database says is shown', async (t) => {
  const { call, app } = await freshApp(t, 'seeded');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const at = `http://127.0.0.1:${port}`;
  for (const path of ['/v1/policies?limit=1', '/v1/policies?limit=2', '/v1/policies?limit=0', '/nowhere'])
    await (await fetch(at + path)).text();
  const answer = await fetch(`${at}/metrics`);
  t.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  const requests = (route: string, status: number) =>
    figureIn(
      text,
      `civic_http_request_duration_seconds_count{method="GET",route="${route}",status="${status}"}`,
    );
  t.equal(requests('/v1/policies', 200), 2);
  t.equal(requests('/v1/policies', 400), 1);
  t.equal(requests('none', 404), 1, 'what leads nowhere makes no series of its own');
  t.equal(figureIn(text, 'civic_http_requests_open'), 1, 'the scrape itself');
  t.equal(figureIn(text, 'civic_database_up'), 1);
  t.equal(figureIn(text, 'civic_revision'), (await call('GET', '/status')).body.revision);
  t.ok((figureIn(text, 'civic_import_ended_timestamp_seconds') ?? 0) > 0);
  t.ok((figureIn(text, 'process_resident_memory_bytes') ?? 0) > 0);
  t.equal((await fetch(`${at}/metrics`, { method: 'POST' })).status, 405);
});

t.test('a client that leaves before its answer leaves no request open', async (t) => {
  const { app } = await freshApp(t, 'seeded');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /v1/changes/stream HTTP/1.1\r\nHost: x\r\n\r\n');
  const open = async () =>
    figureIn(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), 'civic_http_requests_open');
  const until = async (wanted: number) => {
    for (let tries = 0; tries < 500; tries += 1) {
      if ((await open()) === wanted) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  };
  t.ok(await until(2), 'the stream and the scrape');
  socket.destroy();
  t.ok(await until(1));
});

t.test('replicas are shown with whether they answer, and how far they are', async (t) => {
  for (const [absence, answers] of [
    [undefined, 1],
    ['lagging', 0],
  ] as const) {
    const { app } = await withReplica(t, absence);
    const { body } = await app.inject('/metrics');
    t.equal(figureIn(body, 'civic_replica_answers{replica="db2"}'), answers);
    t.equal(figureIn(body, 'civic_replica_revision{replica="db2"}'), 7);
  }
});
