import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { setHorizon } from '../../src/engine/horizon.ts';
import { copyDatabase } from '../../src/exchange/copy.ts';
import { type Checked, checkRecord } from '../../src/exchange/import/check.ts';
import { noteMet } from '../../src/exchange/import/met.ts';
import { addPending } from '../../src/exchange/import/pending.ts';
import { createKey } from '../../src/http/keys.ts';
import { makeRates } from '../../src/http/rates.ts';
import { tellRates } from '../../src/http/shared-rates.ts';
import { freshDatabase } from '../databases.ts';
import { sumUpFirst } from '../features/search/fill-sums.ts';
import { testApp } from '../helper.ts';

/** An empty database in a file, whatever the engine of the run. */
async function emptyFile(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'civic-copy-'));
  const db = await openDatabase(`sqlite:${join(folder, 'copy.db')}`);
  t.teardown(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });
  return db;
}

t.test('a whole tracker moves into another engine and back, row for row', async (t) => {
  const { app, db, call, key, clock } = await testApp(t, 'seeded');
  const write = await key('write');
  // Rows in every table: votes, a deleted record, one that moved in its orders, a circle of references.
  const official = { name: 'Ärger 🏛', other_names: [{ name: 'İ' }] };
  await call('POST', '/v1/officials', { key: write, body: official });
  const votes = [{ name: 'One', option: 'yes', official_id: 'karen-bass' }];
  await call('POST', '/v1/vote-events', {
    key: write,
    body: { policy_id: 'los-angeles-sanctuary-city-ordinance', votes },
  });
  await call('PATCH', '/v1/topics/education', {
    key: write,
    ifMatch: '*',
    body: { name: 'Schooling', parent_id: 'lgbtq-rights' },
  });
  await call('PATCH', '/v1/topics/lgbtq-rights', {
    key: write,
    ifMatch: '*',
    body: { parent_id: 'education' },
  });
  const made = await call('POST', '/v1/measures', { key: write, body: { name: 'Gone again' } });
  await call('DELETE', `/v1/measures/${made.body.id}`, { key: write, ifMatch: '"1"' });
  // And one that was merged, the answer to a request that may be repeated, a day's writes of a key, and a mark.
  const { key: limited } = await createKey(db, clock.now, {
    name: 'limited',
    scope: 'write',
    expiresAt: null,
    dailyWrites: 10,
  });
  const twin = await call('POST', '/v1/measures', {
    key: limited,
    body: { name: 'Twin' },
    headers: { 'idempotency-key': 'twin' },
  });
  const into = (await call('GET', '/v1/measures?limit=1')).body.data[0].id;
  await call('POST', `/v1/measures/${twin.body.id}/merge`, { key: write, body: { into } });
  await setHorizon(app.engine, 1);
  // And one that an import left waiting for its policy.
  const body = { policy_id: 'to-come', description: 'Read', identifiers: [{ scheme: 'x', identifier: '1' }] };
  const waiting = checkRecord({ kind: 'action', body, place: { file: 'a.ndjson', line: 1 } }, 1) as Checked;
  await db.write((session) => addPending({ engine: app.engine, session }, into, waiting));

  // And what it has met of its input; and a webhook with a message on its way.
  const met = new Map([[into, { ...waiting, collection: 'actions' }]]);
  await db.write((session) => noteMet({ engine: app.engine, session }, { importer: 'x', id: into }, met, []));
  const told = { url: 'https://receiver.example/' };
  const admin = await key('admin');
  const { body: hook } = await call('POST', '/v1/webhooks', { key: admin, body: told });
  await call('POST', `/v1/webhooks/${hook.id}/ping`, { key: admin });
  const rates = makeRates({ requests: 10, seconds: 60 }, () => 0, 0);
  rates.charge(null, '192.0.2.1');
  await tellRates(app.engine, rates);
  await sumUpFirst(app.engine);

  const there = await emptyFile(t);
  const steps: [number, number][] = [];
  const out = await copyDatabase(db, there, (done, total) => steps.push([done, total]));
  t.ok(
    out.every(({ rows }) => rows > 0),
    `every table has rows: ${out.filter(({ rows }) => rows === 0).map(({ table }) => table)}`,
  );
  const rows = out.reduce((sum, table) => sum + table.rows, 0);
  t.same(steps.at(-1), [2 * rows, 2 * rows], 'progress ends at the end');

  const back = await openDatabase(await freshDatabase(t, 'empty'));
  t.teardown(() => back.close());
  t.same(await copyDatabase(there, back), out, 'the same rows and checksums come back');
  const again = await testApp(t, 'empty');
  await copyDatabase(there, again.db);
  for (const path of [
    'policies',
    'officials',
    'votes',
    'topics',
    'measures?include_deleted=true',
    'citations',
  ]) {
    const [a, b] = [await app.inject(`/v1/${path}`), await again.app.inject(`/v1/${path}`)];
    t.equal(a.body, b.body, `${path} reads the same`);
  }
});

t.test('a database that is not empty is refused, and left as it is', async (t) => {
  const { db } = await testApp(t, 'seeded');
  const filled = await testApp(t, 'seeded');
  await t.rejects(copyDatabase(db, filled.db), /the target is not empty: \w+ has \d+ rows/);
  t.equal((await filled.call('GET', '/v1/policies?count=exact')).body.meta.total, 13);
});
