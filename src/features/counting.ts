/** Counting what takes a while, behind the requests that ask for it: kept, and made anew when it is not current. */
import { setTimeout } from 'node:timers/promises';
import { Problem } from '../errors.ts';

/** How long a request waits for a count, in milliseconds: the first, and one that renews another. */
export interface Waits {
  readonly first: number;
  readonly renewal: number;
}

export const WAITS: Waits = { first: 5_000, renewal: 1_000 };

/** Counting is begun anew at most so often, in milliseconds, and takes at most one part in so many of the time. */
export const REST = 1_000;
export const SHARE = 20;

export interface Counting<Counted> {
  /** The newest count there is; 503 while the first is being made and takes long. */
  readonly counted: () => Promise<Counted>;
  /** Stops counting. */
  readonly close: () => Promise<void>;
}

interface Settings<Counted> {
  readonly count: (signal: AbortSignal) => Promise<Counted>;
  /** Whether a count made before still holds. */
  readonly isCurrent: (counted: Counted) => Promise<boolean>;
  /** Milliseconds that never go back. */
  readonly elapsed: () => number;
  /** Hears of counts that failed while an older one serves. */
  readonly onFailure: (error: unknown) => void;
  readonly waits?: Waits;
}

/** Opens a count that is first made when it is asked for. */
export function openCounting<Counted>({
  count,
  isCurrent,
  elapsed,
  onFailure,
  waits = WAITS,
}: Settings<Counted>): Counting<Counted> {
  const stopping = new AbortController();
  let last: { readonly counted: Counted; readonly renewed: number } | undefined;
  let running: Promise<void> | undefined;

  const renew = async () => {
    const start = elapsed();
    const counted = await count(stopping.signal);
    const end = elapsed();
    last = { counted, renewed: end + Math.max(REST, SHARE * (end - start)) };
  };
  /** One count at a time, whoever asks. */
  const begin = () => {
    running ??= renew().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    counted: async () => {
      if (last && (elapsed() < last.renewed || (await isCurrent(last.counted)))) return last.counted;
      const known = last !== undefined;
      const waiting = new AbortController();
      const done = begin().catch((error: unknown) => {
        if (!known) throw error;
        if (!stopping.signal.aborted) onFailure(error);
      });
      const late = setTimeout(known ? waits.renewal : waits.first, undefined, { signal: waiting.signal });
      await Promise.race([done, late.catch(() => undefined)]).finally(() => waiting.abort());
      if (last) return last.counted;
      // Whoever asks again finds it, or waits for the same count.
      done.catch(() => undefined);
      throw new Problem('unavailable', 'The records are being counted; ask again in a moment.', {
        headers: { 'retry-after': String(WAITS.first / 1000) },
      });
    },
    close: async () => {
      stopping.abort();
      await running?.catch(() => undefined);
    },
  };
}
