/** Who is asking, and whether they may: judged before anything else is looked at. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Database } from '../db/database.ts';
import { Problem } from '../errors.ts';
import { type ApiKey, findKey, type Scope } from './keys.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The valid key that was sent, if any. */
    apiKey: ApiKey | null;
  }
  interface FastifyContextConfig {
    /** Scope a key needs for this route; every route that is not a read declares one. */
    scope?: Scope;
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Checks keys on every request; a route that writes without declaring a scope stops the start. */
export const auth = fp(async (app: FastifyInstance, { db, now }: { db: Database; now: () => Date }) => {
  app.addHook('onRoute', ({ method, url, config }) => {
    const writes = [method].flat().filter((one) => !READS.has(one));
    if (writes.length > 0 && config?.scope === undefined) {
      throw new Error(`${writes.join(', ')} ${url} declares no scope`);
    }
  });
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', async (request) => {
    request.apiKey = await keyOf(request, db, now());
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return;
    if (request.apiKey === null) throw unauthenticated('This needs a key: Authorization: Bearer KEY.');
    if (!request.apiKey.scopes.includes(scope)) {
      throw new Problem(
        'forbidden',
        `This needs a key with the ${scope} scope; ${request.apiKey.name} has ${request.apiKey.scopes.join(', ')}.`,
        {
          headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
        },
      );
    }
  });
});

/** The key a request bears; one that is sent but not valid is a 401 even where none is needed. */
async function keyOf(request: FastifyRequest, db: Database, now: Date): Promise<ApiKey | null> {
  const { authorization } = request.headers;
  if (authorization === undefined) return null;
  // Node keeps the first of several and drops the rest.
  const sent = request.raw.rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization',
  );
  if (sent.length > 1) throw unauthenticated('More than one Authorization header was sent.');
  const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw unauthenticated('Authorization must be: Bearer KEY.');
  const key = await findKey(db, now, token);
  if (key === undefined) throw unauthenticated('The key is unknown, expired or revoked.');
  return key;
}

function unauthenticated(detail: string): Problem {
  return new Problem('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } });
}
