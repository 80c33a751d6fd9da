/** What is made of a scrape: the same of every run, and nothing of it in silence. No database. */
import t from 'tap';
import type { Read } from '../../../src/exchange/import/record.ts';
import { openOpenCivicData } from '../../../src/exchange/open-civic-data/read.ts';
import { bodiesOf, type Files, idIn, PLACE, readAll, scrape, written } from './scrape.ts';

const nameOf = (...facts: string[]) => ({ scheme: 'ocd-scrape', identifier: [PLACE, ...facts].join('|') });

/** The scrape with some files changed, by how their names begin. */
const changed = (change: (files: Files, id: (name: string) => string) => void): Files => {
  const files = scrape('one');
  change(files, idIn('one'));
  return files;
};

/** Adds fields to a file. */
// biome-ignore lint/suspicious/noExplicitAny: fields of files of every kind
const put = (files: Files, name: string, fields: any) => {
  files[name] = { ...(files[name] as object), ...fields };
};

const notes = (reads: readonly Read[]) =>
  reads.flatMap((read) => ('note' in read ? [`${read.kind}: ${read.note}`] : []));
const faults = (reads: readonly Read[]) =>
  reads.flatMap((read) =>
    'faults' in read ? read.faults.map(({ pointer, message }) => `${read.kind}${pointer} ${message}`) : [],
  );

t.test('another run of the scraper, with other ids in another order, gives the same records', async (t) => {
  const records = (run: string) =>
    readAll(t, scrape(run))
      .flatMap((read) => ('body' in read ? [JSON.stringify([read.kind, read.collection, read.body])] : []))
      .sort();
  t.same(records('two'), records('one'));
  t.ok(records('one').every((text) => !text.includes(idIn('one')('sb 1'))));
});

t.test('a bill is a policy with its parts', async (t) => {
  const reads = readAll(t, scrape('one'));
  const [, bill] = bodiesOf(reads, 'policy').sort((a, b) => (a.title < b.title ? 1 : -1));
  t.match(bill, {
    type: 'bill',
    type_raw: 'bill, appropriation',
    identifier: 'SB 1',
    short_title: 'Well Meters Act',
    summary: 'Meters for every well.',
    session: '2023',
    status: 'passed_one_chamber',
    status_basis: 'derived',
    status_as_of: '2023-02-01',
    introduced_on: '2023-01-10',
    topics: [{ identifier: 'Water' }, { identifier: 'Metering' }],
    identifiers: [nameOf('bill', '2023', 'SB1')],
  });
  t.same(
    bodiesOf(reads, 'action').map(({ position, date, classification }) => [
      position,
      date,
      ...classification,
    ]),
    [
      [1, '2023-01-10', 'introduction'],
      [2, '2023-01-11', 'referral-committee'],
      [3, '2023-02-01', 'passage'],
    ],
  );
  t.same(
    bodiesOf(reads, 'policy_version').map(({ label, url }) => [label, url]),
    [
      ['Introduced', 'https://leg.example/sb1%20in.pdf'],
      ['Introduced', 'https://leg.example/sb1.html'],
    ],
  );
  t.equal(new Set(bodiesOf(reads, 'relation').map(({ identifiers }) => identifiers[0].identifier)).size, 1);
});

t.test('names are people of the scrape where they are one and no more', async (t) => {
  const [ann, berg, nobody] = bodiesOf(readAll(t, scrape('one')), 'sponsorship');
  t.same(ann.official_id, nameOf('person', 'Ann Ames'));
  t.same(berg.official_id, nameOf('person', 'Bo Berg'), 'by the family name');
  t.same(nobody.official_id, nameOf('person', 'Nobody Known'), 'whom an earlier import may have');
  const two = changed((files, id) => put(files, `person_${id('ann')}.json`, { family_name: 'Berg' }));
  const [, either] = bodiesOf(readAll(t, two), 'sponsorship');
  t.same(either.official_id, nameOf('one of several people', 'Berg'), 'whom nobody is');
});

t.test('what a scrape says no more of an office is emptied, and of a person stays', async (t) => {
  const reads = readAll(t, scrape('one'));
  const office = bodiesOf(reads, 'membership').find(({ seat }) => seat === '4');
  t.equal(office.end_date, null);
  t.notOk('birth_date' in bodiesOf(reads, 'official')[0]);
});

t.test('a chamber tells apart who has a name in both', async (t) => {
  const files = changed((all, id) => {
    put(all, `person_${id('ann')}.json`, { family_name: 'Berg' });
    put(all, `bill_${id('sb 1')}.json`, {
      sponsorships: ['upper', 'lower'].map((chamber) => ({
        name: 'Berg',
        classification: 'primary',
        entity_type: 'person',
        primary: true,
        person_id: `~${JSON.stringify({ name: 'Berg', chamber })}`,
      })),
    });
  });
  t.same(
    bodiesOf(readAll(t, files), 'sponsorship').map(({ official_id }) => official_id),
    [nameOf('person', 'Ann Ames'), nameOf('person', 'Bo Berg')],
  );
});

t.test('people of one name are told apart by birth dates or seats, or not at all', async (t) => {
  const namesakes = (one: object, other: object) =>
    readAll(
      t,
      changed((files, id) => {
        put(files, `person_${id('ann')}.json`, { name: 'Lee', identifiers: [], ...one });
        put(files, `person_${id('bo')}.json`, { name: 'Lee', ...other });
      }),
    );
  const called = (reads: Read[]) =>
    bodiesOf(reads, 'official')
      .map(({ identifiers }) => identifiers[0].identifier.split('|').at(-1))
      .sort();
  t.same(called(namesakes({ birth_date: '1960' }, { birth_date: '1990' })), ['born 1960', 'born 1990']);
  t.same(called(namesakes({}, {})), ['lower seat 12', 'upper seat 4']);
  const files = changed((all, id) => {
    for (const name of ['ann', 'bo']) put(all, `person_${id(name)}.json`, { name: 'Lee', identifiers: [] });
    for (const name of ['ann senate', 'bo house']) delete all[`membership_${id(name)}.json`];
  });
  t.match(faults(readAll(t, files)), [
    /^official\/name 'Lee' is the name of several people/,
    /^official\/name/,
  ]);
});

t.test('offices have seats and parties, and homes stay private', async (t) => {
  const reads = readAll(t, scrape('one'));
  t.match(
    bodiesOf(reads, 'membership').find(({ seat }) => seat === '4'),
    { role: 'member', party: 'Whig', start_date: '2023-01-03' },
  );
  t.match(bodiesOf(reads, 'organization').at(-1), { name: 'Whig', classification: 'party' });
  t.notMatch(JSON.stringify(reads), /Elm St/);
  t.ok(notes(reads).some((note) => note.includes('at home: 1 left out')));
});

t.test('a vote names its action, and counts what its words mean', async (t) => {
  const [vote] = bodiesOf(readAll(t, scrape('one')), 'vote_event');
  t.match(vote, {
    policy_id: nameOf('bill', '2023', 'SB1'),
    result: 'pass',
    counts: [
      { option: 'yes', value: 1 },
      { option: 'not_voting', value: 1 },
    ],
    votes: [
      { name: 'A. Ames', official_id: nameOf('person', 'Ann Ames'), option: 'yes' },
      { name: 'Cole', option: 'not_voting', option_raw: 'not voting: ill' },
    ],
  });
  t.match(vote.action_id.identifier, /Passed the Senate/);
});

t.test('a vote finds its bill by what it says of it', async (t) => {
  const policies = (fields: object) => {
    const files = changed((all, id) => put(all, `vote_event_${id('sb 1 passage')}.json`, fields));
    const reads = readAll(t, files);
    return [
      ...bodiesOf(reads, 'vote_event').map(({ policy_id }) =>
        policy_id.identifier.split('|').slice(1).join(' '),
      ),
      ...notes(reads).filter((note) => note.startsWith('vote')),
    ];
  };
  const spec = (more: object) => `~${JSON.stringify({ identifier: 'S.B. 01', ...more })}`;
  t.same(policies({ bill: spec({}) }), ['bill 2023 SB1']);
  t.same(policies({ bill: spec({ legislative_session__identifier: '2021' }) }), ['bill 2021 SB1']);
  t.same(policies({ bill: null, bill_identifier: 'sb 1' }), ['bill 2023 SB1']);
  t.same(policies({ bill: null, related_bill_ids: [spec({}), '~{"identifier": "HB 2"}', spec({})] }), [
    'bill 2023 SB1',
    'bill 2023 HB2',
  ]);
  t.match(policies({ bill: null }), [/^vote_event: 'Passage' is about no bill/]);
});

t.test('an event is a meeting of its host, and each bill on its agenda an item', async (t) => {
  const reads = readAll(t, scrape('one'));
  const [meeting] = bodiesOf(reads, 'meeting');
  t.match(meeting, { date: '2023-01-20T10:00:00-05:00', status: 'passed', location: 'Room 2' });
  t.match(meeting.organization_id.identifier, /committee\|Finance\|upper$/);
  t.same(
    meeting.agenda.map(
      ({ title, policy_id }: { title: string; policy_id: { identifier: string } | null }) => [
        title,
        policy_id?.identifier.split('|').at(-1),
      ],
    ),
    [
      ['Water bills', undefined],
      ['Bills: SB 1', 'SB1'],
      ['Bills: HB 2', 'HB2'],
      ['Public comment', undefined],
    ],
  );
  t.same(
    bodiesOf(reads, 'document').flatMap(({ name, meeting_id }) => (meeting_id ? [name] : [])),
    ['Agenda', 'Recording'],
  );
});

t.test('a host that is only named is made from its name, where there is none', async (t) => {
  const files = changed((all, id) =>
    put(all, `event_${id('finance hearing')}.json`, {
      participants: [{ name: 'Rules', entity_type: 'organization', note: 'host' }],
    }),
  );
  const reads = readAll(t, files);
  const body = reads.find((read) => 'body' in read && read.body.name === 'Rules');
  t.match(body, {
    kind: 'organization',
    onlyIfNew: true,
    body: { identifiers: [nameOf('organization named', 'Rules')] },
  });
  t.same(bodiesOf(reads, 'meeting')[0].organization_id, nameOf('organization named', 'Rules'));
});

t.test('a bill on an agenda is of the session its meeting lies in', async (t) => {
  const sessionAt = (start_date: string) => {
    const files = changed((all, id) => put(all, `event_${id('finance hearing')}.json`, { start_date }));
    return bodiesOf(readAll(t, files), 'meeting')[0].agenda[1].policy_id?.identifier.split('|')[2];
  };
  t.equal(sessionAt('2023-08-02T10:00:00-05:00'), '2023', 'the regular one before the special');
  t.equal(sessionAt('2020-08-02'), undefined, 'none where none is known');
});

t.test('nothing is left out in silence', async (t) => {
  const told = notes(readAll(t, scrape('one'))).sort();
  t.match(told, [
    /^action: .*unknown classes: novelty/,
    /^meeting: .*participants: Ann Ames, chair/,
    /^official: /,
    /^policy: .*other titles: A bill on wells · other identifiers: LD 77/,
    /^relation: SB 1 is named as related to itself/,
  ]);
  t.equal(told.length, 5);
});

t.test('what is wrong with a file is told of that file alone', async (t) => {
  const rows: [what: string, change: (files: Files, id: (name: string) => string) => void, told: RegExp][] = [
    [
      'is no JSON',
      (files, id) => (files[`bill_${id('hb 2')}.json`] = '{"identifier": '),
      /^policy is not JSON/,
    ],
    [
      'has a list for a text',
      (files, id) => put(files, `bill_${id('hb 2')}.json`, { title: ['a'] }),
      /^policy\/title must be string/,
    ],
    [
      'has NUL in a text',
      (files, id) => put(files, `bill_${id('hb 2')}.json`, { title: 'a\0b' }),
      /^policy\/title has a NUL/,
    ],
    [
      'has half a letter',
      (files, id) => put(files, `bill_${id('hb 2')}.json`, { actions: [{ description: '\ud83d' }] }),
      /^policy\/actions\/0\/description has a lone surrogate/,
    ],
    [
      'is a bill that another is too',
      (files, id) => put(files, `bill_${id('hb 2')}.json`, { identifier: 'S.B. 001' }),
      /^policy is the same policy as another file/,
    ],
  ];
  for (const [what, change, told] of rows) {
    const reads = readAll(t, changed(change));
    t.match(faults(reads), [told], what);
    t.equal(faults(reads).length, 1, what);
    t.equal(bodiesOf(reads, 'policy').length, 1, `${what}: the other bill is read`);
  }
});

t.test('files that no scraper writes are named', async (t) => {
  t.match(
    notes(readAll(t, { ...scrape('one'), 'notes.txt': 'x' }))[0],
    /^null: is no file that scrapers write/,
  );
});

t.test('folders of scrapes are read one after another', async (t) => {
  const [one, two] = ['one', 'two'].map((run) => Object.entries(scrape(run)));
  const files = Object.fromEntries([
    ...(one ?? []).map(([name, contents]) => [`jf/${name}`, contents]),
    ...(two ?? []).map(([name, contents]) => [`kf/${name}`, contents]),
  ]);
  const reads = readAll(t, files);
  t.equal(bodiesOf(reads, 'jurisdiction').length, 2);
  t.ok(reads.some(({ place }) => place.file.startsWith('kf/bill_')));
});

t.test('an input that is no scrape is refused', async (t) => {
  t.throws(() => openOpenCivicData('/nowhere/at/all'), /cannot be read: there is no such file/);
  t.throws(() => openOpenCivicData(written(t, { 'a.txt': '' })), /has no files of a scrape/);
  const without = changed((files) => delete files[Object.keys(files)[0] as string]);
  t.throws(() => readAll(t, without), /has no jurisdiction_….json/);
  const both = changed(
    (files) =>
      (files['jurisdiction_x.json'] = { _id: 'ocd-jurisdiction/country:us/place:x/council', name: 'X' }),
  );
  t.throws(() => readAll(t, both), /several jurisdictions/);
});
