/** `GET /v1/statements/{id}/variants`: how each source printed what was said. */
import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { CORROBORATING, VARIANT_SHARE } from '../features/agreement-rule.ts';
import { variantsOf } from '../features/variants.ts';
import { MOST_EDITS } from '../features/word-diff.ts';
import { nullable } from '../model/declare.ts';
import { statementReports } from '../model/statement-reports.ts';
import { statements } from '../model/statements.ts';
import { answers, operation } from './operations.ts';
import { sendFresh } from './reads.ts';
import { identified } from './resource.ts';
import { variantsExample } from './variants-example.ts';

const closed = { additionalProperties: false };
const uuid = (description: string) => Type.String({ format: 'uuid', description });
const record = (title: string, description: string): TSchema =>
  Type.Unsafe({ anyOf: [{ $ref: `${title}#` }, { type: 'null' }], description });
const word = (description: string, words: readonly string[]): TSchema =>
  Type.Unsafe({ type: 'string', enum: words, description });

/** Fields that are shown as the record has them. */
function asIn(fields: typeof statements.fields, names: readonly string[]): Record<string, TSchema> {
  return Object.fromEntries(
    names.map((name) => {
      const { schema, filled } = fields[name] as (typeof fields)[string];
      return [name, filled ? schema : nullable(schema)];
    }),
  );
}

const stretch = Type.Object(
  {
    op: word('`equal`: both have it. `delete`: only the compared text. `insert`: only the report.', [
      'equal',
      'insert',
      'delete',
    ]),
    text: Type.String({ description: 'The words, with the white space behind them.' }),
  },
  closed,
);

const variant = Type.Object(
  {
    statement_report_id: uuid('The report.'),
    group: nullable(
      Type.Integer({ description: 'The group of equal wordings it belongs to; null without words.' }),
    ),
    ...asIn(statementReports.fields, ['quoted_text']),
    diff: Type.Unsafe({
      anyOf: [Type.Array(stretch), { type: 'null' }],
      description:
        'How the compared text becomes this one: what is equal and deleted makes up the former, what is equal and inserted the latter, to the character. Null without both.',
    }),
    diff_by: Type.Unsafe({
      type: ['string', 'null'],
      enum: ['words', 'runs', 'ends', null],
      description: `\`words\`: the shortest edit of words. \`runs\`: it would put in and leave out more than ${MOST_EDITS} words, so the texts were lined up by runs of words first. \`ends\`: the answer holds so much text that only what both begin and end with was looked for.`,
    }),
    ...asIn(statementReports.fields, [
      'similarity',
      'same_wording',
      'speaker_as_printed',
      'attribution_text',
      'said_on',
      'form',
      'report_status',
    ]),
    bears_out: word(
      'What it counts for: `words`, where it gives them; `utterance`, where it retells or translates; `nothing`, where it or its source was taken back or is no longer found.',
      ['words', 'utterance', 'nothing'],
    ),
    ...asIn(statementReports.fields, ['selector']),
    source: record('Source', 'The source.'),
    publisher: record('Publisher', 'Who published the source.'),
    outlet: record('Publisher', 'The outlet that the source credits with having heard the words.'),
  },
  closed,
);

const schema = Type.Object(
  {
    statement: Type.Unsafe({ $ref: 'Statement#' }),
    ...asIn(statements.fields, [
      'agreement',
      'agreement_reason',
      'agreement_by_rule',
      'report_count',
      'publisher_count',
    ]),
    thresholds: Type.Object(
      {
        variant_share: Type.Number({
          description:
            'Wordings that share more than this part of their words are variants; others conflict.',
        }),
        corroborating_publishers: Type.Integer({
          description: 'Independent publishers that have to give the same words.',
        }),
      },
      { ...closed, description: 'The numbers in the rule, which `/guide/agreement` tells in full.' },
    ),
    compared_with: Type.Unsafe({
      anyOf: [
        Type.Object(
          {
            text: Type.String({ description: 'The text.' }),
            basis: word(
              '`chosen`: the statement’s own text. `longest_report`: it has none, so the longest wording stands for it.',
              ['chosen', 'longest_report'],
            ),
            statement_report_id: nullable(uuid('The report whose wording it is.')),
          },
          closed,
        ),
        { type: 'null' },
      ],
      description: 'The text that each wording is held against; null where nobody gives any words.',
    }),
    groups: Type.Array(
      Type.Object(
        {
          group: Type.Integer({ description: 'Number of the group, from 1.' }),
          text: Type.String({ description: 'The wording, as its first report prints it.' }),
          same_as_compared: Type.Boolean({
            description: 'Whether it is the same as the compared text once normalised.',
          }),
          statement_report_ids: Type.Array(uuid('A report of the group.')),
        },
        closed,
      ),
      {
        description:
          'The wordings among the reports shown; those that differ by case, quote marks, dashes, white space and punctuation only are one.',
      },
    ),
    reports: Type.Object(
      {
        data: Type.Array(variant),
        more: nullable(
          Type.String({ description: 'Address of the rest, when there are more than are shown.' }),
        ),
      },
      { ...closed, description: 'The reports, oldest first, at most 100.' },
    ),
  },
  {
    ...closed,
    $id: 'StatementVariants',
    description: 'How each source printed a statement.',
    examples: [variantsExample],
  },
);

/** Registers the route. */
export async function registerVariants(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  app.addSchema(schema);
  app.get(
    '/v1/statements/:id/variants',
    {
      schema: operation('statements', 'variants', {
        summary: 'Show how each source printed a statement',
        description: `Each report word by word beside the chosen wording, the groups of equal wordings, and what the agreement was judged by: wordings that share more than ${VARIANT_SHARE * 100} % of their words are variants, and ${CORROBORATING} independent publishers with the same words corroborate one another.`,
        params: identified('statement'),
        response: answers(
          { 200: ['The variants.', 'StatementVariants'] },
          [304, 308, 400, 401, 403, 404, 406, 410],
        ),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const { answer, version, revision } = await variantsOf(engine, id);
      return sendFresh(request, reply, `"${version}.r${revision}"`, answer);
    },
  );
}
