/** Turning away what cannot be worked on now, before anything is done for it. */
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../errors.ts';
import { networkOf } from './rates.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer is a stream that goes on until the client leaves; it does not count as being worked on. */
    endless?: boolean;
  }
  interface FastifyRequest {
    /** Its place among the requests that are worked on, if it takes one. */
    place: Place | null;
  }
  interface FastifyInstance {
    /** For what answers before it is limited; there where requests are. */
    places?: {
      /** Whether a request would be worked on now: a place is free, and the process keeps up. */
      readonly room: (address: string) => boolean;
      /** Takes a place for an answer that is made, and not out yet. */
      readonly late: (address: string, answer: ServerResponse) => void;
    };
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

/** What must answer however much there is to do, so that a busy process is not taken for a dead one, and can be looked into. */
const ALWAYS: ReadonlySet<string | undefined> = new Set(['/health/live', '/metrics']);

/** How long a client may take nothing of an answer before it is given up, in milliseconds. */
const STALL = 30_000;

export interface InFlight {
  /** Most requests that are worked on at a time. */
  readonly most: number;
  readonly stall?: number;
  readonly pressure?: Pressure;
}

/** Limits how many requests are worked on at a time, and turns requests away while the process does not keep up. */
export const inFlight = fp(async (app: FastifyInstance, options: InFlight) => {
  const { most, stall = STALL, pressure = PRESSURE } = options;
  const slots = makeSlots(most);
  const giveUp = stalling(stall);
  app.decorateRequest('place', null);
  app.addHook('onRequest', (request, reply, done) => {
    const { url, endless } = request.route;
    if (endless || ALWAYS.has(url)) return done();
    const place = slots.take(request.ip, reply.raw);
    if (typeof place === 'string') throw overloaded(place);
    request.place = place;
    done();
  });
  const answered = (place: Place | null, answer: ServerResponse) => {
    if (place) slots.answered(place);
    // What stands in for a connection in a test has no such limit.
    if (answer.req.socket instanceof Socket) giveUp(answer);
  };
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (!request.route.endless) answered(request.place, reply.raw);
    done();
  });
  let startedAt = performance.now();
  const started = async () => {
    startedAt = performance.now();
  };
  app.addHook('onReady', started);
  app.addHook('onListen', started);
  /** Whether what was measured is of requests: what it was while the service started says nothing of them. */
  const measured = () => performance.now() - startedAt > 2 * pressure.measured;
  app.decorate('places', {
    room: (address) =>
      slots.refusal(networkOf(address)) === undefined && !(measured() && app.isUnderPressure()),
    late: (address, answer) => {
      const place = slots.take(address, answer);
      if (typeof place !== 'string') answered(place, answer);
    },
  });
  // How busy the loop is says nothing: it always is at full speed. That it is late does.
  await app.register(underPressure, {
    maxEventLoopDelay: pressure.delay,
    sampleInterval: pressure.measured,
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * HEAP),
    pressureHandler: async ({ route }) => {
      if (measured() && !ALWAYS.has(route.url))
        throw overloaded('The service does not keep up with what is asked.');
    },
  });
});

function overloaded(detail: string): Problem {
  return new Problem('overloaded', detail, { headers: { 'retry-after': '1' } });
}

/**
 * Gives up the clients of answers that take nothing for so many milliseconds, counted from when something last went out.
 * Most answers are out at once, and a timer for each would cost more than writing them: they are looked at together.
 */
function stalling(stall: number): (answer: ServerResponse) => void {
  let sent: ServerResponse[] = [];
  const look = () => {
    const answers = sent;
    sent = [];
    for (const answer of answers)
      if (!answer.writableFinished && !answer.destroyed) answer.setTimeout(stall, () => answer.destroy());
  };
  return (answer) => {
    if (sent.push(answer) === 1) setImmediate(look);
  };
}

/** A request that is worked on, or whose answer waits for its client to take it. */
interface Place {
  readonly client: string;
  /** Whether it counts among the requests that are worked on. */
  held: boolean;
  answered: boolean;
  freed: boolean;
}

/**
 * Places for requests; each is freed when its answer is out or its client is gone, whichever comes first. Answers
 * that one client has not taken hold a quarter of the places at most, so that who reads nothing shuts out no others.
 */
function makeSlots(most: number) {
  const share = Math.ceil(most / 4);
  let taken = 0;
  const untaken = new Map<string, number>();
  const bySocket = new WeakMap<object, Set<() => void>>();

  /** What to do when a connection ends: not every Node tells the answers that wait for their turn on it. */
  const endingsOf = (socket: Socket): Set<() => void> => {
    const known = bySocket.get(socket);
    if (known) return known;
    const endings = new Set<() => void>();
    bySocket.set(socket, endings);
    socket.once('close', () => {
      for (const free of endings) free();
    });
    return endings;
  };
  const release = (place: Place) => {
    if (place.held) taken -= 1;
    place.held = false;
  };
  const count = (client: string, change: number): number => {
    const now = (untaken.get(client) ?? 0) + change;
    if (now > 0) untaken.set(client, now);
    else untaken.delete(client);
    return now;
  };
  const refusal = (client: string): string | undefined => {
    if (taken >= most) return `${most} requests are being worked on already.`;
    if ((untaken.get(client) ?? 0) >= most) return `${most} answers wait for this address to take them.`;
    return undefined;
  };
  return {
    /** Why a client gets no place now, if so. */
    refusal,
    /** Takes a place for what is asked from an address; returns why not when none is free. */
    take(address: string, answer: ServerResponse): Place | string {
      const client = networkOf(address);
      const why = refusal(client);
      if (why !== undefined) return why;
      taken += 1;
      const place: Place = { client, freed: false, held: true, answered: false };
      // Only what waits behind other answers on its connection is not told that this ends.
      const endings = answer.socket === null ? endingsOf(answer.req.socket) : undefined;
      const free = () => {
        if (place.freed) return;
        place.freed = true;
        endings?.delete(free);
        release(place);
        if (place.answered) count(client, -1);
      };
      endings?.add(free);
      answer.on('close', free);
      return place;
    },
    /** Notes that the answer is made and goes out now. */
    answered(place: Place): void {
      if (place.answered || place.freed) return;
      place.answered = true;
      if (count(place.client, 1) > share) release(place);
    },
  };
}
