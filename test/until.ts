import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something holds, as a service does what it does in its own time; fails where it never does, after `patience` ms. */
export async function until(holds: () => unknown, patience = 20_000): Promise<true> {
  const end = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`In ${patience} ms this never held: ${holds}`);
    await pause(10);
  }
  return true;
}
