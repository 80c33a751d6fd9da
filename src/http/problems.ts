/** One handler for every error, and the pages under `/problems/` that explain each kind. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import findMyWay from 'find-my-way';
import { DatabaseFailure } from '../db/failure.ts';
import { Moved } from '../engine/moved.ts';
import { hint } from '../engine/nearest.ts';
import { faultsOf, type Part } from '../engine/validate.ts';
import { catalogue, Problem, type ProblemName, problemBody } from '../errors.ts';

/** Headers that no answer lacks, not even one that is made before any hook runs. */
const alwaysSent = {
  'access-control-allow-origin': '*',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Answers with a problem of the catalogue. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { status } = catalogue[problem.problem];
  return reply
    .code(status)
    .headers({ ...alwaysSent, ...problem.headers })
    .headers({ 'cache-control': 'no-store', 'x-request-id': request.id })
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem.problem, problem.message, request.id, problem.errors)));
}

/** Answers a read of a record that was merged with where it is found now: the same address, by the survivor's id. */
function sendMoved(
  request: FastifyRequest,
  reply: FastifyReply,
  { kind, id, inView }: Moved,
  publicUrl: string,
): FastifyReply {
  const [path = '', ...query] = request.url.split('?');
  const pattern = (request.routeOptions.url ?? '').split('/');
  const segments = path.split('/').map((segment, at) => (pattern[at] === ':id' ? id : segment));
  if (!inView) segments[2] = kind.path;
  const location = [publicUrl + segments.join('/'), ...query].join('?');
  // A merge can be taken back, so nobody may take the redirect for ever.
  return reply.code(308).headers({ location, 'cache-control': 'no-cache' }).send();
}

/** Fastify's own error codes, in our words. */
const framework: Readonly<Record<string, [ProblemName, string]>> = {
  FST_ERR_BAD_URL: ['bad-request', 'The address is not properly percent-encoded.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri-too-long', 'A segment of the address is longer than 500 characters.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported-media-type',
    'Send the body as application/json (or, with PATCH, application/merge-patch+json).',
  ],
  FST_ERR_CTP_INVALID_TYPE: ['unsupported-media-type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad-request', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad-request', 'The body is empty; send a JSON object.'],
  FST_ERR_REP_ALREADY_SENT: ['internal', 'Something went wrong on our side.'],
};

/** Any error as a problem; what is not foreseen is an internal error that says nothing of the inside. */
export function asProblem(error: unknown, bodyLimit: number): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseFailure) return databaseProblem(error);
  const { code = '', statusCode, validation, validationContext } = error as Partial<FastifyError>;
  if (validation) {
    const part = (validationContext ?? 'body') as Part;
    const errors = faultsOf(validation as never, part);
    return part === 'body'
      ? new Problem('invalid-body', 'The body does not have the documented form.', { errors })
      : new Problem('invalid-parameter', `A ${part === 'headers' ? 'header' : 'parameter'} is not right.`, {
          errors,
        });
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Problem('payload-too-large', `The body is larger than ${bodyLimit} bytes.`);
  }
  const known = framework[code];
  if (known) return new Problem(known[0], known[1]);
  if (statusCode === 400) return new Problem('bad-request', 'The request could not be read.');
  return new Problem('internal', 'Something went wrong on our side; the request id finds it in the log.');
}

/** A failure of the database as clients see it; nothing of the database's own words goes out. */
function databaseProblem({ reason }: DatabaseFailure): Problem {
  const soon = { headers: { 'retry-after': '1' } };
  switch (reason) {
    case 'unique':
      return new Problem('duplicate', 'Another record got this slug or identifier at the same time.');
    case 'reference':
    case 'check':
      return new Problem(
        'conflict',
        'What this record points at changed at the same time; read again and repeat.',
      );
    case 'full':
      return new Problem('storage-full', 'There is no room left to write to.');
    case 'retry':
      return new Problem('unavailable', 'Others are writing the same records; try again.', soon);
    case 'unavailable':
      return new Problem('unavailable', 'The database does not answer in time.', soon);
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Methods that the routes at a path take, in order; none where there is no route. */
    methodsAt(path: string): string[];
  }
}

/** Routes as they are found, and all methods that some of them take, in order. */
function routerOf(routes: readonly { readonly method: string; readonly url: string }[]) {
  const router = findMyWay({ ignoreTrailingSlash: false, maxParamLength: 500 });
  const taken = routes.filter(({ method }) => method !== 'OPTIONS');
  for (const { method, url } of taken) {
    if (!router.hasRoute(method as 'GET', url)) router.on(method as 'GET', url, () => undefined);
  }
  return { router, methods: [...new Set(taken.map(({ method }) => method))].sort() };
}

/** The error handlers; the routes are collected so that a wrong method can be told from a wrong address. */
export const problems = fp(async (app: FastifyInstance) => {
  const routes: { readonly method: string; readonly url: string }[] = [];
  const paths = new Set<string>();
  app.addHook('onRoute', ({ method, url, routePath, prefix }) => {
    if (!url.includes(':') && !url.includes('*')) paths.add(url);
    // What stands at a prefix itself stands at its slash too, of which Fastify does not tell.
    const urls = prefix !== '' && routePath === '' ? [url, `${url}/`] : [url];
    routes.push(...[method].flat().flatMap((one) => urls.map((at) => ({ method: one, url: at }))));
  });

  // Made when first needed: it takes a tenth of a start, and is for what clients get wrong.
  let known: ReturnType<typeof routerOf> | undefined;
  app.decorate('methodsAt', (path: string) => {
    known ??= routerOf(routes);
    const { methods, router } = known;
    return methods.filter((method) => router.find(method as 'GET', path) !== null);
  });

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Moved) return sendMoved(request, reply, error, app.engine.publicUrl);
    const problem = asProblem(error, request.routeOptions.bodyLimit ?? 0);
    if (error instanceof DatabaseFailure) request.log.warn({ err: error }, 'the database failed');
    if (problem.problem === 'internal') request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, problem);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] as string;
    const allowed = app.methodsAt(path);
    const problem =
      // A file that is not there is asked for by a method its route takes.
      allowed.length > 0 && !allowed.includes(request.method)
        ? new Problem('method-not-allowed', `This address does not take ${request.method}.`, {
            headers: { allow: allowed.join(', ') },
          })
        : new Problem(
            'not-found',
            `There is nothing at ${path}${hint(path, [...paths])}`.replace(/([^?])$/, '$1.'),
          );
    return sendProblem(request, reply, problem);
  });

  app.get('/problems/:name', { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { name: string };
    if (!Object.hasOwn(catalogue, name)) throw new Problem('not-found', `No problem is called ${name}.`);
    const { title, status, explanation } = catalogue[name as ProblemName];
    return reply.type('text/html; charset=utf-8').send(page(title, status, explanation));
  });
});

function page(title: string, status: number, explanation: string): string {
  const text = explanation
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title} (${status})</h1><p>${text}</p></html>\n`;
}

/** Errors that never become a request: malformed HTTP, headers too large, a request that does not arrive in time. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [name, detail]: [ProblemName, string] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['headers-too-large', 'The headers together, or the address, are larger than 16 KiB.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['request-timeout', 'The request did not arrive completely in time.']
        : ['bad-request', 'The request is not valid HTTP.'];
  const id = randomUUID();
  const text = JSON.stringify(problemBody(name, detail, id));
  const { status, title } = catalogue[name];
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(text),
    'X-Request-Id': id,
    ...alwaysSent,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${text}`);
}
