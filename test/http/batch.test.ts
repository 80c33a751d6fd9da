import { randomUUID } from 'node:crypto';
import t from 'tap';
import { kinds, views } from '../../src/model/kinds.ts';
import { descriptionOf } from '../databases.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

type Tester = Awaited<ReturnType<typeof writer>>;

const batch = ({ call, write }: Tester, path: string, items: unknown[], more = {}) =>
  call('POST', path === '' ? '/v1/batch' : `/v1/${path}/batch`, { key: write, body: { items, ...more } });

const total = async ({ call }: Tester, path: string): Promise<number> =>
  (await call('GET', `/v1/${path}?count=exact&limit=1`)).body.meta.total;

const named = (name: string, scheme = 'wikidata') => [{ scheme, identifier: name }];

t.test('records are made, replaced or left as they are, and the answer says which', async (t) => {
  const tester = await writer(t);
  const { call, make } = tester;
  const known = await make('topics', { name: 'Known', description: 'x', identifiers: named('Q1') });
  const same = await make('topics', { name: 'Same', slug: 'same', identifiers: named('Q2') });
  const id = randomUUID();
  const answer = await batch(
    tester,
    'topics',
    [
      { record: { name: 'New' } },
      { id, record: { name: 'New, with an id' } },
      { record: { name: 'Renamed', identifiers: named('Q1') } },
      { id: same.id, record: { name: 'Same', identifiers: named('Q2') } },
      { op: 'create', record: { name: 'Created', slug: 'made-here' } },
    ],
    { reason: 'A list of topics' },
  );
  t.equal(answer.status, 200);
  const told = answer.body.data.map(({ index, did, version, etag, slug }: Record<string, unknown>) => [
    index,
    did,
    version,
    etag,
    slug,
  ]);
  t.same(told, [
    [0, 'created', 1, '"1"', 'new'],
    [1, 'created', 1, '"1"', 'new-with-an-id'],
    [2, 'updated', 2, '"2"', 'known'],
    [3, 'unchanged', 1, '"1"', 'same'],
    [4, 'created', 1, '"1"', 'made-here'],
  ]);
  t.same([answer.body.data[1].id, answer.body.data[2].id], [id, known.id]);
  const { body: page } = await call('GET', '/v1/topics?limit=1');
  t.same(answer.body.meta, { revision: page.meta.revision, created: 3, updated: 1, unchanged: 1 });
  const { body: renamed } = await call('GET', `/v1/topics/${known.id}`);
  t.match(renamed, { name: 'Renamed', description: null, slug: 'known' }, 'replaced as PUT replaces');
  const { body: log } = await call('GET', `/v1/changes?after=${page.meta.revision - 4}`);
  t.same(
    log.data.map(({ reason }: { reason: string }) => reason),
    Array(4).fill('A list of topics'),
  );
  const again = await batch(tester, 'topics', [{ id, record: { name: 'New, with an id' } }]);
  t.match(again.body.meta, { created: 0, updated: 0, unchanged: 1 }, 'the same batch again changes nothing');
});

t.test('the example of every kind goes as a batch, and of every view', async (t) => {
  const tester = await writer(t);
  const written = kinds.filter(({ kept }) => !kept);
  for (const { path, example } of [...written, ...views]) {
    const { status, body } = await batch(tester, path, [{ record: example }]);
    t.match([status, body.data], [200, [{ did: 'created' }]], path);
    const read = await tester.call('GET', `/v1/${path}/${body.data[0].id}`);
    t.equal(read.status, 200, `${path}: is there`);
  }
});

t.test('what the description shows of batches and merges can be run', async (t) => {
  const { app, call, write } = await writer(t);
  const { paths, components } = JSON.parse(descriptionOf(app));
  const run = async (path: string) => {
    const { parameters = [], requestBody } = paths[path].post;
    const whole = parameters.map(({ $ref, ...own }: { $ref?: string }) =>
      $ref ? components.parameters[$ref.split('/').at(-1) ?? ''] : own,
    );
    const id = whole.find((one: { name: string }) => one.name === 'id')?.example;
    const body = requestBody?.content['application/json'].example;
    const { status } = await call('POST', path.replace('{id}', id), {
      key: write,
      ...(body ? { body } : {}),
    });
    t.equal(status, 200, path);
  };
  await run('/v1/batch');
  for (const batched of Object.keys(paths).filter((path) => /^\/v1\/[\w-]+\/batch$/.test(path))) {
    await run(batched);
    await run(batched.replace('/batch', '/{id}/merge'));
  }
});

t.test('items mention one another in any order, and in circles', async (t) => {
  const tester = await writer(t);
  const { call } = tester;
  const [official_id, policy_id, action_id] = [randomUUID(), randomUUID(), randomUUID()];
  const { status, body } = await batch(tester, '', [
    {
      kind: 'vote_event',
      record: { policy_id, action_id, votes: [{ name: 'New', official_id, option: 'yes' }] },
    },
    {
      kind: 'action',
      id: action_id,
      record: { policy_id, description: 'Voted on', official_id: official_id.toUpperCase() },
    },
    {
      kind: 'citation',
      record: {
        record_type: 'policy',
        record_id: policy_id,
        source_id: 'los-angeles-sanctuary-second-story',
      },
    },
    {
      kind: 'policy',
      id: policy_id,
      record: { type: 'bill', title: 'A bill', jurisdiction_id: 'new-town', topics: ['new-topic'] },
    },
    { kind: 'topic', record: { name: 'A topic', slug: 'new-topic', parent_id: 'wider-topic' } },
    { kind: 'topic', record: { name: 'A wider topic', slug: 'wider-topic' } },
    { kind: 'jurisdiction', record: { name: 'New Town', slug: 'new-town', classification: 'municipality' } },
    { kind: 'official', id: official_id, record: { name: 'A new member' } },
    {
      kind: 'statement',
      record: { official_id, text: 'We will.', kind: 'other', speaker_name: 'A new member' },
    },
  ]);
  t.equal(status, 200);
  const ids = body.data.map(({ id }: { id: string }) => id);
  const { body: event } = await call('GET', `/v1/vote-events/${ids[0]}?include=policy`);
  t.match(
    [event.policy.title, event.action_id, event.votes[0].official_id],
    ['A bill', action_id, official_id],
  );
  t.match((await call('GET', `/v1/policies/${policy_id}`)).body, {
    topics: [ids[4]],
    jurisdiction_id: ids[6],
  });
  t.match((await call('GET', `/v1/topics/${ids[4]}`)).body, { parent_id: ids[5] });
  t.equal(
    body.data[3].version,
    (await call('GET', `/v1/policies/${policy_id}`)).body.version,
    'versions are those at the end',
  );

  const [one, two] = [randomUUID(), randomUUID()];
  const source = { kind: 'news_article', url: 'https://example.org/a' };
  const circle = await batch(tester, 'sources', [
    { id: one, record: { ...source, title: 'One', derived_from_id: two } },
    { id: two, record: { ...source, title: 'Two', derived_from_id: one } },
  ]);
  t.equal(circle.status, 200, JSON.stringify(circle.body));
  t.equal((await call('GET', `/v1/sources/${one}`)).body.derived_from_id, two);
});

t.test('a long chain of items is written from its end', async (t) => {
  const tester = await writer(t);
  const ids = Array.from({ length: 100 }, () => randomUUID());
  const items = ids.map((id, at) => ({
    id,
    record: { name: `Topic ${at}`, parent_id: ids[at + 1] ?? null },
  }));
  const { status, body } = await batch(tester, 'topics', items);
  t.same([status, body.meta?.created], [200, 100]);

  const longer = Array.from({ length: 102 }, (_, at) => ({
    record: { name: `Level ${at}`, slug: `level-${at}`, parent_id: at > 0 ? `level-${at - 1}` : null },
  }));
  const refused = await batch(tester, 'topics', longer);
  t.equal(refused.status, 422);
  t.match(refused.body.errors, [
    { pointer: '/items/101/record/parent_id', message: 'lies 100 levels deep or more' },
  ]);
});

t.test('everything that is wrong is named by its item, and nothing is written', async (t) => {
  const tester = await writer(t);
  const { call, make, write } = tester;
  const held = await make('topics', { name: 'Held', slug: 'held', identifiers: named('Q1') });
  const other = await make('topics', { name: 'Other', identifiers: named('Q2') });
  const gone = await make('topics', { name: 'Gone', identifiers: named('Q3') });
  await call('DELETE', `/v1/topics/${gone.id}`, { key: write, ifMatch: '*' });
  const merged = await make('topics', { name: 'Merged' });
  await call('POST', `/v1/topics/${merged.id}/merge`, { key: write, body: { into: 'other' } });
  const official = await make('officials', { name: 'Somebody' });
  const before = await total(tester, 'topics');
  const id = randomUUID();
  const [left, right] = [randomUUID(), randomUUID()];
  const { status, body } = await batch(tester, 'topics', [
    { record: { name: 'Good' } },
    { record: { nome: 'A', description: 3, identifiers: 'x', slug: 'wrong-form' } },
    { record: { name: 'A', parent_id: 'nobody' } },
    { record: { name: 'A', slug: 'held' } },
    { op: 'create', record: { name: 'A', identifiers: named('Q1') } },
    { record: { name: 'A', identifiers: [...named('Q1'), ...named('Q2')] } },
    { record: { name: 'A', identifiers: named('Q3') } },
    { id: gone.id, record: { name: 'A' } },
    { id: merged.id, record: { name: 'A' } },
    { id: official.id, record: { name: 'A' } },
    { op: 'create', id: held.id, record: { name: 'A' } },
    { id, record: { name: 'Twice' } },
    { id: id.toUpperCase(), record: { name: 'Twice' } },
    { record: { name: 'B', slug: 'same-slug' } },
    { record: { name: 'C', slug: 'same-slug' } },
    { id: left, record: { name: 'Left', parent_id: right } },
    { id: right, record: { name: 'Right', parent_id: left } },
    { record: { name: 'Mentions one that is wrong', parent_id: 'wrong-form' } },
    { id: other.id, record: { name: 'Under its part', parent_id: other.id } },
    { record: { name: 'A', identifiers: [...named('Q9'), ...named('Q9')] } },
  ]);
  t.match(
    [status, body.type, body.detail],
    [422, '/problems/unprocessable', /15 of 20 items cannot be written, so none was/],
  );
  const places = body.errors.map(({ pointer }: { pointer: string }) => pointer);
  t.same(places, [
    '/items/1/record/name',
    '/items/1/record/nome',
    '/items/1/record/description',
    '/items/1/record/identifiers',
    '/items/2/record/parent_id',
    '/items/3/record/slug',
    '/items/4/record/identifiers/0',
    '/items/5/record/identifiers',
    '/items/6',
    '/items/7/id',
    '/items/8/id',
    '/items/9/id',
    '/items/10/id',
    '/items/12',
    '/items/14/record/slug',
    '/items/15/record/parent_id',
    '/items/18/record/parent_id',
    '/items/19/record/identifiers/1',
  ]);
  const says = (pointer: string) =>
    body.errors.find((fault: { pointer: string }) => fault.pointer === pointer);
  t.match(
    says('/items/5/record/identifiers').message,
    new RegExp(`${other.id}.*${held.id}`),
    'naming both records',
  );
  t.match(says('/items/6'), { expected: `POST /v1/topics/${gone.id}/restore first` });
  t.match(says('/items/8/id'), { expected: other.id });
  t.match(says('/items/9/id'), { message: /another kind \(official\)/ });
  t.match(says('/items/12'), { message: 'item 11 is about the same record' });
  t.equal(await total(tester, 'topics'), before, 'nothing was written');
});

t.test('a batch of any kinds is held to the schema of each', async (t) => {
  const tester = await writer(t);
  const { body, status } = await batch(tester, '', [
    { kind: 'topic', record: { name: 'Good' } },
    { kind: 'policy', record: { title: 'A', jurisdiction_id: 'boston' } },
    { kind: 'membership', record: { official_id: 'nobody', organization_id: 'boston', role: 'x' } },
  ]);
  t.equal(status, 422);
  t.same(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/items/1/record/type', '/items/2/record/official_id', '/items/2/record/organization_id'],
  );
});

t.test('a request that is no batch is refused as a whole', async (t) => {
  const tester = await writer(t);
  const { call, write } = tester;
  const items = (many: number) => ({
    items: Array.from({ length: many }, (_, at) => ({ record: { name: `T ${at}` } })),
  });
  const row = (name: string, body: unknown, pointer: string) => ({
    name,
    request: 'POST /v1/topics/batch',
    key: write,
    body,
    problem: 'invalid-body' as const,
    at: { pointer },
  });
  await refuses(t, call, [
    row('none', { items: [] }, '/items'),
    row('more than 500', items(501), '/items'),
    row('a list', [], ''),
    row('no items', {}, '/items'),
    row('an item without a record', { items: [{ id: randomUUID() }] }, '/items/0/record'),
    row('an id that is none', { items: [{ id: 'held', record: { name: 'A' } }] }, '/items/0/id'),
    row('an unknown op', { items: [{ op: 'delete', record: { name: 'A' } }] }, '/items/0/op'),
    row('an unknown member', { items: [{ kind: 'topic', record: { name: 'A' } }] }, '/items/0/kind'),
    {
      ...row('an unknown kind', { items: [{ kind: 'vote', record: {} }] }, '/items/0/kind'),
      request: 'POST /v1/batch',
    },
    {
      ...row('two reasons', { ...items(1), reason: 'one' }, '/reason'),
      headers: { 'x-reason': 'other' },
    },
    {
      name: 'a parameter',
      request: 'POST /v1/topics/batch?x=1',
      key: write,
      body: items(1),
      problem: 'invalid-parameter',
      at: { parameter: 'x' },
    },
  ]);
  const { status, body } = await batch(tester, 'topics', items(500).items);
  t.same([status, body.meta?.created], [200, 500], '500 are written');
  const many = await batch(
    tester,
    'topics',
    Array.from({ length: 150 }, () => ({ record: { name: 'A', parent_id: 'nobody' } })),
  );
  t.match([many.body.errors.length, many.body.detail], [100, /The first 100 of 150 faults/]);
});

t.test('a view’s batch writes what the view holds', async (t) => {
  const tester = await writer(t);
  const { call } = tester;
  const record = { title: 'A', jurisdiction_id: 'boston' };
  const { body } = await batch(tester, 'ordinances', [{ record }]);
  t.equal((await call('GET', `/v1/policies/${body.data[0].id}`)).body.type, 'ordinance');
  const bill = (await call('GET', '/v1/policies?type=pledge&limit=1')).body.data[0];
  const refused = await batch(tester, 'ordinances', [{ id: bill.id, record }]);
  t.match(
    [refused.status, refused.body.errors],
    [422, [{ pointer: '/items/0', message: /has another type than ordinance/ }]],
  );
});

t.test('names that are made keep out of the way of names that are given', async (t) => {
  const tester = await writer(t);
  const { body } = await batch(tester, 'topics', [
    { record: { name: 'Housing for all' } },
    { record: { name: 'Other', slug: 'housing-for-all' } },
  ]);
  t.same(
    body.data.map(({ slug }: { slug: string }) => slug),
    ['housing-for-all-2', 'housing-for-all'],
  );
});

t.test('the cost of a batch grows with its items, no faster', async (t) => {
  const tester = await writer(t);
  const { db } = tester;
  const statements = async (many: number, from: number) => {
    const items = Array.from({ length: many }, (_, at) => ({
      record: { name: `Topic ${from + at}`, parent_id: 'immigration', identifiers: named(`T${from + at}`) },
    }));
    const before = db.statements();
    t.equal((await batch(tester, 'topics', items)).status, 200);
    return db.statements() - before;
  };
  await statements(2, 0);
  const [few, many] = [await statements(10, 100), await statements(100, 200)];
  const each = (many - few) / 90;
  t.ok(each < 20, `${each} statements an item`);
});
