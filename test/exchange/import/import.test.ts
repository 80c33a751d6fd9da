/** Importing: in any order, one bad record alone, twice the same, interrupted and taken up again. */
import fc from 'fast-check';
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { type TestApp, testApp, withApp } from '../../helper.ts';
import {
  action,
  counted,
  importLines,
  line,
  place,
  policy,
  sponsorship,
  stopping,
  stoppingAfter,
} from './bundle.ts';

const revision = async ({ call }: TestApp): Promise<number> =>
  (await call('GET', '/v1/topics?limit=1')).body.meta.revision;

const inOrder = [
  place,
  policy('one'),
  policy('two', { parent_id: { scheme: 'x', identifier: 'one' } }),
  action('read', 'one'),
  action('passed', 'two'),
  sponsorship('s', 'two', 'Nobody'),
];

t.test('a second run of the same input writes nothing', async (t) => {
  const app = await testApp(t);
  t.same(counted(await importLines(app, inOrder)), {
    jurisdiction: { created: 1 },
    policy: { created: 2 },
    action: { created: 2 },
    sponsorship: { created: 1 },
  });
  const before = await revision(app);
  t.same(counted(await importLines(app, inOrder)), {
    jurisdiction: { unchanged: 1 },
    policy: { unchanged: 2 },
    action: { unchanged: 2 },
    sponsorship: { unchanged: 1 },
  });
  t.equal(await revision(app), before);
});

/** What records say and mention, in one order. */
async function contentOf({ call }: TestApp): Promise<string[]> {
  const paths = ['policies', 'actions', 'sponsorships'];
  const pages = await Promise.all(paths.map((path) => call('GET', `/v1/${path}`)));
  return pages
    .flatMap(({ body }) => body.data)
    .map(({ id, policy_id, parent_id, jurisdiction_id, official_id, name }) =>
      JSON.stringify({ id, policy_id, parent_id, jurisdiction_id, official_id, name }),
    )
    .sort();
}

t.test('records come to the same in whatever order and pages they come', async (t) => {
  const app = await testApp(t);
  await importLines(app, inOrder);
  const expected = await contentOf(app);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(inOrder, { minLength: inOrder.length }),
      fc.integer({ min: 1, max: inOrder.length }),
      (lines, page) =>
        withApp(t, async (other) => {
          const { status, tally } = await importLines(other, lines, { page });
          t.equal(status, 'done');
          t.equal(tally.failures.length, 0);
          t.equal(tally.unresolvedCount, 1);
          t.same(await contentOf(other), expected);
        }),
    ),
    { numRuns: 4 },
  );
});

const wrong: readonly [why: string, line: object | string, pointer: string, message: RegExp][] = [
  ['what is not JSON', 'nonsense', '', /not JSON/],
  ['a list', '[]', '', /not an object/],
  ['an unknown kind', { kind: 'polici', record: {} }, '/kind', /policy/],
  ['a kind that is not written', { kind: 'vote', record: {} }, '/kind', /allowed/],
  ['an unknown member', { kind: 'topic', body: {}, record: {} }, '/body', /unknown/],
  ['an unknown field', policy('p', { titel: 'x' }), '/record/titel', /title/],
  ['no identifier', { kind: 'topic', record: { name: 'T' } }, '/record/identifiers', /neither/],
  ['a name that stands twice', '{"kind":"topic","kind":"topic","record":{"name":"T"}}', '/kind', /twice/],
  ['what a record needs and never comes', action('a', 'never'), '/record/policy_id', /x:never/],
  [
    'half an identifier',
    {
      kind: 'action',
      record: {
        policy_id: { scheme: 'x' },
        description: 'D',
        identifiers: [{ scheme: 'x', identifier: '9' }],
      },
    },
    '/record/policy_id',
    /string/,
  ],
];

t.test('a bad record fails alone, with its file, line and pointer', async (t) => {
  const app = await testApp(t);
  const lines = [place, ...wrong.map(([, one]) => one), policy('last')];
  const { tally, status } = await importLines(app, lines as object[] as never);
  t.equal(status, 'done');
  t.equal((await app.call('GET', '/v1/policies?identifier=x:last')).body.data.length, 1);
  for (const [at, [why, , pointer, message]] of wrong.entries()) {
    const found = tally.failures.filter(({ line }) => line === at + 2);
    t.equal(found[0]?.file, 'a.ndjson', why);
    t.equal(found[0]?.pointer, pointer, why);
    t.match(found[0]?.message, message, why);
  }
});

t.test('where it is strict, one bad record fails all', async (t) => {
  const app = await testApp(t);
  const { status, error, tally } = await importLines(app, [place, policy('one'), 'nonsense'], {
    strict: true,
  });
  t.equal(status, 'failed');
  t.match(error, /1 records? cannot be written/);
  t.equal(tally.failures[0]?.line, 3);
  t.equal(await revision(app), 0);
  const { body } = await app.call('GET', '/v1/import-runs');
  t.match(body.data[0], {
    status: 'failed',
    strict: true,
    counts: [
      { kind: 'jurisdiction', failed: 0, created: 0 },
      { kind: 'policy' },
      { kind: null, failed: 1, created: 0 },
    ],
  });
});

t.test(
  'what is undone counts as not written, and is said of the places and kinds that it was of',
  async (t) => {
    const app = await testApp(t);
    await importLines(app, [place]);
    const known = (await app.call('GET', '/v1/jurisdictions')).body.data[0].id;
    const elsewhere = line('jurisdiction', 'new', { name: 'New', classification: 'county' });
    const lines = [place, elsewhere, policy('one'), action('a', 'one'), 'nonsense'];
    const rows = [
      ['failed', [0, 0, 0, 1], {}],
      ['interrupted', [0, 0, 0], { page: 1, signal: stoppingAfter(4, 1) }],
    ] as const;
    for (const [status, failed, how] of rows) {
      const { run } = await importLines(app, lines, { strict: true, ...how });
      const { body } = await app.call('GET', `/v1/import-runs/${run.id}`);
      t.match(body, { status, jurisdictions: [known] });
      t.same(
        body.counts.map((of: Record<string, number>) => of.failed),
        failed,
      );
      const done = body.counts.flatMap(({ created, updated, unchanged, skipped }: Record<string, number>) => [
        created,
        updated,
        unchanged,
        skipped,
      ]);
      t.ok(
        done.every((count: number) => count === 0),
        status,
      );
    }
    t.equal((await app.call('GET', '/v1/policies')).body.data.length, 0);
  },
);

t.test('a dry run says what would be, and writes nothing', async (t) => {
  const app = await testApp(t);
  t.match(counted(await importLines(app, [...inOrder].reverse(), { dryRun: true, page: 2 })), {
    policy: { created: 2 },
  });
  t.equal(await revision(app), 0);
  t.same((await app.call('GET', '/v1/import-runs')).body.data, []);
});

t.test('what never comes is left out, its name kept and listed', async (t) => {
  const app = await testApp(t);
  await importLines(app, inOrder);
  const { body } = await app.call('GET', '/v1/sponsorships');
  t.match(body.data[0], { name: 'Nobody', official_id: null });
  const run = (await app.call('GET', '/v1/import-runs')).body.data[0];
  t.equal(run.unresolved_count, 1);
  t.match(run.unresolved[0], {
    line: 6,
    pointer: '/official_id',
    to: 'official',
    name: 'x:Nobody',
    record_id: body.data[0].id,
  });
});

t.test('one that was interrupted goes on where it was', async (t) => {
  const app = await testApp(t);
  const lines = [
    action('early', 'four'),
    place,
    policy('one'),
    policy('two'),
    policy('three'),
    policy('four'),
  ];
  const first = await importLines(app, lines, { page: 2, signal: stoppingAfter(1, 2) });
  t.equal(first.status, 'interrupted');
  t.equal(first.tally.read, 2);
  const run = `/v1/import-runs/${first.run.id}`;
  t.match((await app.call('GET', run)).body, { status: 'interrupted', read: 2 });
  const second = await importLines(app, lines, { page: 2 });
  t.equal(second.run.id, first.run.id);
  t.same(counted(second), { jurisdiction: { created: 1 }, policy: { created: 4 }, action: { created: 1 } });
  t.match((await app.call('GET', run)).body, { status: 'done', read: 6, unresolved_count: 0 });
});

t.test('told to stop, it waits for no page to fill', async (t) => {
  const { app } = await testApp(t);
  const stop = new AbortController();
  let given = 0;
  const input = {
    fingerprint: 'slow',
    total: 100,
    read: function* () {
      for (; given < 100; given += 1) {
        if (given === 3) stop.abort();
        yield { kind: null, place: { file: 'slow', line: given }, note: 'none' };
      }
    },
  };
  const how = { importer: 'tests', input: 'slow', strict: false, dryRun: false, signal: stop.signal };
  const { status } = await importFrom(app.engine, { actor: 'test', reason: null }, input, how);
  t.equal(status, 'interrupted');
  t.equal(given, 3);
});

const called = (identifier: string) => ({ scheme: 'x', identifier });

t.test('of a record that stands twice, the later is laid over the earlier, in whatever pages', async (t) => {
  const lines = [
    policy('one', { title: 'Old', summary: 'Said once', parent_id: called('late') }),
    place,
    policy('one', { title: 'New' }),
    policy('late'),
  ];
  const backwards = [lines[3], lines[1], lines[0], lines[2]] as typeof lines;
  for (const [order, page] of [
    [lines, 1],
    [lines, 2],
    [lines, 9],
    [backwards, 2],
  ] as const) {
    const app = await testApp(t);
    const { status, tally } = await importLines(app, order, { page });
    t.match([status, tally.unresolved, tally.failures], ['done', { length: 0 }, { length: 0 }]);
    const { body } = await app.call('GET', '/v1/policies?identifier=x:one&include=parent');
    t.match(body.data, [{ title: 'New', summary: 'Said once', parent: { title: 'late' } }]);
  }
});

t.test('where the later says all that the earlier did, that one is passed over', async (t) => {
  const app = await testApp(t);
  const lines = [policy('one', { title: 'Old', parent_id: called('late') }), place];
  lines.push(policy('one', { title: 'New', parent_id: null }), policy('late'));
  const { policy: counts } = counted(await importLines(app, lines, { page: 2 }));
  t.same(counts, { created: 2, skipped: 1 });
  const { body } = await app.call('GET', '/v1/policies?identifier=x:one');
  t.match(body.data, [{ title: 'New', parent_id: null, version: 1 }]);
});

t.test('where the later cannot be written, the earlier stands', async (t) => {
  for (const page of [1, 3, 9]) {
    const app = await testApp(t);
    const lines = [
      policy('one', { title: 'Old' }),
      policy('two'),
      policy('one', { parent_id: called('one') }),
      place,
    ];
    const imported = await importLines(app, lines, { page });
    t.same(counted(imported).policy, { created: 2, failed: 1 });
    t.match(imported.tally.failures, [{ line: 3, pointer: '/record/parent_id' }]);
    const { body } = await app.call('GET', '/v1/policies?identifier=x:one');
    t.match(body.data, [{ title: 'Old' }]);
  }
});

t.test('a circle that may not be closed fails at its last, which is written without that', async (t) => {
  const lines = [
    place,
    policy('a', { parent_id: called('b') }),
    policy('b', { parent_id: called('c'), topics: [called('parks')] }),
    policy('c', { parent_id: called('a'), topics: [called('parks')] }),
    policy('self', { parent_id: called('self') }),
    line('topic', 'parks', { name: 'Parks' }),
  ];
  for (const page of [1, 2, 100]) {
    const app = await testApp(t);
    const imported = await importLines(app, lines, { page });
    t.same(counted(imported), {
      jurisdiction: { created: 1 },
      policy: { created: 2, failed: 2 },
      topic: { created: 1 },
    });
    t.match(imported.tally.failures.map(({ line }) => line).sort(), [4, 5]);
    t.match(imported.tally.failures, [{ pointer: '/record/parent_id' }, { pointer: '/record/parent_id' }]);
    const { body } = await app.call('GET', '/v1/policies?include=parent,topics&sort=title');
    t.same(
      body.data.map(
        ({
          title,
          parent,
          topics,
        }: {
          title: string;
          parent: { title: string } | null;
          topics: { data: [] };
        }) => [title, parent?.title ?? null, topics.data.length],
      ),
      [
        ['a', 'b', 0],
        ['b', 'c', 1],
        ['c', null, 1],
      ],
    );
  }
});

t.test('a circle fails at its last wherever the import was interrupted', async (t) => {
  const app = await testApp(t);
  for (let asks = 0; ; asks += 1) {
    const topic = (name: string, parent: string) =>
      line('topic', `${name} ${asks}`, { name: `${name} ${asks}`, parent_id: called(`${parent} ${asks}`) });
    const lines = [topic('a', 'b'), topic('other', 'b'), topic('b', 'a')];
    const how = { page: 1, input: String(asks) };
    const first = await importLines(app, lines, { ...how, signal: stopping(asks) });
    const last = first.status === 'done' ? first : await importLines(app, lines, how);
    t.same(counted(last).topic, { created: 2, failed: 1 }, `after ${asks}`);
    t.match(last.tally.failures, [{ line: 3, pointer: '/record/parent_id' }], `after ${asks}`);
    if (first === last) break;
  }
});

t.test('what was deleted here stays deleted', async (t) => {
  const app = await testApp(t);
  const key = await app.key('write');
  await importLines(app, [place, policy('one')]);
  const { body } = await app.call('GET', '/v1/policies');
  await app.call('DELETE', `/v1/policies/${body.data[0].id}`, { key, ifMatch: '*' });
  t.same(counted(await importLines(app, [place, policy('one')])).policy, { skipped: 1 });
});

t.test(
  'what an input says is laid over what is known: fields it leaves out stay, null empties, names add up',
  async (t) => {
    const app = await testApp(t);
    await importLines(app, [place, policy('one', { summary: 'Short.', law_number: '7' })]);
    const renamed = policy('one', { law_number: null, title: 'One' });
    const named = {
      ...renamed.record,
      identifiers: [...renamed.record.identifiers, { scheme: 'y', identifier: '1' }],
    };
    t.match(counted(await importLines(app, [{ kind: 'policy', record: named }])).policy, { updated: 1 });
    const again = policy('one', { title: 'One' });
    t.same(counted(await importLines(app, [again])).policy, { unchanged: 1 });
    const { body } = await app.call('GET', '/v1/policies?identifier=y:1');
    t.match(body.data[0], {
      title: 'One',
      summary: 'Short.',
      law_number: null,
      identifiers: [
        { scheme: 'x', identifier: 'one' },
        { scheme: 'y', identifier: '1' },
      ],
    });
  },
);

t.test('a second run writes nothing where some never come to those who mention one another', async (t) => {
  const app = await testApp(t);
  const lines = [
    place,
    policy('b', { topics: [called('none')] }),
    policy('a', { parent_id: called('b'), topics: [called('none')] }),
    line('organization', 'body', { name: 'Body', classification: 'legislature', parent_id: called('other') }),
    line('organization', 'other', {
      name: 'Other',
      classification: 'legislature',
      jurisdiction_id: called('nowhere'),
    }),
  ];
  await importLines(app, lines, { page: 1 });
  const before = await revision(app);
  t.match(counted(await importLines(app, lines, { page: 1 })), {
    policy: { unchanged: 2 },
    organization: { unchanged: 2 },
  });
  t.equal(await revision(app), before);
});
