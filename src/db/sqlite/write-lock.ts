/** Taking the lock that a write begins with, of which a database has one for all processes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WriteTurns } from '../write-turns.ts';
import { LONGEST, unlocked } from './locked.ts';

/** How long after another process has written it is left a chance to do so again, in milliseconds. */
const LATELY = 1_000;

/** How long a process writes without leaving the lock for a moment to others that may be there, in milliseconds. */
const ALONE = 500;

/** Takes the lock by `begin`; resolves with what is to be called once the transaction is over. */
export type TakeLock = (begin: () => void) => Promise<() => void>;

/**
 * Makes the function that takes the lock: it waits `wait` milliseconds at most, and nothing else does meanwhile. One that
 * has just written leaves the lock for a moment to others that write, too: those who wait look every few milliseconds,
 * and would hardly ever find it free. `version` is a number that changes when another connection has committed.
 */
export function lockOf(version: () => number, wait: number, turns: WriteTurns | undefined): TakeLock {
  return turns ? byTurns(turns, wait) : byLuck(version, wait);
}

/** Takes it when it is this process's turn; others are those that have no turns, and are met by their lock alone. */
function byTurns(turns: WriteTurns, wait: number): TakeLock {
  let othersAt = Number.NEGATIVE_INFINITY;
  return async (begin) => {
    const until = performance.now() + wait;
    const giveBack = await turns.take(wait);
    let tries = 0;
    const attempt = () => {
      tries += 1;
      begin();
    };
    try {
      await unlocked(attempt, Math.max(0, until - performance.now()));
    } catch (error) {
      giveBack();
      throw error;
    }
    if (tries > 1) othersAt = performance.now();
    return () => {
      if (performance.now() - othersAt < LATELY) setTimeout(giveBack, LONGEST);
      else giveBack();
    };
  };
}

/** Takes it when it is free; whoever else writes is known by what has been committed. */
function byLuck(version: () => number, wait: number): TakeLock {
  let [known, othersAt, ownAt] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // When it was last free for long enough that whoever waits has looked.
  let freeAt = ownAt;
  return async (begin) => {
    const now = performance.now();
    const until = now + wait;
    const left = ownAt + LONGEST - now;
    const leaves = now - othersAt < LATELY || now - freeAt > ALONE;
    if (left > 0 && leaves) await pause(left);
    if (left <= 0 || leaves) freeAt = performance.now();
    await unlocked(begin, Math.max(0, until - performance.now()));
    const committed = version();
    if (committed !== known && known !== 0) othersAt = performance.now();
    known = committed;
    return () => {
      ownAt = performance.now();
    };
  };
}
