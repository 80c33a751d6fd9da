/** Who is asking, and whether they may: judged before anything else is looked at. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Engine } from '../engine/engine.ts';
import { Problem } from '../errors.ts';
import { refuseElsewhere } from './jurisdictions.ts';
import type { KeyRing } from './key-ring.ts';
import type { ApiKey, Scope } from './keys.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The valid key that was sent, if any. */
    apiKey: ApiKey | null;
    /** What is wrong with the key that was sent, if anything. */
    keyFault: Problem | null;
  }
}

/** Finds out who is asking; refusing a key that is not right is left to `permission`, so that it is counted first. */
export const identity = fp(async (app: FastifyInstance, { keys }: { keys: KeyRing }) => {
  app.decorateRequest('apiKey', null);
  app.decorateRequest('keyFault', null);
  const identify = async (request: FastifyRequest) => {
    const found = await keyOf(request, keys);
    if (found instanceof Problem) request.keyFault = found;
    else request.apiKey = found;
  };
  app.addHook('onRequest', (request, _reply, done) => {
    // Most readers send none, and need not be waited for.
    if (request.headers.authorization === undefined) return done();
    identify(request).then(() => done(), done);
  });
  app.addHook('onClose', keys.close);
});

/** The key a request bears, or what is wrong with it. */
async function keyOf(request: FastifyRequest, keys: KeyRing): Promise<ApiKey | null | Problem> {
  const { authorization } = request.headers;
  if (authorization === undefined) return null;
  // Node keeps the first of several and drops the rest.
  const sent = request.raw.rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization',
  );
  if (sent.length > 1) return unauthenticated('More than one Authorization header was sent.');
  const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  if (token === undefined) return unauthenticated('Authorization must be: Bearer KEY.');
  return (await keys.find(token)) ?? unauthenticated('The key is unknown, expired or revoked.');
}

function unauthenticated(detail: string): Problem {
  return new Problem('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } });
}

/** Refuses who may not: a key that is not right wherever it is sent, and one that does not cover the route. */
export const permission = fp(async (app: FastifyInstance, { engine }: { engine: Engine }) => {
  const judge = async (request: FastifyRequest, scope: Scope) => {
    const { apiKey } = request;
    if (apiKey === null) throw unauthenticated('This needs a key: Authorization: Bearer KEY.');
    if (!apiKey.scopes.includes(scope)) {
      throw new Problem(
        'forbidden',
        `This needs a key with the ${scope} scope; ${apiKey.name} has ${apiKey.scopes.join(', ')}.`,
        { headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` } },
      );
    }
    if (scope !== 'read') await refuseElsewhere(engine, request, apiKey);
  };
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.keyFault) throw request.keyFault;
    const { scope } = request.route;
    if (scope === undefined) {
      refuseKeyInAddress(request);
      return done();
    }
    judge(request, scope)
      .then(() => refuseKeyInAddress(request))
      .then(() => done(), done);
  });
});

/** Names that clients of other services send keys under in an address, where logs and histories keep them. */
const KEY_PARAMETERS: ReadonlySet<string> = new Set(['key', 'api_key', 'apikey', 'access_token', 'token']);

const KEY_IN_ADDRESS = new RegExp(`([?&](?:${[...KEY_PARAMETERS].join('|')})=)[^&]*`, 'gi');

/** An address as it may be logged: what was sent in it as a key is masked. */
export function withoutKeys(url: string): string {
  return url.replace(KEY_IN_ADDRESS, '$1***');
}

/** A key in the address opens nothing; what was sent there is not repeated. */
function refuseKeyInAddress({ query }: FastifyRequest): void {
  let name: string | undefined;
  for (const one in query as object) if (KEY_PARAMETERS.has(one.toLowerCase())) name ??= one;
  if (name === undefined) return;
  throw new Problem('invalid-parameter', 'A key is sent as a header, never in the address.', {
    errors: [
      { parameter: name, message: 'is not taken here', expected: 'the header Authorization: Bearer KEY' },
    ],
  });
}
