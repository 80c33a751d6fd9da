/** `GET /v1/officials/{id}/said-and-voted`: words and votes of an official on a topic, side by side. */
import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { address } from '../engine/list.ts';
import { DEFAULT_LIMIT, refuseUncountable } from '../engine/parameters.ts';
import { recordId } from '../exchange/seeds.ts';
import {
  MOST_BESIDE,
  MOST_ON_TOPIC,
  RULE,
  type SaidAndVotedQuery,
  saidAndVoted,
} from '../features/said-and-voted.ts';
import { nullable } from '../model/declare.ts';
import { answers, operation } from './operations.ts';
import { gathering, sendPage } from './reads.ts';
import { identified } from './resource.ts';

/** Most policies a page. */
const MAX_LIMIT = 100;

const closed = { additionalProperties: false };
const named = (what: string) => ({
  id: Type.String({ format: 'uuid', description: `The ${what}.` }),
  slug: Type.String({ description: 'Slug.' }),
  name: Type.String({ description: 'Name.' }),
});
const ref = (name: string) => Type.Unsafe({ $ref: `${name}#` });

function some(item: TSchema, description: string) {
  const more = 'Address of the list that has them all, where these are not.';
  return Type.Object(
    { data: Type.Array(item), more: nullable(Type.String({ description: more })) },
    { ...closed, description },
  );
}

const said = Type.Object(
  {
    statement: ref('Statement'),
    stances: Type.Array(ref('Stance'), { description: 'Its stances on what it stands beside.' }),
  },
  closed,
);

const voted = Type.Object(
  {
    vote: ref('Vote'),
    vote_event: Type.Unsafe({
      $ref: 'VoteEvent#',
      description: 'What was voted on, and how it came out; without the votes of others.',
    }),
  },
  closed,
);

const schema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          policy: ref('Policy'),
          said: some(said, `What the official said of it, the newest first; at most ${MOST_BESIDE}.`),
          voted: some(voted, `How the official voted on it, the newest first; at most ${MOST_BESIDE}.`),
        },
        closed,
      ),
      { description: 'Policies that the official voted on or spoke of.' },
    ),
    on_topic: some(
      said,
      `What the official said of the topic itself, the newest first; at most ${MOST_ON_TOPIC}, the same on every page.`,
    ),
    meta: Type.Object(
      {
        official: Type.Object(named('official'), closed),
        topics: Type.Array(Type.Object(named('topic'), closed), {
          description: 'The topic and those below it.',
        }),
        limit: Type.Integer({ description: 'Policies a page.' }),
        revision: Type.Integer({ description: 'Number of the last change when the page was read.' }),
        rule: Type.String({ description: 'What stands here, and what does not follow from it.' }),
      },
      closed,
    ),
    links: ref('PageLinks'),
  },
  {
    ...closed,
    $id: 'SaidAndVoted',
    description: 'What an official said on a topic, beside how the official voted.',
    examples: [sample()],
  },
);

function sample() {
  const policy = recordId({ name: 'policy' }, 'lausd-emergency-resolutions');
  const statement_id = recordId({ name: 'statement' }, 'goldberg-not-running-in-fear');
  const id = recordId({ name: 'stance' }, 'goldberg-not-running-in-fear-resolutions');
  const said = { statement: { id: statement_id }, stances: [{ id, policy_id: policy, stance: 'support' }] };
  const official = { id: recordId({ name: 'official' }, 'jackie-goldberg'), slug: 'jackie-goldberg' };
  const topic = { id: recordId({ name: 'topic' }, 'education'), slug: 'education', name: 'Education' };
  return {
    data: [
      {
        policy: { id: policy, slug: 'lausd-emergency-resolutions', status: 'adopted' },
        said: { data: [said], more: null },
        voted: { data: [], more: null },
      },
    ],
    on_topic: { data: [], more: null },
    meta: {
      official: { ...official, name: 'Jackie Goldberg' },
      topics: [topic],
      limit: DEFAULT_LIMIT,
      revision: 1307,
      rule: RULE,
    },
    links: { self: '/v1/officials/jackie-goldberg/said-and-voted?topic=education', next: null },
  };
}

const parameters = Type.Object(
  {
    topic: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The topic; those below it count as well. By id or slug.',
      examples: ['immigration'],
    }),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_LIMIT,
        default: DEFAULT_LIMIT,
        description: 'Policies a page.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2000, description: 'Where to go on: taken from `links.next`.' }),
    ),
  },
  closed,
);

/** Registers the route. */
export function registerSaidAndVoted(app: FastifyInstance, { engine }: { engine: Engine }): void {
  app.addSchema(schema);
  app.get(
    '/v1/officials/:id/said-and-voted',
    {
      preValidation: gathering(parameters),
      schema: operation('officials', 'said_and_voted', {
        summary: 'What an official said on a topic, beside how the official voted',
        description: RULE,
        params: identified('official'),
        querystring: parameters,
        response: answers(
          { 200: ['A page of policies, with words and votes.', 'SaidAndVoted'] },
          [304, 308, 400, 401, 403, 404, 406, 410],
        ),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const query = request.query as SaidAndVotedQuery;
      refuseUncountable({ ...query });
      const { next, ...page } = await saidAndVoted(engine, id, query);
      const path = `/v1/officials/${encodeURIComponent(id)}/said-and-voted`;
      const links = {
        self: address(engine, path, { ...query }),
        next: next && address(engine, path, { ...query, cursor: next }),
      };
      return sendPage(engine, request, reply, { ...page, links });
    },
  );
}
