import { byNumber, code, date, integer, kind, reference, text } from './declare.ts';
import { sponsorshipClassification } from './vocabularies.ts';

/** Who stands behind a policy (Open Civic Data's BillSponsorship). */
export const sponsorships = kind({
  name: 'sponsorship',
  path: 'sponsorships',
  table: 'sponsorships',
  title: 'Sponsorship',
  description: 'Who stands behind a policy.',
  ownedBy: ['policy_id'],
  positioned: true,
  fields: {
    policy_id: reference('policy', 'The policy.', { required: true }),
    name: text('The sponsor as printed.', { required: true, max: 500 }),
    official_id: reference('official', 'The person, when known.'),
    organization_id: reference('organization', 'The body, when a body sponsors.'),
    classification: code(sponsorshipClassification, 'In what part.'),
    position: integer('Place among the sponsors; the next one when left out.'),
    date: date('When it was given.'),
    withdrawn_on: date('When it was withdrawn.'),
  },
  sorts: { position: byNumber('position', 'By position.') },
  defaultSort: 'position',
  includes: {
    policy: { one: 'policy_id', kind: 'policy' },
    official: { one: 'official_id', kind: 'official' },
    organization: { one: 'organization_id', kind: 'organization' },
  },
  exampleKey: 'la-ordinance-mayor',
  example: {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    name: 'Nithya Raman',
    official_id: 'nithya-raman',
    classification: 'cosponsor',
  },
});
