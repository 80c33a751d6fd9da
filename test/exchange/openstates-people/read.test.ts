/** Reading people and committees: what of a file becomes which record, and what never enters. */
import t from 'tap';
import { openPeople } from '../../../src/exchange/openstates-people/read.ts';
import { endReasonOf } from '../../../src/exchange/openstates-people/roles.ts';
import { folderOf, readAll } from '../ocd-divisions/divisions.ts';
import { CITY, committee, file, files, id, person, STATE } from './people.ts';

async function read(t: Parameters<typeof folderOf>[0], given: Readonly<Record<string, string>> = files) {
  const all = await readAll(await openPeople(folderOf(t, given)));
  const bodies = (kind: string) => all.records.filter((one) => one.kind === kind).map(({ body }) => body);
  return { ...all, bodies };
}

t.test('a person is an official, known by its id and others', async (t) => {
  const [ana] = (await read(t)).bodies('official');
  t.match(ana, {
    name: 'Ana Ruiz',
    given_name: 'Ana',
    family_name: 'Ruiz',
    birth_date: '1970-05',
    image_url: 'https://example.org/{ana}.jpg',
    identifiers: [
      { scheme: 'ocd-person', identifier: id('1') },
      { scheme: 'legacy_openstates', identifier: 'CAL000999' },
      { scheme: 'ocd-person', identifier: id('77') },
      // A number would have lost its nought.
      { scheme: 'thomas', identifier: '01996' },
    ],
    other_names: [{ name: 'Ana Maria Ruiz' }, { name: 'A. Ruiz' }],
    links: [
      { url: 'https://example.org/ana', kind: 'homepage', note: 'homepage' },
      { url: 'https://twitter.com/anaruiz', kind: 'social', note: 'twitter' },
      { url: 'https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv', kind: 'social' },
      { url: 'https://example.org/people', kind: 'other', note: 'source: list' },
    ],
  });
  t.match(ana, { other_names: { length: 2 } });
});

t.test('offices enter, homes and extras never do', async (t) => {
  const { reads, bodies, left } = await read(t);
  t.same(bodies('official')[0]?.contact_details, [
    { type: 'email', value: 'ana@example.org' },
    { type: 'address', value: '1 Main St', label: 'Capitol office' },
    { type: 'voice', value: '555-0100', label: 'Capitol office' },
    { type: 'fax', value: '555-0101', label: 'North office' },
  ]);
  t.notMatch(JSON.stringify(reads), /Secret|extras/i);
  t.equal(left.filter(({ note }) => /may be a home/.test(note)).length, 2);
});

t.test('roles are offices over time, each with its party and seat', async (t) => {
  const offices = (await read(t))
    .bodies('membership')
    .filter(({ official_id }) => JSON.stringify(official_id).includes(id('1')));
  t.match(offices, [
    {
      role: 'Assembly member',
      role_raw: 'lower',
      seat: '07',
      party: 'Old Party',
      start_date: '2013-01-01',
      end_date: '2014-12-31',
      organization_id: { identifier: `${STATE}#lower` },
    },
    { role: 'Senator', party: 'New Party', end_reason: 'appointed_elsewhere' },
    {
      role: 'Mayor',
      end_date: '2030-12-31',
      organization_id: { identifier: `${CITY}#executive` },
      jurisdiction_id: {
        scheme: 'ocd-division',
        identifier: 'ocd-division/country:us/state:ca/place:lake_town',
      },
    },
    { role: 'Vice chair', role_raw: 'vice chair', organization_id: { identifier: committee('9') } },
  ]);
  t.ok(
    offices.every(({ standing = null }) => standing === null),
    'dates alone say what is current',
  );
});

t.test('of a former official an office without an end has ended', async (t) => {
  const bo = (await read(t))
    .bodies('membership')
    .filter(({ official_id }) => JSON.stringify(official_id).includes(id('2')));
  t.match(bo, [
    { standing: 'former' },
    { end_date: '2001' },
    { role: 'Lieutenant governor', end_reason: 'died' },
  ]);
  t.ok(bo.slice(1).every(({ standing }) => standing === null));
  const names = bo.map(({ identifiers }) => JSON.stringify(identifiers));
  t.equal(new Set(names).size, 3, 'two that began the same way are two');
});

t.test('bodies come before those who are in them, once each', async (t) => {
  const { bodies, records } = await read(t);
  t.same(
    bodies('organization').map(({ name, classification }) => [name, classification]),
    [
      ['Government of Lake Town', 'executive'],
      ['California Legislature', 'legislature'],
      ['California Assembly', 'lower'],
      ['California Senate', 'upper'],
      ['Government of California', 'executive'],
      ['Parks', 'committee'],
      ['Rivers', 'subcommittee'],
    ],
  );
  const committees = bodies('organization').slice(-2);
  t.match(committees, [
    { parent_id: { identifier: `${STATE}#lower` }, other_names: [{ name: 'Committee on Parks' }] },
    { parent_id: { scheme: 'ocd-organization', identifier: committee('9') } },
  ]);
  t.same(
    [...new Set(records.flatMap(({ collection }) => collection ?? []))],
    [
      'people of ca',
      `roles of ${id('1')}`,
      `roles of ${id('2')}`,
      'committees of ca',
      `members of ${committee('9')}`,
    ],
  );
});

t.test('what is not taken is told, with the file', async (t) => {
  const { left } = await read(t);
  t.same(
    left.map(({ note }) => note),
    [
      `${CITY} (Lake Town) stands twice`,
      "Ana Ruiz: an office 'district' that may be a home",
      "Ana Ruiz: an office 'home' that may be a home",
      'Ana Ruiz: an address that is none of the web: ftp://example.org/list',
      'Ana Ruiz: an account of a kind that is not known here: myspace: ana',
      `Bo Lee: the identifier legacy_openstates:CAL000999, which is also that of ${file('legislature', 'Ana-Ruiz', '1')}: perhaps one person`,
      `Bo Lee: the identifier ocd-person:${id('1')}, which is also that of another file of this input: perhaps one person`,
      'Parks: the member Somebody Unknown, of whom the file has no person_id',
    ],
  );
});

t.test('an id that stands in two files is one person, and told of', async (t) => {
  const { bodies, left } = await read(t, {
    'a.yml': person('1', 'Ana Ruiz'),
    'b.yml': person('1', 'Ana Ruiz the Second'),
  });
  t.equal(bodies('official').length, 1);
  t.match(left, [
    { place: { file: 'b.yml' }, note: `${id('1')} (Ana Ruiz the Second) stands already in a.yml` },
  ]);
});

const wrong: readonly (readonly [
  why: string,
  content: string,
  line: number | null,
  pointer: string,
  message: RegExp,
])[] = [
  ['what is not YAML', `id: ${id('1')}\nname: [\n`, 3, '', /is not YAML/],
  ['a name that stands twice', person('1', 'A', 'name: B\n'), 3, '', /is not YAML: .*duplicate/i],
  ['an empty file', '', null, '', /is not YAML/],
  ['a person without a name', `id: ${id('1')}\n`, null, '/name', /required|missing/],
  [
    'a role without a place',
    person('1', 'A', 'roles:\n- type: mayor\n'),
    null,
    '/roles/0/jurisdiction',
    /required|missing/,
  ],
  [
    'a place that is none',
    person('1', 'A', 'roles:\n- type: mayor\n  jurisdiction: ca\n'),
    null,
    '/roles/0/jurisdiction',
    /./,
  ],
  [
    'a committee without a name',
    `id: ${committee('1')}\njurisdiction: ${STATE}\n`,
    null,
    '/name',
    /required|missing/,
  ],
  ['a list of something else', '- a\n- b\n', null, '/0', /./],
];
t.test('a file that is wrong fails alone', async (t) => {
  for (const [why, content, line, pointer, message] of wrong) {
    const { bad, bodies } = await read(t, { 'a.yml': content, 'b.yml': person('2', 'Bo Lee') });
    t.match(bad, [{ place: { file: 'a.yml', line }, faults: [{ pointer, message }] }], why);
    t.equal(bodies('official').length, 1, `${why}: the other is read`);
  }
});

t.test('a file of something else is left out', async (t) => {
  const { left } = await read(t, { 'settings.yml': 'parties:\n- Old Party\n' });
  t.match(left, [{ note: 'is neither a person, a committee nor a list of municipalities' }]);
});

const reasons: readonly (readonly [words: string, reason: string])[] = [
  ['Resigned to spend time with family', 'resigned'],
  ['Resigned after he was recalled', 'recalled'],
  ['Appointed as a judge', 'appointed_elsewhere'],
  ['Taking job at a company', 'appointed_elsewhere'],
  ['Deceased', 'died'],
  ['Expelled from the chamber', 'removed'],
  ['End of term', 'term_end'],
  ['To use passion and experience', 'other'],
];
t.test('why an office ended follows from the words for it', async (t) => {
  for (const [words, reason] of reasons) t.equal(endReasonOf(words), reason, words);
});
