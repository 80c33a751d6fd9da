import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Content } from '../../src/engine/content.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { sortNames } from '../../src/engine/parameters.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { cases } from '../cases.ts';
import { testApp } from '../helper.ts';
import { aStory, crawl, cursorOf, idsOf, page, play, type Stage, writes } from './crawler.ts';

// Ties, accents, and characters that JavaScript's own order and code points disagree on.
const TITLES = [
  'a',
  'A',
  'á',
  '𐍈',
  'Zürich',
  '😀',
  '😀 a',
  '\uFFFD',
  '\u{10FFFF}',
  '\uE000',
  '한국',
  `${'x'.repeat(199)}😀y`,
];
const DATES = [
  null,
  '2024',
  '2024-01',
  '2024-01-01',
  '2024-01-01',
  '2023-12-31',
  '2024-12',
  null,
  '1999',
  '2024',
  '2025-06-30',
  '0001',
];

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;

function holds(t: Test, what: string, stage: Stage, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(aStory, async (story) => {
    const wrong = await play(stage, story);
    if (wrong) throw new Error(wrong);
  });
  return fc.check(property, { numRuns: cases(numRuns), endOnFailure: false }).then((result) => {
    t.notOk(result.failed, what, result.failed ? { report: fc.defaultReportMessage(result) } : {});
  });
}

const PLACE = { name: 'Somewhere', slug: 'somewhere', classification: 'municipality' };
const POLICY = { type: 'ordinance', title: 'A policy', slug: 'a-policy', jurisdiction_id: 'somewhere' };

const policies = {
  kind: kindNamed('policy'),
  prepare: async (engine: Engine) => void (await writes(engine, kindNamed('jurisdiction')).create(PLACE)),
  body: (key: number): Content => ({
    type: 'ordinance',
    title: pick(TITLES, key),
    introduced_on: pick(DATES, key + 3),
    final_action_on: pick(DATES, key),
    adopted_on: pick(DATES, key + 1),
    effective_on: pick(DATES, key + 2),
    jurisdiction_id: 'somewhere',
    status: 'introduced',
  }),
  touch: (key: number): Content => ({ summary: `Summary ${key}` }),
};

const preparePolicy = async (engine: Engine) => {
  await policies.prepare(engine);
  await writes(engine, policies.kind).create(POLICY);
};

const actions = {
  kind: kindNamed('action'),
  prepare: preparePolicy,
  body: (key: number): Content => ({
    policy_id: 'a-policy',
    description: 'Read',
    date: pick(DATES, key),
    position: (key % 3) + 1,
    classification: ['introduction'],
  }),
  touch: (key: number): Content => ({ description: `Read ${key}` }),
};

const votes = {
  kind: kindNamed('vote_event'),
  met: kindNamed('vote'),
  prepare: preparePolicy,
  body: (key: number): Content => ({
    policy_id: 'a-policy',
    date: pick(DATES, key),
    votes: Array.from({ length: (key % 4) + 1 }, (_, at) => ({ name: `Voter ${at + key}`, option: 'yes' })),
  }),
  touch: (key: number): Content => ({
    motion: `Motion ${key}`,
    votes: [{ name: `Voter ${key}`, option: 'no' }],
  }),
};

for (const [what, stage] of Object.entries({ policies, actions, votes })) {
  t.test(
    `a crawl of ${what} meets each that lived throughout exactly once, whatever is written`,
    async (t) => {
      const app = await testApp(t);
      for (const sort of sortNames('met' in stage ? stage.met : stage.kind)) {
        await holds(t, `by ${sort}`, { ...stage, app, query: { sort } }, 8);
      }
    },
  );
}

t.test('a crawl with filters meets each that matched throughout exactly once', async (t) => {
  const app = await testApp(t);
  const filtered = {
    'policies of a status': {
      ...policies,
      query: { status: ['introduced', 'passed'], jurisdiction: ['somewhere'] },
      leave: { status: 'failed' },
      enter: { status: 'passed' },
    },
    'actions of a classification': {
      ...actions,
      query: { classification: ['introduction'], policy: ['a-policy'] },
      leave: { classification: ['filing'] },
      enter: { classification: ['filing', 'introduction'] },
    },
    'policies since a day': {
      ...policies,
      query: { final_action_since: '2024', sort: '-updated_at' },
      leave: { final_action_on: '1998' },
      enter: { final_action_on: '2025' },
    },
    'votes of one option': { ...votes, query: { option: ['yes'] } },
  };
  for (const [what, stage] of Object.entries(filtered)) await holds(t, what, { ...stage, app }, 15);
});

/** Policies of which every second one is in the list, on pages that end early. */
const endingEarly = {
  ...policies,
  body: (key: number) => ({ ...policies.body(key), status: key % 2 ? 'passed' : 'filed' }),
  leave: { status: 'failed' },
  enter: { status: 'passed' },
  bounds: { tried: 1, found: 0, walked: 3, atOnce: 2, counted: 3 },
  most: 1,
};

t.test(
  'a crawl whose pages end early, as they would cost too much, still meets each exactly once',
  async (t) => {
    const app = await testApp(t);
    const status = ['introduced', 'passed'];
    const queries = [
      { status, sort: 'title' },
      { status, jurisdiction: ['somewhere'], sort: '-date' },
      { status: ['passed'], sort: '-updated_at' },
    ];
    for (const query of queries) await holds(t, `by ${query.sort}`, { ...endingEarly, app, query }, 25);
  },
);

t.test('a page that ends early by -updated_at tells its place as the log does', async (t) => {
  const app = await testApp(t);
  const create = { does: 'create', which: 0, key: 0 } as const;
  const touch = { does: 'touch', which: 2, key: 0, tick: 0 } as const;
  // The second page ends among what is not in the list, before a record that then moves within its millisecond.
  const story = {
    keys: [0, 0, 9, 9, 9, 0],
    limits: [1],
    between: [
      [
        { ...create, tick: -3 },
        { ...create, tick: 0 },
      ],
      [touch],
    ],
    again: 0,
  };
  const stage = { ...endingEarly, app, query: { status: ['passed'], sort: '-updated_at' } };
  t.equal(await play(stage, story), undefined);
});

t.test(
  'a crawl with deleted records meets each record of the first page’s moment exactly once',
  async (t) => {
    const app = await testApp(t);
    for (const sort of ['-date', '-updated_at', 'created_at'])
      await holds(t, `by ${sort}`, { ...policies, app, query: { sort, include_deleted: true } }, 8);
  },
);

t.test('a record that moved is merged into the crawl by code point, as the database orders', async (t) => {
  const { app, clock } = await testApp(t);
  const { engine } = app;
  await policies.prepare(engine);
  const write = writes(engine, policies.kind);
  const titles = ['\uE000', '\uFFFD', '𐍈', '😀'];
  const ids: string[] = [];
  for (const title of titles) ids.push((await write.create({ ...policies.body(0), title })).id);
  clock.now = new Date(clock.now.getTime() + 1000);
  const first = await page(engine, policies.kind, { sort: 'title', limit: 1 });
  t.same(idsOf(first), [ids[0]]);
  await write.update(ids[1] as string, { title: 'a' });
  const rest = await crawl(engine, policies.kind, { sort: 'title', limit: 1, cursor: cursorOf(first) ?? '' });
  t.same(rest, ids.slice(1));
});

t.test('a record that moves many times between two pages is met where it was at first', async (t) => {
  const { app } = await testApp(t);
  const { engine } = app;
  await policies.prepare(engine);
  const write = writes(engine, policies.kind);
  const ids: string[] = [];
  for (const title of ['a', 'b', 'c', 'd']) ids.push((await write.create({ ...policies.body(0), title })).id);
  const first = await page(engine, policies.kind, { sort: '-title', limit: 1 });
  for (const title of ['z', 'a', 'b', 'y', 'b', '0']) await write.update(ids[1] as string, { title });
  await write.remove(ids[0] as string);
  await write.restore(ids[0] as string);
  await write.remove(ids[2] as string);
  const rest = await crawl(engine, policies.kind, {
    sort: '-title',
    limit: 1,
    cursor: cursorOf(first) ?? '',
  });
  t.same(rest, [ids[1], ids[0]]);
});

t.test('a record that is changed in place and then moves is met where it was at first', async (t) => {
  const { app } = await testApp(t);
  const { engine } = app;
  await policies.prepare(engine);
  const write = writes(engine, policies.kind);
  const ids: string[] = [];
  for (const title of ['a', 'b', 'c']) ids.push((await write.create({ ...policies.body(0), title })).id);
  for (const sort of ['title', '-title']) {
    const first = await page(engine, policies.kind, { sort, limit: 1 });
    await write.update(ids[1] as string, { summary: `Changed on the way ${sort}` });
    await write.update(ids[1] as string, { title: sort === 'title' ? '0' : 'z' });
    const rest = await crawl(engine, policies.kind, { sort, limit: 1, cursor: cursorOf(first) ?? '' });
    const right = sort === 'title' ? ids.slice(1) : [ids[1], ids[0]];
    t.same(rest, right, `by ${sort}`);
    await write.update(ids[1] as string, { title: 'b' });
  }
});
