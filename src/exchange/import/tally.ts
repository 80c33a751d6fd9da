/** What has become of an import's records so far. */
import type { Did } from '../../engine/batch.ts';
import { LISTED } from '../../model/import-runs.ts';
import type { Failed } from './check.ts';
import type { Page } from './paging.ts';
import type { LeftOut } from './record.ts';
import type { Outcome, Unresolved } from './write-page.ts';

/** How many records of a kind came to what. */
export type Counts = Readonly<Record<Did | 'skipped' | 'failed', number>>;

/** What is wrong with a record, and where it stands. */
export interface Failure {
  readonly file: string;
  readonly line: number | null;
  readonly kind: string | null;
  readonly pointer: string;
  readonly message: string;
  readonly expected: string | null;
  readonly got: unknown;
}

/** A reference that led nowhere. */
export interface Lost {
  readonly file: string;
  readonly line: number | null;
  readonly kind: string;
  readonly record_id: string;
  readonly pointer: string;
  readonly to: string;
  readonly name: string;
}

/** Something of which no record was made, and why. */
export interface Noted {
  readonly file: string;
  readonly line: number | null;
  readonly kind: string | null;
  readonly note: string;
}

/** A record that was met before, and is not in the input any more. */
export interface Gone {
  readonly collection: string;
  readonly kind: string;
  readonly record_id: string;
}

/** How many there are, and the first of them. */
export interface Listed<T> {
  readonly count: number;
  readonly listed: readonly T[];
}

export interface Tally {
  readonly read: number;
  readonly counts: ReadonlyMap<string | null, Counts>;
  readonly failures: readonly Failure[];
  readonly unresolvedCount: number;
  readonly unresolved: readonly Lost[];
  readonly leftOut: Listed<Noted>;
  /** Null until the input has been read to its end, and where nothing of it is known to be all. */
  readonly disappeared: Listed<Gone> | null;
  readonly jurisdictions: readonly string[];
}

const NONE: Counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };

export const NOTHING: Tally = {
  read: 0,
  counts: new Map(),
  failures: [],
  unresolvedCount: 0,
  unresolved: [],
  leftOut: { count: 0, listed: [] },
  disappeared: null,
  jurisdictions: [],
};

/** What there is to add. */
export interface Added {
  /** Records read by now. */
  readonly read: number;
  readonly did: readonly { readonly kind: string | null; readonly to: keyof Counts; readonly by?: number }[];
  readonly failures: readonly Failure[];
  readonly lost: readonly Lost[];
  readonly leftOut: readonly Noted[];
  readonly jurisdictions: readonly string[];
}

/** The tally with more added to it; lists stop growing at their end, counts do not. */
export function added(tally: Tally, { read, did, failures, lost, leftOut, jurisdictions }: Added): Tally {
  const counts = new Map(tally.counts);
  for (const { kind, to, by = 1 } of did) {
    const known = counts.get(kind) ?? NONE;
    counts.set(kind, { ...known, [to]: known[to] + by });
  }
  return {
    ...tally,
    read,
    counts,
    failures: longer(tally.failures, failures),
    unresolvedCount: tally.unresolvedCount + lost.length,
    unresolved: longer(tally.unresolved, lost),
    leftOut: listedWith(tally.leftOut, leftOut),
    jurisdictions: longer(
      tally.jurisdictions,
      jurisdictions.filter((id) => !tally.jurisdictions.includes(id)),
    ),
  };
}

/** A list with more at its end; all are counted, the first are kept. */
export function listedWith<T>({ count, listed }: Listed<T>, more: readonly T[]): Listed<T> {
  return { count: count + more.length, listed: longer(listed, more) };
}

function longer<T>(list: readonly T[], more: readonly T[]): readonly T[] {
  return more.length === 0 || list.length >= LISTED ? list : [...list, ...more].slice(0, LISTED);
}

/** The faults of records as a run lists them. */
export function failuresOf(failed: readonly Failed[]): Failure[] {
  return failed.flatMap(({ kind, place, faults }) =>
    faults.map(({ pointer = '', message, expected = null, got = null }) => ({
      ...place,
      kind,
      pointer,
      message,
      expected,
      got,
    })),
  );
}

/** What was left out, as a run lists it. */
export function notedOf(leftOut: readonly LeftOut[]): Noted[] {
  return leftOut.map(({ kind, place, note }) => ({ ...place, kind, note }));
}

/** References that led nowhere, as a run lists them. */
export function lostOf(unresolved: readonly Unresolved[]): Lost[] {
  return unresolved.map(({ item: { kind, place }, id, pointer, to, name }) => ({
    ...place,
    kind: kind.name,
    record_id: id,
    pointer,
    to,
    name,
  }));
}

/** What a page adds to the counts. */
export function countsOf({
  written,
  skipped,
  failed,
  leftOut,
}: Pick<Outcome, 'written' | 'skipped' | 'failed'> & Pick<Page, 'leftOut'>): Added['did'] {
  return [
    ...written.map(({ item, did }) => ({ kind: item.kind.name, to: did })),
    ...skipped.map(({ kind }) => ({ kind: kind.name, to: 'skipped' as const })),
    ...leftOut.map(({ kind }) => ({ kind, to: 'skipped' as const })),
    ...failed.map(({ kind }) => ({ kind, to: 'failed' as const })),
  ];
}

/** How many records came to something, all kinds together. */
export function total({ counts }: Pick<Tally, 'counts'>, to: keyof Counts): number {
  return [...counts.values()].reduce((sum, of) => sum + of[to], 0);
}

/** The tally of an import that was undone: of its kinds, what failed is left to tell, and the places it was of. */
export function undone({ counts, ...rest }: Tally): Tally {
  const failed = [...counts].map(([kind, { failed }]) => [kind, { ...NONE, failed }] as const);
  return { ...rest, counts: new Map(failed), unresolvedCount: 0, unresolved: [] };
}
