/** The settings: read from the environment once, validated, frozen and passed down. */
import { isIP } from 'node:net';
import { LIMITS, type Limits } from './db/open.ts';
import { addressOf, DEFAULT_URL, isServer, maskedUrl, SERVER_FORM, URL_FORM } from './db/url.ts';
import { nearest } from './engine/nearest.ts';

export interface Config {
  readonly HOST: string;
  readonly PORT: number;
  /** Processes that serve; with more than one, another starts and watches them. */
  readonly WORKERS: number;
  readonly DATABASE_URL: string;
  /** Addresses of servers that follow it, which may answer reads; none by default. */
  readonly DATABASE_REPLICA_URLS: readonly string[];
  /** Milliseconds. */
  readonly DATABASE_REPLICA_LAG: number;
  readonly DATABASE_POOL_SIZE: number;
  /** Milliseconds. */
  readonly DATABASE_WAIT: number;
  /** Milliseconds. */
  readonly DATABASE_STATEMENT_TIMEOUT: number;
  /** Addresses whose `X-Forwarded-*` headers are believed; none by default. */
  readonly TRUST_PROXY: readonly string[];
  readonly LOG_LEVEL: string;
  /** Whether an empty database is filled from `seeds/`. */
  readonly SEED: boolean;
  /** Address the service is reached at from outside, put before paths in answers; empty for none. */
  readonly PUBLIC_URL: string;
  /** Where to tell of weaknesses; none by default. */
  readonly SECURITY_CONTACT: readonly string[];
  /** Requests of one address in some seconds, `REQUESTS/SECONDS`, or `off`; read with `rateOf`. */
  readonly RATE_LIMIT: string;
  /** Most requests that are worked on at a time. */
  readonly MAX_IN_FLIGHT: number;
  /** Megabytes of answers kept in memory; 0 for none. */
  readonly RESPONSE_CACHE: number;
  /** Folder of snapshots; empty for none. */
  readonly SNAPSHOT_DIR: string;
  /** How often a snapshot is made, such as `24h`, or `off`; read with `intervalOf`. */
  readonly SNAPSHOT_EVERY: string;
  /** Snapshots kept. */
  readonly SNAPSHOT_KEEP: number;
  /** Whether this process delivers to webhooks. */
  readonly WEBHOOKS: boolean;
  /** Ranges beside public addresses that webhooks may lead to. */
  readonly WEBHOOK_ALLOWED: readonly string[];
}

/** A setting that is not right; its message is one line that names it. */
export class ConfigError extends Error {}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

interface Setting {
  readonly initial: string;
  readonly meaning: string;
  /** The value, or undefined when the text is not right. */
  readonly read: (text: string) => unknown;
  readonly expected: string;
}

/** Reads a whole number within bounds. */
function whole(least: number, most: number): Pick<Setting, 'read' | 'expected'> {
  const read = (text: string) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;
  return { read, expected: `a number from ${least} to ${most}` };
}

const TRUTH: Pick<Setting, 'read' | 'expected'> = {
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  expected: 'true or false',
};

/** Reads a list, by commas, of what is right one by one. */
const listOf = (isRight: (item: string) => boolean) => (text: string) => {
  const items = text === '' ? [] : text.split(',').map((item) => item.trim());
  return items.every(isRight) ? Object.freeze(items) : undefined;
};

const RANGES: Pick<Setting, 'read' | 'expected'> = {
  read: listOf(isRange),
  expected: 'IP addresses or CIDR ranges separated by commas',
};

/** So many requests in so many seconds. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** The rate that a text such as `600/60` names; undefined for `off`, and for what is no rate. */
export function rateOf(text: string): Rate | undefined {
  const [, requests, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  return requests && seconds ? { requests: Number(requests), seconds: Number(seconds) } : undefined;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds that a text such as `30m`, `24h` or `7d` names; undefined for `off`, and for what is no time. */
export function intervalOf(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  return count && unit ? Number(count) * (UNITS[unit] as number) : undefined;
}

/** How far the settings let the database be leant on. */
export function limitsOf(config: Config): Limits {
  return {
    connections: config.DATABASE_POOL_SIZE,
    wait: config.DATABASE_WAIT,
    statement: config.DATABASE_STATEMENT_TIMEOUT,
  };
}

/** Every setting, with its default, meaning and reading. */
export const settings: Readonly<Record<keyof Config, Setting>> = {
  HOST: {
    initial: '127.0.0.1',
    meaning: 'Address to listen on; `0.0.0.0` or `::` for all.',
    read: (text) => (isIP(text) > 0 || isHostName(text) ? text : undefined),
    expected: 'an IP address or a host name',
  },
  PORT: {
    initial: '3000',
    meaning: 'Port to listen on; 0 picks a free one.',
    ...whole(0, 65_535),
  },
  WORKERS: {
    initial: '1',
    meaning:
      'Processes that serve on the port, on one machine; more than one are started and watched by another.',
    ...whole(1, 64),
  },
  DATABASE_URL: {
    initial: DEFAULT_URL,
    meaning: `The database: ${URL_FORM}.`,
    read: (text) => (addressOf(text) ? text : undefined),
    expected: URL_FORM,
  },
  DATABASE_REPLICA_URLS: {
    initial: '',
    meaning: 'Replicas of a database server that may answer reads: addresses, separated by commas.',
    read: listOf(isServer),
    expected: `addresses separated by commas, each ${SERVER_FORM}`,
  },
  DATABASE_REPLICA_LAG: {
    initial: '1000',
    meaning: 'Milliseconds that a replica may be behind and still answer.',
    ...whole(500, 600_000),
  },
  DATABASE_POOL_SIZE: {
    initial: String(LIMITS.connections),
    meaning: 'Connections to a database server at most.',
    ...whole(1, 1000),
  },
  DATABASE_WAIT: {
    initial: String(LIMITS.wait),
    meaning: 'Milliseconds to wait for a connection, or for another process’s lock.',
    ...whole(1, 60_000),
  },
  DATABASE_STATEMENT_TIMEOUT: {
    initial: String(LIMITS.statement),
    meaning: 'Milliseconds one statement may run on a database server.',
    ...whole(1, 3_600_000),
  },
  TRUST_PROXY: {
    initial: '',
    meaning: 'Proxies whose X-Forwarded headers are believed: addresses or CIDR ranges, separated by commas.',
    ...RANGES,
  },
  LOG_LEVEL: {
    initial: 'info',
    meaning: `How much is logged: ${LEVELS.join(', ')}.`,
    read: (text) => (LEVELS.includes(text) ? text : undefined),
    expected: `one of ${LEVELS.join(', ')}`,
  },
  SEED: {
    initial: 'true',
    meaning: 'Whether an empty database is filled from `seeds/`.',
    ...TRUTH,
  },
  PUBLIC_URL: {
    initial: '',
    meaning: 'Address the service is reached at from outside; put before the paths in answers.',
    read: (text) => {
      const right = text === '' || (/^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(text) && URL.canParse(text));
      return right ? text.replace(/\/+$/, '') : undefined;
    },
    expected: 'an http or https address without a query',
  },
  SECURITY_CONTACT: {
    initial: '',
    meaning:
      'Where to tell of weaknesses, for /.well-known/security.txt: addresses that begin with https:, mailto: or tel:, separated by commas, the preferred one first.',
    read: listOf(isContact),
    expected: 'addresses such as mailto:security@example.org, separated by commas',
  },
  RATE_LIMIT: {
    initial: '600/60',
    meaning:
      'Requests of one address in so many seconds, as `REQUESTS/SECONDS`, or `off`; a key gets ten times as many.',
    read: (text) => (text === 'off' || rateOf(text) ? text : undefined),
    expected: 'off, or REQUESTS/SECONDS such as 600/60',
  },
  MAX_IN_FLIGHT: {
    initial: '64',
    meaning: 'Most requests that are worked on at a time; more are answered with 503.',
    ...whole(1, 10_000),
  },
  RESPONSE_CACHE: {
    initial: '32',
    meaning: 'Megabytes of answers kept in memory until anything is written; 0 keeps none.',
    ...whole(0, 4096),
  },
  SNAPSHOT_DIR: {
    initial: '',
    meaning: 'Folder of snapshots: they are made there and served at /v1/exports; empty for none.',
    read: (text) => (text.includes('\0') ? undefined : text),
    expected: 'the path of a folder',
  },
  SNAPSHOT_EVERY: {
    initial: '24h',
    meaning: 'How often a snapshot is made, where there is a folder for them, or `off`.',
    read: (text) => (text === 'off' || intervalOf(text) ? text : undefined),
    expected: 'off, or a number of minutes, hours or days such as 30m, 24h or 7d',
  },
  SNAPSHOT_KEEP: {
    initial: '3',
    meaning: 'Snapshots kept; older ones go when a new one is made.',
    ...whole(1, 9999),
  },
  WEBHOOKS: {
    initial: 'true',
    meaning: 'Whether this process delivers to webhooks; `false` for a copy of a tracker that is tried out.',
    ...TRUTH,
  },
  WEBHOOK_ALLOWED: {
    initial: '',
    meaning:
      'Addresses or CIDR ranges, separated by commas, that webhooks may lead to beside public ones; with these http is spoken, too.',
    ...RANGES,
  },
};

/** A contact of RFC 9116, section 2.5.3; web addresses must be https there. */
function isContact(text: string): boolean {
  return /^(https:\/\/[^\s/]|mailto:[^\s@]+@[^\s@]|tel:\+?\d)[!-~]*$/.test(text) && URL.canParse(text);
}

/** A host name of dotted labels, the last of which is not a number: `256.1.1.1` is a mistyped address. */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  return (
    labels.every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

/** An address, or a range of them; one of all addresses would believe anybody. */
function isRange(text: string): boolean {
  const [, address = '', , bits] = /^([^/]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || (Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Reads the settings; throws a ConfigError for the first that is not right, calls `warn` for `CIVIC_*` names unknown here. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): Config {
  for (const name of Object.keys(environment).filter((one) => one.startsWith('CIVIC_'))) {
    const near = nearest(
      name.slice('CIVIC_'.length),
      Object.keys(settings).map((one) => one.toLowerCase()),
    );
    warn(`${name} is not a setting${near ? `; did you mean ${near.toUpperCase()}?` : ''}`);
  }
  const read = Object.entries(settings).map(([name, { initial, read: parse, expected }]) => {
    const text = environment[name] ?? initial;
    const value = parse(text);
    if (value === undefined) throw new ConfigError(`${name} is '${shown(text)}': it must be ${expected}`);
    return [name, value];
  });
  const config = Object.freeze(Object.fromEntries(read)) as Config;
  if (config.DATABASE_REPLICA_URLS.length > 0 && !isServer(config.DATABASE_URL))
    throw new ConfigError(
      `DATABASE_REPLICA_URLS is set, but DATABASE_URL is no server: it must be ${SERVER_FORM}, or there are no replicas`,
    );
  return config;
}

/** The settings as lines `NAME=value`, secrets masked. */
export function printConfig(config: Config): string {
  const lines = Object.entries(config).map(([name, value]) => `${name}=${maskedUrl(String(value))}`);
  return `${lines.join('\n')}\n`;
}

/** A value as an error shows it: secrets masked, on one line, and not endless. */
function shown(text: string): string {
  // A password that was not encoded may hold any sign, so all before the last @ goes.
  const line = maskedUrl(text.replace(/(:\/\/).*@/gs, '$1***@')).replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
