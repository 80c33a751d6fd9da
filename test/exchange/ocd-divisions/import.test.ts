/** Importing divisions: what the API then has, and that a second run writes nothing. */
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { openDivisions } from '../../../src/exchange/ocd-divisions/read.ts';
import { type TestApp, testApp } from '../../helper.ts';
import { counted } from '../import/bundle.ts';
import { divisions, folderOf } from './divisions.ts';

async function importDivisions({ app }: TestApp, path: string) {
  const settings = { importer: 'ocd-divisions', input: path, strict: false, dryRun: false };
  return importFrom(app.engine, { actor: 'test', reason: null }, await openDivisions(path), settings);
}

t.test('divisions are jurisdictions that are found by any of their ids', async (t) => {
  const app = await testApp(t);
  const folder = folderOf(t, {
    'places.csv': divisions(
      // Places come before those they lie in.
      'us/state:xx/place:both,Both city,us/state:xx/county:both,one government,,,place-02',
      'us/state:xx/county:both,Both County,,,,,',
      'us/state:xx/county:both/school_district:both_unified,Both Unified,,,,,',
      'us/state:xx/place:both/ward:1,Ward 1,,,,,',
      'us/state:xx,Exampleton,,,,,',
      'us,United States,,,,,',
      'us/state:xx/place:not right,Wrong city,,,,,',
    ),
  });
  const first = await importDivisions(app, folder);
  t.same(counted(first), { jurisdiction: { created: 4, skipped: 2, failed: 1 } });
  t.same(
    first.tally.failures.map(({ line, pointer }) => [line, pointer]),
    [[8, '/record/division_id']],
  );
  const found = await app.call(
    'GET',
    '/v1/jurisdictions?identifier=ocd-division:ocd-division/country:us/state:xx/county:both&include=parent,children',
  );
  const [both] = found.body.data;
  t.equal(both.name, 'Both city');
  t.same(both.same_as, ['ocd-division/country:us/state:xx/county:both']);
  t.equal(both.parent.name, 'Exampleton');
  t.equal(both.children.data[0].name, 'Both Unified');
  const again = await importDivisions(app, folder);
  t.same(counted(again), { jurisdiction: { unchanged: 4, skipped: 2, failed: 1 } });
});
