/** Headers that protect readers, open reads for pages of other sites, and limits on addresses. */
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import helmet from 'helmet';
import { unstorableTexts } from '../engine/validate.ts';
import { Problem } from '../errors.ts';

/** Longest address, in characters. */
const ADDRESS = 8192;

/** Headers pages of other sites may read. */
const exposedHeaders = [
  'Accept-Ranges',
  'Allow',
  'Content-Range',
  'ETag',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
  'X-Revision',
];

/** Data is no page; Swagger UI, the guide and the pages of problems load from this service only, over http or https alike. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";
const PAGE_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export const security = fp(async (app: FastifyInstance) => {
  // Before the plugin, which answers every OPTIONS.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(isPage(request) ? ON_PAGES : ON_DATA);
    if (request.method === 'OPTIONS') {
      const allowed = app.methodsAt(request.url.split('?')[0] as string);
      if (allowed.length > 0) reply.header('allow', [...allowed, 'OPTIONS'].sort().join(', '));
    }
    done();
  });
  const settings: FastifyCorsOptions = {
    origin: '*',
    methods: ['GET', 'HEAD', 'OPTIONS'],
    allowedHeaders: [
      'Accept',
      'Authorization',
      'If-None-Match',
      'If-Range',
      'Last-Event-ID',
      'Range',
      'X-Revision',
    ],
    exposedHeaders: exposedHeaders.join(', '),
    maxAge: 86_400,
    // An OPTIONS that is no preflight is answered like one; the plugin would refuse it in plain text.
    strictPreflight: false,
  };
  await app.register(fp((all, _, done) => cors(hookedForOptions(all), settings, done)));
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'x-request-id': request.id,
      vary: 'Accept, Accept-Encoding, Authorization, X-Revision',
    });
    // Node would refuse it with an empty answer (see `requireHostHeader`).
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined)
      throw new Problem('bad-request', 'The request has no Host header.');
    if (request.url.length > ADDRESS) {
      throw new Problem(
        'uri-too-long',
        `The address has ${request.url.length} characters; at most ${ADDRESS} are taken.`,
      );
    }
    // The router looks at the path only; what cannot be decoded in a query would be taken as it stands.
    if (!isDecodable(request.url))
      throw new Problem('bad-request', 'The address is not properly percent-encoded.');
    done();
  });
  app.addHook('preValidation', (request, _reply, done) => {
    const faults = mayBeUnstorable(request.url)
      ? [...unstorableTexts(request.params), ...unstorableTexts(request.query)]
      : [];
    if (faults.length > 0) {
      const errors = faults.map(({ pointer = '', ...fault }) => ({
        parameter: pointer.split('/')[1] ?? '',
        ...fault,
      }));
      throw new Problem('invalid-parameter', 'The address holds a character that cannot be used.', {
        errors,
      });
    }
    done();
  });
});

/** The app as a plugin sees it whose hooks are for OPTIONS alone. */
function hookedForOptions(app: FastifyInstance): FastifyInstance {
  const seen: FastifyInstance = Object.create(app);
  seen.addHook = ((name: 'onRequest', hook: onRequestHookHandler) =>
    app.addHook(name, function (request, reply, done) {
      if (request.method === 'OPTIONS') hook.call(this, request, reply, done);
      else done();
    })) as FastifyInstance['addHook'];
  return seen;
}

/** Whether a browser shows what a request asks for as a page. */
function isPage({ route: { url = '' } }: FastifyRequest): boolean {
  return /^\/($|docs|guide|problems\/)/.test(url);
}

/** What lets pages of other sites read: of an answer that is no preflight's, always the same. */
const OPEN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposedHeaders.join(', '),
};

/**
 * Headers that are the same for every page. The library's own, worked out once: it would set each of them anew for
 * every answer, on a path that costs Node more than writing the answer does.
 */
const ON_PAGES: Readonly<Record<string, string>> = {
  ...protectingHeaders(),
  ...OPEN,
  'content-security-policy': PAGE_POLICY,
};

/** Those of them that say something of data as well; the others are for documents alone, and each has its price. */
const PROTECTING_DATA = [
  'cross-origin-resource-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
];
const ON_DATA: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PROTECTING_DATA.map((name) => [name, ON_PAGES[name] as string])),
  ...OPEN,
  'content-security-policy': DATA_POLICY,
};

function protectingHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const answer = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  const set = helmet({
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Left to the proxy that speaks https: over plain http it would be wrong.
    strictTransportSecurity: false,
  });
  // It only sets headers that do not depend on the request.
  set({} as never, answer as never, () => undefined);
  return headers;
}

/** Whether an address can hold what no database keeps: Node refuses such characters unless they are encoded. */
function mayBeUnstorable(url: string): boolean {
  return url.includes('%') || !url.isWellFormed();
}

function isDecodable(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}
