/** Counting what each client asks: how much of an allowance is used, and how answers say so. */
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Rate } from '../config.ts';
import { Problem } from '../errors.ts';
import type { ApiKey } from './keys.ts';

/** How many times as much a key may ask as an address. */
const KEY_FACTOR = 10;

/** Most clients counted at a time; those not heard of for longest are forgotten first. */
const COUNTED = 50_000;

/** An allowance: so much in a window of so many seconds. */
export interface Policy {
  /** What answers call it: a word without quotes. */
  readonly name: string;
  readonly quota: number;
  readonly seconds: number;
}

/** Where a client stands within an allowance. */
export interface Standing {
  readonly policy: Policy;
  /** How much more is allowed in this window. */
  readonly left: number;
  /** Whole seconds until the window ends, at least 1. */
  readonly reset: number;
}

/** What one request has taken from an allowance. */
export interface Charge {
  readonly standing: Standing;
  /** Whether it asked for more than there was. */
  readonly over: boolean;
  /** Puts it back. */
  readonly giveBack: () => void;
}

/** What a client has taken that other processes do not know of. */
export interface Owed {
  readonly client: string;
  /** Less than 0 where more was put back than taken. */
  readonly taken: number;
  /** Milliseconds until its window ends, as this process has it. */
  readonly left: number;
  /** Takes over what all have taken together, and the milliseconds until the window of all ends. */
  readonly settle: (all: number, left: number) => void;
  /** Owes it again, as it could not be told. */
  readonly back: () => void;
}

/** Charges requests to whoever makes them. */
export interface Rates {
  /** Takes one request from the allowance of a key, or, without one, of an address. */
  readonly charge: (key: ApiKey | null, address: string) => Charge;
  /** What is to be told to others, of so many clients at most; from then on it counts as told. */
  readonly owed: (most: number) => Owed[];
}

interface Window {
  /** All that is known to be taken, by whatever process. */
  taken: number;
  /** What of it was taken here, and has not been told. */
  untold: number;
  endsAt: number;
}

/**
 * Counts requests in windows that begin with a client's first request. `elapsed` are milliseconds that never go back.
 * Where counts are shared, `part` is the part of an allowance from which on what a client takes is owed to others.
 */
export function makeRates({ requests, seconds }: Rate, elapsed: () => number, part?: number): Rates {
  const byAddress: Policy = { name: 'address', quota: requests, seconds };
  const byKey: Policy = { name: 'key', quota: requests * KEY_FACTOR, seconds };
  const windows = new LRUCache<string, Window>({ max: COUNTED });
  const owing = new Map<string, Window>();
  const owe = (client: string, window: Window, { quota }: Policy) => {
    if (part !== undefined && window.taken >= quota * part) owing.set(client, window);
  };
  const owed = ([client, window]: [string, Window]): Owed => {
    const { untold } = window;
    window.untold = 0;
    owing.delete(client);
    return {
      client,
      taken: untold,
      left: window.endsAt - elapsed(),
      settle: (all, left) => {
        window.taken = all + window.untold;
        window.endsAt = elapsed() + left;
      },
      back: () => {
        window.untold += untold;
        if (window.endsAt > elapsed()) owing.set(client, window);
      },
    };
  };
  return {
    owed: (most) => [...owing].slice(0, most).map(owed),
    charge: (key, address) => {
      const policy = key ? byKey : byAddress;
      const client = key ? `key ${key.id}` : networkOf(address);
      const now = elapsed();
      const known = windows.get(client);
      const window =
        known && known.endsAt > now ? known : { taken: 0, untold: 0, endsAt: now + seconds * 1000 };
      if (window !== known) windows.set(client, window);
      window.taken += 1;
      window.untold += 1;
      owe(client, window, policy);
      return {
        standing: {
          policy,
          left: Math.max(0, policy.quota - window.taken),
          reset: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
        },
        over: window.taken > policy.quota,
        giveBack: () => {
          window.taken -= 1;
          window.untold -= 1;
        },
      };
    },
  };
}

/** What is counted as one client: an IPv4 address, or the /64 that one IPv6 customer is given. */
export function networkOf(address: string): string {
  const known = networks.get(address);
  if (known !== undefined) return known;
  const network = readNetwork(address);
  networks.set(address, network);
  return network;
}

/** Networks of the addresses asked for last, as a client asks more than once. */
const networks = new LRUCache<string, string>({ max: 1000 });

function readNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.');
}

/** The headers that tell a client where it stands (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateHeaders(standings: readonly Standing[]): Record<string, string> {
  const policies = standings.map(
    ({ policy: { name, quota, seconds } }) => `"${name}";q=${quota};w=${seconds}`,
  );
  const limits = standings.map(({ policy, left, reset }) => `"${policy.name}";r=${left};t=${reset}`);
  return { 'ratelimit-policy': policies.join(', '), ratelimit: limits.join(', ') };
}

/** The refusal of what is beyond an allowance. */
export function beyond(standing: Standing, detail: string): Problem {
  return new Problem('rate-limited', detail, {
    headers: { ...rateHeaders([standing]), 'retry-after': String(standing.reset) },
  });
}

/** The refusal of a request that its client had no allowance left for. */
export function tooMany(standing: Standing): Problem {
  const { name, quota, seconds } = standing.policy;
  return beyond(standing, `More than ${quota} requests in ${seconds} s were made with this ${name}.`);
}
