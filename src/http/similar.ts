/** `GET /v1/statements/similar`: which known utterances a quotation may be a report of. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { gather, includePaths } from '../engine/parameters.ts';
import { LONGEST, MOST_WORDS, RULE, type SimilarQuery, similar, THRESHOLD } from '../features/similar.ts';
import { WORDED } from '../features/wordings.ts';
import { nullable } from '../model/declare.ts';
import { statements } from '../model/statements.ts';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';

/** The quotation of the examples. */
export const QUOTED = 'not going to run in fear … fight you every inch of the way';

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const closed = { additionalProperties: false };

const explanation = Type.Object(
  {
    words: Type.Integer({ description: 'Words of the quotation.' }),
    same_words: Type.Integer({ description: 'How many of them stand in the wording as they are.' }),
    alike_words: Type.Integer({
      description: 'How many stand there in another form: most of the longer word is the beginning of both.',
    }),
    coverage_of_quotation: share('Share of the quotation that stands in the wording.'),
    coverage_of_wording: share('Share of the wording that the quotation has.'),
    in_order: Type.Boolean({ description: 'Whether the shared words stand in the same order in both.' }),
    shared: Type.Array(Type.String(), { description: 'The shared words, normalised, in stretches.' }),
    wording: Type.Object(
      {
        of: Type.Unsafe({
          type: 'string',
          enum: Object.keys(WORDED),
          description: 'Whether it is the statement’s own text or the words of a report.',
        }),
        text: Type.String({ description: 'The wording.' }),
        statement_report_id: nullable(
          Type.String({ format: 'uuid', description: 'The report that has it.' }),
        ),
        source_id: nullable(Type.String({ format: 'uuid', description: 'The source of that report.' })),
      },
      { ...closed, description: 'The known wording that the quotation is most like.' },
    ),
  },
  { ...closed, description: 'What the score was made of.' },
);

const schema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          score: share('How much of the quotation stands there, by the rule in `meta`.'),
          explanation,
          statement: Type.Unsafe({ $ref: 'Statement#' }),
        },
        closed,
      ),
    ),
    meta: Type.Object(
      {
        limit: Type.Integer({ description: 'Utterances at most.' }),
        revision: Type.Integer({ description: 'Number of the last change when the answer was made.' }),
        min_score: share('Score below which nothing is shown.'),
        complete: Type.Boolean({
          description:
            'False while wordings from before an upgrade are still being indexed: more may be found later.',
        }),
        rule: Type.String({ description: 'How the score is made.' }),
      },
      closed,
    ),
  },
  {
    ...closed,
    $id: 'SimilarStatements',
    description: 'Known utterances that a quotation may be a report of, best first.',
  },
);

const parameters = Type.Object(
  {
    text: Type.String({
      minLength: 1,
      maxLength: LONGEST,
      description: `The quotation, or a part of it, of at most ${MOST_WORDS} words; an ellipsis stands for words left out.`,
      examples: [QUOTED],
    }),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 50, default: 10, description: 'Utterances at most.' }),
    ),
    min_score: Type.Optional(
      Type.Number({
        minimum: THRESHOLD,
        maximum: 1,
        default: THRESHOLD,
        description: 'Only those with this score or a better one.',
      }),
    ),
    include: Type.Optional(
      Type.Array(Type.Unsafe<string>({ type: 'string', enum: includePaths(statements) }), {
        maxItems: 100,
        description: 'Related records to put inside each statement; a dotted path goes one deeper.',
      }),
    ),
  },
  closed,
);

/** Registers the route; a statement cannot have the slug it takes. */
export async function registerSimilar(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  app.addSchema(schema);
  app.get(
    '/v1/statements/similar',
    {
      preValidation: async (request) => {
        request.query = gather(request.query as Record<string, string>, parameters as never);
      },
      schema: operation('statements', 'similar', {
        summary: 'Find the utterance that a quotation reports',
        description: `Every known wording of every utterance is compared: the texts of statements, and the words of their live reports. Case, quote marks, dashes and punctuation do not matter; words may be replaced, left out or put in, pieces joined by ellipses, sentences change places. ${RULE} Nothing below ${THRESHOLD} is shown.`,
        querystring: parameters,
        response: answers(
          { 200: ['The utterances, best first.', 'SimilarStatements'] },
          [304, 400, 401, 403, 406],
        ),
      }),
    },
    async (request, reply) => {
      const answer = await similar(engine, request.query as SimilarQuery);
      const { revision, complete } = answer.meta;
      // While older wordings are being indexed an answer may change without a revision.
      if (complete) reply.header('etag', `W/"r${revision}"`);
      reply.headers({ 'cache-control': 'no-cache', [REVISION]: revision });
      if (complete && isFresh(request.headers['if-none-match'], `W/"r${revision}"`))
        return reply.code(304).send();
      return reply.send(answer);
    },
  );
}
