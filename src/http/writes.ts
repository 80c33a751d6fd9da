/** Writing one record: create, replace, change, delete, restore. */
import type { ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Content, writable } from '../engine/content.ts';
import type { Engine } from '../engine/engine.ts';
import { mergePatch } from '../engine/merge-patch.ts';
import { gone, notFound, resolve } from '../engine/read.ts';
import { remove, restore } from '../engine/remove.ts';
import { readStored, type Stored } from '../engine/store.ts';
import { faultsOf } from '../engine/validate.ts';
import { create, replace } from '../engine/write.ts';
import { type Writer, writing } from '../engine/writer.ts';
import { Problem } from '../errors.ts';
import { authorOf } from './author.ts';
import { etagOf, requireMatch } from './conditional.ts';
import { answers, operation } from './operations.ts';
import { article, identified, type Resource } from './resource.ts';

/** Longest body for kinds with a large text, and for the others, in bytes. */
const LARGE_BODY = 16 * 1024 * 1024;
const BODY = 1024 * 1024;

/** Every call that changes records of a resource. */
export function registerWrites(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, noun, title, fixed } = resource;
  const url = `/v1/${path}`;
  const fields = Object.values({ ...kind.fields, ...kind.accompanied });
  const bodyLimit = fields.some(({ large }) => large) ? LARGE_BODY : BODY;
  const route = (name: string, schema: Parameters<typeof operation>[2]) => ({
    config: { scope: 'write' as const },
    bodyLimit,
    schema: operation(path, name, { ...schema, writes: true }),
  });
  const saved: [string, string] = [`The ${noun} as it is now.`, kind.title];
  const fill = (body: Content): Content => (fixed ? { ...body, [fixed.field]: fixed.value } : body);
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
      const record = await writing(engine, authorOf(request), (writer) =>
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
      const record = await writing(engine, authorOf(request), async (writer) =>
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
      const record = await writing(engine, authorOf(request), async (writer) => {
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
      await writing(engine, authorOf(request), async (writer) =>
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
      const record = await writing(engine, authorOf(request), async (writer) => {
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
