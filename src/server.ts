/** The process: settings, app, listen, close gracefully. */
import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, readConfig } from './config.ts';
import { start } from './start.ts';

/** How long open requests may take once the process is told to stop, in milliseconds. */
const GRACE = 10_000;

/** Serves until a signal comes; a wrong setting or an unusable database ends the process with one line. */
export async function serve(config: Config): Promise<void> {
  const { app, stop } = await start(config);
  closeWithGrace({ delay: GRACE, logger: false }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'stopping after an error');
    else app.log.info(`stopping on ${signal}`);
    await stop();
  });
  await app.listen({ host: config.HOST, port: config.PORT });
}

/** Reads the settings and serves; what goes wrong before listening is one line and exit status 1. */
export async function main(): Promise<void> {
  try {
    await serve(readConfig(process.env, (line) => process.stderr.write(`${line}\n`)));
  } catch (error) {
    const line = error instanceof ConfigError ? error.message : `cannot start: ${(error as Error).message}`;
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
    setImmediate(() => process.exit());
  }
}

if (import.meta.main) await main();
