/** A scrape imported whole: what the API answers of it, and that the next run of the scraper changes nothing. */
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { openOpenCivicData } from '../../../src/exchange/open-civic-data/read.ts';
import { testApp } from '../../helper.ts';
import { counted } from '../import/bundle.ts';
import { scrape, written } from './scrape.ts';

t.test('a scrape is imported, and another run of the scraper changes nothing', async (t) => {
  const { app, call } = await testApp(t);
  const importRun = (run: string) =>
    importFrom(app.engine, { actor: 'test', reason: null }, openOpenCivicData(written(t, scrape(run))), {
      importer: 'open-civic-data',
      input: run,
      strict: false,
      dryRun: false,
    });
  const first = await importRun('one');
  t.match(counted(first), {
    jurisdiction: { created: 1 },
    organization: { created: 5 },
    official: { created: 2, skipped: 1 },
    membership: { created: 3 },
    topic: { created: 2 },
    policy: { created: 2, skipped: 1 },
    action: { created: 3 },
    sponsorship: { created: 3 },
    policy_version: { created: 2 },
    document: { created: 3 },
    relation: { created: 1 },
    vote_event: { created: 1 },
    meeting: { created: 1 },
  });
  t.same(
    [...first.tally.counts.values()].reduce((sum, { failed }) => sum + failed, 0),
    0,
  );
  t.equal(first.tally.unresolvedCount, 2, 'a sponsor and a voter of whom only the names are known');

  const policies = await call(
    'GET',
    '/v1/policies?q=meters&include=sponsorships.official,vote_events,actions.organization,topics,relations',
  );
  const [bill] = policies.body.data;
  t.match(bill, {
    title: 'An act on water meters',
    status: 'passed_one_chamber',
    topics: { data: [{ name: 'Water' }, { name: 'Metering' }] },
    relations: { data: [{ type: 'companion' }] },
    vote_events: { data: [{ counts_match: true }] },
  });
  t.match(
    bill.sponsorships.data.map(({ name, official }: { name: string; official: { name: string } | null }) => [
      name,
      official?.name,
    ]),
    [
      ['Ann Ames', 'Ann Ames'],
      ['Berg', 'Bo Berg'],
      ['Nobody Known', undefined],
    ],
  );
  t.match(bill.actions.data[2].organization, { name: 'Senate', classification: 'upper' });
  const { body: meetings } = await call('GET', '/v1/meetings?include=organization');
  t.match(meetings.data, [
    { organization: { name: 'Finance' }, agenda: [{}, { policy_id: bill.id }, {}, {}] },
  ]);
  const { body: votes } = await call('GET', '/v1/votes?option=yes');
  t.match(votes.data, [{ name: 'A. Ames', policy_id: bill.id }]);

  const revision = (await call('GET', '/v1/policies')).body.meta.revision;
  const second = await importRun('two');
  for (const [kind, of] of second.tally.counts)
    t.match(of, { created: 0, updated: 0, failed: 0 }, kind ?? 'unknown');
  t.equal((await call('GET', '/v1/policies')).body.meta.revision, revision);
});

t.test('an action that a later run has not is told of, and stays', async (t) => {
  const { app, call } = await testApp(t);
  const importFiles = (files: object, input: string) =>
    importFrom(app.engine, { actor: 'test', reason: null }, openOpenCivicData(written(t, files as never)), {
      importer: 'open-civic-data',
      input,
      strict: false,
      dryRun: false,
    });
  await importFiles(scrape('one'), 'one');
  const files = scrape('two');
  const [name, bill] = Object.entries(files).find(
    ([, file]) => 'title' in (file as object) && (file as { identifier: string }).identifier === 'SB 1',
  ) as [string, { actions: object[] }];
  const { run } = await importFiles(
    { ...files, [name]: { ...bill, actions: bill.actions.slice(0, 2) } },
    'two',
  );
  const { body } = await call('GET', `/v1/import-runs/${run.id}`);
  t.match(body.disappeared, { count: 1, listed: [{ kind: 'action' }] });
  t.equal((await call('GET', '/v1/actions')).body.data.length, 3);
});
