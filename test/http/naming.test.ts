import t from 'tap';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const POLICY = 'los-angeles-sanctuary-city-ordinance';

t.test('a slug is made from the name, and is nobody else’s', async (t) => {
  const { make, call, write } = await writer(t);
  const slugs: [name: string, slug: string][] = [
    ['Water & Power', 'water-and-power'],
    ['Water & Power', 'water-and-power-2'],
    ['water and power!', 'water-and-power-3'],
    ['Éducation à Montréal', 'education-a-montreal'],
    ['教育', 'topic'],
    ['!!!', 'topic-2'],
    ['Batch', 'batch-2'],
    ['iPhone McDonald', 'iphone-mcdonald'],
    ['9f3b1c1e-0000-4000-8000-000000000000', '9f3b1c1e-0000-4000-8000-000000000000-2'],
  ];
  for (const [name, slug] of slugs)
    t.equal((await make('topics', { name })).slug, slug, `${name} is ${slug}`);
  const long = await make('topics', { name: `${'word '.repeat(60)}end` });
  t.ok(long.slug.length <= 80 && /^(word-)*word$/.test(long.slug), 'a long one ends with a whole word');
  for (let at = 0; at < 25; at += 1) await make('topics', { name: 'Crowded' });
  const page = await call('GET', '/v1/topics?limit=200&fields=slug');
  const all = page.body.data.map(({ slug }: { slug: string }) => slug);
  t.equal(new Set(all).size, all.length, 'no two are the same, however many share a name');
  t.match(
    await make('policies', {
      type: 'bill',
      title: 'Long title',
      short_title: 'Short',
      jurisdiction_id: 'boston',
    }),
    {
      slug: 'short',
    },
  );

  const topic = { request: 'POST /v1/topics', key: write };
  const at = { pointer: '/slug' };
  await refuses(t, call, [
    {
      ...topic,
      name: 'a slug someone has',
      body: { name: 'A', slug: 'immigration' },
      problem: 'duplicate',
      at,
    },
    { ...topic, name: 'a slug of a path', body: { name: 'A', slug: 'batch' }, problem: 'unprocessable', at },
    {
      ...topic,
      name: 'a slug like an id',
      body: { name: 'A', slug: '9f3b1c1e-0000-4000-8000-000000000000' },
      problem: 'unprocessable',
      at,
    },
    {
      ...topic,
      name: 'a patch to a slug someone has',
      request: 'PATCH /v1/topics/education',
      ifMatch: '*',
      body: { slug: 'immigration' },
      problem: 'duplicate',
      at,
    },
  ]);
  t.equal(
    (await make('measures', { name: 'M', slug: 'immigration' })).slug,
    'immigration',
    'another kind may',
  );
  const { body: gone } = await call('GET', '/v1/topics/crowded');
  await call('DELETE', '/v1/topics/crowded', { key: write, ifMatch: '*' });
  t.equal(
    (await call('POST', '/v1/topics', { key: write, body: { name: 'A', slug: 'crowded' } })).status,
    409,
  );
  const back = await call('POST', `/v1/topics/${gone.id}/restore`, { key: write });
  t.equal(back.body.slug, 'crowded', 'a deleted record keeps its slug for when it comes back');
});

t.test('a slug is taken wherever an id is', async (t) => {
  const { make, patch, call } = await writer(t);
  const { body: policy } = await call('GET', `/v1/policies/${POLICY}`);
  for (const id of [policy.id, policy.id.toUpperCase(), POLICY]) {
    t.equal((await call('GET', `/v1/policies/${id}`)).body.id, policy.id, `GET ${id}`);
    t.equal((await patch(`/v1/policies/${id}`, {})).body.id, policy.id, `PATCH ${id}`);
    const { body: listed } = await call('GET', `/v1/policies/${id}/actions?limit=1`);
    t.equal(listed.data[0]?.policy_id, policy.id, `parts of ${id}`);
    const { body: filtered } = await call('GET', `/v1/actions?limit=1&policy=${id}`);
    t.equal(filtered.data[0]?.policy_id, policy.id, `filter by ${id}`);
    t.equal((await call('GET', `/v1/policies?id=${id}`)).body.data.length, 1, `id=${id}`);
    const action = await make('actions', { policy_id: id, description: 'x' });
    t.equal(action.policy_id, policy.id, `a body’s reference to ${id}`);
    const cited = await make('citations', {
      record_type: 'policy',
      record_id: id,
      source_id: 'los-angeles-sanctuary-second-story',
    });
    t.equal(cited.record_id, policy.id, `evidence for ${id}`);
  }
  const named = (query: string) => call('GET', `/v1/policies?limit=200&fields=slug&${query}`);
  const { body: both } = await named('jurisdiction=boston,new-york-city');
  t.equal(both.data.length, 2, 'several, by comma');
  t.strictSame(
    (await named('jurisdiction=boston&jurisdiction=new-york-city')).body.data,
    both.data,
    'or repeated',
  );
  t.strictSame(
    (await named('jurisdiction_id=boston,new-york-city')).body.data,
    both.data,
    'or by the field’s name',
  );
});

t.test('an identifier is one record’s only, in its kind and scheme', async (t) => {
  const { make, patch, call, write } = await writer(t);
  const wikidata = { scheme: 'wikidata', identifier: 'Q1' };
  const made = await make('officials', {
    name: 'A',
    identifiers: [wikidata, { scheme: 'x:y'.slice(0, 1), identifier: 'a:b c' }],
  });
  const at = { pointer: '/identifiers/1' };
  const body = { name: 'B', identifiers: [{ scheme: 'bioguide', identifier: 'Q1' }, wikidata] };
  const taken = { key: write, problem: 'duplicate' as const, says: new RegExp(made.id) };
  await refuses(t, call, [
    { ...taken, name: 'the same again', request: 'POST /v1/officials', body, at },
    {
      ...taken,
      name: 'the same by a patch',
      request: 'PATCH /v1/officials/karen-bass',
      ifMatch: '*',
      body: { identifiers: [wikidata] },
      at: { pointer: '/identifiers/0' },
    },
  ]);
  t.equal((await call('GET', '/v1/officials?identifier=bioguide:Q1')).body.data.length, 0, 'all or nothing');
  t.ok((await make('organizations', { name: 'B', identifiers: [wikidata] })).id, 'another kind may have it');
  t.ok(
    (await make('officials', { name: 'C', identifiers: [{ ...wikidata, identifier: 'q1' }] })).id,
    'case counts',
  );
  const found = async (query: string) =>
    (await call('GET', `/v1/officials?${query}`)).body.data.map(({ id }: { id: string }) => id);
  t.same(await found('identifier=wikidata:Q1'), [made.id]);
  t.same(await found('identifier=x:a:b%20c'), [made.id], 'only the first colon ends the scheme');
  t.same(await found('identifier=wikidata:Q2'), []);
  t.equal((await found('identifier=wikidata:Q1,wikidata:q1')).length, 2, 'several mean any');
  await patch(`/v1/officials/${made.id}`, { identifiers: [] });
  t.same(await found('identifier=wikidata:Q1'), [], 'given up');
  const policy = await make('policies', {
    type: 'bill',
    title: 'A',
    jurisdiction_id: 'boston',
    identifier: 'Int 0501-2022',
  });
  const { body: printed } = await call('GET', '/v1/policies?identifier=Int%200501-2022');
  t.same(
    printed.data.map(({ id }: { id: string }) => id),
    [policy.id],
    'a policy by its printed number',
  );
});
