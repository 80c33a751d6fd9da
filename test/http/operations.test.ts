/** What the guide's page on operations names is there: files that can be read, settings, figures. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { readConfig, settings } from '../../src/config.ts';
import { filesOf } from '../guide-files.ts';
import { withReplica } from './replica.ts';

const files = filesOf('operations');

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly configs?: readonly { readonly source: string }[];
  readonly volumes?: readonly string[];
}

t.test('settings that files give to the service are right', async (t) => {
  const compose = parse(files.get('compose.yaml') as string, { merge: true });
  const inUnit = Object.fromEntries(
    (files.get('/etc/civic/settings') as string)
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  for (const given of [compose.services['civic-1'].environment, inUnit]) {
    t.same(
      Object.keys(given).filter((name) => !Object.hasOwn(settings, name)),
      [],
      'each is a setting',
    );
    const filled = Object.entries(given as Record<string, string>).map(([name, value]) => [
      name,
      value.replace(/\$\{.*?\}/, 'secret'),
    ]);
    t.doesNotThrow(() => readConfig(Object.fromEntries(filled), (line) => t.fail(line)));
  }
});

t.test('compose.yaml names no service, volume or file that it does not have', async (t) => {
  const { services, volumes, configs } = parse(files.get('compose.yaml') as string, { merge: true });
  for (const [name, service] of Object.entries(services as Record<string, Service>)) {
    const { depends_on = [], configs: used = [], volumes: mounted = [] } = service;
    const needed = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
    t.ok(
      needed.every((one) => Object.hasOwn(services, one)),
      name,
    );
    t.ok(used.every(({ source }) => Object.hasOwn(configs, source)));
    t.ok(mounted.every((one) => Object.hasOwn(volumes, one.split(':')[0] as string)));
  }
});

t.test('every figure that it says to watch is in /metrics', async (t) => {
  const { app } = await withReplica(t, undefined);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  await fetch(`http://127.0.0.1:${port}/v1/topics`);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const named = readFileSync('src/guide/operations.md', 'utf8').match(/\b(civic|nodejs|process)_[a-z0-9_]+/g);
  t.ok(new Set(named).size > 6);
  for (const name of new Set(named)) t.ok(text.includes(`\n${name}`), name);
});
