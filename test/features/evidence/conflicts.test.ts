import t from 'tap';
import { sql } from '../../../src/db/drizzle.ts';
import { setMark } from '../../../src/engine/marks.ts';
import { fillConflicts } from '../../../src/features/evidence/conflicts-fill.ts';
import { readingApp, testApp } from '../../helper.ts';
import { refuses } from '../../http/refusals.ts';

const POLICY = 'los-angeles-sanctuary-city-ordinance';
const SECOND = 'los-angeles-sanctuary-second-story';
const FIRST = 'los-angeles-sanctuary-first-story';

t.test('the seeds’ disputes are kept, and none where a status moved on', async (t) => {
  const { call } = await readingApp(t);
  const all = (await call('GET', '/v1/conflicts?limit=200&include=sources,jurisdictions')).body.data;
  const name = all.find(({ held }: { held: unknown }) => held === 'Tom Homan');
  t.match(name, {
    record_type: 'official',
    field: '/name',
    state: 'settled',
    values: [
      { value: 'Tom Homan', agrees: true, citations: [{}, {}] },
      { value: 'Tim Homan', agrees: false, citations: [{ rank: 'deprecated' }] },
    ],
    sources: { data: [{ publisher: {} }, { publisher: {} }] },
  });
  t.same((await call('GET', `/v1/conflicts/${name.id}`)).status, 200);
  t.notOk(
    all.some(({ field }: { field: string }) => field === '/status'),
    'a vote ahead in one story and over in the other is no conflict',
  );
  const filtered: [query: string, fields: string[]][] = [
    ['record_type=official&record_id=tom-homan', ['/name']],
    ['field=/name&state=settled', ['/name', '/name']],
    ['record_type=statement&state=settled', []],
    ['jurisdiction=los-angeles&record_type=official', []],
    ['jurisdiction=united-states&record_type=official', ['/name']],
  ];
  for (const [query, fields] of filtered) {
    const found = (await call('GET', `/v1/conflicts?${query}`)).body.data;
    t.same(
      found.map(({ field }: { field: string }) => field),
      fields,
      query,
    );
  }
  await refuses(t, call, [
    {
      name: 'a word that is no state',
      request: 'GET /v1/conflicts?state=closed',
      problem: 'invalid-parameter',
      at: { parameter: 'state' },
    },
    {
      name: 'no conflict is written',
      request: 'POST /v1/conflicts',
      body: {},
      problem: 'method-not-allowed',
    },
  ]);
});

t.test('a conflict comes and goes with what it follows from', async (t) => {
  const { call, key, clock } = await testApp(t, 'seeded');
  const write = await key('write');
  clock.now = new Date('2100-01-01T00:00:00.000Z');
  const conflicts = async () =>
    (await call('GET', `/v1/conflicts?field=/short_title&record_type=policy`)).body.data;
  const change = (method: string, url: string, body?: object) =>
    call(method, url, { key: write, ifMatch: '*', ...(body ? { body } : {}) });
  const policy = { title: 'A motion', short_title: 'Sanctuary city ordinance', type: 'motion' };
  const { id } = (await change('POST', '/v1/policies', { ...policy, jurisdiction_id: 'boston' })).body;
  t.same(await conflicts(), []);
  const cite = { record_type: 'policy', record_id: id, field: '/short_title' };
  const made = await change('POST', '/v1/citations', { ...cite, source_id: FIRST, value: 'Sanctuary rule' });
  const [open] = await conflicts();
  t.match(open, {
    field: '/short_title',
    held: 'Sanctuary city ordinance',
    state: 'open',
    basis: 'no_source',
  });
  t.equal(open.updated_at, '2100-01-01T00:00:00.000Z');

  await change('POST', '/v1/citations', { ...cite, source_id: SECOND, value: '“Sanctuary city” ordinance' });
  t.match(await conflicts(), [{ id: open.id, state: 'open', values: [{ agrees: true }, { agrees: false }] }]);

  await change('PATCH', `/v1/citations/${made.body.id}`, { rank: 'deprecated' });
  t.match(await conflicts(), [{ id: open.id, state: 'settled', basis: 'others_deprecated' }]);

  await change('PATCH', `/v1/policies/${id}`, { short_title: 'Sanctuary rule' });
  t.match(await conflicts(), [
    { held: 'Sanctuary rule', state: 'open', values: [{ value: 'Sanctuary rule' }, {}] },
  ]);

  await change('DELETE', `/v1/citations/${made.body.id}`);
  t.match(await conflicts(), [{ state: 'open', basis: 'no_source' }]);
  await change('PATCH', `/v1/sources/${SECOND}`, { status: 'retracted' });
  t.same(await conflicts(), [], 'a retracted source disputes nothing');
  await change('PATCH', `/v1/sources/${SECOND}`, { status: 'live' });
  t.equal((await conflicts()).length, 1);

  t.equal((await change('DELETE', `/v1/policies/${id}?cascade=true`)).status, 204);
  t.same(await conflicts(), [], 'nor does a record that is deleted stand in dispute');
  t.equal((await change('POST', `/v1/policies/${id}/restore`)).status, 200);
  t.equal((await conflicts()).length, 1);
});

t.test('older citations are judged in the background', async (t) => {
  const { app, db, call } = await testApp(t, 'seeded');
  const list = async () => {
    const { data } = (await call('GET', '/v1/conflicts?limit=200&sort=record')).body;
    return data.map(({ updated_at, ...rest }: { updated_at: string }) => rest);
  };
  const before = await list();
  t.ok(before.length > 5);
  await db.write(async (session) => {
    for (const table of ['conflict_sources', 'conflict_jurisdictions'])
      await session.run(`empty ${table}`, (on) =>
        on.delete(db.tables.rows.get(table) as never).where(sql`true`),
      );
    const kept = db.tables.kinds.get('conflict') as never;
    await session.run('empty conflicts', (on) => on.delete(kept).where(sql`true`));
    await setMark(app.engine, session, 'conflicts', { after: null });
  });
  t.same(await list(), []);
  const cut = new AbortController();
  cut.abort();
  t.equal(await fillConflicts(app.engine, cut.signal), 0, 'not once it is told to stop');
  const seen = await fillConflicts(app.engine, new AbortController().signal, 7);
  t.ok(seen > 100, `${seen} records are looked at, a few at a time`);
  t.same(await list(), before, 'and what was kept is there again');
  t.equal(await fillConflicts(app.engine, new AbortController().signal), 0, 'once is enough');
});

t.test('the evidence of a record stands beside what it holds', async (t) => {
  const { db, call, key } = await testApp(t, 'seeded');
  const before = db.statements();
  const { status, body } = await call('GET', '/v1/officials/tom-homan/evidence');
  t.equal(status, 200);
  t.ok(db.statements() - before <= 6, 'in a few statements, however much there is');
  t.match(body['/name'], { value: 'Tom Homan', state: 'supported' });
  const said = body['/name'].citations.map(
    ({ value, agrees, rank, source, publisher }: Record<string, Record<string, string>>) =>
      [value, agrees, rank, source?.slug, publisher?.name].join(', '),
  );
  t.same(said.sort(), [
    'Tim Homan, false, deprecated, los-angeles-sanctuary-first-story, BBC News',
    'Tom Homan, true, normal, los-angeles-sanctuary-first-story, BBC News',
    'Tom Homan, true, preferred, los-angeles-sanctuary-second-story, Unnamed outlet of the second story',
  ]);
  t.equal(Object.keys(body)[0], '', 'the record as a whole comes first');
  const policy = (await call('GET', `/v1/ordinances/${POLICY}/evidence`)).body;
  t.match(policy['/status'], { value: 'passed', state: 'supported' });
  t.match(
    policy['/status'].citations.filter(({ superseded }: { superseded: boolean }) => superseded),
    [{ value: 'on_agenda' }],
  );
  t.match(policy['/title'], { state: 'unsupported', citations: [] }, 'what nobody has cited is told');
  t.match(
    policy['/jurisdiction_id'].citations,
    [{ value: 'los-angeles', agrees: true }, {}],
    'a slug is as written',
  );
  const whole = {
    record_type: 'topic',
    record_id: 'education',
    source_id: 'los-angeles-sanctuary-first-story',
    value: { name: 'Schools' },
  };
  t.equal((await call('POST', '/v1/citations', { key: await key('write'), body: whole })).status, 201);
  const topic = (await call('GET', '/v1/topics/education/evidence')).body[''];
  const own = topic.citations.find(({ value }: { value: unknown }) => value !== null);
  t.match(
    [topic.state, own],
    ['supported', { value: { name: 'Schools' }, agrees: true }],
    'what is said of a record as a whole is shown, and held against nothing',
  );
  const disputed = await call('GET', '/v1/conflicts?record_type=topic');
  t.same(disputed.body.data, []);
  for (const [url, answer] of [
    [`/v1/resolutions/${POLICY}/evidence`, 404],
    ['/v1/officials/nobody/evidence', 404],
    ['/v1/officials/tom-homan/evidence?field=/name', 400],
  ] as const)
    t.equal((await call('GET', url)).status, answer, url);
});
