import type * as driver from 'drizzle-orm/better-sqlite3';
import type { Builder } from '../database.ts';
import { loadDrizzle } from '../drizzle.ts';

const { drizzle } = loadDrizzle('drizzle-orm/better-sqlite3') as typeof driver;

/**
 * Drizzle on no connection, with parameters written as sums of one. SQLite looks into parameters that stand alone, be it
 * as a limit or beside a column with an index, and prepares the statement anew whenever it is run with others: that takes
 * several times as long as most of what is asked here. What stands behind a plus is left for what it is.
 */
export const builder: Builder = made();

function made(): Builder {
  const on = drizzle({ prepare: () => undefined } as never);
  // Drizzle keeps what spells its SQL to itself, and has no setting for it.
  const { dialect } = on as unknown as { dialect: { escapeParam: (number: number) => string } };
  dialect.escapeParam = () => '+?';
  return on;
}
