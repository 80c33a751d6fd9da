/** What a text holds, found by rules alone: no model, no network, the same answer every time. */
import { type DateFound, datesOf } from './dates.ts';
import { type IdentifierFound, identifiersOf } from './identifiers.ts';
import { isEnglish } from './language.ts';
import { formsOf, initialsOf, type Mention, mentionsOf, type Names } from './mentioned.ts';
import { type Run, runsOf } from './mentions.ts';
import { type Passage, passageOf } from './passage.ts';
import { type Quotation, quotationsOf } from './quotations.ts';
import { type Scene, sceneOf } from './reference.ts';
import { type Term, type Utterance, unattributed, utterancesOf } from './utterances.ts';

/** A text taken apart, before its names are looked up. */
export interface Reading {
  readonly passage: Passage;
  readonly quotations: readonly Quotation[];
  readonly runs: readonly Run[];
  readonly english: boolean;
  readonly why: string;
  /** The forms under which names are to be looked up. */
  readonly forms: readonly string[];
}

export interface Extract {
  readonly scene: Scene;
  readonly mentions: readonly Mention[];
  readonly utterances: readonly Utterance[];
  readonly terms: readonly Term[];
  readonly dates: readonly DateFound[];
  readonly identifiers: readonly IdentifierFound[];
}

/** Takes a text apart; `language` is that of its source, or null. */
export function read(text: string, language: string | null): Reading {
  const quotations = quotationsOf(text);
  const passage = passageOf(text, quotations);
  const { english, why } = isEnglish(passage.words, language);
  const runs = runsOf(passage);
  const initials = initialsOf(runs);
  const forms = [...new Set(runs.flatMap((run) => formsOf(run, initials)))];
  return { passage, quotations, runs, english, why, forms };
}

/** Finds what a text holds, with what is known of its names. */
export function extract(reading: Reading, names: Names, publishedOn: string | null): Extract {
  const { passage, quotations, runs, english } = reading;
  const all = mentionsOf(passage, runs, names);
  // In other languages capitals may mean nothing, so only names that are known in full are.
  const mentions = english ? all : all.filter(({ sure }) => sure && sure.score > 0.95);
  const scene = sceneOf(passage, mentions);
  return {
    scene,
    mentions,
    ...(english ? utterancesOf(scene, quotations) : unattributed(scene, quotations)),
    dates: datesOf(passage.text, publishedOn, english),
    identifiers: identifiersOf(passage.text),
  };
}
