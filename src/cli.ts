#!/usr/bin/env node
/** The `civic` command; one file a subcommand under `cli/`. */
import './compile-cache.ts';
import { runCommand } from './cli/civic.ts';

// Whoever reads the output (`head`, a pager) may stop early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runCommand(process.argv.slice(2));
