/** What records stand on, field by field. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { recordId } from '../exchange/seeds.ts';
import { evidenceOf } from '../features/evidence/evidence.ts';
import { MOST } from '../features/evidence/sayings.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';
import { mayReadAll, sendFresh } from './reads.ts';
import { article, identified, type Resource } from './resource.ts';

const fieldEvidence = Type.Object(
  {
    value: Type.Unknown({ description: 'What the record holds; null for the record as a whole.' }),
    state: Type.Unsafe({
      type: 'string',
      enum: ['supported', 'disputed', 'unsupported'],
      description:
        '`disputed`: some citation that counts says otherwise. `supported`: some say so, and none says otherwise. `unsupported`: nothing that counts says anything. Deprecated citations, retracted sources and superseded values count neither way.',
    }),
    citations: Type.Array(
      Type.Object(
        {
          citation_id: Type.String({ format: 'uuid' }),
          value: Type.Unknown({ description: 'What the source says; null where it is only pointed at.' }),
          source: Type.Unsafe({ anyOf: [{ $ref: 'Source#' }, { type: 'null' }] }),
          publisher: Type.Unsafe({ anyOf: [{ $ref: 'Publisher#' }, { type: 'null' }] }),
          rank: Type.String({ description: 'Weight: `preferred`, `normal` or `deprecated`.' }),
          selector: Type.Unknown({ description: 'Where in the source it stands.' }),
          note: Type.Unsafe({ type: ['string', 'null'] }),
          agrees: Type.Boolean({ description: 'Whether the source says what the record holds.' }),
          superseded: Type.Boolean({
            description: 'Whether it was so once, and a newer source says what the record holds.',
          }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Schema of a record's evidence. */
export const evidenceSchema = Type.Unsafe({
  $id: 'Evidence',
  type: 'object',
  description: `The evidence of a record by JSON Pointer (RFC 6901); the empty pointer stands for the record as a whole. At most ${MOST} citations; all are at \`/v1/citations?record_id=\`.`,
  additionalProperties: fieldEvidence,
  examples: [
    {
      '': { value: null, state: 'unsupported', citations: [] },
      '/name': {
        value: 'Tom Homan',
        state: 'unsupported',
        citations: [
          {
            citation_id: recordId({ name: 'citation' }, 'the misprint'),
            value: 'Tim Homan',
            source: null,
            publisher: null,
            rank: 'deprecated',
            selector: { exact: null, prefix: null, suffix: null, start: 422, end: 671 },
            note: 'A misprint.',
            agrees: false,
            superseded: false,
          },
        ],
      },
    },
  ],
});

/** The evidence of a resource's records. */
export function registerEvidence(
  app: FastifyInstance,
  engine: Engine,
  { kind, path, noun, fixed }: Resource,
): void {
  app.get(
    `/v1/${path}/:id/evidence`,
    {
      schema: operation(path, 'evidence', {
        summary: `What ${article(noun)} ${noun} stands on`,
        description:
          'The citations of each field beside what the record holds, with whether they agree: what is supported, what is disputed, and what nobody has given evidence for.',
        params: identified(noun),
        response: answers(
          { 200: [`The evidence of the ${noun}.`, 'Evidence'] },
          [304, 308, 400, 401, 403, 404, 406, 410],
        ),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const options = { restricted: mayReadAll(request), narrowed: fixed };
      const { evidence, revision } = await evidenceOf(engine, kind, id, options);
      reply.header(REVISION, revision);
      return sendFresh(request, reply, `"e${revision}"`, evidence);
    },
  );
}
