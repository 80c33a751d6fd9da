import { Command, InvalidArgumentError } from 'commander';
import { type Restored, restore } from '../exchange/restore.ts';
import { ownConfig, patientLimits, print } from './environment.ts';
import { progressBar } from './progress.ts';

function parseDigest(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text;
  throw new InvalidArgumentError('must be 64 hexadecimal digits.');
}

export const restoreCommand = new Command('restore')
  .description('Put the tracker in a backup into the database of the settings.')
  .argument('<file>', 'backup to restore, which is only read')
  .option(
    '--force',
    'replace what the database holds, which is kept in a file named *.before-restore-INSTANT',
  )
  .option('--sha256 <hex>', 'SHA-256 that the backup must have', parseDigest)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nThe service must be stopped. The backup is verified whole first, and held against the SHA-256 in the file beside\nit where there is one. One of an older version is migrated; the file itself is only read.',
  )
  .action(
    async (
      file: string,
      { force = false, sha256, json }: { force?: boolean; sha256?: string; json?: boolean },
    ) => {
      const config = ownConfig();
      const bar = progressBar();
      let restored: Restored;
      try {
        const options = { force, sha256, at: new Date(), progress: bar.update };
        restored = await restore(config.DATABASE_URL, patientLimits(config), file, options);
      } finally {
        bar.stop();
      }
      if (json) return print(json, { file, ...restored }, '');
      const { revision, checked, migrated, kept } = restored;
      const lines = [
        `restored revision ${revision} from ${file}`,
        checked
          ? 'its SHA-256 is right'
          : 'no SHA-256 was given or lay beside it: only the file itself was verified',
        ...(migrated.length > 0 ? [`migrated: ${migrated.join(', ')}`] : []),
        ...(kept ? [`what the database held before is in ${kept}`] : []),
      ];
      for (const line of lines) print(false, null, line);
    },
  );
