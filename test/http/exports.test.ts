import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LIMITS } from '../../src/db/open.ts';
import { makeSnapshot } from '../../src/exchange/export/snapshot.ts';
import { temporary } from '../exchange/whole.ts';
import { testApp } from '../helper.ts';
import { refuses } from './refusals.ts';

const FIRST = new Date('2026-01-31T12:00:00.000Z');

/** An app that serves snapshots, and what makes one. */
async function exporting(t: Test) {
  const dir = join(temporary(t), 'snapshots');
  const app = await testApp(t, 'empty', { SNAPSHOT_DIR: dir });
  const key = await app.key('write');
  for (const name of ['Housing', 'Parks', 'Libraries'])
    await app.call('POST', '/v1/topics', { key, body: { name } });
  const snapshot = (now: Date, keep = 2) =>
    makeSnapshot(app.url, LIMITS, { dir, keep, claim: randomUUID(), now: () => now });
  return { ...app, dir, key, snapshot };
}

t.test('the last snapshot is listed, and its files are what the list says', async (t) => {
  const { call, dir, snapshot, key } = await exporting(t);
  const none = await call('GET', '/v1/exports');
  t.same([none.status, none.body.data, none.body.meta.revision], [200, [], null], 'none yet');
  const made = await snapshot(FIRST);
  const { body, headers } = await call('GET', '/v1/exports');
  t.match(body, {
    meta: { snapshot: made.name, revision: 3, created_at: FIRST.toISOString() },
    links: { changes: '/v1/changes?after=3', datapackage: `/v1/exports/${made.name}/datapackage.json` },
  });
  t.equal(body.data.length, made.files.length);
  const fresh = { headers: { 'if-none-match': String(headers.etag) } };
  t.equal((await call('GET', '/v1/exports', fresh)).status, 304);
  const topics = body.data.find(({ file }: { file: string }) => file === 'topics.csv');
  t.match(topics, { format: 'csv', kind: 'topic', rows: 3, media_type: 'text/csv' });
  const file = await call('GET', topics.url);
  t.equal(file.text, readFileSync(join(dir, made.name, 'topics.csv'), 'utf8'));
  t.match(file.headers, {
    'content-type': 'text/csv',
    'content-length': String(topics.bytes),
    etag: `"${topics.sha256}"`,
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=86400, immutable',
    'content-disposition': 'attachment; filename="topics.csv"',
  });
  const described = await call('GET', body.links.datapackage);
  t.match(described.body, { revision: 3, snapshot: made.name });
  const short = await call('GET', '/v1/exports/topics.csv');
  t.same([short.status, short.headers.location], [307, topics.url], 'a name alone leads to the last one');

  await call('POST', '/v1/topics', { key, body: { name: 'Transit' } });
  t.equal((await call('GET', '/v1/exports')).headers.etag, headers.etag, 'until the next is made');
  const next = await snapshot(new Date(FIRST.getTime() + 1000));
  t.match((await call('GET', '/v1/exports')).body.meta, { snapshot: next.name, revision: 4 });
  t.equal((await call('GET', topics.url)).text, file.text, 'the one before is still what it was');
  t.equal(
    (await call('GET', '/v1/exports/topics.csv')).headers.location,
    topics.url.replace(made.name, next.name),
  );
  await snapshot(new Date(FIRST.getTime() + 2000));
  const gone = await call('GET', topics.url);
  t.equal(gone.status, 404);
  t.match(gone.body.detail, /or no longer\. The last is/);
});

t.test('a file can be taken in parts, and gone on with only while it is the same', async (t) => {
  const { call, snapshot } = await exporting(t);
  const { name, files } = await snapshot(FIRST);
  const url = `/v1/exports/${name}/topics.ndjson`;
  const { text: whole, headers } = await call('GET', url);
  const etag = String(headers.etag);
  const { bytes = 0 } = files.find(({ path }) => path === 'topics.ndjson') ?? {};
  const rows: readonly (readonly [string, Record<string, string>, number, string, string?])[] = [
    ['the first bytes', { range: 'bytes=0-9' }, 206, whole.slice(0, 10), `bytes 0-9/${bytes}`],
    ['from a place on', { range: 'bytes=100-' }, 206, whole.slice(100), `bytes 100-${bytes - 1}/${bytes}`],
    [
      'the last bytes',
      { range: 'bytes=-5' },
      206,
      whole.slice(-5),
      `bytes ${bytes - 5}-${bytes - 1}/${bytes}`,
    ],
    [
      'the same file',
      { range: 'bytes=5-', 'if-range': etag },
      206,
      whole.slice(5),
      `bytes 5-${bytes - 1}/${bytes}`,
    ],
    ['another file now', { range: 'bytes=5-', 'if-range': '"other"' }, 200, whole],
    ['a date, which is not kept', { range: 'bytes=5-', 'if-range': FIRST.toUTCString() }, 200, whole],
    ['what is no range', { range: 'lines=1-2' }, 200, whole],
    ['several ranges', { range: 'bytes=0-1,3-4' }, 200, whole],
    ['what the client has', { 'if-none-match': etag }, 304, ''],
    ['what the client has, in part', { 'if-none-match': etag, range: 'bytes=0-1' }, 304, ''],
    ['what it takes it for', { 'if-match': `"x", ${etag}` }, 200, whole],
  ];
  for (const [what, sent, status, text, range] of rows) {
    const answer = await call('GET', url, { headers: sent });
    t.same([answer.status, answer.text, answer.headers['content-range']], [status, text, range], what);
    t.equal(answer.headers.etag, etag);
    if (status !== 304) t.equal(answer.headers['content-length'], String(text.length));
  }
  const head = await call('HEAD', url);
  t.same([head.status, head.text, head.headers['content-length']], [200, '', String(bytes)]);
  await refuses(t, call, [
    {
      name: 'a range beyond the end, as of a download that is complete',
      request: `GET ${url}`,
      headers: { range: `bytes=${bytes}-` },
      problem: 'range-not-satisfiable',
      at: { header: 'Range' },
      says: new RegExp(`bytes \\*/${bytes}`),
    },
    {
      name: 'another file than is meant',
      request: `GET ${url}`,
      headers: { 'if-match': '"other"' },
      problem: 'precondition-failed',
      at: { header: 'If-Match' },
    },
  ]);
});

t.test('nothing but the files of a snapshot can be had', async (t) => {
  const { call, snapshot, dir } = await exporting(t);
  const { name } = await snapshot(FIRST);
  const partial = '.partial-1-x';
  mkdirSync(join(dir, partial));
  writeFileSync(join(dir, partial, 'datapackage.json'), '{}');
  writeFileSync(join(dir, name, 'notes.txt'), 'not described');
  writeFileSync(join(dir, 'outside.csv'), 'outside');
  const wrong = { problem: 'not-found' as const };
  await refuses(t, call, [
    { ...wrong, name: 'one that is being made', request: `GET /v1/exports/${partial}/datapackage.json` },
    { ...wrong, name: 'a file that is not described', request: `GET /v1/exports/${name}/notes.txt` },
    { ...wrong, name: 'a file beside', request: `GET /v1/exports/${name}/..%2foutside.csv` },
    { ...wrong, name: 'the folder', request: `GET /v1/exports/..%2f/outside.csv` },
    {
      ...wrong,
      name: 'a name that is nearly right',
      request: `GET /v1/exports/${name}/topic.csv`,
      says: /did you mean 'topics\.csv'/,
    },
    {
      ...wrong,
      name: 'a short name that is nearly right',
      request: 'GET /v1/exports/topic.csv',
      says: /topics\.csv/,
    },
  ]);
  t.equal((await call('GET', '/v1/exports')).body.meta.snapshot, name);
  const plain = await testApp(t);
  await refuses(t, plain.call, [
    { ...wrong, name: 'any, where there are none', request: 'GET /v1/exports/topics.csv' },
  ]);
});
