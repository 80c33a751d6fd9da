import { DatabaseFailure, type FailureReason } from '../failure.ts';

/** PostgreSQL's error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html), by code or class. */
const reasons: Readonly<Record<string, FailureReason>> = {
  '23505': 'unique',
  '23503': 'reference',
  '23502': 'check',
  '23514': 'check',
  '40001': 'retry',
  '40P01': 'retry',
  // Canceled: the statement's time limit.
  '57014': 'unavailable',
  // Shut down, crashed, not yet accepting connections, dropped.
  '57P01': 'unavailable',
  '57P02': 'unavailable',
  '57P03': 'unavailable',
  '57P05': 'unavailable',
  '53300': 'unavailable',
  '55P03': 'unavailable',
  '53100': 'full',
  '53200': 'full',
  // A replica, or a server made read-only during a switch-over.
  '25006': 'unavailable',
};

/** The system's own codes for a server that is not there, or went away. */
const NETWORK = /^(ECONN|ENOENT|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE)/;

/** What pg says of a lost connection or a pool that has none to give; such errors bear no code. */
const LOST =
  /connection terminated|timeout exceeded when trying to connect|not queryable|connection ended|Connection terminated|Client was closed/;

/** An error of pg as a failure both engines share; any other error is returned as it is. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // Drizzle wraps what pg throws.
  const inner = error.cause instanceof Error ? error.cause : error;
  const { code = '' } = inner as { code?: string };
  const reason =
    reasons[code] ??
    (code.startsWith('08') || NETWORK.test(code) || LOST.test(inner.message) ? 'unavailable' : undefined);
  return reason ? new DatabaseFailure(reason, inner) : error;
}
