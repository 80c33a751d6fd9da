/** A council imported from the Web API: what the API answers of it, and what a second import changes. */
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { testApp } from '../../helper.ts';
import { counted } from '../import/bundle.ts';
import { council, serve } from './council.ts';

t.test('a council is imported, a second time nothing changes, and then what did', async (t) => {
  const { app, call } = await testApp(t);
  const data = council();
  const served = await serve(t, data);
  const importAll = async () =>
    importFrom(app.engine, { actor: 'test', reason: null }, await served.open(), {
      importer: 'legistar',
      input: served.base,
      strict: false,
      dryRun: false,
    });
  t.match(counted(await importAll()), {
    organization: { created: 2 },
    official: { created: 2, skipped: 1 },
    policy: { created: 3 },
    action: { created: 2 },
    relation: { created: 1 },
    meeting: { created: 1 },
  });
  const { body } = await call(
    'GET',
    '/v1/policies?identifier=legistar-seatown:101&include=sponsorships.official,vote_events,relations,meetings',
  );
  t.match(body.data, [
    {
      title: 'AN ORDINANCE relating to parks',
      sponsorships: { data: [{ official: { name: 'Ann Ames' } }, { official: { name: 'Bo Berg' } }] },
      vote_events: { data: [{ result: 'pass' }] },
      relations: { data: [{ type: 'related' }] },
      meetings: { data: [{ name: 'City Council' }] },
    },
  ]);
  const second = await importAll();
  for (const [kind, of] of second.tally.counts)
    t.match(of, { created: 0, updated: 0, failed: 0 }, kind ?? 'none');

  const [matter] = data.lists['/Matters'] as Record<string, unknown>[];
  Object.assign(matter as object, { MatterStatusName: 'Signed' });
  data.lists['/Matters'] = (data.lists['/Matters'] ?? []).slice(0, 2);
  const { run, ...third } = await importAll();
  t.match(counted({ run, ...third }), { policy: { updated: 1 } });
  const { disappeared } = (await call('GET', `/v1/import-runs/${run.id}`)).body;
  t.match(disappeared, { count: 1, listed: [{ kind: 'policy' }] });
});
