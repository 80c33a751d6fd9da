/** `POST /v1/sources/{id}/suggestions`: what the text of a source may add to the record. */
import type { FastifyInstance } from 'fastify';
import type { Engine } from '../engine/engine.ts';
import { get } from '../engine/read.ts';
import { Problem } from '../errors.ts';
import { LONGEST_TEXT, suggest } from '../features/suggest/suggest.ts';
import { kindNamed } from '../model/kinds.ts';
import { answers, operation } from './operations.ts';
import { identified } from './resource.ts';
import { suggestionsInputSchema, suggestionsSchema } from './suggestion-schemas.ts';

/** Longest body in bytes: the longest text with every character escaped as JSON does. */
const BODY = 12 * LONGEST_TEXT + 1024;

const DESCRIPTION = `Goes through the stored text of the source, or one sent along, by rules alone: no model, no network, the same answer every time. Nothing is saved; each suggestion has a body for a POST, and \`fill\` says what an editor has to add. The rules are English. A quotation is speech when a verb of saying (said, told, urged, affirms …) stands beside it; up to three words within a sentence are a term unless the verb, or is and was, stands right before them. The speaker is the subject of that verb: a name, with its title or role; a pronoun for the person named last before it; a document or body (“the resolution says”). Pieces around “she said” are joined by an ellipsis, paragraphs that reopen without closing by a line break. A weekday, a day without a year, last month and the like are counted from the date of the source. In other languages quotations come without speakers.`;

/** Registers the route. */
export async function registerSuggestions(
  app: FastifyInstance,
  { engine }: { engine: Engine },
): Promise<void> {
  app.addSchema(suggestionsSchema);
  app.addSchema(suggestionsInputSchema);
  app.post(
    '/v1/sources/:id/suggestions',
    {
      bodyLimit: BODY,
      // The body may be left out whole.
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {};
      },
      schema: operation('sources', 'suggest', {
        summary: 'Suggest what a source’s text may add to the record',
        description: DESCRIPTION,
        params: identified('source'),
        body: 'SuggestionsInput',
        response: answers(
          { 200: ['The suggestions, by sort.', 'Suggestions'] },
          [400, 401, 403, 404, 406, 410, 413, 415, 422],
        ),
      }),
    },
    async (request, reply) => {
      const { id: name } = request.params as { id: string };
      const { record } = await get(engine, kindNamed('source'), name, {}, { restricted: true });
      const { id, published_on, language } = record as { id: string } & Record<string, string | null>;
      const text = textOf((request.body as { text?: string }).text, record.text as string | null);
      const origin = { id, published_on: published_on ?? null, language: language ?? null };
      const found = await engine.db.read((session) => suggest(session, engine.db, text, origin));
      return reply.header('cache-control', 'no-store').send(found);
    },
  );
}

function textOf(sent: string | undefined, stored: string | null): string {
  const text = sent ?? stored;
  if (text === null) {
    throw refused(
      'There is no text to go through.',
      'is missing, and none is stored with the source',
      'the text of the source',
    );
  }
  const length = text.length <= LONGEST_TEXT ? 0 : [...text].length;
  if (length > LONGEST_TEXT) {
    const which = sent === undefined ? 'The text stored with the source' : 'The text';
    throw refused(
      `${which} is too long to go through at once.`,
      `has ${length} code points`,
      `at most ${LONGEST_TEXT}; send a part of it`,
    );
  }
  return text;
}

function refused(detail: string, message: string, expected: string): Problem {
  return new Problem('unprocessable', detail, { errors: [{ pointer: '/text', message, expected }] });
}
