import t from 'tap';
import type { Content } from '../../src/engine/content.ts';
import { includePaths } from '../../src/engine/parameters.ts';
import { get } from '../../src/engine/read.ts';
import type { Kind } from '../../src/model/declare.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { readingApp, type TestApp, testApp } from '../helper.ts';
import { createAll, page, writes } from './crawler.ts';

interface Shown extends Content {
  readonly id: string;
}
interface Many {
  readonly data: readonly Shown[];
  readonly more: string | null;
}

const idsOf = (records: readonly Shown[]) => records.map(({ id }) => id);

/** How many relations a path reads, those that come along unasked included. */
function relations(kind: Kind, [name, ...rest]: readonly string[]): number {
  const include = kind.includes[name as string];
  if (include === undefined) throw new Error(`${kind.name} has no include ${name}`);
  const target = kindNamed('many' in include ? include.many : include.kind);
  const inner = new Set([...(include.also ?? []), ...rest]);
  return 1 + [...inner].reduce((sum, path) => sum + relations(target, [path]), 0);
}

async function statementsOf({ db }: TestApp, work: () => Promise<unknown>): Promise<number> {
  const before = db.statements();
  await work();
  return db.statements() - before;
}

t.test('each include costs one statement a relation, whatever the page size', async (t) => {
  const app = await readingApp(t);
  const { engine } = app.app;
  for (const kind of kinds) {
    const [sample] = (await page(engine, kind, { limit: 1 })).data;
    const one = (include?: string[]) =>
      sample
        ? get(engine, kind, sample.id, include ? { include } : {}, { restricted: false })
        : Promise.resolve();
    const bare = await statementsOf(app, () => page(engine, kind, { limit: 200 }));
    const bareOne = await statementsOf(app, () => one());
    const tooMany: string[] = [];
    for (const path of includePaths(kind)) {
      const most = relations(kind, path.split('.'));
      const include = [path];
      const few = await statementsOf(app, () => page(engine, kind, { limit: 1, include }));
      const many = await statementsOf(app, () => page(engine, kind, { limit: 200, include }));
      // Reading one record also reads the revision, for the links to the rest.
      const single = await statementsOf(app, () => one(include));
      if (few > bare + most || many > bare + most)
        tooMany.push(`${path}: ${many} for a page, at most ${bare + most}`);
      if (single > bareOne + 1 + most)
        tooMany.push(`${path}: ${single} for one, at most ${bareOne + 1 + most}`);
    }
    t.same(tooMany, [], `includes of ${kind.path}`);
  }
});

t.test('a relation is shown from both ends, with its inverse', async (t) => {
  const { call } = await readingApp(t);
  const [relation] = (await call('GET', '/v1/relations?type=amends,codifies&limit=1')).body.data;
  t.equal(relation.inverse_type, relation.type === 'amends' ? 'amended_by' : 'codified_by');
  for (const end of [relation.subject_id, relation.object_id]) {
    const { body } = await call(
      'GET',
      `/v1/policies/${end}?include=relations,relations.subject,relations.object`,
    );
    const found = body.relations.data.find(({ id }: Shown) => id === relation.id);
    t.match(found, { type: relation.type, inverse_type: relation.inverse_type });
    t.equal(found.subject.id, relation.subject_id);
    t.equal(found.object.id, relation.object_id);
    const owned = (await call('GET', `/v1/policies/${end}/relations`)).body.data;
    t.ok(idsOf(owned).includes(relation.id), 'and under each of the two');
  }
});

const EVERYTHING = [
  'jurisdiction',
  'organization',
  'parent',
  'parts',
  'actions',
  'provisions',
  'versions',
  'documents',
  'sponsorships',
  'relations',
  'vote_events',
  'statements',
  'statements.official',
  'statements.reports',
  'sources',
  'citations',
  'topics',
];

t.test('the page of one policy with everything on it is one request', async (t) => {
  const app = await readingApp(t);
  const url = `/v1/policies/los-angeles-sanctuary-city-ordinance?include=${EVERYTHING.join(',')}`;
  await app.call('GET', url);
  let answer = await app.call('GET', url);
  const count = await statementsOf(app, async () => {
    answer = await app.call('GET', url);
  });
  const { status, body } = answer;
  t.equal(status, 200);
  t.comment(`the page of one policy with everything on it costs ${count} statements`);
  t.equal(count, 1, 'the database nests what is included');
  for (const name of [
    'actions',
    'provisions',
    'relations',
    'vote_events',
    'statements',
    'sources',
    'citations',
    'topics',
  ])
    t.ok(body[name].data.length > 0, `it has ${name}`);
  t.equal(body.jurisdiction.slug, 'los-angeles');
  t.ok(body.vote_events.data[0].votes, 'vote events have their votes');
  const reported = body.statements.data.find(({ reports }: { reports: Many }) => reports.data.length > 0);
  t.type(reported.official.name, 'string', 'a statement has its speaker');
  t.type(reported.reports.data[0].source.title, 'string', 'a report has its source');
  t.ok('publisher' in reported.reports.data[0].source, 'a source has its publisher');
});

t.test('deleted records do not appear among the related ones', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const make = (kind: string, bodies: Content[]) => createAll(app.engine, kindNamed(kind), bodies);
  const base = { type: 'ordinance', jurisdiction_id: 'boston' };
  const [policy_id, object_id] = (await make('policy', [
    { ...base, title: 'One' },
    { ...base, title: 'Two' },
  ])) as [string, string];
  const [statement_id] = (await make('statement', [{ summary: 'About it', speaker_name: 'Somebody' }])) as [
    string,
  ];
  const source_id = 'los-angeles-sanctuary-second-story';
  const made: Record<string, string> = {};
  for (const [kind, body] of Object.entries({
    action: { policy_id, description: 'A step' },
    relation: { subject_id: policy_id, object_id, type: 'amends' },
    stance: { statement_id, policy_id },
    citation: { record_type: 'policy', record_id: policy_id, source_id },
  }))
    made[kind] = ((await make(kind, [body])) as [string])[0];
  const include = ['actions', 'relations', 'statements', 'citations', 'sources'];
  const read = async () => {
    const { body } = await call('GET', `/v1/policies/${policy_id}?include=${include.join(',')}`);
    return include.map((name) => body[name].data.length);
  };
  t.same(await read(), [1, 1, 1, 1, 1]);
  for (const [kind, id] of Object.entries(made)) await writes(app.engine, kindNamed(kind)).remove(id);
  t.same(await read(), [0, 0, 0, 0, 0]);
  await writes(app.engine, kindNamed('stance')).restore(made.stance as string);
  t.same(await read(), [0, 0, 1, 0, 0]);
});

t.test('a path goes two levels deep, and no deeper', async (t) => {
  const { call } = await readingApp(t);
  const url = '/v1/policies/los-angeles-sanctuary-city-ordinance?include=';
  t.equal((await call('GET', `${url}actions.organization`)).status, 200);
  for (const wrong of [
    'actions.organization.jurisdiction',
    'action',
    'actions.',
    '.actions',
    '',
    'id',
    'constructor',
  ]) {
    const { status, body } = await call('GET', `${url}${wrong}`);
    t.equal(status, 400, `'${wrong}' is refused`);
    t.match(body.errors, [{ parameter: 'include' }]);
  }
  t.match((await call('GET', `${url}action`)).body.errors[0].message, /actions/, 'and the nearest is named');
});
