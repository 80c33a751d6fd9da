/** Reading a council from the Web API, on its good days and its bad ones. No database. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Read } from '../../../src/exchange/import/record.ts';
import { openLegistar } from '../../../src/exchange/legistar-web/read.ts';
import { momentIn } from '../../../src/exchange/legistar-web/web-forms.ts';
import { council, readAll, type Served, serve } from './council.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
const bodiesOf = (reads: readonly Read[], kind: string): any[] =>
  reads.flatMap((read) => ('body' in read && read.kind === kind ? [read.body] : []));
const faults = (reads: readonly Read[]) =>
  reads.flatMap((read) =>
    'faults' in read ? read.faults.map(({ message }) => `${read.place.file}: ${message}`) : [],
  );
const id = (identifier: number | string) => ({ scheme: 'legistar-seatown', identifier: String(identifier) });
const paths = ({ asked }: Served) => asked.map(({ pathname }) => pathname.replace('/v1/seatown', ''));

t.test('a council is read whole', async (t) => {
  const served = await serve(t, council());
  const reads = await readAll(await served.open());
  t.same(faults(reads), []);
  t.match(bodiesOf(reads, 'jurisdiction'), [{ name: 'Seatown', classification: 'municipality' }]);
  t.match(bodiesOf(reads, 'organization'), [
    { name: 'Parks Committee', classification: 'committee', parent_id: id(9) },
    { name: 'City Council', classification: 'council' },
  ]);
  t.match(bodiesOf(reads, 'official'), [
    {
      name: 'Ann Ames',
      contact_details: [
        { type: 'email', value: 'ann@council.example' },
        { type: 'address', value: '1 City Hall\nSeatown, WA, 98000'.replace('WA, ', 'WA ') },
        { type: 'voice', value: '555-0100' },
      ],
    },
    { name: 'Bo Berg' },
  ]);
  t.match(bodiesOf(reads, 'membership'), [
    { official_id: id(1), organization_id: id(9), role: 'Council member', end_date: '2025-12-31' },
    { official_id: id(2), organization_id: id(7), role: 'Chair' },
  ]);
  const [bill, resolution] = bodiesOf(reads, 'policy');
  t.match(bill, {
    type: 'ordinance',
    identifier: 'CB 101',
    title: 'AN ORDINANCE relating to parks',
    status: 'passed',
    introduced_on: '2024-01-09',
    links: [{ url: 'https://seatown.legistar.com/gateway.aspx?m=l&id=/matter.aspx?key=101' }],
  });
  t.match(resolution, { type: 'resolution', title: 'A RESOLUTION' });
  t.same(
    bodiesOf(reads, 'action').map(({ date, position }) => [position, date]),
    [
      [1, '2024-01-09'],
      [2, '2024-02-06'],
    ],
    'in the order of their days',
  );
  t.same(
    bodiesOf(reads, 'sponsorship').map(({ name, classification }) => [name, classification]),
    [
      ['Ann Ames', 'primary'],
      ['Bo Berg', 'cosponsor'],
    ],
    'those of the latest version',
  );
  t.match(bodiesOf(reads, 'vote_event'), [
    {
      votes: [
        { name: 'Ann Ames', option: 'yes', option_raw: 'In Favor' },
        { name: 'Bo Berg', option: 'absent' },
      ],
    },
  ]);
  t.match(bodiesOf(reads, 'policy_version'), [{ text: 'Parks are open.', identifiers: [id(72)] }]);
  const relations = bodiesOf(reads, 'relation');
  t.equal(relations.length, 2);
  t.same(relations[0], relations[1], 'told of from both sides, and one');
  t.match(bodiesOf(reads, 'meeting'), [
    {
      date: '2024-02-06T14:00',
      status: 'passed',
      agenda: [{ action: 'Present: Ann Ames' }, { policy_id: id(101) }],
    },
  ]);
  t.ok(reads.some((read) => 'note' in read && read.note === 'A Clerk has held no office'));
});

t.test('only what has changed is asked for with --since', async (t) => {
  const served = await serve(t, council());
  const reads = await readAll(await served.open({ since: '2024-02-15T00:00:00.000Z' }));
  t.same(
    bodiesOf(reads, 'policy').map(({ identifier }) => identifier),
    ['CB 102'],
  );
  t.same(bodiesOf(reads, 'meeting'), []);
  t.ok(reads.every((read) => !('collection' in read) || !/Matters$/.test(read.collection ?? '')));
  const filter = served.asked.find(
    ({ pathname, search }) => pathname.endsWith('/Matters') && /filter/.test(search),
  );
  t.match(
    filter?.searchParams.get('$filter'),
    /^MatterId gt 0 and \(MatterLastModifiedUtc gt datetime'2024-02-15T00:00:00'/,
  );
});

t.test('long lists are read page by page, in the order of ids', async (t) => {
  const many = council();
  many.lists['/Persons'] = Array.from({ length: 2500 }, (_, at) => ({
    PersonId: 2500 - at,
    PersonFullName: `P ${at}`,
  }));
  many.lists['/Matters/102/Attachments'] = Array.from({ length: 1200 }, (_, at) => ({
    MatterAttachmentId: at + 1,
    MatterAttachmentName: 'A',
  }));
  const served = await serve(t, many);
  const reads = await readAll(await served.open());
  t.equal(
    reads.filter(({ place }) => place.file.startsWith('Persons/')).length,
    2502,
    'all, and two offices',
  );
  t.equal(bodiesOf(reads, 'document').length, 1202);
  t.equal(paths(served).filter((path) => path === '/Persons').length, 3);
});

t.test('a list that comes whole whatever page is asked for is taken once', async (t) => {
  const many = council();
  const all = Array.from({ length: 1000 }, (_, at) => ({
    MatterAttachmentId: at + 1,
    MatterAttachmentName: 'A',
  }));
  many.things['/Matters/102/Attachments'] = all as never;
  delete many.lists['/Matters/102/Attachments'];
  const reads = await readAll(await (await serve(t, many)).open());
  t.equal(bodiesOf(reads, 'document').length, 1002);
});

t.test('what fails for the time being is tried again, later and later', async (t) => {
  const rows = [
    ['a 500', { status: 500 }],
    ['a page that is not JSON', { status: 200, text: '<html>' }],
    ['a 503', { status: 503 }],
  ] as const;
  for (const [what, trouble] of rows) {
    const served = await serve(t, council(), (path, times) =>
      path === '/Matters/101/Sponsors' && times < 4 ? trouble : undefined,
    );
    const reads = await readAll(await served.open());
    t.same(faults(reads), [], what);
    t.same(
      served.waits.filter((ms) => ms >= 1000),
      [1000, 2000, 4000],
      what,
    );
  }
});

t.test('a 429 is waited for as long as it says', async (t) => {
  const headers = { 'retry-after': '30' };
  const served = await serve(t, council(), (path, times) =>
    path === '/Bodies' && times === 1 ? { status: 429, headers } : undefined,
  );
  t.same(faults(await readAll(await served.open())), []);
  t.same(
    served.waits.filter((ms) => ms >= 1000),
    [30_000],
  );
});

t.test('requests are sent no faster than is set', async (t) => {
  const served = await serve(t, council());
  await readAll(await served.open({ environment: { LEGISTAR_RATE: '4' } }));
  t.same(new Set(served.waits), new Set([250]));
  t.equal(served.waits.length, served.asked.length - 1);
});

t.test('what is never given fails alone', async (t) => {
  const served = await serve(t, council(), (path) =>
    path === '/EventItems/1002/Votes' ? { status: 500 } : undefined,
  );
  const reads = await readAll(await served.open());
  t.match(faults(reads), [/^Matters\/101: .*\/EventItems\/1002\/Votes answers 500/]);
  t.equal(bodiesOf(reads, 'policy').length, 2);
});

t.test('a service that gives nothing any more ends the import', async (t) => {
  const served = await serve(t, council(), (path) =>
    /^\/Matters\/\d/.test(path) ? { status: 502 } : undefined,
  );
  await t.rejects(readAll(await served.open()), /neither are others given: run it again later/);
});

t.test('an import that ended in the middle asks for nothing twice', async (t) => {
  let down = true;
  const served = await serve(t, council(), (path) =>
    down && /^\/(Events|Matters\/103)/.test(path) && path !== '/Events' ? { status: 502 } : undefined,
  );
  const whole = await readAll(await (await serve(t, council())).open());
  const first = await served.open();
  let some = 0;
  for await (const _ of first.read(() => undefined)) {
    some += 1;
    if (some === 12) break;
  }
  down = false;
  const before = served.asked.length;
  // A line that was cut off in the middle is none.
  const [file] = readdirSync(served.folder) as [string];
  appendFileSync(join(served.folder, file), '{"of":"matter","id":103,"it');
  const second = await served.open();
  t.equal(second.fingerprint, first.fingerprint);
  const reads = await readAll(second);
  t.same(
    reads.map((read) => ('body' in read ? read.body : null)),
    whole.map((read) => ('body' in read ? read.body : null)),
  );
  const again = paths(served).slice(before);
  t.notOk(again.includes('/Matters/101/Histories'));
  t.notOk(again.includes('/Bodies'));
  const third = await served.open();
  t.equal(third.fingerprint, first.fingerprint, 'of one moment, as time stands still');
  const lines = readFileSync(join(served.folder, file), 'utf8').split('\n').length;
  t.equal(lines, 2, 'what was read to its end is fetched anew');
});

t.test('what was begun long ago, or of another moment, is not gone on with', async (t) => {
  const served = await serve(t, council());
  const first = await served.open();
  const [file] = readdirSync(served.folder) as [string];
  const path = join(served.folder, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace('2024-05-01', '2024-01-01'));
  t.equal((await served.open()).fingerprint, first.fingerprint);
  t.not((await served.open({ since: '2024-01-01T00:00:00.000Z' })).fingerprint, first.fingerprint);
});

t.test('tokens go with each request, and into no message', async (t) => {
  const served = await serve(t, council(), (path) => (path === '/Bodies' ? { status: 403 } : undefined));
  const environment = { LEGISTAR_TOKEN: 's3cret' };
  const error = await readAll(await served.open({ environment })).catch((thrown: Error) => thrown);
  t.match(error, { message: /answers 403: it wants another token in LEGISTAR_TOKEN/ });
  t.notMatch(String(error), /s3cret/);
  t.ok(served.asked.every(({ searchParams }) => searchParams.get('token') === 's3cret'));
});

t.test('what cannot be read is refused, and what would be right told', async (t) => {
  const { base, open, folder } = await serve(t, council());
  const environment = { LEGISTAR_FOLDER: folder };
  for (const [address, told] of [
    ['seattle', /'seattle' is not the address of a council: it must be as https/],
    ['ftp://webapi.legistar.com/v1/seattle', /is not the address of a council/],
    ['https://webapi.legistar.com/v1/seattle?token=x', /is not the address of a council/],
    [base, /it is not known which place 'seatown' is the council of: set LEGISTAR_DIVISION/],
  ] as const)
    await t.rejects(openLegistar(address, { environment }), told);
  for (const [setting, told] of [
    [{ LEGISTAR_RATE: 'fast' }, /LEGISTAR_RATE is 'fast': it must be a number/],
    [{ LEGISTAR_DIVISION: 'Seatown' }, /LEGISTAR_DIVISION is 'Seatown', which is not the id of a place/],
  ] as const)
    await t.rejects(open({ environment: setting }), told);
});

t.test('times are told by the local clock', (t) => {
  for (const [time, told] of [
    ['2:00 PM', '2024-02-06T14:00'],
    ['12:30 AM', '2024-02-06T00:30'],
    ['12:00 PM', '2024-02-06T12:00'],
    [' 9:05 a.m. ', '2024-02-06T09:05'],
    ['9AM', '2024-02-06T09:00'],
    ['after lunch', '2024-02-06'],
    ['13:00 PM', '2024-02-06'],
    [null, '2024-02-06'],
  ] as const)
    t.equal(momentIn('2024-02-06T00:00:00', time), told, String(time));
  t.equal(momentIn(null, '2:00 PM'), null);
  t.end();
});
