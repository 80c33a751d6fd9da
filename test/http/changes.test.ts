import fc from 'fast-check';
import t from 'tap';
import { loggedKinds } from '../../src/engine/change-seqs.ts';
import type { PublicChange } from '../../src/engine/changes.ts';
import { cases } from '../cases.ts';
import type { TestApp } from '../helper.ts';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const POLICY = 'los-angeles-sanctuary-city-ordinance';
const SOURCE = 'los-angeles-sanctuary-second-story';

/** Every change of a query, page by page, with the number of pages and the last of them. */
async function crawl({ call }: Pick<TestApp, 'call'>, query: string, key?: string) {
  const data: PublicChange[] = [];
  let [url, pages, revision]: [string | null, number, number] = [`/v1/changes?${query}`, 0, 0];
  while (url !== null) {
    const { body } = await call('GET', url, key ? { key } : {});
    data.push(...body.data);
    revision = body.meta.revision;
    url = body.links.next;
    pages += 1;
  }
  return { data, pages, revision };
}

const seqs = (changes: readonly PublicChange[]) => changes.map(({ seq }) => seq);

t.test('the log is read in order, page by page, and gone on with from where it ended', async (t) => {
  const tested = await writer(t);
  const { call, make, write } = tested;
  const { data, pages, revision } = await crawl(tested, 'limit=500&content=false');
  t.same(
    seqs(data),
    Array.from({ length: revision }, (_, at) => at + 1),
    'every number once, in order',
  );
  t.equal(pages, Math.ceil(revision / 500));
  const first = await call('GET', '/v1/changes');
  t.equal(first.body.data.length, 100, '100 a page where nothing is said');
  t.equal(first.headers.link, `<${first.body.links.next}>; rel="next"`);

  const end = await call('GET', `/v1/changes?after=${revision}`);
  t.same(end.body.data, [], 'nothing is beyond the last');
  t.same([end.body.links.next, end.body.meta.revision], [null, revision]);
  t.equal(
    (
      await call('GET', `/v1/changes?after=${revision}`, {
        headers: { 'if-none-match': String(end.headers.etag) },
      })
    ).status,
    304,
    'asking again costs nothing while nothing happens',
  );

  const topic = await make('topics', { name: 'Libraries' });
  const url = `/v1/topics/${topic.id}`;
  const reason = { 'x-reason': 'asked%20for' };
  const options = { key: write, ifMatch: '*' };
  await call('PATCH', url, { ...options, headers: reason, body: { description: 'Where books are lent.' } });
  await call('PATCH', url, { ...options, body: { description: 'Where books are lent.' } });
  await call('DELETE', url, options);
  await call('POST', `${url}/restore`, { key: write });
  const then = await call('GET', `/v1/changes?after=${revision}`);
  const same = { kind: 'topic', record_id: topic.id, actor: 'write key' };
  t.match(
    then.body.data,
    [
      { ...same, op: 'create', version: 1, changed_fields: [], reason: null, content: topic },
      { ...same, op: 'update', version: 2, changed_fields: ['description'], reason: 'asked for' },
      { ...same, op: 'delete', version: 3, content: { name: 'Libraries', deleted_at: String } },
      { ...same, op: 'restore', version: 4 },
    ],
    'a write that changes nothing is no change',
  );
  t.equal(then.body.data.length, 4);
  t.notOk('deleted_at' in then.body.data[3].content, 'what lives has not been deleted');
  t.strictSame(then.body.data[3].content, (await call('GET', url)).body, 'the content is the record');
});

t.test('filters leave what the whole log says they should, whatever the page', async (t) => {
  const tested = await writer(t);
  const all = (await crawl(tested, 'limit=1000')).data;
  const places = new Map<string, string>();
  for (const { slug, id } of (await tested.call('GET', '/v1/jurisdictions?limit=200')).body.data)
    places.set(slug, id);
  const policies = new Map(all.filter(({ kind }) => kind === 'policy').map((one) => [one.record_id, one]));
  /** Where policies and their parts belong, and jurisdictions themselves; enough to tell right from wrong. */
  const placeOf = ({ kind, record_id, content }: PublicChange): string | undefined => {
    if (kind === 'jurisdiction') return record_id;
    const policy = kind === 'policy' ? content : policies.get(String(content?.policy_id))?.content;
    return policy?.jurisdiction_id as string | undefined;
  };
  const told = ['jurisdiction', 'policy', 'action', 'provision', 'vote_event', 'sponsorship'];
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(told, { minLength: 1 }),
      fc.subarray([...places.keys()], { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      async (kinds, slugs, limit) => {
        const ids = slugs.map((slug) => places.get(slug));
        const wanted = all.filter((one) => kinds.includes(one.kind) && ids.includes(placeOf(one)));
        const query = `kind=${kinds}&jurisdiction=${slugs}&limit=${limit}`;
        const found = await crawl(tested, query);
        t.strictSame(found.data, wanted, query);
        t.equal(found.pages, Math.max(1, Math.ceil(wanted.length / limit)), 'in full pages');
      },
    ),
    { numRuns: cases(12) },
  );
  for (const kind of loggedKinds) {
    const { data } = await crawl(tested, `kind=${kind}&limit=1000&content=false`);
    t.same(seqs(data), seqs(all.filter((one) => one.kind === kind)), `only ${kind}`);
  }
  const both = await crawl(tested, 'jurisdiction=los-angeles&kind=policy&kind=action,policy&limit=1000');
  t.same([...new Set(both.data.map(({ kind }) => kind))].sort(), ['action', 'policy']);
});

t.test('what moves is told of in both places', async (t) => {
  const { call, make, patch, write } = await writer(t);
  const after = (await call('GET', '/v1/changes?limit=1')).body.meta.revision;
  const policy = await make('policies', { title: 'A rule', type: 'ordinance', jurisdiction_id: 'boston' });
  await patch(`/v1/policies/${policy.id}`, { jurisdiction_id: 'california' });
  await patch(`/v1/policies/${policy.id}`, { title: 'A law' });
  const told = async (place: string) =>
    (await call('GET', `/v1/changes?after=${after}&jurisdiction=${place}`)).body.data.map(
      ({ version }: PublicChange) => version,
    );
  t.same(
    [await told('boston'), await told('california')],
    [
      [1, 2],
      [2, 3],
    ],
  );

  const twin = await make('jurisdictions', { name: 'Boston again', classification: 'municipality' });
  await make('policies', { title: 'Of the twin', type: 'ordinance', jurisdiction_id: twin.id });
  await call('POST', `/v1/jurisdictions/${twin.id}/merge`, { key: write, body: { into: 'boston' } });
  await make('policies', { title: 'After the merge', type: 'ordinance', jurisdiction_id: 'boston' });
  const titles = (await call('GET', `/v1/changes?after=${after}&kind=policy&jurisdiction=${twin.id}`)).body
    .data as PublicChange[];
  t.same(
    [...new Set(titles.map(({ content }) => content?.title))],
    ['A rule', 'Of the twin', 'After the merge'],
    'who follows a place that was merged goes on with the other',
  );
});

t.test('a text that is not open to everyone is shown to those who may read it', async (t) => {
  const { call, patch, write, key } = await writer(t);
  const after = (await call('GET', '/v1/changes?limit=1')).body.meta.revision;
  await patch(`/v1/sources/${SOURCE}`, { text: 'All of the story.' });
  const seen = async (who?: string) =>
    (await call('GET', `/v1/changes?after=${after}&kind=source`, who ? { key: who } : {})).body.data[0];
  t.equal((await seen(write)).content.text, 'All of the story.');
  for (const who of [undefined, await key('read')]) {
    const { content, changed_fields } = await seen(who);
    t.notOk('text' in content, 'not without the scope');
    t.ok(changed_fields.includes('text'), 'that it changed is no secret');
  }
  const light = (await call('GET', `/v1/changes?after=${after}&content=false`)).body.data[0];
  t.notOk('content' in light, 'nor is it asked for');
});

t.test('a page ends where its content gets too large, and the next goes on from there', async (t) => {
  const tested = await writer(t);
  const { call, make } = tested;
  const after = (await call('GET', '/v1/changes?limit=1')).body.meta.revision;
  // Three bytes a character: what is counted is bytes.
  for (let n = 1; n <= 4; n += 1)
    await make('versions', {
      policy_id: POLICY,
      label: `Text ${n}`,
      text: '…'.repeat(1_200_000 * (n === 2 ? 3 : 1)),
    });
  const query = `after=${after}&kind=policy_version`;
  const sizes: number[] = [];
  for (let url: string | null = `/v1/changes?${query}`; url !== null; ) {
    const { body }: { body: { data: PublicChange[]; links: { next: string | null } } } = await call(
      'GET',
      url,
    );
    sizes.push(body.data.length);
    url = body.links.next;
  }
  t.same(sizes, [1, 1, 2], 'about 8 MB a page, and one that is larger by itself');
  t.equal((await crawl(tested, `${query}&content=false`)).pages, 1, 'all fit where no content is asked for');
});

t.test('what cannot be asked of the log is refused', async (t) => {
  const { call } = await writer(t);
  const { revision } = (await call('GET', '/v1/changes?limit=1')).body.meta;
  const beyond = revision + 1;
  const rows: [name: string, query: string, parameter: string, says: RegExp][] = [
    ['a number that is none', 'after=x', 'after', /integer/],
    ['a number below 0', 'after=-1', 'after', /too small/],
    ['a number beyond the last', `after=${beyond}`, 'after', new RegExp(`0 to ${revision}`)],
    ['a number beyond counting', 'after=1e300', 'after', /too large/],
    ['no limit', 'limit=Infinity', 'limit', /too large/],
    ['a limit of 0', 'limit=0', 'limit', /from 1 to 1000/],
    ['a limit too large', 'limit=1001', 'limit', /from 1 to 1000/],
    ['a kind misspelt', 'kind=polcy', 'kind', /did you mean 'policy'/],
    ['a kind by its path', 'kind=policies', 'kind', /did you mean 'policy'/],
    ['a kind without changes of its own', 'kind=vote', 'kind', /one of/],
    ['a place misspelt', 'jurisdiction=los-angles', 'jurisdiction', /did you mean 'los-angeles'/],
    ['a record that is no place', `jurisdiction=${POLICY}`, 'jurisdiction', /there is no jurisdiction/],
    ['too many places', `jurisdiction=${Array.from({ length: 21 }, (_, n) => n)}`, 'jurisdiction', /20/],
    ['a parameter of lists', 'cursor=x', 'cursor', /unknown parameter/],
    ['a parameter misspelt', 'affter=1', 'affter', /did you mean 'after'/],
  ];
  await refuses(
    t,
    call,
    rows.map(([name, query, parameter, says]) => ({
      name,
      request: `GET /v1/changes?${query}`,
      problem: 'invalid-parameter',
      at: { parameter },
      says,
    })),
  );
});
