/** Reading files of divisions: which become jurisdictions, under what id, within what, and what is told of the rest. */
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { openDivisions } from '../../../src/exchange/ocd-divisions/read.ts';
import { standingOf } from '../../../src/exchange/ocd-divisions/types.ts';
import { divisions, folderOf, HEADER, readAll } from './divisions.ts';

const us = (path: string) => `ocd-division/country:us${path}`;

/** What the rows of one file give. */
async function read(t: Parameters<typeof folderOf>[0], ...rows: readonly string[]) {
  return readAll(await openDivisions(folderOf(t, { 'all.csv': divisions(...rows) })));
}

t.test('a row is a jurisdiction within the nearest place above that the input has', async (t) => {
  const { records, left, bad } = await read(
    t,
    'us,United States,,,,,',
    'us/state:xx,Exampleton,,,,,',
    'us/state:xx/county:north/school_district:lake_unified,lake unified,,,,,',
    'us/state:xx/place:lake,"Lake, Village of",,,,,place-0100',
    'us/state:yy/place:far,Far city,,,,,',
  );
  t.same([left, bad], [[], []]);
  t.same(
    records.map(({ body: { name, classification, parent_id } }) => [
      name,
      classification,
      (parent_id as { identifier: string } | undefined)?.identifier,
    ]),
    [
      ['United States', 'country', undefined],
      ['Exampleton', 'state', us('')],
      ['lake unified', 'school_district', us('/state:xx')],
      ['Lake, Village of', 'municipality', us('/state:xx')],
      ['Far city', 'municipality', us('')],
    ],
  );
  t.same(records[3]?.body.identifiers, [
    { scheme: 'ocd-division', identifier: us('/state:xx/place:lake') },
    { scheme: 'census-geoid', identifier: 'place-0100' },
  ]);
  t.same(records[3]?.place, { file: 'all.csv', line: 5 });
});

t.test('where the input has no place above, the one that may be here already is named', async (t) => {
  const { records } = await read(
    t,
    'us/state:xx/place:lake/ward:1,Ward 1,,,,,',
    'us/state:xx/place:lake,Lake,,,,,',
  );
  t.same(records[0]?.body.parent_id, { scheme: 'ocd-division', identifier: us('/state:xx') });
});

const standings: readonly (readonly [path: string, standing: object])[] = [
  ['', { classification: 'country' }],
  ['/state:ca', { classification: 'state' }],
  ['/territory:gu', { classification: 'territory' }],
  ['/district:dc', { classification: 'territory' }],
  ['/state:la/parish:orleans', { classification: 'county' }],
  ['/state:ak/census_area:nome', { classification: 'county' }],
  ['/territory:pr/municipio:ponce', { classification: 'county' }],
  ['/state:ca/county:kern/school_district:x', { classification: 'school_district' }],
  ['/state:ca/county:kern/water:x', { classification: 'special_district' }],
  ['/state:or/region:oregon_metro', { classification: 'special_district' }],
  ['/state:ca/county:kern/water:x/region:1', { part: 'region' }],
  ['/state:ca/place:x/council_district:1', { part: 'council_district' }],
  ['/state:ca/place:x/ward:1', { part: 'ward' }],
  ['/state:ca/cd:1', { part: 'cd' }],
  ['/state:ca/place:x/district:1', { part: 'district' }],
  ['/state:ca/moon:1', { unknown: 'moon' }],
  ['/state:ca/constructor:1', { unknown: 'constructor' }],
];
t.test('districts are parts of jurisdictions, school districts are jurisdictions', async (t) => {
  for (const [path, standing] of standings) t.same(standingOf(us(path)), standing, path);
  t.same(
    standingOf('ocd-division/country:ca/cd:3520'),
    { classification: 'county' },
    'a census division of Canada',
  );
  t.same(standingOf('nonsense'), { unknown: '' });
});

t.test('what is no jurisdiction is left out, each with its reason', async (t) => {
  const { records, left } = await read(
    t,
    'us/state:xx/place:lake/ward:1,Ward 1,,,,,',
    'us/state:xx/moon:1,Moon,,,,,',
    'us/state:xx,Exampleton,,,,,',
    'us/state:xx,Exampleton again,,,,,',
    'us/state:xx/place:old,,us/state:xx/place:gone,was part of it,,,',
  );
  t.equal(records.length, 1);
  t.same(
    left.map(({ note, place: { line } }) => [line, note]),
    [
      [2, `${us('/state:xx/place:lake/ward:1')} is a ward, a part of a jurisdiction and none itself`],
      [3, `${us('/state:xx/moon:1')} is of a type that is not known here: 'moon'`],
      [5, `${us('/state:xx')} stands already in all.csv:4`],
      [
        6,
        `${us('/state:xx/place:old')} is the same place as ${us('/state:xx/place:gone')}, of which this input has no row, and has no name of its own`,
      ],
    ],
  );
});

t.test('ids of one place are one record, with the others in same_as', async (t) => {
  const { records, left } = await read(
    t,
    'us/district:dd,Capital District,,,,,',
    'us/state:dd,,us/district:dd,,,,',
    'us/state:xx,Exampleton,,,,,',
    // The county is meant by the file; the city is what people call it.
    'us/state:xx/county:both,Both County,,,,,place-01',
    'us/state:xx/place:both,Both city,us/state:xx/county:both,one government,,,place-02',
    'us/state:xx/place:both_town,,us/state:xx/place:both,,,,',
    'us/state:xx/county:both/school_district:s,s,,,,,',
  );
  const [capital, , city, school] = records.map(({ body }) => body);
  t.same(capital?.same_as, [us('/state:dd')]);
  t.equal(city?.name, 'Both city');
  t.equal(city?.classification, 'municipality');
  t.same(city?.same_as, [us('/state:xx/county:both'), us('/state:xx/place:both_town')]);
  t.same(
    ((city?.identifiers ?? []) as { identifier: string }[]).map(({ identifier }) => identifier),
    [
      us('/state:xx/place:both'),
      us('/state:xx/county:both'),
      us('/state:xx/place:both_town'),
      'place-02',
      'place-01',
    ],
  );
  t.same(school?.parent_id, { scheme: 'ocd-division', identifier: us('/state:xx/place:both') });
  t.equal(left.length, 3);
});

t.test('what has a name or a time of its own is a record, though it is the same as another', async (t) => {
  const { records, left } = await read(
    t,
    'us/territory:tt,Old Territory,us/state:xx,,1804-10-01,1812-04-30,',
    'us/state:xx,Exampleton,,,,,',
    'us/state:xx/place:a,Aville,us/state:zz/place:b,,,,',
  );
  t.same(
    records.map(({ body: { name, same_as } }) => [name, same_as]),
    [
      ['Old Territory', [us('/state:xx')]],
      ['Exampleton', undefined],
      ['Aville', [us('/state:zz/place:b')]],
    ],
  );
  t.match(records[0]?.body, { valid_from: '1804-10-01', valid_through: '1812-04-30' });
  t.notOk('valid_from' in (records[1]?.body ?? {}));
  t.same(left, []);
});

t.test('ids that are the same in a circle stay apart', async (t) => {
  const { records } = await read(t, 'us/state:xx,X,us/state:yy,,,,', 'us/state:yy,Y,us/state:xx,,,,');
  t.same(
    records.map(({ body }) => body.name),
    ['X', 'Y'],
  );
});

t.test('a place without a name has the one in its id', async (t) => {
  const { records } = await read(t, 'us/state:xx/place:saint_mary’s_o~brien,,,,,,');
  t.equal(records[0]?.body.name, 'Saint Mary’s O~Brien');
});

t.test('a number of the census that two rows have is the first one’s', async (t) => {
  const { records } = await read(t, 'us/state:xx,X,,,,,place-1', 'us/state:yy,Y,,,,,place-1');
  t.same(
    records.map(({ body }) => (body.identifiers as unknown[]).length),
    [2, 1],
  );
});

t.test('rows that are wrong fail alone, with their lines', async (t) => {
  const { records, bad, left } = await read(
    t,
    'us/state:xx,"X ""the"" ""state""",,,,,',
    'us/state:yy,Y',
    '',
    ',Nobody,,,,,',
  );
  t.equal(records[0]?.body.name, 'X "the" "state"');
  t.same(
    bad.map(({ place: { line }, faults: [fault] }) => [line, fault?.message]),
    [
      [3, 'has 2 cells'],
      [4, 'is blank'],
      [5, 'is blank'],
    ],
  );
  t.same(left, []);
});

t.test('columns that are not taken are told of once', async (t) => {
  const file = `\ufeffname,id,openstates_district\nX,${us('/state:xx')},7\nY,${us('/state:yy')},8\n`;
  const { records, left } = await readAll(await openDivisions(folderOf(t, { 'a.csv': file })));
  t.equal(records.length, 2);
  t.same(
    left.map(({ note }) => note),
    ['columns that are not taken: openstates_district'],
  );
});

const unreadable: readonly (readonly [why: string, content: string, message: RegExp])[] = [
  [
    'without its columns',
    'code,label\n1,one\n',
    /a\.csv does not begin with a line of names of columns, 'id' and 'name'/,
  ],
  ['of the file of another kind', '{"kind": "policy"}\n', /does not begin with/],
  ['with a quotation mark that is never closed', `${HEADER}\n"us,\n`, /a\.csv is not CSV: Quote Not Closed/],
];
t.test('a file that is no list of divisions is refused', async (t) => {
  for (const [why, content, message] of unreadable)
    await t.rejects(readAll(await openDivisions(folderOf(t, { 'a.csv': content }))), { message }, why);
  await t.rejects(openDivisions('/nowhere/at/all.csv'), { message: /no such file or folder/ });
  await t.rejects(openDivisions(folderOf(t, { 'a.txt': 'x' })), { message: /no files that end in \.csv/ });
});

t.test('a folder is taken together, packed or not, in the order of its names', async (t) => {
  const folder = folderOf(t, {
    'b/two.csv.gz': gzipSync(divisions('us/state:xx/place:both,,us/state:xx/county:both,,,,')),
    'a.csv': divisions('us/state:xx,X,,,,,', 'us/state:xx/county:both,Both,,,,,'),
    '.git/c.csv': divisions('us/state:zz,Z,,,,,'),
    'read.me': 'nothing',
  });
  const input = await openDivisions(folder);
  const { records, left, progress } = await readAll(input);
  t.same(records[1]?.body.same_as, [us('/state:xx/place:both')]);
  t.same(
    left.map(({ place }) => place),
    [{ file: 'b/two.csv.gz', line: 2 }],
  );
  t.equal(progress, input.total);
  t.equal((await openDivisions(folder)).fingerprint, input.fingerprint);
  t.not((await openDivisions(`${folder}/a.csv`)).fingerprint, input.fingerprint);
});
