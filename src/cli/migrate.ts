import { Command } from 'commander';
import { print, withDatabase } from './environment.ts';

export const migrateCommand = new Command('migrate')
  .description('Bring the database up to this version.')
  .option('--json', 'print JSON')
  .action(async ({ json }: { json?: boolean }) => {
    await withDatabase(async () => print(json, { status: 'current' }, 'the database is current'));
  });
