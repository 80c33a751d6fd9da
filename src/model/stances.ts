import { code, kind, needsOne, reference } from './declare.ts';
import { basis, stanceRelation, stanceWord } from './vocabularies.ts';

const targets = ['policy_id', 'topic_id', 'jurisdiction_id', 'official_id', 'target_statement_id'] as const;

/** What a statement bears on, and which side it takes. */
export const stances = kind({
  name: 'stance',
  path: 'stances',
  table: 'stances',
  title: 'Stance',
  description: 'What a statement bears on, and which side it takes.',
  ownedBy: ['statement_id'],
  fields: {
    statement_id: reference('statement', 'The statement.', { required: true }),
    policy_id: reference('policy', 'The policy it is about.'),
    topic_id: reference('topic', 'The topic it is about.'),
    jurisdiction_id: reference('jurisdiction', 'The place it is about.'),
    official_id: reference('official', 'The person it is about.'),
    target_statement_id: reference('statement', 'The other statement it is about.'),
    relation: code(stanceRelation, 'How it bears on its target.', { initial: 'about' }),
    stance: code(stanceWord, 'Which side it takes.'),
    basis: code(basis, 'How the stance is known.'),
  },
  sorts: {},
  defaultSort: 'created_at',
  includes: {
    statement: { one: 'statement_id', kind: 'statement' },
    policy: { one: 'policy_id', kind: 'policy' },
    topic: { one: 'topic_id', kind: 'topic' },
    jurisdiction: { one: 'jurisdiction_id', kind: 'jurisdiction' },
    official: { one: 'official_id', kind: 'official' },
    target_statement: { one: 'target_statement_id', kind: 'statement' },
  },
  check: (record) => needsOne(record, targets, true),
  exampleKey: 'goldberg-not-running-in-fear-resolutions',
  example: {
    statement_id: 'raman-no-city-resources',
    topic_id: 'sanctuary-policy',
    stance: 'support',
    basis: 'editor',
  },
});
