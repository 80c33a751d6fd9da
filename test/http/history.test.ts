import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import t from 'tap';
import { loggedKinds } from '../../src/engine/change-seqs.ts';
import type { PublicRecord } from '../../src/model/declare.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { cases } from '../cases.ts';
import { send } from '../helper.ts';
import { assertRefused, refuses } from './refusals.ts';
import { writer } from './writer.ts';

type Writer = Awaited<ReturnType<typeof writer>>;

const POLICY = 'los-angeles-sanctuary-city-ordinance';
const kinds = loggedKinds.map(kindNamed);

/** Moves the clock on by a minute, from well after the seeds were loaded; returns what it shows. */
function later(clock: { now: Date }): string {
  const from = Math.max(clock.now.getTime(), Date.UTC(2100, 0, 1));
  clock.now = new Date(from + 60_000);
  return clock.now.toISOString();
}

/** One record as it was told of at each version, oldest first, with when that was. */
interface Life {
  readonly url: string;
  readonly states: { at: string; record: PublicRecord }[];
}

/** Sends a request without looking at the form of the answer. */
const sent = (app: Writer['app'], method: string, url: string, options = {}) =>
  send(app, method, url, options);

/** Makes a record of a kind and changes it in every way there is. */
async function liveOut({ call, write, clock }: Writer, name: string): Promise<Life> {
  const { path, example } = kindNamed(name);
  const states: Life['states'] = [];
  const at = later(clock);
  states.push({ at, record: (await call('POST', `/v1/${path}`, { key: write, body: example })).body });
  const url = `/v1/${path}/${states[0]?.record.id}`;
  const options = { key: write, ifMatch: '*' };
  const note = async (method: string, address: string, body?: object) => {
    const at = later(clock);
    const answer = await call(method, address, { ...options, ...(body ? { body } : {}) });
    if (answer.status >= 400) throw new Error(`${method} ${address}: ${answer.text}`);
    const query = method === 'DELETE' ? '?include_deleted=true' : '';
    const { deleted_at, ...record } = (await call('GET', `${url}${query}`, { key: write })).body;
    states.push({ at, record: deleted_at ? { ...record, deleted_at } : record });
  };
  await note('PATCH', url, { identifiers: [{ scheme: 'test', identifier: `${name} 1` }] });
  await note('DELETE', url);
  await note('POST', `${url}/restore`);
  await note('PUT', url, { ...example, identifiers: [{ scheme: 'test', identifier: `${name} 2` }] });
  return { url, states };
}

/** A record without what is made from others when it is read. */
function kept(name: string, record: Readonly<Record<string, unknown>>) {
  const { fields } = kindNamed(name);
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields[field]?.attached));
}

t.test('every version of a record of any kind is kept, and so is when it was', async (t) => {
  const tested = await writer(t);
  const { app, write, clock } = tested;
  const key = write;
  for (const [turn, { name, path }] of kinds.entries()) {
    // All kinds' answers have one form here, so that of a few is held against the description.
    const call: Writer['call'] = turn % 7 === 0 ? tested.call : (...asked) => sent(app, ...asked);
    const { url, states } = await liveOut({ ...tested, call }, name);
    const { status, body } = await call('GET', `${url}/history`);
    t.equal(status, 200, name);
    t.match(
      body.data,
      [
        { version: 5, op: 'update', at: states[4]?.at },
        { version: 4, op: 'restore', at: states[3]?.at, changed_fields: [] },
        { version: 3, op: 'delete', at: states[2]?.at, changed_fields: [] },
        { version: 2, op: 'update', at: states[1]?.at, changed_fields: ['identifiers'], actor: 'write key' },
        { version: 1, op: 'create', at: states[0]?.at, changed_fields: [], reason: null },
      ],
      `${name}: newest first`,
    );
    for (const [before, { at, record }] of states.entries()) {
      const version = before + 1;
      const told = await call('GET', `${url}/history/${version}`, { key });
      t.strictSame(told.body, kept(name, record), `${name}: version ${version}`);
      t.equal(told.headers.etag, `"${version}"`);
      const half = new Date(Date.parse(at) + 30_000).toISOString();
      for (const moment of [at, half]) {
        if (moment > clock.now.toISOString()) continue;
        const then = await call('GET', `${url}?as_of=${moment}`, { key });
        if (!record.deleted_at) t.strictSame(then.body, kept(name, record), `${name}: as of ${moment}`);
        else t.match([then.status, then.body.detail], [410, new RegExp(at)], `${name}: deleted then`);
        const shown = await call('GET', `${url}?as_of=${moment}&include_deleted=true`, { key });
        t.strictSame(shown.body, { deleted_at: null, ...kept(name, record) }, `${name}: shown when asked`);
      }
    }
    assertRefused(t, await call('GET', `${url}?as_of=2100-01-01`), {
      name: `${name}: not known before it was made`,
      problem: 'not-found',
      says: /was not known here by 2100-01-01/,
    });
    await refuses(t, call, [
      { name: `${name}: no record`, request: `GET /v1/${path}/nobody/history`, problem: 'not-found' },
      {
        name: `${name}: no version`,
        request: `GET ${url}/history/6`,
        problem: 'not-found',
        says: /no version 6; it has versions 1 to 5/,
      },
    ]);
  }
});

t.test('a history is read page by page, by slug, and after the end of its record', async (t) => {
  const { call, make, patch, write } = await writer(t);
  const topic = await make('topics', { name: 'Parks' });
  for (let n = 2; n <= 7; n += 1) await patch(`/v1/topics/${topic.id}`, { description: `Version ${n}` });
  const seen: number[] = [];
  for (let url: string | null = '/v1/topics/parks/history?limit=3'; url !== null; ) {
    const { body }: { body: { data: { version: number }[]; links: { next: string | null } } } = await call(
      'GET',
      url,
    );
    seen.push(...body.data.map(({ version }) => version));
    url = body.links.next;
  }
  t.same(seen, [7, 6, 5, 4, 3, 2, 1]);

  const other = await make('topics', { name: 'Green places' });
  await call('POST', `/v1/topics/${topic.id}/merge`, { key: write, body: { into: other.id } });
  const merged = await call('GET', `/v1/topics/${topic.id}/history?limit=1`);
  t.match(merged.body.data, [{ version: 8, op: 'merge' }], 'one that was merged has its history still');
  t.match((await call('GET', `/v1/topics/${other.id}/history?limit=1`)).body.data, [{ op: 'merge' }]);
  t.match((await call('GET', `/v1/topics/${topic.id}/history/7`)).body, { description: 'Version 7' });
});

t.test('a moment before a merge shows the record, one after it leads to the other', async (t) => {
  const { call, make, write, clock } = await writer(t);
  later(clock);
  const [one, other] = [await make('topics', { name: 'Parks' }), await make('topics', { name: 'Greens' })];
  const before = later(clock);
  later(clock);
  await call('POST', `/v1/topics/${one.id}/merge`, { key: write, body: { into: other.id } });
  const after = later(clock);
  t.strictSame((await call('GET', `/v1/topics/${one.id}?as_of=${before}`)).body, one);
  const moved = await call('GET', `/v1/topics/${one.id}?as_of=${after}`);
  t.equal(moved.status, 308);
  t.match(moved.headers.location, other.id);
  later(clock);
  await call('POST', `/v1/topics/${one.id}/restore`, { key: write });
  const back = later(clock);
  t.match((await call('GET', `/v1/topics/${one.id}?as_of=${back}`)).body, { name: 'Parks', version: 3 });
  t.equal((await call('GET', `/v1/topics/${one.id}?as_of=${after}`)).status, 410, 'and is gone in between');
});

/** Values that a citation may hold: any JSON. */
const anyValue: fc.Arbitrary<unknown> = fc.jsonValue({
  maxDepth: 3,
  // What pointers have to spell differently among them.
  stringUnit: fc.constantFrom('a', '0', '~', '/', '', ' ', '…', '"'),
});

t.test('the difference between two versions turns one into the other, either way', async (t) => {
  const { call, make, patch, write } = await writer(t);
  const { id } = await make('citations', kindNamed('citation').example);
  const url = `/v1/citations/${id}`;
  const values = fc.sample(anyValue, { numRuns: 25, seed: 4 });
  for (const [at, value] of values.entries()) {
    const { status } = await call('PUT', url, {
      key: write,
      ifMatch: '*',
      body: { ...kindNamed('citation').example, value, note: `Note ${at}` },
    });
    t.equal(status, 200);
  }
  await patch(url, { note: null });
  const newest = (await call('GET', `${url}/history?limit=1`)).body.data[0].version as number;
  const held = async (version: number) => (await call('GET', `${url}/history/${version}`)).body;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: newest }),
      fc.integer({ min: 1, max: newest }),
      async (from, to) => {
        const { status, headers, body } = await call('GET', `${url}/history/${from}..${to}`);
        t.equal(status, 200);
        t.match(headers['content-type'], /^application\/json-patch\+json/);
        const turned = jsonPatch.applyPatch(await held(from), body, true).newDocument;
        t.strictSame(turned, await held(to), `${from}..${to}`);
        t.equal(body.length === 0, from === to, 'and is empty only for one version');
      },
    ),
    { numRuns: cases(40) },
  );
  const etag = (await call('GET', `${url}/history/1..2`)).headers.etag as string;
  t.equal((await call('GET', `${url}/history/1..2`, { headers: { 'if-none-match': etag } })).status, 304);
});

t.test('histories and moments that make no sense are refused', async (t) => {
  const { call, clock } = await writer(t);
  later(clock);
  const url = `/v1/policies/${POLICY}`;
  const tomorrow = new Date(clock.now.getTime() + 86_400_000).toISOString();
  const parameter = (name: string, request: string, at: string, says: RegExp) => ({
    name,
    request: `GET ${request}`,
    problem: 'invalid-parameter' as const,
    at: { parameter: at },
    says,
  });
  const versions = /a version such as 3, or two such as 3\.\.5/;
  await refuses(t, call, [
    ...['x', '0', '01', '1..', '..2', '1...2', '1..2..3', '1.5', '-1', '1..x', '1e3'].map((text) =>
      parameter(`'${text}' is no version`, `${url}/history/${text}`, 'versions', versions),
    ),
    {
      name: 'one not there',
      request: `GET ${url}/history/1..99`,
      problem: 'not-found',
      says: /no version 99/,
    },
    parameter('no limit', `${url}/history?limit=0`, 'limit', /from 1 to 200/),
    parameter('before the first', `${url}/history?before=0`, 'before', /at least 1/),
    parameter('a parameter of lists', `${url}/history?sort=at`, 'sort', /unknown parameter/),
    parameter('the future', `${url}?as_of=${tomorrow}`, 'as_of', /lies in the future/),
    parameter('a month', `${url}?as_of=2024-11`, 'as_of', /an instant such as/),
    parameter('a local time', `${url}?as_of=2024-11-19T10:00`, 'as_of', /an instant such as/),
    parameter('a day that is none', `${url}?as_of=2024-02-30`, 'as_of', /an instant such as/),
    parameter(
      'what it does not own',
      `${url}?as_of=2100-01-01&include=topics`,
      'include',
      /one of actions, .*, citations, or no as_of/,
    ),
    parameter('what lies deeper', `${url}?as_of=2100-01-01&include=actions.organization`, 'include', /own/),
    parameter(
      'what is made when read',
      '/v1/officials/nithya-raman?as_of=2100-01-01&fields=current_memberships',
      'fields',
      /not known as of a moment/,
    ),
    parameter('a moment of a list', '/v1/policies?as_of=2100-01-01', 'as_of', /unknown parameter/),
  ]);
});

t.test('an instant may be written in any zone, and a day is its first instant in UTC', async (t) => {
  const { call, make, clock } = await writer(t);
  clock.now = new Date('2100-06-01T23:30:00.000Z');
  const { id } = await make('topics', { name: 'Parks' });
  clock.now = new Date('2100-07-01T00:00:00.000Z');
  const rows: [moment: string, status: number][] = [
    ['2100-06-01T23:30:00Z', 200],
    ['2100-06-01T23:29:59.999Z', 404],
    ['2100-06-02T01:30:00%2B02:00', 200],
    ['2100-06-02T01:29:59%2B02:00', 404],
    ['2100-06-01T18:30:00-05:00', 200],
    ['2100-06-01', 404],
    ['2100-06-02', 200],
    ['2100-07-01', 200],
  ];
  for (const [moment, status] of rows)
    t.equal((await call('GET', `/v1/topics/${id}?as_of=${moment}`)).status, status, moment);
});

t.test('a clock that is set back hides nothing that was written', async (t) => {
  const { call, make, patch, clock } = await writer(t);
  clock.now = new Date('2100-06-01T00:00:00.000Z');
  const { id } = await make('topics', { name: 'Parks' });
  clock.now = new Date('2100-05-01T00:00:00.000Z');
  await patch(`/v1/topics/${id}`, { name: 'Greens' });
  clock.now = new Date('2100-08-01T00:00:00.000Z');
  await patch(`/v1/topics/${id}`, { name: 'Meadows' });
  const name = async (moment: string) => (await call('GET', `/v1/topics/${id}?as_of=${moment}`)).body.name;
  t.equal(await name('2100-07-01'), 'Greens', 'the later change counts, though its time is the earlier');
  t.equal(await name('2100-05-15'), 'Greens', 'as does what came before it');
  t.equal(await name('2100-08-01'), 'Meadows');
});

/** Includes whose records a kind owns, with a part to make of each. */
const owned: readonly (readonly [path: string, name: string, include: string, part: string, body: object])[] =
  [
    ['policies', POLICY, 'actions', 'actions', { description: 'A step' }],
    ['policies', POLICY, 'provisions', 'provisions', { text: 'A clause' }],
    ['policies', POLICY, 'versions', 'versions', { label: 'A text', text: 'Be it ordained.' }],
    ['policies', POLICY, 'documents', 'documents', { name: 'A note' }],
    ['policies', POLICY, 'sponsorships', 'sponsorships', { name: 'Somebody' }],
    [
      'policies',
      POLICY,
      'vote_events',
      'vote-events',
      { motion: 'To adopt', votes: [{ name: 'x', option: 'yes' }] },
    ],
  ];

t.test('parts of a record are shown as they were, whatever became of them', async (t) => {
  const { call, make, patch, write, clock } = await writer(t);
  const other = 'lausd-sanctuary-resolution';
  const includes = [...owned.map(([, , include]) => include), 'relations', 'citations'];
  const url = (name: string) => `/v1/policies/${name}?include=${includes}`;
  const seen: { at: string; name: string; body: Record<string, unknown> }[] = [];
  /** Notes both policies as they are, and a minute goes by. */
  const note = async () => {
    const at = later(clock);
    for (const name of [POLICY, other]) seen.push({ at, name, body: (await call('GET', url(name))).body });
    later(clock);
  };
  const options = { key: write, ifMatch: '*' };
  later(clock);
  await note();
  for (const [, name, , path, body] of owned) {
    const parts: PublicRecord[] = [];
    const policy_id = (await call('GET', `/v1/policies/${name}?fields=id`)).body.id;
    for (let n = 0; n < 3; n += 1)
      parts.push(
        await make(path, { ...body, policy_id, date: `2024-0${3 - n}` }).then((made) =>
          made.id ? made : make(path, { ...body, policy_id }),
        ),
      );
    await note();
    const [first, second, third] = parts.map(({ id }) => `/v1/${path}/${id}`) as [string, string, string];
    await patch(first, { policy_id: other });
    await note();
    await call('DELETE', second, options);
    await patch(third, { identifiers: [{ scheme: 'test', identifier: path }] });
    await note();
    await call('POST', `${second}/restore`, { key: write });
    await patch(first, { policy_id });
    await note();
  }
  const relation = await make('relations', { subject_id: other, object_id: POLICY, type: 'amends' });
  await note();
  await patch(`/v1/relations/${relation.id}`, { note: 'Seen from both ends.' });
  await note();
  const cited = { record_type: 'policy', record_id: POLICY, source_id: 'los-angeles-sanctuary-second-story' };
  const citation = await make('citations', { ...cited, field: '/title', value: 'Another' });
  await note();
  await patch(`/v1/citations/${citation.id}`, { record_id: other });
  await note();
  await call('DELETE', `/v1/relations/${relation.id}`, options);
  await note();
  for (const { at, name, body } of seen) {
    const then = await call('GET', `${url(name)}&as_of=${at}`);
    t.strictSame(then.body, body, `${name} as of ${at}`);
  }
  t.ok(seen.length > 40);
  const { at, name, body } = seen.at(-5) as (typeof seen)[number];
  const [only] = [(await call('GET', `/v1/policies/${name}?include=actions&fields=title&as_of=${at}`)).body];
  t.strictSame(only, { id: body.id, title: body.title, actions: body.actions }, 'fields leave the rest out');
});

t.test(
  'reports of a statement, documents of a meeting and evidence of anything are parts, too',
  async (t) => {
    const { call, make, patch, clock } = await writer(t);
    later(clock);
    const [meeting] = (await call('GET', '/v1/meetings?limit=1')).body.data;
    const rows: [url: string, include: string, path: string, body: object][] = [
      [
        '/v1/statements/goldberg-not-running-in-fear',
        'stances',
        'stances',
        { statement_id: 'goldberg-not-running-in-fear', policy_id: POLICY, relation: 'about' },
      ],
      [`/v1/meetings/${meeting.id}`, 'documents', 'documents', { meeting_id: meeting.id, name: 'Minutes' }],
      [
        '/v1/jurisdictions/los-angeles',
        'citations',
        'citations',
        {
          record_type: 'jurisdiction',
          record_id: 'los-angeles',
          source_id: 'los-angeles-sanctuary-second-story',
        },
      ],
    ];
    for (const [url, include, path, body] of rows) {
      const shown = async (as_of = '') =>
        (await call('GET', `${url}?include=${include}${as_of}`)).body[include];
      const before = await shown();
      const then = later(clock);
      later(clock);
      const made = await make(path, body);
      t.ok(made.id, `${path} is made`);
      const between = await shown();
      const middle = later(clock);
      later(clock);
      await patch(`/v1/${path}/${made.id}`, { identifiers: [{ scheme: 'test', identifier: path }] });
      const after = await shown();
      t.equal(between.data.length, before.data.length + 1);
      t.strictSame(await shown(`&as_of=${then}`), before, `${url}: before`);
      t.strictSame(await shown(`&as_of=${middle}`), between, `${url}: between`);
      t.strictSame(await shown(`&as_of=${later(clock)}`), after, `${url}: after`);
    }
  },
);

t.test('a vote is shown as its vote event had it', async (t) => {
  const { call, make, patch, clock } = await writer(t);
  later(clock);
  const votes = [
    { name: 'Raman', option: 'yes' },
    { name: 'Price', option: 'no' },
  ];
  const event = await make('vote-events', {
    policy_id: POLICY,
    motion: 'To adopt',
    date: '2024-11-19',
    votes,
  });
  const before = (await call('GET', `/v1/votes?vote_event=${event.id}`)).body.data;
  t.equal(before.length, 2);
  const then = later(clock);
  later(clock);
  await patch(`/v1/vote-events/${event.id}`, { votes: [{ name: 'Raman', option: 'abstain' }] });
  for (const [moment, expected] of [
    [then, before.find(({ name }: { name: string }) => name === 'Raman')],
    [clock.now.toISOString(), (await call('GET', `/v1/votes?vote_event=${event.id}`)).body.data[0]],
  ] as const)
    t.strictSame((await call('GET', `/v1/votes/${expected.id}?as_of=${moment}`)).body, expected);
  const price = before.find(({ name }: { name: string }) => name === 'Price');
  assertRefused(t, await call('GET', `/v1/votes/${price.id}?as_of=${then}`), {
    name: 'one that is no longer there is known by its event',
    problem: 'not-found',
    says: /vote event/,
  });
  t.match((await call('GET', `/v1/vote-events/${event.id}?as_of=${then}`)).body.votes, votes);
});

t.test('a narrowed view has the history of its own records only', async (t) => {
  const { call, clock } = await writer(t);
  const now = later(clock);
  t.equal((await call('GET', `/v1/ordinances/${POLICY}/history`)).status, 200);
  t.equal((await call('GET', `/v1/ordinances/${POLICY}/history/1`)).body.slug, POLICY);
  t.equal((await call('GET', `/v1/ordinances/${POLICY}?as_of=${now}`)).body.slug, POLICY);
  for (const rest of ['/history', '/history/1', '/history/1..1', `?as_of=${now}`])
    t.equal((await call('GET', `/v1/resolutions/${POLICY}${rest}`)).status, 404, rest);
});

t.test('what is not open to everyone is not open in the past either', async (t) => {
  const { call, patch, write, clock } = await writer(t);
  const url = '/v1/sources/los-angeles-sanctuary-second-story';
  later(clock);
  await patch(url, { text: 'All of the story.' });
  const { version } = (await call('GET', url)).body;
  const at = later(clock);
  for (const address of [`${url}/history/${version}`, `${url}?as_of=${at}`]) {
    t.equal((await call('GET', address, { key: write })).body.text, 'All of the story.');
    t.notOk('text' in (await call('GET', address)).body, address);
  }
  const patchText = (key?: string) =>
    call('GET', `${url}/history/1..${version}`, key ? { key } : {}).then(({ text }) => text);
  t.match(await patchText(write), /All of the story/);
  t.notMatch(await patchText(), /All of the story/);
  t.equal((await call('GET', `${url}?as_of=${at}&fields=text`)).status, 403);
});
