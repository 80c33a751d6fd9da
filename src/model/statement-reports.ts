import { Type } from 'typebox';
import { accompanied, checkSelector, selectorFields } from './citations.ts';
import { code, date, derived, kind, needsOne, object, reference, text } from './declare.ts';
import { reportForm, reportStatus } from './vocabularies.ts';

/** How one source printed a statement. */
export const statementReports = kind({
  name: 'statement_report',
  path: 'statement-reports',
  table: 'statement_reports',
  title: 'StatementReport',
  description: 'How one source printed a statement.',
  ownedBy: ['statement_id'],
  fields: {
    statement_id: reference('statement', 'The utterance.', { required: true }),
    source_id: reference('source', 'The source.', { required: true }),
    outlet_id: reference(
      'publisher',
      'The outlet this source credits with having heard the words, when it names one.',
    ),
    quoted_text: text('The words as printed; null when the source only paraphrases.'),
    attribution_text: text('The words around it that say who spoke.', { max: 2000 }),
    speaker_as_printed: text('The speaker’s name as printed.', { max: 500 }),
    said_on: date('When it was said, as this source has it.'),
    form: code(reportForm, 'How the source gives it.', { required: true }),
    selector: object('Where in the source it stands.', selectorFields),
    report_status: code(reportStatus, 'Whether the source still stands by it.', {
      initial: 'live',
      progresses: true,
    }),
    note: text('A remark: what the source garbled, corrected or left out.', { max: 2000 }),
    similarity: derived(
      'stored',
      'real',
      'Share of words in common with the statement’s text, 0 to 1; null without both wordings.',
      Type.Number(),
      {
        nullable: true,
      },
    ),
    same_wording: derived(
      'stored',
      'boolean',
      'Whether the wording equals the statement’s text once normalised; null without both wordings.',
      Type.Boolean(),
      {
        nullable: true,
      },
    ),
  },
  accompanied,
  sorts: {},
  defaultSort: 'created_at',
  searched: { names: ['quoted_text'], texts: ['attribution_text', 'speaker_as_printed'] },
  includes: {
    statement: { one: 'statement_id', kind: 'statement' },
    source: { one: 'source_id', kind: 'source', also: ['publisher'] },
    outlet: { one: 'outlet_id', kind: 'publisher' },
  },
  check: (record) => [
    ...(record.form === 'paraphrase' || record.form === 'indirect' ? [] : needsOne(record, ['quoted_text'])),
    ...checkSelector(record.selector),
  ],
  exampleKey: 'goldberg-not-running-in-fear-second-story',
  example: {
    statement_id: 'goldberg-not-running-in-fear',
    source_id: 'los-angeles-sanctuary-second-story',
    quoted_text: 'We’re not going to be running in fear.',
    attribution_text: 'Goldberg said in the board room',
    speaker_as_printed: 'Jackie Goldberg',
    form: 'partial',
  },
});
