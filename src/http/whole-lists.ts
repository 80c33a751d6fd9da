/** Whole lists, streamed: NDJSON and CSV of any list, and under an address of its own the same as one JSON document. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { address, type ListPlace } from '../engine/list.ts';
import { type ListQuery, listParameters } from '../engine/parameters.ts';
import { Problem } from '../errors.ts';
import { CSV_CELLS } from '../exchange/export/csv.ts';
import { WHOLE_FORMS, type WholeForm, wholeList } from '../exchange/export/whole-list.ts';
import type { Kind } from '../model/declare.ts';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { answers, operation } from './operations.ts';
import { Outgoing } from './outgoing.ts';
import { networkOf } from './rates.ts';
import type { Resource } from './resource.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly wholeLists: Gate;
  }
}

/** Whole lists sent at a time, and of them to one address. */
const MOST = 16;
const EACH = 4;

/** How many answers are on their way, and to whom. */
export interface Gate {
  /** Lets one more through, until its answer is out or its client gone; 503 where that would be too many. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => void;
  readonly open: () => number;
}

/** Lets so many answers be on their way at a time, and so many to one address; `what` they are is told who is refused. */
export function makeGate(most: number = MOST, each: number = EACH, what = 'whole lists'): Gate {
  const open = new Map<FastifyReply, string>();
  return {
    open: () => open.size,
    enter(request, reply) {
      const client = networkOf(request.ip);
      const own = [...open.values()].filter((other) => other === client).length;
      if (open.size >= most || own >= each) {
        const [many, whose] = open.size >= most ? [most, ''] : [each, ' to this address'];
        throw new Problem('overloaded', `${many} ${what} are being sent already${whose}.`, {
          headers: { 'retry-after': '5' },
        });
      }
      open.set(reply, client);
      reply.raw.once('close', () => open.delete(reply));
    },
  };
}

/** The forms of a list: a page as JSON, or all of it. */
export const LIST_FORMS = {
  json: 'application/json',
  ndjson: WHOLE_FORMS.ndjson,
  csv: WHOLE_FORMS.csv,
} as const;

/** The answers of a list, with the forms it has beside JSON. */
export function withWholeForms(described: Record<number, object>): Record<number, object> {
  const good = described[200] as { content: object };
  const text = { schema: { type: 'string' } };
  const content = { ...good.content, [WHOLE_FORMS.ndjson]: text, [WHOLE_FORMS.csv]: text };
  return { ...described, 200: { ...good, content } };
}

/** Parameters of a list that choose a page of it. */
const OF_PAGES = ['limit', 'cursor', 'count', 'facets'];

/** Refuses what makes no sense of a whole list, rather than passing over it. */
function refusePaging(request: FastifyRequest, form: WholeForm): void {
  const given = new URL(request.url, 'http://here').searchParams;
  const errors = OF_PAGES.filter((name) => given.has(name)).map((parameter) => ({
    parameter,
    message: `does not go with ${form}, which is the whole list`,
    expected: 'no such parameter, or format=json',
  }));
  if (errors.length > 0)
    throw new Problem('invalid-parameter', 'A whole list has no pages, counts and facets.', { errors });
}

/** What is sent of a list that is sent whole. */
export interface Sending {
  readonly kind: Kind;
  readonly place: ListPlace;
  readonly form: WholeForm;
  /** Name of the file, without its end. */
  readonly name: string;
  /** The ETag of the list as it was at a revision; absent where its records change without the log. */
  readonly tag?: (revision: number) => string;
}

/**
 * Sends a whole list. The next records are read once the client has taken those before, so that a slow one holds no
 * more than a few pages of memory and no transaction; what goes wrong on the way breaks the connection off.
 */
export async function sendWhole(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  { kind, place, form, name, tag }: Sending,
) {
  refusePaging(request, form);
  request.server.wholeLists.enter(request, reply);
  const { format: _, ...query } = request.query as ListQuery;
  const self = address(engine, place.path, query);
  const { revision, chunks } = await wholeList(engine, kind, query, place, { form, self });
  const etag = tag?.(revision);
  reply.headers({ 'cache-control': 'no-cache', [REVISION]: revision, ...(etag ? { etag } : {}) });
  if (etag && isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.type(form === 'csv' ? `${WHOLE_FORMS.csv}; charset=utf-8; header=present` : WHOLE_FORMS[form]);
  reply.header('content-disposition', `attachment; filename="${name}.${form}"`);
  // How long it will be is not known before it is made.
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : new Outgoing(chunks));
}

/** Parameters of a whole list under an address of its own. */
export function wholeParameters(kind: Kind, fixed?: string): TSchema {
  const listed = listParameters(kind, fixed) as TSchema & { properties: Record<string, TSchema> };
  const kept = Object.entries(listed.properties).filter(([name]) => ![...OF_PAGES, 'format'].includes(name));
  return Type.Unsafe({ ...listed, properties: Object.fromEntries(kept) });
}

/** Schema of a whole list as one JSON document. */
export function wholeSchema({ title }: Kind): TSchema {
  return Type.Unsafe({
    $id: `${title}List`,
    type: 'object',
    description: 'A whole list.',
    additionalProperties: false,
    required: ['data', 'meta', 'links'],
    properties: {
      data: { type: 'array', items: { $ref: `${title}#` } },
      meta: { $ref: 'WholeMeta#' },
      links: { $ref: 'WholeLinks#' },
    },
  });
}

/** What the documents of all kinds have in common. */
export const wholeSchemas: readonly TSchema[] = [
  Type.Object(
    {
      revision: Type.Integer({ description: 'Number of the last change when the first record was read.' }),
      total: Type.Integer({ description: 'How many records there are.' }),
    },
    { $id: 'WholeMeta', additionalProperties: false },
  ),
  Type.Object(
    { self: Type.String({ description: 'This list.' }) },
    { $id: 'WholeLinks', additionalProperties: false },
  ),
];

const FOLLOW =
  'Records that lived throughout are met once each, whatever is written meanwhile; `/v1/changes?after=` the number in `X-Revision` tells what changed since it was begun.';

/** The schema of the route that gives a resource’s whole list. */
export function wholeOperation({ kind, path }: Resource, querystring: TSchema) {
  const plural = path.replaceAll('-', ' ');
  return operation(path, 'export', {
    summary: `Export all ${plural}`,
    description: `All that the filters leave, in the order of the list, streamed: one record a line (\`ndjson\`), one JSON document, or CSV. ${FOLLOW} ${CSV_CELLS}`,
    params: Type.Object(
      {
        form: Type.Unsafe({
          type: 'string',
          enum: Object.keys(WHOLE_FORMS),
          description: 'Form of the answer.',
        }),
      },
      { additionalProperties: false },
    ),
    querystring,
    response: withWholeForms(
      answers({ 200: [`All ${plural}.`, `${kind.title}List`] }, [304, 400, 401, 403, 404, 406]),
    ),
  });
}
