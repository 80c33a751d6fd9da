/** `GET /v1/exports/popolo.json`: the tracker as one Popolo document. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { POPOLO_LISTS, popoloDocument } from '../exchange/popolo/export.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';

const list = (description: string) =>
  Type.Array(Type.Unsafe({ type: 'object', required: ['id'], properties: { id: { type: 'string' } } }), {
    description,
  });

const SPECS = 'http://www.popoloproject.com/specs/';

const schema = Type.Object(
  {
    ...Object.fromEntries(
      Object.entries(POPOLO_LISTS).map(([name, { kind }]) => [
        name,
        list(`Every ${kind.replaceAll('_', ' ')}, in Popolo’s terms.`),
      ]),
    ),
    meta: Type.Object(
      { revision: Type.Integer({ description: 'Number of the last change when the document was begun.' }) },
      { additionalProperties: false },
    ),
  },
  { $id: 'Popolo', additionalProperties: false, description: `The tracker in Popolo’s terms (${SPECS}).` },
);

/** Registers the route; a document counts as a whole list among those that are sent at a time. */
export async function registerPopolo(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  app.addSchema(schema);
  app.get(
    '/v1/exports/popolo.json',
    {
      schema: operation('exports', 'popolo', {
        summary: 'Export the tracker as Popolo',
        description: `One JSON document in the terms of Popolo (${SPECS}), streamed: jurisdictions are its areas, policies its motions, meetings its events. What Popolo has no term for is left out. Records that lived throughout are in it, whatever is written meanwhile; \`/v1/changes?after=\` the number in \`X-Revision\` tells what changed since it was begun.`,
        response: answers({ 200: ['The document.', 'Popolo'] }, [400, 401, 403, 406]),
      }),
    },
    async (request, reply) => {
      request.server.wholeLists.enter(request, reply);
      const { revision, chunks } = await popoloDocument(engine);
      reply.headers({ 'cache-control': 'no-cache', [REVISION]: revision });
      reply.header('content-disposition', 'attachment; filename="popolo.json"');
      // How long it will be is not known before it is made.
      return reply.type('application/json').send(Readable.from(request.method === 'HEAD' ? [] : chunks));
    },
  );
}
