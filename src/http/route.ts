/** What a request's route says of itself, looked up once: Fastify makes an object of all it knows at each look. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyRequest {
    /** The configuration of its route; `url` is the route's pattern, undefined where there is no route. */
    route: FastifyContextConfig & { readonly url?: string };
  }
}

/** Gives each request its `route`, and each route that takes GET also HEAD; to be registered before every hook on either. */
export const routed = fp(async (app: FastifyInstance) => {
  app.decorateRequest('route', null as never);
  // One route for both: Fastify would make each a second time for HEAD, a third of what an app takes to be built. Node
  // leaves out the body.
  app.addHook('onRoute', (route) => {
    if (route.method === 'GET') route.method = ['GET', 'HEAD'];
  });
  app.addHook('onRequest', (request, _reply, done) => {
    request.route = request.routeOptions.config;
    done();
  });
});
