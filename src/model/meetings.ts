import { byDate, code, integer, kind, moment, objects, reference, text, url } from './declare.ts';
import { basis, linkKind, meetingStatus, result } from './vocabularies.ts';

/** A sitting of a body, with its agenda (Open Civic Data's Event). */
export const meetings = kind({
  name: 'meeting',
  path: 'meetings',
  table: 'meetings',
  title: 'Meeting',
  description: 'A sitting of a body, with its agenda.',
  belongs: { by: ['organization_id'] },
  fields: {
    organization_id: reference('organization', 'The body that meets.', { required: true }),
    name: text('What it is called.', { required: true, max: 1000 }),
    date: moment(
      'When it takes place: a partial date, a local time without zone, or an instant with offset.',
    ),
    date_basis: code(basis, 'How the date is known.'),
    status: code(meetingStatus, 'Whether it takes place.', { progresses: true }),
    location: text('Where it takes place.', { max: 1000 }),
    url: url('Its own page.'),
    agenda: objects(
      'What is on the agenda; written with the meeting.',
      {
        position: integer('Place on the agenda.'),
        title: text('The item.', { required: true }),
        policy_id: reference('policy', 'The policy it deals with.'),
        action: text('What was done.', { max: 2000 }),
        result: code(result, 'How it came out.'),
      },
      { rows: { table: 'agenda_items', owner: 'meeting_id' }, maxItems: 2000 },
    ),
  },
  links: linkKind,
  sorts: { date: byDate(['date'], 'By date.') },
  defaultSort: '-date',
  searched: { names: ['name'], texts: ['location', 'agenda.title', 'agenda.action'] },
  includes: {
    organization: { one: 'organization_id', kind: 'organization' },
    documents: { many: 'document', by: ['meeting_id'] },
  },
  filters: {
    policy: {
      description: 'Only those with this policy on the agenda.',
      refersTo: 'policy',
      through: 'agenda_items',
      from: 'policy_id',
      to: 'meeting_id',
    },
  },
  exampleKey: 'la-council-tuesday',
  example: {
    organization_id: 'los-angeles-city-council',
    name: 'Regular meeting',
    date: '2024-12-03T10:00',
    status: 'confirmed',
    agenda: [
      { title: 'Sanctuary ordinance, second reading', policy_id: 'los-angeles-sanctuary-city-ordinance' },
    ],
  },
});
