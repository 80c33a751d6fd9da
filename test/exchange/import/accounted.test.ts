/** Everything of an input is accounted for: what gives no record, and what earlier imports met and a newer copy has not. */
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import type { BundleRecord, Read } from '../../../src/exchange/import/record.ts';
import { type TestApp, testApp } from '../../helper.ts';
import { counted } from './bundle.ts';

const topic = (name: string, collection?: string): BundleRecord => ({
  kind: 'topic',
  body: { name, identifiers: [{ scheme: 'x', identifier: name }] },
  place: { file: `${collection ?? 'loose'}.json`, line: null },
  ...(collection === undefined ? {} : { collection }),
});

const importReads = ({ app }: TestApp, reads: readonly Read[], input = 'one', page = 100) =>
  importFrom(
    app.engine,
    { actor: 'test', reason: null },
    { fingerprint: input, total: reads.length, read: () => reads },
    { importer: 'tests', input, page, strict: false, dryRun: false },
  );

const runOf = async ({ call }: TestApp, id: string) => (await call('GET', `/v1/import-runs/${id}`)).body;

t.test('what gives no record is counted as skipped, and listed with the reason', async (t) => {
  const app = await testApp(t);
  const place = { file: 'people.json', line: 3 };
  const imported = await importReads(app, [
    topic('Parks'),
    { kind: 'official', place, note: 'stands in the file before' },
    { kind: null, place, note: 'is empty' },
  ]);
  t.same(counted(imported), { topic: { created: 1 }, official: { skipped: 1 }, null: { skipped: 1 } });
  const { read, left_out } = await runOf(app, imported.run.id);
  t.equal(read, 3);
  t.same(left_out, {
    count: 2,
    listed: [
      { ...place, kind: 'official', note: 'stands in the file before' },
      { ...place, kind: null, note: 'is empty' },
    ],
  });
});

t.test('what a newer copy of a collection has not is told of, and stays', async (t) => {
  const app = await testApp(t);
  const first = await importReads(app, [
    topic('Kept', 'a'),
    topic('Gone', 'a'),
    topic('Spoilt', 'a'),
    topic('Elsewhere', 'b'),
    topic('Loose'),
  ]);
  t.same((await runOf(app, first.run.id)).disappeared, { count: 0, listed: [] });
  // A record that cannot be written has not disappeared, and of a collection that is not there nothing is known.
  const spoilt: BundleRecord = { ...topic('Spoilt', 'a'), body: { ...topic('Spoilt').body, name: 7 } };
  const second = await importReads(app, [topic('Kept', 'a'), spoilt], 'two');
  t.same(counted(second), { topic: { unchanged: 1, failed: 1 } });
  const gone = (await app.call('GET', '/v1/topics?identifier=x:Gone')).body.data[0];
  t.same((await runOf(app, second.run.id)).disappeared, {
    count: 1,
    listed: [{ collection: 'a', kind: 'topic', record_id: gone.id }],
  });
  const key = await app.key('write');
  t.equal((await app.call('DELETE', `/v1/topics/${gone.id}`, { key, ifMatch: '*' })).status, 204);
  const third = await importReads(app, [topic('Kept', 'a'), topic('Spoilt', 'a')], 'three');
  t.same((await runOf(app, third.run.id)).disappeared, { count: 0, listed: [] }, 'until it is deleted here');
});

t.test('an import that knows of no collection says nothing of what disappeared', async (t) => {
  const app = await testApp(t);
  await importReads(app, [topic('A', 'a')]);
  const { run } = await importReads(app, [topic('Loose')], 'two');
  t.equal((await runOf(app, run.id)).disappeared, null);
});

t.test('what is little known here is written where there is none, and else stays as it is', async (t) => {
  const app = await testApp(t);
  const little: BundleRecord = { ...topic('Parks'), body: { ...topic('Parks').body, description: 'little' } };
  const reads: readonly Read[] = [{ ...little, onlyIfNew: true }];
  t.same(counted(await importReads(app, reads)), { topic: { created: 1 } });
  const much: BundleRecord = { ...topic('Parks'), body: { ...topic('Parks').body, description: 'much' } };
  t.same(counted(await importReads(app, [much], 'two')), { topic: { updated: 1 } });
  t.same(counted(await importReads(app, reads, 'three')), { topic: { unchanged: 1 } });
  t.equal((await app.call('GET', '/v1/topics')).body.data[0].description, 'much');
});

t.test('and so it is with what had to wait for what it mentions', async (t) => {
  const app = await testApp(t);
  await importReads(app, [topic('Parks'), topic('Trees')]);
  const under = (name: string, more: Partial<BundleRecord>): BundleRecord => ({
    ...topic(name),
    body: { ...topic(name).body, description: 'little', parent_id: { scheme: 'x', identifier: 'Nature' } },
    ...more,
  });
  const reads: readonly Read[] = [
    under('Parks', { onlyIfNew: true }),
    { ...under('Trees', { yields: ['name'] }), body: { ...under('Trees', {}).body, name: 'Wood' } },
    topic('Nature'),
  ];
  // Each in a transaction of its own, so that the wider topic is not there when the others come.
  const imported = await importReads(app, reads, 'two', 1);
  t.same(counted(imported), { topic: { created: 1, updated: 1, unchanged: 1 } });
  const { data } = (await app.call('GET', '/v1/topics?sort=name')).body;
  t.same(
    data.map((one: { name: string; description: string | null }) => [one.name, one.description]),
    [
      ['Nature', null],
      ['Parks', null],
      ['Trees', 'little'],
    ],
  );
});
