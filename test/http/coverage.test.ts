import t from 'tap';
import { openCoverage } from '../../src/features/coverage.ts';
import { type Counted, countAll } from '../../src/features/coverage-count.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { createAll, writes } from '../engine/crawler.ts';
import { type Answer, freshApp, readingApp, type TestApp } from '../helper.ts';

interface Tally {
  readonly kind: string;
  readonly count: number;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly last_changed_at: string | null;
}

function maker({ app }: TestApp) {
  return async (kind: string, body: Record<string, unknown>) =>
    (await createAll(app.engine, kindNamed(kind), [body]))[0] as string;
}

/** Counts by `place kind`, of those that are not 0. */
function countsOf({ body }: Answer): Record<string, number> {
  const rows = [...body.data, { jurisdiction: { slug: 'shared' }, kinds: body.shared }];
  return Object.fromEntries(
    rows.flatMap(({ jurisdiction, kinds }) =>
      kinds.flatMap(({ kind, count }: Tally) => (count > 0 ? [[`${jurisdiction.slug} ${kind}`, count]] : [])),
    ),
  );
}

const tallyOf = ({ body }: Answer, kind: string, at = 0): Tally =>
  body.data[at].kinds.find((one: Tally) => one.kind === kind);

/** Enough time for everything to be counted anew. */
const wait = ({ clock }: TestApp) => {
  clock.now = new Date(clock.now.getTime() + 60_000);
};

t.test('every place has a count of every kind, 0 included', async (t) => {
  const { call } = await readingApp(t);
  const { status, body } = await call('GET', '/v1/coverage?jurisdiction=los-angeles,massachusetts');
  t.equal(status, 200);
  t.same(
    body.data.map(({ jurisdiction }: { jurisdiction: { slug: string } }) => jurisdiction.slug),
    ['los-angeles', 'massachusetts'],
  );
  const [la, massachusetts] = body.data.map(
    ({ kinds }: { kinds: Tally[] }) => new Map(kinds.map((one) => [one.kind, one])),
  );
  t.same([...la.keys()], [...massachusetts.keys()]);
  t.match(la.get('policy'), { count: 2, oldest: '2019', newest: '2024-11' });
  t.match(la.get('ordinance'), { count: 1, oldest: '2024-11', newest: '2024-11' });
  t.match(la.get('vote'), { kind: 'vote', count: 0, oldest: null, newest: null, last_changed_at: null });
  t.equal(massachusetts.get('jurisdiction').count, 1);
  t.equal(massachusetts.get('policy').count, 0);
  t.match(body.meta, {
    limit: 20,
    revision: Number,
    counted_at: '2026-01-31T12:00:00.000Z',
    rule: /0 means/,
  });
});

t.test('the counts are those of the lists, however they are narrowed', async (t) => {
  const { call } = await readingApp(t);
  const { body } = await call('GET', '/v1/coverage?limit=200');
  const paths = {
    policy: 'policies',
    organization: 'organizations',
    ordinance: 'ordinances',
    resolution: 'resolutions',
  };
  for (const [kind, path] of Object.entries(paths)) {
    for (const { jurisdiction, kinds } of body.data) {
      const listed = await call('GET', `/v1/${path}?jurisdiction=${jurisdiction.slug}&limit=1&count=exact`);
      const { count } = kinds.find((one: Tally) => one.kind === kind);
      t.equal(count, listed.body.meta.total, `${path} of ${jurisdiction.slug}`);
    }
  }
  const total = async (path: string) =>
    (await call('GET', `/v1/${path}?limit=1&count=exact`)).body.meta.total;
  const shared = new Map<string, Tally>(body.shared.map((one: Tally) => [one.kind, one]));
  for (const [kind, path] of [
    ['topic', 'topics'],
    ['source', 'sources'],
    ['measure', 'measures'],
  ] as const)
    t.equal(shared.get(kind)?.count, await total(path), `${path} belong to no place`);
});

t.test('records count where they belong, and where their speakers and holders of offices do', async (t) => {
  const app = await freshApp(t);
  const make = maker(app);
  const places = [];
  for (const name of ['Here', 'There']) {
    const classification = 'municipality';
    const jurisdiction_id = await make('jurisdiction', { name, classification });
    const organization_id = await make('organization', {
      name,
      jurisdiction_id,
      classification: 'legislature',
    });
    places.push({ jurisdiction_id, organization_id });
  }
  const [here, there] = places as [(typeof places)[0], (typeof places)[0]];
  const official_id = await make('official', { name: 'Ana Ruiz' });
  for (const { organization_id } of places)
    await make('membership', { official_id, organization_id, role: 'Member', start_date: '2024' });
  const policy_id = await make('policy', {
    type: 'ordinance',
    title: 'A',
    jurisdiction_id: here.jurisdiction_id,
  });
  await make('action', { policy_id, description: 'A step', date: '2023-05' });
  await make('action', { policy_id, description: 'A step', date: '2031' });
  await make('vote_event', {
    policy_id,
    date: '2023-05-02',
    votes: [
      { name: 'Ruiz', option: 'yes' },
      { name: 'Other', option: 'no' },
    ],
  });
  const statement_id = await make('statement', { official_id, summary: 'Yes', said_on: '2023-05-02' });
  await make('stance', { statement_id, policy_id });
  await make('statement', { official_id, organization_id: there.organization_id, summary: 'No' });
  await make('statement', { speaker_name: 'Nobody', summary: 'Maybe' });
  const publisher_id = await make('publisher', { name: 'Paper' });
  const source_id = await make('source', { publisher_id, title: 'Story', kind: 'news_article' });
  await make('citation', {
    record_type: 'policy',
    record_id: policy_id,
    source_id,
    field: '/type',
    value: 'bill',
  });
  const answer = await app.call('GET', '/v1/coverage');
  t.same(countsOf(answer), {
    'here jurisdiction': 1,
    'here organization': 1,
    'here official': 1,
    'here membership': 1,
    'here policy': 1,
    'here ordinance': 1,
    'here action': 2,
    'here vote_event': 1,
    'here vote': 2,
    'here statement': 1,
    'here stance': 1,
    'here citation': 1,
    'here conflict': 1,
    'there jurisdiction': 1,
    'there organization': 1,
    'there official': 1,
    'there membership': 1,
    'there statement': 2,
    'there stance': 1,
    'shared publisher': 1,
    'shared source': 1,
    'shared statement': 1,
  });
  t.match(tallyOf(answer, 'action'), { oldest: '2023-05', newest: '2023-05' }, 'dates to come are left out');
  t.match(tallyOf(answer, 'vote'), { oldest: '2023-05-02', last_changed_at: '2026-01-31T12:00:00.000Z' });
  await writes(app.app.engine, kindNamed('action')).remove(
    (await app.call('GET', '/v1/actions?limit=1')).body.data[0].id,
  );
  wait(app);
  t.equal(
    tallyOf(await app.call('GET', '/v1/coverage'), 'action').count,
    1,
    'what is deleted does not count',
  );
});

t.test('pages of places, and only the kinds asked for', async (t) => {
  const { call } = await readingApp(t);
  const first = await call('GET', '/v1/coverage?limit=5&kind=vote,policy');
  t.same(
    first.body.data[0].kinds.map(({ kind }: Tally) => kind),
    ['policy', 'vote'],
  );
  t.equal(first.headers.link, `<${first.body.links.next}>; rel="next"`);
  const second = await call('GET', first.body.links.next);
  const slugs = [first, second].flatMap(({ body }) =>
    body.data.map((one: { jurisdiction: { slug: string } }) => one.jurisdiction.slug),
  );
  t.same(slugs, [...slugs].sort());
  t.equal(new Set(slugs).size, 9);
  t.equal(second.body.links.next, null);
  const rows: [query: string, parameter: string, message: RegExp][] = [
    ['jurisdiction=bostn', 'jurisdiction', /did you mean 'boston'/],
    ['kind=ordinanc', 'kind', /did you mean 'ordinance'/],
    ['kinds=vote', 'kinds', /did you mean 'kind'/],
    ['limit=201', 'limit', /./],
    ['cursor=x', 'cursor', /not a cursor/],
  ];
  for (const [query, parameter, message] of rows) {
    const { status, body } = await call('GET', `/v1/coverage?${query}`);
    t.equal(status, 400, query);
    t.match(body.errors, [{ parameter, message }], query);
  }
});

t.test('everything is counted once for all who ask, and not again at every write', async (t) => {
  const app = await freshApp(t, 'seeded');
  const make = maker(app);
  const ask = () => app.call('GET', '/v1/coverage?jurisdiction=boston&kind=policy');
  const counted = async (work: () => Promise<unknown>) => {
    const before = app.db.statements();
    await work();
    return app.db.statements() - before;
  };
  const alone = await counted(ask);
  wait(app);
  await make('policy', { type: 'pledge', title: 'One', jurisdiction_id: 'boston' });
  const together = await counted(() => Promise.all(Array.from({ length: 10 }, ask)));
  t.ok(together < alone + 10 * 5, `ten at once share one count: ${together} statements, ${alone} for one`);
  const first = await ask();
  t.equal(tallyOf(first, 'policy').count, 2);
  await make('policy', { type: 'pledge', title: 'Two', jurisdiction_id: 'boston' });
  const soon = await ask();
  t.equal(tallyOf(soon, 'policy').count, 2, 'a write just now is not counted yet');
  t.equal(soon.body.meta.revision, first.body.meta.revision, 'and the revision says so');
  wait(app);
  const later = await ask();
  t.equal(tallyOf(later, 'policy').count, 3);
  wait(app);
  t.ok((await counted(ask)) < 6, 'while nothing is written nothing is counted');
  const headers = { 'if-none-match': String(later.headers.etag) };
  const again = '/v1/coverage?jurisdiction=boston&kind=policy';
  t.equal((await app.call('GET', again, { headers })).status, 304);
  await make('policy', { type: 'pledge', title: 'Three', jurisdiction_id: 'boston' });
  wait(app);
  t.equal((await app.call('GET', again, { headers })).status, 200);
});

t.test('counting page by page gives the same as counting at once', async (t) => {
  const { app } = await readingApp(t);
  const { signal } = new AbortController();
  const sorted = ({ tallies }: Awaited<ReturnType<typeof countAll>>) =>
    [...tallies].map(([place, kinds]) => [place, [...kinds].sort()]).sort();
  const atOnce = sorted(await countAll(app.engine, signal));
  t.same(sorted(await countAll(app.engine, signal, 20)), atOnce);
  t.rejects(countAll(app.engine, AbortSignal.abort()), 'it stops when told to');
});

t.test('a count that fails is told to who waits for the first, and to the log afterwards', async (t) => {
  const { app, clock } = await freshApp(t, 'seeded');
  let broken = true;
  const read: typeof app.engine.db.read = (work) =>
    broken ? Promise.reject(new Error('no database')) : app.engine.db.read(work);
  const failures: unknown[] = [];
  const engine = { ...app.engine, db: { ...app.engine.db, read } };
  const coverage = openCoverage(
    engine,
    () => clock.now.getTime(),
    (error) => failures.push(error),
  );
  await t.rejects(coverage.counted(), { message: 'no database' });
  broken = false;
  const first = await coverage.counted();
  broken = true;
  clock.now = new Date('2026-02-01T12:00:00.000Z');
  t.equal(await coverage.counted(), first, 'what was counted before still serves');
  t.match(failures, [{ message: 'no database' }]);
  await coverage.close();
});

t.test(
  'nobody waits long: the first count is promised for later, a renewed one for the next to ask',
  async (t) => {
    const { app, clock } = await freshApp(t, 'seeded');
    const { promise, resolve } = Promise.withResolvers<void>();
    let free = promise;
    const read: typeof app.engine.db.read = (work) => free.then(() => app.engine.db.read(work));
    const engine = { ...app.engine, db: { ...app.engine.db, read } };
    const elapsed = () => clock.now.getTime();
    const failures: unknown[] = [];
    const coverage = openCoverage(engine, elapsed, (error) => failures.push(error), {
      first: 10,
      renewal: 10,
    });
    const asked = await coverage.counted().catch((error: unknown) => error);
    t.match(asked, { problem: 'unavailable', headers: { 'retry-after': '5' } });
    resolve();
    const until = async (right: (counted: Counted) => boolean): Promise<Counted> => {
      for (let tries = 0; tries < 500; tries += 1) {
        const counted = await coverage.counted().catch(() => undefined);
        if (counted && right(counted)) return counted;
      }
      throw new Error('it was never counted');
    };
    const first = await until(() => true);
    t.ok(first.tallies.size > 0);
    const later = Promise.withResolvers<void>();
    free = later.promise;
    clock.now = new Date('2026-02-01T12:00:00.000Z');
    t.equal(await coverage.counted(), first, 'the old one serves meanwhile');
    later.resolve();
    const renewed = await until((counted) => counted !== first);
    t.equal(renewed.counted_at, '2026-02-01T12:00:00.000Z');
    await coverage.close();
    t.same(failures, []);
  },
);
