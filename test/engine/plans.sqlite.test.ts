import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import t, { type Test } from 'tap';
import type { Database, Session } from '../../src/db/database.ts';
import { getThen } from '../../src/engine/as-of.ts';
import { type ConcernQuery, concernOf, readChanges } from '../../src/engine/changes.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { ANY_KIND, filtersOf } from '../../src/engine/filters.ts';
import { history, versionOf } from '../../src/engine/history.ts';
import { type ListQuery, sortNames } from '../../src/engine/parameters.ts';
import type { Kind } from '../../src/model/declare.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { type TestApp, testApp } from '../helper.ts';
import { createAll, cursorOf, page, writes } from './crawler.ts';

interface Planned {
  readonly shape: string;
  readonly plan: readonly string[];
}

/** The same engine, noting how SQLite means to run each statement that is read with. */
function planning(t: Test, { app, url }: TestApp): { engine: Engine; planned: Planned[] } {
  const raw = new Sqlite(url.slice('sqlite:'.length), { readonly: true });
  t.teardown(() => raw.close());
  const builder = drizzle(raw);
  const planned: Planned[] = [];
  const explain = (shape: string, build: Parameters<Session['all']>[1]) => {
    const { sql, params } = (
      build(builder) as unknown as { toSQL(): { sql: string; params: unknown[] } }
    ).toSQL();
    const rows = raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params.map(() => null)) as {
      detail: string;
    }[];
    planned.push({ shape, plan: rows.map(({ detail }) => detail) });
  };
  const db: Database = {
    ...app.engine.db,
    read: (work) =>
      app.engine.db.read((session) =>
        work({
          ...session,
          all: (shape, build, values) => {
            explain(shape, build);
            return session.all(shape, build, values);
          },
        }),
      ),
  };
  return { engine: { ...app.engine, db }, planned };
}

const indexless = (plan: readonly string[], tables: ReadonlySet<string>) =>
  plan.filter((step) => {
    const [, table] = /^SCAN (\w+)(?! .*INDEX)/.exec(step) ?? [];
    return table !== undefined && tables.has(table) && !/USING (COVERING )?INDEX/.test(step);
  });

const sorted = (plan: readonly string[]) => plan.filter((step) => step.includes('TEMP B-TREE'));

/** Enough policies, and actions of them, that a wrong plan would be one. */
async function filled(t: Test): Promise<TestApp> {
  const app = await testApp(t, 'seeded');
  const { engine } = app.app;
  const base = { type: 'ordinance', jurisdiction_id: 'boston' };
  const policies = Array.from({ length: 1000 }, (_, at) => ({
    ...base,
    title: `Policy ${at % 700}`,
    slug: `policy-${at}-of-many`,
    introduced_on: `${1990 + (at % 30)}`,
  }));
  const ids = await createAll(engine, kindNamed('policy'), policies);
  const actions = ids.map((policy_id, at) => ({
    policy_id,
    description: `Step ${at}`,
    date: `${1990 + (at % 30)}`,
  }));
  await createAll(engine, kindNamed('action'), actions);
  return app;
}

/** Queries of a kind's list: from the start, on from a cursor, and on after a record has changed. */
async function plansOf(
  { engine, planned }: ReturnType<typeof planning>,
  kind: Kind,
  query: Partial<ListQuery>,
  change: () => Promise<unknown>,
): Promise<Planned[]> {
  const before = planned.length;
  const cursor = cursorOf(await page(engine, kind, { ...query, limit: 1 }));
  if (cursor) await page(engine, kind, { ...query, limit: 1, cursor });
  await change();
  if (cursor) await page(engine, kind, { ...query, limit: 1, cursor });
  return planned.slice(before);
}

t.test('a list in any order walks an index, from the start and from a cursor', async (t) => {
  const app = await filled(t);
  const at = planning(t, app);
  const tables = new Set(kinds.map(({ table }) => table));
  const topic = writes(app.app.engine, kindNamed('topic'));
  const [any] = (await page(app.app.engine, kindNamed('topic'), { limit: 1 })).data;
  let turn = 0;
  const change = () => {
    turn += 1;
    return topic.update(any?.id as string, { description: `Changed ${turn}` });
  };
  for (const kind of kinds) {
    for (const sort of sortNames(kind)) {
      const plans = await plansOf(at, kind, { sort }, change);
      const lists = plans.filter(({ shape }) => shape.startsWith('list '));
      t.ok(lists.length > 0, `${kind.path} by ${sort}`);
      t.same(
        plans.filter(({ plan }) => indexless(plan, tables).length > 0),
        [],
        'scans no table',
      );
      t.same(
        lists.filter(({ plan }) => sorted(plan).length > 0),
        [],
        'sorts nothing',
      );
      const on = lists.filter(({ shape }) => shape.endsWith(' on'));
      t.same(
        on.filter(({ plan }) => !/^SEARCH .*USING/.test(plan[0] ?? '')),
        [],
        'starts at the cursor',
      );
    }
  }
});

t.test(
  'a list with one reference filter in its default order searches one index and sorts nothing',
  async (t) => {
    const app = await filled(t);
    const at = planning(t, app);
    const tables = new Set(kinds.map(({ table }) => table));
    const change = () => Promise.resolve();
    for (const kind of kinds) {
      for (const [name, { refersTo }] of filtersOf(kind)) {
        if (!refersTo || name === 'id') continue;
        const of = kindNamed(refersTo === ANY_KIND ? 'policy' : refersTo);
        const [target] = (await page(app.app.engine, of, { limit: 1 })).data;
        if (target === undefined) continue;
        const plans = await plansOf(at, kind, { [name]: [target.id] }, change);
        t.same(
          plans.filter(({ plan }) => indexless(plan, tables).length > 0),
          [],
          `${kind.path}?${name}= scans no table`,
        );
        const field = kind.fields[`${name}_id`];
        if (field === undefined) continue;
        const lists = plans.filter(({ shape }) => shape.startsWith('list '));
        t.same(
          lists.filter(({ plan }) => sorted(plan).length > 0),
          [],
          `${kind.path}?${name}= sorts nothing`,
        );
        const searched = new RegExp(`^SEARCH ${kind.table} USING INDEX ${kind.table}_${name}_id `);
        t.same(
          lists.filter(({ plan }) => !searched.test(plan[0] ?? '')),
          [],
          `${kind.path}?${name}= searches`,
        );
      }
    }
  },
);

t.test('each include looks its records up by an index', async (t) => {
  const app = await filled(t);
  const { engine, planned } = planning(t, app);
  const tables = new Set(kinds.map(({ table }) => table));
  for (const kind of kinds) {
    for (const name of Object.keys(kind.includes)) {
      const before = planned.length;
      await page(engine, kind, { limit: 20, include: [name] });
      const plans = planned.slice(before).filter(({ shape }) => !shape.startsWith('list '));
      const scans = (plan: readonly string[]) =>
        plan.filter((step) => /^SCAN (?!parents|json_each|CONSTANT|\(subquery)/.test(step));
      t.same(
        plans.filter(({ plan }) => scans(plan).length + indexless(plan, tables).length > 0),
        [],
        `${kind.name}.${name}`,
      );
    }
  }
});

t.test('the log, histories and moments are looked up by indexes, whatever narrows them', async (t) => {
  const app = await testApp(t, 'seeded');
  const { engine, planned } = planning(t, app);
  app.clock.now = new Date('2100-01-01T00:00:00.000Z');
  const policy = kindNamed('policy');
  const name = 'los-angeles-sanctuary-city-ordinance';
  const read = (query: ConcernQuery) =>
    engine.db.read(async (session) => {
      const concern = await concernOf(engine, session, query);
      const reach = { after: 5, limit: 10, bytes: 10_000, restricted: false, content: true };
      return readChanges(engine, session, { ...reach, concern });
    });
  const place = { jurisdiction: ['los-angeles', 'boston'] };
  const kinds = { kind: ['policy', 'action'] };
  const found = [await read({}), await read(kinds), await read(place), await read({ ...kinds, ...place })];
  t.ok(found.every(({ data }) => data.length > 1));
  await history(engine, policy, name, { limit: 5, before: 9 }, { path: '/' });
  await versionOf(engine, policy, name, 1, { restricted: true });
  const include = ['actions', 'relations', 'citations'];
  await getThen(engine, policy, name, { as_of: '2090-01-01', include }, { restricted: true });
  const scans = ({ plan }: Planned) =>
    plan.filter((step) => /^SCAN (?!json_each|CONSTANT|found|known|\(subquery|range)/.test(step));
  t.same(
    planned.filter((one) => scans(one).length > 0),
    [],
  );
  t.ok(planned.length > 12);
});
