/** `GET /v1/feeds/{kind}.{atom,json}`: lists as feeds, for readers of news. */
import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { type ListQuery, listParameters } from '../engine/parameters.ts';
import { ATOM, atom } from '../features/feeds/atom.ts';
import { hasFeed } from '../features/feeds/entries.ts';
import { feedOf } from '../features/feeds/feed.ts';
import { JSON_FEED, jsonFeed } from '../features/feeds/json-feed.ts';
import { REVISION } from './consistency.ts';
import { feedSchema, sampleAtom } from './feed-schema.ts';
import { originOf } from './linked.ts';
import { answers, operation } from './operations.ts';
import { gathering, sendFresh, tagAt } from './reads.ts';
import { type Resource, resources } from './resource.ts';

/** The forms of feeds, as addresses end, with their media types. */
const FORMS = { atom: ATOM, json: JSON_FEED } as const;
type Form = keyof typeof FORMS;

const form = Type.Object(
  {
    form: Type.Unsafe<Form>({
      type: 'string',
      enum: Object.keys(FORMS),
      description: 'Atom (RFC 4287), or JSON Feed 1.1.',
      examples: ['atom'],
    }),
  },
  { additionalProperties: false },
);

/** Parameters of lists that mean nothing to a feed, which shows the same of every record. */
const UNUSED = new Set(['fields', 'include', 'include_deleted', 'format', 'count', 'facets', 'sort']);

const ORDER =
  'The record changed last comes first, unless `sort` says otherwise; with `q` it is the same, so that nothing new is missed.';

/** Registers a feed for each list whose records have names. */
export async function registerFeeds(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  app.addSchema(feedSchema);
  for (const resource of resources) if (hasFeed(resource.kind)) registerFeed(app, engine, resource);
}

function registerFeed(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, fixed } = resource;
  const parameters = feedParameters(resource);
  const narrowing: Record<string, string> = fixed ? { [fixed.field]: fixed.value } : {};
  const noun = path.replaceAll('-', ' ');
  const described = answers({ 200: ['The feed.', 'JsonFeed'] }, [304, 400, 401, 403, 406]);
  const good = described[200] as { content: Record<string, object> };
  app.get(
    `/v1/feeds/${path}.:form`,
    {
      config: { produces: Object.values(FORMS) },
      preValidation: gathering(parameters),
      schema: {
        ...operation('feeds', path, {
          summary: `Read ${noun} as a feed`,
          description: `The list of ${noun} with its filters, for readers of feeds. ${ORDER} Ids of entries never change; deleted records are left out.`,
          params: form,
          querystring: parameters,
          response: {
            ...described,
            200: {
              ...good,
              content: {
                [ATOM]: { schema: { type: 'string' }, example: sampleAtom() },
                [JSON_FEED]: good.content['application/json'],
              },
            },
          },
        }),
      },
    },
    async (request, reply) => {
      const asked = (request.params as { form: Form }).form;
      const at = `/v1/feeds/${path}.${asked}`;
      const place = { path: at, self: request.url, fixed: narrowing, restricted: false };
      const feed = await feedOf(engine, { kind, path, title: noun }, request.query as ListQuery, place);
      const base = engine.publicUrl ? '' : originOf(request);
      const text = asked === 'atom' ? atom(feed, base) : JSON.stringify(jsonFeed(feed, base));
      reply.type(`${FORMS[asked]}; charset=utf-8`);
      reply.header(REVISION, feed.revision);
      return sendFresh(request, reply, tagAt(engine, feed.revision, asked), text);
    },
  );
}

/** Parameters of a list, without those that choose what is shown of a record, and in a feed's own order. */
function feedParameters({ kind, fixed }: Resource): TSchema {
  const listed = listParameters(kind, fixed?.field) as unknown as { properties: Record<string, TSchema> };
  const kept = Object.entries(listed.properties).filter(([name]) => !UNUSED.has(name));
  const sort = { ...listed.properties.sort, default: '-updated_at' };
  return Type.Unsafe({
    type: 'object',
    additionalProperties: false,
    properties: { ...Object.fromEntries(kept), sort },
  });
}
