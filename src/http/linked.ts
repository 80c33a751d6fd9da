/** `Accept: application/ld+json` on one record: linked data with the terms of schema.org. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { Problem } from '../errors.ts';
import { isLinked, JSON_LD, linkedData } from '../exchange/json-ld.ts';
import { recordId } from '../exchange/seeds.ts';
import { kindNamed } from '../model/kinds.ts';
import { REVISION } from './consistency.ts';
import { sendFresh } from './reads.ts';
import type { Resource } from './resource.ts';

/** The forms one record can be had in, with their media types. */
export const RECORD_FORMS = { json: 'application/json', linked: JSON_LD } as const;

const idOf = (kind: string, key: string) =>
  `https://tracker.example/v1/${kindNamed(kind).path}/${recordId(kindNamed(kind), key)}`;

/** Schema of linked data; what a node holds is schema.org’s to say. */
export const linkedSchema = Type.Unsafe({
  $id: 'LinkedData',
  type: 'object',
  description:
    'The record as JSON-LD with the terms of schema.org. Addresses are absolute and made with ids; what the record does not hold is left out; of related records there are at most 100 each.',
  required: ['@context', '@id', '@type'],
  properties: {
    '@context': { type: 'string', const: 'https://schema.org' },
    '@id': { type: 'string', format: 'uri', description: 'Address of the record, by its id.' },
    '@type': { type: 'string', description: 'Class of schema.org.' },
  },
  additionalProperties: true,
  examples: [
    {
      '@context': 'https://schema.org',
      '@type': 'Quotation',
      '@id': idOf('statement', 'homan-get-the-hell-out-of-the-way'),
      text: 'get the hell out of the way',
      spokenByCharacter: { '@type': 'Person', '@id': idOf('official', 'tom-homan'), name: 'Tom Homan' },
      isBasedOn: { '@type': 'NewsArticle', '@id': idOf('source', 'los-angeles-sanctuary-first-story') },
    },
  ],
});

/** The description of a record’s answers, with linked data among them where the kind has it. */
export function withLinked(resource: Resource, answers: Record<number, object>): Record<number, object> {
  if (!isLinked(resource.kind)) return answers;
  const good = answers[200] as { content: object };
  const content = { ...good.content, [JSON_LD]: { schema: { $ref: 'LinkedData#' } } };
  return { ...answers, 200: { ...good, content } };
}

/** Answers with a record as linked data, whose ETag is not that of its plain JSON. */
export async function sendLinked(
  engine: Engine,
  { kind, fixed }: Resource,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  refuseParameters(request);
  const { id } = request.params as { id: string };
  const base = engine.publicUrl || originOf(request);
  const options = { base, ...(fixed ? { narrowed: fixed } : {}) };
  const { document, version, revision } = await linkedData(engine, kind, id, options);
  const etag = `"${version}.r${revision}.ld"`;
  reply.header(REVISION, revision);
  return sendFresh(request, reply.type(JSON_LD), etag, JSON.stringify(document));
}

/** What the client asked, as the beginning of addresses; one of HTTP/1.0 need not say which host, and gets relative ones. */
export function originOf({ host, protocol }: FastifyRequest): string {
  return host ? `${protocol}://${host}` : '';
}

/** Parameters choose what plain JSON holds; linked data always holds the same. */
function refuseParameters(request: FastifyRequest): void {
  const names = [...new URL(request.url, 'http://service').searchParams.keys()];
  if (names.length === 0) return;
  throw new Problem('invalid-parameter', 'Linked data takes no parameters.', {
    errors: names.map((parameter) => ({
      parameter,
      message: 'does not apply to application/ld+json',
      expected: 'no parameter, or Accept: application/json',
    })),
  });
}
