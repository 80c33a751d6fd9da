import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readConfig } from '../../src/config.ts';
import { start } from '../../src/start.ts';
import { freshDatabase } from '../databases.ts';
import { command, run, temporary } from '../program.ts';
import { until } from '../until.ts';

t.test(
  'a tracker is exported on the command line, and the status says how it went',
  { timeout: 120_000 },
  async (t) => {
    const url = await freshDatabase(t, 'seeded');
    const dir = join(temporary(t), 'a', 'b');
    const env = { DATABASE_URL: url, SNAPSHOT_KEEP: '1' };
    const first = await run(t, ['src/cli.ts', 'export', dir], env).ended;
    t.equal(first.code, 0, first.stderr);
    t.match(first.stderr, '100 %', 'plain lines where there is no terminal');
    t.match(first.stdout, /^policies\.csv: 13 records, \d+ bytes, [0-9a-f]{64}$/m);
    const second = await command(['export', dir, '--json'], env);
    const made = JSON.parse(second.stdout);
    t.same(
      readdirSync(dir).map((name) => join(dir, name)),
      [made.folder],
      'the one before is gone',
    );
    t.equal(made.files.find(({ path }: { path: string }) => path === 'policies.parquet').rows, 13);
    const wrong = await command(['export', dir, '--keep', '0'], env);
    t.same([wrong.code, readdirSync(dir).length], [1, 1]);
    t.match(wrong.stderr, 'a number from 1 to 9999');
  },
);

t.test('a service with a folder for them makes snapshots by itself', { timeout: 120_000 }, async (t) => {
  const dir = join(temporary(t), 'snapshots');
  const env = { DATABASE_URL: await freshDatabase(t, 'seeded'), SNAPSHOT_DIR: dir, LOG_LEVEL: 'silent' };
  const { app, stop } = await start(readConfig(env, () => undefined));
  t.teardown(stop);
  const seen = async () => (await app.inject('/v1/exports')).json();
  await until(async () => (await seen()).data.length > 0);
  const { data, meta } = await seen();
  t.equal(meta.revision, (await app.inject('/v1/topics?limit=1')).json().meta.revision);
  const { url, rows } = data.find(({ file }: { file: string }) => file === 'policies.ndjson');
  t.equal((await app.inject(url)).body.trim().split('\n').length, rows);
  t.equal(readdirSync(dir).length, 1);
});
