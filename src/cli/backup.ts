import { Command } from 'commander';
import { type Backup, backUp, rememberBackup } from '../exchange/backup.ts';
import { checksumFile } from '../exchange/files.ts';
import { ownConfig, patientLimits, print } from './environment.ts';
import { progressBar } from './progress.ts';

export const backupCommand = new Command('backup')
  .description('Write the whole tracker into one file, verified, while the service goes on.')
  .argument('<file>', 'file to write')
  .option('--force', 'replace a file of that name')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nThe file is a database of its own. Its SHA-256 lies beside it, as `sha256sum -c` reads it. Only its owner can\nread it, as it holds hashes of keys.',
  )
  .action(async (file: string, { force = false, json }: { force?: boolean; json?: boolean }) => {
    const config = ownConfig();
    const limits = patientLimits(config);
    const bar = progressBar();
    let made: Backup;
    try {
      made = await backUp(config.DATABASE_URL, limits, file, { force, progress: bar.update });
    } finally {
      bar.stop();
    }
    // The backup is good whether or not the tracker can remember it: it may be of an older version, or read-only.
    await rememberBackup(config.DATABASE_URL, limits, made, new Date()).catch((error: Error) =>
      process.stderr.write(`the backup is made, but the tracker cannot remember it: ${error.message}\n`),
    );
    const { revision, migrations, rows, bytes, sha256 } = made;
    if (json) return print(json, { file, bytes, sha256, revision, migration: migrations.at(-1), rows }, '');
    for (const [table, count] of Object.entries(rows)) print(false, null, `${table}: ${count} rows`);
    print(
      false,
      null,
      `${file}: revision ${revision}, ${bytes} bytes, SHA-256 ${sha256} (in ${checksumFile(file)}), readable by its owner only`,
    );
  });
