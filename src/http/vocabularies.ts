import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { vocabularies } from '../model/vocabularies.ts';
import { answers, operation } from './operations.ts';

const schema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'Name of the vocabulary.' }),
          description: Type.String({ description: 'What it says about a record.' }),
          words: Type.Array(
            Type.Object(
              {
                word: Type.String({ description: 'The word.' }),
                meaning: Type.String({ description: 'What it means.' }),
              },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'Vocabularies', additionalProperties: false, description: 'Every coded word with its meaning.' },
);

/** Every vocabulary with its words and their meanings. */
export async function registerVocabularies(app: FastifyInstance): Promise<void> {
  app.addSchema(schema);
  const data = vocabularies.map(({ name, description, words }) => ({
    name,
    description,
    words: Object.entries(words).map(([word, meaning]) => ({ word, meaning })),
  }));
  const response = answers({ 200: ['The vocabularies.', 'Vocabularies'] }, [400, 401, 406]);
  app.get(
    '/v1/vocabularies',
    {
      schema: operation('vocabularies', 'list', {
        summary: 'List every coded word with its meaning',
        response,
      }),
    },
    async (_request, reply) => reply.header('cache-control', 'public, max-age=3600').send({ data }),
  );
}
