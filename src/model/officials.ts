import { attached, byDate, byText, date, inOrder, kind, objects, text, url } from './declare.ts';
import { otherNames } from './names.ts';
import { linkKind } from './vocabularies.ts';

/** A person who holds, held or sought a public office (Popolo's Person). */
export const officials = kind({
  name: 'official',
  path: 'officials',
  table: 'officials',
  title: 'Official',
  description: 'A person who holds, held or sought a public office.',
  slugFrom: ['name'],
  belongs: { through: 'membership', by: 'official_id' },
  fields: {
    name: text('Name as commonly written.', { required: true, max: 500 }),
    given_name: text('Given name.', { max: 200 }),
    family_name: text('Family name.', { max: 200 }),
    honorific: text('Honorific, as Dr. or Hon.', { max: 100 }),
    other_names: otherNames(),
    birth_date: date('When the person was born.'),
    death_date: date('When the person died.'),
    image_url: url('A portrait.'),
    biography: text('Who the person is, in a few sentences.'),
    contact_details: objects('How the person’s office is reached (Popolo’s contact_details).', {
      type: text('What it is: email, voice, fax, address, url …', { required: true, max: 50 }),
      value: text('The address or number.', { required: true, max: 1000 }),
      label: text('Which one it is: district office, city hall …', { max: 200 }),
      note: text('A remark.', { max: 1000 }),
    }),
    current_memberships: attached('The offices held today, by the dates and standing of the memberships.', {
      kind: 'membership',
      by: 'official_id',
      running: true,
      fields: [
        'id',
        'organization_id',
        'jurisdiction_id',
        'role',
        'seat',
        'party',
        'standing',
        'start_date',
        'end_date',
      ],
    }),
  },
  links: linkKind,
  sorts: {
    name: byText('name'),
    family_name: { description: 'By family name, then name, case and accents folded.', key: familyFirst },
    birth_date: byDate(['birth_date'], 'By birth date.'),
  },
  defaultSort: 'name',
  searched: { names: ['name', 'other_names.name'], texts: ['biography'] },
  includes: {
    memberships: { many: 'membership', by: ['official_id'], also: ['organization'] },
    statements: { many: 'statement', by: ['official_id'] },
    sponsorships: { many: 'sponsorship', by: ['official_id'], also: ['policy'] },
    votes: { many: 'vote', by: ['official_id'] },
  },
  check: (record) => inOrder(record, 'birth_date', 'death_date'),
  exampleKey: 'karen-bass',
  example: {
    name: 'Marqueece Harris-Dawson',
    given_name: 'Marqueece',
    family_name: 'Harris-Dawson',
    other_names: [{ name: 'M. Harris-Dawson', note: 'short form in roll calls' }],
  },
});

function familyFirst(record: Readonly<Record<string, unknown>>): string {
  return `${byText('family_name').key(record)} ${byText('name').key(record)}`;
}
