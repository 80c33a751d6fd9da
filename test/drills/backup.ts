/**
 * The backup drill, `npm run drill:backup`: backups are made while clients write, each is held row for row against
 * what the live database's log says of that revision, and one is restored and served. `--backups N` makes as many
 * (20); `--engine postgres` takes them from a server.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LIMITS } from '../../src/db/open.ts';
import { backUp } from '../../src/exchange/backup.ts';
import { restore } from '../../src/exchange/restore.ts';
import { Client, makePlace } from './clients.ts';
import { compareAtRevision } from './rebuilt.ts';
import { launch, prepare, stage } from './service.ts';

const { values: options } = parseArgs({
  options: { backups: { type: 'string', default: '20' }, engine: { type: 'string', default: 'sqlite' } },
});
const CLIENTS = 6;
const count = Number(options.backups);
const faults: string[] = [];
const place = await stage(options.engine);
try {
  const key = await prepare(place.url);
  const service = await launch(place.url);
  await service.ready();
  await makePlace(service.url, key);
  const clients = Array.from({ length: CLIENTS }, (_, at) => new Client(`c${at}`, key));
  let over = false;
  const running = clients.map((client) => client.run(service.url, () => over));
  const made: { file: string; revision: number; took: number; meanwhile: number }[] = [];
  const written = () => clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  for (let n = 1; n <= count; n += 1) {
    await pause(300);
    const file = join(place.folder, `backup-${n}.db`);
    const [start, before] = [performance.now(), written()];
    const { revision } = await backUp(place.url, LIMITS, file);
    made.push({ file, revision, took: performance.now() - start, meanwhile: written() - before });
  }
  // As an operator does it, in a process of its own.
  const byCommand = join(place.folder, 'by-command.db');
  const env = { PATH: process.env.PATH, DATABASE_URL: place.url };
  const said = spawnSync(process.execPath, ['src/cli.ts', 'backup', byCommand, '--json'], {
    env,
    encoding: 'utf8',
  });
  if (said.status === 0)
    made.push({ file: byCommand, revision: JSON.parse(said.stdout).revision, took: 0, meanwhile: 0 });
  else faults.push(`civic backup: ${said.stderr}`);
  over = true;
  await Promise.all(running);
  faults.push(...clients.flatMap(({ refused }) => refused));

  let rows = 0;
  for (const { file, revision } of made) {
    const compared = await compareAtRevision(place.url, file, revision);
    rows += compared.rows;
    faults.push(...compared.faults.map((line) => `${file}: ${line}`));
  }
  await service.kill();

  const last = made.at(-1) as (typeof made)[number];
  const elsewhere = await place.another();
  await restore(elsewhere, LIMITS, last.file, { at: new Date() });
  const again = await launch(elsewhere);
  await again.ready();
  const answer = (await (await fetch(`${again.url}/v1/topics?limit=1`)).json()) as {
    meta: { revision: number };
  };
  if (answer.meta.revision !== last.revision)
    faults.push(`restored, it is at revision ${answer.meta.revision}`);
  // What follows is numbered from there.
  await makeTopic(again.url, key, last.revision + 1);
  await again.kill();

  const meanwhile = made.map((one) => one.meanwhile);
  process.stdout.write(
    `${made.length} backups on ${options.engine} at revisions ${made[0]?.revision} to ${last.revision}, the longest in ${Math.round(Math.max(...made.map(({ took }) => took)))} ms\n` +
      `${written()} writes acknowledged, ${meanwhile.reduce((sum, one) => sum + one)} of them while a backup was being made\n` +
      `${rows} rows compared with the log; one backup restored, served and written to\n`,
  );
} finally {
  await place.end();
}

async function makeTopic(url: string, key: string, revision: number): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  await fetch(`${url}/v1/topics`, { method: 'POST', headers, body: '{"name":"After"}' });
  const { meta } = (await (await fetch(`${url}/v1/topics?limit=1`)).json()) as { meta: { revision: number } };
  if (meta.revision !== revision) faults.push(`a write after restoring is change ${meta.revision}`);
}

for (const fault of faults.slice(0, 20)) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(
  faults.length === 0 ? 'every backup is what the log says\n' : `${faults.length} faults\n`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
