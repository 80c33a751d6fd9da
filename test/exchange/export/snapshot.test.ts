import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { LIMITS, openDatabase } from '../../../src/db/open.ts';
import { openBundle } from '../../../src/exchange/bundle.ts';
import { check } from '../../../src/exchange/check.ts';
import { exportedKinds } from '../../../src/exchange/export/columns.ts';
import { makeSnapshot } from '../../../src/exchange/export/snapshot.ts';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { appOver } from '../../databases.ts';
import { send, type TestApp, testApp } from '../../helper.ts';
import { temporary } from '../whole.ts';
import { type Content, csvIn, linesIn, parquetIn } from './reading.ts';

const SECRET = 'All of the story, which is not ours to publish.';
const FORMULA = '=HYPERLINK("https://example.org","x")';

/** A seeded tracker with what is hard to give back. */
async function filled(t: Test): Promise<TestApp> {
  const app = await testApp(t, 'seeded');
  const key = await app.key('write');
  const write = async (method: string, url: string, body?: object) => {
    const answer = await app.call(method, url, { key, ...(method === 'POST' ? {} : { ifMatch: '*' }), body });
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.body;
  };
  await write('PATCH', '/v1/sources/los-angeles-sanctuary-second-story', { text: SECRET });
  const policy_id = 'los-angeles-sanctuary-city-ordinance';
  await write('POST', '/v1/topics', { name: FORMULA, description: '\'quoted\', "twice"\r\nand −1' });
  await write('POST', '/v1/versions', { policy_id, label: 'L', text: 'Long. '.repeat(100_000) });
  await write('POST', '/v1/vote-events', {
    policy_id,
    result: 'pass',
    counts: [{ option: 'yes', value: 2 }],
    votes: [
      { name: 'Raman', official_id: 'nithya-raman', option: 'yes', option_raw: 'Aye' },
      { name: 'Nobody known', option: 'yes' },
    ],
  });
  await write('PATCH', '/v1/statements/goldberg-not-running-in-fear', {
    agreement_override: { agreement: 'disputed', reason: 'The speaker says so.' },
  });
  const { id } = await write('POST', '/v1/officials', { name: 'Karen R. Bass' });
  await write('POST', `/v1/officials/${id}/merge`, { into: 'karen-bass' });
  const { id: gone } = await write('POST', '/v1/topics', { name: 'Gone' });
  await write('DELETE', `/v1/topics/${gone}`);
  return app;
}

/** Makes a snapshot in a folder of its own. */
async function snapshotOf(t: Test, url: string, now = new Date('2026-01-31T12:00:00.000Z')) {
  const dir = join(temporary(t), 'snapshots');
  const steps: number[] = [];
  const made = await makeSnapshot(url, LIMITS, {
    dir,
    keep: 2,
    claim: randomUUID(),
    now: () => now,
    progress: (done) => steps.push(done),
  });
  return { ...made, dir, folder: join(dir, made.name), steps };
}

/** What a kind’s files hold, as the list of the kind has it. */
async function listed({ app }: TestApp, path: string): Promise<Content[]> {
  const large = path === 'versions' ? '&fields=text' : '';
  const { text } = await send(app, 'GET', `/v1/${path}.json?sort=updated_at`, {});
  const texts = large
    ? JSON.parse((await send(app, 'GET', `/v1/${path}.json?fields=text`, {})).text).data
    : [];
  const inFull = new Map(texts.map((one: Content) => [one.id, one.text]));
  const records = JSON.parse(text).data.map(({ current_memberships: _, version: __, ...record }: Content) =>
    inFull.has(record.id) ? { ...record, text: inFull.get(record.id) } : record,
  );
  return records.sort((a: Content, b: Content) => (String(a.id) < String(b.id) ? -1 : 1));
}

const sorted = (record: Content) => Object.fromEntries(Object.entries(record).sort());

const WHEN = ['created_at', 'updated_at'];

t.test('a snapshot', async (t) => {
  const app = await filled(t);
  const key = await app.key('admin');
  const made = await snapshotOf(t, app.url);
  const { folder, dir, files, steps } = made;

  t.test('has every record in each form, and says what it has', async (t) => {
    const { revision } = (await app.call('GET', '/v1/topics?limit=1')).body.meta;
    t.equal(made.revision, revision);
    t.same(readdirSync(dir), [`20260131T120000000Z-r${revision}`], 'nothing else is there');
    t.same([steps.at(-1), steps.toSorted((a, b) => a - b)], [1000, steps], 'progress is told to the end');

    for (const kind of exportedKinds) {
      const expected = (await listed(app, kind.path)).map(sorted);
      const lines = linesIn(folder, `${kind.path}.ndjson`);
      t.strictSame(lines.map(sorted), expected, `${kind.path}.ndjson`);
      t.strictSame(csvIn(folder, kind), lines, `${kind.path}.csv, by another reader`);
      t.strictSame(parquetIn(folder, kind), lines, `${kind.path}.parquet, by another reader`);
    }
    t.ok(
      readFileSync(join(folder, 'topics.csv'), 'utf8').includes(`"'=HYPERLINK(""https`),
      'no cell is a formula',
    );

    const described = JSON.parse(readFileSync(join(folder, 'datapackage.json'), 'utf8'));
    t.match(described, { revision, created: '2026-01-31T12:00:00.000Z', name: 'civic-policy-tracker' });
    const names = described.resources.map(({ path }: Content) => path);
    t.same(readdirSync(folder).sort(), [...names, 'datapackage.json'].sort(), 'every file is described');
    for (const { path, bytes, hash, rows, kind, name } of described.resources) {
      const content = readFileSync(join(folder, path));
      const sha256 = createHash('sha256').update(content).digest('hex');
      t.same({ bytes: content.length, hash: `sha256:${sha256}` }, { bytes, hash }, path);
      t.match(name, /^[a-z0-9-]+$/);
      const { path: of } = exportedKinds.find((one) => one.name === kind) ?? {};
      if (of) t.equal(linesIn(folder, `${of}.ndjson`).length, rows);
      t.equal(statSync(join(folder, path)).mode & 0o777, 0o644, 'readable by the service’s other users');
    }
    t.same(
      described.resources.map(({ path, rows, bytes }: Content) => ({ path, rows, bytes })),
      files.map(({ path, rows, bytes }) => ({ path, rows, bytes })),
    );
  });

  t.test('has schemas that hold of its tables', async (t) => {
    const { resources } = JSON.parse(readFileSync(join(folder, 'datapackage.json'), 'utf8'));
    const tables = resources.filter(({ format }: Content) => format === 'csv');
    const idsOf = new Map<string, Set<unknown>>();
    const rowsOf = new Map<string, Content[]>();
    for (const { name, kind: of } of tables) {
      const rows = csvIn(folder, exportedKinds.find(({ name: one }) => one === of) as never);
      rowsOf.set(name, rows);
      idsOf.set(name, new Set(rows.map(({ id }) => id)));
    }
    let [pointing, words] = [0, 0];
    for (const { name, schema } of tables) {
      const rows = rowsOf.get(name) as Content[];
      t.equal(idsOf.get(name)?.size, rows.length, `${name}: ids are unique`);
      for (const { name: field, constraints = {} } of schema.fields) {
        const values = rows.map((row) => row[field]);
        if (constraints.required) t.ok(!values.includes(null), `${name}.${field} is always there`);
        if (!constraints.enum) continue;
        words += 1;
        t.ok(
          values.every((value) => value === null || constraints.enum.includes(value)),
          `${name}.${field}`,
        );
      }
      for (const { fields, reference } of schema.foreignKeys ?? []) {
        const known = idsOf.get(reference.resource) as Set<unknown>;
        const values = rows.map((row) => row[fields[0]]).filter((value) => value !== null);
        pointing += values.length;
        t.same(
          values.filter((value) => !known.has(value)),
          [],
          `${name}.${fields[0]} leads to ${reference.resource}`,
        );
      }
    }
    t.ok(pointing > 1000 && words > 20);
  });

  t.test('has nothing that is not for everyone', async (t) => {
    const hash = createHash('sha256')
      .update(key.split('_').at(-1) as string)
      .digest('hex');
    for (const { path } of files) {
      const bytes = readFileSync(join(folder, path));
      const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
      // Names of keys stand in the log, as the feed tells them.
      const names = path === 'civic.db' ? [] : ['write key', 'admin key'];
      const found = [SECRET, SECRET.slice(5, 30), key, hash, ...names].filter((hidden) =>
        text.includes(hidden),
      );
      t.same(found, [], path);
    }
    const db = await openDatabase(`sqlite:${join(folder, 'civic.db')}`);
    t.teardown(() => db.close());
    const keys = await db.read((session) =>
      session.all('keys', (on) => on.select().from(db.tables.apiKeys) as never),
    );
    t.same(keys, [], 'no keys');
  });

  t.test('has a database that is a tracker like the one it was taken of', async (t) => {
    const url = `sqlite:${join(folder, 'civic.db')}`;
    const db = await openDatabase(url);
    const other = await appOver({ db, now: () => app.clock.now });
    for (const path of [
      '/v1/policies?q=sanctuary&include=actions,citations',
      '/v1/statements?agreement=disputed',
      '/v1/changes?after=1200&kind=topic',
      '/v1/topics?include_deleted=true',
      '/v1/conflicts',
    ]) {
      const [here, there] = [await send(app.app, 'GET', path, {}), await send(other, 'GET', path, {})];
      t.equal(there.text, here.text, path);
    }
    const { data } = (await app.call('GET', '/v1/topics?include_deleted=true')).body;
    const { id } = data.find(({ deleted_at }: Content) => deleted_at !== null);
    t.equal((await send(other, 'GET', `/v1/topics/${id}`, {})).status, 410, 'tombstones are there');
    await other.close();
    await db.close();
    const found = await check(url, LIMITS);
    t.same(
      found.flatMap(({ first }) => first),
      [],
      'and nothing in it is off',
    );
  });

  t.test('has a bundle that gives the same files again, loaded into an empty tracker', async (t) => {
    const empty = await testApp(t, 'empty');
    const bundle = join(folder, 'bundle.ndjson.gz');
    const imported = await importFrom(
      empty.app.engine,
      { actor: 'test', reason: null },
      await openBundle(bundle),
      {
        importer: 'bundle',
        input: 'bundle.ndjson.gz',
        strict: false,
        dryRun: false,
      },
    );
    t.same([imported.status, imported.tally.failures, imported.tally.unresolvedCount], ['done', [], 0]);
    const second = await snapshotOf(t, empty.url);
    t.strictSame(
      readFileSync(join(second.folder, 'bundle.ndjson.gz')),
      readFileSync(bundle),
      'the bundle is the same to the byte',
    );
    const without = (folder: string, path: string) =>
      linesIn(folder, `${path}.ndjson`).map((record) =>
        JSON.stringify(Object.entries(record).filter(([name]) => !WHEN.includes(name))),
      );
    for (const { path } of exportedKinds)
      t.strictSame(without(second.folder, path), without(folder, path), path);
  });
});
