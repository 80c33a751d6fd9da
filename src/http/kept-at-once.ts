/**
 * Kept answers for the many requests that no hook would say anything of: without a key, a body or a wish, and within what
 * their client may ask. They get the headers that the answer had when it was made, and pass by all that made them.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { type Rates, rateHeaders, type Standing } from './rates.ts';
import type { Kept, Shelves } from './shelves.ts';

interface Options {
  readonly shelves: Shelves;
  readonly rates: Rates | undefined;
}

/** Answers so; to be registered after what measures requests and before all else. What it leaves alone goes on as if it were not there. */
export const keptAtOnce = fp(async (app: FastifyInstance, { shelves, rates }: Options) => {
  // With several servers, which one answers is found out later.
  if (!shelves.one) return;
  let promised = false;
  app.addHook('onRequest', (request, reply, done) => {
    if (promised || !request.route.kept || !isPlain(request)) return done();
    const stamp = shelves.stamp();
    // Who has to wait for it waits within the limits.
    if (typeof stamp !== 'string') {
      promised = true;
      stamp.catch(() => undefined);
      return done();
    }
    const found = shelves.find(stamp, shelves.nameOf(request, false));
    if (found === undefined) return done();
    const fresh = isFresh(request.headers['if-none-match'], found.etag);
    if (!fresh && found.body === undefined) return done();
    if (app.places?.room(request) === false) return done();
    const charge = rates?.charge(null, request.ip);
    if (charge?.over) {
      // Refused by the hook that would have charged it.
      request.charge = charge;
      return done();
    }
    if (fresh) charge?.giveBack();
    write(request, reply, found, fresh, charge?.standing);
    // What the system has taken already waits for nobody.
    if (reply.raw.socket?.writableLength !== 0) app.places?.late(request, reply);
  });
});

/** Whether a request is one whose headers change nothing of its answer but its form, and whether it is had already. */
function isPlain({ method, headers, raw }: FastifyRequest): boolean {
  return (
    method === 'GET' &&
    headers.authorization === undefined &&
    headers[REVISION] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.host !== undefined &&
    raw.httpVersionMinor === 1
  );
}

function write(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, whole, unchanged }: Kept,
  fresh: boolean,
  standing: Standing | undefined,
): void {
  reply.hijack();
  const { raw } = reply;
  if (fresh) {
    raw.writeHead(304, [...unchanged, 'x-request-id', request.id]);
    raw.end();
    return;
  }
  const left = standing ? Object.entries(rateHeaders([standing])).flat() : [];
  raw.writeHead(200, [...whole, 'x-request-id', request.id, ...left]);
  raw.end(body);
}
