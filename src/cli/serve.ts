import { Command } from 'commander';
import { printConfig } from '../config.ts';
import { ownConfig } from './environment.ts';

export const serveCommand = new Command('serve')
  .description('Serve the API until a signal comes.')
  .option('--print-config', 'print the settings, secrets masked, and end')
  .action(async ({ printConfig: printOnly }: { printConfig?: boolean }) => {
    const config = ownConfig();
    if (printOnly) {
      process.stdout.write(printConfig(config));
      return;
    }
    const { serve } = await import('../serve.ts');
    await serve(config);
  });
