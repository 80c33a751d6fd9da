/** Imports whose process is gone: after an hour without a move they are marked as interrupted, and can be taken up. */
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { readConfig } from '../../../src/config.ts';
import type { Table } from '../../../src/db/columns.ts';
import { sql } from '../../../src/db/drizzle.ts';
import { importFrom } from '../../../src/exchange/import/import.ts';
import type { BundleRecord } from '../../../src/exchange/import/record.ts';
import { interruptStale } from '../../../src/exchange/import/run.ts';
import { start } from '../../../src/start.ts';
import { type TestApp, testApp } from '../../helper.ts';
import { importLines, place, policy, stoppingAfter } from './bundle.ts';

const MINUTE = 60_000;
const lines = [place, policy('one'), policy('two')];

/** An import that has written one page when its process is killed; returns the address of its run. */
async function killed(app: TestApp): Promise<string> {
  const { run } = await importLines(app, lines, { page: 1, signal: stoppingAfter(1, 1) });
  const table = app.db.tables.kinds.get('import_run') as Table;
  await app.db.write((session) =>
    session.run(
      'test: as a killed process leaves it',
      (on) => on.update(table).set({ status: sql.placeholder('status'), ended_at: null } as never),
      { status: 'running' },
    ),
  );
  return `/v1/import-runs/${run.id}`;
}

t.test('a run that has not moved for an hour is interrupted, and goes on when it is run again', async (t) => {
  const app = await testApp(t);
  const url = await killed(app);
  const pass = (minutes: number) => {
    app.clock.now = new Date(app.clock.now.getTime() + minutes * MINUTE);
  };
  pass(60);
  await interruptStale(app.app.engine);
  t.match((await app.call('GET', url)).body, { status: 'running', ended_at: null }, 'it may be a long page');
  pass(1);
  await interruptStale(app.app.engine);
  const at = app.clock.now.toISOString();
  t.match((await app.call('GET', url)).body, { status: 'interrupted', ended_at: at, read: 1 });
  pass(61);
  await interruptStale(app.app.engine);
  t.match((await app.call('GET', url)).body, { ended_at: at }, 'once');
  const again = await importLines(app, lines);
  t.match((await app.call('GET', url)).body, { status: 'done', read: 3 });
  t.equal(`/v1/import-runs/${again.run.id}`, url);
});

t.test('a run that is alive after all is running again with its next transaction', async (t) => {
  const app = await testApp(t);
  const { engine } = app.app;
  const statusNow = async () => (await app.call('GET', '/v1/import-runs')).body.data[0].status;
  const statuses: string[] = [];
  const topic = (name: string): BundleRecord => ({
    kind: 'topic',
    body: { name, identifiers: [{ scheme: 'x', identifier: name }] },
    place: { file: 'slow', line: null },
  });
  async function* read() {
    yield topic('One');
    app.clock.now = new Date(app.clock.now.getTime() + 61 * MINUTE);
    await interruptStale(engine);
    statuses.push(await statusNow());
    yield topic('Two');
    statuses.push(await statusNow());
  }
  const input = { fingerprint: 'slow', total: 2, read };
  const how = { importer: 'tests', input: 'slow', strict: false, dryRun: false, page: 1 };
  await importFrom(engine, { actor: 'test', reason: null }, input, how);
  t.same([...statuses, await statusNow()], ['interrupted', 'running', 'done']);
});

t.test('the service looks for such runs when it starts', async (t) => {
  const app = await testApp(t);
  // The clock of the app stands still in the past.
  const url = await killed(app);
  const config = readConfig({ DATABASE_URL: app.url, LOG_LEVEL: 'silent', SEED: 'false' }, () => undefined);
  const { stop } = await start(config);
  let { body } = await app.call('GET', url);
  for (let tries = 0; body.status === 'running' && tries < 200; tries += 1) {
    await setTimeout(20);
    ({ body } = await app.call('GET', url));
  }
  t.equal(body.status, 'interrupted');
  await stop();
});
