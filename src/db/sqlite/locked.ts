/** Waiting for the locks of other processes without holding up everything else that this process does. */
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseFailure } from '../failure.ts';

/** Longest time between two tries, in milliseconds: how much later than it could a process goes on. */
export const LONGEST = 6;

/** Whether an error of the driver, as it is or wrapped, says that another connection has what is asked for. */
function isLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' } = (error.cause instanceof Error ? error.cause : error) as { code?: string };
  // A snapshot that has been overtaken stays so, however long one waits.
  return /^SQLITE_(BUSY|LOCKED)/.test(code) && code !== 'SQLITE_BUSY_SNAPSHOT';
}

/**
 * Runs work that a lock may refuse: at once, and where it is refused again and again for `wait` milliseconds. Rejects
 * with a DatabaseFailure `unavailable` where it is refused until then; throws any other error as it is.
 */
export function unlocked<T>(work: () => T, wait: number): T | Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!isLocked(error)) throw error;
    return again(work, performance.now() + wait);
  }
}

async function again<T>(work: () => T, until: number): Promise<T> {
  for (let wait = 1; ; wait = Math.min(wait * 1.5, LONGEST)) {
    await pause(wait);
    try {
      return work();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (performance.now() >= until) throw new DatabaseFailure('unavailable', error);
    }
  }
}
