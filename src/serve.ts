/** Serving: one process by itself, or several that one starts and watches. */
import { type Config, ConfigError, readConfig } from './config.ts';

/**
 * Serves until a signal comes; a wrong setting or an unusable database ends the process with one line. Whoever only
 * starts others does not load what they need.
 */
export async function serve(config: Config): Promise<void> {
  if (config.WORKERS === 1) {
    const { serveAlone } = await import('./processes/alone.ts');
    return serveAlone(config);
  }
  const { supervise } = await import('./processes/supervisor.ts');
  await supervise(config);
}

/** Why a process does not come to serve, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof ConfigError ? error.message : `cannot start: ${(error as Error).message}`;
}

/** Reads the settings and serves; what goes wrong before listening is one line and exit status 1. */
export async function main(): Promise<void> {
  try {
    await serve(readConfig(process.env, (line) => process.stderr.write(`${line}\n`)));
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 1;
    setImmediate(() => process.exit());
  }
}
