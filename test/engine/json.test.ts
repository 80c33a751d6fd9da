import t, { type Test } from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import { keepsShown } from '../../src/db/tables.ts';
import { readChanges } from '../../src/engine/changes.ts';
import { readChangesJson } from '../../src/engine/json/changes.ts';
import { listJson, textOfPage } from '../../src/engine/json/list.ts';
import { getJson } from '../../src/engine/json/read.ts';
import { MOST_INCLUDED } from '../../src/engine/json/record.ts';
import { list } from '../../src/engine/list.ts';
import { includePaths, type ListQuery } from '../../src/engine/parameters.ts';
import { get } from '../../src/engine/read.ts';
import { tableOf } from '../../src/engine/select.ts';
import type { Kind } from '../../src/model/declare.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { type TestApp, testApp } from '../helper.ts';
import { createAll } from './crawler.ts';

/** Texts that each way of writing JSON could spell in its own way. */
const AWKWARD =
  'quotes " \' \\ / tab \t line \n feed \f back \b bell \u0007 unit \u001f delete \u007f é 漢 🏛 \u2028 \u2029 <b> &amp; \\u0000 %s $1 ?';

const place = (kind: Kind, restricted = false) => ({ path: `/v1/${kind.path}`, fixed: {}, restricted });

/** A page both ways: by the database, and by JavaScript. */
async function bothPages({ app }: TestApp, kind: Kind, asked: Partial<ListQuery>, restricted = false) {
  const query = { limit: 200, sort: kind.defaultSort, ...asked };
  const made = await listJson(app.engine, kind, query, place(kind, restricted));
  const page = await list(app.engine, kind, query, place(kind, restricted));
  return { made: made && String(textOfPage(made)), page: JSON.stringify(page), first: page.data[0] };
}

async function bothReads(
  t: Test,
  { app }: TestApp,
  kind: Kind,
  name: string,
  query: object,
  restricted = false,
) {
  const made = await getJson(app.engine, kind, name, query, { restricted });
  const { record, whole, revision } = await get(app.engine, kind, name, query, { restricted });
  if (made) t.same([made.version, made.revision], [whole.version, revision]);
  return { made: made && String(made.json), record: JSON.stringify(record) };
}

async function filled(t: Test): Promise<TestApp> {
  const app = await testApp(t, 'seeded');
  const { engine } = app.app;
  const [policy_id] = (await createAll(engine, kindNamed('policy'), [
    {
      slug: 'awkward',
      type: 'ordinance',
      jurisdiction_id: 'los-angeles',
      title: AWKWARD,
      summary: '"',
      topics: ['immigration'],
      links: [{ url: 'https://example.org/', note: AWKWARD }],
    },
  ])) as [string];
  await createAll(engine, kindNamed('policy_version'), [{ policy_id, text: AWKWARD.repeat(1000) }]);
  await createAll(engine, kindNamed('source'), [
    { slug: 'kept', kind: 'dataset', title: AWKWARD, text: 'Not for everyone.' },
  ]);
  await createAll(engine, kindNamed('citation'), [
    {
      record_type: 'policy',
      record_id: policy_id,
      source_id: 'kept',
      field: '/title',
      value: [AWKWARD, 1.5, null],
    },
  ]);
  return app;
}

t.test('a page of any kind is, to the byte, what JavaScript makes of it', async (t) => {
  const app = await filled(t);
  for (const kind of kinds) {
    const { made, page, first } = await bothPages(app, kind, {});
    t.equal(made, first ? page : undefined, kind.name);
    if (!first) continue;
    const paths = includePaths(kind);
    const deep = paths.filter((path) => path.includes('.'));
    const own = paths.filter((path) => !deep.includes(path));
    for (const include of [own, deep.filter((_, at) => at % 3 === 0).slice(0, MOST_INCLUDED)]) {
      if (include.length === 0) continue;
      const one = await bothPages(app, kind, { include, fields: ['updated_at'], limit: 10 });
      t.equal(one.made, one.page, `${kind.name} with ${include}`);
    }
  }
});

t.test('so is a record', async (t) => {
  const app = await filled(t);
  for (const kind of kinds.filter((one) => !one.kept)) {
    const { first } = await bothPages(app, kind, {});
    if (!first) continue;
    const include = includePaths(kind).filter((path) => !path.includes('.'));
    for (const query of [{}, { include }, { fields: ['id', 'identifiers'] }, { include_deleted: true }]) {
      const { made, record } = await bothReads(t, app, kind, first.id, query);
      // Where there is more than is shown, JavaScript makes it.
      t.equal(made, /"more":"/.test(record) ? undefined : record, `${kind.name} ${JSON.stringify(query)}`);
    }
  }
});

t.test(
  'what rows keep of it is shown, and where they keep none of their version and shape, it is made',
  async (t) => {
    const app = await filled(t);
    t.same(
      kinds.filter((kind) => !keepsShown(kind)).map(({ name }) => name),
      ['official', 'policy_version', 'source', 'vote', 'conflict', 'import_run'],
    );
    const set = (kind: Kind, values: object) => {
      const table = tableOf(app.db, kind);
      return app.db.write((session) =>
        session.run(`set ${kind.name} ${Object.keys(values)}`, (on) =>
          on.update(table).set(values).where(sql`true`),
        ),
      );
    };
    for (const kind of kinds.filter(keepsShown)) {
      const include = includePaths(kind).filter((path) => !path.includes('.'));
      const asks = [{}, { fields: ['updated_at'] }, { include, limit: 5 }];
      const pages = () => Promise.all(asks.map((asked) => bothPages(app, kind, asked)));
      const before = await pages();
      const id = before[0]?.first?.id;
      if (id === undefined) continue;
      for (const { made, page } of before) t.equal(made, page, kind.name);
      const alone = await bothReads(t, app, kind, id, {});
      t.equal(alone.made, alone.record, kind.name);
      // The first is of the right version and shape.
      await set(kind, { shown: '{"is":"kept"' });
      t.equal((await bothReads(t, app, kind, id, {})).made, '{"is":"kept"}');
      t.match((await bothPages(app, kind, {})).made, '{"data":[{"is":"kept"}');
      for (const values of [{ shown_of: sql`shown_of + 1` }, { shown_of: null, shown: null }]) {
        await set(kind, values);
        t.same(await pages(), before, `pages of ${kind.name} without it`);
        t.same(await bothReads(t, app, kind, id, {}), alone, `${kind.name} without it`);
      }
    }
  },
);

t.test('filters, orders, cursors, fields and deleted records make no difference', async (t) => {
  const app = await filled(t);
  const policy = kindNamed('policy');
  const first = await bothPages(app, policy, { limit: 3 });
  const cursor = new URL(JSON.parse(first.page).links.next, 'http://here').searchParams.get('cursor') ?? '';
  const queries: readonly Partial<ListQuery>[] = [
    { limit: 3, cursor },
    { limit: 3, cursor, sort: '-date', include: ['jurisdiction'] },
    { type: ['ordinance'], sort: 'title' },
    { limit: 3, sort: 'updated_at' },
    { limit: 3, sort: '-updated_at' },
    { jurisdiction: ['los-angeles', 'boston'], status: ['passed'] },
    { fields: ['title', 'topics'], include: ['topics'] },
    { include: ['topics', 'actions.organization', 'statements.reports'], fields: ['slug'] },
    { include_deleted: true, sort: 'updated_at' },
    { topic: ['immigration'], updated_since: '2020-01-01T00:00:00Z' },
  ];
  for (const query of queries) {
    const { made, page } = await bothPages(app, policy, query);
    t.equal(made, page, JSON.stringify(query));
  }
});

t.test('what only some may read is there for them, and for nobody else', async (t) => {
  const app = await filled(t);
  const source = kindNamed('source');
  const may = await bothReads(t, app, source, 'kept', {}, true);
  t.equal(may.made, may.record);
  t.match(may.made, 'Not for everyone.');
  const mayNot = await bothReads(t, app, source, 'kept', {});
  t.equal(mayNot.made, mayNot.record);
  t.notMatch(mayNot.made, 'Not for everyone.');
  const named = getJson(app.app.engine, source, 'kept', { fields: ['text'] }, { restricted: false });
  await t.rejects(named, /needs a key with the write scope/);
  const listed = await bothPages(app, source, { fields: ['text'] }, true);
  t.equal(listed.made, listed.page);
  t.match(listed.made, 'Not for everyone.');
});

t.test('more than is shown comes with the address of the rest', async (t) => {
  const app = await filled(t);
  const policy_id = 'awkward';
  const actions = Array.from({ length: 25 }, (_, at) => ({ policy_id, description: `Step ${at}` }));
  await createAll(app.app.engine, kindNamed('action'), actions);
  const query = { include: ['actions', 'topics'], limit: 50 };
  const { made, page } = await bothPages(app, kindNamed('policy'), query);
  t.match(page, /"more":"[^"]*cursor=/);
  t.equal(made, page);
  const { engine } = app.app;
  const narrow = await getJson(engine, kindNamed('policy'), 'awkward', query, { restricted: false });
  t.match(String(narrow?.json), 'Step 24', 'a record alone shows up to 100');
});

t.test('so is the change log, for those who may read all of it and for the others', async (t) => {
  const { app } = await filled(t);
  const { engine } = app;
  const reaches = [undefined, ['policy'], ['policy', 'source']].flatMap((kinds) =>
    [true, false].flatMap((restricted) =>
      [true, false].map((content) => ({ restricted, content, concern: { kinds, subjects: undefined } })),
    ),
  );
  for (const one of reaches) {
    const reach = { after: 0, limit: 10_000, bytes: 1e9, ...one };
    const [made, read] = await engine.db.read(async (session) => [
      await readChangesJson(engine, session, reach),
      await readChanges(engine, session, reach),
    ]);
    const what = JSON.stringify(one);
    t.equal(made.data.join(), read.data.map((change) => JSON.stringify(change)).join(), what);
    t.same([made.revision, made.next], [read.revision, read.next], what);
    const holdsSources = one.concern.kinds?.includes('source') ?? true;
    const shows = made.data.join().includes('Not for everyone.');
    t.equal(shows, one.restricted && one.content && holdsSources, what);
  }
});

t.test('what the database does not answer is left to JavaScript', async (t) => {
  const { app } = await filled(t);
  const policy = kindNamed('policy');
  const everyone = { restricted: false };
  const every = { include: includePaths(policy) };
  t.equal(await getJson(app.engine, policy, 'awkward', every, everyone), undefined);
  t.equal(await getJson(app.engine, policy, 'nowhere', {}, everyone), undefined);
  const narrowed = { field: 'type', value: 'resolution' };
  t.equal(await getJson(app.engine, policy, 'awkward', {}, { ...everyone, narrowed }), undefined);
  for (const query of [{ q: 'immigration' }, { count: 'exact' as const }, { facets: ['type'] }])
    t.equal(await listJson(app.engine, policy, { limit: 20, ...query }, place(policy)), undefined);
});

t.test('numbers with fractions have few digits, so that both engines spell them alike', async (t) => {
  const real = kinds.flatMap(({ name, fields }) =>
    Object.keys(fields).flatMap((field) => (fields[field]?.storage === 'real' ? [`${name}.${field}`] : [])),
  );
  t.same(real, ['statement_report.similarity'], 'which is rounded to thousandths');
});
