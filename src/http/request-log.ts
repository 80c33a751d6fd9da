/** The logger of a request, made with its first line: where only what goes wrong is logged, most requests have none. */
import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify';

const SEVERE = ['fatal', 'error', 'warn'] as const;

type Factory = NonNullable<FastifyServerOptions['childLoggerFactory']>;

/** Whether every request leaves lines at a level. */
export const isTalkative = (level: string): boolean => ['trace', 'debug', 'info'].includes(level);

/** What makes the loggers of requests at a level; nothing where Fastify's own does. */
export function requestLogs(level: string): { readonly childLoggerFactory?: Factory } {
  return isTalkative(level) ? {} : { childLoggerFactory: late };
}

const late: Factory = (logger, bindings, options) =>
  // A route with a level of its own may leave lines all the same.
  options.level === undefined
    ? // It has what Fastify asks of a logger, and what this service calls.
      (new LateLogger(() => logger.child(bindings, options)) as unknown as FastifyBaseLogger)
    : logger.child(bindings, options);

const none = () => undefined;

class LateLogger {
  readonly #make: () => FastifyBaseLogger;
  #made: FastifyBaseLogger | undefined;

  constructor(make: () => FastifyBaseLogger) {
    this.#make = make;
  }

  get own(): FastifyBaseLogger {
    this.#made ??= this.#make();
    return this.#made;
  }

  get level(): string {
    return this.own.level;
  }

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.own.child(...given);
  }
}

// Below these nothing is written at the levels that this is for.
Object.assign(LateLogger.prototype, { info: none, debug: none, trace: none, silent: none });
for (const level of SEVERE)
  Object.assign(LateLogger.prototype, {
    [level](this: LateLogger, ...given: [unknown, string?]) {
      this.own[level](...(given as [object, string]));
    },
  });
