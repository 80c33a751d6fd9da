/** Reading: lists, single records, and lists of a record's parts. */
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { getThen } from '../engine/as-of.ts';
import { dayOf } from '../engine/day.ts';
import type { Engine } from '../engine/engine.ts';
import { listJson, textOfPage } from '../engine/json/list.ts';
import { getJson } from '../engine/json/read.ts';
import type { ListPlace } from '../engine/list.ts';
import {
  gather,
  type ListQuery,
  listParameters,
  type ReadQuery,
  readParameters,
} from '../engine/parameters.ts';
import { get } from '../engine/read.ts';
import { WHOLE_FORMS, type WholeForm } from '../exchange/export/whole-list.ts';
import { isLinked } from '../exchange/json-ld.ts';
import { listSearched, searchJson } from '../features/search/list.ts';
import type { Kind } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { etagMade, etagOf, isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { RECORD_FORMS, sendLinked, withLinked } from './linked.ts';
import { formOf } from './negotiation.ts';
import { answers, operation } from './operations.ts';
import { article, identified, type Resource } from './resource.ts';
import { LIST_FORMS, sendWhole, wholeOperation, wholeParameters, withWholeForms } from './whole-lists.ts';

/** Gathers a query's lists before it is validated. */
export function gathering(parameters: TSchema) {
  return (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
    if (request.url.includes('?'))
      request.query = gather(request.query as Record<string, string>, parameters as never);
    done();
  };
}

/** Whether a request may see fields that are not open to everyone. */
export function mayReadAll(request: FastifyRequest): boolean {
  return request.apiKey?.scopes.includes('write') ?? false;
}

async function sendList(
  engine: Engine,
  kind: Kind,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Omit<ListPlace, 'restricted'>,
) {
  const query = request.query as ListQuery;
  const form = formOf(request, query.format as keyof typeof LIST_FORMS | undefined, LIST_FORMS);
  if (form !== 'json') return sendAll(engine, kind, request, reply, place, form);
  const seen = { ...place, restricted: mayReadAll(request) };
  const made = kind.unlogged
    ? undefined
    : ((await listJson(engine, kind, query, seen)) ?? (await searchJson(engine, kind, query, seen)));
  if (made) return sendPage(engine, request, reply, made, undefined, () => textOfPage(made));
  const page = await listSearched(engine, kind, query, seen);
  return sendPage(engine, request, reply, page, kind.unlogged ? tagOf(page) : undefined);
}

function sendAll(
  engine: Engine,
  kind: Kind,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Omit<ListPlace, 'restricted'>,
  form: WholeForm,
) {
  return sendWhole(engine, request, reply, {
    kind,
    place: { ...place, restricted: mayReadAll(request) },
    form,
    name: basename(place.path, `.${form}`),
    ...(kind.unlogged ? {} : { tag: (revision: number) => tagAt(engine, revision, form) }),
  });
}

/** The ETag of an answer whose records change without a change of the log: of what it says. */
function tagOf(body: object): string {
  return `W/"${hash('sha256', JSON.stringify(body), 'base64url')}"`;
}

/**
 * The ETag of an answer made of many records, in one of its forms where it has several; the day counts too, as what is
 * running today changes overnight.
 */
export function tagAt(engine: Engine, revision: number, form = ''): string {
  return `W/"r${revision}.${dayOf(engine.now())}${form && `.${form}`}"`;
}

/** Answers with a page under an ETag, that of its revision where none is given, or with 304 where the client has it. */
export function sendPage(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  page: { readonly meta: { readonly revision: number }; readonly links: { readonly next: string | null } },
  etag = tagAt(engine, page.meta.revision),
  body: () => unknown = () => page,
) {
  if (page.links.next && !isFresh(request.headers['if-none-match'], etag))
    reply.header('link', `<${page.links.next}>; rel="next"`);
  reply.header(REVISION, page.meta.revision);
  return sendFresh(request, reply, etag, body);
}

/** List and read of a resource. */
export function registerReads(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, noun, fixed } = resource;
  const listed = listParameters(kind, fixed?.field);
  const one = readParameters(kind);
  const url = `/v1/${path}`;
  const narrowing: Record<string, string> = fixed ? { [fixed.field]: fixed.value } : {};
  app.get(
    url,
    {
      config: { produces: Object.values(LIST_FORMS), kept: true },
      preValidation: gathering(listed),
      schema: operation(path, 'list', {
        summary: `List ${path.replaceAll('-', ' ')}`,
        description: kind.description,
        querystring: listed,
        response: withWholeForms(
          answers(
            { 200: [`A page of ${path.replaceAll('-', ' ')}.`, `${kind.title}Page`] },
            [304, 400, 401, 403, 406],
          ),
        ),
      }),
    },
    (request, reply) => sendList(engine, kind, request, reply, { path: url, fixed: narrowing }),
  );
  const whole = wholeParameters(kind, fixed?.field);
  app.get(
    `${url}.:form`,
    {
      config: { produces: Object.values(WHOLE_FORMS) },
      preValidation: gathering(whole),
      schema: wholeOperation(resource, whole),
    },
    (request, reply) => {
      const { form } = request.params as { form: WholeForm };
      return sendAll(engine, kind, request, reply, { path: `${url}.${form}`, fixed: narrowing }, form);
    },
  );
  app.get(
    `${url}/:id`,
    {
      config: { kept: true, ...(isLinked(kind) ? { produces: Object.values(RECORD_FORMS) } : {}) },
      preValidation: gathering(one),
      schema: operation(path, 'get', {
        summary: `Read one ${noun}`,
        description: kind.description,
        params: identified(noun),
        querystring: one,
        response: withLinked(
          resource,
          answers({ 200: [`The ${noun}.`, kind.title] }, [304, 308, 400, 401, 403, 404, 406, 410]),
        ),
      }),
    },
    async (request, reply) => {
      if (isLinked(kind) && formOf(request, undefined, RECORD_FORMS) === 'linked')
        return sendLinked(engine, resource, request, reply);
      const { id } = request.params as { id: string };
      const restricted = mayReadAll(request);
      const options = { restricted, ...(fixed ? { narrowed: fixed } : {}) };
      const { as_of } = request.query as ReadQuery;
      if (as_of !== undefined) {
        const query = { ...(request.query as ReadQuery), as_of };
        const { record, whole, seq } = await getThen(engine, kind, id, query, options);
        return sendFresh(request, reply, `"${whole.version ?? whole.updated_at}.s${seq}"`, record);
      }
      const made = await getJson(engine, kind, id, request.query as ReadQuery, options);
      if (made) {
        const etag = etagMade(made.version, made.attached, made.revision);
        return sendFresh(request, reply, etag, () => made.json);
      }
      const { record, whole, revision } = await get(engine, kind, id, request.query as ReadQuery, options);
      const etag = kind.kept
        ? `"${whole.updated_at}${revision === undefined ? '' : `.r${revision}`}"`
        : etagOf(kind, whole, revision);
      return sendFresh(request, reply, etag, record);
    },
  );
}

/** Answers with a body (or what makes it) under its ETag, or with 304 where the client has it; bytes are JSON. */
export function sendFresh(request: FastifyRequest, reply: FastifyReply, etag: string, body: unknown) {
  reply.headers({ etag, 'cache-control': 'no-cache' });
  if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const made = typeof body === 'function' ? body() : body;
  // A text that was made is JSON already.
  if (typeof body === 'function' && (typeof made === 'string' || Buffer.isBuffer(made)))
    reply.type(JSON_TYPE);
  return reply.send(made);
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Lists of the parts a record owns, under the record. */
export function registerParts(
  app: FastifyInstance,
  engine: Engine,
  { kind: owner, path, noun, fixed }: Resource,
): void {
  for (const [name, include] of Object.entries(owner.includes)) {
    if (!('by' in include)) continue;
    const { by } = include;
    const part = kindNamed(include.many);
    if (!part.ownedBy?.some((field) => by.includes(field))) continue;
    const [first] = by as [string];
    const filter =
      by.length > 1 ? owner.name : part.fields[first]?.filter === 'text' ? first : first.replace(/_id$/, '');
    const segment = name.replaceAll('_', '-');
    const parameters = listParameters(part, filter);
    app.get(
      `/v1/${path}/:id/${segment}`,
      {
        config: { produces: Object.values(LIST_FORMS), kept: true },
        preValidation: gathering(parameters),
        schema: operation(path, `list_${name}`, {
          summary: `List the ${segment.replaceAll('-', ' ')} of ${article(noun)} ${noun}`,
          description: part.description,
          params: identified(noun),
          querystring: parameters,
          response: withWholeForms(
            answers(
              { 200: [`A page of ${segment.replaceAll('-', ' ')}.`, `${part.title}Page`] },
              [304, 308, 400, 401, 403, 404, 406, 410],
            ),
          ),
        }),
      },
      async (request, reply) => {
        const { id: asked } = request.params as { id: string };
        const { record } = await get(
          engine,
          owner,
          asked,
          {},
          { restricted: false, ...(fixed ? { narrowed: fixed } : {}) },
        );
        const place = {
          path: `/v1/${path}/${encodeURIComponent(asked)}/${segment}`,
          fixed: { [filter]: record.id },
        };
        return sendList(engine, part, request, reply, place);
      },
    );
  }
}
