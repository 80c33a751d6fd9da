/** What each route asks of a key, in one table: requests are judged by it, and the description shows it. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { kinds } from '../model/kinds.ts';
import type { Scope } from './keys.ts';
import { resources } from './resource.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope a key needs for this route, from the table; undefined where no key is needed. */
    scope?: Scope | undefined;
  }
}

/**
 * Every route and the scope it needs; `open` needs no key. `{kind}` stands for each resource, `{parts}` for each list
 * of what a record owns; HEAD is as GET.
 */
export const scopeTable: Readonly<Record<string, Scope | 'open'>> = {
  'GET /': 'open',
  'GET /.well-known/api-catalog': 'open',
  'GET /.well-known/security.txt': 'open',
  'GET /docs': 'open',
  'GET /docs/json': 'open',
  'GET /docs/yaml': 'open',
  'GET /docs/static/*': 'open',
  'GET /docs/static/index.html': 'open',
  'GET /docs/static/swagger-initializer.js': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /metrics': 'open',
  'GET /status': 'open',
  'GET /openapi.json': 'open',
  'GET /problems/:name': 'open',
  'OPTIONS *': 'open',
  'GET /v1/vocabularies': 'open',
  'GET /v1/changes': 'open',
  'GET /v1/changes/stream': 'open',
  'GET /v1/statements/similar': 'open',
  'GET /v1/statements/:id/variants': 'open',
  'GET /guide': 'open',
  'GET /guide/:name': 'open',
  'GET /v1/compare': 'open',
  'GET /v1/exports': 'open',
  'GET /v1/exports/:file': 'open',
  'GET /v1/exports/:snapshot/:file': 'open',
  'GET /v1/coverage': 'open',
  'GET /v1/search': 'open',
  'GET /v1/feeds/{kind}.:form': 'open',
  'GET /v1/exports/popolo.json': 'open',
  'GET /v1/{kind}/:id/timeline': 'open',
  'GET /v1/officials/:id/said-and-voted': 'open',
  'GET /v1/{kind}': 'open',
  'GET /v1/{kind}.:form': 'open',
  'GET /v1/{kind}/:id': 'open',
  'GET /v1/{kind}/:id/{parts}': 'open',
  'GET /v1/{kind}/:id/evidence': 'open',
  'GET /v1/{kind}/:id/history': 'open',
  'GET /v1/{kind}/:id/history/:versions': 'open',
  'GET /v1/webhooks': 'admin',
  'POST /v1/webhooks': 'admin',
  'GET /v1/webhooks/:id': 'admin',
  'PATCH /v1/webhooks/:id': 'admin',
  'DELETE /v1/webhooks/:id': 'admin',
  'POST /v1/webhooks/:id/rotate-secret': 'admin',
  'POST /v1/webhooks/:id/ping': 'admin',
  'GET /v1/webhooks/:id/deliveries': 'admin',
  'GET /v1/webhooks/:id/deliveries/:delivery': 'admin',
  'POST /v1/webhooks/:id/deliveries/:delivery/redeliver': 'admin',
  'POST /v1/batch': 'write',
  'POST /v1/imports': 'write',
  'POST /v1/{kind}': 'write',
  'POST /v1/{kind}/batch': 'write',
  'PUT /v1/{kind}/:id': 'write',
  'PATCH /v1/{kind}/:id': 'write',
  'DELETE /v1/{kind}/:id': 'write',
  'POST /v1/{kind}/:id/restore': 'write',
  'POST /v1/{kind}/:id/merge': 'write',
  'POST /v1/{kind}/:id/suggestions': 'write',
};

const paths = new Set(resources.map(({ path }) => path));
const parts = new Set(
  kinds.flatMap(({ includes }) =>
    Object.entries(includes)
      .filter(([, include]) => 'by' in include)
      .map(([name]) => name.replaceAll('_', '-')),
  ),
);

const rows = new Map<string, string>();

/** The row of the table that a route falls under, as `METHOD /pattern`: its own where it has one. */
export function rowOf(method: string, url: string): string {
  const key = `${method} ${url}`;
  const row = rows.get(key) ?? findRow(method, url);
  rows.set(key, row);
  return row;
}

function findRow(method: string, url: string): string {
  const own = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  if (Object.hasOwn(scopeTable, own)) return own;
  const segments = url.split('/');
  if (segments[2] === 'feeds') segments[3] = String(segments[3]).replace(/^[a-z-]+/, '{kind}');
  const [, kind = '', form = ''] = /^([^.]*)(\..*)?$/.exec(segments[2] ?? '') ?? [];
  if (segments[1] === 'v1' && paths.has(kind)) {
    segments[2] = `{kind}${form}`;
    // A source's `evidence` is an include as well; the call of that name is every kind's.
    const row = `${method === 'HEAD' ? 'GET' : method} ${segments.join('/')}`;
    if (Object.hasOwn(scopeTable, row)) return row;
    if (segments.length === 5 && parts.has(segments[4] ?? '')) segments[4] = '{parts}';
  }
  return `${method === 'HEAD' ? 'GET' : method} ${segments.join('/')}`;
}

/** Gives each route its scope, and its description the same; a route that is not in the table stops the start. */
export const scoped = fp(async (app: FastifyInstance) => {
  app.addHook('onRoute', (route) => {
    const needed = new Set(
      [route.method].flat().map((method) => {
        const row = rowOf(method, route.url);
        if (!Object.hasOwn(scopeTable, row))
          throw new Error(`${method} ${route.url} has no scope: add '${row}' to src/http/scopes.ts`);
        return scopeTable[row] as Scope | 'open';
      }),
    );
    const [first, ...others] = needed;
    if (others.length > 0) throw new Error(`${route.url} needs a route for each scope: ${[...needed]}`);
    const scope = first === 'open' ? undefined : first;
    route.config = { ...route.config, scope };
    // In OpenAPI 3.1 a bearer's requirement names the roles it needs.
    const security: Record<string, Scope[]>[] = scope ? [{ key: [scope] }] : [{}, { key: [] }];
    if (route.schema && !route.schema.hide) route.schema = { ...route.schema, security };
  });
});
