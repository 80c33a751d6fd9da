/** What is made of a Popolo document. No database. */
import t from 'tap';
import type { Read } from '../../../src/exchange/import/record.ts';
import { openPopolo } from '../../../src/exchange/popolo/read.ts';
import { ANN, document, readAll, written } from './document.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
const bodiesOf = (reads: readonly Read[], kind: string): any[] =>
  reads.flatMap((read) => ('body' in read && read.kind === kind ? [read.body] : []));
const notes = (reads: readonly Read[]) =>
  reads.flatMap((read) => ('note' in read ? [`${read.place.file}: ${read.note}`] : []));
const faults = (reads: readonly Read[]) =>
  reads.flatMap((read) =>
    'faults' in read
      ? read.faults.map(({ pointer, message }) => `${read.place.file}${pointer} ${message}`)
      : [],
  );
const own = (identifier: string) => ({ scheme: 'popolo-ruritania', identifier });
const ann = { scheme: 'popolo', identifier: ANN };

t.test('persons are officials, whose ids hold where they are UUIDs', async (t) => {
  const reads = await readAll(t, document());
  t.match(
    reads.find(({ kind }) => kind === 'official'),
    {
      id: ANN,
      body: {
        name: 'Ann Ames',
        birth_date: '1970-02',
        identifiers: [ann, { scheme: 'wikidata', identifier: 'Q1' }, { scheme: 'diet-no.', identifier: '7' }],
        contact_details: [{ type: 'voice' }, { type: 'email', value: 'ann@diet.example' }],
        links: [{ url: 'https://diet.example/ann', kind: 'homepage' }],
      },
    },
  );
  const [, bo] = bodiesOf(reads, 'official');
  t.same(bo.identifiers, [own('bo')], 'an identifier that another has is not taken again');
  t.notMatch(JSON.stringify(reads), /Elm St/);
});

t.test(
  'memberships have the seat, party and time that their areas, posts, bodies and periods give',
  async (t) => {
    const [one, other] = bodiesOf(await readAll(t, document()), 'membership');
    t.match(one, {
      official_id: ann,
      organization_id: own('diet'),
      role: 'member',
      seat: 'Zenda',
      party: 'The Blues',
      start_date: '2019-05-01',
      end_date: '2023-04-30',
    });
    t.match(other, {
      official_id: own('bo'),
      role: 'Speaker',
      seat: 'Speaker of the Diet',
      start_date: '2020',
      end_date: '2021-06',
    });
  },
);

t.test('memberships are found under their persons and bodies too, each once', async (t) => {
  const membership = { id: 'm', person_id: 'bo', organization_id: 'diet', role: 'member' };
  const reads = await readAll(
    t,
    document({
      memberships: [],
      persons: [
        { id: 'bo', name: 'Bo', memberships: [{ id: 'm', organization_id: 'diet', role: 'member' }] },
      ],
      organizations: [
        { id: 'diet', name: 'Diet', memberships: [membership], posts: [{ id: 'p', label: 'Chair' }] },
      ],
    }),
  );
  t.equal(bodiesOf(reads, 'membership').length, 1);
  t.match(bodiesOf(reads, 'membership'), [{ official_id: own('bo'), organization_id: own('diet') }]);
  t.ok(notes(reads).some((note) => /stands in the document before/.test(note)));
});

t.test('motions are policies of the place of their body, and votes are theirs', async (t) => {
  const reads = await readAll(t, document());
  t.match(bodiesOf(reads, 'policy'), [
    {
      type: 'resolution',
      title: 'To build a bridge',
      jurisdiction_id: own('ruritania'),
      status: 'passed',
      introduced_on: '2020-01-02',
    },
  ]);
  t.match(bodiesOf(reads, 'vote_event'), [
    {
      policy_id: own('motion/1'),
      date: '2020-01-03',
      counts: [
        { option: 'yes', value: 2 },
        { option: 'not_voting', value: 0 },
      ],
      votes: [
        { name: ANN, official_id: ann, option: 'yes' },
        { name: 'Cy Cole', official_id: null, option: 'not_voting' },
      ],
    },
  ]);
  t.match(bodiesOf(reads, 'meeting'), [
    { name: 'First sitting', date: '2019-05-02T10:00:00+02:00', agenda: [{ title: 'Oaths' }] },
  ]);
});

t.test('areas that govern themselves are jurisdictions, and others seats', async (t) => {
  const reads = await readAll(t, document());
  t.match(bodiesOf(reads, 'jurisdiction'), [{ name: 'Ruritania', division_id: 'ocd-division/country:rr' }]);
  t.ok(notes(reads).some((note) => /'Zenda' is no place that governs itself/.test(note)));
});

t.test('nothing is left out in silence', async (t) => {
  t.same(notes(await readAll(t, document())).sort(), [
    "ruritania.json areas/1: 'Zenda' is no place that governs itself; offices have it as their seat",
    "ruritania.json events/0: '5th Diet' is a time; offices have its dates",
    'ruritania.json persons/0: has no place here: addresses: ftp://diet.example/ann · how to reach the person at home: 1 left out',
    'ruritania.json persons/1: has no place here: identifiers that another has: wikidata:Q1',
    'ruritania.json speeches: 1 of speeches are not taken',
  ]);
});

t.test('what is wrong with an element is told of that alone', async (t) => {
  const text = JSON.stringify(document({ persons: ['PERSON'] })).replace('"PERSON"', '{"name": }');
  for (const [contents, told] of [
    [document({ persons: [{ id: 'a' }] }), /persons\/0\/name the field 'name' is required/],
    [document({ posts: [7] }), /posts\/0 must be object/],
    [document({ persons: [{ id: 'a', name: 'A\0' }] }), /persons\/0\/name has a NUL character/],
    [
      document({
        persons: [
          { id: 'a', name: 'A' },
          { id: 'a', name: 'B' },
        ],
      }),
      /persons\/1\/id has the id of another official/,
    ],
    [text, /persons\/0 is not JSON/],
  ] as const) {
    const reads = await readAll(t, contents);
    t.match(faults(reads), [told]);
    t.equal(bodiesOf(reads, 'organization').length, 2);
  }
});

t.test('an input that is none is refused', async (t) => {
  await t.rejects(openPopolo('/nowhere/at/all.json'), /cannot be read/);
  await t.rejects(readAll(t, '[1, 2]'), /is not one JSON object with lists/);
});

t.test('what things are called depends on the name of the file, and not where it is', async (t) => {
  const called = async (name: string) => {
    const reads: Read[] = [];
    for await (const read of (await openPopolo(written(t, document(), name))).read(() => undefined))
      reads.push(read);
    return bodiesOf(reads, 'organization')[0].identifiers[0].scheme;
  };
  t.equal(await called('Rur.json'), 'popolo-rur');
  t.equal(await called('ep-popolo-rur.json'), 'popolo-rur');
});
