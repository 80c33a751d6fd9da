/** Serving: app, listen, close gracefully. */
import closeWithGrace from 'close-with-grace';
import type { Config } from './config.ts';
import { start } from './start.ts';

/** How long stopping may take before the process ends all the same, in milliseconds. */
const LIMIT = 9_500;

/** Serves until a signal comes; a wrong setting or an unusable database ends the process with one line. */
export async function serve(config: Config): Promise<void> {
  const { app, stop } = await start(config);
  const ending = closeWithGrace({ delay: LIMIT, logger: false }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'stopping after an error');
    else app.log.info(`stopping on ${signal}`);
    await stop();
  });
  try {
    await app.listen({ host: config.HOST, port: config.PORT });
  } catch (error) {
    // Left in place, it would end the process as if all were well.
    ending.uninstall();
    await stop();
    const { HOST, PORT } = config;
    throw new Error(`HOST ${HOST} and PORT ${PORT} cannot be listened on: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
