/** The change log, page by page. */
import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { loggedKinds } from '../engine/change-seqs.ts';
import { type ConcernQuery, concernOf, refuseBeyond } from '../engine/changes.ts';
import type { Engine } from '../engine/engine.ts';
import { readChangesJson } from '../engine/json/changes.ts';
import { textOfPage } from '../engine/json/list.ts';
import { address } from '../engine/list.ts';
import { refuseUncountable } from '../engine/parameters.ts';
import { changeSchemas } from './change-schemas.ts';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';
import { gathering, mayReadAll } from './reads.ts';

/** About how many bytes of content a page has at most: texts of policies and sources reach several MB. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** What narrows the log, and where to begin. */
export interface ChangesQuery extends ConcernQuery {
  readonly after: number;
  readonly content: boolean;
}

/** Parameters of the log that its pages and its stream have in common. */
export const changesParameters: Readonly<Record<string, TSchema>> = {
  after: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'Number of the last change you have; 0 for none. What follows it is answered.',
  }),
  kind: Type.Array(Type.Unsafe({ type: 'string', enum: [...loggedKinds] }), {
    maxItems: 100,
    description: 'Only changes of records of these kinds.',
  }),
  jurisdiction: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    maxItems: 20,
    description:
      'Only changes of records that belong, or belonged before the change, to these jurisdictions, by id or slug; up to 20.',
  }),
  content: Type.Boolean({
    default: true,
    description: 'Whether each change comes with the record as it was after it.',
  }),
};

const parameters = Type.Unsafe({
  type: 'object',
  additionalProperties: false,
  properties: {
    ...changesParameters,
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Changes a page at most.' }),
  },
});

/** `GET /v1/changes`. */
export function registerChanges(app: FastifyInstance, { engine }: { engine: Engine }): void {
  for (const schema of changeSchemas) app.addSchema(schema);
  const path = '/v1/changes';
  app.get(
    path,
    {
      preValidation: gathering(parameters),
      schema: operation('changes', 'list', {
        summary: 'Read the change log in order',
        description: `Every change of every record, in one sequence: follow it from \`after=0\` and you hold a complete copy. Go on by \`links.next\`; where that is null you have everything up to \`meta.revision\`, and \`after=\` that number is where to go on later. Nothing below a number that was served ever appears later. A page holds at most \`limit\` changes and about ${PAGE_BYTES / 1024 / 1024} MB of content. Fields that only some keys may read are left out of the content for the others.`,
        querystring: parameters,
        response: answers({ 200: ['A page of changes.', 'ChangePage'] }, [304, 400, 401, 403, 406]),
      }),
    },
    async (request, reply) => {
      const query = request.query as ChangesQuery & { readonly limit: number };
      refuseUncountable({ ...query });
      const { after, limit, content } = query;
      const restricted = mayReadAll(request);
      const { data, revision, next } = await engine.db.read(async (session) => {
        await refuseBeyond(engine, session, after, { parameter: 'after' });
        const concern = await concernOf(engine, session, query);
        return readChangesJson(engine, session, {
          after,
          limit,
          bytes: PAGE_BYTES,
          concern,
          restricted,
          content,
        });
      });
      const etag = `W/"r${revision}"`;
      reply.headers({ etag, 'cache-control': 'no-cache', [REVISION]: revision });
      if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
      const links = {
        self: address(engine, path, { ...query }),
        next: next === undefined ? null : address(engine, path, { ...query, after: next }),
      };
      if (links.next) reply.header('link', `<${links.next}>; rel="next"`);
      const page = textOfPage({ data, meta: { limit, revision }, links });
      return reply.type('application/json; charset=utf-8').send(page);
    },
  );
}
