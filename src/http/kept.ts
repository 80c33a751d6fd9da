/**
 * Answers kept in memory: asked for again, they need not be made again. An answer is given only where the database says
 * that nothing has been committed since before it was made, by this process or another, so it is never out of date.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { mayReadAll } from './reads.ts';
import type { Kept, Shelves } from './shelves.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether answers may be kept: they follow from the address, the form, the day and what is in the database alone. */
    kept?: boolean;
  }
  interface FastifyRequest {
    /** Under which name its answer is to be kept, and how the database stood before it was made. */
    keeping: { readonly name: string; readonly stamp: string } | null;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Keeps answers; to be registered last of what looks at a request's headers: what is kept is not looked at any more. */
export const kept = fp(async (app: FastifyInstance, { shelves }: { shelves: Shelves }) => {
  /** Answers from what is kept, or notes that the answer is to be; says whether it has answered. */
  const look = (request: FastifyRequest, reply: FastifyReply, stamp: string): boolean => {
    const name = shelves.nameOf(request, mayReadAll(request));
    const found = shelves.find(stamp, name);
    if (found && answer(request, reply, found)) return true;
    request.keeping = { name, stamp };
    return false;
  };

  app.decorateRequest('keeping', null);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'GET' || !request.route.kept) return done();
    const stamp = shelves.stamp();
    if (typeof stamp === 'string') {
      if (!look(request, reply, stamp)) done();
      return;
    }
    // Where the database does not answer, making the answer fails as well, and says so.
    stamp.then(
      (one) => {
        if (!look(request, reply, one)) done();
      },
      () => done(),
    );
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { keeping } = request;
    if (keeping === null) return done();
    if (isWhole(reply, payload)) {
      const body = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
      shelves.keep(keeping.stamp, keeping.name, () => keptOf(request, reply, body));
      return done(null, body);
    }
    if (reply.statusCode === 304 && reply.hasHeader('etag'))
      shelves.keep(keeping.stamp, keeping.name, () => keptOf(request, reply, undefined));
    done();
  });
});

/** Headers that say something of one request; the rest is the answer's. */
const OF_REQUEST: ReadonlySet<string> = new Set(['x-request-id', 'ratelimit', 'ratelimit-policy']);
/** Headers that say something of a body, so that an answer without one lacks them. */
const OF_BODY: ReadonlySet<string> = new Set(['content-type', 'content-length', 'link']);

function keptOf({ route: { url: route = '' } }: FastifyRequest, reply: FastifyReply, body?: Buffer): Kept {
  const all = reply.getHeaders();
  const { etag, link, [REVISION]: revision } = all as { etag: string; link?: string; [REVISION]?: number };
  const own = Object.entries(all).flatMap(([name, value]) =>
    OF_REQUEST.has(name) || value === undefined ? [] : [[name, String(value)]],
  );
  const whole = body ? [...own, ['content-length', String(body.length)]] : [];
  const unchanged = own.filter(([name]) => !OF_BODY.has(name as string));
  return { body, etag, link, revision, route, whole: whole.flat(), unchanged: unchanged.flat() };
}

/** Whether this is a good answer in JSON that is there at once. */
function isWhole(reply: FastifyReply, payload: unknown): payload is string | Buffer {
  return (
    reply.statusCode === 200 &&
    (typeof payload === 'string' || Buffer.isBuffer(payload)) &&
    reply.getHeader('content-type') === JSON_TYPE &&
    reply.hasHeader('etag')
  );
}

/** Answers with what is kept, where it says enough; says whether it has. */
function answer(request: FastifyRequest, reply: FastifyReply, kept: Kept): boolean {
  const { body, etag, link, revision } = kept;
  const fresh = isFresh(request.headers['if-none-match'], etag);
  if (!fresh && body === undefined) return false;
  reply.headers({ etag, 'cache-control': 'no-cache' });
  if (revision !== undefined) reply.header(REVISION, revision);
  if (!fresh && link !== undefined) reply.header('link', link);
  if (fresh) reply.code(304).send();
  else reply.type(JSON_TYPE).send(body);
  return true;
}
