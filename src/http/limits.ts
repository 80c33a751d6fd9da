/** Limits on what one client asks: each request is charged to its key or its address, and its answer says what is left. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type Charge, type Rates, rateHeaders, type Standing, tooMany } from './rates.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request has taken from its client's allowance, if it is charged. */
    charge: Charge | null;
    /** Where the key stands with the records it may write in a day, once the request has written some. */
    quota: Standing | null;
  }
}

/** Pages and probes that nobody is charged for. */
const FREE = /^\/($|docs|guide|openapi\.json$|health\/|metrics$|problems\/|\.well-known\/)/;

/** Charges requests; to be registered once it is known whose key is sent, and before that is refused. */
export const limits = fp(async (app: FastifyInstance, { rates }: { rates: Rates | undefined }) => {
  app.decorateRequest('charge', null);
  app.decorateRequest('quota', null);
  app.addHook('onRequest', (request, _reply, done) => {
    if (rates === undefined || isFree(request)) return done();
    request.charge = rates.charge(request.apiKey, request.ip);
    if (request.charge.over) throw tooMany(request.charge.standing);
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    const { charge, quota } = request;
    // What a client has already is confirmed for nothing.
    if (reply.statusCode === 304) {
      charge?.giveBack();
      return done();
    }
    const standings = [charge?.standing, quota].filter((one) => one != null);
    if (standings.length > 0 && !reply.hasHeader('ratelimit')) reply.headers(rateHeaders(standings));
    done();
  });
});

/** A key that is not right is charged to its address wherever it is sent: that is what bounds guessing. */
function isFree({ route, keyFault }: FastifyRequest): boolean {
  return keyFault === null && route.url !== undefined && FREE.test(route.url);
}
