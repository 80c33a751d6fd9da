/** Whose turn it is to write, where processes that share a database take turns: what asks for one. */

/** Gives turns to write to the processes of one machine, so that none of them waits much longer than another. */
export interface WriteTurns {
  /**
   * Waits for a turn, `ms` milliseconds at most; resolves with what gives it back. After that time it resolves all the
   * same: turns are for fairness, and the database's own lock decides.
   */
  take(ms: number): Promise<() => void>;
}
