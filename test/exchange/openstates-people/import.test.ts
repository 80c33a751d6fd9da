/** Importing people: offices of places that an import of divisions brought, today's by their dates, and the same again. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import type { Input } from '../../../src/exchange/import/record.ts';
import { openDivisions } from '../../../src/exchange/ocd-divisions/read.ts';
import { openPeople } from '../../../src/exchange/openstates-people/read.ts';
import { type TestApp, testApp } from '../../helper.ts';
import { counted } from '../import/bundle.ts';
import { divisions, folderOf } from '../ocd-divisions/divisions.ts';
import { ana, file, files } from './people.ts';

const importing = ({ app }: TestApp, importer: string, input: Input) => {
  const settings = { importer, input: 'a folder', strict: false, dryRun: false };
  return importFrom(app.engine, { actor: 'test', reason: null }, input, settings);
};

t.test('people meet the places of divisions, and a newer copy tells what it has no more', async (t) => {
  const app = await testApp(t);
  const places = divisions('us/state:ca,California,,,,,', 'us/state:ca/place:lake_town,Lake Town city,,,,,');
  await importing(app, 'ocd-divisions', await openDivisions(folderOf(t, { 'a.csv': places })));
  const folder = folderOf(t, files);
  const first = await importing(app, 'openstates-people', await openPeople(folder));
  t.same(counted(first), {
    organization: { created: 7, skipped: 1 },
    official: { created: 2, skipped: 6 },
    membership: { created: 7, skipped: 1 },
  });
  t.equal(first.tally.unresolvedCount, 0);

  const mayors = await app.call(
    'GET',
    '/v1/memberships?jurisdiction=lake-town-city&role=Mayor&current=true&include=official,organization',
  );
  t.equal(mayors.body.data.length, 1, 'who is retired is no mayor, end or not');
  t.match(mayors.body.data, [
    { official: { name: 'Ana Ruiz' }, organization: { name: 'Government of Lake Town' } },
  ]);

  const again = await importing(app, 'openstates-people', await openPeople(folder));
  t.same(counted(again), {
    organization: { unchanged: 7, skipped: 1 },
    official: { unchanged: 2, skipped: 6 },
    membership: { unchanged: 7, skipped: 1 },
  });

  rmSync(join(folder, file('retired', 'Bo-Lee', '2')));
  writeFileSync(
    join(folder, file('legislature', 'Ana-Ruiz', '1')),
    ana
      .replace(/- start_date: 2013[\s\S]*district: 07\n/, '')
      .replace("- end_date: '2030-12-31'\n  type", '- type'),
  );
  const newer = await importing(app, 'openstates-people', await openPeople(folder));
  t.same(newer.tally.disappeared?.listed.map(({ kind, collection }) => [kind, collection]).sort(), [
    ['membership', 'roles of ocd-person/00000000-0000-4000-8000-000000000001'],
    ['official', 'people of ca'],
  ]);
  const { body } = await app.call('GET', '/v1/memberships?jurisdiction=lake-town-city&current=true');
  t.match(body.data, [{ role: 'Mayor', end_date: null }], 'an end that is told no more is none');
});

t.test('without the places bodies and offices stand, and what they miss is listed', async (t) => {
  const app = await testApp(t);
  const { tally } = await importing(app, 'openstates-people', await openPeople(folderOf(t, files)));
  t.equal(tally.failures.length, 0);
  t.same([...new Set(tally.unresolved.map(({ to }) => to))], ['jurisdiction']);
  const { body } = await app.call('GET', '/v1/organizations/government-of-lake-town');
  t.equal(body.jurisdiction_id, null);
});
