import cliProgress from 'cli-progress';
import { Command } from 'commander';
import { limitsOf } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import { copyDatabase, type Progress } from '../exchange/copy.ts';
import { ownConfig, print } from './environment.ts';

export const copyCommand = new Command('copy')
  .description('Move a whole tracker into an empty database, of either engine, and verify it row for row.')
  .argument('<from>', 'address of the database to read')
  .argument('<to>', 'address of an empty database')
  .option('--json', 'print JSON')
  .action(async (fromUrl: string, toUrl: string, { json }: { json?: boolean }) => {
    const limits = limitsOf(ownConfig());
    const from = await openDatabase(fromUrl, limits);
    const to = await openDatabase(toUrl, limits).catch(async (error: unknown) => {
      await from.close();
      throw error;
    });
    const bar = progressBar();
    try {
      const copied = await copyDatabase(from, to, bar.update);
      bar.stop();
      if (json) return print(json, copied, '');
      for (const { table, rows, sha256 } of copied) print(false, null, `${table}: ${rows} rows, ${sha256}`);
    } finally {
      bar.stop();
      await from.close();
      await to.close();
    }
  });

/** A bar on a terminal; elsewhere a plain line each tenth of the way. */
function progressBar(): { update: Progress; stop: () => void } {
  if (process.stderr.isTTY) {
    const bar = new cliProgress.SingleBar(
      { format: '{bar} {percentage} % of {total} rows, {eta_formatted} left' },
      cliProgress.Presets.shades_classic,
    );
    let started = false;
    return {
      update: (done, total) => {
        if (!started) bar.start(total, 0);
        started = true;
        bar.update(done);
      },
      stop: () => bar.stop(),
    };
  }
  let tenth = 0;
  return {
    update: (done, total) => {
      const now = Math.floor((done / total) * 10);
      if (now > tenth) process.stderr.write(`${now * 10} % of ${total} rows\n`);
      tenth = now;
    },
    stop: () => undefined,
  };
}
