/** Serving in one process: app, listen, close gracefully. */
import closeWithGrace from 'close-with-grace';
import type { Config } from '../config.ts';
import { start } from '../start.ts';
import { listen, notListening, placeFrom, refuseOthers, tellTracker, trackerOf } from './listening.ts';

/** How long stopping may take before the process ends all the same, in milliseconds. */
const LIMIT = 9_500;

/** Serves until a signal comes; a wrong setting or an unusable database ends the process with one line. */
export async function serveAlone(config: Config): Promise<void> {
  const place = placeFrom(config, process.env);
  const { app, stop } = await start(config);
  const ending = closeWithGrace({ delay: LIMIT, logger: false }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'stopping after an error');
    else app.log.info(`stopping on ${signal}`);
    await stop();
  });
  try {
    const tracker = trackerOf(config.DATABASE_URL);
    await refuseOthers(place, tracker);
    tellTracker(app, tracker);
    await listen(app, place);
  } catch (error) {
    // Left in place, it would end the process as if all were well.
    ending.uninstall();
    await stop();
    throw notListening(config, error);
  }
}
