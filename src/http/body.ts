/** Reading JSON bodies: UTF-8 only, taken at their word, and refused where reading them would lose something. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { parseJson } from '../engine/parse-json.ts';
import { Problem } from '../errors.ts';

const MERGE_PATCH = 'application/merge-patch+json';

/** Body parsers for JSON and, on PATCH, JSON merge patch. */
export const body = fp(async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', (request, _reply, done) => {
    if (hasBody(request) && !takesBody(request)) {
      throw new Problem('bad-request', `${request.method} takes no body here; send none.`);
    }
    done();
  });
  const parse = async (request: FastifyRequest, bytes: Buffer | string) => {
    // Some clients name a type even where they send nothing.
    if (!takesBody(request) && bytes.length === 0) return undefined;
    refuseMediaType(request);
    return parseJson(bytes as Buffer);
  };
  app.addContentTypeParser(['application/json', MERGE_PATCH], { parseAs: 'buffer' }, parse);
});

/** Whether the route describes a body; where there is no route, that is what is to be said. */
function takesBody({ routeOptions: { url, schema } }: FastifyRequest): boolean {
  return url === undefined || schema?.body !== undefined;
}

/** Whether a body is announced: one of no bytes is none. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function refuseMediaType(request: FastifyRequest): void {
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  const utf8 = charset === undefined || /^\s*charset="?utf-8"?\s*$/.test(charset);
  if (type?.trim() === MERGE_PATCH && request.method !== 'PATCH') {
    throw new Problem('unsupported-media-type', `${MERGE_PATCH} is for PATCH; send application/json.`);
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new Problem('unsupported-media-type', `Bodies are taken as they are, not encoded as ${encoding}.`);
  }
  if (!utf8) throw new Problem('unsupported-media-type', `Bodies are UTF-8, not ${charset?.trim()}.`);
}
