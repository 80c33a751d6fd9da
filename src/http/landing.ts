import type { FastifyInstance } from 'fastify';

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Civic Policy Tracker</title>
<style>body{font:17px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Civic Policy Tracker</h1>
<p>The public record of what governments decide, and what officials say about it.</p>
<ul>
<li><a href="/docs">Try the API</a> in Swagger UI; reading needs no key</li>
<li><a href="/openapi.json">OpenAPI description</a></li>
<li><a href="/v1/policies">Policies</a>, <a href="/v1/statements?include=reports">statements as each source printed them</a>, <a href="/v1/officials">officials</a>, <a href="/v1/vocabularies">vocabularies</a></li>
</ul>
</html>
`;

/** A page for people at `/`. */
export async function registerLanding(app: FastifyInstance): Promise<void> {
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
}
