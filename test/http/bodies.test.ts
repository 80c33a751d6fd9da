import t from 'tap';
import type { Field, Kind } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';
import { testApp } from '../helper.ts';
import { type Refusal, refuses } from './refusals.ts';

const written = kinds.filter(({ kept }) => !kept);
const LONE = '\ud800';

/** Values that a field must refuse, each with what the answer should then say. */
function wrongValues(field: Field): [name: string, value: unknown, says: RegExp][] {
  const wrong: [string, unknown, RegExp][] = [];
  const { type } = field.schema as { type?: string };
  if (field.derived) return [['is made by the service', 'x', /unknown field/]];
  if (field.required) wrong.push(['is required, so never null', null, /must be|expected/]);
  if (type === 'string') {
    wrong.push(['takes no number for a text', 7, /must be string/]);
    wrong.push(['takes no truth value for a text', true, /must be string/]);
    wrong.push(['takes no list for a text', ['x'], /must be string/]);
    wrong.push(['takes no NUL', 'a\0b', /NUL/]);
    wrong.push(['takes no lone surrogate', `a${LONE}`, /surrogate/]);
  }
  if (type === 'integer') {
    wrong.push(['takes no text for a number', '7', /must be integer/]);
    wrong.push(['takes no fraction', 1.5, /must be integer/]);
    wrong.push(['takes no negative number', -1, /a number from 0/]);
  }
  if (type === 'array') {
    wrong.push(['takes no text for a list', 'x', /must be array/]);
    wrong.push(['takes no object for a list', {}, /must be array/]);
  }
  if (type === 'object') wrong.push(['takes no text for an object', 'x', /must be object/]);
  if (field.type === 'code') wrong.push(['takes no unknown word', 'no-such-word', /one of /]);
  if (field.type === 'date' || field.type === 'moment') {
    const days = ['2024-02-30', '2023-02-29', '2100-02-29', '2024-04-31', '2024-13', '2024-00', '2024-01-00'];
    const forms = ['2024-2', '2024-02-3', '24', '2024-02-30T10:00', '2024/02/03', '', ' 2024', '２０２４'];
    for (const day of [...days, ...forms]) wrong.push([`takes no '${day}'`, day, /YYYY-MM-DD/]);
  }
  if (field.type === 'url') {
    for (const url of ['example.org', 'ftp://example.org/', 'javascript:alert(1)', 'http://', 'http://a b/'])
      wrong.push([`takes no '${url}'`, url, /an absolute http or https address/]);
  }
  if (field.type === 'reference') wrong.push(['takes no record that is not there', 'nope', /there is no /]);
  return wrong;
}

function refusalsOf(kind: Kind): Refusal[] {
  const request = `POST /v1/${kind.path}`;
  const row = (field: string, name: string, value: unknown, says: RegExp): Refusal => ({
    name: `${kind.name}.${field} ${name}`,
    request,
    body: { ...kind.example, [field]: value },
    problem: /^there is no/.test(says.source) ? 'unprocessable' : 'invalid-body',
    at: { pointer: `/${field}` },
    says,
  });
  const fields = Object.entries(kind.fields).flatMap(([field, declared]) =>
    wrongValues(declared)
      // A stance has one target: a second one is a fault of its own.
      .filter(([, value]) => value !== 'nope' || kind.name !== 'stance' || field in kind.example)
      .map(([name, value, says]) => row(field, name, value, says)),
  );
  const housekeeping = ['id', 'version', 'created_at', 'updated_at', 'deleted_at'];
  return [
    ...fields,
    ...housekeeping.map((name) => row(name, 'is made by the service', '1', /unknown field/)),
    row('no_such_field', 'is unknown', null, /unknown field 'no_such_field'/),
    row('a~b/c', 'is unknown and named by an escaped pointer', 1, /unknown field/),
    ...(kind.slugFrom ? ['A', 'a b', '-a', 'a--b', '', 'é', null] : []).map((slug) =>
      row('slug', `takes no ${JSON.stringify(slug)}`, slug, /lower-case letters|must be string/),
    ),
  ].map((one) => (one.at && 'pointer' in one.at && one.at.pointer === '/a~b/c' ? escaped(one) : one));
}

const escaped = (row: Refusal): Refusal => ({ ...row, at: { pointer: '/a~0b~1c' } });

t.test('every field of every kind is taken at its word or refused', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  for (const kind of written) {
    await refuses(
      t,
      call,
      refusalsOf(kind).map((row) => ({ ...row, key: write })),
    );
    const dates = Object.entries(kind.fields).filter(([, { type }]) => type === 'date' || type === 'moment');
    for (const [name] of dates) {
      for (const value of ['2024', '2024-02', '2024-02-29', '2000-02-29']) {
        const body = { ...kind.example, [name]: value };
        const made = await call('POST', `/v1/${kind.path}`, { key: write, body });
        t.same([made.status, made.body[name]], [201, value], `${kind.name}.${name} takes ${value} as it is`);
      }
    }
  }
});

t.test('a patch is held to the same rules as a whole record', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  for (const kind of written) {
    const { body: page } = await call('GET', `/v1/${kind.path}?limit=1`);
    const [{ id }] = page.data;
    const request = `PATCH /v1/${kind.path}/${id}`;
    const patch = (name: string, field: string, value: unknown): Refusal => ({
      name: `${kind.name}: ${name}`,
      request,
      ifMatch: '*',
      key: write,
      body: { [field]: value },
      problem: 'invalid-body',
      at: { pointer: `/${field}` },
    });
    const required = Object.keys(kind.fields).filter((name) => kind.fields[name]?.required);
    await refuses(t, call, [
      ...required.map((name) => patch(`${name} cannot be taken away`, name, null)),
      patch('an unknown field', 'no_such_field', null),
      patch('the version', 'version', 7),
      patch('identifiers of the wrong form', 'identifiers', 'x'),
    ]);
    const same = await call('GET', `/v1/${kind.path}/${id}`);
    t.equal(same.body.version, page.data[0].version, `${kind.name}: nothing was changed`);
  }
});

t.test('a fault deep in a body is pointed at', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const policy = 'los-angeles-sanctuary-city-ordinance';
  const vote = { policy_id: policy, votes: [{ name: 'A', option: 'yes' }] };
  const at = (name: string, request: string, body: object, pointer: string, rest: Partial<Refusal> = {}) => ({
    name,
    request,
    body,
    key: write,
    problem: 'invalid-body' as const,
    at: { pointer },
    ...rest,
  });
  const unprocessable = { problem: 'unprocessable' } as const;
  const cite = (more: object) => ({
    record_type: 'policy',
    record_id: policy,
    source_id: 'los-angeles-sanctuary-second-story',
    ...more,
  });
  await refuses(t, call, [
    at(
      'a word in a list',
      'POST /v1/vote-events',
      { ...vote, votes: [{ name: 'A', option: 'aye' }] },
      '/votes/0/option',
    ),
    at(
      'a field of an item',
      'POST /v1/vote-events',
      { ...vote, votes: [{ ...vote.votes[0], x: 1 }] },
      '/votes/0/x',
    ),
    at(
      'a missing field of an item',
      'POST /v1/vote-events',
      { ...vote, votes: [{ option: 'yes' }] },
      '/votes/0/name',
    ),
    at(
      'an official nobody knows',
      'POST /v1/vote-events',
      { ...vote, votes: [vote.votes[0], { name: 'B', option: 'no', official_id: 'karen-bas' }] },
      '/votes/1/official_id',
      unprocessable,
    ),
    at(
      'a NUL in an item',
      'POST /v1/officials',
      { name: 'A', other_names: [{ name: 'a\0' }] },
      '/other_names/0/name',
    ),
    at(
      'an offset as text',
      'POST /v1/citations',
      cite({ selector: { start: '0', end: 4 } }),
      '/selector/start',
    ),
    at(
      'half an anchor',
      'POST /v1/citations',
      cite({ selector: { start: 0 } }),
      '/selector/end',
      unprocessable,
    ),
    at(
      'an anchor backwards',
      'POST /v1/citations',
      cite({ selector: { start: 5, end: 4 } }),
      '/selector/end',
      unprocessable,
    ),
    at('a NUL in any value', 'POST /v1/citations', cite({ value: { a: ['\0'] } }), '/value/a/0'),
    at('a surrogate in a name', 'POST /v1/citations', cite({ value: { [LONE]: 1 } }), '/value'),
    at('evidence for no field', 'POST /v1/citations', cite({ field: '/titel' }), '/field', unprocessable),
    at(
      'a topic twice',
      'POST /v1/policies',
      { type: 'bill', title: 'A', jurisdiction_id: 'boston', topics: ['education', 'education'] },
      '/topics',
    ),
    at(
      'the second of two topics',
      'POST /v1/policies',
      { type: 'bill', title: 'A', jurisdiction_id: 'boston', topics: ['education', 'nope'] },
      '/topics/1',
      unprocessable,
    ),
    at(
      'an identifier without a scheme',
      'POST /v1/topics',
      { name: 'A', identifiers: [{ identifier: 'x' }] },
      '/identifiers/0/scheme',
    ),
    at(
      'a scheme with a colon',
      'POST /v1/topics',
      { name: 'A', identifiers: [{ scheme: 'a:b', identifier: 'x' }] },
      '/identifiers/0/scheme',
    ),
    at(
      'an identifier twice',
      'POST /v1/topics',
      {
        name: 'A',
        identifiers: [
          { scheme: 'a', identifier: 'x' },
          { scheme: 'a', identifier: 'x' },
        ],
      },
      '/identifiers/1',
      unprocessable,
    ),
    at(
      'an office nowhere',
      'POST /v1/memberships',
      { official_id: 'karen-bass' },
      '/organization_id',
      unprocessable,
    ),
    at(
      'a stance on two things',
      'POST /v1/stances',
      { statement_id: 'raman-no-city-resources', topic_id: 'education', policy_id: policy },
      '/topic_id',
      unprocessable,
    ),
    at(
      'a relation to itself',
      'POST /v1/relations',
      { subject_id: policy, object_id: policy, type: 'amends' },
      '/object_id',
      unprocessable,
    ),
    at(
      'no such time zone',
      'POST /v1/jurisdictions',
      { name: 'A', classification: 'municipality', timezone: 'America/Los_Angles' },
      '/timezone',
      unprocessable,
    ),
  ]);
});

t.test('a body is refused where none is taken, and nothing is done', async (t) => {
  const { app, call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const { body: topic } = await call('POST', '/v1/topics', { key: write, body: { name: 'A' } });
  const url = `/v1/topics/${topic.id}`;
  const rows: Refusal[] = [
    ['GET', '/v1/topics'],
    ['DELETE', url],
    ['POST', `${url}/restore`],
    ['GET', '/health/live'],
  ].map(([method, at]) => ({
    name: `${method} ${at}`,
    request: `${method} ${at}`,
    key: write,
    ifMatch: '*',
    body: { reason: 'because' },
    problem: 'bad-request',
    says: /takes no body/,
  }));
  await refuses(t, call, rows);
  t.equal((await call('GET', url)).status, 200, 'what was to be deleted is there');
  const empty = await app.inject({
    method: 'DELETE',
    url,
    headers: { authorization: `Bearer ${write}`, 'if-match': '*', 'content-type': 'application/json' },
  });
  t.equal(empty.statusCode, 204, 'a type without a body is none');
  const nothing = { key: write, payload: '', headers: { 'content-type': 'application/json' } };
  t.equal((await call('POST', `${url}/restore`, nothing)).status, 200);
});
