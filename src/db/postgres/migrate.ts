import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type Migration, pendingMigrations, readMigrations } from '../migrations.ts';

/** Processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_267_000;

/** How often it is tried where those who use the database meanwhile stand in the way, and milliseconds between. */
const [TRIES, REST] = [20, 100];

/** What PostgreSQL says to one of two who wait for each other: `deadlock_detected`. */
const DEADLOCK = '40P01';

/**
 * Brings the database up to the newest migration, all of them in one transaction, and returns the names of those
 * it ran. Throws, leaving the database as it was, when it is newer than the program or a migration fails. A migration
 * and a transaction of a release that still runs may wait for each other's tables: the one that is undone is done again.
 */
export async function migrate(client: pg.ClientBase, folder: string): Promise<string[]> {
  const migrations = readMigrations(folder);
  for (let tries = 1; ; tries += 1) {
    try {
      return await migrateAll(client, migrations);
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || tries === TRIES) throw error;
      await pause(REST);
    }
  }
}

async function migrateAll(client: pg.ClientBase, migrations: readonly Migration[]): Promise<string[]> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL)');
    const { rows } = await client.query<Pick<Migration, 'name' | 'sha256'>>(
      'SELECT name, sha256 FROM migrations ORDER BY name',
    );
    const pending = pendingMigrations(migrations, rows);
    for (const { name, sha256, statements } of pending) {
      for (const statement of statements) await client.query(statement);
      await client.query('INSERT INTO migrations (name, sha256) VALUES ($1, $2)', [name, sha256]);
    }
    await client.query('COMMIT');
    return pending.map(({ name }) => name);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
