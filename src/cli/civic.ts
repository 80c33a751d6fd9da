/**
 * All subcommands together. What builds the app is imported by the subcommands that need it, when they run: it takes
 * longer to load than most of the others take to do their work.
 */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { DatabaseFailure } from '../db/failure.ts';
import { VERSION } from '../version.ts';
import { backupCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { copyCommand } from './copy.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { mergeCandidatesCommand } from './merge-candidates.ts';
import { migrateCommand } from './migrate.ts';
import { openapiCommand } from './openapi.ts';
import { restoreCommand } from './restore.ts';
import { seedCommand } from './seed.ts';
import { serveCommand } from './serve.ts';
import { sourcesCommand } from './sources.ts';

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
  .showHelpAfterError();

/** Has a command and those below it throw instead of ending the process; they do not hand that on by themselves. */
function neverExit(command: Command): void {
  command.exitOverride();
  for (const one of command.commands) neverExit(one as Command);
}
neverExit(civic);

/** Does what the words after `civic` say; what goes wrong is a line on stderr, and the exit status 1. */
export async function runCommand(words: readonly string[]): Promise<void> {
  try {
    await civic.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else {
      const cause = error instanceof DatabaseFailure ? `: ${(error.cause as Error).message}` : '';
      const line =
        error instanceof ConfigError ? error.message : `civic: ${(error as Error).message}${cause}`;
      process.stderr.write(`${line}\n`);
      process.exitCode = 1;
    }
  }
}
