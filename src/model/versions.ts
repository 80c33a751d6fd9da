import { byDate, code, date, kind, largeText, pattern, reference, text, url } from './declare.ts';
import { language, SHA256 } from './names.ts';
import { versionClassification } from './vocabularies.ts';

/** A text of a policy at one stage (Open Civic Data's BillVersion). */
export const versions = kind({
  name: 'policy_version',
  path: 'versions',
  table: 'policy_versions',
  title: 'PolicyVersion',
  description: 'A text of a policy at one stage of its life.',
  ownedBy: ['policy_id'],
  fields: {
    policy_id: reference('policy', 'The policy.', { required: true }),
    classification: code(versionClassification, 'Which stage the text is from.'),
    label: text('What the source calls it.', { max: 500 }),
    date: date('Date of the text.'),
    text: largeText('The text itself; left out of lists unless `fields` names it.'),
    media_type: pattern('Media type of the original.', {
      pattern: '^[a-z]+/[A-Za-z0-9.+-]+$',
      expected: 'a media type such as application/pdf',
      example: 'application/pdf',
      max: 100,
    }),
    url: url('Where the original is.'),
    sha256: pattern('SHA-256 of the original.', SHA256),
    language: language(),
  },
  sorts: { date: byDate(['date'], 'By date of the text.') },
  defaultSort: 'date',
  searched: { names: ['label'], texts: ['text'] },
  includes: { policy: { one: 'policy_id', kind: 'policy' } },
  exampleKey: 'la-ordinance-draft',
  example: {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    classification: 'enrolled',
    label: 'Enrolled text',
    media_type: 'application/pdf',
    date: '2024-12',
  },
});
