import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { Column } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { type Answer, testApp } from '../helper.ts';

const CLIENTS = 100;

/** An app that listens, with a topic to write to; `all` sends a request of each client at once, each on its own connection. */
async function listening(t: Test) {
  const { app, call, db, key } = await testApp(t);
  const write = await key('write');
  const { body: topic } = await call('POST', '/v1/topics', { key: write, body: { name: 'Wanted by all' } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const send = async (method: string, path: string, body: unknown, ifMatch: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${write}`, 'content-type': 'application/json', 'if-match': ifMatch },
      body: JSON.stringify(body),
    });
    const { status, headers } = response;
    return { status, etag: headers.get('etag'), body: (await response.json()) as Answer['body'] };
  };
  type Sent = Awaited<ReturnType<typeof send>>;
  const all = (request: (client: number) => Promise<Sent>, clients = CLIENTS) =>
    Promise.all(Array.from({ length: clients }, (_, client) => request(client)));
  const changes = (id: string) =>
    db.read((session) => {
      const { changes } = db.tables;
      return session.all<{ version: number; content: { description: string | null } }>(
        'changes of a record',
        (on) =>
          on
            .select({ version: changes.version as Column, content: changes.content as Column })
            .from(changes)
            .where(sql`${changes.record_id} = ${sql.placeholder('id')}`)
            .orderBy(changes.seq as Column),
        { id },
      );
    });
  return { call, send, all, changes, topic, url: `/v1/topics/${topic.id}` };
}

/** How many answers had each status. */
function counts(answers: readonly { readonly status: number }[]): Record<number, number> {
  const found: Record<number, number> = {};
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1;
  return found;
}

t.test('of many clients that change what they all have read, one does', async (t) => {
  const { call, send, all, changes, topic, url } = await listening(t);
  const known = String((await call('GET', url)).headers.etag);
  const answers = await all((client) => send('PATCH', url, { description: `of client ${client}` }, known));
  t.same(counts(answers), { 200: 1, 412: CLIENTS - 1 });

  const winner = answers.find(({ status }) => status === 200);
  const { body: now, headers } = await call('GET', url);
  t.equal(now.version, topic.version + 1, 'one version more');
  t.same(now, winner?.body, 'it is as the one that was acknowledged made it');
  t.not(headers.etag, known);
  for (const { status, etag, body } of answers.filter((one) => one !== winner)) {
    t.match(body, { type: '/problems/precondition-failed', status });
    t.equal(etag, headers.etag, 'the others are told the ETag there is now');
  }
  const log = await changes(topic.id);
  t.same(
    log.map(({ version, content }) => [version, content.description]),
    [
      [1, null],
      [2, now.description],
    ],
    'and there is one change, that one',
  );
});

t.test('clients that read anew and try again all get their turn', async (t) => {
  const clients = 20;
  const { send, all, changes, topic, url } = await listening(t);
  const answers = await all(async (client) => {
    let etag = '"1"';
    for (;;) {
      const answer = await send('PATCH', url, { description: `of client ${client}` }, etag);
      if (answer.status !== 412) return answer;
      etag = String(answer.etag);
    }
  }, clients);
  t.same(counts(answers), { 200: clients });
  const versions = answers.map(({ body }) => body.version).sort((a, b) => a - b);
  t.same(
    versions,
    Array.from({ length: clients }, (_, at) => at + 2),
    'each a version of its own',
  );
  const log = await changes(topic.id);
  t.equal(log.length, clients + 1, 'each a change of its own');
  for (const { body } of answers)
    t.equal(log[body.version - 1]?.content.description, body.description, `version ${body.version} is kept`);
});

t.test('of many clients that create one slug, one does, and the others are told as ever', async (t) => {
  const { call, send, all } = await listening(t);
  const create = () => send('POST', '/v1/topics', { name: 'New', slug: 'new' }, '*');
  const answers = await all(create);
  t.same(counts(answers), { 201: 1, 409: CLIENTS - 1 });
  const asEver = await create();
  t.match(asEver.body, { type: '/problems/duplicate', errors: [{ pointer: '/slug', got: 'new' }] });
  for (const { status, body } of answers.filter((one) => one.status !== 201))
    t.same({ status, ...body, instance: '' }, { status: 409, ...asEver.body, instance: '' });
  t.equal((await call('GET', '/v1/topics?count=exact')).body.meta.total, 2);
});
