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
  // Lets nobody in: it was renamed or closed, or its role was, as while another is put in its place.
  '3D000': 'unavailable',
  '28000': 'unavailable',
  '28P01': 'unavailable',
  '55000': 'unavailable',
  '55P03': 'unavailable',
  '53100': 'full',
  '53200': 'full',
  // A replica, or a server made read-only during a switch-over.
  '25006': 'unavailable',
  // A transaction that stood still for too long was ended.
  '25P03': 'unavailable',
  '25P04': 'unavailable',
};

/** The system's own codes for a server that is not there, or went away. */
const NETWORK = /^(ECONN|ENOENT|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE)/;

/** What pg says of a pool that has none to lend, and of a server that does not answer; such errors bear no code. */
const EXHAUSTED = 'timeout exceeded when trying to connect';
const SILENT = 'Query read timeout';
const UNCONNECTED = 'timeout expired';

/** What it says of lost connections. */
const LOST = /connection terminated|not queryable|connection ended|Connection terminated|Client was closed/;

/** What pg threw, which Drizzle wraps. */
function causeOf(error: Error): Error & { readonly code?: string } {
  return error.cause instanceof Error ? error.cause : error;
}

/** Of servers that are well: a lock or a statement waited for as long as it may, or there were too many connections. */
const WELL = ['55P03', '57014', '53300'];

/** Whether an error says that its connection is of no more use: it was lost, or its server is no longer the one that writes. */
export function isLost(error: unknown): boolean {
  const failure = asFailure(error);
  if (!(failure instanceof DatabaseFailure) || failure.reason !== 'unavailable') return false;
  return !WELL.includes(causeOf(failure).code ?? '');
}

/**
 * Whether what failed so, as the first thing on a connection that was idle before, may do on another one. Where it was
 * silence that ended it, waiting again would take as long.
 */
export function wasCut(error: unknown): boolean {
  return isLost(error) && !wasSilent(error);
}

/** Whether a pool had no connection to lend in time. */
export function isExhausted({ cause }: DatabaseFailure): boolean {
  return cause instanceof Error && cause.message === EXHAUSTED;
}

/** Not prepared, or prepared already: what a statement meets where one before it, which prepared it for both, failed. */
const UNPREPARED = ['26000', '42P05'];

/** Whether a statement was not run, as another one on its connection failed. */
export function isUnprepared(error: unknown): boolean {
  return error instanceof Error && UNPREPARED.includes(causeOf(error).code ?? '');
}

/** Whether a server did not answer in time, nor said why. */
export function wasSilent(error: unknown): boolean {
  return error instanceof Error && [SILENT, UNCONNECTED].includes(causeOf(error).message);
}

/** An error of pg as a failure both engines share; any other error is returned as it is. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const inner = causeOf(error);
  const reason = reasons[inner.code ?? ''] ?? (isAway(inner) ? 'unavailable' : undefined);
  return reason ? new DatabaseFailure(reason, inner) : error;
}

function isAway({ code = '', message }: Error & { readonly code?: string }): boolean {
  return (
    code.startsWith('08') ||
    NETWORK.test(code) ||
    LOST.test(message) ||
    message === EXHAUSTED ||
    message === SILENT ||
    message === UNCONNECTED
  );
}
