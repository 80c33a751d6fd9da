/** What a record was: its versions, what it held at each, and how they differ. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { history, patchBetween, versionOf } from '../engine/history.ts';
import { MAX_LIMIT, refuseUncountable } from '../engine/parameters.ts';
import { etagOf, isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';
import { mayReadAll } from './reads.ts';
import { article, identified, type Resource } from './resource.ts';

const parameters = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: 20, description: 'Versions a page.' }),
    before: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Only versions before this one: taken from `links.next`.' }),
    ),
  },
  { additionalProperties: false },
);

const PATCH = 'application/json-patch+json';

/** The history of a resource's records. */
export function registerHistory(
  app: FastifyInstance,
  engine: Engine,
  { kind, path, noun, fixed }: Resource,
): void {
  const url = `/v1/${path}/:id/history`;
  const problems = [304, 400, 401, 403, 404, 406] as const;
  app.get(
    url,
    {
      schema: operation(path, 'history', {
        summary: `List the versions of ${article(noun)} ${noun}`,
        description: 'Newest first, each with who changed what, and why; also of a deleted or merged record.',
        params: identified(noun),
        querystring: parameters,
        response: answers({ 200: ['A page of versions.', 'HistoryPage'] }, problems),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const query = request.query as { limit: number; before?: number };
      refuseUncountable(query);
      const place = { path: `/v1/${path}/${encodeURIComponent(id)}/history`, narrowed: fixed };
      const page = await history(engine, kind, id, query, place);
      const etag = `W/"r${page.meta.revision}"`;
      reply.headers({ etag, 'cache-control': 'no-cache', [REVISION]: page.meta.revision });
      if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
      if (page.links.next) reply.header('link', `<${page.links.next}>; rel="next"`);
      return reply.send(page);
    },
  );
  const described = answers({ 200: [`The ${noun} as it was.`, kind.title] }, problems);
  const { content } = described[200] as { content: object };
  app.get(
    `${url}/:versions`,
    {
      config: { produces: ['application/json', PATCH] },
      schema: operation(path, 'version', {
        summary: `Read ${article(noun)} ${noun} at a version, or how two versions differ`,
        description: `\`/history/3\` is what version 3 held, with \`deleted_at\` where it was deleted then. \`/history/3..5\` is the JSON Patch (RFC 6902, \`${PATCH}\`) that turns version 3 into version 5; \`5..3\` turns it back.`,
        params: Type.Object(
          { ...identified(noun).properties, versions: VERSIONS },
          { additionalProperties: false },
        ),
        response: {
          ...described,
          200: {
            description: `The ${noun} as it was, or the difference.`,
            content: { ...content, [PATCH]: { schema: { $ref: 'JsonPatch#' } } },
          },
        },
      }),
    },
    async (request, reply) => {
      const { id, versions } = request.params as { id: string; versions: string };
      const [from, to] = numbersOf(versions) as [number, number?];
      const options = { restricted: mayReadAll(request), narrowed: fixed };
      reply.header('cache-control', 'no-cache');
      if (to === undefined) {
        const record = await versionOf(engine, kind, id, from, options);
        const etag = etagOf(kind, record);
        reply.header('etag', etag);
        if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
        return reply.send(record);
      }
      const etag = `"${from}..${to}"`;
      const patch = await patchBetween(engine, kind, id, from, to, options);
      reply.header('etag', etag);
      if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.type(PATCH).send(patch);
    },
  );
}

const FORM = 'a version such as 3, or two such as 3..5';

const VERSIONS = Type.Unsafe({
  type: 'string',
  pattern: '^[1-9][0-9]{0,14}([.]{2}[1-9][0-9]{0,14})?$',
  'x-expected': FORM,
  description: 'A version, or two with `..` between them.',
  examples: ['1'],
});

/** The one or two versions of a path. */
function numbersOf(versions: string): number[] {
  return versions.split('..').map(Number);
}
