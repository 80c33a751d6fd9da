/** Following the change log: what changed is queued for each webhook, as often as it is worth a look. */
import type { Engine } from '../../engine/engine.ts';
import { planNext } from './planning.ts';
import type { Webhook } from './webhook.ts';

export interface Following {
  /**
   * Queues what changed up to a revision, unless the log was looked at a moment ago; `freed` says that queues have
   * got shorter. Returns whether there is more to be queued at once.
   */
  readonly look: (webhooks: readonly Webhook[], revision: number, freed: boolean) => Promise<boolean>;
  /** Up to which change the log was looked at. */
  readonly upTo: () => number;
  /** Milliseconds until it is worth looking again. */
  readonly rest: () => number;
}

/** How far the filters of a webhook have been held against the log, and what was kept of that then. */
interface Place {
  readonly version: number;
  readonly kept: number;
  readonly position: number;
}

/** Begins to follow the log; `calm` is the least time between two looks, in milliseconds. */
export function followLog(engine: Engine, calm: number): Following {
  const places = new Map<string, Place>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let upTo = 0;
  /** Whether some queue was too long for all that is to go into it. */
  let full = false;

  /** Queues the next changes for one webhook. */
  const queue = async (webhook: Webhook, revision: number): Promise<boolean> => {
    const place = places.get(webhook.id);
    const current = place?.version === webhook.version && place.kept === webhook.position;
    const from = current ? Math.max(place.position, webhook.position) : webhook.position;
    if (from >= revision) return false;
    const planned = await planNext(engine, webhook, from);
    // Another process was first: what it left is seen next time.
    if (planned === undefined) return true;
    const { position, queued, more } = planned;
    places.set(webhook.id, {
      version: webhook.version,
      kept: queued ? position : webhook.position,
      position,
    });
    if (!more && position < revision) full = true;
    return more;
  };

  return {
    async look(webhooks, revision, freed) {
      if (performance.now() - lookedAt < calm && !(freed && full)) return false;
      [lookedAt, upTo, full] = [performance.now(), revision, false];
      let more = false;
      for (const webhook of webhooks) if (await queue(webhook, revision)) more = true;
      if (more) lookedAt = Number.NEGATIVE_INFINITY;
      return more;
    },
    upTo: () => upTo,
    rest: () => Math.max(0, lookedAt + calm - performance.now()),
  };
}
