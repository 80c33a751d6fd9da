/** The database that the settings name. */
import { type Config, limitsOf } from './config.ts';
import type { Database } from './db/database.ts';
import { openDatabase } from './db/open.ts';

/** Opens the database the settings name, migrating it; rejects with one line that names the setting. */
export async function openConfigured(config: Config): Promise<Database> {
  return openDatabase(config.DATABASE_URL, limitsOf(config)).catch((error: unknown) => {
    throw new Error(`DATABASE_URL: ${(error as Error).message}`, { cause: error });
  });
}
