/** Two records that may be one, as they are offered to somebody who decides. */
import type { Kind } from '../../model/declare.ts';
import type { TooMany } from './blocks.ts';
import type { Reason } from './names-alike.ts';

/** One of two that may be one. */
export interface Named {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** Two records that may be one, and the request that makes them one. */
export interface Candidate {
  /** 0 to 1. */
  readonly score: number;
  /** The record that was here first, which others may refer to already. */
  readonly stays: Named;
  readonly merges: Named;
  readonly reasons: readonly Reason[];
  readonly request: {
    readonly method: 'POST';
    readonly path: string;
    readonly body: { readonly into: string };
  };
}

export interface Candidates {
  /** How many records were looked at. */
  readonly looked: number;
  /** How many pairs were weighed, as their names are alike. */
  readonly weighed: number;
  /** How many pairs have the score that was asked for. */
  readonly found: number;
  /** Those of them, best first, of more than 10,000 the best. */
  readonly candidates: readonly Candidate[];
  /** Names that too many bear for each to be compared with each. */
  readonly too_many: readonly TooMany[];
}

interface Dated extends Named {
  readonly created_at: string;
}

/**
 * Two records as a candidate. The older stays, as others may refer to it; of two that came together the one of which
 * more is known, by `weight`.
 */
export function candidate<R extends Dated>(
  kind: Kind,
  [a, b]: readonly [R, R],
  score: number,
  reasons: readonly Reason[],
  weight: (record: R) => number = () => 0,
): Candidate {
  const byAge = a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : weight(b) - weight(a);
  const [stays, merges] = (byAge || (a.id < b.id ? -1 : 1)) < 0 ? [a, b] : [b, a];
  return {
    score,
    stays: named(stays),
    merges: named(merges),
    reasons,
    request: { method: 'POST', path: `/v1/${kind.path}/${merges.id}/merge`, body: { into: stays.id } },
  };
}

const named = ({ id, slug, name }: Named): Named => ({ id, slug, name });

/** Pairs that are kept, at most: beyond that nobody reads. */
const MOST = 10_000;

/** Gathers candidates of a score and more, and keeps the best. */
export class Best {
  readonly #least: number;
  #kept: Candidate[] = [];
  #found = 0;

  constructor(least: number) {
    this.#least = least;
  }

  add(one: Candidate): void {
    if (one.score < this.#least) return;
    this.#found += 1;
    this.#kept.push(one);
    if (this.#kept.length === 2 * MOST) this.#kept = this.#best();
  }

  /** How many there were, and the best of them in order; those with one score by name. */
  get result(): Pick<Candidates, 'found' | 'candidates'> {
    return { found: this.#found, candidates: this.#best() };
  }

  #best(): Candidate[] {
    return this.#kept.toSorted((a, b) => b.score - a.score || (keyOf(a) < keyOf(b) ? -1 : 1)).slice(0, MOST);
  }
}

const keyOf = ({ stays, merges }: Candidate) => `${stays.name} ${stays.id} ${merges.id}`;
