/**
 * Kept answers for the many requests that no hook would say anything of: without a key, a body or a wish, and within what
 * their client may ask. They get the headers that the answer had when it was made, before anything is looked up or made
 * for them.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
// What Fastify finds out the address of a client with; a request that it does not see is asked about the same way.
import proxyAddr from '@fastify/proxy-addr';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { type Rates, rateHeaders, type Standing } from './rates.ts';
import { isTalkative } from './request-log.ts';
import type { Kept, Shelves } from './shelves.ts';

interface Options {
  readonly shelves: Shelves;
  readonly rates: Rates | undefined;
  /** Proxies whose word is taken for who asks. */
  readonly trusted: readonly string[];
}

/** Answers so; to be registered after what measures requests. What it leaves alone goes on as if it were not there. */
export const keptAtOnce = fp(async (app: FastifyInstance, { shelves, rates, trusted }: Options) => {
  // With several servers, which one answers is found out later; and where each request leaves lines, Fastify writes them.
  if (!shelves.one || isTalkative(app.log.level)) return;
  const addressOf = clientsBehind(trusted);
  let waiting: [request: IncomingMessage, response: ServerResponse, name: string][] = [];
  let promised = false;

  /** Answers a request, if it can be; says whether it has. */
  const answer = (
    stamp: string,
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
  ): boolean => {
    const found = shelves.find(stamp, name);
    const address = addressOf(request);
    if (found === undefined || address === undefined) return false;
    const fresh = isFresh(request.headers['if-none-match'], found.etag);
    if (!fresh && found.body === undefined) return false;
    if (app.places?.room(address) === false) return false;
    const charge = rates?.charge(null, address);
    if (charge?.over || fresh) charge?.giveBack();
    // Refused by the hook that charges it again.
    if (charge?.over) return false;
    app.measured(response, found.route);
    write(response, found, fresh, charge?.standing);
    // What the system has taken already waits for nobody.
    if (response.socket?.writableLength !== 0) app.places?.late(address, response);
    return true;
  };

  /** How the database stands; undefined where it does not say so at once. */
  const stampNow = (): string | undefined => {
    try {
      const stamp = shelves.stamp();
      if (typeof stamp === 'string') return stamp;
      // Who has to wait for it waits within the limits.
      promised = true;
      stamp.catch(() => undefined);
    } catch {
      // Making the answer fails as well, and says so.
    }
    return undefined;
  };

  /** Answers all that came in one turn. The database was looked at after the last of them was there, so none is stale. */
  const answerWaiting = () => {
    const [all, stamp] = [waiting, stampNow()];
    waiting = [];
    for (const [request, response, name] of all) {
      try {
        if (stamp !== undefined && answer(stamp, request, response, name)) continue;
      } catch (err) {
        // The others are answered all the same.
        app.log.error({ err }, 'a kept answer could not be given');
        if (response.headersSent) {
          response.destroy();
          continue;
        }
      }
      app.routing(request, response);
    }
  };

  app.server.removeAllListeners('request');
  app.server.on('request', (request, response) => {
    const name = promised || !isPlain(request) ? undefined : shelves.nameOf(request, false);
    if (name === undefined || !shelves.has(name)) app.routing(request, response);
    else if (waiting.push([request, response, name]) === 1) setImmediate(answerWaiting);
  });
});

/** Whether a request is one whose headers change nothing of its answer but its form, and whether it is had already. */
function isPlain({ method, headers, httpVersionMinor }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.authorization === undefined &&
    headers[REVISION] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.host !== undefined &&
    httpVersionMinor === 1
  );
}

/** What finds out the address of a client, as Fastify does. */
function clientsBehind(trusted: readonly string[]): (request: IncomingMessage) => string | undefined {
  if (trusted.length === 0) return ({ socket }) => socket.remoteAddress;
  const isTrusted = proxyAddr.compile([...trusted]);
  return (request) => proxyAddr.all(request, isTrusted).at(-1);
}

function write(
  response: ServerResponse,
  { body, whole, unchanged }: Kept,
  fresh: boolean,
  standing: Standing | undefined,
): void {
  const own = ['x-request-id', randomUUID()];
  if (fresh) {
    response.writeHead(304, [...unchanged, ...own]);
    response.end();
    return;
  }
  const left = standing ? Object.entries(rateHeaders([standing])).flat() : [];
  response.writeHead(200, [...whole, ...own, ...left]);
  response.end(body);
}
