/**
 * Answers kept in memory: asked for again, they need not be made again. An answer is given only where the database says
 * that nothing has been committed since before it was made, by this process or another, so it is never out of date.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { isFresh } from './conditional.ts';
import { REVISION } from './consistency.ts';
import { mayReadAll } from './reads.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether answers may be kept: they follow from the address, the form, the day and what is in the database alone. */
    kept?: boolean;
  }
  interface FastifyRequest {
    /** Under which name its answer is to be kept, and how the database stood before it was made. */
    keeping: { readonly name: string; readonly stamp: string } | null;
  }
}

/** An answer as it went out, beside what differs from one request to another. */
interface Kept {
  readonly body: Buffer;
  readonly etag: string;
  readonly link: string | undefined;
  readonly revision: number | undefined;
}

/** The answers that follow from one server's data as it stands. */
interface Shelf {
  readonly answers: LRUCache<string, Kept>;
  current: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** Bytes that keeping an answer takes beside its body and name, about. */
const OVERHEAD = 500;
/** The part of all room that one answer may take. */
const SHARE = 1 / 16;

interface Options {
  readonly db: Pick<Database, 'stamp' | 'replicas'>;
  readonly now: () => Date;
  readonly megabytes: number;
}

/** Keeps answers; to be registered last of what looks at a request's headers: what is kept is not looked at any more. */
export const kept = fp(async (app: FastifyInstance, { db, now, megabytes }: Options) => {
  const copies = db.replicas?.states().length ?? 0;
  const bytes = Math.floor((megabytes * 2 ** 20) / (1 + copies));
  const shelves = new Map<string, Shelf>();
  /** The answers of the server that a stamp is of: each is at its own place in the log. */
  const shelfOf = (stamp: string): Shelf => {
    const server = copies > 0 && stamp.startsWith('replica-') ? stamp.slice(0, stamp.indexOf(' ')) : '';
    const known = shelves.get(server);
    if (known) return known;
    const answers = new LRUCache<string, Kept>({
      maxSize: bytes,
      maxEntrySize: Math.floor(bytes * SHARE),
      sizeCalculation: ({ body }, name) => body.length + 2 * name.length + OVERHEAD,
    });
    const made = { answers, current: stamp };
    shelves.set(server, made);
    return made;
  };

  /** Answers from what is kept, or notes that the answer is to be; says whether it has answered. */
  const look = (request: FastifyRequest, reply: FastifyReply, stamp: string): boolean => {
    const shelf = shelfOf(stamp);
    if (stamp !== shelf.current) shelf.answers.clear();
    shelf.current = stamp;
    const name = nameOf(request, now());
    const found = shelf.answers.get(name);
    if (found) send(request, reply, found);
    else request.keeping = { name, stamp };
    return found !== undefined;
  };

  app.decorateRequest('keeping', null);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'GET' || !request.route.kept) return done();
    const stamp = db.stamp();
    if (typeof stamp === 'string') {
      if (!look(request, reply, stamp)) done();
      return;
    }
    // Where the database does not answer, making the answer fails as well, and says so.
    stamp.then(
      (one) => {
        if (!look(request, reply, one)) done();
      },
      () => done(),
    );
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { keeping } = request;
    const shelf = keeping && shelfOf(keeping.stamp);
    if (shelf && keeping.stamp === shelf.current && isWhole(reply, payload)) {
      const body = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
      const {
        etag,
        link,
        [REVISION]: revision,
      } = reply.getHeaders() as { etag: string; link?: string; [REVISION]?: number };
      shelf.answers.set(keeping.name, { body, etag, link, revision });
      return done(null, body);
    }
    done();
  });
});

/** What an answer depends on beside the database: who may read what, the form that is asked for, the day, the address. */
function nameOf(request: FastifyRequest, now: Date): string {
  const { accept = '' } = request.headers;
  return `${mayReadAll(request)} ${now.toISOString().slice(0, 10)} ${accept} ${request.url}`;
}

/** Whether this is a good answer in JSON that is there at once. */
function isWhole(reply: FastifyReply, payload: unknown): payload is string | Buffer {
  return (
    reply.statusCode === 200 &&
    (typeof payload === 'string' || Buffer.isBuffer(payload)) &&
    reply.getHeader('content-type') === JSON_TYPE &&
    reply.hasHeader('etag')
  );
}

function send(request: FastifyRequest, reply: FastifyReply, { body, etag, link, revision }: Kept): void {
  reply.headers({ etag, 'cache-control': 'no-cache' });
  if (revision !== undefined) reply.header(REVISION, revision);
  if (isFresh(request.headers['if-none-match'], etag)) return void reply.code(304).send();
  if (link !== undefined) reply.header('link', link);
  reply.type(JSON_TYPE).send(body);
}
