/**
 * Which server may answer a read, where there are several: one that has what the client has seen. The number of the newest
 * change that an answer takes in goes out as `X-Revision`; sent back, no answer is from before it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Absence, ReplicaState } from '../db/database.ts';
import { refuseBeyond } from '../engine/changes.ts';
import { revisionIn } from '../engine/cursor.ts';
import type { Engine } from '../engine/engine.ts';
import { Problem } from '../errors.ts';
import { kinds } from '../model/kinds.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Number of the newest change when what it asked for was committed, or judged. */
    revision: number | null;
  }
}

/** The header that carries the number of a change, on answers and on requests. */
export const REVISION = 'x-revision';

/** Sends reads to replicas where there are some, and heeds `X-Revision`; to be registered once it is known whose key is sent. */
export const consistency = fp(async (app: FastifyInstance, { engine }: { engine: Engine }) => {
  const { replicas } = engine.db;
  app.decorateRequest('revision', null);
  app.addHook('onRequest', (request, _reply, done) => {
    const go = () => {
      if (replicas === undefined || !mayBeCopied(request)) return done();
      replicas.reading(Math.max(seenBy(request) ?? 0, readOnFrom(request)), done);
    };
    const seen = seenBy(request);
    if (seen === undefined || seen <= (replicas?.newest() ?? -1)) return go();
    const place = { header: 'X-Revision' };
    engine.db.read((session) => refuseBeyond(engine, session, seen, place)).then(go, done);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { revision } = request;
    if (revision !== null && reply.statusCode < 500 && !reply.hasHeader(REVISION))
      reply.header(REVISION, revision);
    done(null, replicas && payload instanceof Readable ? readInPlace(payload) : payload);
  });
  replicas?.onTurn((state) => told(app, state));
});

/** What changes without the change log, so that no number says how new it is, or follows the log itself. */
const FIRST_HAND = [
  ...kinds.filter(({ unlogged }) => unlogged).map(({ path }) => `/v1/${path}`),
  '/v1/changes/stream',
  '/v1/coverage',
  '/v1/webhooks',
];

/** Whether what a request asks for may come from a copy. */
function mayBeCopied({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || !url.startsWith('/v1/')) return false;
  return !FIRST_HAND.some((path) => url.startsWith(path) && /^($|[/.:])/.test(url.slice(path.length)));
}

/** The number a request was sent with; a 400 where that is no number. */
function seenBy({ headers }: FastifyRequest): number | undefined {
  const given = headers[REVISION];
  if (given === undefined) return undefined;
  if (/^\d{1,15}$/.test(String(given))) return Number(given);
  throw new Problem('invalid-parameter', 'X-Revision is not the number of a change.', {
    errors: [
      {
        header: 'X-Revision',
        message: 'is not the number of a change',
        expected: 'a number, as an answer had it in X-Revision or meta.revision',
        got: given,
      },
    ],
  });
}

/** The change after which a request goes on with what it has begun; 0 where it begins, or cannot be understood yet. */
function readOnFrom({ query, routeOptions }: FastifyRequest): number {
  // It has not been validated.
  const { after, cursor } = (query ?? {}) as Record<string, unknown>;
  if (typeof cursor === 'string') return revisionIn(cursor) ?? 0;
  const changes = routeOptions.url === '/v1/changes' && typeof after === 'string' && /^\d{1,15}$/.test(after);
  return changes ? Number(after) : 0;
}

/** A stream whose parts are all made where the first is: what asks for the next may be the end of another answer on the line. */
function readInPlace(stream: Readable): Readable {
  const inPlace = AsyncLocalStorage.snapshot();
  const read = stream._read;
  stream._read = (size) => inPlace(() => read.call(stream, size));
  return stream;
}

function told({ log }: FastifyInstance, { name, absence, revision }: ReplicaState): void {
  if (absence === undefined) log.info(`the replica ${name} answers, as of change ${revision}`);
  else log.warn(`the replica ${name} answers nothing: ${WHY[absence]}`);
}

const WHY: Readonly<Record<Absence, string>> = {
  unreachable: 'it cannot be asked',
  lagging: 'it is too far behind',
  'no-standby': 'it is no replica, but a server of its own',
  'other-history': 'it is not a replica of this database',
};
