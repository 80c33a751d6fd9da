/** When a delivery that failed is tried again. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Pauses between attempts, in milliseconds: close together at first, then about as Standard Webhooks recommends, and
 * 71 hours and 36 minutes in all.
 */
export const PAUSES: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  20 * HOUR,
];

/** How long a delivery is tried at most, in milliseconds. */
export const GIVEN_UP = 72 * HOUR;

/** By how much of itself a pause may be shortened, so that what failed together does not come back together. */
const JITTER = 0.1;

export interface Failed {
  /** Attempts so far, at least 1. */
  readonly tries: number;
  /** Milliseconds since the first of them. */
  readonly since: number;
  /** Milliseconds the receiver asks to be left alone for, if it does. */
  readonly asked: number | null;
}

/**
 * Milliseconds until the next attempt; undefined where there is none any more. What the receiver asks for holds where
 * it is longer, up to the end of the three days; `random` is at least 0 and below 1.
 */
export function pauseAfter({ tries, since, asked }: Failed, random: number): number | undefined {
  const pause = PAUSES[tries - 1];
  const left = GIVEN_UP - since;
  if (pause === undefined || left <= 0) return undefined;
  return Math.min(Math.max(Math.round(pause * (1 - JITTER * random)), asked ?? 0), left);
}

/** Milliseconds a `Retry-After` asks for, be it seconds or a date (RFC 9110, section 10.2.3); null for anything else. */
export function retryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * SECOND;
  const at = /^[A-Z][a-z]{2,8},? /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
