/** The OpenAPI description, made from the running routes, and Swagger UI at `/docs`. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import fp from 'fastify-plugin';
import { kinds } from '../model/kinds.ts';
import { VERSION } from '../version.ts';
import { sentToReceivers } from './delivery-schemas.ts';
import { docsPlugin } from './docs-plugin.ts';
import { addExamples } from './examples.ts';
import { resources } from './resource.ts';

const tags = [
  ...resources.map(({ path, kind, fixed }) => ({
    name: path,
    description: fixed
      ? `Policies whose ${fixed.field} is ${fixed.value}. ${kind.description}`
      : kind.description,
  })),
  { name: 'compare', description: 'Policies side by side, measure by measure.' },
  { name: 'search', description: 'Words across all kinds.' },
  { name: 'feeds', description: 'Lists for readers of news: Atom and JSON Feed.' },
  { name: 'coverage', description: 'How much is known of each place.' },
  { name: 'exports', description: 'All of it, as files.' },
  { name: 'changes', description: 'Every change of every record, in one sequence.' },
  { name: 'webhooks', description: 'Who is told of changes as they are made.' },
  { name: 'batch', description: 'Many records of any kinds in one transaction.' },
  { name: 'vocabularies', description: 'Every coded word with its meaning.' },
  { name: 'health', description: 'Whether the service is well.' },
];

/** Where a route's schema keeps its answers. */
const ANSWERS = Symbol('answers');

type Described = FastifySchema & { readonly [ANSWERS]?: unknown };

/** The text of the description, once it was made. */
export interface Description {
  text?: string;
}

/** Collects the routes' schemas; to be registered before them. */
export const openapi = fp(async (app: FastifyInstance, { description }: { description: Description }) => {
  // Fastify would make something of each answer of each route at every start, and nothing is done with it: what a
  // handler returns is what goes out.
  app.addHook('onRoute', (route) => {
    if (route.schema?.response === undefined) return;
    const { response, ...rest } = route.schema;
    route.schema = { ...rest, [ANSWERS]: response } as Described;
  });
  await app.register(swagger, {
    transform: ({ schema, url }) => ({ schema: withRevision(withAnswers(schema), url), url }),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Civic Policy Tracker',
        version: VERSION,
        summary: 'What governments decide, and what officials say about it.',
        description: `The public record of policies of every government, from school districts to nations, with their timelines, provisions, votes and evidence, and of what officials say about them, as each source printed it. ${kinds.length} kinds of record, all with the same calls. Reading needs no key.`,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'This service' }],
      tags,
      webhooks: sentToReceivers as never,
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key made with `npm run -s civic -- keys create --name NAME --scope write --json`.',
          },
        },
      },
    },
    // Components are named as the schemas are.
    refResolver: { buildLocalReference: (json, _base, _fragment, at) => String(json.$id ?? `def-${at}`) },
  });
  const described = () => {
    description.text ??= openapiText(app);
    return description.text;
  };
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').header('cache-control', 'no-cache').send(described()),
  );
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: false,
    // What @fastify/swagger-ui serves itself, as JSON and YAML, is the same description.
    transformSpecification: () => JSON.parse(described()),
    transformSpecificationClone: false,
    uiConfig: {
      docExpansion: 'none',
      tryItOutEnabled: true,
      persistAuthorization: true,
      filter: true,
      validatorUrl: null,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      plugins: [docsPlugin],
    } as never,
    theme: { title: 'Civic Policy Tracker' },
  });
});

/** The header that every request for data may bear: described here, as one hook looks at it for all routes. */
function withRevision(schema: FastifySchema, url: string): FastifySchema {
  if (schema === undefined || !url.startsWith('/v1/')) return schema;
  const { properties = {} } = (schema.headers ?? {}) as { properties?: object };
  return { ...schema, headers: { ...none, properties: { ...properties, 'X-Revision': SEEN } } };
}

const none = { type: 'object' };

const SEEN = {
  type: 'string',
  pattern: '^[0-9]{1,15}$',
  description:
    'Number of the newest change you have seen, from `X-Revision` or `meta.revision` of an answer: this answer is then from no earlier state, whichever server gives it.',
};

function withAnswers(schema: Described): FastifySchema {
  // Some routes have none, and some no schema at all.
  return schema?.[ANSWERS] === undefined ? schema : { ...schema, response: schema[ANSWERS] };
}

/** The description as the text that is served and committed. */
export function openapiText(app: FastifyInstance): string {
  // A copy, as what @fastify/swagger gives is kept and given again.
  const copy = structuredClone(app.swagger()) as { readonly paths: Record<string, { head?: unknown }> };
  // HEAD is as GET wherever there is one.
  for (const path of Object.values(copy.paths)) delete path.head;
  const described = addExamples(copy as never);
  const text = JSON.stringify(described, (name, value) => (name.startsWith('x-') ? undefined : value), 2);
  return `${text}\n`;
}
