import t from 'tap';
import { freshApp } from '../helper.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const SOURCE = 'los-angeles-sanctuary-second-story';
const URL = `/v1/sources/${SOURCE}/suggestions`;

/** A story of our own, with what it takes to have a suggestion of every sort. */
const STORY = `LOS ANGELES — Mayor Karen Bass will “never, ever close the doors of this city,” she told CBS News on Nov. 14.
“We’re going to do the work with you or without you,” Tom Homan had said a day earlier.
Council member Nithya Ramen, quoted by the Millbrook Water Authority, called Ordinance No. 188441 “cruel.”
“I sign nothing on a Friday,” said Supervisor Ada Quill, whose board takes up SB 54 in December 2024.
The plan “speaks for 😀 the whole of the valley,” the Millbrook Water Authority said.`;

/** What an editor fills in, where a body leaves it open. */
const FILLED: Readonly<Record<string, unknown>> = {
  '/record_type': 'policy',
  '/record_id': 'los-angeles-sanctuary-city-ordinance',
  '/field': '',
  '/title': 'An ordinance',
  '/jurisdiction_id': 'los-angeles',
  '/speaker_name': 'A resolution',
  '/value': '2024-11',
};

interface Ready {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly fill: readonly string[];
}

function filled({ body, fill }: Ready, more: object = {}): object {
  const missing = fill.flatMap((pointer) => (pointer in FILLED ? [[pointer.slice(1), FILLED[pointer]]] : []));
  return { ...body, ...Object.fromEntries(missing), ...more };
}

t.test('the example of the description is what the seeded tracker answers', async (t) => {
  const { app, call, write } = await writer(t);
  const described = JSON.parse((await app.inject('/openapi.json')).body).paths['/v1/sources/{id}/suggestions']
    .post;
  const body = described.requestBody.content['application/json'].example;
  const answer = await call('POST', URL, { key: write, body });
  t.equal(answer.status, 200);
  t.strictSame(answer.body, described.responses[200].content['application/json'].example);
  t.equal(described.requestBody.required, false, 'the body may be left out');
});

t.test('every body that is suggested is taken by the POST it is for', async (t) => {
  const { call, write } = await writer(t);
  const { body: found } = await call('POST', URL, { key: write, body: { text: STORY } });
  const post = async ({ path }: Ready, body: object, name: string) => {
    const made = await call('POST', `/v1/${path}`, { key: write, body });
    t.equal(made.status, 201, `${name} makes a record under ${path}`);
    if (made.status !== 201) t.comment(made.text);
    return made.body;
  };
  t.equal(found.quotations.length, 5);
  for (const quotation of found.quotations) {
    const statement = await post(quotation.statement, filled(quotation.statement), 'a new statement');
    const known = quotation.fill.includes('/statement_id') ? { statement_id: statement.id } : {};
    const source_text = STORY;
    const report = await post(quotation, filled(quotation, known), quotation.body.quoted_text);
    t.equal(report.quoted_text, quotation.body.quoted_text);
    // The story is not the text of the seeded source, so it is checked against one that has no hash.
    t.ok(source_text.includes(quotation.selector.exact));
  }
  for (const sort of ['people', 'bodies', 'dates', 'policies']) {
    t.ok(found[sort].length > 0, `some ${sort} are found`);
    for (const one of found[sort]) await post(one, filled(one), one.as_printed);
  }
});

t.test('nothing is saved by asking', async (t) => {
  const { call, write, db } = await writer(t);
  const changes = () =>
    db.read((session) => session.all('changes', (on) => on.select().from(db.tables.changes)));
  const before = (await changes()).length;
  const first = await call('POST', URL, { key: write, body: { text: STORY } });
  t.equal((await changes()).length, before);
  t.equal(first.headers['cache-control'], 'no-store', 'a text that is not ours to publish is in the answer');
  const again = await call('POST', URL, { key: write, body: { text: STORY } });
  t.strictSame(again.body, first.body, 'and the same is answered again');
});

t.test('people and bodies are matched to those who are known, misprints and short forms too', async (t) => {
  const { call, write } = await writer(t);
  const { body: found } = await call('POST', URL, { key: write, body: { text: STORY } });
  const matched = (sort: string) =>
    found[sort].map(
      (one: { as_printed: string; kind: string; matches: { slug: string; score: number }[] }) => [
        one.as_printed,
        one.kind,
        one.matches[0]?.slug ?? null,
      ],
    );
  t.strictSame(matched('people'), [
    ['Karen Bass', 'citation', 'karen-bass'],
    ['Tom Homan', 'citation', 'tom-homan'],
    ['Nithya Ramen', 'citation', 'nithya-raman'],
    ['Ada Quill', 'official', null],
  ]);
  t.strictSame(matched('bodies'), [
    ['CBS News', 'citation', 'cbs-news'],
    ['Millbrook Water Authority', 'organization', null],
  ]);
  const [, , misprint] = found.people;
  t.match(misprint.body, {
    field: '/name',
    value: 'Nithya Ramen',
    rank: 'deprecated',
    note: /taken for Nithya Raman/,
  });
});

t.test('a quotation comes with the known utterances it may be a report of', async (t) => {
  const { call, write } = await writer(t);
  const { body: found } = await call('POST', URL, { key: write, body: { text: STORY } });
  const homan = found.quotations.find(
    (one: { speaker: { as_printed: string } }) => one.speaker.as_printed === 'Tom Homan',
  );
  t.equal(homan.candidates[0].slug, 'homan-with-you-or-without-you');
  t.strictSame(homan.fill, [], 'one that is clear is filled in');
  t.equal(homan.body.statement_id, homan.candidates[0].statement_id);
  const [bass] = found.quotations;
  t.match(bass, { candidates: [], fill: ['/statement_id'], body: { said_on: '2024-11-14' } });
  t.equal(bass.statement.body.said_on_basis, 'derived');
  const { body: publisher } = await call('GET', '/v1/publishers/cbs-news');
  t.equal(bass.body.outlet_id, publisher.id, 'with the outlet that was told');
});

t.test('the stored text is gone through when none is sent', async (t) => {
  const { call, write, make } = await writer(t);
  const body = { kind: 'news_article', title: 'A story', text: STORY, published_on: '2024-11-15' };
  const { id } = await make('sources', body);
  const url = `/v1/sources/${id}/suggestions`;
  const stored = await call('POST', url, { key: write });
  t.equal(stored.status, 200);
  const sent = await call('POST', url, { key: write, body: { text: STORY } });
  t.strictSame(stored.body, sent.body);
  t.equal((await call('POST', url, { key: write, body: {} })).status, 200, 'an empty object says the same');
  for (const quotation of stored.body.quotations) {
    const made = await call('POST', '/v1/statement-reports', {
      key: write,
      body: {
        ...quotation.body,
        statement_id: quotation.body.statement_id ?? 'homan-nothing-will-stop-deportations',
      },
    });
    t.equal(made.status, 201, 'and each anchor holds in it');
    t.same(made.body.selector, quotation.selector);
  }
});

t.test('what cannot be gone through is refused, and says why', async (t) => {
  const { call, key } = await freshApp(t, 'seeded');
  const [write, read] = [await key('write'), await key('read')];
  const request = `POST ${URL}`;
  const long = 'a'.repeat(500_001);
  await refuses(t, call, [
    { name: 'no key', request, body: { text: STORY }, problem: 'unauthenticated' },
    {
      name: 'a key that only reads',
      request,
      key: read,
      body: { text: STORY },
      problem: 'forbidden',
      says: /write scope/,
    },
    {
      name: 'no text at all',
      request,
      key: write,
      problem: 'unprocessable',
      at: { pointer: '/text' },
      says: /none is stored/,
    },
    {
      name: 'a text that is too long',
      request,
      key: write,
      body: { text: long },
      problem: 'unprocessable',
      at: { pointer: '/text' },
      says: /500001 code points.*at most 500000/,
    },
    {
      name: 'a body that is too long',
      request,
      key: write,
      payload: `{"text":"${'a'.repeat(6_100_000)}"}`,
      headers: { 'content-type': 'application/json' },
      problem: 'payload-too-large',
      says: /6001024/,
    },
    {
      name: 'an empty text',
      request,
      key: write,
      body: { text: '' },
      problem: 'invalid-body',
      at: { pointer: '/text' },
    },
    {
      name: 'an unknown member',
      request,
      key: write,
      body: { txt: 'a' },
      problem: 'invalid-body',
      at: { pointer: '/txt' },
      says: /unknown field 'txt'/,
    },
    {
      name: 'null for a text',
      request,
      key: write,
      body: { text: null },
      problem: 'invalid-body',
      at: { pointer: '/text' },
    },
    {
      name: 'null for a body',
      request,
      key: write,
      payload: 'null',
      headers: { 'content-type': 'application/json' },
      problem: 'invalid-body',
      at: { pointer: '' },
    },
    {
      name: 'an unknown source',
      request: 'POST /v1/sources/nope/suggestions',
      key: write,
      body: { text: 'a' },
      problem: 'not-found',
    },
    {
      name: 'an unknown parameter',
      request: `${request}?limit=1`,
      key: write,
      body: { text: 'a' },
      problem: 'invalid-parameter',
      at: { parameter: 'limit' },
    },
    { name: 'reading it', request: `GET ${URL}`, problem: 'method-not-allowed' },
  ]);
  t.equal(
    (await call('POST', URL, { key: write, body: { text: '😀'.repeat(500_000) } })).status,
    200,
    'characters are counted, not code units',
  );
});
