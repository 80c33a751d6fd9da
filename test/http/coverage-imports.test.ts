/** Coverage: when the records of a place and kind were last imported, and when that went well. */
import t from 'tap';
import { action, importLines, line, place, policy, stoppingAfter } from '../exchange/import/bundle.ts';
import { freshApp, type TestApp } from '../helper.ts';

const topic = line('topic', 'parks', { name: 'Parks' });
const other = line('jurisdiction', 'other', { name: 'Other', classification: 'county' });
const lines = [place, other, topic, policy('one'), action('a', 'one')];

interface Known {
  readonly kind: string;
  readonly count: number;
  readonly last_import_tried_at: string | null;
  readonly last_import_succeeded_at: string | null;
}

/** What is known of a kind in a place (or of what all share): when its imports were tried, and succeeded. */
async function times({ call }: TestApp, where: string, kind: string) {
  const { body } = await call('GET', `/v1/coverage?kind=${kind}`);
  const of: Known[] =
    where === 'shared'
      ? body.shared
      : body.data.find(({ jurisdiction }: { jurisdiction: { slug: string } }) => jurisdiction.slug === where)
          .kinds;
  return [of[0]?.last_import_tried_at, of[0]?.last_import_succeeded_at];
}

/** Moves the clock to an hour of the day. */
const at = ({ clock }: TestApp, hour: number): string => {
  clock.now = new Date(Date.UTC(2026, 1, 1, hour));
  return clock.now.toISOString();
};

t.test('a place and kind has when it was last tried to import them, and when that succeeded', async (t) => {
  const app = await freshApp(t);
  const first = at(app, 1);
  await importLines(app, lines);
  for (const kind of ['jurisdiction', 'policy', 'ordinance', 'resolution', 'action'])
    t.same(await times(app, 'place', kind), [first, first], kind);
  t.same(await times(app, 'place', 'topic'), [null, null], 'topics belong to no place');
  t.same(await times(app, 'shared', 'topic'), [first, first], 'but to all');
  t.same(await times(app, 'place', 'statement'), [null, null], 'it had none');
  t.same(await times(app, 'place', 'vote'), [null, null]);
  t.same(await times(app, 'other', 'jurisdiction'), [first, first]);

  const second = at(app, 2);
  await importLines(app, [...lines, 'nonsense'], { strict: true });
  t.same(await times(app, 'place', 'policy'), [second, first], 'one that failed was tried');

  const third = at(app, 3);
  await importLines(app, lines.slice(3), { input: 'other.ndjson' });
  t.same(
    await times(app, 'place', 'policy'),
    [third, third],
    'an import that changed nothing is told of too',
  );
  t.same(await times(app, 'place', 'jurisdiction'), [second, first]);

  at(app, 4);
  await importLines(app, lines, { dryRun: true, told: true });
  t.same(await times(app, 'place', 'policy'), [third, third], 'a dry run is none');
});

t.test('an import that runs, or was interrupted, was tried', async (t) => {
  const app = await freshApp(t);
  const first = at(app, 1);
  await importLines(app, lines, { page: 4, signal: stoppingAfter(1, 4) });
  t.same(await times(app, 'place', 'policy'), [first, null]);
  const second = at(app, 2);
  await importLines(app, lines);
  t.same(await times(app, 'place', 'policy'), [first, second], 'it was begun when it was, and ended later');
});

t.test('votes come with the vote events of an import', async (t) => {
  const app = await freshApp(t);
  const first = at(app, 1);
  const event = line('vote_event', 'v', {
    policy_id: { scheme: 'x', identifier: 'one' },
    votes: [{ name: 'Ruiz', option: 'yes' }],
  });
  await importLines(app, [...lines, event]);
  t.same(await times(app, 'place', 'vote'), [first, first]);
  t.same(await times(app, 'place', 'import_run'), [null, null], 'runs themselves are not imported');
});
