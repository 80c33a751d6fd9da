/** What has to be known of all divisions of an input before the first becomes a record: which there are, and which are one. */

import type { Row } from './rows.ts';
import { standingOf } from './types.ts';

/** Steps from one id to another that are the same, at most: more are a circle. */
const STEPS = 20;

/** The divisions of an input; memory holds their ids. */
export class Survey {
  /** Classifications of those that are jurisdictions. */
  readonly #governing = new Map<string, string>();
  readonly #named = new Set<string>();
  /** What an id is the same as. */
  readonly #same = new Map<string, string>();
  /** The ids of one place, by the one that the others are said to be the same as. */
  readonly #groups = new Map<string, string[]>();
  /** Numbers of the census, by id and the other way round. */
  readonly #geoids = new Map<string, string>();
  readonly #numbered = new Map<string, string>();

  /** Takes note of a row. */
  add({ id, name, sameAs, validFrom, validThrough, geoid }: Row): void {
    const standing = standingOf(id);
    if (!('classification' in standing) || this.#governing.has(id)) return;
    this.#governing.set(id, standing.classification);
    if (name !== '') this.#named.add(id);
    // What had a time of its own was a place of its own, whatever it became.
    if (sameAs !== '' && sameAs !== id && validFrom === '' && validThrough === '') this.#same.set(id, sameAs);
    if (geoid === '' || this.#numbered.has(geoid)) return;
    this.#geoids.set(id, geoid);
    this.#numbered.set(geoid, id);
  }

  /** Draws together what is the same, once all rows have been noted. */
  close(): void {
    for (const id of this.#same.keys()) {
      const chosen = this.#end(id);
      if (!this.#governing.has(chosen)) continue;
      this.#groups.set(chosen, [...(this.#groups.get(chosen) ?? []), id]);
    }
  }

  /** Whether a division is a jurisdiction that the input has a row of. */
  has(id: string): boolean {
    return this.#governing.has(id);
  }

  /** What a division is said to be the same as, at the end of the chain; itself where it is said to be nothing else. */
  #end(id: string): string {
    let at = id;
    for (let step = 0; step < STEPS; step += 1) {
      const next = this.#same.get(at);
      if (next === undefined) return at;
      at = next;
    }
    return id;
  }

  /**
   * The id under which a place becomes a record. Of a city and a county that are one it is the city’s, which its mayor,
   * its council and people call it by; otherwise the one that the others are the same as.
   */
  chosen(id: string): string {
    const end = this.#end(id);
    const group = this.#groups.get(end);
    if (group === undefined) return id;
    if (this.#governing.get(end) !== 'county') return end;
    return group.find((one) => this.#governing.get(one) === 'municipality' && this.#named.has(one)) ?? end;
  }

  /** The other ids of the place that is recorded under an id, in the order of the input. */
  others(chosen: string): string[] {
    const end = this.#end(chosen);
    const group = this.#groups.get(end);
    return group ? [end, ...group].filter((one) => one !== chosen) : [];
  }

  /** The number that a division has in the census; of two with one number the first has it. */
  geoid(id: string): string | undefined {
    return this.#geoids.get(id);
  }
}
