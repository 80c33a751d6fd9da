/** `GET /status`: what an operator, or a copy of the tracker, looks at first. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { revisionOf } from '../engine/list.ts';
import { openCounting } from '../features/counting.ts';
import { countRecords } from '../features/record-counts.ts';
import { readStanding } from '../features/status.ts';
import { nullable } from '../model/declare.ts';
import { kinds } from '../model/kinds.ts';
import { importStatus } from '../model/vocabularies.ts';
import { VERSION } from '../version.ts';
import { answers, operation } from './operations.ts';

const closed = { additionalProperties: false };
const whole = (description: string) => Type.Integer({ minimum: 0, description });
const instant = (description: string) => Type.String({ format: 'date-time', description });

const schema = Type.Object(
  {
    version: Type.String({ description: 'Version of the software.' }),
    revision: whole('Number of the last change; 0 where nothing was ever written.'),
    changed_at: nullable(instant('When that was.')),
    counts: Type.Object(
      Object.fromEntries(kinds.map(({ name }) => [name, whole(`Live records of the kind \`${name}\`.`)])),
      { ...closed, description: 'Live records of each kind.' },
    ),
    counted: Type.Object(
      {
        revision: whole('Number of the change up to which all is counted; some later ones may be.'),
        at: instant('When that was.'),
      },
      {
        ...closed,
        description: 'Records are counted in the background, which takes a while where there are many.',
      },
    ),
    last_import: nullable(
      Type.Object(
        {
          id: Type.String({ format: 'uuid', description: 'The import run, at `/v1/import-runs/{id}`.' }),
          importer: Type.String({ description: 'Name of the format.' }),
          status: Type.Unsafe({
            type: 'string',
            enum: Object.keys(importStatus.words),
            description: 'How far it came.',
          }),
          started_at: instant('When it was begun.'),
          ended_at: nullable(instant('When it ended.')),
          read: whole('Records of the input that have been read.'),
        },
        { ...closed, description: 'The import that was begun last; tries that write nothing are left out.' },
      ),
    ),
    last_backup: nullable(
      Type.Object(
        {
          at: instant('When it was made.'),
          revision: whole('Number of the last change in it.'),
          bytes: whole('Its size.'),
        },
        { ...closed, description: 'The last backup that `civic backup` made.' },
      ),
    ),
  },
  { ...closed, $id: 'Status', description: 'How the tracker stands.' },
);

/** Registers the route; counting stops when the app closes. */
export function registerStatus(
  app: FastifyInstance,
  { engine, elapsed }: { readonly engine: Engine; readonly elapsed: () => number },
): void {
  app.addSchema(schema);
  const counting = openCounting({
    count: (signal) => countRecords(engine, signal),
    isCurrent: async ({ revision }) =>
      revision === (await engine.db.read((session) => revisionOf(session, engine))),
    elapsed,
    onFailure: (err) => app.log.warn({ err }, 'records could not be counted anew'),
  });
  app.addHook('onClose', () => counting.close());
  app.get(
    '/status',
    {
      schema: operation('health', 'status', {
        summary: 'How does the tracker stand?',
        description:
          'The last change, how many records of each kind there are, the last import and the last backup. `/metrics` has figures of the process for Prometheus.',
        response: answers({ 200: ['How it stands.', 'Status'] }, [400]),
      }),
    },
    async (_request, reply) => {
      const { counts, revision, counted_at } = await counting.counted();
      const standing = await readStanding(engine);
      const { last_import, last_backup, ...change } = standing;
      const counted = { revision, at: counted_at };
      reply.header('cache-control', 'no-store');
      return reply.send({ version: VERSION, ...change, counts, counted, last_import, last_backup });
    },
  );
}
