/** Whatever the bundle, in pages of any size and interrupted anywhere: it comes to the same as at once. */
import { deepStrictEqual as deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Imported } from '../../../src/exchange/import/import.ts';
import { cases } from '../../cases.ts';
import { type TestApp, withApp } from '../../helper.ts';
import { importLines, type Line, line, stopping } from './bundle.ts';

/** Records are called by few numbers, so that many are meant twice; one beyond them never comes. */
const CALLED = 4;
const one = fc.integer({ min: 0, max: CALLED - 1 });
const oneOrNone = fc.integer({ min: 0, max: CALLED });

const called = (kind: string, number: number) => ({ scheme: 'x', identifier: `${kind}-${number}` });

/** A reference, or nothing. */
const mention = (kind: string) => fc.option(oneOrNone.map((number) => called(kind, number)));

/** Of a record that stands twice, what it cannot be without is the same, and the rest is not. */
const kinds: Readonly<
  Record<string, { is: (number: number) => object; has?: Record<string, fc.Arbitrary<unknown>> }>
> = {
  jurisdiction: {
    is: (n) => ({ name: `Place ${n}`, classification: 'county' }),
    has: { parent_id: mention('jurisdiction') },
  },
  topic: { is: (n) => ({ name: `Topic ${n}` }), has: { parent_id: mention('topic') } },
  organization: {
    is: (n) => ({ name: `Body ${n}`, classification: 'legislature' }),
    has: { jurisdiction_id: mention('jurisdiction'), parent_id: mention('organization') },
  },
  policy: {
    is: (n) => ({
      title: `Policy ${n}`,
      type: 'ordinance',
      status: 'introduced',
      jurisdiction_id: called('jurisdiction', n),
    }),
    has: {
      parent_id: mention('policy'),
      topics: fc.array(
        oneOrNone.map((n) => called('topic', n)),
        { maxLength: 2 },
      ),
    },
  },
  // Without positions, actions have those in which they were written.
  action: {
    is: (n) => ({
      description: `Step ${n}`,
      policy_id: called('policy', (n + 1) % (CALLED + 1)),
      position: n + 1,
    }),
    has: { organization_id: mention('organization') },
  },
  // Needs one of two that it can each be without.
  document: { is: (n) => ({ name: `Paper ${n}`, policy_id: called('policy', n) }) },
  sponsorship: {
    is: (n) => ({ name: `Sponsor ${n}`, policy_id: called('policy', n) }),
    has: { organization_id: mention('organization') },
  },
};

const record: fc.Arbitrary<Line> = fc.constantFrom(...Object.keys(kinds)).chain((kind) => {
  const { is, has = {} } = kinds[kind] as (typeof kinds)[string];
  return fc
    .tuple(one, fc.record(has, { requiredKeys: [] }))
    .map(([number, more]) => line(kind, `${kind}-${number}`, { ...is(number), ...more }));
});

/** What cannot be read, or not be written. */
const bad: fc.Arbitrary<Line> = fc.oneof(
  fc.constant('nonsense'),
  one.map((number) => line('topic', `topic-${number}`, { titel: 'unknown' })),
  one.map((number) => line('policy', `policy-${number}`, { title: 'Half' })),
);

const bundle = fc.array(fc.oneof({ arbitrary: record, weight: 9 }, { arbitrary: bad, weight: 1 }), {
  minLength: 5,
  maxLength: 24,
});

/** Every record, but for its version and the times of its writing. */
async function everything({ call }: TestApp): Promise<unknown[]> {
  const paths = [
    'jurisdictions',
    'topics',
    'organizations',
    'policies',
    'actions',
    'documents',
    'sponsorships',
  ];
  const lists = await Promise.all(paths.map((path) => call('GET', `/v1/${path}?limit=200`)));
  return lists.map(({ body }) =>
    body.data
      .map(
        ({
          version: _,
          created_at: _made,
          updated_at: _changed,
          ...rest
        }: {
          id: string;
          [name: string]: unknown;
        }) => rest,
      )
      .sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)),
  );
}

/** What a run says of its records; one that stands twice may be written twice, or once and skipped. */
function told({ status, tally }: Imported) {
  const counts = [...tally.counts].map(([kind, { created, failed, updated, unchanged, skipped }]) =>
    JSON.stringify([kind, created, failed, updated + unchanged + skipped]),
  );
  return {
    status,
    read: tally.read,
    counts: counts.sort(),
    failures: tally.failures.map((one) => JSON.stringify(one)).sort(),
    unresolved: tally.unresolved.map((one) => JSON.stringify(one)).sort(),
  };
}

/** Imports a bundle in parts, each stopped when it has asked so often whether to stop. */
async function inParts(
  app: TestApp,
  lines: readonly Line[],
  parts: readonly (readonly [page: number, asks: number])[],
) {
  for (const [page, asks] of parts) {
    const done = await importLines(app, lines, { page, signal: stopping(asks) });
    if (done.status === 'done') return done;
  }
  return importLines(app, lines, { page: 3 });
}

const parts = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 60 })), {
  maxLength: 4,
});

t.test('a bundle in parts comes to the same tracker and counts as at once', async (t: Test) => {
  await fc.assert(
    fc.asyncProperty(bundle, parts, async (lines, cut) => {
      const result = (of: (app: TestApp) => Promise<Imported>) =>
        withApp(t, async (app) => ({ told: told(await of(app)), has: await everything(app) }));
      const whole = await result((app) => importLines(app, lines));
      const other = await result((app) => inParts(app, lines, cut));
      deepEqual([whole.told.status, other], ['done', whole]);
      t.pass(`${lines.length} lines`);
    }),
    { numRuns: cases(10) },
  );
});
