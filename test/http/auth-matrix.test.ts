/** Every route the app has, with every sort of key: what is asked is read from the app, what must come from the contract. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import t, { type Test } from 'tap';
import { createKey, revokeKey } from '../../src/http/keys.ts';
import { resources } from '../../src/http/resource.ts';
import { rowOf, scopeTable } from '../../src/http/scopes.ts';
import { freshApp, type TestApp } from '../helper.ts';

interface Route {
  readonly method: string;
  readonly url: string;
  readonly takesBody: boolean;
  /** Whether its answer goes on until the client leaves. */
  readonly endless: boolean;
}

/** An app, and its routes as Fastify itself reports them, none left out. */
async function withRoutes(t: Test): Promise<TestApp & { routes: readonly Route[] }> {
  const routes = new Map<string, Route>();
  const onRoute = ({ method, url, schema, config }: RouteOptions) => {
    for (const one of [method].flat()) {
      const takesBody = schema?.body !== undefined;
      routes.set(`${one} ${url}`, { method: one, url, takesBody, endless: config?.endless ?? false });
    }
  };
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', onRoute);
    // Whoever is let in has seen enough: most need not be served as well.
    fastify.addHook('preParsing', async ({ headers }, reply) => {
      if (headers[KNOCK]) await reply.code(LET_IN).send();
    });
  };
  subscribe('fastify.initialization', listen);
  const tested = await freshApp(t, 'seeded').finally(() => unsubscribe('fastify.initialization', listen));
  return { ...tested, routes: [...routes.values()] };
}

/** A header, for this test alone, that asks for no more than to be let in, and the status that says so. */
const KNOCK = 'x-knock';
const LET_IN = 299;

interface Credential {
  readonly name: string;
  /** Where it asks for the whole answer once it is let in. */
  readonly served?: 'reads' | 'writes';
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly query?: string;
  /** What comes of it on a read, and on a write: `open` is anything but a refusal for want of permission. */
  readonly read: Outcome;
  readonly write: Outcome;
  /** What comes of it where only those who administer may do anything; as on a write, unless it says otherwise. */
  readonly administer?: Outcome;
}

type Outcome = 'open' | 'elsewhere' | 400 | 401 | 403;

async function credentials({ db, clock, key, call }: TestApp): Promise<Credential[]> {
  const [read, write, admin] = [await key('read'), await key('write'), await key('admin')];
  const made = { scope: 'admin', expiresAt: null } as const;
  const revoked = await createKey(db, clock.now, { ...made, name: 'revoked' });
  await revokeKey(db, clock.now, revoked.id);
  const past = new Date(clock.now.getTime() - 1).toISOString();
  const expired = await createKey(db, clock.now, { ...made, name: 'expired', expiresAt: past });
  const { body } = await call('POST', '/v1/jurisdictions', {
    key: admin,
    body: { name: 'Nowhere', classification: 'municipality' },
  });
  const elsewhere = await key('admin', { jurisdictionIds: [body.id] });
  const bearing = (...sent: string[]) => ({ authorization: sent.length > 1 ? sent : (sent[0] as string) });
  const wrong = { read: 401, write: 401 } as const;
  const valid = { read: 'open', write: 'open' } as const;
  return [
    { name: 'no key', served: 'reads', read: 'open', write: 401 },
    { name: 'a malformed key', headers: bearing(`Bearer ${admin.slice(0, -1)}`), ...wrong },
    {
      name: 'an unknown key',
      headers: bearing(`Bearer civic_${'0'.repeat(12)}_${'a'.repeat(43)}`),
      ...wrong,
    },
    { name: 'a wrong secret', headers: bearing(`Bearer ${admin.slice(0, 19)}${'a'.repeat(43)}`), ...wrong },
    { name: 'a revoked key', headers: bearing(`Bearer ${revoked.key}`), ...wrong },
    { name: 'an expired key', headers: bearing(`Bearer ${expired.key}`), ...wrong },
    { name: 'another scheme', headers: bearing(`Basic ${btoa(`x:${admin}`)}`), ...wrong },
    { name: 'two keys at once', headers: bearing(`Bearer ${admin}`, `Bearer ${admin}`), ...wrong },
    { name: 'a key in the address', query: `key=${admin}`, read: 400, write: 401 },
    { name: 'a read key', headers: bearing(`Bearer ${read}`), read: 'open', write: 403 },
    {
      name: 'a write key',
      served: 'writes',
      headers: bearing(`Bearer ${write}`),
      ...valid,
      administer: 403,
    },
    { name: 'an admin key', headers: bearing(`Bearer ${admin}`), ...valid },
    {
      name: 'an admin key of another jurisdiction',
      headers: bearing(`Bearer ${elsewhere}`),
      read: 'open',
      write: 'elsewhere',
      administer: 403,
    },
  ];
}

const READS = ['GET', 'HEAD'];

/** What is nobody’s business but of those who run the service. */
const isAdministered = ({ url }: Route) => url.startsWith('/v1/webhooks');

/** Kinds that belong to no jurisdiction, so that a limited key changes none of theirs. */
const SHARED = ['topics', 'measures', 'publishers', 'sources'];

/** What a key of another jurisdiction may come to: a new record is judged by what its body says. */
function outcomeElsewhere({ url }: Route): Outcome {
  return url.includes(':id') || SHARED.some((path) => url.startsWith(`/v1/${path}`)) ? 403 : 'open';
}

/** Addresses of a route: of a record that exists, where there is one, and for writes also of one that does not. */
function addressesOf({ method, url }: Route, existing: ReadonlyMap<string, string>): string[] {
  const address = (id: string) =>
    url
      .replace(':id', id)
      .replace(':name', 'gone')
      .replace(/:[a-z]+/g, '1')
      .replace('*', url.startsWith('/') ? 'nothing' : '/');
  const known = existing.get(url.split('/')[2] ?? '');
  if (!url.includes(':id') || known === undefined) return [address('nobody')];
  return READS.includes(method) ? [address(known)] : [address('nobody'), address(known)];
}

async function ask(app: FastifyInstance, route: Route, url: string, credential: Credential) {
  const { headers, query, served } = credential;
  const { method, takesBody, endless } = route;
  // A read as anybody may make it, and a write as whoever may write anything makes it.
  const whole = !endless && method !== 'HEAD' && served === (READS.includes(method) ? 'reads' : 'writes');
  const response = await app.inject({
    method: method as 'GET',
    url: query ? `${url}?${query}` : url,
    headers: {
      ...headers,
      ...(whole ? {} : { [KNOCK]: 'yes' }),
      ...(takesBody ? { 'content-type': 'application/json' } : {}),
    } as never,
    ...(takesBody ? { payload: '{}' } : {}),
  });
  return { whole, status: response.statusCode, text: response.statusCode >= 400 ? response.body : '' };
}

const isServed = (status: number) => ![401, 403, 429].includes(status) && status < 500;

/** An OPTIONS is answered before anybody is asked who they are. */
const isLetIn = ({ method }: Route, status: number) => status === (method === 'OPTIONS' ? 204 : LET_IN);

t.test('every route does with every key what the contract says', { timeout: 90_000 }, async (t) => {
  const tested = await withRoutes(t);
  const { app, call, routes } = tested;
  const all = await credentials(tested);
  const existing = new Map<string, string>();
  for (const { path } of resources) {
    const { data } = (await call('GET', `/v1/${path}?limit=1`)).body;
    if (data.length > 0) existing.set(path, data[0].id);
  }
  const revision = async () => (await call('GET', '/v1/topics?limit=1')).body.meta.revision;
  const before = await revision();
  const deviations: string[] = [];
  let requests = 0;
  for (const route of routes) {
    const refusals = new Map<string, string>();
    for (const url of addressesOf(route, existing)) {
      for (const credential of all) {
        const reads = READS.includes(route.method);
        const { read, write, administer = write } = credential;
        const asked = isAdministered(route) ? administer : reads ? read : write;
        const wanted = route.method === 'OPTIONS' ? 'open' : asked;
        const outcome = wanted === 'elsewhere' ? outcomeElsewhere(route) : wanted;
        const { whole, status, text } = await ask(app, route, url, credential);
        requests += 1;
        const right =
          outcome !== 'open' ? status === outcome : whole ? isServed(status) : isLetIn(route, status);
        const cell = `${route.method} ${url} with ${credential.name}`;
        if (!right) deviations.push(`${cell}: ${status} instead of ${outcome}`);
        if (text.includes('civic_')) deviations.push(`${cell}: a key is repeated`);
        // Whether a record exists must not show in how it is refused.
        if (outcome === 'open') continue;
        const refusal = text.replace(/urn:uuid:[^"]*/, '');
        const first = refusals.get(credential.name) ?? refusal;
        refusals.set(credential.name, first);
        if (first !== refusal) deviations.push(`${cell}: refused otherwise than where there is no record`);
      }
    }
  }
  t.same(deviations, [], `no deviation in ${requests} cells`);
  t.ok(routes.length > 200 && requests > routes.length * all.length, `${routes.length} routes`);
  t.equal(await revision(), before, 'and nothing was changed by any of it');
});

t.test('the table of scopes is the table of routes, and what is described', async (t) => {
  const { app, routes } = await withRoutes(t);
  const rows = new Set(routes.map(({ method, url }) => rowOf(method, url)));
  t.same(
    [...rows].sort(),
    Object.keys(scopeTable).sort(),
    'no row is without a route, nor the other way round',
  );
  const { paths } = app.swagger() as unknown as {
    paths: Record<string, Record<string, { security: Record<string, string[]>[] }>>;
  };
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(operations)) {
      const url = path.replace(/\{(\w+)\}/g, ':$1');
      const scope = scopeTable[rowOf(method.toUpperCase(), url)];
      const wanted = scope === 'open' ? [{}, { key: [] }] : [{ key: [scope] }];
      t.same(security, wanted, `${method.toUpperCase()} ${path} is described as ${scope}`);
    }
  }
});
