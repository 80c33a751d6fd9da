/** The routes of every kind: the same calls for each, made from its declaration. */
import type { ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { type Content, writable } from '../engine/content.ts';
import type { Engine } from '../engine/engine.ts';
import { type ListPlace, list } from '../engine/list.ts';
import { mergePatch } from '../engine/merge-patch.ts';
import {
  gather,
  type ListQuery,
  listParameters,
  type ReadQuery,
  readParameters,
} from '../engine/parameters.ts';
import { get, gone, type Narrowed, notFound, resolve } from '../engine/read.ts';
import { remove, restore } from '../engine/remove.ts';
import { inputSchema, pageSchema, patchSchema, recordSchema } from '../engine/schemas.ts';
import { readStored, type Stored, type Writer, writing } from '../engine/store.ts';
import { faultsOf } from '../engine/validate.ts';
import { create, replace } from '../engine/write.ts';
import { Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import { kindNamed, kinds, views } from '../model/kinds.ts';
import { etagOf, isFresh, requireMatch } from './conditional.ts';
import { answers, operation } from './operations.ts';

/** Longest body for kinds with a large text, and for the others, in bytes. */
const LARGE_BODY = 16 * 1024 * 1024;
const BODY = 1024 * 1024;

/** A kind as it is served under one path: whole, or narrowed to one value of a field. */
interface Resource {
  readonly kind: Kind;
  readonly path: string;
  readonly title: string;
  readonly noun: string;
  readonly fixed?: Narrowed;
  readonly example: Readonly<Record<string, unknown>>;
  readonly exampleKey: string;
}

/** Every resource under `/v1`, in the order of the model. */
export const resources: readonly Resource[] = [
  ...kinds.map((kind) => {
    const { path, title, example, exampleKey } = kind;
    return { kind, path, title, noun: kind.name.replaceAll('_', ' '), example, exampleKey };
  }),
  ...views.map(({ path, of, title, field, value, example, exampleKey }) => {
    const fixed = { field, value };
    return { kind: kindNamed(of), path, title, noun: title.toLowerCase(), fixed, example, exampleKey };
  }),
];

/** Registers the schemas and routes of every kind. */
export async function registerResources(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  for (const kind of kinds) {
    app.addSchema(recordSchema(kind));
    app.addSchema(pageSchema(kind));
  }
  for (const { kind, title, fixed } of resources.filter((one) => !one.kind.rowsOf)) {
    app.addSchema(inputSchema(kind, title, fixed));
    app.addSchema(patchSchema(kind, title, fixed));
  }
  for (const resource of resources) {
    reads(app, engine, resource);
    if (resource.kind.rowsOf) continue;
    writes(app, engine, resource);
    parts(app, engine, resource);
  }
}

const identified = (noun: string) =>
  Type.Object(
    { id: Type.String({ minLength: 1, maxLength: 200, description: `Id or slug of the ${noun}.` }) },
    { additionalProperties: false },
  );

const article = (noun: string) => (/^[aeio]/.test(noun) ? 'an' : 'a');

/** Gathers a query's lists before it is validated. */
function gathering(parameters: TSchema) {
  return async (request: FastifyRequest) => {
    request.query = gather(request.query as Record<string, string>, parameters as never);
  };
}

function mayReadAll(request: FastifyRequest): boolean {
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
  const page = await list(engine, kind, query, { ...place, restricted: mayReadAll(request) });
  // The day counts too: what is running today changes overnight.
  const etag = `W/"r${page.meta.revision}.${engine.now().toISOString().slice(0, 10)}"`;
  reply.headers({ etag, 'cache-control': 'no-cache' });
  if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (page.links.next) reply.header('link', `<${page.links.next}>; rel="next"`);
  return reply.send(page);
}

function reads(app: FastifyInstance, engine: Engine, { kind, path, noun, fixed }: Resource): void {
  const listed = listParameters(kind, fixed?.field);
  const one = readParameters(kind);
  const url = `/v1/${path}`;
  const narrowing: Record<string, string> = fixed ? { [fixed.field]: fixed.value } : {};
  app.get(
    url,
    {
      preValidation: gathering(listed),
      schema: operation(path, 'list', {
        summary: `List ${path.replaceAll('-', ' ')}`,
        description: kind.description,
        querystring: listed,
        response: answers(
          { 200: [`A page of ${path.replaceAll('-', ' ')}.`, `${kind.title}Page`] },
          [304, 400, 401, 403, 406],
        ),
      }),
    },
    (request, reply) => sendList(engine, kind, request, reply, { path: url, fixed: narrowing }),
  );
  app.get(
    `${url}/:id`,
    {
      preValidation: gathering(one),
      schema: operation(path, 'get', {
        summary: `Read one ${noun}`,
        description: kind.description,
        params: identified(noun),
        querystring: one,
        response: answers({ 200: [`The ${noun}.`, kind.title] }, [304, 400, 401, 403, 404, 406, 410]),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const restricted = mayReadAll(request);
      const options = { restricted, ...(fixed ? { narrowed: fixed } : {}) };
      const { record, whole, revision } = await get(engine, kind, id, request.query as ReadQuery, options);
      const etag = kind.rowsOf
        ? `"${whole.updated_at}${revision === undefined ? '' : `.r${revision}`}"`
        : etagOf(kind, whole, revision);
      reply.headers({ etag, 'cache-control': 'no-cache' });
      if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.send(record);
    },
  );
}

/** Lists of the parts a record owns, under the record. */
function parts(app: FastifyInstance, engine: Engine, { kind: owner, path, noun, fixed }: Resource): void {
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
        preValidation: gathering(parameters),
        schema: operation(path, `list_${name}`, {
          summary: `List the ${segment.replaceAll('-', ' ')} of ${article(noun)} ${noun}`,
          description: part.description,
          params: identified(noun),
          querystring: parameters,
          response: answers(
            { 200: [`A page of ${segment.replaceAll('-', ' ')}.`, `${part.title}Page`] },
            [304, 400, 401, 403, 404, 406, 410],
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

function writes(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, noun, title, fixed } = resource;
  const url = `/v1/${path}`;
  const bodyLimit = Object.values(kind.fields).some(({ large }) => large) ? LARGE_BODY : BODY;
  const route = (name: string, schema: Parameters<typeof operation>[2]) => ({
    config: { scope: 'write' as const },
    bodyLimit,
    schema: operation(path, name, { ...schema, writes: true }),
  });
  const saved: [string, string] = [`The ${noun} as it is now.`, kind.title];
  const fill = (body: Content): Content => (fixed ? { ...body, [fixed.field]: fixed.value } : body);
  const author = (request: FastifyRequest) => ({
    actor: request.apiKey?.name ?? '',
    reason: reasonOf(request),
  });
  /** The record a write is about, current and open to it, within the write's own transaction. */
  const target = async (writer: Writer, request: FastifyRequest, deleted: boolean): Promise<Stored> => {
    const { id: name } = request.params as { id: string };
    const id = await resolve(engine, writer.session, kind, name);
    const stored = await readStored(writer, kind, id);
    if (stored === undefined || (fixed && stored.record[fixed.field] !== fixed.value))
      throw await notFound(engine, writer.session, kind, name);
    if (stored.deletedAt !== null && !deleted) throw gone(kind, name, stored.deletedAt);
    if (!deleted) requireMatch(request.headers['if-match'], kind, stored.record);
    return stored;
  };

  app.post(
    url,
    route('create', {
      summary: `Create ${article(noun)} ${noun}`,
      description: kind.description,
      body: `${title}Input`,
      response: answers({ 201: saved }, [400, 401, 403, 409, 413, 415, 422, 507]),
    }),
    async (request, reply) => {
      const record = await writing(engine, author(request), (writer) =>
        create(writer, kind, fill(request.body as Content)),
      );
      return reply
        .code(201)
        .headers({ location: `${engine.publicUrl}${url}/${record.id}`, etag: etagOf(kind, record) })
        .send(record);
    },
  );

  app.put(
    `${url}/:id`,
    route('replace', {
      summary: `Replace ${article(noun)} ${noun}`,
      description: 'What is left out goes back to its initial value; the slug stays. Needs If-Match.',
      params: identified(noun),
      body: `${title}Input`,
      matches: true,
      response: answers({ 200: saved }, CHANGE_ANSWERS),
    }),
    async (request, reply) => {
      const record = await writing(engine, author(request), async (writer) =>
        replace(writer, kind, await target(writer, request, false), fill(request.body as Content)),
      );
      return reply.header('etag', etagOf(kind, record)).send(record);
    },
  );

  app.patch(
    `${url}/:id`,
    route('patch', {
      summary: `Change ${article(noun)} ${noun}`,
      description: 'A JSON merge patch (RFC 7396): members replace, null takes away. Needs If-Match.',
      params: identified(noun),
      body: `${title}Patch`,
      consumes: ['application/merge-patch+json', 'application/json'],
      matches: true,
      response: answers({ 200: saved }, CHANGE_ANSWERS),
    }),
    async (request, reply) => {
      const whole = wholeValidator(app, `${title}Input`);
      const record = await writing(engine, author(request), async (writer) => {
        const stored = await target(writer, request, false);
        const merged = mergePatch(writable(kind, stored.record), request.body) as Content;
        if (!whole(merged)) {
          throw new Problem('invalid-body', 'The patched record would not have the documented form.', {
            errors: faultsOf(whole.errors ?? [], 'body'),
          });
        }
        return replace(writer, kind, stored, fill(merged));
      });
      return reply.header('etag', etagOf(kind, record)).send(record);
    },
  );

  app.delete(
    `${url}/:id`,
    {
      ...route('remove', {
        summary: `Delete ${article(noun)} ${noun}`,
        description: 'Leaves a tombstone. Refused while other records point here. Needs If-Match.',
        params: identified(noun),
        querystring: cascadeParameters,
        matches: true,
        response: answers({ 204: ['Deleted.', null] }, CHANGE_ANSWERS),
      }),
    },
    async (request, reply) => {
      const { cascade } = request.query as { cascade: boolean };
      await writing(engine, author(request), async (writer) =>
        remove(writer, kind, await target(writer, request, false), cascade),
      );
      return reply.code(204).send();
    },
  );

  app.post(
    `${url}/:id/restore`,
    route('restore', {
      summary: `Restore a deleted ${noun}`,
      description: 'Takes a delete back, with the parts that were deleted by it.',
      params: identified(noun),
      response: answers({ 200: saved }, [400, 401, 403, 404, 409, 507]),
    }),
    async (request, reply) => {
      const record = await writing(engine, author(request), async (writer) => {
        const stored = await target(writer, request, true);
        if (stored.deletedAt === null) throw new Problem('conflict', `This ${noun} is not deleted.`);
        return restore(writer, kind, stored);
      });
      return reply.header('etag', etagOf(kind, record)).send(record);
    },
  );
}

const CHANGE_ANSWERS = [400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 428, 507] as const;

const cascadeParameters = Type.Object(
  { cascade: Type.Boolean({ default: false, description: 'Also delete the parts the record owns.' }) },
  { additionalProperties: false },
);

const REASON_LENGTH = 1000;

/** Why a change is made, from `X-Reason` (percent-encoded where it is not plain ASCII). */
function reasonOf(request: FastifyRequest): string | null {
  const header = request.headers['x-reason'];
  if (header === undefined) return null;
  const text = decoded(String(header));
  if (text === undefined || text === '' || text.length > REASON_LENGTH) {
    throw new Problem('invalid-parameter', 'The reason cannot be kept as sent.', {
      errors: [
        {
          header: 'X-Reason',
          message: 'cannot be kept as sent',
          expected: `1 to ${REASON_LENGTH} characters, percent-encoded UTF-8`,
        },
      ],
    });
  }
  return text;
}

function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return plain.includes('\0') ? undefined : plain;
  } catch {
    return undefined;
  }
}

const validators = new WeakMap<FastifyInstance, Map<string, ValidateFunction>>();

/** The validator of a named schema, compiled when first needed. */
function wholeValidator(app: FastifyInstance, name: string): ValidateFunction {
  const known = validators.get(app) ?? new Map<string, ValidateFunction>();
  validators.set(app, known);
  const found = known.get(name);
  if (found) return found;
  const compile = app.validatorCompiler as unknown as (route: object) => ValidateFunction;
  const made = compile({ schema: { $ref: `${name}#` }, httpPart: 'body', method: 'PATCH', url: '' });
  known.set(name, made);
  return made;
}
