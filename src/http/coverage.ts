/** `GET /v1/coverage`: how much is known of each place, so that an empty answer can be judged. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { address } from '../engine/list.ts';
import { DEFAULT_LIMIT, MAX_LIMIT, refuseUncountable } from '../engine/parameters.ts';
import { recordId } from '../exchange/seeds.ts';
import { type CoverageQuery, coverageOf, openCoverage, RULE } from '../features/coverage.ts';
import { COUNTED, NOTHING } from '../features/coverage-count.ts';
import { nullable } from '../model/declare.ts';
import { answers, operation } from './operations.ts';
import { gathering, sendPage, tagAt } from './reads.ts';

const closed = { additionalProperties: false };
const date = (description: string) =>
  nullable(Type.Unsafe({ type: 'string', format: 'partial-date', description }));
const counted = Type.Unsafe<string>({ type: 'string', enum: [...COUNTED] });
const instant = (description: string) => Type.String({ format: 'date-time', description });

const tallies = (description: string) =>
  Type.Array(
    Type.Object(
      {
        kind: counted,
        count: Type.Integer({ minimum: 0, description: 'Live records; 0 means that none is recorded.' }),
        oldest: date('The earliest of their dates.'),
        newest: date('The latest of their dates that is not to come.'),
        last_changed_at: nullable(instant('When one of them last changed.')),
        last_import_tried_at: nullable(
          instant('When the last import was begun that had such records and named the place.'),
        ),
        last_import_succeeded_at: nullable(
          instant('When the last such import ended that came to the end of its input.'),
        ),
      },
      closed,
    ),
    { description },
  );

const schema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          jurisdiction: Type.Object(
            {
              id: Type.String({ format: 'uuid', description: 'The place.' }),
              slug: Type.String({ description: 'Its slug.' }),
              name: Type.String({ description: 'Its name.' }),
              classification: nullable(Type.String({ description: 'What kind of place it is.' })),
            },
            closed,
          ),
          kinds: tallies('What is known of every kind, those of which nothing is known included.'),
        },
        closed,
      ),
    ),
    shared: tallies(
      'Records that belong to no place: what all share, and words of people who hold no office.',
    ),
    meta: Type.Object(
      {
        limit: Type.Integer({ description: 'Places a page.' }),
        revision: Type.Integer({ description: 'Number of the change up to which everything is counted.' }),
        counted_at: instant('When that was.'),
        rule: Type.String({ description: 'What is counted, and how often.' }),
      },
      closed,
    ),
    links: Type.Unsafe({ $ref: 'PageLinks#' }),
  },
  {
    ...closed,
    $id: 'Coverage',
    description: 'How much is known of each place and kind.',
    examples: [sample()],
  },
);

function sample() {
  const last_changed_at = '2026-01-31T12:00:00.000Z';
  const imported = { last_import_tried_at: last_changed_at, last_import_succeeded_at: last_changed_at };
  const some = {
    kind: 'ordinance',
    count: 1,
    oldest: '2024-11',
    newest: '2024-11',
    last_changed_at,
    ...imported,
  };
  const none = { kind: 'vote', ...NOTHING };
  const id = recordId({ name: 'jurisdiction' }, 'los-angeles');
  const place = { id, slug: 'los-angeles', name: 'Los Angeles', classification: 'municipality' };
  return {
    data: [{ jurisdiction: place, kinds: [some, none] }],
    shared: [{ ...none, kind: 'ordinance' }, none],
    meta: { limit: DEFAULT_LIMIT, revision: 1307, counted_at: last_changed_at, rule: RULE },
    links: { self: '/v1/coverage?jurisdiction=los-angeles&kind=ordinance,vote', next: null },
  };
}

const parameters = Type.Object(
  {
    jurisdiction: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 200,
        description: 'Only these places. By id or slug; up to 200.',
      }),
    ),
    kind: Type.Optional(Type.Array(counted, { maxItems: 100, description: 'Only these kinds.' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, description: 'Places a page.' }),
    ),
    cursor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2000, description: 'Where to go on: taken from `links.next`.' }),
    ),
  },
  closed,
);

/** Registers the route; counting stops when the app closes. */
export function registerCoverage(
  app: FastifyInstance,
  { engine, elapsed }: { engine: Engine; elapsed: () => number },
): void {
  app.addSchema(schema);
  const failed = (err: unknown) => app.log.warn({ err }, 'records could not be counted anew');
  const coverage = openCoverage(engine, elapsed, failed);
  app.addHook('onClose', () => coverage.close());
  const path = '/v1/coverage';
  app.get(
    path,
    {
      preValidation: gathering(parameters),
      schema: operation('coverage', 'list', {
        summary: 'How much is known of each place',
        description: `Says what an empty answer means: whether there is nothing, or nothing was collected. ${RULE}`,
        querystring: parameters,
        response: answers({ 200: ['A page of places.', 'Coverage'] }, [304, 400, 401, 403, 406]),
      }),
    },
    async (request, reply) => {
      const query = request.query as CoverageQuery;
      refuseUncountable({ ...query });
      const { next, readAt, ...page } = await coverageOf(engine, coverage, query);
      const links = {
        self: address(engine, path, { ...query }),
        next: next && address(engine, path, { ...query, cursor: next }),
      };
      // The places are read now, and counted a while ago.
      const etag = tagAt(engine, readAt, page.meta.counted_at);
      return sendPage(engine, request, reply, { ...page, links }, etag);
    },
  );
}
