/** `GET /metrics`: figures of this process and its tracker, in the text format of Prometheus. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
// The Prometheus project's list names it as the client for Node.
import {
  type Aggregator,
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';
import type { Engine } from '../engine/engine.ts';
import { readStanding, type Standing } from '../features/status.ts';
import { operation } from './operations.ts';

/** Upper bounds of how long answers take, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** How long what was read of the database serves, in milliseconds: a scrape costs it little, however many there are. */
const KEPT = 1_000;

/** The figures of one process, as they can be sent to another. */
export type Figures = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

declare module 'fastify' {
  interface FastifyInstance {
    /** Measures a request that is answered before its route is looked up. */
    readonly measured: (response: ServerResponse, route: string) => void;
    readonly figures: {
      readonly own: () => Promise<Figures>;
      /** The figures of the processes that serve beside this one; set by whoever knows them. */
      others: () => Promise<readonly Figures[]>;
    };
  }
}

interface Options {
  readonly engine: Engine;
  /** Milliseconds that never go back. */
  readonly elapsed: () => number;
}

/** Measures every request and registers the route; to be registered before what turns requests away. */
export const metrics = fp(async (app: FastifyInstance, { engine, elapsed }: Options) => {
  const registry = new Registry();
  const registers = [registry];
  measureRequests(app, registers);
  const readings = readingsOf(engine, elapsed, registers);
  const own = async () => {
    await readings();
    return registry.getMetricsAsJSON();
  };
  app.decorate('figures', { own, others: async () => [] });
  // Of the process itself, once it serves: a test or a command has no need of them.
  app.addHook('onListen', async () => collectDefaultMetrics({ register: registry }));
  app.addHook('onClose', async () => registry.clear());
  const logLevel = app.log.level === 'silent' ? 'silent' : 'warn';
  app.get(
    '/metrics',
    {
      logLevel,
      config: { produces: ['text/plain'] },
      schema: operation('health', 'metrics', {
        summary: 'Figures for Prometheus',
        description:
          'Figures of the service’s processes on this port together, and of the tracker, in the [text format of Prometheus](https://prometheus.io/docs/instrumenting/exposition_formats/). `/guide/operations` says which matter.',
        response: {
          200: { description: 'The figures.', content: { 'text/plain': { schema: { type: 'string' } } } },
        },
      }),
    },
    async (_request, reply) => {
      const [mine, others] = await Promise.all([app.figures.own(), app.figures.others()]);
      reply.headers({ 'cache-control': 'no-store', 'content-type': registry.contentType });
      return reply.send(await AggregatorRegistry.aggregate([mine, ...others]).metrics());
    },
  );
});

/** Counts and times requests by method, route and status. */
function measureRequests(app: FastifyInstance, registers: Registry[]): void {
  const durations = new Histogram({
    name: 'civic_http_request_duration_seconds',
    help: 'How long requests took until their answers were out, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const open = new Gauge({
    name: 'civic_http_requests_open',
    help: 'Requests whose answers are not out yet, streams of changes included.',
    registers,
  });
  // A label's values are looked up once for each route and status.
  const known = new Map<string, { observe: (seconds: number) => void }>();
  const timed = (method: string, route: string, status: number) => {
    const name = `${method} ${route} ${status}`;
    const found = known.get(name) ?? durations.labels({ method, route, status });
    known.set(name, found);
    return found;
  };
  let count = 0;
  const follow = (response: ServerResponse, method: string, route: string, endless = false) => {
    const since = performance.now();
    count += 1;
    // A client that leaves gets no answer, but its request is over.
    response.on('close', () => {
      count -= 1;
      if (endless) return;
      const status = response.headersSent ? response.statusCode : ABORTED;
      timed(method, route, status).observe((performance.now() - since) / 1000);
    });
  };
  app.decorate('measured', (response, route) => follow(response, 'GET', route));
  app.addHook('onRequest', ({ method, route: { url = 'none', endless } }, reply, done) => {
    follow(reply.raw, method, url, endless);
    done();
  });
  Object.assign(open, { collect: () => open.set(count) });
}

/** What requests count as whose client left before it was answered, as nginx has it. */
const ABORTED = 499;

/** Gauges of what is read of the database; returns what reads it, unless it was read just now. */
function readingsOf(engine: Engine, elapsed: () => number, registers: Registry[]): () => Promise<void> {
  // What several processes say of one tracker is no sum.
  const gauge = (name: string, help: string, aggregator: Aggregator = 'max') =>
    new Gauge({ name: `civic_${name}`, help, aggregator, registers });
  const up = gauge('database_up', 'Whether the database answers: 1 or 0.', 'min');
  const revision = gauge('revision', 'Number of the last change.');
  const changed = gauge('changed_timestamp_seconds', 'When the last change was made.');
  const imported = gauge(
    'import_ended_timestamp_seconds',
    'When the import that was begun last ended; 0 before.',
  );
  const backup = gauge('backup_timestamp_seconds', 'When the last backup was made; 0 without any.');
  const replica = (name: string, help: string, aggregator: Aggregator) =>
    new Gauge({ name: `civic_replica_${name}`, help, labelNames: ['replica'], aggregator, registers });
  const answers = engine.db.replicas && replica('answers', 'Whether a replica answers reads: 1 or 0.', 'min');
  const has =
    engine.db.replicas && replica('revision', 'Number of the last change that a replica has.', 'max');
  const statements = new Counter({
    name: 'civic_database_statements_total',
    help: 'Statements that this process has run.',
    registers,
  });
  const seconds = (instant: string | null | undefined) => (instant ? Date.parse(instant) / 1000 : 0);
  const show = ({ revision: number, changed_at, last_import, last_backup }: Standing) => {
    revision.set(number);
    changed.set(seconds(changed_at));
    imported.set(seconds(last_import?.ended_at));
    backup.set(seconds(last_backup?.at));
  };
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const read = async () => {
    try {
      show(await readStanding(engine));
      up.set(1);
    } catch {
      // What it was last stays; that it is old is what this says.
      up.set(0);
    }
    for (const { name, absence, revision: reached } of engine.db.replicas?.states() ?? []) {
      answers?.set({ replica: name }, absence === undefined ? 1 : 0);
      has?.set({ replica: name }, reached);
    }
    statements.reset();
    statements.inc(engine.db.statements());
    readAt = elapsed();
  };
  return async () => {
    if (elapsed() - readAt < KEPT) return;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  };
}
