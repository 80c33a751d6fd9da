/**
 * The rule by which a field's evidence is judged. It goes by the live citations of the field whose sources are not
 * retracted, and by nothing else, so that everybody can follow it.
 */
import type { Field } from '../../model/declare.ts';
import { conflictBasis } from '../../model/vocabularies.ts';
import { isSameValue, saysSame } from './agreeing.ts';

/** What one citation says of a field. */
export interface Saying {
  readonly citation_id: string;
  readonly source_id: string;
  /** The source's publisher, or the source itself where it has none: who speaks. */
  readonly voice: string;
  /** Null where the citation points at the field without giving a value; then it bears the field out as it is. */
  readonly value: unknown;
  readonly rank: 'preferred' | 'normal' | 'deprecated';
  /** When the source was published, as a partial date. */
  readonly published_on: string | null;
  readonly retracted: boolean;
}

/** How well a field stands. */
export type State = 'supported' | 'disputed' | 'unsupported';

/** A saying held against the record. */
export interface Judged extends Saying {
  /** Whether it says what the record holds. */
  readonly agrees: boolean;
  /** Whether it was true once: the value moves on with time, and a newer source says what the record holds. */
  readonly superseded: boolean;
}

/** Holds each saying against what the record holds. */
export function judge(field: Field | undefined, held: unknown, sayings: readonly Saying[]): Judged[] {
  const agreeing = (saying: Saying) => saying.value === null || saysSame(field, held, saying.value);
  const standing = sayings.filter((saying) => !saying.retracted && agreeing(saying));
  const newest = standing.map(({ published_on }) => published_on ?? '').reduce((a, b) => (a > b ? a : b), '');
  return sayings.map((saying) => {
    const agrees = agreeing(saying);
    const older =
      saying.rank === 'deprecated' || (saying.published_on !== null && isBefore(saying.published_on, newest));
    const superseded = !agrees && field?.progresses === true && standing.length > 0 && older;
    return { ...saying, agrees, superseded };
  });
}

/** Whether a partial date certainly lies before another: a month does not lie before its days. */
function isBefore(one: string, other: string): boolean {
  return one < other && !other.startsWith(one);
}

/**
 * How a field stands. Deprecated sayings (known to be wrong), those of retracted sources and superseded ones count
 * neither for nor against it. `disputed`: some other saying differs from what the record holds. `supported`: some
 * say it, and none differs. `unsupported`: nothing that counts says anything.
 */
export function stateOf(judged: readonly Judged[]): State {
  const counting = judged.filter(
    ({ rank, retracted, superseded }) => rank !== 'deprecated' && !retracted && !superseded,
  );
  if (counting.some(({ agrees }) => !agrees)) return 'disputed';
  return counting.length > 0 ? 'supported' : 'unsupported';
}

/** A value that sources give, with those that give it. */
export interface Group {
  readonly value: unknown;
  readonly agrees: boolean;
  readonly citations: readonly Pick<Saying, 'citation_id' | 'source_id' | 'rank' | 'published_on'>[];
}

/** A field on which sources disagree. */
export interface Dispute {
  /** `settled`: all that differ from what the record holds are known to be wrong (deprecated). */
  readonly state: 'open' | 'settled';
  readonly values: readonly Group[];
  /** Why the record holds what it does, as a word and as a sentence. */
  readonly basis: Basis;
  readonly reason: string;
}

export type Basis = keyof typeof conflictBasis.words;

/** The dispute over a field, or undefined where the sources agree with the record and with one another. */
export function disputeOf(
  field: Field | undefined,
  held: unknown,
  sayings: readonly Saying[],
): Dispute | undefined {
  const valued = sayings.filter(({ value, retracted }) => value !== null && !retracted);
  const judged = judge(field, held, valued).filter(({ superseded }) => !superseded);
  const values = grouped(field, judged);
  const differing = judged.filter(({ agrees }) => !agrees);
  // Of a list each source may give other items; those that the record holds do not differ from each other.
  if (differing.length === 0 && (Array.isArray(held) || !areApart(field, values))) return undefined;
  const open = stateOf(judged) === 'disputed' || differing.length === 0;
  const basis = basisOf(judged);
  return { state: open ? 'open' : 'settled', values, basis, reason: conflictBasis.words[basis] as string };
}

/** Whether some of the values differ from each other, as two days of the month that the record holds do. */
function areApart(field: Field | undefined, values: readonly Group[]): boolean {
  return values.some(({ value: one }, at) =>
    values.slice(at + 1).some(({ value: other }) => !saysSame(field, one, other)),
  );
}

function grouped(field: Field | undefined, judged: readonly Judged[]): Group[] {
  const groups: { value: unknown; agrees: boolean; citations: Judged[] }[] = [];
  const inOrder = [...judged].sort((a, b) => (a.citation_id < b.citation_id ? -1 : 1));
  for (const one of inOrder) {
    const same = groups.find(
      ({ value, agrees }) => agrees === one.agrees && isSameValue(field, value, one.value),
    );
    if (same) same.citations.push(one);
    else groups.push({ value: one.value, agrees: one.agrees, citations: [one] });
  }
  groups.sort((a, b) => Number(b.agrees) - Number(a.agrees));
  return groups.map(({ value, agrees, citations }) => ({
    value,
    agrees,
    citations: citations.map(({ citation_id, source_id, rank, published_on }) => ({
      citation_id,
      source_id,
      rank,
      published_on,
    })),
  }));
}

/** The first of the reasons that holds, in the order of the vocabulary. */
function basisOf(judged: readonly Judged[]): Basis {
  const agreeing = judged.filter(({ agrees }) => agrees);
  const differing = judged.filter(({ agrees }) => !agrees);
  if (agreeing.length === 0) return 'no_source';
  const preferred = (some: readonly Judged[]) => some.some(({ rank }) => rank === 'preferred');
  if (preferred(agreeing) && !preferred(differing)) return 'preferred';
  if (differing.length > 0 && differing.every(({ rank }) => rank === 'deprecated'))
    return 'others_deprecated';
  const dates = differing.map(({ published_on }) => published_on);
  const newest = agreeing.some(
    ({ published_on }) =>
      published_on !== null && dates.every((date) => date !== null && isBefore(date, published_on)),
  );
  if (newest && differing.length > 0) return 'newest';
  const voices = (some: readonly Judged[]) => new Set(some.map(({ voice }) => voice)).size;
  return voices(agreeing) > voices(differing) ? 'most_publishers' : 'undecided';
}
