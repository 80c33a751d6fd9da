/** The database that the settings name. */
import { type Config, limitsOf } from './config.ts';
import type { Database } from './db/database.ts';
import { openDatabase } from './db/open.ts';
import type { WriteTurns } from './db/write-turns.ts';

/**
 * Opens the database the settings name, migrating it; rejects with one line that names the setting. `replicas` are those
 * that may answer its reads.
 */
export async function openConfigured(
  config: Config,
  turns?: WriteTurns,
  replicas: readonly string[] = [],
): Promise<Database> {
  const limits = { ...limitsOf(config), ...(turns && { turns }) };
  const copies = { urls: replicas, lag: config.DATABASE_REPLICA_LAG };
  return openDatabase(config.DATABASE_URL, limits, copies).catch((error: unknown) => {
    throw new Error(`DATABASE_URL: ${(error as Error).message}`, { cause: error });
  });
}
