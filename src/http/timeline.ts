/** `GET /v1/policies/{id}/timeline`, and the same of ordinances and resolutions. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { recordId } from '../exchange/seeds.ts';
import { MOST_ENTRIES, MOST_REPORTS, RULE, timeline } from '../features/timeline.ts';
import { ENTRY_KINDS, PLACED_BY } from '../features/timeline-order.ts';
import { STATUS_BASES } from '../features/timeline-status.ts';
import { nullable } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { policyStatus } from '../model/vocabularies.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';
import { sendFresh, tagAt } from './reads.ts';
import { article, identified, resources } from './resource.ts';

const closed = { additionalProperties: false };
const id = (description: string) => Type.String({ format: 'uuid', description });
const text = (description: string) => nullable(Type.String({ description }));

/** A word of a closed list, whose meanings are told in the description. */
function word(meanings: Readonly<Record<string, string>>, description: string) {
  const told = Object.entries(meanings).map(([name, meaning]) => `\`${name}\`: ${meaning}`);
  return Type.Unsafe<string>({
    type: 'string',
    enum: Object.keys(meanings),
    description: [description, ...told].join(' '),
  });
}

const status = (description: string) => nullable(word(policyStatus.words, description));

const kindOfEntry = Type.Unsafe<string>({
  type: 'string',
  enum: [...ENTRY_KINDS],
  description: 'Kind of the record that makes the entry.',
});

const entry = Type.Object(
  {
    kind: kindOfEntry,
    id: id('The record.'),
    date: text('When it was, as precise as the record says; of a report, when its source was published.'),
    date_basis: text('How the date is known.'),
    placed: Type.Object(
      {
        at: text('The date it stands by; null where nothing gives one.'),
        by: word(PLACED_BY, 'What gave it its place.'),
      },
      closed,
    ),
    text: text(
      'What happened, in the words of the record: the action’s description, the motion, the version’s label, what was said, what was printed.',
    ),
    status_after: status('Where the policy stood afterwards; null until a step says something.'),
    status_basis: nullable(word(STATUS_BASES, 'How that is known.')),
    status_from: nullable(id('The action that says so.')),
    record: Type.Unsafe({
      anyOf: ENTRY_KINDS.map((kind) => ({ $ref: `${kindNamed(kind).title}#` })),
      description:
        'The record as lists show it: a vote without its individual votes (`/v1/votes?policy=`), a statement with its speaker and stances, a report with its source.',
    }),
    evidence: Type.Unsafe({ $ref: 'Proofs#' }),
  },
  closed,
);

const schema = Type.Object(
  {
    data: Type.Array(entry),
    meta: Type.Object(
      {
        policy: Type.Object(
          {
            id: id('The policy.'),
            slug: Type.String({ description: 'Its slug.' }),
            title: Type.String({ description: 'Its title.' }),
            status: word(policyStatus.words, 'Where the policy itself says that it stands.'),
            status_as_of: text('When it was known to stand there.'),
          },
          closed,
        ),
        revision: Type.Integer({ description: 'Number of the last change when the timeline was read.' }),
        rule: Type.String({ description: 'How entries are ordered, and their status found.' }),
        capped: Type.Array(
          Type.Object(
            {
              kind: kindOfEntry,
              statement_id: nullable(id('Of reports: the statement they are of.')),
              shown: Type.Integer({ description: 'How many are here: the earliest.' }),
              more: Type.String({ description: 'Address of the rest.' }),
            },
            closed,
          ),
          { description: 'What there is more of than a timeline takes; empty where it has everything.' },
        ),
      },
      closed,
    ),
    links: Type.Unsafe({ $ref: 'PageLinks#' }),
  },
  {
    ...closed,
    $id: 'Timeline',
    description: 'What was done, voted, written and said about a policy, in order.',
    examples: [sample()],
  },
);

function sample() {
  const action = recordId({ name: 'action' }, 'la-ordinance-passed');
  const description = 'The council passes the ordinance, on a Tuesday.';
  const slug = 'los-angeles-sanctuary-city-ordinance';
  const policy = {
    id: recordId({ name: 'policy' }, slug),
    slug,
    title: 'Los Angeles sanctuary city ordinance',
    status: 'passed',
    status_as_of: '2024-11',
  };
  return {
    data: [
      {
        kind: 'action',
        id: action,
        date: '2024-11',
        date_basis: 'derived',
        placed: { at: '2024-11', by: 'date' },
        text: description,
        status_after: 'passed',
        status_basis: 'stated',
        status_from: action,
        record: { id: action, policy_id: policy.id, position: 5, date: '2024-11', description },
        evidence: { data: [], more: null },
      },
    ],
    meta: { policy, revision: 1307, rule: RULE, capped: [] },
    links: { self: `/v1/policies/${slug}/timeline`, next: null },
  };
}

/** Registers the timeline of every resource whose records are policies; `Proofs` has to be known. */
export function registerTimeline(app: FastifyInstance, { engine }: { engine: Engine }): void {
  app.addSchema(schema);
  for (const { path, noun, fixed } of resources.filter(({ kind }) => kind.name === 'policy')) {
    app.get(
      `/v1/${path}/:id/timeline`,
      {
        schema: operation(path, 'timeline', {
          summary: `What happened to ${article(noun)} ${noun}, in order`,
          description: `Actions, votes, versions, statements about it and reports of those, in one list, with where it stood after each and the evidence. ${RULE} A timeline has at most ${MOST_ENTRIES} of each, the earliest, and ${MOST_REPORTS} reports of each statement; \`meta.capped\` leads to the rest.`,
          params: identified(noun),
          response: answers(
            { 200: [`The timeline of the ${noun}.`, 'Timeline'] },
            [304, 308, 400, 401, 403, 404, 406, 410],
          ),
        }),
      },
      async (request, reply) => {
        const { id: name } = request.params as { id: string };
        const { data, meta } = await timeline(engine, name, { narrowed: fixed });
        const self = `${engine.publicUrl}/v1/${path}/${encodeURIComponent(name)}/timeline`;
        reply.header(REVISION, meta.revision);
        return sendFresh(request, reply, tagAt(engine, meta.revision), {
          data,
          meta,
          links: { self, next: null },
        });
      },
    );
  }
}
