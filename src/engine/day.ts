/** Days, in UTC. */

/** A day, in milliseconds. */
export const DAY = 24 * 60 * 60 * 1000;

let [number, text] = [Number.NaN, ''];

/** The day an instant falls on, as `YYYY-MM-DD`. Every request asks for that of now, so the last one is kept. */
export function dayOf(instant: Date): string {
  const day = Math.floor(instant.getTime() / DAY);
  if (day !== number) [number, text] = [day, instant.toISOString().slice(0, 10)];
  return text;
}
