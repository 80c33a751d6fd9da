import t from 'tap';
import { createKey } from '../../src/http/keys.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

type Tester = Awaited<ReturnType<typeof writer>>;

/** Moves the clock on, so that what is written next is later. */
const later = ({ clock }: Tester) => {
  clock.now = new Date(clock.now.getTime() + 1000);
  return clock.now.toISOString();
};

const merge = (tester: Tester, url: string, into: string, headers = {}) =>
  tester.call('POST', `${url}/merge`, { key: tester.write, body: { into }, headers });

/** The changes since a revision, without what they hold. */
async function changesAfter({ call }: Tester, after: number) {
  const { body } = await call('GET', `/v1/changes?after=${after}&limit=200`);
  return body.data as { seq: number; kind: string; record_id: string; op: string; reason: string | null }[];
}

const revision = async ({ call }: Tester): Promise<number> =>
  (await call('GET', '/v1/topics?limit=1')).body.meta.revision;

/** Two officials that are one, and a record for each way of pointing at the second. */
async function twice(tester: Tester) {
  const { make } = tester;
  const source_id = 'los-angeles-sanctuary-second-story';
  const stays = await make('officials', {
    name: 'Karen Bass',
    slug: 'karen-bass-one',
    identifiers: [{ scheme: 'wikidata', identifier: 'Q6369757' }],
  });
  const goes = await make('officials', {
    name: 'Karen R. Bass',
    slug: 'karen-bass-two',
    other_names: [{ name: 'K. Bass', note: 'in roll calls' }, { name: 'Karen Bass' }],
    identifiers: [{ scheme: 'bioguide', identifier: 'B001270' }],
  });
  const official_id = goes.id;
  const policy_id = 'boston-noncooperation-pledge';
  const pointing = {
    memberships: await make('memberships', {
      official_id,
      organization_id: 'los-angeles-city-council',
      role: 'Member',
    }),
    'vote-events': await make('vote-events', {
      policy_id,
      votes: [
        { name: 'Bass', official_id, option: 'yes' },
        { name: 'Bass, K.', official_id: stays.id, option: 'no' },
      ],
    }),
    statements: await make('statements', { official_id, speaker_name: 'Bass', summary: 'x', kind: 'other' }),
    stances: await make('stances', { statement_id: 'raman-no-city-resources', official_id }),
    citations: await make('citations', { record_type: 'official', record_id: goes.id, source_id }),
    sponsorships: await make('sponsorships', { policy_id, name: 'Bass', official_id }),
  };
  return { stays, goes, pointing };
}

t.test('one record is made of two, and all that pointed at the one points at the other', async (t) => {
  const tester = await writer(t);
  const { call } = tester;
  const { stays, goes, pointing } = await twice(tester);
  const before = await revision(tester);
  const at = later(tester);
  const reason = 'Two entries for one person';
  const merged = await merge(tester, `/v1/officials/${goes.slug}`, stays.slug, { 'x-reason': reason });
  t.equal(merged.status, 200);
  t.match(merged.headers.etag, /^"2/);
  t.match(merged.body, {
    id: stays.id,
    name: 'Karen Bass',
    slug: 'karen-bass-one',
    version: 2,
    updated_at: at,
  });
  const noted = merged.body.other_names.map(({ name, note }: Record<string, string>) => [name, note]);
  t.same(
    noted,
    [
      ['Karen R. Bass', `the name of ${goes.id}, which was merged into this`],
      ['K. Bass', 'in roll calls'],
    ],
    'it has the other’s names, each once, and its own not among them',
  );
  t.same(
    merged.body.identifiers.map(({ scheme }: { scheme: string }) => scheme),
    ['wikidata', 'bioguide'],
    'and its identifiers',
  );
  for (const [path, { id }] of Object.entries(pointing)) {
    const { text } = await call('GET', `/v1/${path}/${id}`);
    t.ok(text.includes(stays.id) && !text.includes(goes.id), `what pointed at it from ${path} moved`);
  }
  const event = await call('GET', `/v1/vote-events/${pointing['vote-events'].id}`);
  t.equal(event.body.votes.length, 2, 'votes are as they were cast, also two of one person');

  const changes = await changesAfter(tester, before);
  const ids = [goes.id, stays.id, ...Object.values(pointing).map(({ id }) => id)];
  const asked = changes.filter(({ record_id }) => ids.includes(record_id));
  t.same(asked.map(({ record_id }) => record_id).sort(), ids.sort(), 'one change for each');
  t.same(
    asked.filter(({ op }) => op === 'merge').map(({ record_id }) => record_id),
    [goes.id, stays.id],
    'those of the two are merges',
  );
  t.ok(
    changes.every((change) => change.reason === reason),
    'all with the reason',
  );
});

t.test('the old address leads to the new one', async (t) => {
  const tester = await writer(t);
  const { call, write, patch } = tester;
  const { stays, goes } = await twice(tester);
  await merge(tester, `/v1/officials/${goes.id}`, stays.id);
  const rows: [asked: string, location: string][] = [
    [goes.id, stays.id],
    [goes.slug, stays.id],
    [`${goes.slug}?fields=name&include=memberships`, `${stays.id}?fields=name&include=memberships`],
    [goes.id.toUpperCase(), stays.id],
  ];
  for (const [asked, location] of rows) {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, text } = await call(method, `/v1/officials/${asked}`);
      t.same([status, text, headers.location], [308, '', `/v1/officials/${location}`], `${method} ${asked}`);
      t.equal(headers['cache-control'], 'no-cache', 'not for ever, as a merge can be taken back');
    }
  }
  const tomb = await call('GET', `/v1/officials/${goes.id}?include_deleted=true`);
  t.match(tomb.body, { id: goes.id, name: 'Karen R. Bass', identifiers: [] }, 'what it was is readable');
  t.ok(tomb.body.deleted_at);
  const { body: history } = await call('GET', `/v1/officials/${goes.id}/history`);
  t.match(history.data, [{ op: 'merge', changed_fields: ['identifiers'] }], 'and so is its history');
  t.equal(history.data.at(-1).op, 'create');

  const count = async (query: string) => (await call('GET', `/v1/${query}&fields=id`)).body.data?.length;
  t.equal(await count(`memberships?official=${goes.slug}`), 1, 'filters by it find the survivor’s');
  t.equal(await count(`memberships?official=${goes.id},${stays.id}`), 1);
  t.equal(await count(`citations?record_type=official&record_id=${goes.id}`), 1);
  t.equal(await count(`citations?record_type=official&record_id=${goes.slug}`), 1);
  const listed = async (query: string) =>
    (await call('GET', `/v1/officials?id=${goes.id}${query}`)).body.data.map(({ id }: { id: string }) => id);
  t.same(await listed(''), [stays.id], 'asked for by id it is the survivor');
  t.same(await listed('&include_deleted=true'), [goes.id], 'or the tombstone, where tombstones are wanted');

  const says = new RegExp(`merged into ${stays.id}`);
  await refuses(t, call, [
    {
      name: 'no patch',
      request: `PATCH /v1/officials/${goes.id}`,
      key: write,
      ifMatch: '*',
      body: {},
      problem: 'gone',
      says,
    },
    {
      name: 'no delete',
      request: `DELETE /v1/officials/${goes.slug}`,
      key: write,
      ifMatch: '*',
      problem: 'gone',
      says,
    },
    {
      name: 'no second merge',
      request: `POST /v1/officials/${goes.id}/merge`,
      key: write,
      body: { into: 'tom-homan' },
      problem: 'gone',
      says,
    },
    {
      name: 'a body has to name the survivor',
      request: 'POST /v1/memberships',
      key: write,
      body: { official_id: goes.slug, organization_id: 'los-angeles-city-council', role: 'x' },
      problem: 'unprocessable',
      at: { pointer: '/official_id' },
      says,
    },
  ]);
  const other = await patch(`/v1/officials/${stays.id}`, { identifiers: [] });
  t.equal(other.status, 200, 'the survivor is changed like any record');
});

t.test('what cannot be merged says why', async (t) => {
  const tester = await writer(t);
  const { call, make, write } = tester;
  const [outer, inner, other] = [
    await make('topics', { name: 'Outer' }),
    await make('topics', { name: 'Inner', parent_id: 'outer' }),
    await make('topics', { name: 'Other' }),
  ];
  const innermost = await make('topics', { name: 'Innermost', parent_id: 'inner' });
  const deleted = await make('topics', { name: 'Short-lived' });
  await call('DELETE', `/v1/topics/${deleted.id}`, { key: write, ifMatch: '*' });
  const went = await make('topics', { name: 'Went' });
  await merge(tester, `/v1/topics/${went.id}`, other.id);
  const into = (name: string, target: string, says: RegExp) => ({
    name,
    request: 'POST /v1/topics/other/merge',
    key: write,
    body: { into: target },
    problem: 'unprocessable' as const,
    at: { pointer: '/into' },
    says,
  });
  await refuses(t, call, [
    into('into itself', 'other', /itself/),
    into('into itself by id', other.id, /itself/),
    into('into nothing', 'nobody', /there is no topic 'nobody'/),
    into('into a record of another kind', 'karen-bass', /there is no topic/),
    into('into a deleted one', deleted.id, /was deleted/),
    into('into a merged one', 'went', new RegExp(`was merged into ${other.id}`)),
    {
      name: 'nothing',
      request: 'POST /v1/topics/nobody/merge',
      key: write,
      body: { into: 'other' },
      problem: 'not-found',
    },
    {
      name: 'a deleted one',
      request: `POST /v1/topics/${deleted.id}/merge`,
      key: write,
      body: { into: 'other' },
      problem: 'gone',
    },
    {
      name: 'without a target',
      request: 'POST /v1/topics/other/merge',
      key: write,
      body: {},
      problem: 'invalid-body',
      at: { pointer: '/into' },
    },
    {
      name: 'a version that was',
      request: 'POST /v1/topics/other/merge',
      key: write,
      ifMatch: '"9"',
      body: { into: 'outer' },
      problem: 'precondition-failed',
      at: { header: 'If-Match' },
    },
    {
      name: 'a topic into its own part',
      request: 'POST /v1/topics/outer/merge',
      key: write,
      body: { into: inner.id },
      problem: 'conflict',
      at: { pointer: '' },
      says: new RegExp(`topic ${inner.id}: parent_id would point at itself`),
    },
    {
      name: 'a topic into a part of its part',
      request: 'POST /v1/topics/outer/merge',
      key: write,
      body: { into: innermost.id },
      problem: 'conflict',
      at: { pointer: '' },
      says: new RegExp(`topic ${inner.id}: parent_id leads back`),
    },
  ]);
  const body = { type: 'bill', title: 'A', jurisdiction_id: 'boston' };
  const [one, two] = [await make('policies', body), await make('policies', body)];
  const relation = await make('relations', { subject_id: one.id, object_id: two.id, type: 'amends' });
  await refuses(t, call, [
    {
      name: 'two policies that relate to one another',
      request: `POST /v1/policies/${one.id}/merge`,
      key: write,
      body: { into: two.id },
      problem: 'conflict',
      at: { pointer: '' },
      says: new RegExp(
        `relation ${relation.id}.*cannot relate to itself.*/v1/relations/${relation.id} deleted`,
      ),
    },
    {
      name: 'under a view that does not have them',
      request: `POST /v1/ordinances/${one.id}/merge`,
      key: write,
      body: { into: two.id },
      problem: 'not-found',
    },
    {
      name: 'into another type than the view’s',
      request: 'POST /v1/ordinances/los-angeles-sanctuary-city-ordinance/merge',
      key: write,
      body: { into: two.id },
      problem: 'unprocessable',
      at: { pointer: '/into' },
    },
  ]);
  t.equal((await call('GET', `/v1/topics/${outer.id}`)).body.version, 1, 'a refused merge changes nothing');
});

t.test('lists name the survivor once, chains lead to the last, views to where it is', async (t) => {
  const tester = await writer(t);
  const { call, make } = tester;
  const [a, b, c] = [
    await make('topics', { name: 'A topic' }),
    await make('topics', { name: 'B topic' }),
    await make('topics', { name: 'C topic' }),
  ];
  const policy = await make('policies', {
    type: 'ordinance',
    title: 'A',
    jurisdiction_id: 'boston',
    topics: [a.id, 'immigration', b.id],
  });
  const topics = async () => (await call('GET', `/v1/policies/${policy.id}`)).body.topics;
  const immigration = (await call('GET', '/v1/topics/immigration')).body.id;
  await merge(tester, `/v1/topics/${a.id}`, b.id);
  t.same(await topics(), [b.id, immigration], 'a list that had both has one');
  await merge(tester, `/v1/topics/${b.id}`, c.id);
  t.same(await topics(), [c.id, immigration]);
  for (const { slug } of [a, b]) {
    const { headers } = await call('GET', `/v1/topics/${slug}`);
    t.equal(headers.location, `/v1/topics/${c.id}`, `${slug} leads to the last, at once`);
  }
  const resolution = await make('policies', { type: 'resolution', title: 'B', jurisdiction_id: 'boston' });
  await merge(tester, `/v1/policies/${policy.id}`, resolution.id);
  const { status, headers } = await call('GET', `/v1/ordinances/${policy.id}/actions?limit=1`);
  t.same(
    [status, headers.location],
    [308, `/v1/policies/${resolution.id}/actions?limit=1`],
    'a survivor that the view does not have is found among all',
  );
});

/** A record without what each write moves on. */
function content({ version: _, updated_at: __, ...rest }: Record<string, unknown>) {
  return rest;
}

/** Everything about some records. */
async function all({ call }: Tester, records: Readonly<Record<string, { id: string }>>) {
  const found: [string, unknown][] = [];
  for (const [path, { id }] of Object.entries(records)) {
    found.push([path, content((await call('GET', `/v1/${path.split(' ')[0]}/${id}`)).body)]);
  }
  return Object.fromEntries(found);
}

const restore = (tester: Tester, url: string) => tester.call('POST', url, { key: tester.write });

t.test('a merge can be taken back', async (t) => {
  const tester = await writer(t);
  const { call } = tester;
  const { stays, goes, pointing } = await twice(tester);
  const records = { ...pointing, 'officials one': stays, 'officials two': goes };
  const before = await all(tester, records);
  await merge(tester, `/v1/officials/${goes.id}`, stays.id);
  later(tester);
  const start = await revision(tester);
  const back = await restore(tester, `/v1/officials/${goes.slug}/restore`);
  t.match([back.status, back.body.id, back.body.slug], [200, goes.id, 'karen-bass-two']);
  t.same(await all(tester, records), before, 'all is as it was');
  const ids = new Set(Object.values(records).map(({ id }) => id));
  const changes = (await changesAfter(tester, start)).filter(({ record_id }) => ids.has(record_id));
  t.same([changes.length, new Set(changes.map(({ record_id }) => record_id)).size], [ids.size, ids.size]);
  t.equal((await call('GET', `/v1/officials/${goes.id}`)).status, 200, 'it is read where it was');
  const again = await restore(tester, `/v1/officials/${goes.id}/restore`);
  t.equal(again.status, 409, 'only once');
  t.equal((await merge(tester, `/v1/officials/${stays.id}`, goes.id)).status, 200, 'and the other way round');
});

t.test('what was changed since a merge is not taken back unseen', async (t) => {
  const tester = await writer(t);
  const { call, patch, write, make } = tester;
  const { stays, goes, pointing } = await twice(tester);
  await merge(tester, `/v1/officials/${goes.id}`, stays.id);
  const { sponsorships, memberships, stances, 'vote-events': event } = pointing;
  await patch(`/v1/sponsorships/${sponsorships.id}`, { official_id: 'tom-homan' });
  await patch(`/v1/memberships/${memberships.id}`, { role: 'President' });
  await call('DELETE', `/v1/stances/${stances.id}`, { key: write, ifMatch: '*' });
  const votes = (await call('GET', `/v1/vote-events/${event.id}`)).body.votes;
  await patch(`/v1/vote-events/${event.id}`, {
    votes: [{ name: 'New', option: 'yes' }, ...votes].map(({ position: _, ...vote }, at) => ({
      ...vote,
      position: at + 1,
    })),
  });
  const names = (await call('GET', `/v1/officials/${stays.id}`)).body.other_names;
  const [first, ...rest] = names;
  await patch(`/v1/officials/${stays.id}`, {
    identifiers: [],
    other_names: [{ ...first, note: 'corrected' }, ...rest],
  });
  const holder = await make('officials', {
    name: 'Another',
    identifiers: [{ scheme: 'bioguide', identifier: 'B001270' }],
  });
  const url = `/v1/officials/${goes.id}/restore`;
  const refused = await restore(tester, url);
  t.match([refused.status, refused.body.type], [409, '/problems/conflict']);
  const named = refused.body.errors.map(({ message }: { message: string }) => message).sort();
  t.same(named, [
    `official_id of the sponsorship ${sponsorships.id} was changed since`,
    `the identifier bioguide:B001270 of the official ${holder.id} was changed since`,
    `the other name Karen R. Bass of the official ${stays.id} was changed since`,
    `votes of the vote event ${event.id} was changed since`,
  ]);
  t.match(refused.body.errors, [{ expected: /partial=true/ }]);
  t.equal((await call('GET', `/v1/officials/${goes.id}`)).status, 308, 'nothing was done');

  const back = await restore(tester, `${url}?partial=true`);
  t.match([back.status, back.body.identifiers], [200, []], 'with partial the rest is taken back');
  const homan = (await call('GET', '/v1/officials/tom-homan')).body.id;
  const officialOf = async (path: string) =>
    (await call('GET', `/v1/${path}?include_deleted=true`)).body.official_id;
  t.equal(await officialOf(`sponsorships/${sponsorships.id}`), homan, 'what was changed stays');
  t.equal(await officialOf(`memberships/${memberships.id}`), goes.id, 'a change elsewhere is no hindrance');
  t.equal(await officialOf(`stances/${stances.id}`), goes.id, 'what was deleted is moved back too');
  t.equal((await call('GET', `/v1/stances/${stances.id}`)).status, 410, 'and stays deleted');
  const now = (await call('GET', `/v1/officials/${stays.id}`)).body;
  t.match(now.other_names, [{ name: 'Karen R. Bass', note: 'corrected' }]);
  t.equal(now.other_names.length, 1);
});

t.test('merges are taken back last first', async (t) => {
  const tester = await writer(t);
  const { call, make, write } = tester;
  const topics = [
    await make('topics', { name: 'A topic' }),
    await make('topics', { name: 'B topic' }),
    await make('topics', { name: 'C topic' }),
  ] as [{ id: string }, { id: string }, { id: string }];
  const [a, b, c] = topics;
  const child = await make('topics', { name: 'Child', parent_id: a.id });
  const parent = async () => (await call('GET', `/v1/topics/${child.id}`)).body.parent_id;
  await merge(tester, `/v1/topics/${a.id}`, b.id);
  await merge(tester, `/v1/topics/${b.id}`, c.id);
  await refuses(t, call, [
    {
      name: 'the first while the second holds',
      request: `POST /v1/topics/${a.id}/restore`,
      key: write,
      problem: 'conflict',
      at: { pointer: '' },
      says: new RegExp(`merged into ${c.id}.*/v1/topics/${b.id}/restore first`),
    },
  ]);
  t.equal((await restore(tester, `/v1/topics/${b.id}/restore`)).status, 200);
  t.equal(await parent(), b.id);
  t.equal((await call('GET', `/v1/topics/${a.id}`)).headers.location, `/v1/topics/${b.id}`);
  t.equal((await restore(tester, `/v1/topics/${a.id}/restore`)).status, 200);
  t.equal(await parent(), a.id);

  await merge(tester, `/v1/topics/${a.id}`, b.id);
  await call('DELETE', `/v1/topics/${child.id}`, { key: write, ifMatch: '*' });
  await call('DELETE', `/v1/topics/${b.id}`, { key: write, ifMatch: '*' });
  await refuses(t, call, [
    {
      name: 'a survivor that was deleted comes back first',
      request: `POST /v1/topics/${a.id}/restore`,
      key: write,
      problem: 'conflict',
      at: { pointer: '' },
      says: new RegExp(`was deleted.*/v1/topics/${b.id}/restore first`),
    },
  ]);
  t.equal((await call('GET', `/v1/topics/${a.id}`)).status, 308, 'meanwhile it leads to the tombstone');
  await restore(tester, `/v1/topics/${b.id}/restore`);
  t.equal((await restore(tester, `/v1/topics/${child.id}/restore`)).status, 200);
  t.equal(await parent(), b.id);
});

t.test('what is restored after a merge points at the survivor', async (t) => {
  const tester = await writer(t);
  const { call, make, write } = tester;
  const [a, b] = [await make('topics', { name: 'A topic' }), await make('topics', { name: 'B topic' })];
  const child = await make('topics', { name: 'Child', parent_id: a.id });
  const policy = await make('policies', {
    type: 'bill',
    title: 'A',
    jurisdiction_id: 'boston',
    topics: [a.id, b.id],
  });
  for (const url of [`/v1/topics/${child.id}`, `/v1/policies/${policy.id}`])
    await call('DELETE', url, { key: write, ifMatch: '*' });
  await merge(tester, `/v1/topics/${a.id}`, b.id);
  t.equal((await restore(tester, `/v1/topics/${child.id}/restore`)).body.parent_id, b.id);
  t.same((await restore(tester, `/v1/policies/${policy.id}/restore`)).body.topics, [b.id]);
});

t.test('a key limited to a jurisdiction merges what belongs there, and takes it back', async (t) => {
  const tester = await writer(t);
  const { call, make, db, clock } = tester;
  const place = (await call('GET', '/v1/jurisdictions/los-angeles')).body.id;
  const { key } = await createKey(db, clock.now, {
    name: 'limited',
    scope: 'write',
    expiresAt: null,
    jurisdictionIds: [place],
  });
  const office = (official_id: string, organization_id: string) =>
    make('memberships', { official_id, organization_id, role: 'Member' });
  const [one, two] = [await make('officials', { name: 'One' }), await make('officials', { name: 'Two' })];
  await office(one.id, 'los-angeles-city-council');
  await office(two.id, 'los-angeles-city-council');
  const asked = (url: string, body?: object) => call('POST', url, { key, ...(body ? { body } : {}) });
  const merged = await asked(`/v1/officials/${one.id}/merge`, { into: two.id });
  t.equal(merged.status, 200, JSON.stringify(merged.body));
  const back = await asked(`/v1/officials/${one.id}/restore`);
  t.equal(back.status, 200, JSON.stringify(back.body));
  await office(one.id, 'lausd-board-of-education');
  const refused = await asked(`/v1/officials/${one.id}/merge`, { into: two.id });
  t.match(
    [refused.status, refused.body.type],
    [403, '/problems/forbidden'],
    'but not what belongs elsewhere too',
  );
});

t.test('what follows from the records that move is made anew, once', async (t) => {
  const tester = await writer(t);
  const { call, make } = tester;
  const said = { speaker_name: 'Bass', text: 'We stand with everybody here.', kind: 'other' };
  const [one, two] = [await make('statements', said), await make('statements', said)];
  const report = (statement_id: string, source_id: string, quoted_text: string) =>
    make('statement-reports', { statement_id, source_id, quoted_text, form: 'verbatim' });
  const moving = await report(one.id, 'los-angeles-sanctuary-second-story', 'We stand with everybody here.');
  await report(two.id, 'los-angeles-sanctuary-first-story', 'We stand with everybody here!');
  const before = await revision(tester);
  const merged = await merge(tester, `/v1/statements/${one.id}`, two.id);
  t.match(merged.body, { report_count: 2 }, 'the survivor counts the reports of both');
  const changes = await changesAfter(tester, before);
  t.same(
    changes.map(({ record_id }) => record_id).sort(),
    [one.id, two.id, moving.id].sort(),
    'in one change of each record',
  );
  t.equal((await call('GET', `/v1/statements/${two.id}`)).body.version, merged.body.version);
  const back = await restore(tester, `/v1/statements/${one.id}/restore`);
  t.match([back.status, back.body.report_count], [200, 1]);
  t.match((await call('GET', `/v1/statements/${two.id}`)).body, { report_count: 1 });
});
