/** The table of contents: everything the service has, in order. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { type Config, rateOf } from './config.ts';
import type { Database } from './db/database.ts';
import type { Engine } from './engine/engine.ts';
import { RevisionSignal } from './engine/revision-signal.ts';
import { sharedSchemas } from './engine/schemas.ts';
import { agreementDerivations } from './features/agreement.ts';
import { anchoring } from './features/anchoring.ts';
import { withConflicts } from './features/evidence/conflicts.ts';
import { withSearch } from './features/search/keeping.ts';
import { withWordings } from './features/wordings.ts';
import { registerAcross } from './http/across.ts';
import { identity, permission, withoutKeys } from './http/auth.ts';
import { body } from './http/body.ts';
import { registerChangeStream, STREAMS, type StreamSettings } from './http/change-stream.ts';
import { registerChanges } from './http/changes.ts';
import { consistency } from './http/consistency.ts';
import { registerExports } from './http/exports.ts';
import { registerFeeds } from './http/feeds.ts';
import { registerGuide } from './http/guide.ts';
import { registerHealth } from './http/health.ts';
import { registerImports } from './http/imports.ts';
import { inFlight } from './http/in-flight.ts';
import { kept } from './http/kept.ts';
import { keptAtOnce } from './http/kept-at-once.ts';
import { openKeyRing } from './http/key-ring.ts';
import { registerLanding } from './http/landing.ts';
import { limits } from './http/limits.ts';
import { metrics } from './http/metrics.ts';
import { negotiation } from './http/negotiation.ts';
import { type Description, openapi } from './http/openapi.ts';
import { registerPopolo } from './http/popolo.ts';
import { asProblem, onClientError, problems, sendProblem } from './http/problems.ts';
import { makeRates, rateHeaders, tooMany } from './http/rates.ts';
import { requestLogs } from './http/request-log.ts';
import { registerResources } from './http/resources.ts';
import { routed } from './http/route.ts';
import { routeValidators, schemaController, type Validators } from './http/schema-controller.ts';
import { scoped } from './http/scopes.ts';
import { security } from './http/security.ts';
import { keepTelling, type Sharing } from './http/shared-rates.ts';
import { makeShelves } from './http/shelves.ts';
import { registerSimilar } from './http/similar.ts';
import { registerStatus } from './http/status.ts';
import { registerSuggestions } from './http/suggestions.ts';
import { makeUploads } from './http/uploads.ts';
import { registerVariants } from './http/variants.ts';
import { registerVocabularies } from './http/vocabularies.ts';
import { registerWebhooks } from './http/webhooks.ts';

/** What an app is made of; time and chance come from outside, so that a test can say what they are. */
export interface Parts {
  readonly config: Pick<Config, 'LOG_LEVEL' | 'TRUST_PROXY' | 'PUBLIC_URL'> &
    Partial<Limiting & Pick<Config, 'SNAPSHOT_DIR' | 'WEBHOOK_ALLOWED' | 'SECURITY_CONTACT'>>;
  readonly db: Database;
  readonly now?: () => Date;
  /** Milliseconds that never go back, for what lasts a while. */
  readonly elapsed?: () => number;
  readonly newId?: () => string;
  readonly streams?: StreamSettings;
  /** How counts of requests are shared with other processes; left out where there are none. */
  readonly sharing?: Sharing | undefined;
  /** What follows from the code alone, for the apps of a process to share. */
  readonly shared?: Shared;
}

/** What is made of the routes when first needed. */
export interface Shared {
  readonly validators: Validators;
  readonly description: Description;
}

/** What apps of a process may share, with nothing made yet. */
export const makeShared = (): Shared => ({ validators: routeValidators(), description: {} });

/** Settings that turn requests away, and that keep answers; where they are left out, as for a command or a test, nothing is. */
type Limiting = Pick<Config, 'RATE_LIMIT' | 'MAX_IN_FLIGHT' | 'RESPONSE_CACHE'>;

/** Time limits for slow clients, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;
const HEADERS_TIMEOUT = 10_000;
const CONNECTION_CHECK = 2_000;
const KEEP_ALIVE = 72_000;

declare module 'fastify' {
  interface FastifyInstance {
    readonly engine: Engine;
  }
}

/** Builds the app around an open database; the caller listens and closes both. */
export async function buildApp({
  config,
  db,
  now = () => new Date(),
  elapsed = () => performance.now(),
  newId = () => v7(),
  streams = STREAMS,
  sharing,
  shared = makeShared(),
}: Parts): Promise<FastifyInstance> {
  const rate = rateOf(config.RATE_LIMIT ?? 'off');
  const rates = rate && makeRates(rate, elapsed, sharing?.part);
  const uploads = makeUploads(() => app.server.requestTimeout);
  const app: FastifyInstance = Fastify({
    logger: { level: config.LOG_LEVEL, redact },
    ...requestLogs(config.LOG_LEVEL),
    genReqId: () => randomUUID(),
    trustProxy: config.TRUST_PROXY.length > 0 ? [...config.TRUST_PROXY] : false,
    routerOptions: { maxParamLength: 500 },
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    connectionTimeout: 0,
    exposeHeadRoutes: false,
    http: {
      headersTimeout: HEADERS_TIMEOUT,
      connectionsCheckingInterval: CONNECTION_CHECK,
      // Refused in our own words, as every error is.
      requireHostHeader: false,
    },
    // No hook runs for these, so they are charged here.
    frameworkErrors: (error, request, reply) => {
      const charge = rates?.charge(null, request.ip);
      return void sendProblem(
        request,
        reply.headers(charge ? rateHeaders([charge.standing]) : {}),
        charge?.over ? tooMany(charge.standing) : asProblem(error, 0),
      );
    },
    clientErrorHandler: ((error: NodeJS.ErrnoException, socket: Socket) => {
      if (!uploads.excuses(error, socket)) onClientError(error, socket);
    }) as never,
    return503OnClosing: false,
    // Fastify types this as Ajv's own compiler; it calls it with one object that describes the route.
    schemaController: schemaController(shared.validators),
  });
  // An `Expect` that Node does not know is no reason to refuse (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, reply) => app.server.emit('request', request, reply));
  // What a handler returns is what goes out: the serializers of schemas would coerce and drop.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const engine: Engine = {
    db,
    now,
    newId,
    publicUrl: config.PUBLIC_URL,
    revisions: new RevisionSignal(db),
    derivations: withSearch(withConflicts(withWordings(db, agreementDerivations(db)))),
    settling: anchoring(db),
  };
  app.decorate('engine', engine);
  for (const schema of sharedSchemas) app.addSchema(schema);

  await app.register(routed);
  await app.register(scoped);
  await app.register(problems);
  await app.register(metrics, { engine, elapsed });
  const megabytes = config.RESPONSE_CACHE;
  const shelves = megabytes ? makeShelves({ db, now, megabytes }) : undefined;
  if (shelves) await app.register(keptAtOnce, { shelves, rates, trusted: config.TRUST_PROXY });
  await app.register(security);
  if (config.MAX_IN_FLIGHT) await app.register(inFlight, { most: config.MAX_IN_FLIGHT });
  const unnoted = (err: unknown) => app.log.warn({ err }, 'when keys were used could not be written down');
  const keys = openKeyRing(db, { now, elapsed }, unnoted);
  await app.register(identity, { keys });
  await app.register(limits, { rates });
  if (rates && sharing?.every) {
    const alone = (err: unknown) => app.log.warn({ err }, 'counts of requests could not be shared');
    app.addHook('onClose', keepTelling(engine, rates, sharing.every, alone));
  }
  await app.register(permission, { engine });
  await app.register(negotiation);
  await app.register(body);
  await app.register(consistency, { engine });
  if (shelves) await app.register(kept, { shelves });
  await app.register(openapi, { description: shared.description });
  await registerLanding(app, { engine, contacts: config.SECURITY_CONTACT });
  await registerGuide(app);
  await registerHealth(app, { engine });
  registerStatus(app, { engine, elapsed });
  await registerVocabularies(app);
  registerChanges(app, { engine });
  registerChangeStream(app, { engine, keys, settings: streams });
  await registerResources(app, { engine });
  await registerImports(app, { engine, uploads });
  await registerSimilar(app, { engine });
  await registerVariants(app, { engine });
  await registerSuggestions(app, { engine });
  registerAcross(app, { engine, elapsed });
  await registerFeeds(app, { engine });
  registerExports(app, { engine, dir: config.SNAPSHOT_DIR ?? '' });
  await registerPopolo(app, { engine });
  await registerWebhooks(app, { engine, allowed: config.WEBHOOK_ALLOWED ?? [] });
  return app;
}

/** What the log does not keep of a request: the key that was sent, rightly or in the address. */
const redact = {
  paths: ['req.headers.authorization', 'req.url'],
  censor: (value: unknown, path: string[]) => (path.at(-1) === 'url' ? withoutKeys(String(value)) : '***'),
};
