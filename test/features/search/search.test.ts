/** Searching the seeds: what is found, in which order, and how it is shown. */
import t from 'tap';
import { checkTables } from '../../../src/exchange/check.ts';
import { parseQuery, spelt } from '../../../src/features/search/query.ts';
import { stretchesOf } from '../../../src/features/search/texts.ts';
import { readingApp, testApp } from '../../helper.ts';

interface Hit {
  readonly slug: string;
  readonly _highlights: readonly {
    field: string;
    snippet: string;
    ranges: readonly { start: number; end: number }[];
  }[];
}

/** A list, a query, and the slugs it finds, in order. */
const queries: readonly (readonly [list: string, q: string, slugs: readonly string[]])[] = [
  [
    'policies',
    'sanctuary',
    [
      'lausd-sanctuary-resolution',
      'los-angeles-sanctuary-city-ordinance',
      'federal-mass-deportation-plan',
      'lausd-emergency-resolutions',
      'los-angeles-2019-executive-order',
    ],
  ],
  [
    'policies',
    'SÁNCTUARY  ordinance',
    ['los-angeles-sanctuary-city-ordinance', 'los-angeles-2019-executive-order'],
  ],
  ['policies', 'sanctuary -ordinance -resolutions', ['federal-mass-deportation-plan']],
  ['policies', '"city sanctuary"', []],
  [
    'policies',
    '"sanctuary city ordinance"',
    ['los-angeles-sanctuary-city-ordinance', 'los-angeles-2019-executive-order'],
  ],
  [
    'policies',
    '“Sanctuary CITY”',
    ['los-angeles-sanctuary-city-ordinance', 'los-angeles-2019-executive-order'],
  ],
  [
    'policies',
    'sanctuary -"city ordinance"',
    ['lausd-sanctuary-resolution', 'federal-mass-deportation-plan', 'lausd-emergency-resolutions'],
  ],
  ['statements', '"every inch"', ['goldberg-not-running-in-fear']],
  ['statements', 'we’re runn*', ['goldberg-not-running-in-fear']],
  ['officials', 'bas*', ['karen-bass']],
  ['officials', 'b*', []],
  ['topics', 'lgbtq', ['lgbtq-rights']],
  ['policies', '!!! ---', []],
];

t.test('rows of queries find what they should, in this order, on either engine', async (t) => {
  const { call } = await readingApp(t);
  for (const [list, q, slugs] of queries) {
    const { status, body } = await call('GET', `/v1/${list}?q=${encodeURIComponent(q)}&count=exact`);
    t.equal(status, 200, q);
    t.same(
      body.data.map(({ slug }: Hit) => slug),
      slugs,
      q,
    );
    if (body.meta.search.exact) t.equal(body.meta.total, slugs.length, `${q}: total`);
  }
});

t.test('highlights point at the words, in code points', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const description = `${'🏛️ far from the beginning '.repeat(40)}the Mayor’s résumé stands`;
  await call('POST', '/v1/topics', { key: write, body: { name: 'Paperwork', description } });
  for (const q of ['resume', 'mayor', '"mayor resume"', 'res*']) {
    const { body } = await call('GET', `/v1/topics?q=${encodeURIComponent(q)}`);
    const [hit] = body.data as Hit[];
    const { terms } = parseQuery(q);
    t.ok(hit?._highlights.length, q);
    for (const { snippet, ranges } of hit?._highlights ?? []) {
      const points = [...snippet];
      for (const { start, end } of ranges) {
        const shown = points.slice(start, end).join('');
        t.same(stretchesOf(shown, terms), [{ start: 0, end: shown.length }], `${q}: ${shown}`);
      }
    }
  }
});

t.test('filters, facets, other orders and pages go with words', async (t) => {
  const { call } = await readingApp(t);
  const get = async (url: string) => (await call('GET', url)).body;
  const all = await get('/v1/policies?q=immigra*&count=exact&facets=type,jurisdiction,topic&limit=200');
  t.ok(all.data.length > 4);
  const count = (name: string) =>
    all.meta.facets[name].values as { value: string; count: number; label: string | null }[];
  for (const { value, count: number } of count('type')) {
    const narrowed = await get(`/v1/policies?q=immigra*&type=${value}&limit=200&count=exact`);
    t.equal(narrowed.data.length, number, `type ${value}`);
    t.equal(narrowed.meta.total, number);
  }
  for (const { label, count: number } of count('jurisdiction')) {
    const narrowed = await get(`/v1/policies?q=immigra*&jurisdiction=${label}&limit=200`);
    t.equal(narrowed.data.length, number, `jurisdiction ${label}`);
  }
  const dated = await get('/v1/policies?q=immigra*&adopted_since=2024-11&count=exact');
  const expected = all.data.filter(
    ({ adopted_on }: { adopted_on: string | null }) => adopted_on && adopted_on >= '2024-11',
  );
  t.same(dated.data, expected, 'a filter that the index does not know');
  t.equal(dated.meta.total, expected.length);

  const paged: Hit[] = [];
  for (let url: string | null = '/v1/policies?q=immigra*&limit=2'; url !== null; ) {
    const page = await get(url);
    paged.push(...page.data);
    url = page.links.next;
  }
  t.same(paged, all.data, 'pages go through the same hits in the same order');

  const sorted = await get('/v1/policies?q=immigra*&sort=title&limit=200');
  t.same(
    sorted.data.map(({ slug }: Hit) => slug),
    (await get('/v1/policies?sort=title&limit=200')).data
      .map(({ slug }: Hit) => slug)
      .filter((slug: string) => all.data.some((hit: Hit) => hit.slug === slug)),
    'the order of the list',
  );
  const plain = await get('/v1/policies?facets=type&count=exact');
  const sum = plain.meta.facets.type.values.reduce(
    (total: number, { count: n }: { count: number }) => total + n,
    0,
  );
  t.equal(sum, plain.meta.total, 'facets of a list without words');
});

t.test('search across kinds mixes or groups them', async (t) => {
  const { call } = await readingApp(t);
  const get = async (url: string) => (await call('GET', url)).body;
  const mixed = await get('/v1/search?q=deport*&facets=kind,jurisdiction,topic&count=exact&limit=200');
  t.equal(mixed.data.length, mixed.meta.total);
  const kinds = mixed.meta.facets.kind.values as { value: string; count: number }[];
  t.ok(kinds.length > 2);
  for (const { value, count } of kinds)
    t.equal(mixed.data.filter(({ kind }: { kind: string }) => kind === value).length, count, value);
  const grouped = await get('/v1/search?q=deport*&group=kind&limit=1');
  t.same(
    grouped.groups.map(({ kind }: { kind: string }) => kind).sort(),
    kinds.map(({ value }) => value).sort(),
  );
  for (const { kind, next, data } of grouped.groups) {
    if (next === null) continue;
    const rest = await get(next);
    t.same(rest.data[0], data[0], `${kind} goes on`);
  }
  const placed = await get(
    '/v1/search?q=sanctuary&jurisdiction=los-angeles&topic=immigration&kind=provision,policy',
  );
  t.ok(placed.data.length > 0);
});

t.test('what cannot stand is refused by name', async (t) => {
  const { call } = await readingApp(t);
  const refusals = [
    ['/v1/policies?q=', 'q'],
    [`/v1/policies?q=${'a'.repeat(501)}`, 'q'],
    ['/v1/policies?sort=relevance', 'sort'],
    ['/v1/policies?q=a&include_deleted=true', 'include_deleted'],
    ['/v1/relations?q=a', 'q'],
    ['/v1/policies?facets=title', 'facets'],
    ['/v1/search', 'q'],
    ['/v1/search?q=a&kind=stance', 'kind'],
    ['/v1/search?q=a&jurisdiction=nowhere', 'jurisdiction'],
    ['/v1/search?q=a&cursor=abc', 'cursor'],
    ['/v1/search?q=a&what=1', 'what'],
  ] as const;
  for (const [url, parameter] of refusals) {
    const { status, body } = await call('GET', url);
    t.equal(status, 400, url);
    t.match(JSON.stringify(body.errors ?? body.detail), parameter, url);
  }
});

t.test('the index follows every write, and what belongs elsewhere with it', async (t) => {
  const { call, key, db } = await testApp(t, 'seeded');
  const write = await key('write');
  const found = async (url: string) =>
    (await call('GET', url)).body.data.map(({ slug, id }: { slug?: string; id: string }) => slug ?? id);
  const body = { name: 'Zanzibar rules', description: 'quokka' };
  const { body: made } = await call('POST', '/v1/topics', { key: write, body });
  t.same(await found('/v1/topics?q=zanzibar'), ['zanzibar-rules']);
  await call('PATCH', `/v1/topics/${made.id}`, { key: write, ifMatch: '*', body: { description: 'wombat' } });
  t.same(await found('/v1/topics?q=quokka'), []);
  t.same(await found('/v1/topics?q=wombat'), ['zanzibar-rules']);
  await call('DELETE', `/v1/topics/${made.id}`, { key: write, ifMatch: '*' });
  t.same(await found('/v1/topics?q=wombat'), []);
  await call('POST', `/v1/topics/${made.id}/restore`, { key: write });
  t.same(await found('/v1/topics?q=wombat'), ['zanzibar-rules']);

  const inBoston = '/v1/search?q=city&kind=provision&jurisdiction=boston&count=exact';
  const before = (await call('GET', inBoston)).body.meta.total;
  await call('PATCH', '/v1/policies/los-angeles-sanctuary-city-ordinance', {
    key: write,
    ifMatch: '*',
    body: { jurisdiction_id: 'boston', topics: ['zanzibar-rules'] },
  });
  t.ok((await call('GET', inBoston)).body.meta.total > before, 'provisions move with their policy');
  const checked = await checkTables(db, undefined, ['search']);
  t.same(
    checked.flatMap(({ first }) => first),
    [],
  );
});

t.test(
  'writes of one turn that say different things of a record are found by what the last says',
  async (t) => {
    const { call, key, db } = await testApp(t);
    const write = await key('write');
    const named = (word: string) => ({ name: `Rules of ${word}` });
    for (const word of ['ochre', 'umber', 'sienna'])
      await call('POST', '/v1/topics', { key: write, body: { slug: word, ...named(word) } });
    const patch = (slug: string, word: string) =>
      call('PATCH', `/v1/topics/${slug}`, { key: write, ifMatch: '*', body: named(word) });
    const answers = await Promise.all([
      patch('ochre', 'azure'),
      patch('umber', 'teal'),
      call('POST', '/v1/topics', { key: write, body: { slug: 'indigo', ...named('indigo') } }),
      call('POST', '/v1/topics', { key: write, body: { slug: 'sienna', ...named('never') } }),
      patch('ochre', 'cobalt'),
      patch('umber', 'umber'),
      call('DELETE', '/v1/topics/sienna', { key: write, ifMatch: '*' }),
    ]);
    t.same(
      answers.map(({ status }) => status),
      [200, 200, 201, 409, 200, 200, 204],
    );
    const found = async (q: string) =>
      (await call('GET', `/v1/topics?q=${q}`)).body.data.map(({ slug }: { slug: string }) => slug).sort();
    t.same(await found('rules'), ['indigo', 'ochre', 'umber']);
    for (const gone of ['ochre', 'azure', 'teal', 'never', 'sienna']) t.same(await found(gone), [], gone);
    t.same(await found('cobalt'), ['ochre']);
    t.same(await found('umber'), ['umber']);
    const checked = await checkTables(db, undefined, ['search']);
    t.same(
      checked.flatMap(({ first }) => first),
      [],
    );
  },
);

t.test('a query reads as it is typed', (t) => {
  const rows = [
    ['a "b c" d* -e -"f g"', ['a', '"b c"', 'd'], ['e', '"f g"']],
    ['de* "unclosed', ['de*', 'unclosed'], []],
    ['AND OR NOT ( ) ^ : {x}', ['and', 'or', 'not', 'x'], []],
    ['Straße ŒUVRE Łódź', ['strasse', 'oeuvre', 'lodz'], []],
    ['移民', ['"移 民"'], []],
    ['it’s O’Brien', ['it', 'obrien'], []],
    ['sanctuary-city', ['sanctuary', 'city'], []],
    ['-sanctuary-city', [], ['"sanctuary city"']],
  ] as const;
  for (const [q, terms, excluded] of rows) {
    const parsed = parseQuery(q);
    t.same(parsed.terms.map(spelt), terms, q);
    t.same(parsed.excluded.map(spelt), excluded, q);
  }
  t.end();
});
