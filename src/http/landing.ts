import type { FastifyInstance } from 'fastify';
import { DAY } from '../engine/day.ts';
import type { Engine } from '../engine/engine.ts';
import { Problem } from '../errors.ts';
import { resources } from './resource.ts';

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Civic Policy Tracker</title>
<link rel="alternate" type="application/atom+xml" title="Policies" href="/v1/feeds/policies.atom">
<link rel="alternate" type="application/atom+xml" title="Statements" href="/v1/feeds/statements.atom">
<style>body{font:17px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Civic Policy Tracker</h1>
<p>The public record of what governments decide, and what officials say about it.</p>
<ul>
<li><a href="/docs">Try the API</a> in Swagger UI; reading needs no key</li>
<li><a href="/guide">Guide</a>: the rules that what is derived is made by</li>
<li><a href="/openapi.json">OpenAPI description</a></li>
<li><a href="/v1/search?q=sanctuary&amp;facets=kind">Search</a> everything</li>
<li><a href="/v1/policies">Policies</a>, <a href="/v1/statements?include=reports">statements as each source printed them</a>, <a href="/v1/officials">officials</a>, <a href="/v1/vocabularies">vocabularies</a></li>
<li>What is new, as feeds: <a href="/v1/feeds/policies.atom">policies</a>, <a href="/v1/feeds/statements.atom">statements</a>; <a href="/guide/webhooks">webhooks</a> tell programs</li>
<li>What spans them: a <a href="/v1/policies/los-angeles-sanctuary-city-ordinance/timeline">timeline</a>, a <a href="/v1/compare?policies=los-angeles-sanctuary-city-ordinance,boston-noncooperation-pledge">comparison</a>, <a href="/v1/officials/tom-homan/said-and-voted?topic=immigration">what an official said and voted</a>, and <a href="/v1/coverage">how much is known of each place</a></li>
</ul>
</html>
`;

/** The API catalog (RFC 9727) as a link set (RFC 9264). */
const catalog = JSON.stringify({
  linkset: [
    {
      anchor: '/v1',
      'service-desc': [{ href: '/openapi.json', type: 'application/openapi+json' }],
      'service-doc': [
        { href: '/docs', type: 'text/html' },
        { href: '/guide', type: 'text/html' },
      ],
      status: [{ href: '/status', type: 'application/json' }],
      item: [...resources.map(({ path }) => path), 'coverage', 'changes', 'exports', 'search'].map(
        (path) => ({
          href: `/v1/${path}`,
          type: 'application/json',
        }),
      ),
    },
  ],
});

/** How long what security.txt says may be taken for true, in days. */
const GOOD_FOR = 90;

/** The text of RFC 9116. */
function securityText(contacts: readonly string[], publicUrl: string, now: Date): string {
  const expires = new Date(Math.floor(now.getTime() / DAY + GOOD_FOR) * DAY).toISOString();
  return [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires}`,
    'Preferred-Languages: en',
    ...(publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}/.well-known/security.txt`] : []),
    '',
  ].join('\n');
}

/** `/`: a page for people and, for a client that asks for JSON, the API catalog, which also has an address of its own. */
export async function registerLanding(
  app: FastifyInstance,
  { engine, contacts = [] }: { engine: Engine; contacts?: readonly string[] | undefined },
): Promise<void> {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'Accept');
    const wanted = request.accepts().type(['text/html', 'application/json', 'application/linkset+json']);
    if (wanted === 'text/html') return reply.type('text/html; charset=utf-8').send(page);
    if (wanted === false)
      throw new Problem('not-acceptable', 'Answers here are text/html or application/json.');
    return reply.type(String(wanted)).send(catalog);
  });
  app.get('/.well-known/api-catalog', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"').send(catalog),
  );
  app.get('/.well-known/security.txt', { schema: { hide: true } }, async (_request, reply) => {
    if (contacts.length === 0)
      throw new Problem('not-found', 'Whoever runs this service has not said where to tell of weaknesses.');
    reply.header('cache-control', 'public, max-age=86400');
    return reply
      .type('text/plain; charset=utf-8')
      .send(securityText(contacts, engine.publicUrl, engine.now()));
  });
}
