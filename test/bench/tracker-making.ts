/** What the parts of a made tracker share: chance, days, and how records are put in. */
import type { Engine } from '../../src/engine/engine.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { addRecords, type Made } from './bulk.ts';
import type { Chance, Voice } from './utterances.ts';

/** How much to make. */
export interface Size {
  readonly policies: number;
  readonly votes: number;
  readonly statements: number;
}

/** Called with the kind that is made, and how many there are. */
export type Progress = (what: string, done: number) => void;

/** What everything is made with. */
export interface Making {
  readonly engine: Engine;
  readonly size: Size;
  readonly chance: Chance;
  readonly voice: Voice;
  readonly progress: Progress;
}

/** Puts records of a kind in, and tells how far that is; returns their ids. */
export async function add(
  { engine, progress }: Making,
  kind: string,
  made: Iterable<Made>,
): Promise<string[]> {
  let done = 0;
  const counted = function* () {
    for (const one of made) {
      done += 1;
      if (done % 1000 === 0) progress(kind, done);
      yield one;
    }
  };
  const ids = await addRecords(engine, kindNamed(kind), counted());
  progress(kind, ids.length);
  return ids;
}

/** So many, each made by its place. */
export const list = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at));
/** One of them. */
export const pick = <T>(chance: Chance, from: readonly T[]): T =>
  from[Math.floor(chance() * from.length)] as T;

/** A number around `middle`, seldom many times as large: what lengths and counts are like. */
export function skewed(chance: Chance, middle: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return middle * Math.exp(spread * normal);
}

/** Whose policies are made. */
export interface Places {
  readonly city: string;
  readonly council: string;
  readonly committees: readonly string[];
  readonly topics: readonly string[];
}

/** A day as a date, counted from the first. */
export const dayOf = (day: number) => new Date(Date.UTC(2004, 0, 7 + day)).toISOString().slice(0, 10);
/** Days over which everything happens; the council meets every other week. */
export const DAYS = 20 * 365;
/** A policy that was made; `introduced` is a day from the first. */
export interface Policy {
  readonly id: string;
  readonly introduced: number;
  readonly title: string;
}
