import { Type } from 'typebox';
import {
  byDate,
  code,
  date,
  derived,
  type Finding,
  kind,
  needsOne,
  object,
  reference,
  text,
} from './declare.ts';
import { language } from './names.ts';
import { agreement, basis, linkKind, statementKind, textBasis } from './vocabularies.ts';

const word = Type.Unsafe<string>({ type: 'string', enum: Object.keys(agreement.words) });

/** One utterance, once, however many outlets report it (schema.org Quotation). */
export const statements = kind({
  name: 'statement',
  path: 'statements',
  table: 'statements',
  title: 'Statement',
  description: 'One utterance, once, however many outlets report it.',
  slugFrom: ['summary', 'text'],
  belongs: { by: ['organization_id', 'official_id'] },
  fields: {
    official_id: reference('official', 'The person who said it.'),
    organization_id: reference('organization', 'The body that said it, or for which it was said.'),
    speaker_name: text('Who said it, where no known person fits.', { max: 500 }),
    speaker_role: text('What the speaker was at that time.', { max: 500 }),
    text: text('The chosen wording; null when it is only known in paraphrase.'),
    text_basis: code(textBasis, 'How the wording was chosen.'),
    summary: text('What was said, in our words.'),
    kind: code(statementKind, 'On what kind of occasion.'),
    said_on: date('When it was said.'),
    said_on_basis: code(basis, 'How the date is known.'),
    venue: text('Where it was said: a programme, a meeting, a letter.', { max: 500 }),
    language: language(),
    agreement_override: object(
      'What an editor says of the agreement in place of the rule; null where the rule stands.',
      {
        agreement: code(agreement, 'The word that holds instead.', { required: true }),
        reason: text('Why, and on what grounds.', { required: true, max: 2000 }),
      },
    ),
    agreement: derived(
      'stored',
      'text',
      'How far the reports agree: by rule, or as an editor says who overrides it.',
      word,
      {
        filter: 'word',
        vocabulary: agreement,
      },
    ),
    agreement_reason: derived(
      'stored',
      'text',
      'What the rule went by, or why an editor overrides it.',
      Type.String(),
    ),
    agreement_by_rule: derived(
      'stored',
      'json',
      'What the rule alone gives, kept in step with the reports; null unless an editor overrides it.',
      Type.Object(
        { agreement: word, reason: Type.String({ description: 'What the rule went by.' }) },
        { additionalProperties: false },
      ),
      { nullable: true },
    ),
    report_count: derived('stored', 'integer', 'Live reports.', Type.Integer()),
    publisher_count: derived('stored', 'integer', 'Independent publishers among them.', Type.Integer()),
  },
  links: linkKind,
  sorts: { said_on: byDate(['said_on'], 'By when it was said.') },
  defaultSort: '-said_on',
  searched: { names: ['summary', 'speaker_name'], texts: ['text', 'venue', 'speaker_role'] },
  includes: {
    official: { one: 'official_id', kind: 'official' },
    organization: { one: 'organization_id', kind: 'organization' },
    reports: { many: 'statement_report', by: ['statement_id'], also: ['source'] },
    stances: { many: 'stance', by: ['statement_id'] },
    policies: { through: 'stance', many: 'policy', from: 'statement_id', to: 'policy_id' },
  },
  filters: {
    policy: {
      description: 'Only those about this policy.',
      refersTo: 'policy',
      through: 'stance',
      from: 'policy_id',
      to: 'statement_id',
    },
    topic: {
      description: 'Only those about this topic.',
      refersTo: 'topic',
      through: 'stance',
      from: 'topic_id',
      to: 'statement_id',
    },
    source: {
      description: 'Only those this source reports.',
      refersTo: 'source',
      through: 'statement_report',
      from: 'source_id',
      to: 'statement_id',
    },
  },
  check: (record): readonly Finding[] => [
    ...needsOne(record, ['official_id', 'organization_id', 'speaker_name']),
    ...needsOne(record, ['text', 'summary']),
  ],
  exampleKey: 'goldberg-not-running-in-fear',
  example: {
    official_id: 'karen-bass',
    speaker_role: 'Mayor of Los Angeles',
    summary: 'She will sign the ordinance when it reaches her desk.',
    kind: 'press_conference',
    said_on: '2024-11',
  },
});
