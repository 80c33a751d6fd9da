/** Reading a copy of the council's Legistar: every file is accounted for. */
import t, { type Test } from 'tap';
import { openNycCouncil } from '../../../src/exchange/nyc-council/read.ts';
import { folderOf, readAll } from '../ocd-divisions/divisions.ts';
import { ada, copy, matter, person } from './copy.ts';

const opened = (t: Test, more: Parameters<typeof copy>[0] = {}, since?: string) =>
  openNycCouncil(folderOf(t, copy(more)), since === undefined ? {} : { since });
const read = async (t: Test, more: Parameters<typeof copy>[0] = {}, since?: string) =>
  readAll(await opened(t, more, since));

/** How many records there are of each kind. */
const kinds = (records: readonly { kind: string }[]) => {
  const counts: Record<string, number> = {};
  for (const { kind } of records) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

t.test(
  'a copy gives the place, its bodies, people, matters, what was put forward again, and meetings',
  async (t) => {
    const input = await opened(t);
    const { records, left, bad, progress } = await readAll(input);
    t.same(kinds(records), {
      jurisdiction: 1,
      organization: 2,
      official: 2,
      membership: 2,
      policy: 3,
      sponsorship: 6,
      action: 5,
      vote_event: 1,
      document: 4,
      policy_version: 3,
      relation: 1,
      meeting: 1,
    });
    t.same([...new Set(records.map(({ kind }) => kind))].slice(0, 4), [
      'jurisdiction',
      'organization',
      'official',
      'membership',
    ]);
    t.same(bad, []);
    t.equal(progress, input.total);
    t.same(
      left.map(({ kind, place, note }) => `${place.file} (${kind}): ${note}`),
      [
        'introduction/2018/0003.json sponsor 2 (sponsorship): the source names nobody here',
        'introduction/2022/0001.json sponsor 2 (sponsorship): the source names nobody here',
        'introduction/2022/0002.json sponsor 2 (sponsorship): the source names nobody here',
        'resubmit/2022.json resubmission 2 (relation): Int 0001-2022 is Int 0099-2014 put forward again, but Int 0099-2014 is not in the input',
      ],
    );
  },
);

t.test('it gives the same in the same order when it is read again', async (t) => {
  const input = await opened(t);
  t.same((await readAll(input)).reads, (await readAll(input)).reads);
  t.equal((await opened(t)).fingerprint.length, 64);
});

t.test('records say where they stand, and which set they belong to', async (t) => {
  const { records } = await read(t);
  const places = (kind: string) =>
    records.filter((one) => one.kind === kind).map(({ place, collection }) => [place.file, collection]);
  t.same(places('policy')[1], ['introduction/2022/0001.json', 'introduction/2022']);
  t.same(places('vote_event'), [['introduction/2022/0002.json history 5011', 'introduction/2022']]);
  t.same(places('official')[0], ['people/ada-doe.json', 'people']);
  t.same(places('relation'), [['resubmit/2022.json resubmission 1', 'resubmit/2022.json']]);
  t.same(
    places('organization')[0]?.[1],
    undefined,
    'bodies are where they are mentioned, so no set has them all',
  );
});

t.test('times without a true zone stay on their day, and zero dates are none', async (t) => {
  const { records } = await read(t);
  const actions = records.filter(({ kind }) => kind === 'action');
  t.equal(actions[0]?.body.date, '2022-01-20', 'half past eleven at night is not the next day');
  const policy = records.find(({ body }) => body.identifier === 'Int 0001-2022');
  t.equal(policy?.body.final_action_on, null);
  t.equal(records.find(({ kind }) => kind === 'meeting')?.body.date, '2022-02-01T10:00:00-05:00');
});

t.test('votes stand as they were called', async (t) => {
  const { records } = await read(t);
  t.match(records.find(({ kind }) => kind === 'vote_event')?.body.votes, [
    { position: 1, name: 'Ben Roe' },
    { position: 2, name: 'Ada Doe' },
  ]);
});

t.test('a bill that was put forward again is found by its number, however that is written', async (t) => {
  const { records } = await read(t);
  t.match(records.find(({ kind }) => kind === 'relation')?.body, {
    type: 'prior_session',
    subject_id: { scheme: 'legistar-nyc', identifier: '501' },
    object_id: { scheme: 'legistar-nyc', identifier: '300' },
  });
  const twice = {
    Resubmitted: [
      { FromFile: 'Int 0001-2022', ToFile: 'int 0001-2022' },
      { FromFile: 'A', ToFile: 'B' },
    ],
  };
  const { left } = await read(t, { 'resubmit/2022.json': twice });
  t.match(left.slice(-2), [
    { note: 'int 0001-2022 is Int 0001-2022 put forward again, but it names one bill twice' },
    { note: 'B is A put forward again, but A and B is not in the input' },
  ]);
});

t.test('of a matter that stands in two files the one that was changed later counts', async (t) => {
  const older = matter(500, 'Int 0001-2022', {
    TypeName: 'Resolution',
    LastModified: '2022-12-31T23:59:59.9Z',
  });
  const newer = { ...older, LastModified: '2024-01-01T00:00:00Z' };
  for (const [other, kept, dropped] of [
    [older, 'introduction/2022/0001.json', 'resolution/2022/0001.json'],
    [newer, 'resolution/2022/0001.json', 'introduction/2022/0001.json'],
  ] as const) {
    const { records, left } = await read(t, { 'resolution/2022/0001.json': other });
    const policies = records.filter(({ body }) => body.identifier === 'Int 0001-2022');
    t.same(
      policies.map(({ place }) => place.file),
      [kept],
    );
    t.same(
      left.filter(({ kind }) => kind === 'policy').map(({ place, note }) => [place.file, note]),
      [[dropped, `the same matter stands in ${kept}, where it was changed later`]],
    );
  }
});

t.test('a body that was called something else in older files has the newest name', async (t) => {
  const older = matter(300, 'Int 0003-2018', { BodyID: 3, BodyName: 'Committee on Seats "and" Benches' });
  const { records } = await read(t, { 'introduction/2018/0003.json': older });
  t.match(
    records.find(({ kind, body }) => kind === 'organization' && body.name === 'Committee on Benches'),
    {
      body: { other_names: [{ name: 'Committee on Seats "and" Benches' }] },
    },
  );
});

t.test(
  'what is listed as a body and is none, and files that are nothing of the council’s, are left out',
  async (t) => {
    const { records, left } = await read(t, {
      'introduction/2022/0001.json': matter(500, 'Int 0001-2022', { BodyID: 5267, BodyName: 'Withdrawn' }),
      'people/appendix/people_metadata.json': {},
      'last_sync.json': {},
      '.github/hidden.json': {},
      'README.md': 'text',
    });
    t.same(
      left
        .filter(({ kind }) => kind === null || kind === 'organization')
        .map(({ place, note }) => [place.file, note]),
      [
        ['introduction/2022/0001.json body 5267', "'Withdrawn' is listed as a body and is none"],
        ['last_sync.json', 'is not a matter, meeting or person of the council'],
        ['people/appendix/people_metadata.json', 'is not a matter, meeting or person of the council'],
      ],
    );
    t.equal(records.filter(({ kind }) => kind === 'organization').length, 2);
  },
);

t.test('a file that is not as it should be fails alone', async (t) => {
  const { records, bad } = await read(t, {
    'introduction/2022/0001.json': '{"ID": 500,',
    'introduction/2022/0002.json': matter(501, 'Int 0002-2022', { History: [{ ID: 'one' }], Title: 7 }),
    'people/ben-roe.json': { ID: 8 },
    'events/2022/2022-02-01_10_00_benches_40.json': '[]',
    'resubmit/2022.json': { Resubmitted: [{ FromFile: 'Int 0003-2018' }] },
  });
  t.match(
    bad.map(({ kind, place, faults }) => [
      place.file,
      kind,
      faults.map(({ pointer, message }) => [pointer, message]),
    ]),
    [
      ['people/ben-roe.json', 'official', [['/FullName', /missing|required/]]],
      ['introduction/2022/0001.json', 'policy', [['', /^is not JSON in UTF-8: /]]],
      [
        'introduction/2022/0002.json',
        'policy',
        [
          ['/Title', /./],
          ['/History/0/ID', /./],
        ],
      ],
      ['resubmit/2022.json', 'relation', [['/Resubmitted/0/ToFile', /./]]],
      ['events/2022/2022-02-01_10_00_benches_40.json', 'meeting', [['', /./]]],
    ],
  );
  t.same(kinds(records).official, 1);
  t.same(kinds(records).policy, 1);
});

t.test(
  'since an instant it gives only the files in which something has changed, with all bodies',
  async (t) => {
    const changes = {
      // A part of a matter can change while the matter itself says nothing of it.
      'introduction/2022/0001.json': matter(500, 'Int 0001-2022', {
        Attachments: [
          { ID: 5000, LastModified: '2023-02-01T00:00:00Z', Name: 'Memo', Link: 'https://example.org/m.pdf' },
        ],
      }),
      'people/ada-doe.json': person(ada, { LastModified: '2023-02-01T00:00:00.5Z' }),
      'people/ben-roe.json': { ID: 8, FullName: 'Ben Roe' },
    };
    const { records } = await read(t, changes, '2023-01-31T00:00:00Z');
    t.same(kinds(records), {
      jurisdiction: 1,
      organization: 2,
      official: 2,
      membership: 1,
      policy: 1,
      sponsorship: 2,
      action: 1,
      document: 1,
      policy_version: 1,
      relation: 1,
    });
    t.ok(
      records.every(({ collection }) => collection === undefined),
      'what is not given has not disappeared',
    );
    const all = (await read(t, changes, '2020-01-01T00:00:00Z')).records;
    t.equal(all.length, (await read(t, changes)).records.length);
  },
);

t.test('what is no copy cannot be opened, and says what is missing', async (t) => {
  const folder = folderOf(t, { 'a.json': '{}', 'people.txt': '' });
  const refusals = [
    [`${folder}/nothing`, /there is no such file or folder/],
    [`${folder}/a.json`, /is a file: nyc-council wants the folder/],
    [folder, /has none of introduction\//],
    [folderOf(t, { 'a.txt': '' }), /has no files that end in \.json/],
  ] as const;
  for (const [path, message] of refusals) await t.rejects(openNycCouncil(path, {}), { message });
});
