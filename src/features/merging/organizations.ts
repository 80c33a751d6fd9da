/** Organizations that may be one body: of one name, or of another name that the other has, in one place. */
import type { Database } from '../../db/database.ts';
import { kindNamed } from '../../model/kinds.ts';
import { nameWords } from '../suggest/names.ts';
import { MOST_TOGETHER, type TooMany } from './blocks.ts';
import { Best, type Candidate, type Candidates, candidate, type Named } from './candidate.ts';
import type { Reason } from './names-alike.ts';
import { allOf } from './walk.ts';
import { scoreOf } from './weigh.ts';

interface Body extends Named {
  readonly created_at: string;
  readonly classification: string | null;
  readonly jurisdiction_id: string | null;
  readonly parent_id: string | null;
  readonly other_names: readonly { readonly name: string }[];
}

interface Division {
  readonly id: string;
  readonly division_id: string | null;
}

const organizations = kindNamed('organization');

const FIELDS = [
  'id',
  'slug',
  'name',
  'created_at',
  'classification',
  'jurisdiction_id',
  'parent_id',
  'other_names',
] as const;

/** Points of organizations. */
export const BODY_POINTS = {
  same_name: 0.5,
  other_name: 0.45,
  same_place: 0.3,
  same_kind: 0.1,
  same_parent: 0.1,
  other_kind: -0.2,
  other_parent: -0.35,
} as const;

/** The organizations that may be one; only those that share a name are compared. Memory holds their names. */
export async function organizationsToMerge(db: Database, least: number): Promise<Candidates> {
  const byName = new Map<string, Body[]>();
  let looked = 0;
  for await (const body of allOf<Body>(db, organizations, FIELDS)) {
    looked += 1;
    for (const name of namesOf(body)) {
      const there = byName.get(name);
      if (there) there.push(body);
      else byName.set(name, [body]);
    }
  }
  const placeOf = await placesOf(db);
  const pairs = new Map<string, Candidate>();
  const tooMany: TooMany[] = [];
  for (const [key, bodies] of byName) {
    if (bodies.length > MOST_TOGETHER) tooMany.push({ key, count: bodies.length });
    else
      for (const [at, a] of bodies.entries())
        for (const b of bodies.slice(at + 1)) {
          const reasons = reasonsOf(a, b, placeOf);
          // In different places, or where one is not known, a name alone tells nothing: every town has a council.
          if (reasons)
            pairs.set(`${a.id} ${b.id}`, candidate(organizations, [a, b], scoreOf(reasons), reasons));
        }
  }
  const best = new Best(least);
  for (const pair of pairs.values()) best.add(pair);
  return { looked, weighed: pairs.size, ...best.result, too_many: tooMany };
}

function namesOf({ name, other_names }: Body): Set<string> {
  return new Set([name, ...other_names.map((other) => other.name)].map(plain).filter(Boolean));
}

const plain = (name: string) => nameWords(name).join(' ');

/** What tells places apart: two records of one place have one division. */
async function placesOf(db: Database): Promise<(id: string | null) => string | null> {
  const divisions = new Map<string, string>();
  for await (const { id, division_id } of allOf<Division>(db, kindNamed('jurisdiction'), [
    'id',
    'division_id',
  ]))
    divisions.set(id, division_id ?? id);
  return (id) => (id === null ? null : (divisions.get(id) ?? id));
}

const reason = (rule: keyof typeof BODY_POINTS, why: string): Reason => ({
  rule,
  points: BODY_POINTS[rule],
  why,
});

function reasonsOf(a: Body, b: Body, placeOf: (id: string | null) => string | null): Reason[] | undefined {
  const place = placeOf(a.jurisdiction_id);
  if (place === null || place !== placeOf(b.jurisdiction_id)) return undefined;
  const same = plain(a.name) === plain(b.name);
  const name = same
    ? reason('same_name', 'the same name')
    : reason('other_name', 'the one has a name of the other, or both have another in common');
  const reasons = [name, reason('same_place', 'of one place')];
  if (a.classification !== null && b.classification !== null)
    reasons.push(
      a.classification === b.classification
        ? reason('same_kind', `both ${a.classification}`)
        : reason('other_kind', `${a.classification} and ${b.classification}`),
    );
  if (a.parent_id !== null && b.parent_id !== null)
    reasons.push(
      a.parent_id === b.parent_id
        ? reason('same_parent', 'parts of one body')
        : reason('other_parent', 'parts of different bodies'),
    );
  return reasons;
}
