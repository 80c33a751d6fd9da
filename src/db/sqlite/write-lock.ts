/** Taking the lock that a write begins with, of which a database has one for all processes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WriteTurns } from '../write-turns.ts';
import { LONGEST, unlocked } from './locked.ts';

/** How long after another process has written it is left a chance to do so again, in milliseconds. */
const LATELY = 1_000;

/** What the lock needs of the connection that writes. */
export interface Writing {
  /** A number that changes when another connection, of whatever process, has committed. */
  readonly version: () => number;
}

/** Takes the lock; resolves with what is to be called once the transaction is over. */
export type TakeLock = (begin: () => void) => Promise<() => void>;

/**
 * Makes the function that takes the lock: it waits `wait` milliseconds at most, and nothing else does meanwhile. With
 * turns a process asks for one first. Without, one that has just written leaves the lock for a moment to others that
 * write, too: those who wait look every few milliseconds, and would hardly ever find it free.
 */
export function lockOf({ version }: Writing, wait: number, turns: WriteTurns | undefined): TakeLock {
  let [known, othersAt, ownAt] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const note = () => {
    const now = version();
    if (now !== known && known !== 0) othersAt = performance.now();
    known = now;
  };
  const leave = async () => {
    const now = performance.now();
    const left = ownAt + LONGEST - now;
    if (now - othersAt < LATELY && left > 0) await pause(left);
  };
  return async (begin) => {
    const until = performance.now() + wait;
    const giveBack = (await turns?.take(wait)) ?? (await leave());
    try {
      await unlocked(begin, Math.max(0, until - performance.now()));
    } catch (error) {
      giveBack?.();
      throw error;
    }
    note();
    return () => {
      ownAt = performance.now();
      giveBack?.();
    };
  };
}
