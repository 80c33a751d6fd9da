import t from 'tap';
import { kindNamed } from '../../src/model/kinds.ts';
import { createAll, writes } from '../engine/crawler.ts';
import { type Answer, readingApp, type TestApp, testApp } from '../helper.ts';

const url = (official: string, query: string) => `/v1/officials/${official}/said-and-voted?${query}`;

function maker({ app }: TestApp) {
  return async (kind: string, body: Record<string, unknown>) =>
    (await createAll(app.engine, kindNamed(kind), [body]))[0] as string;
}

interface Row {
  readonly policy: { readonly slug: string };
  readonly said: {
    data: { statement: { summary: string }; stances: { stance: string }[] }[];
    more: string | null;
  };
  readonly voted: {
    data: { vote: { option: string }; vote_event: { motion: string } }[];
    more: string | null;
  };
}

/** Rows as `policy | words: stance | motion: option`. */
const told = ({ body }: Answer): string[] =>
  body.data.map(({ policy, said, voted }: Row) => {
    const words = said.data.map(
      ({ statement, stances }) => `${statement.summary}: ${stances.map((s) => s.stance)}`,
    );
    const votes = voted.data.map(({ vote, vote_event }) => `${vote_event.motion}: ${vote.option}`);
    return [policy.slug, words.join('; '), votes.join('; ')].join(' | ');
  });

/** A council member with words and votes on three policies: of the topic, of one below it, and of another. */
async function record(app: TestApp) {
  const make = maker(app);
  const official_id = await make('official', { name: 'Ana Ruiz' });
  const base = { type: 'ordinance', jurisdiction_id: 'boston' };
  const policies = {
    trust: await make('policy', {
      ...base,
      title: 'Trust',
      topics: ['immigration'],
      introduced_on: '2024-03',
    }),
    haven: await make('policy', {
      ...base,
      title: 'Haven',
      topics: ['sanctuary-policy'],
      introduced_on: '2024-05',
    }),
    books: await make('policy', { ...base, title: 'Books', topics: ['education'], introduced_on: '2024-04' }),
  };
  const vote = (policy_id: string, motion: string, option: string, date: string) =>
    make('vote_event', {
      policy_id,
      motion,
      date,
      result: 'pass',
      votes: [
        { name: 'Ruiz', official_id, option },
        { name: 'Other', official_id: 'nithya-raman', option: 'no' },
      ],
    });
  const say = async (target: Record<string, unknown>, summary: string, stance: string, said_on: string) => {
    const statement_id = await make('statement', { official_id, summary, said_on });
    await make('stance', { ...target, statement_id, stance });
    return statement_id;
  };
  return { official_id, policies, vote, say, make };
}

t.test('an official’s words stand beside the votes on each policy of a topic', async (t) => {
  const app = await testApp(t, 'seeded');
  const { policies, vote, say } = await record(app);
  await say({ policy_id: policies.trust }, 'I stand with it', 'support', '2024-03-01');
  await say({ policy_id: policies.trust }, 'On second thoughts', 'mixed', '2024-03-05');
  await vote(policies.trust, 'Table it', 'no', '2024-03-06');
  await vote(policies.trust, 'Pass it', 'yes', '2024-03-07');
  await vote(policies.haven, 'Pass it', 'absent', '2024-06');
  await vote(policies.books, 'Pass it', 'yes', '2024-04');
  await say({ topic_id: 'sanctuary-policy' }, 'Havens work', 'support', '2024');
  await say({ topic_id: 'education' }, 'Books matter', 'support', '2024');
  const answer = await app.call('GET', url('ana-ruiz', 'topic=immigration'));
  t.equal(answer.status, 200);
  t.same(told(answer), [
    'haven |  | Pass it: absent',
    'trust | On second thoughts: mixed; I stand with it: support | Pass it: yes; Table it: no',
  ]);
  const { on_topic, meta, data } = answer.body;
  t.match(on_topic, {
    data: [{ statement: { summary: 'Havens work' }, stances: [{ stance: 'support' }] }],
    more: null,
  });
  t.equal(on_topic.data.length, 1);
  t.match(meta, {
    official: { slug: 'ana-ruiz' },
    topics: [{ slug: 'immigration' }, { slug: 'sanctuary-policy' }],
  });
  t.match(data[1].voted.data[0].vote_event, { result: 'pass', date: '2024-03-07' });
  t.notOk('votes' in data[1].voted.data[0].vote_event, 'the votes of others are left out');
  t.same(told(await app.call('GET', url('ana-ruiz', 'topic=sanctuary-policy'))), [
    'haven |  | Pass it: absent',
  ]);
});

t.test('what the seeds know is shown without a vote', async (t) => {
  const { call } = await readingApp(t);
  const answer = await call('GET', url('jackie-goldberg', 'topic=education'));
  t.equal(answer.body.data.length, 1);
  t.match(answer.body.data[0], {
    policy: { slug: 'lausd-emergency-resolutions' },
    said: { data: [{ stances: [{ stance: 'support' }] }, { stances: [{ stance: 'support' }] }], more: null },
    voted: { data: [], more: null },
  });
});

t.test('what was deleted, and what others said and voted, is not there', async (t) => {
  const app = await testApp(t, 'seeded');
  const { policies, vote, say, make } = await record(app);
  const statement_id = await make('statement', {
    organization_id: 'los-angeles-city-council',
    summary: 'We',
  });
  await make('stance', { statement_id, policy_id: policies.trust });
  const said = await say({ policy_id: policies.trust }, 'Gone', 'support', '2024');
  const event = await vote(policies.haven, 'Gone', 'yes', '2024');
  t.equal((await app.call('GET', url('ana-ruiz', 'topic=immigration'))).body.data.length, 2);
  const [stance] = (await app.call('GET', `/v1/stances?statement=${said}`)).body.data;
  await writes(app.app.engine, kindNamed('stance')).remove(stance.id);
  await writes(app.app.engine, kindNamed('vote_event')).remove(event);
  t.same(told(await app.call('GET', url('ana-ruiz', 'topic=immigration'))), []);
});

t.test('pages lead from one to the next, and lists to what does not fit', async (t) => {
  const app = await testApp(t, 'seeded');
  const { official_id, policies, vote, say } = await record(app);
  for (let at = 0; at < 22; at += 1) {
    const day = `2024-01-${String(at + 1).padStart(2, '0')}`;
    await vote(policies.trust, `Motion ${at}`, 'yes', day);
    await say({ policy_id: policies.trust }, `Words ${at}`, 'support', day);
  }
  await vote(policies.haven, 'Pass it', 'yes', '2024');
  const first = await app.call('GET', url(official_id, 'topic=immigration&limit=1'));
  t.same(
    first.body.data.map(({ policy }: Row) => policy.slug),
    ['haven'],
  );
  t.equal(first.headers.link, `<${first.body.links.next}>; rel="next"`);
  const second = await app.call('GET', first.body.links.next);
  const [{ policy, said, voted }] = second.body.data;
  t.equal(policy.slug, 'trust');
  t.equal(second.body.links.next, null);
  t.equal(said.data[0].statement.summary, 'Words 21', 'the newest first');
  for (const { data, more } of [said, voted]) {
    t.equal(data.length, 20);
    t.equal(
      (await app.call('GET', `${more}&limit=50`)).body.data.length,
      22,
      'all of them are found at the address',
    );
  }
  const cursor = new URL(first.body.links.next, 'http://x').searchParams.get('cursor');
  const other = await app.call('GET', url(official_id, `topic=education&limit=1&cursor=${cursor}`));
  t.equal(other.status, 400);
  t.match(other.body.errors, [{ parameter: 'cursor' }]);
});

t.test('it costs the same number of statements however much was said', async (t) => {
  const app = await testApp(t, 'seeded');
  const { official_id, policies, vote, say } = await record(app);
  const counted = async () => {
    const before = app.db.statements();
    await app.call('GET', url(official_id, 'topic=immigration'));
    return app.db.statements() - before;
  };
  const more = async () => {
    await vote(policies.trust, 'Pass it', 'yes', '2024');
    await vote(policies.haven, 'Pass it', 'yes', '2024');
    await say({ policy_id: policies.trust }, 'Words', 'support', '2024');
    await say({ topic_id: 'immigration' }, 'Words', 'support', '2024');
  };
  await more();
  const few = await counted();
  for (let at = 0; at < 10; at += 1) await more();
  t.equal(await counted(), few);
  t.ok(few <= 12, `${few} statements`);
});

t.test('it is confirmed to who has it, and refused where it cannot be told', async (t) => {
  const app = await readingApp(t);
  const asked = url('tom-homan', 'topic=immigration');
  const { headers } = await app.call('GET', asked);
  t.equal((await app.call('GET', asked, { headers: { 'if-none-match': String(headers.etag) } })).status, 304);
  const rows: [url: string, status: number, expected: object][] = [
    [url('tom-homan', ''), 400, { errors: [{ parameter: 'topic', message: /required/ }] }],
    [
      url('tom-homan', 'topic=immigraton'),
      400,
      { errors: [{ parameter: 'topic', message: /did you mean 'immigration'/ }] },
    ],
    [url('tom-homan', 'topic=education&limit=101'), 400, { errors: [{ parameter: 'limit' }] }],
    [url('tom-homan', 'topic=education&topc=x'), 400, { errors: [{ parameter: 'topc' }] }],
    [url('tom-homan', 'topic=education&cursor=x'), 400, { errors: [{ parameter: 'cursor' }] }],
    [url('tom-homn', 'topic=education'), 404, { detail: /did you mean 'tom-homan'/ }],
  ];
  for (const [wrong, status, expected] of rows) {
    const answer = await app.call('GET', wrong);
    t.equal(answer.status, status, wrong);
    t.match(answer.body, expected, wrong);
  }
});
