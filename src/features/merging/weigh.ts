/** What speaks for and against two officials with names alike being one person. The guide tells the same points. */

import type { Frequencies, Pair } from './blocks.ts';
import { type Facts, isNation, type Office } from './facts.ts';
import type { Reason } from './names-alike.ts';
import { endsOf, generationOf, type Person } from './people.ts';

/** Points of everything but names. */
export const POINTS = {
  same_office: 0.35,
  same_place: 0.25,
  place_within: 0.15,
  same_party: 0.05,
  same_birth: 0.3,
  same_identifier: 0.3,
  rare_name: 0.05,
  common_name: -0.15,
  no_place_in_common: -0.15,
  one_generation: -0.1,
  other_party: -0.1,
  at_once_elsewhere: -0.35,
  other_generation: -0.5,
  seats_at_once: -0.5,
  other_identifier: -0.4,
  died_before: -0.5,
  other_birth: -0.6,
} as const;

const reason = (rule: keyof typeof POINTS, why: string): Reason => ({ rule, points: POINTS[rule], why });

/** Everything that speaks for or against a pair, names first. */
export function reasonsOf({ a, b, name }: Pair, of: (person: Person) => Facts, names: Frequencies): Reason[] {
  const [one, two] = [of(a), of(b)];
  return [
    name,
    ofGenerations(a, b),
    howCommon(a, b, names),
    inPlaces(one.offices, two.offices),
    atOnce(one.offices, two.offices),
    inParties(one.offices, two.offices),
    born(a, b),
    died(a, two.offices) ?? died(b, one.offices),
    ...identified(one.identifiers, two.identifiers),
  ].filter((reason) => reason !== undefined);
}

/** The score of some reasons, 0 to 1. */
export function scoreOf(reasons: readonly Reason[]): number {
  const sum = reasons.reduce((points, reason) => points + reason.points, 0);
  return Math.round(Math.min(1, Math.max(0, sum)) * 100) / 100;
}

/** A father and a son may have held one seat in turn. */
function ofGenerations({ name: a }: Person, { name: b }: Person): Reason | undefined {
  const [one, two] = [generationOf(a), generationOf(b)];
  if (one === two) return undefined;
  if (one && two) return reason('other_generation', `${one} and ${two}`);
  return reason('one_generation', `only one is ${one ?? two}`);
}

/** How many others chance alone would give a name, from which on it is common, and below which it is rare. */
const COMMON = 0.5;
const RARE = 0.05;
/** With fewer officials nothing can be told of names. */
const ENOUGH = 100;

function howCommon(a: Person, b: Person, { people, given, family }: Frequencies): Reason | undefined {
  if (people < ENOUGH) return undefined;
  // The two themselves do not count.
  const others = (counts: ReadonlyMap<string, number>, word: string) =>
    Math.max(0, (counts.get(word) ?? 0) - 2);
  const expected = [a, b].map(({ words }) => {
    const ends = endsOf(words);
    return (others(given, ends.given) * others(family, ends.family)) / people;
  });
  const most = Math.max(...expected);
  if (most >= COMMON) return reason('common_name', 'a common name');
  return most < RARE ? reason('rare_name', 'a rare name') : undefined;
}

function inPlaces(one: readonly Office[], two: readonly Office[]): Reason | undefined {
  const pairs = one.flatMap((a) => two.map((b) => [a, b] as const));
  const same = pairs.filter(([a, b]) => isSamePlace(a, b));
  const office = same.find(([a, b]) => isSameOffice(a, b) && mayBeAtOnce(a, b));
  if (office) return reason('same_office', `both ${office[0].role} of ${office[0].place} at one time`);
  if (same[0]) return reason('same_place', `both have held offices of ${same[0][0].place}`);
  const within = pairs.find(([a, b]) => isWithin(a, b) || isWithin(b, a));
  if (within) return reason('place_within', `offices of ${within[0].place} and ${within[1].place}`);
  // All places of a nation lie in it, which tells nothing.
  const local = ({ places }: Office) => places.length > 0 && !places.some(isNation);
  return one.some(local) && two.some(local) ? reason('no_place_in_common', 'no place in common') : undefined;
}

function isSamePlace(a: Office, b: Office): boolean {
  return a.places.some((place) => b.places.includes(place));
}

/** Whether a place of the first lies in one of the second, by their division ids. */
function isWithin(a: Office, b: Office): boolean {
  return a.places.some((place) =>
    b.places.some((above) => !isNation(above) && place.startsWith(`${above}/`)),
  );
}

function isSameOffice(a: Office, b: Office): boolean {
  const same = a.role !== null && a.role.toLowerCase() === b.role?.toLowerCase();
  return same && (a.seat === null || b.seat === null || a.seat === b.seat);
}

/** Whether two offices may have been held at one time; what is not known speaks for it. */
function mayBeAtOnce(a: Office, b: Office): boolean {
  const begins = (office: Office) => office.start_date ?? '';
  const ends = (office: Office) => (office.end_date === null ? '~' : `${office.end_date}~`);
  return begins(a) <= ends(b) && begins(b) <= ends(a);
}

/** Whether two offices were certainly held together for over a year: the old one often ends weeks after the new began. */
function wereAtOnce(a: Office, b: Office): boolean {
  if (a.start_date === null || b.start_date === null || endsUnknown(a) || endsUnknown(b)) return false;
  const from = Math.max(months(a.start_date, 12), months(b.start_date, 12));
  const to = Math.min(months(a.end_date ?? '9999', 1), months(b.end_date ?? '9999', 1));
  return to - from > 12;
}

const endsUnknown = ({ standing, end_date }: Office) => standing === 'former' && end_date === null;

/** Months of a date since the year 0; of a year alone, those of its month `otherwise`. */
function months(date: string, otherwise: number): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7) || otherwise);
}

function atOnce(one: readonly Office[], two: readonly Office[]): Reason | undefined {
  for (const a of one) {
    for (const b of two) {
      if (!wereAtOnce(a, b)) continue;
      if (isSamePlace(a, b) && a.role === b.role && a.seat !== null && b.seat !== null && a.seat !== b.seat)
        return reason('seats_at_once', `two seats of ${a.place} at once: ${a.seat} and ${b.seat}`);
      const local = [a, b].every(({ places }) => places.length > 0 && !places.some(isNation));
      if (local && !isSamePlace(a, b) && !isWithin(a, b) && !isWithin(b, a))
        return reason('at_once_elsewhere', `offices of ${a.place} and ${b.place} at once`);
    }
  }
  return undefined;
}

/** Candidates of several parties have them all: Democratic/Working Families. */
function inParties(one: readonly Office[], two: readonly Office[]): Reason | undefined {
  const [a, b] = [one, two].map(
    (offices) => new Set(offices.flatMap(({ party }) => party?.split('/') ?? [])),
  );
  if (!a?.size || !b?.size) return undefined;
  const common = [...a].find((party) => b.has(party));
  if (common) return reason('same_party', `both ${common}`);
  return reason('other_party', `${[...a].join(', ')} and ${[...b].join(', ')}`);
}

function born({ birth_date: a }: Person, { birth_date: b }: Person): Reason | undefined {
  if (a === null || b === null) return undefined;
  if (!a.startsWith(b) && !b.startsWith(a)) return reason('other_birth', `born ${a} and ${b}`);
  // A year in common is much less than a day.
  return a === b && a.length === DAY ? reason('same_birth', `both born ${a}`) : undefined;
}

const DAY = '2000-01-31'.length;

function died({ death_date }: Person, offices: readonly Office[]): Reason | undefined {
  const later = offices.find(
    ({ start_date }) => death_date !== null && start_date !== null && start_date > `${death_date}~`,
  );
  return later && reason('died_before', `died ${death_date}, and ${later.role} from ${later.start_date}`);
}

/** Systems in which a person has one name. */
const ONE_NAME = ['wikidata', 'bioguide', 'viaf', 'isni', 'govtrack'];
/** Numbers and codes, long enough that no two systems give one by chance; a name in words is that of all who bear it. */
const CODE = /^(?=.*\d).{6,}$/;

function identified(one: readonly string[], two: readonly string[]): Reason[] {
  const reasons: Reason[] = [];
  const [a, b] = [one, two].map((names) => names.map(parts));
  const shared = a?.find(({ name }) => CODE.test(name) && b?.some((other) => other.name === name));
  if (shared) reasons.push(reason('same_identifier', `both are called ${shared.name} elsewhere`));
  const other = ONE_NAME.find((scheme) => {
    const [mine, theirs] = [a, b].map((names) => names?.filter((found) => found.scheme === scheme) ?? []);
    return (
      mine?.length && theirs?.length && !mine.some(({ name }) => theirs.some((found) => found.name === name))
    );
  });
  if (other) reasons.push(reason('other_identifier', `two different names in ${other}`));
  return reasons;
}

function parts(identifier: string): { readonly scheme: string; readonly name: string } {
  const colon = identifier.indexOf(':');
  return { scheme: identifier.slice(0, colon), name: identifier.slice(colon + 1) };
}
