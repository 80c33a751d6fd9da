/** Sittings as meetings with their agenda. */
import t from 'tap';
import { fromSitting } from '../../../src/exchange/legistar/meetings.ts';
import { bodies, called, client, item, notes, sitting } from './matter.ts';

const made = (more: Parameters<typeof sitting>[0]) => [...fromSitting(client, sitting(more))];
const meetingOf = (more: Parameters<typeof sitting>[0]) => bodies(made(more), 'meeting')[0];

t.test('a sitting is a meeting of its body, with its time and its papers', async (t) => {
  const drafts = made({
    comment: 'Jointly with\r\nthe Committee on Shade',
    location: 'City Hall ',
    page: 'https://example.org/40',
    agendaFile: 'https://example.org/40 agenda.pdf',
    minutesFile: 'minutes.pdf',
    recordings: ['https://example.org/40.mp4', 'https://example.org/40.mp4', '40.mp4'],
  });
  t.same(bodies(drafts, 'meeting'), [
    {
      organization_id: called('3'),
      name: 'Committee on Benches (Jointly with the Committee on Shade)',
      date: '2022-02-01T10:00:00-05:00',
      status: 'passed',
      location: 'City Hall',
      url: 'https://example.org/40',
      agenda: [],
      links: [{ url: 'https://example.org/40.mp4', kind: 'other', note: 'Recording' }],
      identifiers: [called('40')],
    },
  ]);
  t.match(bodies(drafts, 'document'), [
    { meeting_id: called('40'), classification: 'agenda', url: 'https://example.org/40%20agenda.pdf' },
    { classification: 'minutes', name: 'Minutes, Committee on Benches', media_type: 'application/pdf' },
  ]);
  t.same(notes(drafts), [
    ": '40.mp4' is no web address, and is not kept",
    "minutes: 'minutes.pdf' is no web address, and is not kept",
  ]);
});

t.test('whether it takes place follows from what stands of its agenda and minutes', async (t) => {
  const standings = [
    ['Final', 'Final', 'passed'],
    ['Final', 'Draft', 'confirmed'],
    ['Draft', 'Draft', 'tentative'],
    ['Deferred', 'Deferred', 'postponed'],
    ['Cancelled', 'Draft', 'cancelled'],
    ['Recessed', 'Recessed', 'passed'],
    ['Nobody knows', null, null],
  ] as const;
  for (const [agendaStatus, minutesStatus, status] of standings)
    t.equal(meetingOf({ agendaStatus, minutesStatus }).status, status, agendaStatus);
});

t.test('items stand as they came up; before there are minutes, as on the agenda', async (t) => {
  const titles = (items: Parameters<typeof item>[0][]) =>
    meetingOf({ items: items.map((one) => item(one)) }).agenda.map(
      ({ position, title }: { position: number; title: string }) => `${position} ${title}`,
    );
  t.same(
    titles([
      { id: 1, title: 'second', agendaSequence: 1, minutesSequence: 2 },
      { id: 2, title: 'first', agendaSequence: 0, minutesSequence: 1 },
    ]),
    ['1 first', '2 second'],
  );
  t.same(
    titles([
      { id: 1, title: 'second', agendaSequence: 2, minutesSequence: 0 },
      { id: 2, title: 'first', agendaSequence: 1, minutesSequence: 0 },
    ]),
    ['1 first', '2 second'],
  );
});

t.test('an item keeps the number of its matter, what was done, and who was there', async (t) => {
  const drafts = made({
    items: [
      item({
        id: 1,
        minutesSequence: 1,
        title: 'Roll Call ',
        number: '1.',
        agendaNote: 'ROLL CALL',
        rollCall: [
          { personId: 7, name: 'Ada Doe, Jr.', word: 'Present' },
          { personId: 8, name: 'Ben Roe ', word: 'Jury Duty' },
          { personId: 9, name: 'Cy Poe', word: 'Present' },
          { personId: 10, name: 'Di Noe', word: '' },
        ],
      }),
      item({
        id: 2,
        minutesSequence: 2,
        title: 'Benches\r\nin parks',
        matterId: 500,
        matterFile: 'Int 0001-2022',
        agendaNote: 'Preconsidered',
        sentence: 'A motion was made',
        action: 'Approved',
        passed: 'Pass',
      }),
      item({ id: 3, minutesSequence: 3, minutesNote: 'Also there: Eve Coe\r\n' }),
      item({ id: 4, minutesSequence: 4, title: ' ', number: '~coupled' }),
      item({ id: 5, minutesSequence: 5, matterId: 501 }),
    ],
  });
  t.same(bodies(drafts, 'meeting')[0].agenda, [
    {
      position: 1,
      title: '1. Roll Call',
      action: 'Present: Ada Doe, Jr.; Cy Poe\nJury Duty: Ben Roe\nNo word: Di Noe',
    },
    {
      position: 2,
      title: 'Int 0001-2022: Benches in parks\nPreconsidered',
      policy_id: called('500'),
      action: 'A motion was made',
      result: 'pass',
    },
    { position: 3, title: 'Also there: Eve Coe' },
    { position: 4, title: 'Matter 501', policy_id: called('501') },
  ]);
  t.same(notes(drafts), ['item 4: an item of the agenda has no words and no matter']);
});

t.test('a long account of what was done is cut where it must be, and said to be', async (t) => {
  const drafts = made({ items: [item({ title: 'Speech', minutesNote: `${'x'.repeat(1999)}😀 and on` })] });
  const [{ agenda }] = bodies(drafts, 'meeting');
  t.equal(agenda[0].action, 'x'.repeat(1999), 'and not within a character');
  t.same(notes(drafts), [
    'item 900: what was done is 2008 characters long, of which the first 2000 are kept',
  ]);
});
