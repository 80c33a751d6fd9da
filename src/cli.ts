#!/usr/bin/env node
/** The `civic` command; one file a subcommand under `cli/`. */
import { programOf } from './loading.js';

// Loaded now, not above, so that the cache is there before it.
const { runCommand } = (await import(programOf('cli/civic.ts').href)) as typeof import('./cli/civic.ts');

// Whoever reads the output (`head`, a pager) may stop early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runCommand(process.argv.slice(2));
