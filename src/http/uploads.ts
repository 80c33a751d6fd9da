/** Bodies that are read as they come: they may take as long as they need, as long as bytes keep coming. */
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';

export interface Uploads {
  /**
   * The bytes of a body as they come. Throws a 408 once none has come for as long as another request may take
   * altogether, and a 400 where the body breaks off.
   */
  readonly read: (request: FastifyRequest) => AsyncGenerator<Buffer>;
  /** Whether a connection may go on though the time of its request is over: a body is coming. */
  readonly excuses: (error: NodeJS.ErrnoException, socket: Socket) => boolean;
}

/** `limit` says how long a request may take, in milliseconds; 0 for as long as it likes. */
export function makeUploads(limit: () => number): Uploads {
  const coming = new WeakSet<Socket>();
  return {
    excuses: ({ code }, socket) => code === 'ERR_HTTP_REQUEST_TIMEOUT' && coming.has(socket),
    read: async function* ({ raw }) {
      const { socket } = raw;
      const stall = limit();
      coming.add(socket);
      // A body that is given up takes its connection with it otherwise, and the answer too.
      const chunks: AsyncIterator<Buffer> = raw.iterator({ destroyOnReturn: false });
      try {
        for (;;) {
          const { value, done } = await within(stall, chunks.next());
          if (done) return;
          yield value;
        }
      } finally {
        coming.delete(socket);
        if (!raw.readableEnded) letPass(raw, stall);
      }
    },
  };
}

/** What comes next, unless it takes too long or never comes. */
async function within<T>(stall: number, next: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = stall > 0 ? setTimeout(reject, stall, stalled(stall)) : undefined;
  const whole = next.catch(() => {
    throw new Problem('bad-request', 'The body broke off before its end.');
  });
  // Whichever of the two comes too late has nobody to hear of it.
  whole.catch(() => undefined);
  try {
    return await Promise.race([whole, late]);
  } finally {
    clearTimeout(timer);
  }
}

function stalled(stall: number): Problem {
  const seconds = stall / 1000;
  return new Problem(
    'request-timeout',
    `Nothing more of the body came for ${seconds} second${seconds === 1 ? '' : 's'}; send it again.`,
    { headers: { connection: 'close' } },
  );
}

/** Lets the rest of a body pass unread, so that its client gets to the answer, for as long as a request may take. */
function letPass(raw: FastifyRequest['raw'], most: number): void {
  const timer = most > 0 ? setTimeout(() => raw.socket.destroy(), most).unref() : undefined;
  const over = () => clearTimeout(timer);
  raw.on('error', over).once('end', over).once('close', over).resume();
}
