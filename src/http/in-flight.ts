/** Turning away what cannot be worked on now, before anything is done for it. */
import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer is a stream that goes on until the client leaves; it does not count as being worked on. */
    endless?: boolean;
  }
}

export interface Pressure {
  /** Mean delay of the event loop beyond which requests are turned away, in milliseconds. */
  readonly delay: number;
  /** How often that is measured, in milliseconds. */
  readonly measured: number;
}

const PRESSURE: Pressure = { delay: 1000, measured: 1000 };

/** Part of the heap that may be in use. */
const HEAP = 0.9;

/** What must answer however much there is to do, so that a busy process is not taken for a dead one. */
const ALWAYS = '/health/live';

export interface InFlight {
  /** Most requests that are worked on at a time. */
  readonly most: number;
  readonly pressure?: Pressure;
}

/** Limits how many requests are worked on at a time, and turns requests away while the process does not keep up. */
export const inFlight = fp(async (app: FastifyInstance, { most, pressure = PRESSURE }: InFlight) => {
  const slots = makeSlots(most);
  app.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions;
    if (url === ALWAYS || config.endless) return;
    if (!slots.take(request, reply)) throw overloaded(`${most} requests are being worked on already.`);
  });
  let listeningSince = 0;
  app.addHook('onListen', async () => {
    listeningSince = performance.now();
  });
  // How busy the loop is says nothing: it always is at full speed. That it is late does.
  await app.register(underPressure, {
    maxEventLoopDelay: pressure.delay,
    sampleInterval: pressure.measured,
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * HEAP),
    pressureHandler: async ({ routeOptions }) => {
      // What was measured while the service started says nothing of its requests.
      const measured = performance.now() - listeningSince > 2 * pressure.measured;
      if (measured && routeOptions.url !== ALWAYS)
        throw overloaded('The service does not keep up with what is asked.');
    },
  });
});

function overloaded(detail: string): Problem {
  return new Problem('overloaded', detail, { headers: { 'retry-after': '1' } });
}

/** Places for requests; each is freed when its answer is out or its client is gone, whichever comes first. */
function makeSlots(most: number) {
  let taken = 0;
  const bySocket = new WeakMap<object, Set<() => void>>();

  /** What to do when a connection ends: not every Node tells the answers that wait for their turn on it. */
  const endingsOf = (socket: FastifyRequest['raw']['socket']): Set<() => void> => {
    const known = bySocket.get(socket);
    if (known) return known;
    const endings = new Set<() => void>();
    bySocket.set(socket, endings);
    socket.once('close', () => {
      for (const free of endings) free();
    });
    return endings;
  };
  return {
    /** Takes a place; false when none is free. */
    take(request: FastifyRequest, reply: FastifyReply): boolean {
      if (taken >= most) return false;
      taken += 1;
      const endings = endingsOf(request.raw.socket);
      const free = () => {
        if (endings.delete(free)) taken -= 1;
      };
      endings.add(free);
      reply.raw.once('close', free);
      return true;
    },
  };
}
