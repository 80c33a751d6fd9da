/** Bodies that are streamed, over connections on which they come slowly, stop coming, or break off. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { bytes, place, policy } from '../exchange/import/bundle.ts';
import { testApp } from '../helper.ts';
import { until } from '../until.ts';

/** The limit in force is 30 seconds; this will do to see what it limits. */
const LIMIT = 1000;

/** The same where pieces come in time: this process may stand still for longer than a second, tests beside it. */
const AMPLE = 2500;

/** A service with a folder for bodies that come in; `post` begins to send one. */
async function listening(t: Test, limit = LIMIT) {
  const tested = await testApp(t);
  const folder = mkdtempSync(join(tmpdir(), 'civic-uploads-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  t.teardown(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true });
  });
  const { app } = tested;
  app.server.headersTimeout = limit;
  app.server.requestTimeout = limit;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const key = await tested.key('write');
  const post = (path: string, type: string) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': type };
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers, agent: false });
    const answer = new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>(
      (resolve, reject) => {
        sent.on('error', reject).on('response', async (response) => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: await text(response) });
        });
      },
    );
    answer.catch(() => undefined);
    return { sent, answer };
  };
  return { ...tested, post, left: () => readdirSync(folder) };
}

/** Sends a body in pieces with pauses in between: for longer than the limit and the two seconds in which it is noticed. */
async function drip(sent: ClientRequest, body: Buffer): Promise<void> {
  const pieces = 50;
  for (let piece = 0; piece < pieces && !sent.destroyed; piece += 1) {
    const at = (share: number) => Math.floor((body.length * share) / pieces);
    sent.write(body.subarray(at(piece), at(piece + 1)));
    await setTimeout(100);
  }
  sent.end();
}

const BUNDLE = bytes([place, policy('one'), policy('two')]);

t.test('a bundle may take as long as it comes, and another body may not', async (t) => {
  const { post, left } = await listening(t, AMPLE);
  const bundle = post('/v1/imports', 'application/x-ndjson');
  const topic = post('/v1/topics', 'application/json');
  await Promise.all([
    drip(bundle.sent, BUNDLE),
    drip(topic.sent, Buffer.from(JSON.stringify({ name: 'x'.repeat(100) }))),
  ]);
  t.match(await bundle.answer, { status: 202, body: /"input":"sha256:/ });
  const refused = await topic.answer;
  t.equal(refused.status, 408);
  t.match(JSON.parse(refused.body), { type: '/problems/request-timeout' });
  t.ok(await until(() => left().length === 0), 'nothing is left behind once it is imported');
});

t.test('a bundle that stops coming is a 408, and leaves nothing behind', async (t) => {
  const { post, left, call } = await listening(t);
  const { sent, answer } = post('/v1/imports', 'application/x-ndjson');
  sent.write(BUNDLE.subarray(0, 40));
  t.ok(await until(() => left().length === 1));
  const { status, headers, body } = await answer;
  t.equal(status, 408);
  t.equal(headers.connection, 'close');
  t.match(JSON.parse(body), { type: '/problems/request-timeout', detail: /for 1 second/ });
  t.same(left(), []);
  t.same((await call('GET', '/v1/import-runs')).body.data, []);
});

t.test('a bundle that breaks off leaves nothing behind', async (t) => {
  const { post, left, call } = await listening(t);
  const { sent } = post('/v1/imports', 'application/x-ndjson');
  sent.write(BUNDLE.subarray(0, 40));
  t.ok(await until(() => left().length === 1));
  sent.destroy();
  t.ok(await until(() => left().length === 0));
  t.same((await call('GET', '/v1/import-runs')).body.data, []);
});

t.test('bundles that are on their way count among those that wait', async (t) => {
  const { post, left } = await listening(t);
  const many = Array.from({ length: 9 }, () => post('/v1/imports', 'application/x-ndjson'));
  for (const { sent } of many) sent.write('{');
  const [first] = await Promise.race(many.map(async ({ answer }) => [await answer]));
  t.match(first, { status: 503, headers: { 'retry-after': '60' } });
  t.ok(await until(() => left().length === 8));
  for (const { sent } of many) sent.destroy();
  t.ok(await until(() => left().length === 0));
});
