/**
 * Runs the generated migrations on SQLite. Drizzle's own runner lets a table rebuild delete child rows and lose
 * triggers, so this one switches foreign keys off before the transaction, compares row counts, checks foreign
 * keys and puts triggers back.
 */
import type Sqlite from 'better-sqlite3';
import { type Migration, pendingMigrations, readMigrations } from '../migrations.ts';

/**
 * Brings the database up to the newest migration, all of them in one transaction, and returns the names of those
 * it ran. Throws, leaving the database as it was, when the database is newer than the program, when a migration
 * that was run has been edited since, or when one would lose rows or break a reference.
 */
export function migrate(connection: Sqlite.Database, folder: string): string[] {
  const migrations = readMigrations(folder);
  // One that is current waits for nobody: another process may be in the middle of a long write.
  if (isCurrent(connection, migrations)) return [];
  // A table rebuild drops the old table; with foreign keys on that deletes its children, and inside a transaction
  // the switch does nothing.
  connection.pragma('foreign_keys = OFF');
  try {
    connection.exec('BEGIN IMMEDIATE');
    const ran = runPending(connection, migrations);
    connection.exec('COMMIT');
    return ran;
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    connection.pragma('foreign_keys = ON');
  }
}

function isCurrent(connection: Sqlite.Database, migrations: readonly Migration[]): boolean {
  const known = objects(connection, 'table').some(({ name }) => name === 'migrations');
  return known && pendingMigrations(migrations, doneIn(connection)).length === 0;
}

function doneIn(connection: Sqlite.Database): Pick<Migration, 'name' | 'sha256'>[] {
  return connection.prepare('SELECT name, sha256 FROM migrations ORDER BY name').all() as never;
}

function runPending(connection: Sqlite.Database, migrations: readonly Migration[]): string[] {
  connection.exec(
    'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL) STRICT',
  );
  const pending = pendingMigrations(migrations, doneIn(connection));
  const record = connection.prepare('INSERT INTO migrations (name, sha256) VALUES (?, ?)');
  for (const migration of pending) {
    guarded(connection, migration);
    record.run(migration.name, migration.sha256);
  }
  return pending.map(({ name }) => name);
}

/** Runs a migration so that no row, no trigger and no reference is lost by it. */
function guarded(connection: Sqlite.Database, { name, statements }: Migration): void {
  const before = rowCounts(connection);
  const triggers = objects(connection, 'trigger');
  for (const statement of statements) runStatement(connection, name, statement);
  const now = new Set(objects(connection, 'trigger').map((trigger) => trigger.name));
  const tables = new Set(objects(connection, 'table').map((table) => table.name));
  const dropped = new Set(statements.map((statement) => DROPPED_TRIGGER.exec(statement)?.[1]));
  for (const trigger of triggers) {
    const lost = !now.has(trigger.name) && tables.has(trigger.tbl_name);
    if (lost && !dropped.has(trigger.name)) connection.exec(trigger.sql);
  }
  const after = rowCounts(connection);
  for (const [table, count] of before) {
    const left = after.get(table);
    if (left !== undefined && left < count)
      throw new Error(`migration ${name} would lose ${count - left} rows of ${table}`);
  }
  const broken = connection.pragma('foreign_key_check') as { table: string; parent: string }[];
  const first = broken[0];
  if (first)
    throw new Error(
      `migration ${name} would leave ${broken.length} rows pointing nowhere, first in ${first.table} to ${first.parent}`,
    );
}

const DROPPED_TRIGGER = /^\s*DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?["`[]?(\w+)/i;
const TRANSACTION = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i;
/** The last step of a table rebuild, as the generator writes it. */
const REBUILT = /^\s*ALTER\s+TABLE\s+["`[]?__new_\w+["`\]]?\s+RENAME\s+TO\b/i;

function runStatement(connection: Sqlite.Database, name: string, statement: string): void {
  if (TRANSACTION.test(statement))
    throw new Error(`migration ${name} begins or ends a transaction: all migrations run in one`);
  // Renaming checks the triggers of other tables, which speak of the table that is being rebuilt and is not there.
  const rebuilt = REBUILT.test(statement);
  if (rebuilt) connection.pragma('legacy_alter_table = ON');
  try {
    connection.exec(statement);
  } finally {
    if (rebuilt) connection.pragma('legacy_alter_table = OFF');
  }
}

interface SchemaObject {
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

function objects(connection: Sqlite.Database, type: 'table' | 'trigger'): SchemaObject[] {
  const query = `SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
  return connection.prepare(query).all(type) as SchemaObject[];
}

function rowCounts(connection: Sqlite.Database): Map<string, number> {
  const count = (name: string) =>
    (connection.prepare(`SELECT count(*) AS n FROM "${name}"`).get() as { n: number }).n;
  return new Map(objects(connection, 'table').map(({ name }) => [name, count(name)]));
}
