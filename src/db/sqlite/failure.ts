import { DatabaseFailure, type FailureReason } from '../failure.ts';

/** SQLite's extended result codes (https://sqlite.org/rescode.html), by their beginning. */
const reasons: readonly [string, FailureReason][] = [
  ['SQLITE_CONSTRAINT_UNIQUE', 'unique'],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', 'unique'],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'reference'],
  ['SQLITE_CONSTRAINT', 'check'],
  ['SQLITE_BUSY', 'retry'],
  ['SQLITE_LOCKED', 'retry'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'unavailable'],
  ['SQLITE_CANTOPEN', 'unavailable'],
];

/** An error of better-sqlite3 as a failure both engines share; any other error is returned as it is. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseFailure) return error;
  // Drizzle wraps what the driver throws.
  const inner = error.cause instanceof Error ? error.cause : error;
  const { code = '' } = inner as { code?: string };
  const found = reasons.find(([start]) => code.startsWith(start));
  return found ? new DatabaseFailure(found[1], inner) : error;
}
