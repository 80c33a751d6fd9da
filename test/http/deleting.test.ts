import t from 'tap';
import type { PublicRecord } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const later = (clock: { now: Date }) => {
  clock.now = new Date(clock.now.getTime() + 1000);
  return clock.now.toISOString();
};

/** Creates a policy with one of each part, and evidence on two of them. */
async function withParts({ make }: Awaited<ReturnType<typeof writer>>) {
  const source_id = 'los-angeles-sanctuary-second-story';
  const policy = await make('policies', { type: 'bill', title: 'A', jurisdiction_id: 'boston' });
  const own = { policy_id: policy.id };
  const action = await make('actions', { ...own, description: 'x' });
  const provision = await make('provisions', { ...own, text: 'x' });
  const parts = [
    ['actions', action],
    ['provisions', provision],
    ['versions', await make('versions', { ...own, text: 'x' })],
    ['documents', await make('documents', { ...own, name: 'x' })],
    ['sponsorships', await make('sponsorships', { ...own, name: 'x' })],
    [
      'relations',
      await make('relations', {
        subject_id: policy.id,
        object_id: 'boston-noncooperation-pledge',
        type: 'amends',
      }),
    ],
    [
      'vote-events',
      await make('vote-events', { ...own, action_id: action.id, votes: [{ name: 'x', option: 'yes' }] }),
    ],
    ['citations', await make('citations', { record_type: 'policy', record_id: policy.id, source_id })],
    ['citations', await make('citations', { record_type: 'action', record_id: action.id, source_id })],
  ] as [path: string, record: PublicRecord][];
  return { policy, action, provision, parts, url: `/v1/policies/${policy.id}` };
}

t.test('a deleted record of any kind leaves a tombstone, and can be brought back', async (t) => {
  const { call, make, write, clock } = await writer(t);
  for (const { path, example, name } of kinds.filter(({ kept }) => !kept)) {
    const made = await make(path, example);
    const url = `/v1/${path}/${made.id}`;
    const at = later(clock);
    const removed = await call('DELETE', url, { key: write, ifMatch: '"1"' });
    t.same([removed.status, removed.text], [204, ''], `${name}: deleted`);
    await refuses(t, call, [
      {
        name: `${name} is gone`,
        request: `GET ${url}`,
        problem: 'gone',
        says: new RegExp(`deleted at ${at}`),
      },
      {
        name: `${name}: no patch`,
        request: `PATCH ${url}`,
        key: write,
        ifMatch: '*',
        body: {},
        problem: 'gone',
      },
      {
        name: `${name}: no put`,
        request: `PUT ${url}`,
        key: write,
        ifMatch: '*',
        body: example,
        problem: 'gone',
      },
      { name: `${name}: not twice`, request: `DELETE ${url}`, key: write, ifMatch: '*', problem: 'gone' },
    ]);
    const ids = async (query: string) =>
      (await call('GET', `/v1/${path}?limit=200&fields=id&id=${made.id}${query}`)).body.data.length;
    t.same([await ids(''), await ids('&include_deleted=true')], [0, 1], `${name}: lists show it when asked`);
    const tomb = await call('GET', `${url}?include_deleted=true`, { key: write });
    const known = { ...made, version: 2, updated_at: at, deleted_at: at };
    t.strictSame(tomb.body, known, `${name}: readable as it was, with when it was deleted`);

    later(clock);
    const stale = await call('POST', `${url}/restore`, { key: write, ifMatch: '"1"' });
    t.equal(stale.status, 412, `${name}: not one that is as it was not`);
    const back = await call('POST', `${url}/restore`, { key: write });
    const { deleted_at: _, ...alive } = known;
    t.strictSame(
      [back.status, back.body],
      [200, { ...alive, version: 3, updated_at: clock.now.toISOString() }],
      `${name}: back as it was`,
    );
    t.match(back.headers.etag, /^"3/);
    const again = await call('POST', `${url}/restore`, { key: write });
    t.same(
      [again.status, again.body.type],
      [409, '/problems/conflict'],
      `${name}: what lives cannot be restored`,
    );
  }
});

t.test('what others point at stays, and the refusal lists them', async (t) => {
  const tested = await writer(t);
  const { call, make, write } = tested;
  const { url, parts, action } = await withParts(tested);
  const points = async (address: string) => {
    const { status, body } = await call('DELETE', address, { key: write, ifMatch: '*' });
    return { status, type: body?.type, errors: body?.errors };
  };
  const stands = { status: 409, type: '/problems/still-referenced' };
  const refused = await points(url);
  t.match(refused, stands);
  const listed = refused.errors.flatMap(({ got }: { got: string[] }) => got);
  const direct = parts.filter(([path, { record_id }]) => path !== 'citations' || record_id !== action.id);
  t.same(listed.sort(), direct.map(([, { id }]) => id).sort(), 'each that points at it is named');
  t.match(await points(`/v1/actions/${action.id}`), {
    ...stands,
    errors: [{ message: /vote_events|vote-events/ }, { message: /citations/ }],
  });
  t.match(
    await points('/v1/jurisdictions/boston?cascade=true'),
    stands,
    'cascade takes only what a record owns',
  );
  t.match(await points('/v1/topics/immigration'), stands, 'a place in a list of references counts');
  const voter = await make('officials', { name: 'A' });
  const event = await make('vote-events', {
    policy_id: 'boston-noncooperation-pledge',
    votes: [{ name: 'A', option: 'yes', official_id: voter.id }],
  });
  t.match(await points(`/v1/officials/${voter.id}`), stands, 'so does one in a list of objects');
  const listedOnly = await make('policies', { type: 'bill', title: 'B', jurisdiction_id: 'boston' });
  const meeting = await make('meetings', {
    organization_id: 'los-angeles-city-council',
    name: 'A',
    agenda: [{ title: 'x', policy_id: listedOnly.id }],
  });
  const onAgenda = await points(`/v1/policies/${listedOnly.id}`);
  t.match(onAgenda.errors, [{ got: [meeting.id] }], 'and a place on an agenda');
  await call('DELETE', `/v1/vote-events/${event.id}`, { key: write, ifMatch: '*' });
  t.equal((await points(`/v1/officials/${voter.id}`)).status, 204, 'what is deleted points at nothing');
  const orphan = await call('POST', `/v1/vote-events/${event.id}/restore`, { key: write });
  t.match(
    [orphan.status, orphan.body.type, orphan.body.errors],
    [409, '/problems/conflict', [{ pointer: '/votes/0/official_id' }]],
    'and cannot come back before what it points at',
  );
  const one = await call('POST', '/v1/actions', {
    key: write,
    body: { policy_id: url.split('/').at(-1), description: 'x' },
  });
  t.equal(one.status, 201, 'the policy lives on');
});

t.test('with cascade the parts go and come back together', async (t) => {
  const tested = await writer(t);
  const { call, patch, write, clock, make } = tested;
  const { policy, provision, action, parts, url } = await withParts(tested);
  const outer = await make('provisions', { policy_id: policy.id, text: 'outer' });
  await patch(`/v1/provisions/${provision.id}`, { parent_id: outer.id });
  later(clock);
  const early = await make('documents', { policy_id: policy.id, name: 'early' });
  await call('DELETE', `/v1/documents/${early.id}`, { key: write, ifMatch: '*' });

  const stance = await make('stances', { statement_id: 'raman-no-city-resources', policy_id: policy.id });
  const refused = await call('DELETE', `${url}?cascade=true`, { key: write, ifMatch: '*' });
  t.match(
    [refused.status, refused.body.errors],
    [409, [{ got: [stance.id] }]],
    'what it does not own still stands',
  );
  const lives = await call('GET', `/v1/actions/${action.id}`);
  t.equal(lives.status, 200, 'and then nothing is deleted');
  await call('DELETE', `/v1/stances/${stance.id}`, { key: write, ifMatch: '*' });

  const at = later(clock);
  t.equal((await call('DELETE', `${url}?cascade=true`, { key: write, ifMatch: '*' })).status, 204);
  const all = [...parts, ['provisions', outer] as const];
  for (const [path, { id }] of all) {
    const tomb = await call('GET', `/v1/${path}/${id}?include_deleted=true`);
    t.equal(tomb.body.deleted_at, at, `${path}: gone with the policy`);
  }
  const part = await call('POST', `/v1/actions/${action.id}/restore`, { key: write });
  t.match(
    [part.status, part.body.errors],
    [409, [{ pointer: '/policy_id' }]],
    'a part cannot come back before its policy',
  );
  later(clock);
  const back = await call('POST', `${url}/restore`, { key: write });
  t.equal(back.status, 200, 'all come back, though they point at one another');
  for (const [path, { id }] of all)
    t.equal((await call('GET', `/v1/${path}/${id}`)).status, 200, `${path}: back`);
  const { body: inner } = await call('GET', `/v1/provisions/${provision.id}`);
  t.equal(inner.parent_id, outer.id, 'pointing where they did');
  t.equal(
    (await call('GET', `/v1/documents/${early.id}`)).status,
    410,
    'what was deleted before stays deleted',
  );
});

t.test('nothing new can point at what is deleted', async (t) => {
  const { call, make, write } = await writer(t);
  const topic = await make('topics', { name: 'Short-lived' });
  await call('DELETE', `/v1/topics/${topic.id}`, { key: write, ifMatch: '*' });
  await refuses(t, call, [
    {
      name: 'a topic in a list',
      request: 'POST /v1/policies',
      key: write,
      body: { type: 'bill', title: 'A', jurisdiction_id: 'boston', topics: ['education', 'short-lived'] },
      problem: 'unprocessable',
      at: { pointer: '/topics/1' },
      says: /was deleted/,
    },
    {
      name: 'a wider topic, by id',
      request: 'POST /v1/topics',
      key: write,
      body: { name: 'A', parent_id: topic.id },
      problem: 'unprocessable',
      at: { pointer: '/parent_id' },
      says: /was deleted/,
    },
  ]);
  await refuses(t, call, [
    {
      name: 'restoring what never was',
      request: 'POST /v1/topics/nobody/restore',
      key: write,
      problem: 'not-found',
    },
  ]);
});

t.test('each write is one line of the log, in order, with what changed', async (t) => {
  const { call, make, patch, write, db } = await writer(t);
  const log = async (id: string) => {
    const rows = await db.read((session) =>
      session.all('whole log', (on) => on.select().from(db.tables.changes)),
    );
    return rows.filter(({ record_id }) => record_id === id).sort((a, b) => Number(a.seq) - Number(b.seq));
  };
  const { id } = await make('topics', { name: 'Logged' });
  const url = `/v1/topics/${id}`;
  await patch(url, { description: 'x', parent_id: 'immigration' });
  await patch(url, { description: 'x' });
  await call('PUT', url, { key: write, ifMatch: '*', body: { name: 'Logged', slug: 'logged-2' } });
  await call('PATCH', url, { key: write, ifMatch: '"1"', body: { name: 'refused' } });
  await patch(url, { parent_id: 'nobody' });
  await call('DELETE', url, { key: write, ifMatch: '*' });
  await call('POST', `${url}/restore`, { key: write });
  const lines = await log(id);
  t.same(
    lines.map(({ op, version, changed_fields }) => [op, version, changed_fields]),
    [
      ['create', 1, []],
      ['update', 2, ['description', 'parent_id']],
      ['update', 3, ['slug', 'description', 'parent_id']],
      ['delete', 4, []],
      ['restore', 5, []],
    ],
    'a change that changes nothing, or is refused, is no line',
  );
  const { body } = await call('GET', url);
  t.strictSame(lines.at(-1)?.content, body, 'the line holds the record as it then was');
  const { body: page } = await call('GET', '/v1/topics?limit=1');
  t.equal(page.meta.revision, lines.at(-1)?.seq, 'and its number is the revision');
});
