/** `GET /v1/search`: words across all kinds. */
import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { DEFAULT_LIMIT, LONGEST_QUERY, MAX_LIMIT } from '../engine/parameters.ts';
import { recordId } from '../exchange/seeds.ts';
import { ACROSS_FACETS, type AcrossQuery, searchAcross } from '../features/search/across.ts';
import { MOST_TERMS, SHORTEST_PREFIX } from '../features/search/query.ts';
import { searchedKinds } from '../features/search/tokens.ts';
import { answers, operation } from './operations.ts';
import { gathering, sendPage } from './reads.ts';

const closed = { additionalProperties: false };
const ref = (name: string) => Type.Unsafe({ $ref: `${name}#` });
const words = (names: readonly string[], description: string) =>
  Type.Optional(
    Type.Array(Type.Unsafe<string>({ type: 'string', enum: [...names] }), { description, maxItems: 100 }),
  );
const references = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { description, maxItems: 100 }));

const parameters: TSchema = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: LONGEST_QUERY,
      description: `Words that must be there; case and accents do not count. "Words in quotes" stand side by side, \`begin*\` (${SHORTEST_PREFIX} letters or more) stands for all words that begin so, \`-word\` must not be there; all else is taken as plain words. The first ${MOST_TERMS} terms count.`,
      examples: ['"sanctuary city" ordin*'],
    }),
    kind: words(
      searchedKinds.map(({ name }) => name),
      'Only records of these kinds.',
    ),
    jurisdiction: references('Only what belongs to these places, by id or slug.'),
    topic: references('Only what is filed under these topics, or is about them, by id or slug.'),
    group: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: ['kind'],
        description: 'The best hits of each kind, `limit` of each, instead of all kinds mixed.',
      }),
    ),
    facets: words(ACROSS_FACETS, 'Adds `meta.facets`: how many hits there are of each of these.'),
    count: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: ['exact'],
        description: 'Adds `meta.total` and `meta.total_is`.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, description: 'Hits a page.' }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'Taken from `links.next` of the page before.',
      }),
    ),
  },
  closed,
);

const hit = Type.Object(
  {
    kind: Type.Unsafe({
      type: 'string',
      enum: searchedKinds.map(({ name }) => name),
      description: 'Its kind.',
    }),
    url: Type.String({ description: 'Its address.' }),
    record: Type.Unsafe({
      anyOf: searchedKinds.map(({ title }) => ref(title)),
      description: 'The record, as lists show it.',
    }),
    _highlights: ref('Highlights'),
  },
  closed,
);

const schema = Type.Object(
  {
    data: Type.Optional(Type.Array(hit, { description: 'Hits, best first; not with `group`.' })),
    groups: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kind: Type.String({ description: 'The kind.' }),
            data: Type.Array(hit, { description: 'Its best hits.' }),
            next: Type.Unsafe({
              type: ['string', 'null'],
              description: 'Address of all hits of this kind, where there are more.',
            }),
          },
          closed,
        ),
        { description: 'Kinds that have hits; only with `group=kind`.' },
      ),
    ),
    meta: ref('PageMeta'),
    links: ref('PageLinks'),
  },
  {
    ...closed,
    $id: 'SearchResults',
    description: 'What was found across kinds.',
    examples: [sample()],
  },
);

function sample() {
  const slug = 'los-angeles-sanctuary-city-ordinance';
  const title = 'Los Angeles sanctuary city ordinance';
  return {
    data: [
      {
        kind: 'policy',
        url: `/v1/policies/${slug}`,
        record: { id: recordId({ name: 'policy' }, slug), slug, title },
        _highlights: [
          {
            field: 'title',
            snippet: title,
            ranges: [
              { start: 12, end: 26 },
              { start: 27, end: 36 },
            ],
          },
        ],
      },
    ],
    meta: {
      limit: 20,
      revision: 1307,
      search: { terms: ['"sanctuary city"', 'ordin*'], excluded: [], ignored: [], exact: false },
    },
    links: { self: '/v1/search?q=%22sanctuary%20city%22%20ordin*&limit=20', next: null },
  };
}

const ORDER =
  'Hits with all words in what the record is called by (its title or name) come first, then those with some, then the others; within each the latest added first. Parts belong to the places and topics of their policy. What is looked into for one page is bounded, so that a page may hold fewer than `limit` hits and yet have a next one; a record that is written meanwhile may be met at another place. Of each text the first 200,000 characters are searched.';

/** Registers the route. */
export function registerSearch(app: FastifyInstance, { engine }: { engine: Engine }): void {
  app.addSchema(schema);
  app.get(
    '/v1/search',
    {
      preValidation: gathering(parameters),
      schema: operation('search', 'get', {
        summary: 'Search all kinds',
        description: `Finds records of every kind by their words. ${ORDER}`,
        querystring: parameters,
        response: answers({ 200: ['The hits.', 'SearchResults'] }, [304, 400, 401, 403, 406]),
      }),
    },
    async (request, reply) => {
      const page = await searchAcross(engine, request.query as AcrossQuery);
      return sendPage(engine, request, reply, page);
    },
  );
}
