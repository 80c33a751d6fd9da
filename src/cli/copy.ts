import { Command } from 'commander';
import { openToRead } from '../db/maintenance.ts';
import { openDatabase } from '../db/open.ts';
import { copyDatabase } from '../exchange/copy.ts';
import { ownConfig, patientLimits, print } from './environment.ts';
import { progressBar } from './progress.ts';

export const copyCommand = new Command('copy')
  .description('Move a whole tracker into an empty database, of either engine, and verify it row for row.')
  .argument('<from>', 'address of the database to read')
  .argument('<to>', 'address of an empty database')
  .option('--json', 'print JSON')
  .action(async (fromUrl: string, toUrl: string, { json }: { json?: boolean }) => {
    const limits = patientLimits(ownConfig());
    const from = await openToRead(fromUrl, limits);
    const to = await openDatabase(toUrl, limits).catch(async (error: unknown) => {
      await from.close();
      throw error;
    });
    const bar = progressBar('rows');
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
