#!/usr/bin/env node
/**
 * The `civic` command; one file a subcommand under `cli/`. What builds the app is imported by the subcommands that
 * need it, when they run: it takes longer to load than most of the others take to do their work.
 */
import './compile-cache.ts';
import { Command, CommanderError } from 'commander';
import { backupCommand } from './cli/backup.ts';
import { checkCommand } from './cli/check.ts';
import { copyCommand } from './cli/copy.ts';
import { exportCommand } from './cli/export.ts';
import { importCommand } from './cli/import.ts';
import { keysCommand } from './cli/keys.ts';
import { mergeCandidatesCommand } from './cli/merge-candidates.ts';
import { migrateCommand } from './cli/migrate.ts';
import { openapiCommand } from './cli/openapi.ts';
import { restoreCommand } from './cli/restore.ts';
import { seedCommand } from './cli/seed.ts';
import { serveCommand } from './cli/serve.ts';
import { sourcesCommand } from './cli/sources.ts';
import { ConfigError } from './config.ts';
import { VERSION } from './version.ts';

const civic = new Command('civic')
  .description('The public record of what governments decide and what officials say about it.')
  .version(VERSION)
  .addCommand(serveCommand)
  .addCommand(migrateCommand)
  .addCommand(seedCommand)
  .addCommand(importCommand)
  .addCommand(exportCommand)
  .addCommand(keysCommand)
  .addCommand(backupCommand)
  .addCommand(restoreCommand)
  .addCommand(checkCommand)
  .addCommand(copyCommand)
  .addCommand(mergeCandidatesCommand)
  .addCommand(sourcesCommand)
  .addCommand(openapiCommand)
  .showHelpAfterError()
  .exitOverride();

// Whoever reads the output (`head`, a pager) may stop early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await civic.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    const line = error instanceof ConfigError ? error.message : `civic: ${(error as Error).message}`;
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
  }
}
