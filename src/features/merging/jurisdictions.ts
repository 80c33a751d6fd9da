/** Jurisdictions that are one place, as they have one division id: each its own, or the one the other’s in `same_as`. */
import type { Database } from '../../db/database.ts';
import { kindNamed } from '../../model/kinds.ts';
import { Best, type Candidate, type Candidates, candidate, type Named } from './candidate.ts';
import { allOf } from './walk.ts';

interface Place extends Named {
  readonly created_at: string;
  readonly classification: string;
  readonly division_id: string | null;
  readonly same_as: readonly string[];
}

const jurisdictions = kindNamed('jurisdiction');

const FIELDS = ['id', 'slug', 'name', 'created_at', 'classification', 'division_id', 'same_as'] as const;

/** Points of two that have one division id; less where they are different kinds of place. */
const SAME_DIVISION = 1;
const OTHER_KIND = -0.5;

/** The jurisdictions that are one place; memory holds all that have a division id. */
export async function jurisdictionsToMerge(db: Database, least: number): Promise<Candidates> {
  const holders = new Map<string, Place[]>();
  const pairs = new Map<string, Candidate>();
  let looked = 0;
  for await (const place of allOf<Place>(db, jurisdictions, FIELDS)) {
    looked += 1;
    const divisions = new Set([place.division_id, ...place.same_as].filter((one) => one !== null));
    for (const division of divisions) {
      const others = holders.get(division) ?? [];
      holders.set(division, [...others, place]);
      for (const other of others) pairs.set(`${other.id} ${place.id}`, paired([other, place], division));
    }
  }
  const best = new Best(least);
  for (const pair of pairs.values()) best.add(pair);
  return { looked, weighed: pairs.size, ...best.result, too_many: [] };
}

function paired([a, b]: readonly [Place, Place], division: string): Candidate {
  const reasons = [{ rule: 'same_division', points: SAME_DIVISION, why: `both ${division}` }];
  if (a.classification !== b.classification)
    reasons.push({
      rule: 'other_kind',
      points: OTHER_KIND,
      why: `${a.classification} and ${b.classification}`,
    });
  const score = reasons.reduce((sum, { points }) => sum + points, 0);
  return candidate(jurisdictions, [a, b], Math.round(score * 100) / 100, reasons);
}
