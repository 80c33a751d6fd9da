/** The process: settings, app, listen, close gracefully. */
import './compile-cache.ts';

// All else is loaded now, not above, so that the cache is there before it.
const { ConfigError, readConfig } = await import('./config.ts');

/** Reads the settings and serves; what goes wrong before listening is one line and exit status 1. */
async function main(): Promise<void> {
  try {
    const config = readConfig(process.env, (line) => process.stderr.write(`${line}\n`));
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
