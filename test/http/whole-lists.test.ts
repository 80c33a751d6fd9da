import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import papaparse from 'papaparse';
import t, { type Test } from 'tap';
import { crawlJson } from '../../src/engine/json/whole.ts';
import { unguarded } from '../../src/exchange/export/csv.ts';
import { resources } from '../../src/http/resource.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { cases } from '../cases.ts';
import { createAll, writes } from '../engine/crawler.ts';
import { readingApp, send, type TestApp, testApp } from '../helper.ts';
import { refuses } from './refusals.ts';

type Content = Record<string, unknown>;

/** All records of a list, page by page. */
async function paged({ app }: TestApp, path: string, query: string, key?: string): Promise<Content[]> {
  const all: Content[] = [];
  for (let url: string | null = `/v1/${path}?limit=200${query && `&${query}`}`; url !== null; ) {
    const { status, body, text } = await send(app, 'GET', url, key ? { key } : {});
    if (status !== 200) throw new Error(text);
    all.push(...body.data);
    url = body.links.next;
  }
  return all;
}

/** A record’s value as its cell gives it, by what the JSON has there. */
function meantBy(cell: string, like: unknown, any: boolean): unknown {
  if (cell === '') return like === '' ? '' : null;
  if (any || typeof like === 'object' || typeof like === 'number' || typeof like === 'boolean')
    return JSON.parse(cell);
  return unguarded(cell);
}

/** The records of a CSV, read by another program. */
function csvRecords(text: string, likes: readonly Content[], any: ReadonlySet<string>): Content[] {
  const [names = [], ...rows] = papaparse.parse<string[]>(text.slice(0, -2), { delimiter: ',' }).data;
  return rows.map((cells, at) =>
    Object.fromEntries(
      names.map((name, place) => [name, meantBy(cells[place] as string, likes[at]?.[name], any.has(name))]),
    ),
  );
}

async function sameInAllForms(t: Test, app: TestApp, path: string, query: string, key?: string) {
  const expected = await paged(app, path, query, key);
  // Checking each against its schema would take longer than all the rest; the tests below do so with some.
  const call = (method: string, url: string) => send(app.app, method, url, key ? { key } : {});
  const behind = query && `?${query}`;
  const name = `${path}${behind}`;
  const lines = await call('GET', `/v1/${path}.ndjson${behind}`);
  t.equal(
    lines.text,
    expected.map((record) => `${JSON.stringify(record)}\n`).join(''),
    `${name}: the lines, to the byte`,
  );
  const { body } = await call('GET', `/v1/${path}.json${behind}`);
  t.strictSame(body.data, expected, `${name}: one document`);
  t.equal(body.meta.total, expected.length);
  t.ok(body.links.self.startsWith(`/v1/${path}.json${behind}`), body.links.self);
  const csv = await call('GET', `/v1/${path}.csv${behind}`);
  const kind = resources.find((one) => one.path === path)?.kind ?? kindNamed('action');
  const any = new Set(Object.keys(kind.fields).filter((field) => kind.fields[field]?.type === 'json'));
  t.strictSame(csvRecords(csv.text, expected, any), expected, `${name}: the table`);
  return expected.length;
}

t.test('every list can be had whole in each form, the same records in the same order', async (t) => {
  const app = await readingApp(t);
  let total = 0;
  for (const { path } of resources) total += await sameInAllForms(t, app, path, '');
  t.ok(total > 1000);
});

t.test('what narrows, orders and fills a list does so with the whole of it', async (t) => {
  const app = await testApp(t, 'seeded');
  const key = await app.key('write');
  await app.call('DELETE', '/v1/topics/education', { key, ifMatch: '*' });
  for (const [path, query, count] of [
    ['policies', 'jurisdiction=los-angeles,los-angeles-unified&adopted_since=2024-11&sort=title', 5],
    ['policies', 'include=jurisdiction,actions.organization&fields=title,topics', 13],
    ['policies', 'include=topics&sort=-updated_at', 13],
    ['policies', 'q=sanctuary', 5],
    ['policies', 'q=sanctuary&sort=title&fields=title', 5],
    ['policies', 'q=the&type=ordinance', 1],
    ['citations', 'record_type=official&rank=deprecated', 2],
    ['versions', 'fields=text,label', 1],
    ['statement-reports', 'fields=quoted_text,form', 17],
    ['relations', 'fields=type', 5],
    ['ordinances', 'status=passed', 1],
    ['policies', 'jurisdiction=boston&type=ordinance', 0],
  ] as const)
    t.equal(await sameInAllForms(t, app, path, query), count, `${path}?${query}`);
  t.equal(await sameInAllForms(t, app, 'topics', 'include_deleted=true&sort=name'), 5, 'tombstones too');
  await app.call('PATCH', '/v1/sources/los-angeles-sanctuary-second-story', {
    key,
    ifMatch: '*',
    body: { text: 'All of the story.' },
  });
  t.equal(await sameInAllForms(t, app, 'sources', 'fields=text', key), 2, 'restricted texts, with the scope');

  const under = '/v1/policies/los-angeles-sanctuary-city-ordinance/actions';
  const { body } = await app.call('GET', under);
  const { text, headers } = await app.call('GET', `${under}?format=ndjson`);
  t.equal(text, body.data.map((one: Content) => `${JSON.stringify(one)}\n`).join(''), 'parts as well');
  t.match(headers['content-disposition'], 'filename="actions.ndjson"');
});

t.test('the form is the one that is asked for', async (t) => {
  const { call } = await readingApp(t);
  const accepting = (accept: string, query = '') =>
    call('GET', `/v1/topics${query}`, { headers: { accept } });
  for (const [answer, type] of [
    [await accepting('text/csv'), 'text/csv; charset=utf-8; header=present'],
    [await accepting('application/x-ndjson, application/json;q=0.5'), 'application/x-ndjson'],
    [await accepting('text/html, */*;q=0.5'), 'application/json; charset=utf-8'],
    [await accepting('application/json', '?format=csv'), 'text/csv; charset=utf-8; header=present'],
    [await accepting('*/*', '?format=json'), 'application/json; charset=utf-8'],
  ] as const) {
    t.equal(answer.status, 200);
    t.equal(answer.headers['content-type'], type);
  }
  t.equal((await call('GET', '/v1/topics.json')).body.data.length, 5);
  const whole = await call('GET', '/v1/topics.csv?sort=name');
  const { revision } = (await call('GET', '/v1/topics?limit=1')).body.meta;
  t.match(whole.headers, {
    'x-revision': String(revision),
    'content-disposition': 'attachment; filename="topics.csv"',
    'cache-control': 'no-cache',
  });
  const etag = String(whole.headers.etag);
  t.equal((await call('GET', '/v1/topics.csv', { headers: { 'if-none-match': etag } })).status, 304);
  t.equal((await call('GET', '/v1/topics.ndjson', { headers: { 'if-none-match': etag } })).status, 200);
  const head = await call('HEAD', '/v1/topics.csv');
  t.same([head.status, head.text, head.headers.etag], [200, '', etag]);
  t.notOk('content-length' in head.headers, 'which is not known');
});

t.test('what makes no sense of a whole list is refused', async (t) => {
  const { call } = await readingApp(t);
  const wrong = { problem: 'invalid-parameter' as const };
  await refuses(t, call, [
    {
      ...wrong,
      name: 'a limit with a form that has no pages',
      request: 'GET /v1/policies?format=ndjson&limit=5',
      at: { parameter: 'limit' },
      says: /does not go with ndjson/,
    },
    {
      ...wrong,
      name: 'a count, where Accept asks for all',
      request: 'GET /v1/policies?count=exact',
      headers: { accept: 'text/csv' },
      at: { parameter: 'count' },
    },
    {
      ...wrong,
      name: 'a cursor',
      request: 'GET /v1/policies.csv?cursor=x',
      at: { parameter: 'cursor' },
      says: /unknown parameter/,
    },
    { ...wrong, name: 'a form there is not', request: 'GET /v1/policies.xlsx', at: { parameter: 'form' } },
    {
      ...wrong,
      name: 'a filter that names nothing',
      request: 'GET /v1/policies.csv?jurisdiction=los-angles',
      at: { parameter: 'jurisdiction' },
      says: /did you mean 'los-angeles'/,
    },
    {
      name: 'a text that is not open to everyone',
      request: 'GET /v1/sources.ndjson?fields=text',
      problem: 'forbidden',
      at: { parameter: 'fields' },
    },
    {
      name: 'a type that no form has',
      request: 'GET /v1/policies.csv',
      headers: { accept: 'image/png' },
      problem: 'not-acceptable',
      at: { header: 'Accept' },
    },
  ]);
});

t.test('whatever stands in a text, the database writes its JSON as JavaScript does', async (t) => {
  const app = await testApp(t);
  const { engine } = app.app;
  const texts = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), {
    numRuns: cases(60),
    seed: 3,
  });
  const special = ['\b\f\n\r\t\v', '"\\/', '\u007f\u0080\u2028\u2029\ufeff', '\u0001\u001f', '💬 “ä”', "'"];
  const storable = [...texts, ...special].map((text) => text.replaceAll('\0', '')).filter(Boolean);
  const bodies = storable.map((text, at) => ({
    name: text,
    slug: `topic-${at}`,
    description: text,
    identifiers: [{ scheme: 'x', identifier: `${at}${text}` }],
  }));
  await createAll(engine, kindNamed('topic'), bodies);
  t.equal(await sameInAllForms(t, app, 'topics', 'sort=created_at'), storable.length);
});

t.test('a whole list meets what lived throughout once, whatever is written meanwhile', async (t) => {
  const app = await testApp(t);
  const { engine } = app.app;
  const topic = kindNamed('topic');
  const named = (n: number) => ({ name: `Topic ${String(n).padStart(4, '0')}` });
  const ids = await createAll(
    engine,
    topic,
    Array.from({ length: 300 }, (_, n) => named(2 * n)),
  );
  const { update, remove, create } = writes(engine, topic);
  const place = { path: '/', fixed: {}, restricted: false };
  const begun = await crawlJson(engine, topic, { limit: 20, sort: 'name' }, place, '\n');
  const met: string[] = [];
  const gone = new Set<string>();
  let pages = 0;
  for await (const { texts } of begun?.pages ?? []) {
    met.push(
      ...String(texts)
        .split('\n')
        .map((text) => JSON.parse(text).id),
    );
    pages += 1;
    // Some of those to come go back before the place that was reached, some of those met go on beyond it.
    await update(ids[250 + pages] as string, { name: `Topic 0000 ${pages}` });
    await update(ids[pages] as string, { name: `Topic 9999 ${pages}` });
    await create({ name: `Topic 0599 ${pages}` });
    gone.add(ids[299 - pages] as string);
    await remove(ids[299 - pages] as string);
  }
  t.ok(pages > 2, `${pages} reads`);
  t.equal(new Set(met).size, met.length, 'none twice');
  const lived = ids.filter((id) => !gone.has(id));
  t.same(
    lived.filter((id) => !met.includes(id)),
    [],
    'none missed',
  );
  const changes = (await app.call('GET', `/v1/changes?limit=1000&after=${begun?.revision}`)).body.data;
  const told = new Set(changes.map(({ record_id }: Content) => record_id));
  const { data } = (await app.call('GET', '/v1/topics.json')).body;
  t.same(
    data.filter(({ id }: Content) => !met.includes(id as string) && !told.has(id)),
    [],
    'the feed tells the rest',
  );
});

/** An app that listens, with `count` texts of some size in it. */
async function withTexts(t: Test, count: number, size: number) {
  const app = await testApp(t, 'seeded');
  const policy = (await app.call('GET', '/v1/policies?limit=1')).body.data[0].id;
  await createAll(
    app.app.engine,
    kindNamed('policy_version'),
    Array.from({ length: count }, (_, n) => ({ policy_id: policy, label: `${n}`, text: 'x'.repeat(size) })),
  );
  const address = await app.app.listen({ host: '127.0.0.1', port: 0 });
  return { ...app, address };
}

t.test('a client that takes nothing holds no transaction and little memory', async (t) => {
  const { address, db, call, key, app } = await withTexts(t, 40, 700_000);
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const start = db.statements();
  socket.pause();
  socket.write('GET /v1/versions.ndjson?fields=text HTTP/1.1\r\nhost: x\r\n\r\n');
  while (db.statements() === start) await wait(5);
  let [read, before] = [0, -1];
  while (read !== before) {
    before = read;
    await wait(100);
    read = db.statements() - start;
  }
  t.ok(read < 40 * 2, `it stopped reading after ${read} statements`);
  const body = { name: 'Written meanwhile' };
  t.equal((await call('POST', '/v1/topics', { key: await key('write'), body })).status, 201);
  t.equal(app.wholeLists.open(), 1);
  socket.destroy();
  while (app.wholeLists.open() > 0) await wait(5);
  t.pass('and is let go when it leaves');
});

t.test('a slow client gets what was sent, to the byte', async (t) => {
  const { app, address } = await withTexts(t, 0, 0);
  await createAll(
    app.engine,
    kindNamed('topic'),
    Array.from({ length: 3000 }, (_, n) => ({ name: `“Topic” ${n}`, description: 'é — 💬'.repeat(100) })),
  );
  const expected = (await app.inject('/v1/topics.ndjson')).body;
  const [response] = await once(get(`${address}/v1/topics.ndjson`), 'response');
  const parts: Buffer[] = [];
  for await (const part of response) {
    parts.push(part);
    if (parts.length % 16 === 0) await wait(2);
  }
  const bytes = Buffer.concat(parts);
  t.ok(bytes.length > 4_000_000, `${bytes.length} bytes`);
  t.ok(bytes.equals(Buffer.from(expected)));
});

t.test('what goes wrong on the way breaks the answer off', async (t) => {
  const { address, app } = await withTexts(t, 6, 700_000);
  const { db } = app.engine;
  const { read } = db;
  let reads = 0;
  Object.assign(db, {
    read: (work: never) => {
      reads += 1;
      return reads > 3 ? Promise.reject(new Error('the database is gone')) : read(work);
    },
  });
  const [response] = await once(get(`${address}/v1/versions.json?fields=text`), 'response');
  t.equal(response.statusCode, 200);
  let taken = 0;
  try {
    for await (const part of response) taken += part.length;
    t.fail('it ended as if it were whole');
  } catch (error) {
    t.equal((error as { code?: string }).code, 'ECONNRESET');
  }
  t.ok(taken > 0 && taken < 6 * 700_000 + 10_000);
});

t.test('there is an end to how many are sent to one address', async (t) => {
  const { address, app } = await withTexts(t, 20, 900_000);
  const open = async () => {
    const request = get(`${address}/v1/versions.ndjson?fields=text`, { agent: false });
    t.teardown(() => request.destroy());
    request.on('error', () => undefined);
    const [response] = await once(request, 'response');
    return { request, status: response.statusCode, headers: response.headers };
  };
  const some = [await open(), await open(), await open(), await open()];
  t.same(
    some.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const more = await open();
  t.equal(more.status, 503);
  t.equal(more.headers['retry-after'], '5');
  some[0]?.request.destroy();
  while (app.wholeLists.open() > 3) await wait(5);
  t.equal((await open()).status, 200, 'who leaves makes room');
});
