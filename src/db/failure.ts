/** What can go wrong in a database, in words that both engines share. */

/**
 * `unique`, `reference`, `check`: a constraint was broken, which the program's own checks let through only when
 * two writers race. `retry`: the database asks for the transaction to be run again. `unavailable`: it cannot be
 * reached, or not in time. `full`: it has no room left.
 */
export type FailureReason = 'unique' | 'reference' | 'check' | 'retry' | 'unavailable' | 'full';

/** A failure of the database itself; `cause` is the driver's error, for the log only. */
export class DatabaseFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, cause: unknown) {
    super(`database: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** How often a transaction that the database asks to run again is run, the first time included. */
export const ATTEMPTS = 4;

/** Runs a transaction again while the database asks for it: it was undone whole each time, so that is safe. */
export async function retried<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      const again = error instanceof DatabaseFailure && error.reason === 'retry' && attempt < ATTEMPTS;
      if (!again) throw error;
      // Others' transactions get a moment to end; longer each time.
      await new Promise((resolve) => setTimeout(resolve, attempt * 10));
    }
  }
}
