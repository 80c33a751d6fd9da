/** Writing one record: create, replace, change, delete. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type Content, writable } from '../engine/content.ts';
import type { Engine } from '../engine/engine.ts';
import { mergePatch } from '../engine/merge-patch.ts';
import { remove } from '../engine/remove.ts';
import { faultsOf } from '../engine/validate.ts';
import { create, replace } from '../engine/write.ts';
import { writing } from '../engine/writer.ts';
import { Problem } from '../errors.ts';
import { authorOf } from './author.ts';
import { etagOf } from './conditional.ts';
import { answerOnce } from './idempotency.ts';
import { answers, operation } from './operations.ts';
import { article, identified, type Resource } from './resource.ts';
import { liveTargetOf } from './target.ts';
import { wholeValidator } from './whole.ts';

/** Longest body for kinds with a large text, and for the others, in bytes. */
export const LARGE_BODY = 16 * 1024 * 1024;
const BODY = 1024 * 1024;

/** Every call that changes records of a resource. */
export function registerWrites(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, noun, title, fixed } = resource;
  const url = `/v1/${path}`;
  const fields = Object.values({ ...kind.fields, ...kind.accompanied });
  const bodyLimit = fields.some(({ large }) => large) ? LARGE_BODY : BODY;
  const route = (name: string, schema: Parameters<typeof operation>[2]) => ({
    bodyLimit,
    schema: operation(path, name, { ...schema, writes: true }),
  });
  const saved: [string, string] = [`The ${noun} as it is now.`, kind.title];
  const fill = (body: Content): Content => (fixed ? { ...body, [fixed.field]: fixed.value } : body);
  app.post(
    url,
    route('create', {
      summary: `Create ${article(noun)} ${noun}`,
      description: kind.description,
      body: `${title}Input`,
      repeatable: true,
      response: answers({ 201: saved }, [400, 401, 403, 409, 413, 415, 422, 507]),
    }),
    (request, reply) =>
      answerOnce(request, reply, { engine, author: authorOf(request) }, async (writer) => {
        const record = await create(writer, kind, fill(request.body as Content));
        const location = `${engine.publicUrl}${url}/${record.id}`;
        return { status: 201, headers: { location, etag: etagOf(kind, record) }, body: record };
      }),
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
        replace(writer, kind, await liveTargetOf(writer, request, resource), fill(request.body as Content)),
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
        const stored = await liveTargetOf(writer, request, resource);
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
        remove(writer, kind, await liveTargetOf(writer, request, resource), cascade),
      );
      return reply.code(204).send();
    },
  );
}

const CHANGE_ANSWERS = [400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 428, 507] as const;

const cascadeParameters = Type.Object(
  { cascade: Type.Boolean({ default: false, description: 'Also delete the parts the record owns.' }) },
  { additionalProperties: false },
);
