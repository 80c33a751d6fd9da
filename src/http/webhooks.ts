/** `/v1/webhooks`: who is told of changes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { bindingOf, decodeCursor, encodeCursor } from '../engine/cursor.ts';
import type { Engine } from '../engine/engine.ts';
import { address, revisionOf } from '../engine/list.ts';
import { mergePatch } from '../engine/merge-patch.ts';
import { refuseUncountable } from '../engine/parameters.ts';
import { faultsOf } from '../engine/validate.ts';
import { Problem } from '../errors.ts';
import { type Range, rangesOf } from '../features/webhooks/addresses.ts';
import type { Asked } from '../features/webhooks/asked.ts';
import { createWebhook, resetWebhook, rotateSecret, webhookAt } from '../features/webhooks/managing.ts';
import { readWebhooks, removeWebhook } from '../features/webhooks/rows.ts';
import type { Webhook } from '../features/webhooks/webhook.ts';
import { requireVersion } from './conditional.ts';
import { answers, operation } from './operations.ts';
import { sendFresh, sendPage } from './reads.ts';
import { oneWebhook, paging, shown, tagOf, webhookTag } from './webhook-answers.ts';
import { registerDeliveries } from './webhook-deliveries.ts';
import { webhookSchemas } from './webhook-schemas.ts';
import { wholeValidator } from './whole.ts';

const PATH = '/v1/webhooks';

const listParameters = Type.Unsafe({ type: 'object', additionalProperties: false, properties: paging });

const ifMatch = Type.Object({
  'If-Match': Type.Optional(
    Type.String({
      description: 'ETag of the webhook as you read it; `*` means as it is now.',
      examples: ['*'],
    }),
  ),
});

/** Registers the routes; `allowed` are the ranges beside public addresses that messages may be sent to. */
export async function registerWebhooks(
  app: FastifyInstance,
  { engine, allowed }: { engine: Engine; allowed: readonly string[] },
): Promise<void> {
  for (const schema of webhookSchemas) app.addSchema(schema);
  const listed = rangesOf(allowed);
  registerList(app, engine);
  registerOne(app, engine);
  registerCreate(app, engine, listed);
  registerPatch(app, engine, listed);
  registerDelete(app, engine);
  registerRotation(app, engine);
  registerDeliveries(app, engine);
}

function registerList(app: FastifyInstance, engine: Engine): void {
  app.get(
    PATH,
    {
      schema: operation('webhooks', 'list', {
        summary: 'List webhooks',
        description: 'Oldest first.',
        querystring: listParameters,
        response: answers({ 200: ['A page of webhooks.', 'WebhookPage'] }, [304, 400, 401, 403, 406]),
      }),
    },
    async (request, reply) => {
      const query = request.query as { readonly limit: number; readonly cursor?: string };
      refuseUncountable({ ...query });
      const { limit, cursor } = query;
      const bound = bindingOf({ name: 'webhook' }, 'id', false, []);
      const from = cursor === undefined ? {} : { beyond: decodeCursor(cursor, bound).id };
      const { found, revision } = await engine.db.read(async (session) => ({
        found: await readWebhooks({ engine, session }, { ...from, limit: limit + 1 }),
        revision: await revisionOf(session, engine),
      }));
      const some = found.slice(0, limit);
      const last = found.length > limit ? some.at(-1) : undefined;
      const next = last && encodeCursor({ key: '', id: last.id, revision: 0 }, bound);
      const links = {
        self: address(engine, PATH, { ...query }),
        next: next ? address(engine, PATH, { ...query, cursor: next }) : null,
      };
      const page = { data: some.map(shown), meta: { limit, revision }, links };
      return sendPage(engine, request, reply, page, tagOf(page.data));
    },
  );
}

function registerOne(app: FastifyInstance, engine: Engine): void {
  app.get(
    `${PATH}/:id`,
    {
      schema: operation('webhooks', 'get', {
        summary: 'Read one webhook',
        params: oneWebhook,
        response: answers({ 200: ['The webhook.', 'Webhook'] }, [304, 400, 401, 403, 404, 406]),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const webhook = await engine.db.read((session) => webhookAt({ engine, session }, id));
      return sendFresh(request, reply, webhookTag(webhook), shown(webhook));
    },
  );
}

function registerCreate(app: FastifyInstance, engine: Engine, listed: readonly Range[]): void {
  app.post(
    PATH,
    {
      schema: operation('webhooks', 'create', {
        summary: 'Create a webhook',
        description:
          'Messages are signed as Standard Webhooks has it, with the `secret` of the answer, which is not shown again. They come at least once, and those about one record in order. See [the guide](/guide/webhooks).',
        body: 'WebhookInput',
        response: answers(
          { 201: ['The webhook, with its secret.', 'Webhook'] },
          [400, 401, 403, 409, 413, 415, 422, 507],
        ),
      }),
    },
    async (request, reply) => {
      const webhook = await createWebhook(engine, request.body as Asked & { after?: number }, listed);
      reply.code(201).header('location', `${engine.publicUrl}${PATH}/${webhook.id}`);
      return sendSecret(reply, webhook);
    },
  );
}

/** Answers with a webhook and its secret, which nobody on the way may keep. */
function sendSecret(reply: FastifyReply, webhook: Webhook) {
  reply.headers({ etag: webhookTag(webhook), 'cache-control': 'no-store' });
  return reply.send({ ...shown(webhook), secret: webhook.secret });
}

function registerPatch(app: FastifyInstance, engine: Engine, listed: readonly Range[]): void {
  app.patch(
    `${PATH}/:id`,
    {
      schema: {
        ...operation('webhooks', 'patch', {
          summary: 'Change a webhook',
          description:
            'A JSON merge patch (RFC 7396). What is enabled again goes on where it stood, and misses nothing. Needs If-Match.',
          params: oneWebhook,
          body: 'WebhookPatch',
          consumes: ['application/merge-patch+json', 'application/json'],
          response: answers(
            { 200: ['The webhook as it is now.', 'Webhook'] },
            [400, 401, 403, 404, 412, 413, 415, 422, 428, 507],
          ),
        }),
        headers: ifMatch,
      },
    },
    async (request, reply) => {
      const complete = wholeValidator(app, 'WebhookInput');
      const changed = await engine.db.write(async (session) => {
        const reading = { engine, session };
        const webhook = await targetOf(reading, request);
        const { url, description, kinds, jurisdictions, filters, payload, status } = webhook;
        const present = { url, description, kinds, jurisdictions, filters, payload, status };
        const asked = mergePatch(present, request.body);
        if (!complete(asked)) {
          throw new Problem('invalid-body', 'The patched webhook would not have the documented form.', {
            errors: faultsOf(complete.errors ?? [], 'body'),
          });
        }
        return resetWebhook(reading, webhook, asked as Asked, listed);
      });
      return reply.header('etag', webhookTag(changed)).send(shown(changed));
    },
  );
}

/** The webhook of the address, which has to be as `If-Match` says. */
async function targetOf(reading: Parameters<typeof webhookAt>[0], request: FastifyRequest): Promise<Webhook> {
  const webhook = await webhookAt(reading, (request.params as { id: string }).id);
  requireVersion(request.headers['if-match'], webhook.version, () => webhookTag(webhook));
  return webhook;
}

function registerDelete(app: FastifyInstance, engine: Engine): void {
  app.delete(
    `${PATH}/:id`,
    {
      schema: {
        ...operation('webhooks', 'remove', {
          summary: 'Delete a webhook',
          description: 'What is still to be delivered goes with it, and so does its log. Needs If-Match.',
          params: oneWebhook,
          response: answers({ 204: ['Deleted.', null] }, [400, 401, 403, 404, 412, 428, 507]),
        }),
        headers: ifMatch,
      },
    },
    async (request, reply) => {
      await engine.db.write(async (session) => {
        const reading = { engine, session };
        await removeWebhook(reading, (await targetOf(reading, request)).id);
      });
      return reply.code(204).send();
    },
  );
}

function registerRotation(app: FastifyInstance, engine: Engine): void {
  app.post(
    `${PATH}/:id/rotate-secret`,
    {
      schema: operation('webhooks', 'rotate_secret', {
        summary: 'Replace the secret of a webhook',
        description:
          'The answer has the new secret, which is not shown again. For `keep_hours` messages bear two signatures, of the new secret and of the one before; an older one signs no more.',
        params: oneWebhook,
        body: 'RotationInput',
        response: answers(
          { 200: ['The webhook, with its new secret.', 'Webhook'] },
          [400, 401, 403, 404, 413, 415, 507],
        ),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const { keep_hours = 24 } = request.body as { keep_hours?: number };
      return sendSecret(reply, await rotateSecret(engine, id, keep_hours));
    },
  );
}
