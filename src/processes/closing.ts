/** Ceasing to serve so that no client notices: another process may have taken over the port already. */
import { type AddressInfo, Server, type Socket } from 'node:net';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How long connections that are open may ask for more once no new ones are taken, in milliseconds. */
const LINGER = 1_000;

/** How often it is looked whether they are done, in milliseconds. */
const LOOK = 50;

/** How long open requests may take once the service is told to stop, in milliseconds. */
const GRACE = 8_000;

/**
 * Closes the app: takes no new connections, answers for a second what comes on those that are open, each answer the
 * last of its connection, and then closes those that are idle, and the app once open requests are answered. Resolves
 * within `GRACE` or little more.
 */
export async function closeServer(app: FastifyInstance): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), GRACE);
  if (app.server.listening) await stopListening(app.server);
  // Node closes those that are idle now; one that becomes idle later would be held for its whole keep-alive time.
  const idle = setInterval(() => app.server.closeIdleConnections(), LOOK);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

async function stopListening(server: FastifyInstance['server']): Promise<void> {
  server.prependListener('request', (_request, response) => {
    // Its answer says `Connection: close`.
    response.shouldKeepAlive = false;
  });
  await onceTaken(server, () => {
    // An HTTP server's own `close` would cut idle connections at the moment that their clients use them.
    Server.prototype.close.call(server);
  });
  const until = performance.now() + LINGER;
  while (performance.now() < until && (await countOf(server)) > 0) await pause(LOOK);
}

function countOf(server: FastifyInstance['server']): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count ?? 0)));
}

/** The open connections of each server that listens. */
const connections = new WeakMap<Server, Set<Socket>>();

/** Notes which connections a server has, from now on. */
export function noteConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/** Turns of the event loop without a connection after which none waits, and how long such turns are waited for, in milliseconds. */
const [QUIET, BUSY] = [3, 100];

/**
 * Gives up the socket at a moment at which all connections that were made have been taken: the system resets those that
 * still wait when nobody listens any more. The event loop takes one a turn. Meanwhile nothing else is read, so that a turn
 * is as short as can be, and with it the time in which one more can come.
 */
async function onceTaken(server: Server, giveUp: () => void): Promise<void> {
  const held: Socket[] = [];
  const hold = (socket: Socket) => {
    if (socket.isPaused()) return;
    socket.pause();
    held.push(socket);
  };
  let quiet = 0;
  const taken = (socket: Socket) => {
    quiet = 0;
    hold(socket);
  };
  connections.get(server)?.forEach(hold);
  server.on('connection', taken);
  const until = performance.now() + BUSY;
  for (; quiet < QUIET && performance.now() < until; quiet += 1) await turn();
  giveUp();
  server.off('connection', taken);
  for (const socket of held) socket.resume();
}

/** The port a server listens on. */
export function portOf(server: FastifyInstance['server']): number {
  // It has been told to listen on a port, and not on the path of a socket.
  return (server.address() as AddressInfo).port;
}
