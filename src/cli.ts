#!/usr/bin/env node
/** The `civic` command; one file a subcommand under `cli/`. */
import './compile-cache.ts';

// Loaded now, not above, so that the cache is there before it.
const { runCommand } = await import('./cli/civic.ts');

// Whoever reads the output (`head`, a pager) may stop early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runCommand(process.argv.slice(2));
