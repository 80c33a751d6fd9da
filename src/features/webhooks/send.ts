/** Sending a message: one POST to an address that is judged when it is connected to, within limits of time and size. */
import { Resolver } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { http } from '../../node-http.ts';
import { judge, type Range } from './addresses.ts';

/** How a sender behaves; times in milliseconds. */
export interface SenderSettings {
  /** Ranges the operator allows beside public addresses, and the only ones that are spoken to without TLS. */
  readonly listed: readonly Range[];
  /** How long one attempt may take, all of it. */
  readonly attempt: number;
  /** Addresses of a name; rejects where there are none. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
}

/** What came of an attempt. */
export interface Sent {
  /** Status of the answer; null where none came. */
  readonly status: number | null;
  /** What went wrong, in a few words; null where an answer came. */
  readonly error: string | null;
  /** The answer’s `Retry-After`. */
  readonly retryAfter: string | undefined;
}

export interface Sender {
  /** Posts a text; never rejects. */
  readonly send: (
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    stop: AbortSignal,
  ) => Promise<Sent>;
  readonly close: () => void;
}

/** How long an idle connection is kept for the next message, in milliseconds. */
const KEPT = 5_000;

/** How much of an answer is read before the connection is cut: what it says is of no interest. */
const READ = 64 * 1024;

/** An address that may not be connected to. */
class Refused extends Error {}

/** Opens a sender; its connections are its own. */
export function openSender({ listed, attempt, resolve }: SenderSettings): Sender {
  const options = { keepAlive: true, timeout: KEPT, maxFreeSockets: 64 };
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  const guards = { 'http:': guard(listed, false), 'https:': guard(listed, true) };

  const post = async (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<Sent> => {
    const protocol = url.protocol as keyof typeof agents;
    const allow = guards[protocol];
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A connection to an address asks for no name, and so asks no resolver.
    if (isIP(host)) allow(host);
    const lookup: LookupFunction = (name, { all }, told) => {
      addressesOf(name, resolve, allow).then(
        (found) => (all ? told(null, found) : told(null, found[0]?.address as string, found[0]?.family)),
        (error) => told(error, ''),
      );
    };
    const { request: send } = protocol === 'https:' ? https : http;
    return new Promise((done, failed) => {
      const request = send(url, {
        method: 'POST',
        agent: agents[protocol] as https.Agent,
        lookup,
        signal,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      request.on('socket', (socket) => {
        // Whatever was asked of whom, this is where it has led.
        if (!socket.connecting) return;
        socket.once('connect', () => {
          if (!isAllowed(allow, socket.remoteAddress ?? ''))
            socket.destroy(new Refused('the address is refused'));
        });
      });
      let answer: Sent | undefined;
      request.on('response', (response) => {
        const { statusCode = null, headers: told } = response;
        answer = { status: statusCode, error: null, retryAfter: told['retry-after'] };
        drain(response, () => done(answer as Sent));
      });
      // What goes wrong once the head of an answer is there changes nothing of what was answered.
      request.on('error', (error) =>
        answer ? done(answer) : failed(Object.assign(error, { stale: request.reusedSocket })),
      );
      request.end(body);
    });
  };

  return {
    async send(url, headers, body, stop) {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(attempt)]);
      const once = () => post(new URL(url), headers, body, signal);
      try {
        // The receiver may have hung up while the connection was idle: that says nothing of the message.
        return await once().catch((error) => (isStale(error) ? once() : Promise.reject(error)));
      } catch (error) {
        return { status: null, error: wordsFor(error, signal), retryAfter: undefined };
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Returns an address that may be connected to; throws for the others. Without TLS only listed ones may be. */
function guard(listed: readonly Range[], tls: boolean) {
  return (address: string): string => {
    const judgement = judge(address, listed);
    if (typeof judgement === 'object') throw new Refused(`${judgement.refused}, and not allowed here`);
    if (judgement === 'public' && !tls) throw new Refused('only https is spoken with public addresses');
    return address;
  };
}

function isAllowed(allow: (address: string) => string, address: string): boolean {
  try {
    return allow(address) === address;
  } catch {
    return false;
  }
}

/** The addresses of a name that may be connected to; throws why the first may not where none may. */
async function addressesOf(
  name: string,
  resolve: SenderSettings['resolve'],
  allow: (address: string) => string,
): Promise<{ address: string; family: number }[]> {
  const found = await resolve(name);
  const allowed = found.filter((address) => isAllowed(allow, address));
  if (allowed.length === 0) allow(found[0] ?? 'nothing');
  return allowed.map((address) => ({ address, family: isIP(address) }));
}

/** Reads an answer to its end, so that the connection can be used again, unless that is far off. */
function drain(response: IncomingMessage, over: () => void): void {
  let read = 0;
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > READ) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', over);
}

function isStale(error: unknown): boolean {
  const { stale, code } = error as { stale?: boolean; code?: string };
  return stale === true && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** An error as the log of deliveries tells it. */
function wordsFor(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) {
    const late = (signal.reason as Error | undefined)?.name === 'TimeoutError';
    return late ? 'no answer in time' : 'stopped';
  }
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof Refused) return `refused: ${message}`;
  return code ?? message.slice(0, 200);
}

/** How long one name server is waited for, in milliseconds, and how often it is asked. */
const ASKED = { timeout: 2_000, tries: 2 };

/**
 * Addresses of a name by DNS. The system’s own look-up would also know the hosts file, but it takes one of four
 * threads for as long as a name server is silent, and all else that needs one waits.
 */
export async function resolveByDns(name: string): Promise<string[]> {
  const resolver = new Resolver(ASKED);
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const [first] = answers;
  if (found.length === 0 && first?.status === 'rejected') throw first.reason;
  return found;
}
