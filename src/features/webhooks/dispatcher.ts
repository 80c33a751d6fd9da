/** Delivering: what changed is queued for each webhook, and what is due is sent, by whichever process claims it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { revisionOf } from '../../engine/list.ts';
import { VERSION } from '../../version.ts';
import { followLog } from './following.ts';
import { messageOf } from './message.ts';
import { claimDue, dueWebhooks } from './queue.ts';
import { openForgetting } from './retention.ts';
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

/** Longest time between two looks while looking fails, in milliseconds. */
const LONGEST_REST = 30_000;

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
  const log = followLog(engine, settings.calm);
  const unfollow = engine.revisions.follow();
  /** Number of the last change when a round began. */
  let newest = 0;
  let bell = new AbortController();
  let resting: (() => void)[] = [];
  /** Whether a delivery has ended since the last round. */
  let ended = false;
  const forgetting = openForgetting(engine);

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
        ended = true;
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

  /** One round; returns whether there is more to do at once. */
  const round = async (): Promise<boolean> => {
    const { webhooks, revision } = await engine.db.read(async (session) => ({
      webhooks: await readWebhooks({ engine, session }, { limit: MOST_WEBHOOKS }),
      revision: await revisionOf(session, engine),
    }));
    newest = revision;
    const enabled = webhooks.filter(({ status }) => status === 'enabled');
    const freed = ended;
    ended = false;
    let busy = await log.look(enabled, revision, freed);
    const at = engine.now().toISOString();
    const due =
      enabled.length === 0
        ? new Set<string>()
        : await engine.db.read((session) => dueWebhooks({ engine, session }, at));
    for (const webhook of enabled) {
      const most = due.has(webhook.id) ? slots(webhook) : 0;
      if (most > 0 && (await claim(webhook, most)) === most) busy ||= slots(webhook) > 0;
    }
    await forgetting(webhooks);
    if (!busy && underWay.size === 0 && log.upTo() >= revision && !bell.signal.aborted) {
      for (const tell of resting) tell();
      resting = [];
    }
    return busy;
  };

  const go = async () => {
    let faults = 0;
    while (!stopping.signal.aborted) {
      bell = new AbortController();
      const stop = AbortSignal.any([stopping.signal, bell.signal]);
      const { rings } = engine.revisions;
      const busy = await round().catch((error) => {
        failed(error);
        faults += 1;
        return undefined;
      });
      if (busy) continue;
      if (busy === false) faults = 0;
      // A database that is away is not asked again and again.
      if (faults > 0) await rested(Math.min(settings.poll * 2 ** faults, LONGEST_REST), stop);
      else if (log.upTo() >= newest) await engine.revisions.after(rings, settings.poll, stop);
      const rest = log.rest();
      if (rest > 0) await rested(rest, stop);
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
      unfollow();
      await running;
      const late = setTimeout(() => cutting.abort(), settings.grace);
      await Promise.all([...underWay.values()].flatMap((set) => [...set]));
      clearTimeout(late);
      sender.close();
    },
  };
}

/** Resolves after some milliseconds, or when aborted. */
function rested(ms: number, aborted: AbortSignal): Promise<void> {
  return pause(ms, undefined, { signal: aborted }).catch(() => undefined);
}

/** The secrets that sign at a moment, the newest first. */
function secretsOf({ secret, previous_secret, previous_secret_until }: Webhook, now: Date): string[] {
  const both = previous_secret !== null && String(previous_secret_until) > now.toISOString();
  return both ? [secret, previous_secret] : [secret];
}
