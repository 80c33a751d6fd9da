/** Importing a copy of the council's Legistar: what the API then has, and what a newer copy changes. */
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { openNycCouncil } from '../../../src/exchange/nyc-council/read.ts';
import { type TestApp, testApp } from '../../helper.ts';
import { counted } from '../import/bundle.ts';
import { folderOf } from '../ocd-divisions/divisions.ts';
import { copy, matter } from './copy.ts';

async function importCopy({ app }: TestApp, path: string) {
  const settings = { importer: 'nyc-council', input: path, strict: false, dryRun: false };
  return importFrom(app.engine, { actor: 'test', reason: null }, await openNycCouncil(path, {}), settings);
}

t.test('what the council did can be asked for, and a second run writes nothing', async (t) => {
  const app = await testApp(t);
  const one = async (path: string) => {
    const { body } = await app.call('GET', `/v1/${path}`);
    t.equal(body.data.length, 1, path);
    return body.data[0];
  };
  const folder = folderOf(t, copy());
  const first = await importCopy(app, folder);
  t.equal(first.status, 'done');
  t.same(first.tally.failures, []);
  t.same(counted(first).policy, { created: 3 });
  t.same(counted(first).sponsorship, { created: 6, skipped: 3 });

  const law = await one(
    'ordinances?identifier=legistar-nyc:501&include=jurisdiction,organization,actions,sponsorships.official,vote_events,versions,relations.object',
  );
  t.match(law, {
    identifier: 'Int 0002-2022',
    status: 'enacted',
    law_number: '2022/054',
    session: '2022-2023',
    adopted_on: '2022-05-01',
    jurisdiction: { slug: 'new-york-city' },
    organization: { slug: 'new-york-city-council', classification: 'council' },
    actions: {
      data: [{ position: 1 }, { result: 'pass' }, { classification: ['passage'], status_after: 'passed' }],
    },
    sponsorships: { data: [{ classification: 'primary', official: { slug: 'ada-doe' } }, { position: 3 }] },
    vote_events: { data: [{ result: 'pass', method: 'roll_call', counts_match: null }] },
    versions: { data: [{ classification: 'became_law' }] },
    relations: { data: [{ type: 'prior_session', object: { identifier: 'INT 0003-2018' } }] },
  });
  t.match((await app.call('GET', '/v1/votes?official=ben-roe')).body.data, [
    { option: 'excused', option_raw: 'Jury Duty', reason: 'jury_duty', policy_id: law.id },
  ]);
  const { agenda } = await one('meetings?identifier=legistar-nyc:40');
  const bill = (await one('policies?identifier=legistar-nyc:500')).id;
  t.same(
    agenda.map(({ title, policy_id }: { title: string; policy_id: string | null }) => [title, policy_id]),
    [
      ['Roll Call', null],
      ['Int 0001-2022: Benches', bill],
      ['M 0009-2022: Letter', null],
    ],
    'an item that points nowhere keeps its number',
  );
  t.match(first.tally.unresolved, [{ kind: 'meeting', to: 'policy', name: 'legistar-nyc:999' }]);
  t.match(await one('memberships?official=ada-doe&on=2022-06-01'), {
    role: 'Council member',
    end_date: '2023-12-31',
  });

  const { revision } = (await app.call('GET', '/v1/policies')).body.meta;
  const again = counted(await importCopy(app, folder));
  t.same(again.policy, { unchanged: 3 });
  t.ok(Object.values<object>(again).every((of) => !('created' in of || 'updated' in of)));
  t.equal((await app.call('GET', '/v1/policies')).body.meta.revision, revision);
});

t.test('a newer copy changes what changed, and what it has no more is told of and stays', async (t) => {
  const app = await testApp(t);
  const files = copy();
  await importCopy(app, folderOf(t, files));
  const gone = (await app.call('GET', '/v1/policies?identifier=legistar-nyc:500')).body.data[0].id;
  const newer = copy({
    'introduction/2022/0001.json': undefined,
    'introduction/2022/0002.json': matter(501, 'Int 0002-2022', { StatusName: 'Withdrawn' }),
  });
  const imported = await importCopy(app, folderOf(t, newer));
  t.same(counted(imported).policy, { updated: 1, unchanged: 1 });
  t.same(counted(imported).jurisdiction, { unchanged: 1 });
  const told = imported.tally.disappeared?.listed ?? [];
  t.ok(
    told.some(
      ({ kind, record_id, collection }) =>
        kind === 'policy' && record_id === gone && collection === 'introduction/2022',
    ),
  );
  t.ok(
    told.some(({ kind }) => kind === 'vote_event'),
    'votes that the copy has no more among it',
  );
  t.notOk(told.some(({ kind }) => kind === 'official' || kind === 'organization'));
  t.equal((await app.call('GET', `/v1/policies/${gone}`)).status, 200);
});

t.test('the city that the tracker knows already is the one that is meant, and stays as it is', async (t) => {
  const app = await testApp(t);
  const key = await app.key('write');
  const division = 'ocd-division/country:us/state:ny/place:new_york';
  const { body: city } = await app.call('POST', '/v1/jurisdictions', {
    key,
    body: {
      name: 'New York',
      classification: 'municipality',
      population: 8_000_000,
      identifiers: [{ scheme: 'ocd-division', identifier: division }],
    },
  });
  await importCopy(app, folderOf(t, copy()));
  const { data } = (await app.call('GET', '/v1/jurisdictions')).body;
  t.same(data, [city]);
  t.equal((await app.call('GET', '/v1/policies')).body.data[0].jurisdiction_id, city.id);
});
