import { byNumber, code, integer, kind, reference, text } from './declare.ts';
import { provisionEffect } from './vocabularies.ts';

/** What a policy actually does, one rule at a time. */
export const provisions = kind({
  name: 'provision',
  path: 'provisions',
  table: 'provisions',
  title: 'Provision',
  description: 'What a policy actually does, one rule at a time.',
  ownedBy: ['policy_id'],
  positioned: true,
  fields: {
    policy_id: reference('policy', 'The policy.', { required: true }),
    parent_id: reference('provision', 'The provision this one is a part of.'),
    position: integer('Place among the policy’s provisions; the next one when left out.'),
    number: text('Number as printed: `Sec. 3(b)`.', { max: 100 }),
    heading: text('Heading.', { max: 1000 }),
    text: text('What it says or does.', { required: true }),
    effect: code(provisionEffect, 'What it does in law.'),
    measure_id: reference('measure', 'The kind of provision, for comparing places.'),
  },
  sorts: { position: byNumber('position', 'By position.') },
  defaultSort: 'position',
  searched: { names: ['heading', 'number'], texts: ['text'] },
  includes: {
    policy: { one: 'policy_id', kind: 'policy' },
    parent: { one: 'parent_id', kind: 'provision' },
    measure: { one: 'measure_id', kind: 'measure' },
  },
  exampleKey: 'la-ordinance-city-facilities',
  example: {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    heading: 'Reporting',
    text: 'Departments report each year on requests received.',
    effect: 'requires',
  },
});
