import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ownConfig, patientLimits, print } from './environment.ts';
import { progressBar } from './progress.ts';

const count = (text: string) => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 9999.');
  return Number(text);
};

export const exportCommand = new Command('export')
  .description('Write all that anyone may have of the tracker into a folder, while the service goes on.')
  .argument('<dir>', 'folder of snapshots; the new one gets a folder of its own in it')
  .option(
    '--keep <number>',
    'snapshots to keep there, this one counted; older ones go (default: SNAPSHOT_KEEP)',
    count,
  )
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nFor each kind there are NDJSON, CSV and Parquet, for all of them a bundle that an empty service can be filled with and\na database it can be started on; datapackage.json describes them. All are of one revision. Keys, and what only some\nmay read, are in none of them: for everything there is civic backup.',
  )
  .action(async (dir: string, { keep, json }: { keep?: number; json?: boolean }) => {
    const { makeSnapshot } = await import('../exchange/export/snapshot.ts');
    const config = ownConfig();
    const bar = progressBar();
    const made = await makeSnapshot(config.DATABASE_URL, patientLimits(config), {
      dir,
      keep: keep ?? config.SNAPSHOT_KEEP,
      claim: randomUUID(),
      now: () => new Date(),
      progress: bar.update,
    }).finally(() => bar.stop());
    const { name, revision, created, files } = made;
    const folder = join(dir, name);
    if (json) return print(json, { folder, revision, created, files }, '');
    for (const { path, rows, bytes, sha256 } of files)
      print(false, null, `${path}: ${rows} records, ${bytes} bytes, ${sha256}`);
    print(false, null, `${folder}: revision ${revision}, ${files.length} files and datapackage.json`);
  });
