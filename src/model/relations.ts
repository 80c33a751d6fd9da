import { Type } from 'typebox';
import { code, date, derived, kind, reference, text } from './declare.ts';
import { basis, relationInverse, relationType } from './vocabularies.ts';

/** How one policy bears on another; shown from both ends. */
export const relations = kind({
  name: 'relation',
  path: 'relations',
  table: 'relations',
  title: 'Relation',
  description: 'How one policy (the subject) bears on another (the object); shown from both ends.',
  ownedBy: ['subject_id'],
  fields: {
    subject_id: reference('policy', 'The policy that acts on the other.', { required: true }),
    object_id: reference('policy', 'The policy acted on.', { required: true }),
    type: code(relationType, 'What the subject does to the object.', { required: true }),
    inverse_type: derived(
      'computed',
      'text',
      'The same, read from the object’s end: `amended_by` for `amends`.',
      Type.String(),
      { mapped: { from: 'type', words: relationInverse } },
    ),
    note: text('A remark.'),
    effective_on: date('From when it holds.'),
    basis: code(basis, 'How it is known.'),
  },
  sorts: {},
  defaultSort: 'created_at',
  includes: {
    subject: { one: 'subject_id', kind: 'policy' },
    object: { one: 'object_id', kind: 'policy' },
  },
  filters: {
    policy: {
      description: 'Only those with this policy at either end.',
      refersTo: 'policy',
      by: ['subject_id', 'object_id'],
    },
  },
  compute: ({ type }) => ({ inverse_type: relationInverse[type as keyof typeof relationInverse] }),
  check: ({ subject_id, object_id }) =>
    subject_id === object_id
      ? [
          {
            pointer: '/object_id',
            message: 'a policy cannot relate to itself',
            expected: 'another policy than subject_id',
          },
        ]
      : [],
  exampleKey: 'la-ordinance-codifies-order',
  example: {
    subject_id: 'boston-noncooperation-pledge',
    object_id: 'new-york-city-noncooperation-pledge',
    type: 'similar_to',
    basis: 'editor',
  },
});
