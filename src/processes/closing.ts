/** Ceasing to serve so that no client notices: another process may have taken over the port already. */
import { type AddressInfo, Server } from 'node:net';
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
  await untilTaken(server);
  // An HTTP server's own `close` would cut idle connections at the moment that their clients use them.
  Server.prototype.close.call(server);
  const until = performance.now() + LINGER;
  while (performance.now() < until && (await connectionsOf(server)) > 0) await pause(LOOK);
}

/** Turns of the event loop without a connection after which none waits, and how long such turns are waited for, in milliseconds. */
const [QUIET, BUSY] = [3, 200];

/**
 * Waits for the moment at which all connections that were made have been taken: the system resets those that still wait
 * when nobody listens any more. The event loop takes one a turn.
 */
async function untilTaken(server: FastifyInstance['server']): Promise<void> {
  let quiet = 0;
  const taken = () => {
    quiet = 0;
  };
  server.on('connection', taken);
  const until = performance.now() + BUSY;
  for (; quiet < QUIET && performance.now() < until; quiet += 1) await turn();
  server.off('connection', taken);
}

function connectionsOf(server: FastifyInstance['server']): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count ?? 0)));
}

/** The port a server listens on. */
export function portOf(server: FastifyInstance['server']): number {
  // It has been told to listen on a port, and not on the path of a socket.
  return (server.address() as AddressInfo).port;
}
