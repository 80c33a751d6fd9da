import { byDate, byText, code, date, kind, needsOne, pattern, reference, text, url } from './declare.ts';
import { documentClassification } from './vocabularies.ts';

/** Something attached to a policy or a meeting: a fiscal note, minutes, testimony (Open Civic Data's BillDocument). */
export const documents = kind({
  name: 'document',
  path: 'documents',
  table: 'documents',
  title: 'Document',
  description: 'Something attached to a policy or a meeting: a fiscal note, minutes, testimony …',
  ownedBy: ['policy_id', 'meeting_id'],
  fields: {
    policy_id: reference('policy', 'The policy it belongs to.'),
    meeting_id: reference('meeting', 'The meeting it belongs to.'),
    name: text('What it is called.', { required: true, max: 2000 }),
    classification: code(documentClassification, 'What kind of document it is.'),
    date: date('Date of the document.'),
    url: url('Where it is.'),
    media_type: pattern('Media type.', {
      pattern: '^[a-z]+/[A-Za-z0-9.+-]+$',
      expected: 'a media type such as application/pdf',
      example: 'application/pdf',
      max: 100,
    }),
  },
  sorts: { date: byDate(['date'], 'By date.'), name: byText('name') },
  defaultSort: 'date',
  searched: { names: ['name'], texts: [] },
  includes: {
    policy: { one: 'policy_id', kind: 'policy' },
    meeting: { one: 'meeting_id', kind: 'meeting' },
  },
  check: (record) => needsOne(record, ['policy_id', 'meeting_id']),
  exampleKey: 'la-ordinance-release',
  example: {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    name: 'Fiscal impact statement',
    classification: 'fiscal_note',
    date: '2024-11',
  },
});
