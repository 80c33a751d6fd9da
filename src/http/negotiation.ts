import accepts from '@fastify/accepts';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../errors.ts';

/** Refuses requests for data whose `Accept` rules JSON out. */
export const negotiation = fp(async (app: FastifyInstance) => {
  await app.register(accepts);
  app.addHook('onRequest', async (request) => {
    const wanted = request.headers.accept;
    if (wanted === undefined || wanted === '*/*' || !request.url.startsWith('/v1')) return;
    if (request.accepts().type(['application/json', 'application/problem+json']) === false) {
      throw new Problem('not-acceptable', 'Answers here are application/json.', {
        errors: [
          {
            header: 'Accept',
            message: 'rules out every form there is',
            expected: 'application/json',
            got: wanted,
          },
        ],
      });
    }
  });
});
