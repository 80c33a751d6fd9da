import fc from 'fast-check';
import t, { type Test } from 'tap';
import { BOUNDS, type Bounds, sampled } from '../../src/engine/bounds.ts';
import type { Content } from '../../src/engine/content.ts';
import { crawlRecords } from '../../src/engine/crawl.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type Condition, filtersOf } from '../../src/engine/filters.ts';
import { listJson } from '../../src/engine/json/list.ts';
import { crawlJson } from '../../src/engine/json/whole.ts';
import { type ListQuery, sortNames } from '../../src/engine/parameters.ts';
import { Problem } from '../../src/errors.ts';
import type { PublicRecord } from '../../src/model/declare.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { type TestApp, testApp } from '../helper.ts';
import { createAll, cursorOf, idsOf, page } from './crawler.ts';

const policy = kindNamed('policy');
const PLACE = { path: '/v1/policies', fixed: {}, restricted: false };
/** So little that a few dozen records are too many. */
const LOW: Bounds = { tried: 3, found: 5, walked: 14, atOnce: 5, counted: 10 };

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;
const YEARS = [null, '1999', '2001-02', '2001-02-03', '2010', '2020-05', '2024-11-19'];

/** Policies of every mixture, of which some were deleted, and their topics. */
async function filled(t: Test): Promise<TestApp> {
  const app = await testApp(t);
  const { engine } = app.app;
  const places = ['first', 'second', 'third'].map((slug) => ({
    slug,
    name: slug,
    classification: 'municipality',
  }));
  await createAll(engine, kindNamed('jurisdiction'), places);
  const topics = ['parks', 'water'].map((slug) => ({ slug, name: slug }));
  await createAll(engine, kindNamed('topic'), topics);
  const bodies = Array.from(
    { length: 70 },
    (_, at): Content => ({
      slug: `policy-${at}`,
      title: pick(['b', 'A', 'ä', 'c', '—'], at * 7),
      type: pick(['ordinance', 'bill'], at >> 1),
      status: pick(['passed', 'passed', 'failed', 'introduced'], at >> 2),
      status_basis: at % 17 === 5 ? 'stated' : null,
      jurisdiction_id: pick(['first', 'first', 'second', 'first', 'third'], at),
      session: at % 31 === 0 ? 'rare' : 'common',
      introduced_on: pick(YEARS, at * 5),
      final_action_on: pick(YEARS, at),
      topics: at % 3 === 0 ? ['parks'] : at % 35 === 1 ? ['parks', 'water'] : [],
    }),
  );
  for (const [at, body] of bodies.entries()) {
    app.clock.now = new Date(Date.UTC(2026, 0, 1, at >> 2));
    await createAll(engine, policy, [body]);
  }
  const key = await app.key('write');
  for (const at of [4, 9, 40]) await app.call('DELETE', `/v1/policies/policy-${at}`, { key, ifMatch: '"1"' });
  return app;
}

const some = <T>(values: readonly T[], most = 1) =>
  fc.subarray([...values], { minLength: 1, maxLength: most });

const VALUES = {
  status: some(['passed', 'failed', 'introduced'], 2),
  type: some(['ordinance', 'bill']),
  jurisdiction: some(['first', 'second', 'third'], 2),
  session: some(['rare', 'common']),
  topic: some(['parks', 'water'], 2),
  status_basis: some(['stated']),
  introduced_since: fc.constantFrom('2001-02', '2010', '2030'),
  introduced_until: fc.constantFrom('2001-02', '2010', '1900'),
  final_action_since: fc.constantFrom('2001-02-03', '2020'),
  final_action_until: fc.constantFrom('2010', '2020-05'),
  updated_since: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T15:00:00Z'),
  id: some(['policy-3', 'policy-4', 'policy-7', 'policy-33'], 4),
  include_deleted: fc.constant(true),
};

/** A few filters together. */
const aQuery: fc.Arbitrary<Record<string, unknown>> = fc
  .subarray(Object.keys(VALUES) as (keyof typeof VALUES)[], { minLength: 1, maxLength: 3 })
  .chain((names) =>
    fc.record(Object.fromEntries(names.map((name) => [name, VALUES[name] as fc.Arbitrary<unknown>]))),
  );

interface Asked {
  readonly filters: Readonly<Record<string, unknown>>;
  readonly sort: string;
  readonly limit: number;
}

const anAsked: fc.Arbitrary<Asked> = fc.record({
  filters: aQuery,
  sort: fc.constantFrom(...sortNames(policy)),
  limit: fc.integer({ min: 1, max: 6 }),
});

/** Whether a record is one that the filters ask for, told from what it shows. */
function holds(record: PublicRecord, filters: Asked['filters'], idOf: (slug: string) => string): boolean {
  return Object.entries(filters).every(([name, asked]) => {
    if (name === 'include_deleted') return true;
    const [, date, side] = /^(.*)_(since|until)$/.exec(name) ?? [];
    if (date === 'updated') return Date.parse(String(record.updated_at)) >= Date.parse(String(asked));
    if (date) {
      const value = record[`${date}_on`];
      if (value === null) return false;
      return side === 'since' ? String(value) >= String(asked) : String(value) <= `${asked}~`;
    }
    const values = (asked as string[]).map((value) =>
      /^(jurisdiction|topic|id)$/.test(name) ? idOf(value) : value,
    );
    const field = { jurisdiction: 'jurisdiction_id', topic: 'topics' }[name] ?? name;
    return [record[field]].flat().some((value) => values.includes(String(value)));
  });
}

/** The ids of all pages from the first on; undefined where that is refused. */
async function crawled(engine: Engine, query: Partial<ListQuery>): Promise<string[] | undefined> {
  const met: string[] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < 200; turn += 1) {
    const asked = { ...query, ...(cursor ? { cursor } : {}) };
    const got = await page(engine, policy, asked).catch((error: unknown) => error);
    if (got instanceof Problem && turn === 0) return undefined;
    if (got instanceof Error) throw got;
    met.push(...idsOf(got as Awaited<ReturnType<typeof page>>));
    cursor = cursorOf(got as Awaited<ReturnType<typeof page>>);
    if (cursor === undefined) return met;
  }
  throw new Error('the crawl does not end');
}

async function streamed(engine: Engine, query: ListQuery): Promise<string[]> {
  const { pages } = await crawlRecords(engine, policy, query, PLACE);
  return (await Array.fromAsync(pages)).flatMap((records) => records.map(({ id }) => id));
}

async function streamedJson(engine: Engine, query: ListQuery): Promise<string[]> {
  const begun = await crawlJson(engine, policy, query, PLACE, '\n');
  const pages = begun ? await Array.fromAsync(begun.pages) : [];
  return pages.flatMap(({ texts }) => String(texts).split('\n')).map((text) => JSON.parse(text).id);
}

/** The first page as the database makes it; undefined where that is refused, null where it is left to others. */
async function made(engine: Engine, query: ListQuery): Promise<string[] | undefined | null> {
  try {
    const got = await listJson(engine, policy, query, PLACE);
    return got ? got.data.map((text) => JSON.parse(String(text)).id) : null;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

t.test(
  'whatever filters and order, a bounded list has what it should have, or says that it will not',
  async (t) => {
    const app = await filled(t);
    const usual = app.app.engine;
    const low: Engine = { ...usual, bounds: LOW };
    const ids = new Map<string, string>();
    for (const kind of ['policy', 'jurisdiction', 'topic'])
      for (const { id, slug } of (await page(usual, kindNamed(kind), { limit: 200, include_deleted: true }))
        .data)
        ids.set(String(slug), id);
    const ordered = new Map<string, readonly PublicRecord[]>();
    for (const sort of sortNames(policy))
      ordered.set(sort, (await page(usual, policy, { sort, limit: 200, include_deleted: true })).data);
    let refused = 0;
    let answered = 0;
    const property = fc.asyncProperty(anAsked, async ({ filters, sort, limit }) => {
      const query = { ...filters, sort, limit } as ListQuery;
      const all = ordered.get(sort) as readonly PublicRecord[];
      const shown = all.filter((record) => filters.include_deleted || record.deleted_at === null);
      const right = shown
        .filter((one) => holds(one, filters, (slug) => ids.get(slug) as string))
        .map(({ id }) => id);
      const whole = await crawled(usual, query);
      if (whole?.join() !== right.join()) throw new Error('the usual list is another');
      const got = await crawled(low, query);
      if (got === undefined) {
        refused += 1;
        const early = all.slice(0, LOW.walked).filter(({ id }) => right.includes(id));
        if (early.length > limit) throw new Error('refused, though the page is full early in the order');
        for (const [name, asked] of Object.entries(filters)) {
          if (/include_deleted|basis|final/.test(name)) continue;
          const alone = all.filter((one) => holds(one, { [name]: asked }, (slug) => ids.get(slug) as string));
          if (alone.length <= LOW.found) throw new Error(`refused, though ${name} leaves few`);
        }
      } else {
        answered += 1;
        if (got.join() !== right.join()) throw new Error(`bounded ${got.length}, not ${right.length}`);
      }
      const json = await made(low, query);
      if ((json === undefined) !== (got === undefined))
        throw new Error('made by the database, it is refused or not');
      if (json && json.join() !== right.slice(0, limit).join())
        throw new Error('made by the database, it is another');
      if ((await streamed(low, query)).join() !== right.join()) throw new Error('the stream is another');
      if ((await streamedJson(low, query)).join() !== right.join())
        throw new Error('the stream of JSON is another');
    });
    const result = await fc.check(property, { numRuns: 60, endOnFailure: false });
    t.notOk(result.failed, 'each record once, in order', { report: fc.defaultReportMessage(result) });
    t.ok(refused > 5 && answered > 20, 'both happen', { refused, answered });
  },
);

t.test('a list whose filters leave too few of too many is refused, and is told what would do', async (t) => {
  const app = await filled(t);
  Object.assign(app.app.engine, { bounds: LOW });
  const refusals = {
    'status=failed&sort=title&limit=9': {
      parameters: ['status', 'sort'],
      expected:
        'sort=-date; or a filter beside these that leaves few, such as jurisdiction, organization, parent; or the whole list as a stream, with format=ndjson',
    },
    'status_basis=stated&limit=9': {
      parameters: ['status_basis', 'sort'],
      expected:
        'a filter beside these that leaves few, such as jurisdiction, organization, parent; or the whole list as a stream, with format=ndjson',
    },
    'status=failed&introduced_since=2001&sort=-title&limit=9&fields=title': {
      parameters: ['status', 'introduced_since', 'sort'],
      expected:
        'sort=-introduced_on; or a filter beside these that leaves few, such as jurisdiction, organization, parent; or the whole list as a stream, with format=ndjson',
    },
  };
  for (const [query, { parameters, expected }] of Object.entries(refusals)) {
    const { status, body } = await app.call('GET', `/v1/policies?${query}`);
    t.same([status, body.type], [400, '/problems/invalid-parameter'], query);
    t.same(
      body.errors.map(({ parameter }: { parameter: string }) => parameter),
      parameters,
    );
    t.equal(body.errors[0].expected, expected);
    t.match(
      body.detail,
      /^Too many records would have to be looked through: too few of the first 14 records/,
    );
    // What is told would do does.
    const [way] = expected.split('; ');
    if (way?.startsWith('sort=') && !query.includes('introduced'))
      t.equal((await app.call('GET', `/v1/policies?${query.replace(/sort=-?\w+/, way)}`)).status, 200, way);
    const whole = await app.call('GET', `/v1/policies?${query.replace(/&limit=9/, '')}&format=ndjson`);
    t.ok(whole.status === 200 && whole.text.split('\n').length > 4);
  }
});

t.test(
  'a page after the first ends early where too much would have to be looked through, and leads on',
  async (t) => {
    const app = await filled(t);
    Object.assign(app.app.engine, { bounds: LOW });
    const lengths: number[] = [];
    const met: string[] = [];
    let url: string | null = '/v1/policies?status=failed&sort=title&limit=2';
    for (let turn = 0; turn < 40 && url !== null; turn += 1) {
      const { status, body }: Awaited<ReturnType<TestApp['call']>> = await app.call('GET', url);
      t.equal(status, 200);
      lengths.push(body.data.length);
      met.push(...body.data.map(({ id }: { id: string }) => id));
      url = body.links.next;
    }
    t.equal(url, null);
    t.ok(
      lengths.slice(0, -1).some((length) => length < 2),
      'some pages are short',
      { lengths },
    );
    Object.assign(app.app.engine, { bounds: undefined });
    const { body } = await app.call('GET', '/v1/policies?status=failed&sort=title&limit=200');
    t.same(
      met,
      body.data.map(({ id }: { id: string }) => id),
    );
  },
);

t.test('facets and totals count what filters leave, however it is come by', async (t) => {
  const app = await filled(t);
  const { engine } = app.app;
  // With which filters no more than a few records are looked at: the index of words has the answer, or some filter leaves few.
  const filters: [filter: string, sure: boolean][] = [
    ['', true],
    ['status=passed', true],
    ['status=passed,failed&session=rare', true],
    ['status_basis=stated', true],
    ['topic=parks', true],
    ['introduced_since=2001&introduced_until=2010', false],
    ['topic=parks,water&jurisdiction=first', true],
    ['id=policy-3,policy-4,policy-7&include_deleted=true', true],
    ['include_deleted=true', false],
  ];
  for (const [filter, sure] of filters) {
    const path = `/v1/policies?${filter}&limit=200&facets=type,topic&count=exact`;
    const { body } = await app.call('GET', path);
    t.same([body.meta.total, body.meta.total_is], [body.data.length, 'exact'], filter);
    Object.assign(engine, { bounds: { ...BOUNDS, counted: 3 } });
    const { meta } = (await app.call('GET', path)).body;
    Object.assign(engine, { bounds: BOUNDS });
    if (sure) t.same(meta, body.meta, `${filter}: of any number`);
    else {
      t.same(
        [meta.total_is, meta.facets.type.exact],
        ['at_least', false],
        `${filter}: where there is too much`,
      );
      t.ok(meta.total <= body.meta.total);
    }
    const tally = (values: readonly unknown[]) =>
      Object.fromEntries([...Map.groupBy(values, String)].map(([value, all]) => [value, all.length]));
    const { type, topic } = body.meta.facets;
    const counted = (facet: typeof type) =>
      Object.fromEntries(
        facet.values.map(({ value, count }: { value: string; count: number }) => [value, count]),
      );
    t.same(counted(type), tally(body.data.map((one: PublicRecord) => one.type)), filter);
    t.same(counted(topic), tally(body.data.flatMap((one: PublicRecord) => one.topics as string[])), filter);
    t.same([type.exact, topic.exact], [true, true]);
  }
});

t.test('what is looked at for a count is bounded, and says whether it is all', async (t) => {
  const { app } = await filled(t);
  Object.assign(app.engine, { bounds: LOW });
  const filter = (name: string, value: string) =>
    filtersOf(policy).get(name)?.condition([value], 'f0', app.engine.db);
  const rows = {
    'status_basis=stated': ['first', false],
    'session=rare': ['among session=', true],
    'type=bill': ['first', false],
  };
  for (const [given, [way, whole]] of Object.entries(rows)) {
    const [name = '', value = ''] = given.split('=');
    const got = await app.engine.db.read((session) => {
      const wanted = { large: [], restricted: false, deleted: false };
      const conditions = [filter(name, value) as Condition];
      const plan = {
        engine: app.engine,
        session,
        kind: policy,
        sort: '-date',
        conditions,
        from: undefined,
        revision: 0,
        wanted,
        limit: 20,
      };
      return sampled(plan);
    });
    t.same([got.plan.way?.shape, got.whole], [way, whole], given);
  }
});
