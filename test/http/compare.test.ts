import t from 'tap';
import { kindNamed } from '../../src/model/kinds.ts';
import { createAll, writes } from '../engine/crawler.ts';
import { type Answer, readingApp, type TestApp, testApp } from '../helper.ts';

const LA = 'los-angeles-sanctuary-city-ordinance';
const BOSTON = 'boston-noncooperation-pledge';
const ORDER = 'los-angeles-2019-executive-order';
const RESOURCES = 'no-local-resources-for-immigration-enforcement';

interface Cell {
  readonly state: string;
  readonly provisions: readonly { readonly effect: string; readonly citations: { data: object[] } }[] | null;
}

interface Column {
  readonly policy: { readonly slug: string } | null;
  readonly jurisdiction: { readonly slug: string };
  readonly collected: boolean;
}

/** Rows as `measure: state effect, state effect …`. */
const table = ({ body }: Answer): string[] =>
  body.data.map(({ measure, cells }: { measure: { slug: string }; cells: Cell[] }) => {
    const told = cells.map(({ state, provisions }) =>
      [state, ...(provisions ?? []).map(({ effect }) => effect)].join(' '),
    );
    return `${measure.slug}: ${told.join(', ')}`;
  });

const columnsOf = ({ body }: Answer): string[] =>
  body.columns.map(({ policy, jurisdiction }: Column) => policy?.slug ?? `(${jurisdiction.slug})`);

function maker({ app }: TestApp) {
  return async (kind: string, body: Record<string, unknown>) =>
    (await createAll(app.engine, kindNamed(kind), [body]))[0] as string;
}

t.test(
  'policies stand side by side, in the order they were asked for, and measures below one another',
  async (t) => {
    const { call } = await readingApp(t);
    const answer = await call('GET', `/v1/compare?policies=${BOSTON},${LA},${ORDER}`);
    t.equal(answer.status, 200);
    t.same(columnsOf(answer), [BOSTON, LA, ORDER]);
    t.same(table(answer), [
      `${RESOURCES}: has declares, has prohibits, not_collected`,
      'sanctuary-declaration: does_not_have, has declares, not_collected',
      'limits-on-data-sharing: does_not_have, has limits, not_collected',
      'no-access-to-city-facilities: does_not_have, has prohibits, not_collected',
      'no-cooperation-with-immigration-agents: does_not_have, has prohibits, not_collected',
    ]);
    const { cells } = answer.body.data[0];
    t.match(cells[1].provisions[0], {
      heading: 'City resources',
      text: /Local resources/,
      citations: { data: [{ citation_id: /-/, source: { slug: /^los-angeles-sanctuary/ } }] },
    });
    t.equal(cells[2].provisions, null, 'what is missing is null');
    t.match(answer.body.columns[2], {
      collected: false,
      provision_count: 0,
      jurisdiction: { slug: 'los-angeles' },
    });
  },
);

t.test('a package has what its parts have', async (t) => {
  const { call } = await readingApp(t);
  const answer = await call('GET', '/v1/compare?policies=lausd-emergency-resolutions,lausd-teacher-training');
  t.match(answer.body.columns[0], { collected: true, provision_count: 6 });
  const training = answer.body.data[0];
  t.equal(training.measure.slug, 'staff-training-on-immigration-authorities', 'what most have comes first');
  const [whole, part] = training.cells.map(({ provisions }: Cell) => provisions);
  t.same(whole, part);
  t.equal(whole[0].policy_id, answer.body.columns[1].policy.id, 'and says which part has it');
});

t.test('provisions that nobody has filed tell nothing', async (t) => {
  const app = await testApp(t, 'seeded');
  const make = maker(app);
  const policy_id = await make('policy', { type: 'pledge', title: 'Quiet', jurisdiction_id: 'boston' });
  const ask = async () => {
    const answer = await app.call('GET', `/v1/compare?policies=quiet&measures=${RESOURCES},mass-deportation`);
    const { provision_count, measured_count } = answer.body.columns[0];
    return [...table(answer), `${provision_count} ${measured_count}`];
  };
  await make('provision', { policy_id, text: 'Something.' });
  t.same(await ask(), [`${RESOURCES}: not_collected`, 'mass-deportation: not_collected', '1 0']);
  const filed = { policy_id, text: 'Local money stays.', measure_id: RESOURCES };
  const first = await make('provision', { ...filed, effect: 'limits' });
  await make('provision', { ...filed, effect: 'prohibits' });
  t.same(await ask(), [`${RESOURCES}: has limits prohibits`, 'mass-deportation: does_not_have', '3 2']);
  await writes(app.app.engine, kindNamed('provision')).remove(first);
  t.same(await ask(), [`${RESOURCES}: has prohibits`, 'mass-deportation: does_not_have', '2 1']);
});

t.test('places are compared by their policies on a topic and the topics below it', async (t) => {
  const app = await testApp(t, 'seeded');
  await maker(app)('policy', {
    type: 'pledge',
    title: 'Only below',
    jurisdiction_id: 'boston',
    topics: ['sanctuary-policy'],
    introduced_on: '2024',
  });
  const answer = await app.call(
    'GET',
    '/v1/compare?topic=immigration&jurisdictions=massachusetts,boston,los-angeles',
  );
  t.same(
    columnsOf(answer),
    ['(massachusetts)', 'only-below', BOSTON, ORDER, LA].sort(byAsked(columnsOf(answer))),
  );
  t.equal(answer.body.columns[0].policy, null, 'a place without any has a column of its own');
  t.same(columnsOf(answer).slice(0, 3), ['(massachusetts)', 'only-below', BOSTON]);
  t.match(table(answer)[0], /^no-local-resources.*: not_collected, not_collected, has declares, /);
  t.same(
    answer.body.meta.topics.map(({ slug }: { slug: string }) => slug),
    ['immigration', 'sanctuary-policy'],
  );
});

const byAsked = (order: readonly string[]) => (a: string, b: string) => order.indexOf(a) - order.indexOf(b);

t.test('merged policies stand for what they were merged into, and nothing stands twice', async (t) => {
  const app = await testApp(t, 'seeded');
  const key = await app.key('write');
  const id = await maker(app)('policy', { type: 'pledge', title: 'Twin', jurisdiction_id: 'boston' });
  await app.call('POST', `/v1/policies/${id}/merge`, { key, body: { into: BOSTON }, ifMatch: '*' });
  t.same(columnsOf(await app.call('GET', `/v1/compare?policies=twin,${BOSTON},${LA}`)), [BOSTON, LA]);
});

t.test('a question that is not clear is refused, and says what would be', async (t) => {
  const app = await testApp(t, 'seeded');
  const gone = await maker(app)('policy', { type: 'pledge', title: 'Gone', jurisdiction_id: 'boston' });
  await writes(app.app.engine, kindNamed('policy')).remove(gone);
  const many = Array.from({ length: 21 }, (_, at) => `p${at}`).join(',');
  const rows: [query: string, parameter: string, message: RegExp][] = [
    ['', 'policies', /missing/],
    ['topic=immigration', 'jurisdictions', /missing/],
    ['jurisdictions=boston', 'topic', /missing/],
    [`policies=${LA}&topic=immigration`, 'topic', /does not go/],
    [`policies=${LA}&jurisdictions=boston`, 'jurisdictions', /does not go/],
    ['policies=boston-noncooperation-pledg', 'policies', /did you mean 'boston-noncooperation-pledge'/],
    ['policies=gone', 'policies', /was deleted/],
    [`policies=${many}`, 'policies', /./],
    [`policies=${LA}&measures=nothing`, 'measures', /no measure/],
    ['topic=immigraton&jurisdictions=boston', 'topic', /did you mean 'immigration'/],
    ['topic=immigration&jurisdictions=bostn', 'jurisdictions', /did you mean 'boston'/],
    [`policies=${LA}&format=xml`, 'format', /./],
    [`policie=${LA}`, 'policie', /did you mean 'policies'/],
  ];
  for (const [query, parameter, message] of rows) {
    const { status, body } = await app.call('GET', `/v1/compare?${query}`);
    t.equal(status, 400, query);
    t.match(body.errors, [{ parameter, message }], query);
  }
});

t.test('more than twenty columns are refused with a way out', async (t) => {
  const app = await testApp(t, 'seeded');
  const base = { type: 'pledge', jurisdiction_id: 'boston', topics: ['education'] };
  const bodies = Array.from({ length: 20 }, (_, at) => ({ ...base, title: `Pledge ${at}` }));
  await createAll(app.app.engine, kindNamed('policy'), bodies);
  t.equal(
    (await app.call('GET', '/v1/compare?topic=education&jurisdictions=boston')).body.columns.length,
    20,
  );
  const { status, body } = await app.call(
    'GET',
    '/v1/compare?topic=education&jurisdictions=boston,massachusetts',
  );
  t.equal(status, 400);
  t.match(body.errors, [{ parameter: 'jurisdictions', message: /more than 20/, expected: /narrower topic/ }]);
});

t.test('it costs the same number of statements however much there is to compare', async (t) => {
  const app = await readingApp(t);
  const counted = async (policies: string) => {
    const before = app.db.statements();
    await app.call('GET', `/v1/compare?policies=${policies}`);
    return app.db.statements() - before;
  };
  const few = await counted(BOSTON);
  t.equal(await counted(`${BOSTON},${LA},lausd-emergency-resolutions,federal-mass-deportation-plan`), few);
  t.ok(few <= 15, `${few} statements`);
});

t.test('the same comes as CSV, by format or by Accept', async (t) => {
  const app = await testApp(t, 'seeded');
  const policy_id = await maker(app)('policy', { type: 'pledge', title: 'Odd', jurisdiction_id: 'boston' });
  for (const text of ['=1+1, "quoted"', '-two\nlines', 'plain'])
    await maker(app)('provision', { policy_id, text, measure_id: RESOURCES });
  const url = `/v1/compare?policies=odd,${BOSTON},${ORDER}&measures=${RESOURCES},mass-deportation`;
  const json = await app.call('GET', url);
  const csv = await app.call('GET', `${url}&format=csv`);
  t.equal(csv.headers['content-type'], 'text/csv; charset=utf-8; header=present');
  t.match(csv.headers['content-disposition'], /comparison\.csv/);
  const parts = ['state', 'effect', 'number', 'heading', 'text', 'sources'];
  const headings = ['odd', BOSTON, ORDER].flatMap((slug) => parts.map((part) => `${slug} ${part}`));
  const sources = 'los-angeles-sanctuary-first-story los-angeles-sanctuary-second-story';
  const name = 'No local resources for immigration enforcement';
  const pledge = 'No local resources are to go into helping federal immigration enforcement.';
  t.equal(
    csv.text,
    [
      `measure,measure_name,${headings.join(',')}`,
      `${RESOURCES},${name},has,,,,"'=1+1, ""quoted""",,has,declares,,,${pledge},${sources},not_collected,,,,,`,
      `${RESOURCES},${name},has,,,,"'-two\nlines",,,,,,,,,,,,,`,
      `${RESOURCES},${name},has,,,,plain,,,,,,,,,,,,,`,
      'mass-deportation,Mass deportation,does_not_have,,,,,,does_not_have,,,,,,not_collected,,,,,',
      '',
    ].join('\r\n'),
    'a measure had thrice takes three lines, and no text is a formula',
  );
  t.equal(
    json.body.data[0].cells[0].provisions[0].text,
    '=1+1, "quoted"',
    'the JSON has it as it was written',
  );
  const asked: [accept: string, format: string, type: string][] = [
    ['text/csv', '', 'text/csv'],
    ['text/csv;q=0.5, application/json;q=0.4', '', 'text/csv'],
    ['*/*', '', 'application/json'],
    ['text/csv', '&format=json', 'application/json'],
    ['application/json', '&format=csv', 'text/csv'],
  ];
  for (const [accept, format, type] of asked) {
    const { headers } = await app.call('GET', `${url}${format}`, { headers: { accept } });
    t.match(headers['content-type'], type, `${accept} ${format}`);
    t.match(headers.vary, 'Accept');
  }
  t.equal((await app.call('GET', url, { headers: { accept: 'text/html' } })).status, 406);
  t.equal((await app.call('GET', json.body.links.csv)).text, csv.text);
  t.not(csv.headers.etag, json.headers.etag, 'the two forms have an ETag each');
  const headers = { 'if-none-match': String(csv.headers.etag) };
  t.equal((await app.call('GET', `${url}&format=csv`, { headers })).status, 304);
  t.equal((await app.call('GET', url, { headers })).status, 200);
});
