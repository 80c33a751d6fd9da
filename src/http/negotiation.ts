import accepts from '@fastify/accepts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media types of the answer, where it is not plain JSON alone. */
    produces?: readonly string[];
  }
}

/**
 * The form an answer takes, of those that a route has by name: the one that `format` names, else the one that `Accept`
 * prefers; the first where it has no preference. The route lists their media types in `produces`.
 */
export function formOf<Form extends string>(
  request: FastifyRequest,
  format: Form | undefined,
  forms: Readonly<Record<Form, string>>,
): Form {
  const names = Object.keys(forms) as Form[];
  const { accept = '*/*' } = request.headers;
  if (accept === '*/*') return format ?? (names[0] as Form);
  const preferred = request.accepts().type(names.map((name) => forms[name]));
  return format ?? names.find((name) => forms[name] === preferred) ?? (names[0] as Form);
}

/** Refuses requests for data whose `Accept` rules out every form there is. */
export const negotiation = fp(async (app: FastifyInstance) => {
  await app.register(accepts);
  app.addHook('onRequest', (request, _reply, done) => {
    const wanted = request.headers.accept;
    if (wanted === undefined || wanted === '*/*' || !request.url.startsWith('/v1')) return done();
    // A profile is a wish that may be ignored (RFC 6906), but is taken for a type of its own.
    request.raw.headers.accept = wanted.replace(/;\s*profile=("[^"]*"|[^;,\s]*)/gi, '');
    const produced = request.route.produces ?? ['application/json'];
    if (request.accepts().type([...produced, 'application/problem+json']) === false) {
      const expected = produced.join(' or ');
      throw new Problem('not-acceptable', `Answers here are ${expected}.`, {
        errors: [
          {
            header: 'Accept',
            message: 'rules out every form there is',
            expected,
            got: wanted,
          },
        ],
      });
    }
    done();
  });
});
