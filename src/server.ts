/** The process: settings, app, listen, close gracefully. */
import './compile-cache.ts';
import { ConfigError, readConfig } from './config.ts';

/** Reads the settings and serves; what goes wrong before listening is one line and exit status 1. */
async function main(): Promise<void> {
  try {
    const config = readConfig(process.env, (line) => process.stderr.write(`${line}\n`));
    // Loaded now, not above, so that the cache is there before it.
    const { serve } = await import('./serve.ts');
    await serve(config);
  } catch (error) {
    const line = error instanceof ConfigError ? error.message : `cannot start: ${(error as Error).message}`;
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
    setImmediate(() => process.exit());
  }
}

await main();
