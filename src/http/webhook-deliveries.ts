/** `/v1/webhooks/{id}/deliveries`: what a receiver was told, and trying it. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { bindingOf, decodeCursor, encodeCursor } from '../engine/cursor.ts';
import type { Engine } from '../engine/engine.ts';
import { address, revisionOf } from '../engine/list.ts';
import { refuseUncountable } from '../engine/parameters.ts';
import { deliveryAt, ping, redeliver, webhookAt } from '../features/webhooks/managing.ts';
import { typeOf } from '../features/webhooks/message.ts';
import { readDeliveries } from '../features/webhooks/rows.ts';
import { type Delivery, isPing, type State, states } from '../features/webhooks/webhook.ts';
import { answers, operation } from './operations.ts';
import { gathering, sendFresh, sendPage } from './reads.ts';
import { oneWebhook, paging, tagOf } from './webhook-answers.ts';

const parameters = Type.Unsafe({
  type: 'object',
  additionalProperties: false,
  properties: {
    ...paging,
    state: Type.Array(Type.Unsafe({ type: 'string', enum: [...states] }), {
      description: 'Only deliveries in these states.',
      maxItems: states.length,
    }),
  },
});

const oneDelivery = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the webhook.' }),
    delivery: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the delivery.' }),
  },
  { additionalProperties: false },
);

/** A delivery as it is shown. */
function shown(delivery: Delivery) {
  const { id, webhook_id, message_id, number, seq, record_id, state, claim, attempts } = delivery;
  return {
    id,
    webhook_id,
    message_id,
    number,
    type: typeOf(delivery),
    seq,
    record_id: isPing(delivery) ? null : record_id,
    state,
    under_way: claim !== null,
    attempts,
    next_attempt_at: claim === null ? delivery.next_attempt_at : null,
    created_at: delivery.created_at,
    finished_at: delivery.finished_at,
  };
}

/** The log of deliveries, and the calls that queue one. */
export function registerDeliveries(app: FastifyInstance, engine: Engine): void {
  const at = '/v1/webhooks/:id';
  const QUEUED: [string, string] = ['The delivery, which is queued; look at it again.', 'Delivery'];
  app.get(
    `${at}/deliveries`,
    {
      preValidation: gathering(parameters),
      schema: operation('webhooks', 'list_deliveries', {
        summary: 'List the deliveries of a webhook',
        description: 'The newest first: those of the last 30 days, and the last 10,000 at most.',
        params: oneWebhook,
        querystring: parameters,
        response: answers({ 200: ['A page of deliveries.', 'DeliveryPage'] }, [304, 400, 401, 403, 404, 406]),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const query = request.query as { limit: number; cursor?: string; state?: readonly State[] };
      refuseUncountable({ ...query });
      const { limit, cursor, state } = query;
      const bound = bindingOf({ name: 'delivery' }, '-number', false, [id.toLowerCase(), ...(state ?? [])]);
      const below = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeCursor(cursor, bound).key);
      const { found, revision } = await engine.db.read(async (session) => {
        const webhook = await webhookAt({ engine, session }, id);
        const wanted = { state, below, limit: limit + 1 };
        return {
          found: await readDeliveries({ engine, session }, webhook.id, wanted),
          revision: await revisionOf(session, engine),
        };
      });
      const some = found.slice(0, limit);
      const last = found.length > limit ? some.at(-1) : undefined;
      const next = last && encodeCursor({ key: String(last.number), id: last.id, revision: 0 }, bound);
      const path = `/v1/webhooks/${encodeURIComponent(id)}/deliveries`;
      const links = {
        self: address(engine, path, { ...query }),
        next: next ? address(engine, path, { ...query, cursor: next }) : null,
      };
      const page = { data: some.map(shown), meta: { limit, revision }, links };
      return sendPage(engine, request, reply, page, tagOf(page.data));
    },
  );
  app.get(
    `${at}/deliveries/:delivery`,
    {
      schema: operation('webhooks', 'get_delivery', {
        summary: 'Read one delivery of a webhook',
        params: oneDelivery,
        response: answers({ 200: ['The delivery.', 'Delivery'] }, [304, 400, 401, 403, 404, 406]),
      }),
    },
    async (request, reply) => {
      const { id, delivery } = request.params as { id: string; delivery: string };
      const found = shown(await engine.db.read((session) => deliveryAt({ engine, session }, id, delivery)));
      return sendFresh(request, reply, tagOf(found), found);
    },
  );
  app.post(
    `${at}/ping`,
    {
      schema: operation('webhooks', 'ping', {
        summary: 'Try a webhook',
        description: 'Sends a message of the type `webhook.ping`, once.',
        params: oneWebhook,
        response: answers({ 202: QUEUED }, [400, 401, 403, 404, 409, 507]),
      }),
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      return reply.code(202).send(shown(await ping(engine, id)));
    },
  );
  app.post(
    `${at}/deliveries/:delivery/redeliver`,
    {
      schema: operation('webhooks', 'redeliver', {
        summary: 'Deliver a message once more',
        description:
          'Queues a message that was delivered, or given up, behind what else is to be told of its record. It has the same `webhook-id`, by which a receiver knows what it has already.',
        params: oneDelivery,
        response: answers({ 202: QUEUED }, [400, 401, 403, 404, 409, 507]),
      }),
    },
    async (request, reply) => {
      const { id, delivery } = request.params as { id: string; delivery: string };
      return reply.code(202).send(shown(await redeliver(engine, id, delivery)));
    },
  );
}
