import t, { type Test } from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import { jurisdictionsOf } from '../../src/engine/belonging.ts';
import type { Content } from '../../src/engine/content.ts';
import { resolve } from '../../src/engine/read.ts';
import { readStored } from '../../src/engine/store.ts';
import { create, replace } from '../../src/engine/write.ts';
import { type Author, writing } from '../../src/engine/writer.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { readingApp, type TestApp, testApp } from '../helper.ts';

const POLICY = 'los-angeles-sanctuary-city-ordinance';

/** The last changes of the log, oldest first, without their content. */
async function lastChanges({ db }: TestApp, count: number) {
  const { changes } = db.tables;
  const rows = await db.read((session) =>
    session.all(`last ${count} changes`, (on) =>
      on.select().from(changes).orderBy(sql`${changes.seq} desc`).limit(count),
    ),
  );
  return rows.reverse();
}

/** What a record belongs to, by slug. */
async function placesOf({ app, db, call }: TestApp, kind: string, name: string): Promise<string[]> {
  const ids = await db.read(async (session) => {
    const id = await resolve(app.engine, session, kindNamed(kind), name);
    const stored = await readStored({ engine: app.engine, session }, kindNamed(kind), id);
    return jurisdictionsOf({ engine: app.engine, session }, kindNamed(kind), stored?.record as never);
  });
  const slugs = await Promise.all(
    ids.map(async (id) => (await call('GET', `/v1/jurisdictions/${id}`)).body.slug),
  );
  return slugs.sort();
}

t.test('a record belongs where its references lead', async (t) => {
  const test = await readingApp(t);
  const first = async (path: string) => (await test.call('GET', path)).body.data[0].id;
  const rows: [kind: string, name: string, places: string[]][] = [
    ['jurisdiction', 'california', ['california']],
    ['organization', 'los-angeles-city-council', ['los-angeles']],
    ['policy', POLICY, ['los-angeles']],
    ['official', 'nithya-raman', ['los-angeles']],
    ['membership', await first('/v1/memberships?official=nithya-raman'), ['los-angeles']],
    ['action', await first(`/v1/policies/${POLICY}/actions`), ['los-angeles']],
    ['vote_event', await first(`/v1/policies/${POLICY}/vote-events`), ['los-angeles']],
    ['meeting', await first('/v1/meetings'), ['los-angeles']],
    ['statement', await first('/v1/statements?official=nithya-raman'), ['los-angeles']],
    ['statement_report', await first('/v1/statement-reports?statement=goldberg-not-running-in-fear'), []],
    ['citation', await first(`/v1/citations?record_type=policy&record_id=${POLICY}`), ['los-angeles']],
    ['topic', 'immigration', []],
    ['source', 'los-angeles-sanctuary-second-story', []],
  ];
  for (const [kind, name, places] of rows) {
    const found = await placesOf(test, kind, name);
    if (kind === 'statement_report') t.ok(found.length > 0, 'a report belongs where its statement does');
    else t.same(found, places, `${kind} ${name}`);
  }
});

t.test('an owner moves with its parts, once a transaction', async (t) => {
  const test = await testApp(t, 'seeded');
  const { app, call, key, clock } = test;
  const write = await key('write');
  clock.now = new Date('2100-01-01T00:00:00.000Z');
  const at = clock.now.toISOString();
  const before = (await call('GET', `/v1/policies/${POLICY}`)).body;
  const made = await call('POST', '/v1/actions', {
    key: write,
    headers: { 'x-reason': 'minutes', 'content-type': 'application/json' },
    body: { policy_id: POLICY, description: 'Referred', date: '2024-11-20' },
  });
  const after = (await call('GET', `/v1/policies/${POLICY}`)).body;
  t.same(after, { ...before, version: before.version + 1, updated_at: at }, 'nothing else of it changed');
  const changes = await lastChanges(test, 2);
  t.match(changes, [
    { kind: 'action', op: 'create', version: 1, changed_fields: [] },
    { kind: 'policy', op: 'update', changed_fields: ['actions'], reason: 'minutes', at },
  ]);
  t.equal(changes[0]?.record_id, made.body.id);

  const listed = await call('GET', `/v1/policies?updated_since=${at}`);
  t.same(
    listed.body.data.map(({ slug }: { slug: string }) => slug),
    [POLICY],
    'so it is found by when it changed',
  );

  const body = { policy_id: 'lausd-sanctuary-resolution' };
  await call('PATCH', `/v1/actions/${made.body.id}`, { key: write, ifMatch: '*', body });
  const moved = await lastChanges(test, 3);
  t.match(
    moved.map(({ kind }) => kind),
    ['action', 'policy', 'policy'],
    'a part that moves touches the owner it had, and the one it has',
  );

  const { revision } = (await call('GET', '/v1/policies')).body.meta;
  const author = { actor: 'clerk', reason: null };
  await writing(app.engine, author, async (writer) => {
    const kind = kindNamed('policy');
    const stored = await readStored(writer, kind, before.id);
    const action: Content = { description: 'Heard', date: '2024-11-21', policy_id: before.id };
    for (const position of [50, 51]) await create(writer, kindNamed('action'), { ...action, position });
    const { id: _, slug, version, created_at, updated_at, final_action_on, ...content } = before;
    await replace(writer, kind, stored as never, { ...content, summary: 'Changed' });
  });
  const own = await lastChanges(test, 3);
  t.match(own, [{ kind: 'action' }, { kind: 'action' }, { kind: 'policy', changed_fields: ['summary'] }]);
  t.equal(own.at(-1)?.seq, revision + 3, 'an owner written along has its change already');
});

t.test('evidence of a part touches the part, and what that is a part of', async (t) => {
  const test = await testApp(t, 'seeded');
  const [action] = (await test.call('GET', `/v1/policies/${POLICY}/actions`)).body.data;
  const made = await test.call('POST', '/v1/citations', {
    key: await test.key('write'),
    body: {
      record_type: 'action',
      record_id: action.id,
      source_id: 'los-angeles-sanctuary-second-story',
    },
  });
  t.equal(made.status, 201);
  t.match(await lastChanges(test, 3), [
    { kind: 'citation', op: 'create' },
    { kind: 'action', op: 'update', changed_fields: ['citations'] },
    { kind: 'policy', op: 'update', changed_fields: ['actions'] },
  ]);
});

t.test('an author limited to a place writes what belongs to it and nothing else', async (t) => {
  const test = await testApp(t, 'seeded');
  const { app, db, call } = test;
  const la = (await call('GET', '/v1/jurisdictions/los-angeles')).body.id;
  const clerk: Author = { actor: 'clerk', reason: null, within: [la] };
  const attempt = async (t: Test, name: string, items: readonly (readonly [string, Content])[]) => {
    const work = writing(app.engine, clerk, async (writer) => {
      let last: string | undefined;
      for (const [kind, body] of items) {
        const filled = Object.fromEntries(
          Object.entries(body).map(([field, value]) => [field, value === 'LAST' ? last : value]),
        );
        last = (await create(writer, kindNamed(kind), filled)).id;
      }
    });
    return work.then(
      () => 'written',
      (error: { problem?: string }) => error.problem ?? t.fail(`${name}: ${error}`),
    );
  };
  const policy = { title: 'A motion', type: 'motion' };
  const member = { official_id: 'LAST', role: 'Member', organization_id: 'los-angeles-city-council' };
  const rows: [name: string, expected: string, items: [string, Content][]][] = [
    ['a policy of the place', 'written', [['policy', { ...policy, jurisdiction_id: 'los-angeles' }]]],
    ['a policy of another', 'forbidden', [['policy', { ...policy, jurisdiction_id: 'california' }]]],
    ['a part of a policy of the place', 'written', [['action', { policy_id: POLICY, description: 'Read' }]]],
    ['a topic, which all share', 'forbidden', [['topic', { name: 'Parks' }]]],
    [
      'a place of its own',
      'forbidden',
      [['jurisdiction', { name: 'Elsewhere', classification: 'municipality' }]],
    ],
    ['a person with no office', 'forbidden', [['official', { name: 'Ada Nowhere' }]]],
    [
      'a person with an office of the place, in one go',
      'written',
      [
        ['official', { name: 'Ada Here' }],
        ['membership', member],
      ],
    ],
  ];
  for (const [name, expected, items] of rows) t.equal(await attempt(t, name, items), expected, name);
  const kept = await db.read((session) =>
    session.all<{ slug: string }>('officials of the test', (on) =>
      on
        .select({ slug: db.tables.kinds.get('official')?.slug as never })
        .from(db.tables.kinds.get('official') as never),
    ),
  );
  const slugs = kept.map(({ slug }) => slug);
  t.ok(slugs.includes('ada-here') && !slugs.includes('ada-nowhere'), 'what is refused leaves nothing');
});
