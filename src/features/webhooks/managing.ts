/** Making, changing and trying webhooks. */
import { randomBytes } from 'node:crypto';
import type { Reading } from '../../engine/belonging.ts';
import type { Engine } from '../../engine/engine.ts';
import { revisionOf } from '../../engine/list.ts';
import { isId } from '../../engine/references.ts';
import { Problem } from '../../errors.ts';
import type { Range } from './addresses.ts';
import { type Asked, settingsOf } from './asked.ts';
import { MOST_WEBHOOKS } from './dispatcher.ts';
import { enqueue, hold, type Message, resume } from './queue.ts';
import { changeWebhook, countWebhooks, insertWebhook, readDelivery, readWebhook } from './rows.ts';
import { disabled } from './settling.ts';
import { SECRET_BYTES, secretOf } from './signing.ts';
import type { Delivery, Webhook } from './webhook.ts';

type With = Reading & { readonly engine: Engine };

/** A webhook by the id in an address; 404 where there is none. */
export async function webhookAt(reading: With, id: string): Promise<Webhook> {
  const found = isId(id) ? await readWebhook(reading, id.toLowerCase()) : undefined;
  if (found === undefined) throw new Problem('not-found', `There is no webhook '${id}'.`);
  return found;
}

/** A delivery of a webhook by the ids in an address; 404 where there is none, or no longer. */
export async function deliveryAt(reading: With, webhookId: string, id: string): Promise<Delivery> {
  const webhook = await webhookAt(reading, webhookId);
  const found = isId(id) ? await readDelivery(reading, webhook.id, id.toLowerCase()) : undefined;
  if (found === undefined) throw new Problem('not-found', `The webhook has no delivery '${id}'.`);
  return found;
}

/** Makes a webhook that is told of what comes after a change: the last one, unless another is named. */
export function createWebhook(
  engine: Engine,
  { after, ...asked }: Asked & { readonly after?: number },
  listed: readonly Range[],
): Promise<Webhook> {
  const at = engine.now();
  return engine.db.write(async (session) => {
    const reading = { engine, session };
    if ((await countWebhooks(reading)) >= MOST_WEBHOOKS)
      throw new Problem('conflict', `There are ${MOST_WEBHOOKS} webhooks already: delete one first.`);
    const settings = await settingsOf(reading, asked, listed);
    const webhook: Webhook = {
      id: engine.newId(),
      ...settings,
      secret: newSecret(),
      previous_secret: null,
      previous_secret_until: null,
      ...(settings.status === 'disabled' ? disabledByHand(at) : ENABLED),
      position: await startOf(reading, after),
      last_number: 0,
      failures: 0,
      failing_since: null,
      last_delivered_at: null,
      version: 1,
      created_at: at.toISOString(),
      updated_at: at.toISOString(),
    };
    await insertWebhook(reading, webhook);
    return webhook;
  });
}

const newSecret = () => secretOf(randomBytes(SECRET_BYTES));
const ENABLED = { status: 'enabled', disabled_reason: null, disabled_at: null } as const;
const disabledByHand = (at: Date) =>
  disabled('by_hand', at) as Pick<Webhook, 'status' | 'disabled_reason' | 'disabled_at'>;

async function startOf({ engine, session }: With, after: number | undefined): Promise<number> {
  const revision = await revisionOf(session, engine);
  if (after === undefined || after <= revision) return after ?? revision;
  throw new Problem('unprocessable', 'The webhook cannot stand as it is.', {
    errors: [
      {
        pointer: '/after',
        message: 'lies beyond the last change',
        expected: `a number from 0 to ${revision}`,
        got: after,
      },
    ],
  });
}

/** Gives a webhook other settings; one that is enabled again goes on where it stood. */
export async function resetWebhook(
  reading: With,
  webhook: Webhook,
  asked: Asked,
  listed: readonly Range[],
): Promise<Webhook> {
  const now = reading.engine.now();
  const at = now.toISOString();
  const settings = await settingsOf(reading, asked, listed);
  const turned = settings.status !== webhook.status;
  const changes: Partial<Webhook> = {
    ...settings,
    ...(turned && settings.status === 'disabled' ? disabledByHand(now) : {}),
    ...(turned && settings.status === 'enabled' ? { ...ENABLED, failures: 0, failing_since: null } : {}),
    version: webhook.version + 1,
    updated_at: at,
  };
  await changeWebhook(reading, webhook.id, changes);
  if (turned && settings.status === 'disabled') await hold(reading, webhook.id);
  if (turned && settings.status === 'enabled') await resume(reading, webhook.id, at);
  return { ...webhook, ...changes };
}

/** Gives a webhook a new secret; the one before signs too, for so many hours. */
export function rotateSecret(engine: Engine, id: string, hours: number): Promise<Webhook> {
  const now = engine.now();
  return engine.db.write(async (session) => {
    const reading = { engine, session };
    const webhook = await webhookAt(reading, id);
    const until = new Date(now.getTime() + hours * 3_600_000).toISOString();
    const changes: Partial<Webhook> = {
      secret: newSecret(),
      previous_secret: hours > 0 ? webhook.secret : null,
      previous_secret_until: hours > 0 ? until : null,
      version: webhook.version + 1,
      updated_at: now.toISOString(),
    };
    await changeWebhook(reading, webhook.id, changes);
    return { ...webhook, ...changes };
  });
}

/** Queues a message that tells of nothing, to try the receiver. */
export function ping(engine: Engine, id: string): Promise<Delivery> {
  return engine.db.write(async (session) => {
    const webhook = await webhookAt({ engine, session }, id);
    refuseDisabled(webhook);
    const message = { seq: null, kind: null, record_id: webhook.id, op: 'ping' };
    return queueOne({ engine, session }, webhook, message);
  });
}

/** Queues a message that was delivered, or given up, once more. */
export function redeliver(engine: Engine, id: string, deliveryId: string): Promise<Delivery> {
  return engine.db.write(async (session) => {
    const reading = { engine, session };
    const delivery = await deliveryAt(reading, id, deliveryId);
    const webhook = await webhookAt(reading, id);
    refuseDisabled(webhook);
    if (delivery.state === 'pending')
      throw new Problem('conflict', 'This message is still to be delivered; it is tried by itself.');
    const { seq, kind, record_id, op, message_id } = delivery;
    return queueOne(reading, webhook, { seq, kind, record_id, op, message_id });
  });
}

async function queueOne(reading: With, webhook: Webhook, message: Message): Promise<Delivery> {
  const at = reading.engine.now().toISOString();
  const [queued] = await enqueue(reading, webhook, [message], at);
  return queued as Delivery;
}

function refuseDisabled({ status, disabled_reason }: Webhook): void {
  if (status === 'enabled') return;
  throw new Problem(
    'conflict',
    `The webhook is disabled (${disabled_reason}): enable it first, with a PATCH of status.`,
  );
}
