/** Delivering: what changed is queued for each webhook, and what is due is sent, by whichever process claims it. */
import type { Engine } from '../../engine/engine.ts';
import { revisionOf } from '../../engine/list.ts';
import { VERSION } from '../../version.ts';
import { messageOf } from './message.ts';
import { planNext } from './planning.ts';
import { claimDue, dueWebhooks } from './queue.ts';
import { forgetDeliveries } from './retention.ts';
import { readWebhook, readWebhooks } from './rows.ts';
import { retryAfter } from './schedule.ts';
import type { Sender } from './send.ts';
import { release, settle } from './settling.ts';
import { signatureHeaders } from './signing.ts';
import { type Delivery, FAILING, type Webhook } from './webhook.ts';

/** How deliveries are made; times in milliseconds. */
export interface DispatchSettings {
  /** How often it is looked for what other processes wrote, and for what is due. */
  readonly poll: number;
  /** Least time between two looks at the log, however much is written. */
  readonly calm: number;
  /** How long a claim holds: longer than an attempt may take. */
  readonly lease: number;
  /** Deliveries of one webhook under way at a time; one of them while its receiver is unwell. */
  readonly each: number;
  /** Deliveries under way at a time beside one for each webhook, which nobody takes from it. */
  readonly shared: number;
  /** How long those under way are waited for when the service stops. */
  readonly grace: number;
  readonly random: () => number;
}

/** Longest time an attempt may take, in milliseconds. */
export const ATTEMPT = 15_000;

export const DISPATCH: DispatchSettings = {
  poll: 1_000,
  calm: 50,
  lease: 2 * ATTEMPT,
  each: 4,
  shared: 32,
  grace: 3_000,
  random: Math.random,
};

/** Most webhooks there may be. */
export const MOST_WEBHOOKS = 100;

/** How often what is over is forgotten, in milliseconds. */
const FORGOTTEN = 3_600_000;

export interface Dispatcher {
  /** Resolves when nothing is due, under way or to be queued. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Begins to deliver; `failed` hears of what went wrong with the service itself. */
export function openDispatcher(
  engine: Engine,
  sender: Sender,
  settings: DispatchSettings,
  failed: (error: unknown) => void,
): Dispatcher {
  const stopping = new AbortController();
  const cutting = new AbortController();
  const underWay = new Map<string, Set<Promise<void>>>();
  /** How far each webhook’s filters have been held against the log by this process. */
  const positions = new Map<string, { version: number; kept: number; position: number }>();
  let bell = new AbortController();
  let resting: (() => void)[] = [];
  let forgotten = Number.NEGATIVE_INFINITY;
  /** When the log was last looked at, and up to which change. */
  let looked = { at: Number.NEGATIVE_INFINITY, to: 0 };

  const open = (id: string) => underWay.get(id)?.size ?? 0;
  const ring = () => bell.abort();

  /** How many more deliveries of a webhook may be begun. */
  const slots = ({ id, failures }: Webhook): number => {
    const active = open(id);
    const beyond = [...underWay.values()].reduce((sum, { size }) => sum + Math.max(0, size - 1), 0);
    const own = active === 0 ? 1 : 0;
    const most = failures >= FAILING ? 1 : settings.each;
    return Math.max(0, own + Math.min(most - active - own, settings.shared - beyond));
  };

  const begin = (webhook: Webhook, delivery: Delivery, claimedAt: number) => {
    const set = underWay.get(webhook.id) ?? new Set();
    underWay.set(webhook.id, set);
    const work: Promise<void> = attempt(webhook, delivery, claimedAt)
      .catch(failed)
      .then(() => {
        set.delete(work);
        if (set.size === 0) underWay.delete(webhook.id);
        ring();
      });
    set.add(work);
  };

  const attempt = async (webhook: Webhook, delivery: Delivery, claimedAt: number) => {
    const message = await engine.db.read((session) => messageOf({ engine, session }, webhook, delivery));
    // A process that stood still meanwhile may have lost its claim, or be about to.
    if (performance.now() - claimedAt > settings.lease / 4) return release(engine, delivery);
    const body = JSON.stringify(message);
    const began = engine.now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': `civic-policy-tracker/${VERSION}`,
      ...signatureHeaders({
        messageId: delivery.message_id,
        at: began,
        body,
        secrets: secretsOf(webhook, began),
      }),
    };
    const start = performance.now();
    const sent = await sender.send(webhook.url, headers, body, cutting.signal);
    if (sent.error === 'stopped') return release(engine, delivery);
    const { status, error } = sent;
    const duration_ms = Math.round(performance.now() - start);
    const told = { at: began.toISOString(), status, duration_ms, error };
    const asked = retryAfter(sent.retryAfter, engine.now());
    await settle(engine, delivery, { attempt: told, asked }, settings.random());
  };

  /** Queues what changed for one webhook, a stretch of the log at a time; returns whether there is more. */
  const plan = async (webhook: Webhook, revision: number): Promise<boolean> => {
    const seen = positions.get(webhook.id);
    const current = seen?.version === webhook.version && seen.kept === webhook.position;
    const from = current ? Math.max(seen.position, webhook.position) : webhook.position;
    if (from >= revision) return false;
    const planned = await planNext(engine, webhook, from);
    // Another process was first: what it left is seen next time.
    if (planned === undefined) return true;
    const kept = planned.queued ? planned.position : webhook.position;
    positions.set(webhook.id, { version: webhook.version, kept, position: planned.position });
    return planned.more;
  };

  const claim = async ({ id }: Webhook, most: number): Promise<number> => {
    const claimedAt = performance.now();
    const now = engine.now();
    const until = new Date(now.getTime() + settings.lease).toISOString();
    const { webhook, deliveries } = await engine.db.write(async (session) => {
      const queueing = { engine, session };
      const webhook = await readWebhook(queueing, id);
      if (webhook?.status !== 'enabled') return { webhook, deliveries: [] };
      const claiming = { webhookId: id, now: now.toISOString(), until, most };
      return { webhook, deliveries: await claimDue(queueing, claiming) };
    });
    for (const delivery of deliveries) begin(webhook as Webhook, delivery, claimedAt);
    return deliveries.length;
  };

  /** Queues what changed since the log was last looked at; returns whether there is more, and sets how far it went. */
  const planAll = async (webhooks: readonly Webhook[], revision: number): Promise<boolean> => {
    if (performance.now() - looked.at < settings.calm) return false;
    looked = { at: performance.now(), to: revision };
    let more = false;
    for (const webhook of webhooks) if (await plan(webhook, revision)) more = true;
    // What is left is looked at in the next round.
    if (more) looked.at = Number.NEGATIVE_INFINITY;
    return more;
  };

  /** One round; returns whether there is more to do at once. */
  const round = async (): Promise<boolean> => {
    const { webhooks, revision } = await engine.db.read(async (session) => ({
      webhooks: await readWebhooks({ engine, session }, { limit: MOST_WEBHOOKS }),
      revision: await revisionOf(session, engine),
    }));
    engine.revisions.raise(revision);
    const enabled = webhooks.filter(({ status }) => status === 'enabled');
    let busy = await planAll(enabled, revision);
    const due = await engine.db.read((session) =>
      dueWebhooks({ engine, session }, engine.now().toISOString()),
    );
    for (const webhook of enabled) {
      const most = due.has(webhook.id) ? slots(webhook) : 0;
      if (most > 0 && (await claim(webhook, most)) === most) busy ||= slots(webhook) > 0;
    }
    if (engine.now().getTime() - forgotten > FORGOTTEN) {
      forgotten = engine.now().getTime();
      for (const webhook of webhooks) await forgetDeliveries(engine, webhook);
    }
    if (!busy && underWay.size === 0 && looked.to >= revision && !bell.signal.aborted) {
      for (const rested of resting) rested();
      resting = [];
    }
    return busy;
  };

  const go = async () => {
    while (!stopping.signal.aborted) {
      bell = new AbortController();
      const stop = AbortSignal.any([stopping.signal, bell.signal]);
      const busy = await round().catch((error) => {
        failed(error);
        looked = { at: performance.now(), to: Number.MAX_SAFE_INTEGER };
        return false;
      });
      if (busy) continue;
      await engine.revisions.beyond(looked.to, settings.poll, stop);
      const calm = looked.at + settings.calm - performance.now();
      if (calm > 0) await engine.revisions.beyond(Number.MAX_SAFE_INTEGER, calm, stop);
    }
  };
  const running = go();

  return {
    idle: () =>
      new Promise((resolve) => {
        resting.push(resolve);
        ring();
      }),
    async close() {
      stopping.abort();
      await running;
      const late = setTimeout(() => cutting.abort(), settings.grace);
      await Promise.all([...underWay.values()].flatMap((set) => [...set]));
      clearTimeout(late);
      sender.close();
    },
  };
}

/** The secrets that sign at a moment, the newest first. */
function secretsOf({ secret, previous_secret, previous_secret_until }: Webhook, now: Date): string[] {
  const both = previous_secret !== null && String(previous_secret_until) > now.toISOString();
  return both ? [secret, previous_secret] : [secret];
}
