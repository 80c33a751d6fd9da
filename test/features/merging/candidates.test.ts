/** Finding records that may be one among those of a tracker, and merging them as they are offered. */
import t, { type Test } from 'tap';
import type { Candidates } from '../../../src/features/merging/candidate.ts';
import { jurisdictionsToMerge } from '../../../src/features/merging/jurisdictions.ts';
import { officialsToMerge } from '../../../src/features/merging/officials.ts';
import { organizationsToMerge } from '../../../src/features/merging/organizations.ts';
import { writer } from '../../http/writer.ts';

const LA = 'ocd-division/country:us/state:ca/place:los_angeles';
const US = 'ocd-division/country:us';

/** A tracker long after the seeds were brought in, in which each record is made a second after the other. */
async function later(t: Test) {
  const tracker = await writer(t);
  const { clock, make } = tracker;
  clock.now = new Date('2126-01-31T12:00:00.000Z');
  return {
    ...tracker,
    make: (path: string, body: object) => {
      clock.now = new Date(clock.now.getTime() + 1000);
      return make(path, body);
    },
  };
}

const slugs = ({ candidates }: Candidates) =>
  candidates.map(({ stays, merges }) => `${merges.slug} into ${stays.slug}`);

t.test('an official under three ids is offered, merged as offered, and then found no more', async (t) => {
  const { app, call, make, write } = await later(t);
  const { db } = app.engine;
  // Another import brought the city and the nation again, and Karen Bass twice.
  const city = await make('jurisdictions', {
    name: 'Los Angeles city',
    classification: 'municipality',
    same_as: [LA],
  });
  const nation = await make('jurisdictions', { name: 'USA', classification: 'country', division_id: US });
  const mayor = await make('officials', { name: 'Bass, Karen' });
  const member = await make('officials', { name: 'Karen R. Bass', birth_date: '1953-10-03' });
  await make('memberships', {
    official_id: mayor.id,
    jurisdiction_id: city.id,
    role: 'Mayor',
    start_date: '2022-12-12',
  });
  await make('memberships', {
    official_id: member.id,
    jurisdiction_id: nation.id,
    role: 'Representative',
    seat: 'CA-37',
    start_date: '2013-01-03',
    end_date: '2023-01-03',
  });
  // One of the same name elsewhere at that time is somebody else, as is one born on another day.
  const other = await make('officials', { name: 'Karen Bass', birth_date: '1990' });
  const far = {
    name: 'Springfield',
    classification: 'municipality',
    division_id: `${US}/state:il/place:springfield`,
  };
  const elsewhere = await make('jurisdictions', far);
  await make('memberships', {
    official_id: other.id,
    jurisdiction_id: elsewhere.id,
    role: 'Mayor',
    start_date: '2023',
  });

  const found = await officialsToMerge(db, 0.6);
  t.same(slugs(found).sort(), [
    'bass-karen into karen-bass',
    'karen-r-bass into bass-karen',
    'karen-r-bass into karen-bass',
  ]);
  const [best] = found.candidates;
  t.equal(best?.score, 0.95);
  t.same(
    best?.reasons.map(({ rule }) => rule),
    ['same_name', 'same_office'],
  );
  t.same(best?.request, {
    method: 'POST',
    path: `/v1/officials/${mayor.id}/merge`,
    body: { into: best?.stays.id },
  });

  for (let left = found; left.candidates[0]; left = await officialsToMerge(db, 0.6)) {
    const { method, path, body } = left.candidates[0].request;
    t.equal((await call(method, path, { key: write, body })).status, 200);
  }
  const { body } = await call('GET', '/v1/officials/karen-bass?include=memberships');
  t.equal(body.memberships.data.length, 3);
  t.equal((await call('GET', `/v1/officials/${member.id}`)).status, 308);
  t.equal((await call('GET', `/v1/officials/${other.id}`)).status, 200);
});

t.test('a place under one division id is offered, and what was another kind of place is not', async (t) => {
  const { app, make } = await later(t);
  await make('jurisdictions', { name: 'Los Angeles city', classification: 'municipality', division_id: LA });
  await make('jurisdictions', { name: 'Old Pueblo', classification: 'territory', same_as: [LA] });
  await make('jurisdictions', { name: 'Los Angeles', classification: 'municipality' });
  const found = await jurisdictionsToMerge(app.engine.db, 0.6);
  t.same(slugs(found), ['los-angeles-city into los-angeles']);
  t.equal(found.candidates[0]?.score, 1);
});

t.test('a body of one name in one place is offered, not those of other chambers and places', async (t) => {
  const { app, make } = await later(t);
  const [upper, lower] = [
    await make('organizations', { name: 'Senate', jurisdiction_id: 'california', classification: 'upper' }),
    await make('organizations', { name: 'Assembly', jurisdiction_id: 'california', classification: 'lower' }),
  ];
  const rules = { name: 'Rules', jurisdiction_id: 'california', classification: 'committee' };
  await make('organizations', { ...rules, slug: 'rules-of-the-senate', parent_id: upper.id });
  await make('organizations', { ...rules, slug: 'rules-of-the-assembly', parent_id: lower.id });
  await make('organizations', {
    name: 'Committee on Rules',
    slug: 'rules-again',
    other_names: [{ name: 'RULES' }],
    jurisdiction_id: 'california',
    parent_id: lower.id,
  });
  await make('organizations', {
    name: 'Los Angeles City Council',
    slug: 'council-of-boston',
    jurisdiction_id: 'boston',
  });
  const again = await make('jurisdictions', {
    name: 'L.A.',
    classification: 'municipality',
    division_id: LA,
  });
  await make('organizations', {
    name: 'Los Angeles City Council',
    slug: 'council-again',
    jurisdiction_id: again.id,
  });
  const found = await organizationsToMerge(app.engine.db, 0.6);
  t.same(slugs(found).sort(), [
    'council-again into los-angeles-city-council',
    'rules-again into rules-of-the-assembly',
  ]);
});
