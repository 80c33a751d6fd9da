import { DOMParser, type Element } from '@xmldom/xmldom';
import t from 'tap';
import { hasFeed } from '../../src/features/feeds/entries.ts';
import { resources } from '../../src/http/resource.ts';
import { type Answer, readingApp, type TestApp, testApp } from '../helper.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const NAMESPACE = 'http://www.w3.org/2005/Atom';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const ENTRY = /^urn:uuid:([0-9a-f-]{36})$/;

/** The root of an Atom document; whatever an XML parser has to say against it is thrown. */
function parsed({ text }: Pick<Answer, 'text'>): Element {
  const onError = (_level: string, message: string) => {
    if (!message.startsWith('Unicode replacement character')) throw new Error(message);
  };
  return new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement as Element;
}

/** The children of an element with a name. */
const children = (of: Element, name: string): Element[] =>
  Array.from(of.childNodes).filter((node): node is Element => node.nodeName === name);

const texts = (of: Element, name: string) => children(of, name).map(({ textContent }) => textContent);
const link = (of: Element, rel: string) =>
  children(of, 'link')
    .find((one) => one.getAttribute('rel') === rel)
    ?.getAttribute('href');

/** The path and query of an address of the service. */
const local = (url: string | null | undefined) => String(url).replace(/^https?:\/\/[^/]+/, '');

const withFeeds = resources.filter(({ kind }) => hasFeed(kind));

interface Item {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly date_modified: string;
}

t.test('every feed is valid Atom, and says the same as JSON Feed and as the list', async (t) => {
  const { call } = await readingApp(t);
  t.ok(withFeeds.length > 10);
  for (const { path } of withFeeds) {
    const answer = await call('GET', `/v1/feeds/${path}.atom?limit=3`);
    t.equal(answer.status, 200);
    t.equal(answer.headers['content-type'], 'application/atom+xml; charset=utf-8');
    const feed = parsed(answer);
    t.same([feed.nodeName, feed.namespaceURI], ['feed', NAMESPACE]);
    const counts = (of: Element, ...names: string[]) => names.map((name) => children(of, name).length);
    t.same(counts(feed, 'id', 'title', 'updated', 'author'), [1, 1, 1, 1], 'what a feed must have');
    t.equal(local(link(feed, 'self')), `/v1/feeds/${path}.atom?limit=3`, 'where it is');
    t.equal(local(link(feed, 'alternate')), `/v1/${path}`, 'the list');
    const entries = children(feed, 'entry');
    for (const entry of entries) {
      for (const name of ['id', 'title', 'updated', 'published']) t.equal(children(entry, name).length, 1);
      t.match(texts(entry, 'id')[0], ENTRY);
      t.match(texts(entry, 'updated')[0], INSTANT);
      t.not(texts(entry, 'title')[0], '');
    }
    const [first] = entries;
    if (first) {
      const { status, body } = await call('GET', local(link(first, 'alternate')));
      t.same([status, `urn:uuid:${body?.id}`], [200, texts(first, 'id')[0]], 'an entry leads to its record');
    }
    const { data } = (await call('GET', `/v1/${path}?limit=3&sort=-updated_at&fields=updated_at`)).body;
    t.same(
      entries.flatMap((entry) => texts(entry, 'id')),
      data.map(({ id }: { id: string }) => `urn:uuid:${id}`),
      `${path}: the records changed last`,
    );
    t.equal(texts(feed, 'updated')[0], data[0]?.updated_at ?? '1970-01-01T00:00:00.000Z');

    const json = await call('GET', `/v1/feeds/${path}.json?limit=3`);
    t.equal(json.headers['content-type'], 'application/feed+json; charset=utf-8');
    t.equal(json.body.version, 'https://jsonfeed.org/version/1.1');
    t.equal(local(json.body.feed_url), `/v1/feeds/${path}.json?limit=3`);
    t.same(
      json.body.items.map(({ id, title, date_modified }: Item) => [id, title, date_modified]),
      entries.map((entry) => ['id', 'title', 'updated'].flatMap((name) => texts(entry, name))),
      'the same in both forms',
    );
  }
});

t.test('a feed has the filters of its list, words included, and goes on to its end', async (t) => {
  const { call } = await readingApp(t);
  const ids = async (url: string) =>
    (await call('GET', url)).body.items.map(({ id }: Item) => ENTRY.exec(id)?.[1]).sort();
  const queries: [path: string, query: string][] = [
    ['policies', 'jurisdiction=los-angeles,los-angeles-unified'],
    ['policies', 'topic=immigration&status=passed'],
    ['policies', 'adopted_since=2024-11&adopted_until=2024-11'],
    ['statements', 'agreement=conflicting,variant'],
    ['statements', 'official=tom-homan&q=deport*'],
    ['policies', 'q="sanctuary city" ordin*'],
    ['ordinances', 'jurisdiction=los-angeles'],
    ['resolutions', ''],
    ['statements', 'q=zzzz'],
  ];
  for (const [path, query] of queries) {
    const { data } = (await call('GET', `/v1/${path}?limit=200&fields=id&${query}`)).body;
    const wanted = data.map(({ id }: { id: string }) => id).sort();
    t.same(await ids(`/v1/feeds/${path}.json?limit=200&${query}`), wanted, `${path}?${query}`);
  }
  const met: string[] = [];
  for (let url = '/v1/feeds/statements.atom?limit=2&official=tom-homan'; url !== ''; ) {
    const feed = parsed(await call('GET', url));
    met.push(...(children(feed, 'entry').flatMap((entry) => texts(entry, 'id')) as string[]));
    url = link(feed, 'next') ? local(link(feed, 'next')) : '';
  }
  const { data } = (await call('GET', '/v1/statements?limit=200&fields=id&official=tom-homan')).body;
  t.ok(data.length > 3);
  t.same(met.sort(), data.map(({ id }: { id: string }) => `urn:uuid:${id}`).sort(), 'page by page');
});

t.test('a reader that has the feed is told so, until something changes', async (t) => {
  const { call, make, patch, clock } = await writer(t);
  // After the seeds were loaded.
  clock.now = new Date('2030-01-31T12:00:00.000Z');
  const url = '/v1/feeds/topics.atom';
  const having = (etag: unknown) => ({ headers: { 'if-none-match': String(etag) } });
  const before = await call('GET', url);
  t.equal((await call('GET', url, having(before.headers.etag))).status, 304);
  t.equal((await call('GET', url.replace('atom', 'json'), having(before.headers.etag))).status, 200);
  const topic = await make('topics', { name: 'Fish & <Chips>\u0001', description: 'A & B' });
  const after = await call('GET', url, having(before.headers.etag));
  t.equal(after.status, 200);
  const [entry] = children(parsed(after), 'entry');
  t.same(texts(entry as Element, 'title'), ['Fish & <Chips>\ufffd'], 'what XML cannot hold is marked');
  t.same(texts(entry as Element, 'summary'), ['A & B']);

  const [id] = texts(entry as Element, 'id');
  await patch(`/v1/topics/${topic.id}`, { slug: 'supper', name: 'Supper' });
  const [renamed] = children(parsed(await call('GET', url)), 'entry');
  t.same(texts(renamed as Element, 'title'), ['Supper']);
  t.same(texts(renamed as Element, 'id'), [id], 'an entry keeps its id');
});

t.test('statements are told by who said what', async (t) => {
  const { call, make, clock } = await writer(t);
  clock.now = new Date('2030-01-31T12:00:00.000Z');
  const said = { kind: 'remark', said_on: '2024-11' };
  const long = 'word '.repeat(100);
  await make('statements', { ...said, speaker_name: 'A neighbour', summary: 'She is\nfor it.' });
  await make('statements', { ...said, organization_id: 'los-angeles-city-council', text: long });
  await make('statements', { ...said, official_id: 'karen-bass', text: 'Yes.', summary: 'She agrees.' });
  const { items } = (await call('GET', '/v1/feeds/statements.json?limit=3')).body;
  const told = new Map<string, { content_text: string }>(
    items.map((item: Item) => [item.title, item as never]),
  );
  t.equal(told.get('Karen Bass: “Yes.”')?.content_text, '“Yes.”\n\nShe agrees.');
  t.equal(told.get('A neighbour: She is for it.')?.content_text, 'She is\nfor it.');
  const [cut = ''] = [...told.keys()].filter((title) => title.startsWith('Los Angeles City Council: “word'));
  t.ok(cut.length <= 200 && cut.endsWith('word…'), 'a long title is cut at a word');
});

t.test('addresses begin with PUBLIC_URL where there is one, and ids do not', async (t) => {
  const read = async ({ call }: TestApp, host: string) =>
    parsed(await call('GET', '/v1/feeds/topics.atom', { headers: { host } }));
  const known = await read(
    await testApp(t, 'seeded', { PUBLIC_URL: 'https://tracker.example/api' }),
    'a.example',
  );
  const asked = await read(await readingApp(t), 'b.example:8080');
  const addresses = (feed: Element) =>
    [feed, ...children(feed, 'entry')].map((one) => link(one, 'alternate'));
  t.equal(link(known, 'self'), 'https://tracker.example/api/v1/feeds/topics.atom');
  t.ok(addresses(known).every((url) => url?.startsWith('https://tracker.example/api/v1/topics')));
  t.equal(link(asked, 'self'), 'http://b.example:8080/v1/feeds/topics.atom');
  t.ok(addresses(asked).every((url) => url?.startsWith('http://b.example:8080/v1/topics')));
  const ids = (feed: Element) => [feed, ...children(feed, 'entry')].flatMap((one) => texts(one, 'id'));
  t.same(ids(known), ids(asked));
});

t.test('what cannot be asked of a feed is refused as on its list', async (t) => {
  const { call } = await readingApp(t);
  const rows: [name: string, query: string, parameter: string, says: RegExp][] = [
    ['another form', 'policies.rss', 'form', /one of atom, json/],
    [
      'a place misspelt',
      'policies.atom?jurisdiction=los-angles',
      'jurisdiction',
      /did you mean 'los-angeles'/,
    ],
    ['a word misspelt', 'policies.json?status=pased', 'status', /did you mean 'passed'/],
    ['a parameter misspelt', 'policies.atom?statuss=passed', 'statuss', /did you mean 'status'/],
    ['a limit too large', 'policies.atom?limit=201', 'limit', /from 1 to 200/],
    ['a cursor of nothing', 'policies.atom?cursor=x', 'cursor', /not a cursor/],
    ['fields', 'policies.atom?fields=title', 'fields', /unknown parameter/],
    ['an include', 'policies.json?include=actions', 'include', /unknown parameter/],
    ['deleted records', 'policies.json?include_deleted=true', 'include_deleted', /unknown parameter/],
    ['an order of hits without words', 'policies.atom?sort=relevance', 'sort', /order of hits/],
    ['the type of a view', 'ordinances.atom?type=bill', 'type', /unknown parameter/],
  ];
  await refuses(
    t,
    call,
    rows.map(([name, query, parameter, says]) => ({
      name,
      request: `GET /v1/feeds/${query}`,
      problem: 'invalid-parameter',
      at: { parameter },
      says,
    })),
  );
  const accept = { accept: 'text/html' };
  await refuses(t, call, [
    {
      name: 'a form that is none',
      request: 'GET /v1/feeds/policies.atom',
      headers: accept,
      problem: 'not-acceptable',
      at: { header: 'Accept' },
      says: /atom\+xml or application\/feed\+json/,
    },
    { name: 'a kind without names', request: 'GET /v1/feeds/actions.atom', problem: 'not-found' },
  ]);
});

t.test('a feed takes as many statements however many entries it has', async (t) => {
  const { call, db } = await readingApp(t);
  const cost = async (limit: number) => {
    const before = db.statements();
    t.equal((await call('GET', `/v1/feeds/policies.atom?limit=${limit}`)).status, 200);
    return db.statements() - before;
  };
  t.equal(await cost(1), await cost(20));
});
