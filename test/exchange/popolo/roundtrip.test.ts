/** Popolo out and in again: what an empty service makes of a document is the same document. */
import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { importFrom } from '../../../src/exchange/import/import.ts';
import { openPopolo } from '../../../src/exchange/popolo/read.ts';
import { type TestApp, testApp } from '../../helper.ts';
import { counted } from '../import/bundle.ts';
import { document, written } from './document.ts';

const importPopolo = async ({ app }: TestApp, path: string) =>
  importFrom(app.engine, { actor: 'test', reason: null }, await openPopolo(path), {
    importer: 'popolo',
    input: path,
    strict: false,
    dryRun: false,
  });

interface Node {
  readonly id: string;
}

const exported = async ({ call }: TestApp) => {
  const { status, body, headers } = await call('GET', '/v1/exports/popolo.json');
  if (status !== 200 || String(body.meta.revision) !== String(headers['x-revision']))
    throw new Error('no export');
  const { meta: _, ...lists } = body as Record<string, Node[]>;
  const sorted = Object.entries(lists).map(([name, list]) => [
    name,
    list.sort((a, b) => (a.id < b.id ? -1 : 1)),
  ]);
  return Object.fromEntries(sorted) as Record<string, Node[]>;
};

const failed = ({ tally }: Awaited<ReturnType<typeof importPopolo>>) =>
  [...tally.counts.values()].reduce((sum, of) => sum + of.failed, 0);

t.test('an export, imported into an empty service, is exported the same', async (t) => {
  const seeded = await testApp(t, 'seeded');
  const first = await exported(seeded);
  t.ok(Object.values(first).every((list) => list.length > 0));
  const empty = await testApp(t);
  const path = written(t, first);
  const imported = await importPopolo(empty, path);
  t.same([failed(imported), imported.tally.unresolvedCount], [0, 0]);
  t.same(await exported(empty), first);
  const again = await importPopolo(empty, path);
  t.ok([...again.tally.counts.values()].every(({ created, updated }) => created === 0 && updated === 0));
});

t.test('a document of others, exported and imported elsewhere, is exported the same', async (t) => {
  const one = await testApp(t);
  const first = await importPopolo(one, written(t, document()));
  t.match(counted(first), {
    official: { created: 2 },
    membership: { created: 2 },
    vote_event: { created: 1 },
  });
  t.equal(failed(first), 0);
  const out = await exported(one);
  t.match(
    out.memberships?.find((node) => 'on_behalf_of' in node),
    {
      post: { label: 'Zenda' },
      on_behalf_of: { name: 'The Blues', classification: 'party' },
    },
  );
  const other = await testApp(t);
  t.equal(failed(await importPopolo(other, written(t, out))), 0);
  t.same(await exported(other), out);
});

t.test('an import of a newer copy changes what changed', async (t) => {
  const app = await testApp(t);
  const path = written(t, document());
  await importPopolo(app, path);
  const text = readFileSync(path, 'utf8').replace('To build a bridge', 'To build two bridges');
  writeFileSync(path, text);
  t.match(counted(await importPopolo(app, path)), { policy: { updated: 1 }, official: { unchanged: 2 } });
});

t.test('an empty service has an empty document, and HEAD none', async (t) => {
  const app = await testApp(t);
  t.ok(Object.values(await exported(app)).every((list) => list.length === 0));
  const { status, text } = await app.call('HEAD', '/v1/exports/popolo.json');
  t.same([status, text], [200, '']);
  t.equal((await app.call('GET', '/v1/exports/popolo.json?limit=2')).status, 400);
});
