/** Serving: one process by itself, or several that one starts and watches. */
import type { Config } from './config.ts';

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
