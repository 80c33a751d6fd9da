/** A TCP proxy of the drills that delays, resets and half-opens what goes through it, and can be pointed elsewhere. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What can happen to a connection: bytes come late, it breaks, or it stands while nothing comes through any more. */
export const FAULTS = ['delay', 'reset', 'half-open'] as const;
export type Fault = (typeof FAULTS)[number];

export interface Proxy {
  readonly port: number;
  /** Leads connections made from now on to another port. */
  readonly lead: (to: number) => void;
  /** Does something to a connection, chosen by a number from 0 to 1; returns whether there was one to do it to. */
  readonly harm: (fault: Fault, choice: number) => boolean;
  /** Connections that clients have open to it. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** How late bytes come, and how long a server is kept in the dark about a client that gave up, in milliseconds. */
const DELAY = 300;
const DARK = 2000;

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  dead: boolean;
}

/** Opens a proxy on 127.0.0.1 to a port there. */
export async function openProxy(to: number): Promise<Proxy> {
  let target = to;
  const pairs = new Set<Pair>();
  let clients = 0;
  const server = createServer((near) => {
    clients += 1;
    near.once('close', () => {
      clients -= 1;
    });
    const far = connect(target, '127.0.0.1');
    const pair: Pair = { near, far, dead: false };
    pairs.add(pair);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.pipe(into);
      from.on('close', () => {
        pairs.delete(pair);
        if (pair.dead) setTimeout(() => into.destroy(), DARK).unref();
        else into.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const faults: Readonly<Record<Fault, (pair: Pair) => void>> = {
    delay: ({ near, far }) => {
      const sockets = [near, far];
      for (const one of sockets) one.pause();
      setTimeout(() => {
        for (const one of sockets) one.resume();
      }, DELAY).unref();
    },
    reset: ({ near, far }) => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    },
    'half-open': (pair) => {
      pair.dead = true;
      for (const [from, into] of [
        [pair.near, pair.far],
        [pair.far, pair.near],
      ] as const) {
        from.unpipe(into);
        from.resume();
      }
    },
  };
  return {
    port: (server.address() as AddressInfo).port,
    lead: (port) => {
      target = port;
    },
    harm(fault, choice) {
      const alive = [...pairs].filter(({ dead }) => !dead);
      const one = alive[Math.floor(choice * alive.length)];
      if (one) faults[fault](one);
      return one !== undefined;
    },
    open: () => clients,
    async close() {
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
