import { isDeepStrictEqual } from 'node:util';
import t, { type Test } from 'tap';
import type { Field, Kind } from '../../src/model/declare.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { appOver } from '../databases.ts';
import { type TestApp, testApp } from '../helper.ts';

type Json = Record<string, unknown>;

const written = kinds.filter(({ kept }) => !kept);

/** What must be read back of a body: as sent, ids for slugs, and nulls for what items leave out. */
async function readBack(call: TestApp['call'], kind: Kind, body: Json): Promise<Json> {
  const idOf = async (to: string, name: unknown) => {
    const { body: found } = await call('GET', `/v1/${kindNamed(to).path}/${name}`);
    return found.id;
  };
  const read = async (field: Field, value: unknown, record: Json, at: number): Promise<unknown> => {
    const to = field.kindField ? String(record[field.kindField]) : field.to;
    if (to && value != null)
      return Array.isArray(value) ? Promise.all(value.map((one) => idOf(to, one))) : idOf(to, value);
    if (!field.items || value == null) return value;
    const { items } = field;
    const item = async (one: Json, position: number): Promise<Json> => {
      const parts = Object.entries(items).map(async ([name, part]) => {
        const initial = name === 'position' ? position + 1 : part.initial;
        return [name, await read(part, one[name] ?? initial, one, position)] as const;
      });
      return Object.fromEntries(await Promise.all(parts));
    };
    return Array.isArray(value) ? Promise.all(value.map(item)) : item(value as Json, at);
  };
  const fields = Object.entries(body).map(async ([name, value]) => {
    const field = kind.fields[name];
    return [name, field ? await read(field, value, body, 0) : value] as const;
  });
  return Object.fromEntries(await Promise.all(fields));
}

const own = (record: Json, names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, record[name]]));

/** Every member of an answer, in its order; what is not known is null, never left out. */
function membersOf(kind: Kind, { listed, writer }: { listed: boolean; writer: boolean }): string[] {
  const shown = Object.entries(kind.fields).filter(
    ([, { large, restricted }]) => !large || (!listed && (!restricted || writer)),
  );
  return [
    'id',
    ...(kind.slugFrom ? ['slug'] : []),
    ...shown.map(([name]) => name),
    ...(kind.kept ? [] : ['version', 'created_at']),
    'updated_at',
  ];
}

t.test('what is sent is what is read back, for every kind', async (t) => {
  const { app, call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  for (const kind of written) {
    const { example, path, name } = kind;
    const made = await call('POST', `/v1/${path}`, { key: write, body: example });
    t.equal(made.status, 201, `the sample of a ${name} is taken`);
    t.equal(made.headers.location, `/v1/${path}/${made.body.id}`, `${name}: Location leads to it`);
    t.match(made.headers.etag, /^"1/, `${name}: its first ETag`);
    const expected = await readBack(call, kind, example);
    t.strictSame(own(made.body, Object.keys(example)), expected, `${name}: answered as sent`);
    t.strictSame(
      Object.keys(made.body),
      membersOf(kind, { listed: false, writer: true }),
      `${name}: all of it`,
    );

    const read = await call('GET', String(made.headers.location), { key: write });
    t.equal(read.status, 200);
    t.strictSame(read.body, made.body, `${name}: read back as answered`);
    t.equal(read.headers.etag, made.headers.etag, `${name}: with the same ETag`);
    const open = await app.inject(String(made.headers.location));
    t.strictSame(
      Object.keys(open.json()),
      membersOf(kind, { listed: false, writer: false }),
      `${name}: to anyone`,
    );

    const { body: again } = await call('PUT', `/v1/${path}/${made.body.id}`, {
      key: write,
      ifMatch: String(made.headers.etag),
      body: example,
    });
    t.strictSame(again, made.body, `${name}: the same put again changes nothing`);
  }
});

t.test('a list gives every member of every record, nulls included', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  await call('POST', '/v1/vote-events', {
    key: await key('write'),
    body: kindNamed('vote_event').example,
  });
  for (const kind of kinds) {
    const { body } = await call('GET', `/v1/${kind.path}?limit=200`);
    t.ok(body.data.length > 0, `there is a ${kind.name}`);
    const members = membersOf(kind, { listed: true, writer: false });
    const others = body.data.filter((record: Json) => !isDeepStrictEqual(Object.keys(record), members));
    t.strictSame(others, [], `each ${kind.name} has all its members, in order`);
    const filled = members.filter((name) => kind.fields[name]?.filled);
    const empty = body.data.filter((record: Json) => filled.some((name) => record[name] === null));
    t.strictSame(empty, [], `no ${kind.name} has null where there is always a value`);
  }
});

/** A second app on the same database, which keeps what its handlers return. */
async function watched(t: Test, { db, clock }: TestApp) {
  const app = await appOver({ db, now: () => clock.now });
  const returned: { payload?: unknown } = {};
  app.addHook('preSerialization', async (_request, _reply, payload) => {
    returned.payload = payload;
    return payload;
  });
  app.addHook('onSend', async (_request, _reply, payload) => {
    // What the database made is JSON already; `test/engine/json.test.ts` holds it to what JavaScript makes.
    returned.payload ??= JSON.parse(String(payload));
  });
  await app.ready();
  t.teardown(() => app.close());
  return { app, returned };
}

t.test('what a handler returns is exactly what goes out, nulls included', async (t) => {
  const tested = await testApp(t, 'seeded');
  const { app, returned } = await watched(t, tested);
  const authorization = `Bearer ${await tested.key('write')}`;
  const sent = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: Json) => {
    returned.payload = undefined;
    const headers = { authorization, ...(method === 'PATCH' ? { 'if-match': '*' } : {}) };
    const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    const { body, statusCode } = answer;
    t.ok(statusCode < 300, `${method} ${url} is done`);
    // The answer to a POST is text by then, as it may be kept for a repeat: it is held to what is read.
    if (method === 'POST')
      returned.payload = (await app.inject({ url: String(answer.headers.location), headers })).json();
    t.ok(isDeepStrictEqual(JSON.parse(body), returned.payload), `${method} ${url} goes out as returned`);
    return JSON.parse(body);
  };
  for (const kind of written) {
    const includes = Object.keys(kind.includes).join(',');
    const made = await sent('POST', `/v1/${kind.path}`, kind.example);
    await sent('GET', `/v1/${kind.path}/${made.id}?include=${includes}`);
    await sent('PATCH', `/v1/${kind.path}/${made.id}`, {
      identifiers: [{ scheme: 'x', identifier: 'é\u2028"\\' }],
    });
    await sent('GET', `/v1/${kind.path}?limit=200&include=${includes}&count=exact`);
    await sent('GET', `/v1/${kind.path}?fields=id&include_deleted=true`);
  }
  const [vote] = (await sent('GET', '/v1/votes')).data;
  await sent('GET', `/v1/votes/${vote.id}`);
  await sent('GET', '/v1/vocabularies');
});

t.test('texts come back to the last code point', async (t) => {
  const { call, key } = await testApp(t);
  const write = await key('write');
  const texts = [
    ' leading and trailing ',
    'line\r\nbreaks\n\tand tabs',
    'e\u0301 is not é',
    '\u2028\u2029\u0085\ufeff',
    '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧 \u{10ffff}',
    '\u0001\u001f\u007f',
    "'; drop table topics; --",
    '</script><!-- "quoted" \\ %00 {x}',
    'null',
    '0',
    'x'.repeat(20_000),
  ];
  for (const description of texts) {
    const { body } = await call('POST', '/v1/topics', { key: write, body: { name: 'a', description } });
    const read = await call('GET', `/v1/topics/${body.id}`);
    t.equal(read.body.description, description, `${encodeURIComponent(description.slice(0, 30))} comes back`);
  }
});

t.test('any JSON value comes back as it was, or is refused', async (t) => {
  const { app, call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const cite = (value: string) => {
    const rest = JSON.stringify({ ...kindNamed('citation').example, value: undefined });
    return {
      key: write,
      headers: { 'content-type': 'application/json' },
      payload: `{"value":${value},${rest.slice(1)}`,
    };
  };
  const kept = [
    'null',
    'true',
    '0',
    '-1.5',
    '0.1',
    '0.30000000000000004',
    '1e21',
    '""',
    '[]',
    '{}',
    '{"b":1,"a":[null,{"z":null}]}',
    '9007199254740991',
    '-9007199254740991',
    '1.7976931348623157e308',
    '5e-324',
    '{"constructor":1,"toString":2,"":3}',
  ];
  for (const value of kept) {
    const made = await call('POST', '/v1/citations', cite(value));
    const { body } = await app.inject(`/v1/citations/${made.body.id}?fields=value`);
    t.equal(
      body,
      `{"id":"${made.body.id}","value":${JSON.stringify(JSON.parse(value))}}`,
      `${value} is kept`,
    );
  }
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  t.equal((await call('POST', '/v1/citations', cite(deep(90)))).status, 201, 'ninety levels are kept');
  const lost: [value: string, pointer: string][] = [
    ['9007199254740993', '/value'],
    ['1e400', '/value'],
    ['-1e400', '/value'],
    ['1e-400', '/value'],
    ['0.12345678901234567', '/value'],
    ['123456789.12345678901', '/value'],
    ['[1,{"a/b":1e999}]', '/value/1/a~1b'],
    ['{"a":1,"a":2}', '/value/a'],
    ['[{"b":{"c":1,"\\u0063":2}}]', '/value/0/b/c'],
    ['{"__proto__":{"a":1}}', '/value/__proto__'],
    [deep(101), ''],
    [deep(100_000), ''],
  ];
  for (const [value, pointer] of lost) {
    const { status, body } = await call('POST', '/v1/citations', cite(value));
    t.match(
      { status, type: body.type, errors: body.errors },
      { status: 400, type: '/problems/invalid-body', errors: [{ pointer }] },
      `${value.slice(0, 40)} is refused, as it would not come back`,
    );
  }
  const broken = [
    '{',
    '',
    ' ',
    'nul',
    "{'a':1}",
    '{"a":1,}',
    '{"a":01}',
    '"\t"',
    '{"a":NaN}',
    '\ufeff{"name":"a"}',
    '{}{}',
  ];
  for (const payload of [...broken, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]) {
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await call('POST', '/v1/topics', { key: write, headers, payload });
    t.same([status, body.type], [400, '/problems/bad-request'], `${JSON.stringify(payload)} is not JSON`);
  }
  for (const payload of ['[]', 'null', '1', '"x"']) {
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await call('POST', '/v1/topics', { key: write, headers, payload });
    t.match(
      [status, body.type, body.errors],
      [400, '/problems/invalid-body', [{ pointer: '' }]],
      `${payload} is no object`,
    );
  }
});
