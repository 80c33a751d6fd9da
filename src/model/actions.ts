import { byDateAndPosition, code, codes, date, integer, kind, reference, text } from './declare.ts';
import { actionClassification, basis, linkKind, policyStatus, result } from './vocabularies.ts';

/** One step in a policy's life (Open Civic Data's BillAction). */
export const actions = kind({
  name: 'action',
  path: 'actions',
  table: 'actions',
  title: 'Action',
  description: 'One step in a policy’s life.',
  ownedBy: ['policy_id'],
  positioned: true,
  fields: {
    policy_id: reference('policy', 'The policy.', { required: true }),
    position: integer('Place among the policy’s actions; the next one when left out.'),
    date: date('When it happened.'),
    date_basis: code(basis, 'How the date is known.'),
    description: text('What happened; the source’s words where it has an official record.', {
      required: true,
    }),
    classification: codes(actionClassification, 'What kind of step it was.', {
      table: 'action_classifications',
      owner: 'action_id',
    }),
    organization_id: reference('organization', 'The body that acted.'),
    official_id: reference('official', 'The person who acted.'),
    result: code(result, 'How it came out.'),
    status_after: code(policyStatus, 'Where the policy stood afterwards.'),
  },
  links: linkKind,
  sorts: { date: byDateAndPosition('date') },
  defaultSort: 'date',
  searched: { names: ['description'], texts: [] },
  includes: {
    policy: { one: 'policy_id', kind: 'policy' },
    organization: { one: 'organization_id', kind: 'organization' },
    official: { one: 'official_id', kind: 'official' },
  },
  exampleKey: 'la-ordinance-draft-released',
  example: {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    date: '2024-12',
    description: 'Presented to the mayor',
    classification: ['executive-receipt'],
    organization_id: 'los-angeles-city-council',
    status_after: 'sent_to_executive',
  },
});
