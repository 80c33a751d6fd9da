import t from 'tap';
import { testApp } from '../helper.ts';
import { writer } from './writer.ts';

const POLICY = 'los-angeles-sanctuary-city-ordinance';

t.test('a patch follows RFC 7396', async (t) => {
  const { make, patch, call } = await writer(t);
  const cite = await make('citations', {
    record_type: 'policy',
    record_id: POLICY,
    source_id: 'los-angeles-sanctuary-second-story',
    value: 'start',
    selector: { start: 3, end: 8, exact: 'ordin' },
    note: 'kept',
  });
  const url = `/v1/citations/${cite.id}`;
  const selector = { exact: null, prefix: null, suffix: null, start: null, end: null };
  const value: [name: string, from: unknown, patch: unknown, to: unknown][] = [
    ['a member is replaced', { a: 'b' }, { a: 'c' }, { a: 'c' }],
    ['a member is added', { a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    ['null takes a member away', { a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    ['a list is replaced whole', { a: ['b'] }, { a: ['c', 'd'] }, { a: ['c', 'd'] }],
    ['a list in place of a text', { a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    ['objects are merged', { a: { b: 'c', e: 1 } }, { a: { b: 'd', c: null } }, { a: { b: 'd', e: 1 } }],
    ['lists of objects are not', { a: [{ b: 'c', d: 1 }] }, { a: [{ b: 'x' }] }, { a: [{ b: 'x' }] }],
    ['nulls in lists stay', { a: 1 }, { a: [1, null] }, { a: [1, null] }],
    ['a text in place of an object', { a: { b: 1 } }, 'x', 'x'],
    ['an object in place of a list', ['c'], { a: 'b' }, { a: 'b' }],
    ['nulls deep in a new object go', {}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ['a name that every object has', {}, { constructor: { a: 1 } }, { constructor: { a: 1 } }],
    ['null takes all of it away', { a: 1 }, null, null],
  ];
  for (const [name, from, change, to] of value) {
    await patch(url, { value: null });
    await patch(url, { value: from });
    const { status, body } = await patch(url, { value: change });
    t.equal(status, 200);
    t.equal(JSON.stringify(body.value), JSON.stringify(to), name);
    t.equal(body.note, 'kept', `${name}, and the rest stays`);
  }
  const anchor: [change: object | null, to: object | null][] = [
    [
      { exact: 'ordinance', end: 12 },
      { ...selector, exact: 'ordinance', start: 3, end: 12 },
    ],
    [{ exact: null }, { ...selector, start: 3, end: 12 }],
    [
      { start: null, end: null, prefix: 'the ' },
      { ...selector, prefix: 'the ' },
    ],
    [null, null],
    [{ suffix: '.' }, { ...selector, suffix: '.' }],
  ];
  for (const [change, to] of anchor) {
    const { body } = await patch(url, { selector: change });
    t.strictSame(body.selector, to, `selector merged with ${JSON.stringify(change)}`);
  }
  const half = await patch(url, { selector: { start: 1 } });
  t.match(
    [half.status, half.body.errors],
    [422, [{ pointer: '/selector/end' }]],
    'the merged whole is checked',
  );
  const odd = await patch(url, { selector: { strat: 1 } });
  t.match([odd.status, odd.body.errors], [400, [{ pointer: '/selector/strat' }]], 'and its form as well');

  const list = await patch(`/v1/policies/${POLICY}`, { topics: ['education'] });
  t.equal(list.body.topics.length, 1, 'a list of references is replaced');
  const none = await patch(`/v1/policies/${POLICY}`, { topics: null, status: null, short_title: null });
  t.match(none.body, { topics: [], status: 'unknown', short_title: null }, 'null gives the initial value');
  for (const body of [null, [], 'x', 7]) {
    const { status, body: refused } = await patch(url, body);
    t.match(
      [status, refused.errors],
      [400, [{ pointer: '' }]],
      `${JSON.stringify(body)} is no change to a record`,
    );
  }
  t.equal((await call('GET', url)).body.note, 'kept');
});

t.test('a put replaces the whole: what is left out goes back to its initial value', async (t) => {
  const { make, call, write } = await writer(t);
  const made = await make('policies', {
    slug: 'my-slug',
    type: 'bill',
    title: 'A bill',
    jurisdiction_id: 'boston',
    status: 'introduced',
    summary: 'x',
    topics: ['education'],
    identifiers: [{ scheme: 'x', identifier: '1' }],
  });
  const body = { type: 'bill', title: 'Another bill', jurisdiction_id: 'boston' };
  const { body: put } = await call('PUT', `/v1/policies/${made.id}`, { key: write, ifMatch: '"1"', body });
  const initial = { status: 'unknown', summary: null, topics: [], identifiers: [] };
  t.strictSame(put, { ...made, ...initial, title: 'Another bill', version: 2 }, 'the slug stays');
  const freed = await make('policies', { ...body, identifiers: [{ scheme: 'x', identifier: '1' }] });
  t.equal(freed.identifiers[0].identifier, '1', 'an identifier given up can be taken');
  const moved = await call('PUT', `/v1/policies/${made.id}`, {
    key: write,
    ifMatch: '"2"',
    body: { ...body, slug: 'new-slug' },
  });
  t.equal(moved.body.slug, 'new-slug', 'a slug can be changed when it is named');
  t.equal((await call('GET', '/v1/policies/my-slug')).status, 404);
  const missing = await call('PUT', `/v1/policies/${made.id}`, {
    key: write,
    ifMatch: '*',
    body: { title: 'A' },
  });
  t.same(
    missing.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/type', '/jurisdiction_id'],
    'what must be there is asked for, all at once',
  );
});

t.test('a part without a place gets the next one', async (t) => {
  const { make, patch, call } = await writer(t);
  const policy = await make('policies', { type: 'bill', title: 'A', jurisdiction_id: 'boston' });
  const own = { policy_id: policy.id };
  const rows: [path: string, body: object][] = [
    ['actions', { ...own, description: 'x' }],
    ['provisions', { ...own, text: 'x' }],
    ['sponsorships', { ...own, name: 'x' }],
  ];
  for (const [path, body] of rows) {
    t.equal((await make(path, body)).position, 1, `the first of the ${path}`);
    t.equal((await make(path, { ...body, position: 7 })).position, 7, 'one with its place stated');
    const last = await make(path, body);
    t.equal(last.position, 8, 'the next');
    t.equal((await patch(`/v1/${path}/${last.id}`, { position: null })).body.position, 8, 'kept in a patch');
    t.equal((await make(path, { ...body, position: 7 })).position, 7, 'a place may be shared');
    const { body: page } = await call('GET', `/v1/policies/${policy.id}/${path}`);
    t.equal(page.data.length, 4);
  }
  const meeting = await make('meetings', {
    organization_id: 'los-angeles-city-council',
    name: 'A',
    agenda: [{ title: 'a' }, { title: 'b', position: 9 }, { title: 'c' }],
  });
  t.same(
    meeting.agenda.map(({ position }: { position: number }) => position),
    [1, 9, 3],
    'items of a list too',
  );
});

t.test('what cannot stand is refused with its pointer', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const child = await call('POST', '/v1/topics', {
    key: write,
    body: { name: 'Child', parent_id: 'education' },
  });
  const refused: [string, string, string, unknown, string][] = [
    ['a topic within its own child', 'PATCH', 'topics/education', { parent_id: child.body.id }, '/parent_id'],
    ['a topic within itself', 'PATCH', 'topics/education', { parent_id: 'education' }, '/parent_id'],
    [
      'an office that ends before it begins',
      'POST',
      'memberships',
      {
        official_id: 'karen-bass',
        jurisdiction_id: 'los-angeles',
        start_date: '2024-05',
        end_date: '2024-04-30',
      },
      '/end_date',
    ],
    [
      'an option counted twice',
      'POST',
      'vote-events',
      {
        policy_id: 'los-angeles-sanctuary-city-ordinance',
        counts: [
          { option: 'yes', value: 1 },
          { option: 'yes', value: 2 },
        ],
      },
      '/counts/1/option',
    ],
  ];
  for (const [name, method, path, body, pointer] of refused) {
    const answer = await call(method, `/v1/${path}`, { key: write, body, ifMatch: '*' });
    t.equal(answer.status, 422, name);
    t.match(answer.body, { type: '/problems/unprocessable', errors: [{ pointer }] }, name);
  }
  const vague = {
    official_id: 'karen-bass',
    jurisdiction_id: 'los-angeles',
    start_date: '2024-05',
    end_date: '2024',
  };
  t.equal(
    (await call('POST', '/v1/memberships', { key: write, body: vague })).status,
    201,
    'a vague end may be right',
  );
  const taken = await call('PATCH', '/v1/topics/education', {
    key: write,
    ifMatch: '*',
    body: { slug: null },
  });
  t.equal(taken.status, 400, 'a slug cannot be taken away');
  t.match(taken.body.errors, [{ pointer: '/slug' }]);
});
