/** What follows from an attempt: for the delivery, for what waits behind it, and for the webhook. */
import type { Engine } from '../../engine/engine.ts';
import { hold, letNext, wake } from './queue.ts';
import { changeHeld, changeWebhook, readDelivery, readWebhook } from './rows.ts';
import { pauseAfter } from './schedule.ts';
import { type Attempt, type Delivery, FAILING, isPing, type Reason, type Webhook } from './webhook.ts';

/** Attempts told of in the log of one delivery; beyond that the oldest are left out. */
const TOLD = 50;

export interface Tried {
  readonly attempt: Attempt;
  /** Milliseconds the receiver asks to be left alone for, if it does. */
  readonly asked: number | null;
}

export interface Verdict {
  readonly delivery: Partial<Delivery>;
  readonly webhook: Partial<Webhook>;
  /** Whether what waits behind it may go. */
  readonly over: boolean;
}

/** What a webhook becomes that is not to be sent anything any more. */
export function disabled(reason: Reason, now: Date): Partial<Webhook> {
  return { status: 'disabled', disabled_reason: reason, disabled_at: now.toISOString() };
}

/** Judges an attempt; `random` is at least 0 and below 1. */
export function verdictOf(
  webhook: Webhook,
  delivery: Delivery,
  { attempt, asked }: Tried,
  now: Date,
  random: number,
): Verdict {
  const at = now.toISOString();
  const first_tried_at = delivery.first_tried_at ?? attempt.at;
  const tried = {
    claim: null,
    tries: delivery.tries + 1,
    first_tried_at,
    attempts: [...delivery.attempts, attempt].slice(-TOLD),
    next_attempt_at: null,
  };
  const failed = { ...tried, state: 'failed', finished_at: at } as const;
  const { status } = attempt;
  if (status !== null && status >= 200 && status <= 299) {
    const well = { failures: 0, failing_since: null, last_delivered_at: at };
    return { delivery: { ...tried, state: 'delivered', finished_at: at }, webhook: well, over: true };
  }
  const unwell = { failures: webhook.failures + 1, failing_since: webhook.failing_since ?? attempt.at };
  const ping = isPing(delivery);
  if (webhook.status !== 'enabled') return { delivery: ping ? failed : tried, webhook: {}, over: ping };
  if (status === 410)
    return { delivery: ping ? failed : tried, webhook: { ...unwell, ...disabled('gone', now) }, over: ping };
  if (ping) return { delivery: failed, webhook: {}, over: true };
  const since = now.getTime() - Date.parse(first_tried_at);
  const pause = pauseAfter({ tries: tried.tries, since, asked }, random);
  if (pause !== undefined) {
    const next_attempt_at = new Date(now.getTime() + pause).toISOString();
    return { delivery: { ...tried, next_attempt_at }, webhook: unwell, over: false };
  }
  // One message that is refused while others are taken is given up; where nothing is taken, it is the receiver.
  const taken = webhook.last_delivered_at !== null && webhook.last_delivered_at > first_tried_at;
  return taken
    ? { delivery: failed, webhook: unwell, over: true }
    : { delivery: tried, webhook: { ...unwell, ...disabled('failing', now) }, over: false };
}

/** Writes down what came of an attempt at a claimed delivery; nothing where somebody else is at it by now. */
export async function settle(engine: Engine, claimed: Delivery, tried: Tried, random: number): Promise<void> {
  const now = engine.now();
  const at = now.toISOString();
  await engine.db.write(async (session) => {
    const reading = { engine, session };
    const webhook = await readWebhook(reading, claimed.webhook_id);
    const delivery = await readDelivery(reading, claimed.webhook_id, claimed.id);
    if (webhook === undefined || delivery === undefined || delivery.claim !== claimed.claim) return;
    const verdict = verdictOf(webhook, delivery, tried, now, random);
    await changeHeld(reading, delivery, verdict.delivery);
    const { status } = verdict.webhook;
    // Being disabled is seen by those who read the webhook, and so a version of its own.
    const version = status ? { version: webhook.version + 1, updated_at: at } : {};
    await changeWebhook(reading, webhook.id, { ...verdict.webhook, ...version });
    if (status === 'disabled') await hold(reading, webhook.id);
    else if (verdict.over && webhook.status === 'enabled') await letNext(reading, delivery, at);
    if (verdict.delivery.state === 'delivered' && webhook.failures >= FAILING)
      await wake(reading, webhook.id, at);
  });
}

/** Gives up a claim, so that another may take it at once. */
export async function release(engine: Engine, delivery: Delivery): Promise<void> {
  const next_attempt_at = engine.now().toISOString();
  await engine.db.write((session) =>
    changeHeld({ engine, session }, delivery, { claim: null, next_attempt_at }),
  );
}
