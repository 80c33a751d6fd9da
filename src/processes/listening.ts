/** Listening on a port that several processes of one tracker share, be it for good or while one takes over from another. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { placeOf } from '../db/url.ts';
import { http } from '../node-http.ts';
import { noteConnections } from './closing.ts';
import { giveBackMemory } from './memory.ts';

/** Where to listen: an address of the settings, or a socket that the service manager has opened. */
export type Place = { readonly host: string; readonly port: number } | { readonly fd: number };

/** Systems on which several processes can listen on one port, each getting its share of the connections. */
export const SHARES_PORTS = ['linux', 'freebsd', 'dragonfly', 'sunos', 'aix'].includes(process.platform);

/** The first socket that a service manager passes (https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html). */
const FIRST_PASSED = 3;

/**
 * The place that the settings name, or the socket that was passed to this process. Throws where more than one was.
 */
export function placeFrom(
  { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>,
  { LISTEN_FDS, LISTEN_PID }: Readonly<Record<string, string | undefined>>,
): Place {
  if (LISTEN_FDS === undefined || LISTEN_PID !== String(process.pid)) return { host: HOST, port: PORT };
  if (LISTEN_FDS !== '1') throw new Error(`LISTEN_FDS is '${LISTEN_FDS}': the service takes one socket`);
  return { fd: FIRST_PASSED };
}

/** How long after it listens a process gives back what starting took, in milliseconds: who waited for it is answered. */
const SETTLED = 500;

/** Listens; resolves with the address. */
export async function listen(app: FastifyInstance, place: Place): Promise<string> {
  noteConnections(app.server);
  const where =
    'fd' in place
      ? { fd: place.fd, host: '127.0.0.1' }
      : { host: place.host, port: place.port, reusePort: SHARES_PORTS };
  const address = await app.listen(where as never);
  setTimeout(giveBackMemory, SETTLED).unref();
  return address;
}

/** Path of the answer by which processes of one tracker know each other, and its header. */
const [PROBE, HEADER] = ['/health/live', 'x-tracker'];

/** How long whoever listens already may take to say who it is, in milliseconds. */
const PATIENCE = 2_000;

/** What tells a tracker from others on the same machine: where its data is. It says nothing of it to others. */
export function trackerOf(databaseUrl: string): string {
  return createHash('sha256')
    .update(`civic ${placeOf(databaseUrl)}`)
    .digest('hex')
    .slice(0, 16);
}

/** Has the server say which tracker it belongs to. */
export function tellTracker({ server }: FastifyInstance, tracker: string): void {
  server.prependListener('request', ({ url }, response) => {
    if (url === PROBE) response.setHeader(HEADER, tracker);
  });
}

/**
 * Throws where another program, or a tracker with another database, listens at the place already: with a shared port
 * each would get a part of what is meant for the other.
 */
export async function refuseOthers(place: Place, tracker: string): Promise<void> {
  if ('fd' in place || place.port === 0 || !SHARES_PORTS) return;
  const { host, port } = place;
  const headers = await probed({ '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host, port);
  // What does not answer does not share, and says so when the port is asked for.
  if (headers === undefined) return;
  const own = headers[HEADER];
  if (own === tracker) return;
  throw new Error(own ? 'a tracker with another database answers there' : 'another program answers there');
}

/** The headers of the answer at a place; undefined where none comes in time. */
function probed(host: string, port: number): Promise<IncomingHttpHeaders | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  return new Promise((resolve) => {
    const request = http.get({ host, port, path: PROBE, agent: false, signal }, (answer) => {
      resolve(answer.headers);
      answer.destroy();
    });
    request.on('error', () => resolve(undefined));
  });
}

/** The error of a process that cannot listen where the settings say. */
export function notListening({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>, cause: unknown): Error {
  return new Error(`HOST ${HOST} and PORT ${PORT} cannot be listened on: ${(cause as Error).message}`, {
    cause,
  });
}
