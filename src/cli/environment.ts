import { type Config, limitsOf, readConfig } from '../config.ts';
import { openConfigured } from '../connect.ts';
import type { Database } from '../db/database.ts';
import type { Limits } from '../db/open.ts';

/** The settings of this process; unknown `CIVIC_*` names are warned of on stderr. */
export function ownConfig(): Config {
  return readConfig(process.env, (line) => process.stderr.write(`${line}\n`));
}

/** Limits for work on a whole database, whose statements may take as long as they need. */
export function patientLimits(config: Config): Limits {
  return { ...limitsOf(config), statement: 0 };
}

/** Runs work with the database the settings name, migrated, and closes it afterwards. */
export async function withDatabase<T>(work: (db: Database, config: Config) => Promise<T>): Promise<T> {
  const config = ownConfig();
  const db = await openConfigured(config);
  try {
    return await work(db, config);
  } finally {
    await db.close();
  }
}

/** Prints a line for people, or with `--json` an object for machines. */
export function print(json: boolean | undefined, value: unknown, line: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : line}\n`);
}
