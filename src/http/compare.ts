/** `GET /v1/compare`: policies side by side, measure by measure. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { address } from '../engine/list.ts';
import { recordId } from '../exchange/seeds.ts';
import { CELL_STATES, type CompareQuery, compare, MOST_COLUMNS, RULE } from '../features/compare.ts';
import { CSV_RULE, comparisonCsv } from '../features/compare-csv.ts';
import { nullable } from '../model/declare.ts';
import { provisionEffect } from '../model/vocabularies.ts';
import { REVISION } from './consistency.ts';
import { formOf } from './negotiation.ts';
import { answers, operation } from './operations.ts';
import { gathering, sendFresh, tagAt } from './reads.ts';

const FORMS = { json: 'application/json', csv: 'text/csv' } as const;

const closed = { additionalProperties: false };
const id = (description: string) => Type.String({ format: 'uuid', description });
const text = (description: string) => nullable(Type.String({ description }));
const count = (description: string) => Type.Integer({ minimum: 0, description });
const orNull = (name: string, description: string) =>
  Type.Unsafe({ anyOf: [{ $ref: `${name}#` }, { type: 'null' }], description });

const names = (description: string, most: number, example: readonly string[] = []) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      minItems: 1,
      maxItems: most,
      description: `${description} By id or slug; up to ${most}.`,
      ...(example.length > 0 ? { examples: [example] } : {}),
    }),
  );

const parameters = Type.Object(
  {
    policies: names('The policies to compare, in this order.', MOST_COLUMNS, [
      'los-angeles-sanctuary-city-ordinance',
      'boston-noncooperation-pledge',
    ]),
    topic: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'Instead of `policies`, with `jurisdictions`: the policies filed under this topic or one below it. By id or slug.',
      }),
    ),
    jurisdictions: names('With `topic`: the places whose policies to compare.', MOST_COLUMNS),
    measures: names('Only these measures, in this order, whether or not a policy has them.', 100),
    format: Type.Optional(
      Type.Unsafe<keyof typeof FORMS>({
        type: 'string',
        enum: Object.keys(FORMS),
        description: 'Form of the answer; stands above `Accept`.',
      }),
    ),
  },
  closed,
);

const provision = Type.Object(
  {
    id: id('The provision.'),
    policy_id: id('The policy it is of: that of the column, or a part of it.'),
    number: text('Number as printed.'),
    heading: text('Heading.'),
    text: Type.String({ description: 'What it says or does.' }),
    effect: nullable(
      Type.Unsafe({
        type: 'string',
        enum: Object.keys(provisionEffect.words),
        description: 'What it does in law.',
      }),
    ),
    citations: Type.Unsafe({ $ref: 'Proofs#' }),
  },
  closed,
);

const states = Object.entries(CELL_STATES).map(([name, meaning]) => `\`${name}\`: ${meaning}`);

const schema = Type.Object(
  {
    columns: Type.Array(
      Type.Object(
        {
          policy: orNull('Policy', 'The policy; null for a place that has none on the topic.'),
          jurisdiction: orNull('Jurisdiction', 'Its place.'),
          collected: Type.Boolean({
            description: 'Whether any of its provisions is filed under a measure.',
          }),
          provision_count: count('Provisions it has, with those of its parts.'),
          measured_count: count('How many of them are filed under a measure.'),
        },
        closed,
      ),
      { description: 'What stands side by side.' },
    ),
    data: Type.Array(
      Type.Object(
        {
          measure: Type.Unsafe({ $ref: 'Measure#' }),
          cells: Type.Array(
            Type.Object(
              {
                state: Type.Unsafe({
                  type: 'string',
                  enum: Object.keys(CELL_STATES),
                  description: states.join(' '),
                }),
                provisions: nullable(
                  Type.Array(provision, { description: 'The provisions of this measure; null without any.' }),
                ),
              },
              closed,
            ),
            { description: 'One for each column, in that order.' },
          ),
        },
        closed,
      ),
      { description: 'A row for each measure.' },
    ),
    meta: Type.Object(
      {
        revision: Type.Integer({ description: 'Number of the last change when the comparison was made.' }),
        topics: Type.Array(
          Type.Object(
            {
              id: id('The topic.'),
              slug: Type.String({ description: 'Its slug.' }),
              name: Type.String({ description: 'Its name.' }),
            },
            closed,
          ),
          { description: 'The topic that was asked for and those below it; empty when policies were named.' },
        ),
        rule: Type.String({ description: 'How the cells come about.' }),
      },
      closed,
    ),
    links: Type.Object(
      {
        self: Type.String({ description: 'This comparison.' }),
        csv: Type.String({ description: 'The same as CSV.' }),
      },
      closed,
    ),
  },
  {
    ...closed,
    $id: 'Comparison',
    description: 'Policies side by side, measure by measure.',
    examples: [sample()],
  },
);

function sample() {
  const slug = 'no-local-resources-for-immigration-enforcement';
  const policies = ['los-angeles-sanctuary-city-ordinance', 'federal-school-enrollment-duty'] as const;
  const [first, second] = policies.map((name) => recordId({ name: 'policy' }, name));
  const self = `/v1/compare?policies=${policies.join(',')}`;
  const collected = { jurisdiction: null, collected: true };
  const provision = {
    id: recordId({ name: 'provision' }, 'la-ordinance-city-resources'),
    policy_id: first,
    number: null,
    heading: 'City resources',
    text: 'Local resources may not be used to help with federal immigration enforcement.',
    effect: 'prohibits',
    citations: { data: [], more: null },
  };
  return {
    columns: [
      { policy: { id: first, slug: policies[0] }, ...collected, provision_count: 5, measured_count: 5 },
      { policy: { id: second, slug: policies[1] }, ...collected, provision_count: 1, measured_count: 1 },
    ],
    data: [
      {
        measure: { id: recordId({ name: 'measure' }, slug), slug },
        cells: [
          { state: 'has', provisions: [provision] },
          { state: 'does_not_have', provisions: null },
        ],
      },
    ],
    meta: { revision: 1307, topics: [], rule: RULE },
    links: { self, csv: `${self}&format=csv` },
  };
}

/** Registers the route; `Proofs` has to be known. */
export function registerCompare(app: FastifyInstance, { engine }: { engine: Engine }): void {
  app.addSchema(schema);
  const path = '/v1/compare';
  const described = answers({ 200: ['The comparison.', 'Comparison'] }, [304, 400, 401, 403, 406]);
  const { content } = described[200] as { content: Record<string, object> };
  content[FORMS.csv] = { schema: { type: 'string' } };
  app.get(
    path,
    {
      config: { produces: Object.values(FORMS) },
      preValidation: gathering(parameters),
      schema: operation('compare', 'get', {
        summary: 'Lay policies side by side, measure by measure',
        description: `Either policies by name, or those of some places on a topic; a place without any has a column of its own. ${RULE} ${CSV_RULE}`,
        querystring: parameters,
        response: described,
      }),
    },
    async (request, reply) => {
      const { format, ...query } = request.query as CompareQuery & { readonly format?: keyof typeof FORMS };
      const form = formOf(request, format, FORMS);
      const comparison = await compare(engine, query);
      reply.header(REVISION, comparison.meta.revision);
      const etag = tagAt(engine, comparison.meta.revision, form);
      if (form === 'csv') {
        const named = { 'content-disposition': 'attachment; filename="comparison.csv"' };
        reply.type(`${FORMS.csv}; charset=utf-8; header=present`).headers(named);
        return sendFresh(request, reply, etag, comparisonCsv(comparison));
      }
      const self = address(engine, path, { ...query, format });
      const csv = address(engine, path, { ...query, format: 'csv' });
      return sendFresh(request, reply, etag, { ...comparison, links: { self, csv } });
    },
  );
}
