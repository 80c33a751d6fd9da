/** The change log as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { PublicChange } from '../engine/changes.ts';
import { concernOf, type Reach, readChanges, refuseBeyond } from '../engine/changes.ts';
import type { Engine } from '../engine/engine.ts';
import { refuseUncountable } from '../engine/parameters.ts';
import { Problem } from '../errors.ts';
import { type ChangesQuery, changesParameters } from './changes.ts';
import type { KeyRing } from './key-ring.ts';
import { answers, operation } from './operations.ts';
import { networkOf } from './rates.ts';
import { gathering, mayReadAll } from './reads.ts';

/** How streams behave; times in milliseconds. */
export interface StreamSettings {
  /** Longest silence before a comment shows that the stream lives. */
  readonly heartbeat: number;
  /** How often the log is looked at for what other processes wrote, besides when the database tells of it. */
  readonly poll: number;
  /** How long a client may take nothing of what is sent before it is given up; longer than `heartbeat`. */
  readonly stall: number;
  /** How long a client should wait before it connects again. */
  readonly retry: number;
  /** Streams open at a time. */
  readonly most: number;
  /** Streams open at a time from one address. */
  readonly each: number;
}

export const STREAMS: StreamSettings = {
  heartbeat: 15_000,
  poll: 1_000,
  stall: 60_000,
  retry: 2_000,
  most: 1_000,
  each: 100,
};

/** How much of the log is read for a stream at a time: what a client that reads slowly holds in memory. */
const STRETCH = { limit: 100, bytes: 256 * 1024 };

const MEDIA_TYPE = 'text/event-stream';

const parameters = Type.Unsafe({
  type: 'object',
  additionalProperties: false,
  properties: changesParameters,
});

/** `GET /v1/changes/stream`. */
export function registerChangeStream(
  app: FastifyInstance,
  { engine, keys, settings }: { engine: Engine; keys: KeyRing; settings: StreamSettings },
): void {
  const open = new Map<AbortController, string>();
  let unfollow: (() => void) | undefined;
  let closing = false;

  const opened = (request: FastifyRequest, reply: FastifyReply): AbortController => {
    const stop = new AbortController();
    // The client may have left while its question was looked at.
    if (closing || reply.raw.closed) {
      stop.abort();
      return stop;
    }
    open.set(stop, networkOf(request.ip));
    unfollow ??= follow(engine, settings.poll);
    reply.raw.once('close', () => {
      stop.abort();
      open.delete(stop);
      if (open.size > 0) return;
      unfollow?.();
      unfollow = undefined;
    });
    return stop;
  };
  // Before the server waits for open answers: these would never end.
  app.addHook('preClose', async () => {
    closing = true;
    for (const stop of open.keys()) stop.abort();
  });

  app.get(
    '/v1/changes/stream',
    {
      config: { endless: true, produces: [MEDIA_TYPE] },
      preValidation: gathering(parameters),
      schema: {
        ...operation('changes', 'stream', {
          summary: 'Follow the change log as it grows',
          description: `The same as server-sent events, without an end: each change is an event \`change\` whose id is its number and whose data is the change. A client that comes back with \`Last-Event-ID\`, as browsers do by themselves, misses nothing and meets nothing twice. A comment is sent after ${settings.heartbeat / 1000} s of silence. A client that takes nothing for ${settings.stall / 1000} s is given up.`,
          querystring: parameters,
          response: {
            ...answers({}, [400, 401, 403, 406]),
            200: { description: 'Events.', content: { [MEDIA_TYPE]: { schema: { type: 'string' } } } },
          },
        }),
        headers: Type.Object({
          'Last-Event-ID': Type.Optional(
            Type.Integer({
              minimum: 0,
              description: 'Number of the last change you have; stands above `after`.',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const reach = await reachOf(engine, request);
      refuseMore([...open.values()], networkOf(request.ip), settings);
      reply.headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
      reply.type(MEDIA_TYPE);
      if (request.method === 'HEAD') return reply.send();
      // Counts from when something last went out: a large change may take its time on a slow line.
      reply.raw.setTimeout(settings.stall, () => reply.raw.destroy());
      const following = { engine, settings, stopped: opened(request, reply).signal };
      return reply.send(Readable.from(events(following, reach, () => mayGoOn(keys, request))));
    },
  );
}

/** Refuses a stream while as many as may be are open, or as many from its own address. */
function refuseMore(open: readonly string[], client: string, { most, each }: StreamSettings): void {
  const own = open.filter((other) => other === client).length;
  if (open.length < most && own < each) return;
  const [many, whose] = open.length < most ? [each, ' from this address'] : [most, ''];
  throw new Problem('overloaded', `${many} streams are open already${whose}.`, {
    headers: { 'retry-after': '5' },
  });
}

/** Hears of what other processes write: as soon as the database tells, and by looking now and then in case it does not. */
function follow({ revisions }: Engine, poll: number): () => void {
  const unfollow = revisions.follow();
  const timer = setInterval(() => void revisions.look().catch(() => undefined), poll);
  return () => {
    unfollow();
    clearInterval(timer);
  };
}

/** What a request asks to follow, and from where. */
async function reachOf(engine: Engine, request: FastifyRequest): Promise<Reach> {
  const query = request.query as ChangesQuery;
  refuseUncountable({ ...query });
  const last = lastEventId(request);
  const after = last ?? query.after;
  const place = last === undefined ? { parameter: 'after' } : { header: 'Last-Event-ID' };
  const concern = await engine.db.read(async (session) => {
    await refuseBeyond(engine, session, after, place);
    return concernOf(engine, session, query);
  });
  return { ...STRETCH, after, concern, restricted: mayReadAll(request), content: query.content };
}

/** What a client that comes back has already. */
function lastEventId({ headers }: FastifyRequest): number | undefined {
  const given = headers['last-event-id'];
  if (given === undefined) return undefined;
  if (/^\d{1,15}$/.test(String(given))) return Number(given);
  throw new Problem('invalid-parameter', 'Last-Event-ID is not the id of an event.', {
    errors: [
      { header: 'Last-Event-ID', message: 'is not the id of an event', expected: 'a number', got: given },
    ],
  });
}

/** Whether the key that a stream was opened with, if any, is still valid. */
async function mayGoOn(keys: KeyRing, { apiKey, headers }: FastifyRequest): Promise<boolean> {
  if (apiKey === null) return true;
  return (await keys.find(headers.authorization?.replace(/^Bearer +/i, '') ?? '')) !== undefined;
}

interface Following {
  readonly engine: Engine;
  readonly settings: StreamSettings;
  readonly stopped: AbortSignal;
}

/**
 * The text of a stream, a stretch of the log at a time: the next is read once the client has taken the one before,
 * so a slow client holds no more than that.
 */
async function* events(
  { engine, settings: { heartbeat, retry }, stopped }: Following,
  reach: Reach,
  goesOn: () => Promise<boolean>,
): AsyncGenerator<string> {
  let [position, told] = [reach.after, reach.after];
  let silentSince = performance.now();
  let text = `retry: ${retry}\n\n`;
  while (!stopped.aborted) {
    if (text !== '') {
      yield text;
      silentSince = performance.now();
    }
    if (!(await goesOn())) return;
    const { rings } = engine.revisions;
    const { data, revision, next } = await engine.db.read((session) =>
      readChanges(engine, session, { ...reach, after: position }),
    );
    position = next ?? revision;
    text = data.map(eventOf).join('');
    told = data.at(-1)?.seq ?? told;
    if (text !== '') continue;
    const left = silentSince + heartbeat - performance.now();
    if (left > 0) await engine.revisions.after(rings, left, stopped);
    else {
      // With a filter the log moves on without the client: an id by itself tells it where to go on, and is no event.
      text = `${position > told ? `id: ${position}\n` : ''}: ${engine.now().toISOString()}\n\n`;
      told = position;
    }
  }
}

/** A change as an event. JSON has no line breaks of its own, so its text is one line of data. */
function eventOf(change: PublicChange): string {
  return `event: change\nid: ${change.seq}\ndata: ${JSON.stringify(change)}\n\n`;
}
