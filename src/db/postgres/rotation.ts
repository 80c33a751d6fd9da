/** Which replicas may answer: those that can be reached, follow the primary, and are not too far behind it. */
import type { Absence } from '../database.ts';
import type { Standing } from './probe.ts';

/** Where the primary's log was when it was first seen there. */
interface Seen {
  readonly position: number;
  readonly at: number;
}

/** How long the past of the primary is remembered, in milliseconds; further behind is further behind. */
const REMEMBERED = 600_000;

/** What is known of a primary's log: where it was when. */
export class Past {
  #seen: Seen[] = [];
  #newest: Standing | undefined;

  /** The newest answer of the primary; undefined before the first. */
  get newest(): Standing | undefined {
    return this.#newest;
  }

  /** Takes in an answer of the primary. */
  note(standing: Standing): void {
    // Another server, or one that was set back: what was before says nothing of it.
    const last = this.#newest;
    if (last && (last.cluster !== standing.cluster || last.position > standing.position)) this.#seen = [];
    this.#newest = standing;
    const { position, asked } = standing;
    if (this.#seen.at(-1)?.position !== position) this.#seen.push({ position, at: asked });
    const from = this.#seen.findIndex(({ at }) => at > asked - REMEMBERED);
    if (from > 1) this.#seen.splice(0, from - 1);
  }

  /**
   * How long a replica at a position has been without something that the primary had, in milliseconds; while the primary
   * cannot be reached nothing is known to be missing that was not missing before.
   */
  lagAt(position: number): number {
    const missing = this.#seen.find((one) => one.position > position);
    return missing && this.#newest ? Math.max(0, this.#newest.asked - missing.at) : 0;
  }
}

/** Why a replica that answered so may not answer requests; undefined where it may. */
export function absenceOf(replica: Standing, past: Past, tolerated: number): Absence | undefined {
  if (!replica.standby) return 'no-standby';
  const primary = past.newest;
  if (primary === undefined) return undefined;
  if (primary.cluster !== replica.cluster) return 'other-history';
  // A primary sends nothing that it has not on its own disk.
  if (replica.position > primary.position && primary.asked >= replica.answered) return 'other-history';
  return past.lagAt(replica.position) > tolerated ? 'lagging' : undefined;
}
