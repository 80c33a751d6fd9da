/** People and bodies: officials, the offices they held, and the organizations these were in. */
import t from 'tap';
import { fromBody, fromPlace } from '../../../src/exchange/legistar/bodies.ts';
import { fromPerson } from '../../../src/exchange/legistar/people.ts';
import { bodies, called, client, notes, person } from './matter.ts';

const made = (more: Parameters<typeof person>[0]) => [...fromPerson(client, person(more))];
const officialOf = (more: Parameters<typeof person>[0]) => bodies(made(more), 'official')[0];
const office = {
  id: 30,
  bodyId: 1,
  title: 'Council Member',
  memberType: null,
  start: '2022-01-01',
  end: null,
};

t.test('a person is an official, reached as the source says', async (t) => {
  t.same(
    officialOf({
      fullName: 'Ada B.  Doe\r\n',
      email: 'doe@example.org ',
      website: 'example.org/doe',
      contacts: [{ type: 'address', label: 'district office', value: '1 Main St\nNowhere' }],
    }),
    {
      name: 'Ada B. Doe',
      given_name: 'Ada B.',
      family_name: 'Doe',
      contact_details: [
        { type: 'email', value: 'doe@example.org' },
        { type: 'address', label: 'district office', value: '1 Main St\nNowhere' },
      ],
      links: [{ url: 'http://example.org/doe', kind: 'official_profile' }],
      identifiers: [called('7')],
    },
  );
  t.same(notes(made({ website: 'mailto:doe@example.org' })), [
    ": 'mailto:doe@example.org' is no web address, and is not kept",
  ]);
});

t.test('somebody who is listed again under an office stays apart, with the name they share', async (t) => {
  t.match(officialOf({ fullName: 'The Public Advocate (Ms. Doe)', firstName: 'Ada', lastName: 'Ms. Doe' }), {
    name: 'The Public Advocate (Ms. Doe)',
    honorific: 'Ms.',
    family_name: 'Doe',
    other_names: [{ name: 'Ada Doe' }],
  });
  t.notOk('other_names' in officialOf({}));
});

t.test('offices have a role, beside the source’s words for it', async (t) => {
  const roles = [
    [
      1,
      'Council Member',
      'PRIMARY COUNCIL MEMBERS',
      'Council member',
      'Council Member (PRIMARY COUNCIL MEMBERS)',
    ],
    [3, 'Council Member', null, 'Member', 'Council Member'],
    [3, 'CHAIRPERSON', 'CHAIR', 'Chair', 'CHAIRPERSON (CHAIR)'],
    [3, '', 'CHAIR', 'Chair', 'CHAIR'],
    [1, '', 'PRIMARY PUBLIC ADVOCATE', 'Public advocate', 'PRIMARY PUBLIC ADVOCATE'],
    [1, 'The Speaker', null, 'Speaker', 'The Speaker'],
    [1, 'Majority Whip', null, 'Majority whip', 'Majority Whip'],
    [3, ' ', null, 'Member', undefined],
  ] as const;
  for (const [bodyId, title, memberType, role, raw] of roles) {
    const [held] = bodies(made({ offices: [{ ...office, bodyId, title, memberType }] }), 'membership');
    t.same([held.role, held.role_raw], [role, raw]);
  }
  const drafts = made({ offices: [office, { ...office, id: 31, bodyId: 9 }] });
  t.same(bodies(drafts, 'membership'), [
    {
      official_id: called('7'),
      organization_id: called('1'),
      role: 'Council member',
      role_raw: 'Council Member',
      start_date: '2022-01-01',
      identifiers: [called('30')],
    },
  ]);
  t.same(notes(drafts), ['office 31: is of body 9, which is none']);
});

t.test('bodies are organizations under their newest name; offices among them are offices', async (t) => {
  const body = (id: number, name: string, formerNames: string[] = []) =>
    fromBody(client, { id, name, type: null, formerNames });
  t.same(bodies([body(1, 'City Council')], 'organization'), [
    {
      name: 'Nowhere City Council',
      classification: 'council',
      jurisdiction_id: client.place.identifiers[0],
      other_names: [{ name: 'City Council', note: 'as Legistar has it' }],
      identifiers: [called('1')],
    },
  ]);
  t.match(
    bodies([body(3, 'Committee on Benches \r\n', ['BENCHES', 'Committee on Benches'])], 'organization'),
    [{ name: 'Committee on Benches', parent_id: called('1'), other_names: [{ name: 'BENCHES' }] }],
  );
  const [mayor] = bodies([body(31, 'Mayor')], 'organization');
  t.equal(mayor.classification, 'executive');
  t.notOk('parent_id' in mayor, 'the mayor is no part of the council');
  t.same(notes([body(9, 'Withdrawn')]), ["body 9: 'Withdrawn' is listed as a body and is none"]);
});

t.test('the place is there for references, and gives way to what others know of it', async (t) => {
  t.same(fromPlace(client), { kind: 'jurisdiction', at: '', body: client.place, onlyIfNew: true });
});
