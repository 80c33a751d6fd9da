/** `POST /v1/imports`: the same import over HTTP, with a run to look at. */
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { action, bytes, place, policy } from '../exchange/import/bundle.ts';
import { type TestApp, testApp } from '../helper.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };

/** The run once it has ended. */
async function ended({ call }: TestApp, location: string) {
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await call('GET', location);
    if (body.ended_at !== null) return body;
    await setTimeout(20);
  }
  throw new Error('the import does not end');
}

for (const [how, packed] of [
  ['as it is', (text: Buffer) => text],
  ['as gzip', (text: Buffer) => gzipSync(text)],
] as const) {
  t.test(`a bundle that is sent ${how} is imported`, async (t) => {
    const app = await testApp(t);
    const key = await app.key('write');
    const payload = packed(bytes([action('read', 'one'), place, policy('one'), 'nonsense']));
    const headers = { ...NDJSON, 'x-reason': 'minutes' };
    const { status, headers: sent, body } = await app.call('POST', '/v1/imports', { key, headers, payload });
    t.equal(status, 202);
    t.equal(sent.location, `/v1/import-runs/${body.id}`);
    const run = await ended(app, String(sent.location));
    t.match(run, { status: 'done', actor: 'write key', reason: 'minutes', read: 4 });
    t.match(run.failures, [{ line: 4, pointer: '' }]);
    const again = await app.call('POST', '/v1/imports', { key, headers, payload });
    const second = await ended(app, String(again.headers.location));
    t.ok(
      second.counts.every(({ created, updated }: Record<string, number>) => created === 0 && updated === 0),
    );
    const { body: changes } = await app.call('GET', '/v1/changes');
    t.match(changes.data[0], { actor: 'write key', reason: 'minutes' });
  });
}

t.test('a dry run tells what would be in its run, and writes nothing', async (t) => {
  const app = await testApp(t);
  const key = await app.key('write');
  const payload = bytes([place, policy('one')]);
  const answer = await app.call('POST', '/v1/imports?dry_run=true', { key, headers: NDJSON, payload });
  const run = await ended(app, String(answer.headers.location));
  t.match(run, { status: 'done', dry_run: true, counts: [{ created: 1 }, { created: 1 }] });
  t.equal((await app.call('GET', '/v1/changes')).body.data.length, 0);
});

t.test('a key limited to jurisdictions writes what is theirs, and the rest fails alone', async (t) => {
  const app = await testApp(t);
  const admin = await app.key('admin');
  const made = await app.call('POST', '/v1/jurisdictions', {
    key: admin,
    body: { ...place.record, slug: 'place' },
  });
  const limited = await app.key('write', { jurisdictionIds: [made.body.id] });
  const elsewhere = await app.call('POST', '/v1/jurisdictions', {
    key: admin,
    body: { name: 'Elsewhere', classification: 'county' },
  });
  const payload = bytes([policy('mine'), policy('theirs', { jurisdiction_id: elsewhere.body.id })]);
  const answer = await app.call('POST', '/v1/imports', { key: limited, headers: NDJSON, payload });
  const run = await ended(app, String(answer.headers.location));
  t.match(run.counts, [{ kind: 'policy', created: 1, failed: 1 }]);
  t.match(run.failures, [{ line: 2, message: /does not belong to the jurisdictions of the key/ }]);
});

const refused: readonly [why: string, status: number, options: object][] = [
  ['without a key', 401, { headers: NDJSON, payload: '{}\n' }],
  ['as JSON', 415, { headers: { 'content-type': 'application/json' }, payload: '{}' }],
  ['as Brotli', 415, { headers: { ...NDJSON, 'content-encoding': 'br' }, payload: 'x' }],
  ['with nothing in it', 400, { headers: NDJSON, payload: '' }],
];

t.test('what cannot be taken is refused', async (t) => {
  const app = await testApp(t);
  const key = await app.key('write');
  for (const [why, status, options] of refused) {
    const answer = await app.call('POST', '/v1/imports', {
      ...(why === 'without a key' ? {} : { key }),
      ...options,
    });
    t.equal(answer.status, status, why);
  }
  const unknown = await app.call('POST', '/v1/imports?stricts=true', {
    key,
    headers: NDJSON,
    payload: '{}\n',
  });
  t.equal(unknown.status, 400);
  t.equal((await app.call('GET', '/v1/import-runs')).body.data.length, 0);
});
