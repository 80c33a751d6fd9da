/** A quotation among the words around it, and what is told of who spoke. */
import { type Word, wordAt } from './passage.ts';
import type { Quotation } from './quotations.ts';
import type { Scene, Speaker } from './reference.ts';

export interface Speech {
  readonly speech: true;
  readonly speaker: Speaker | undefined;
  readonly confidence: number;
  readonly why: string;
  /** The words that say who spoke: offsets, or undefined where none do. */
  readonly attribution: { readonly start: number; readonly end: number } | undefined;
  /** Where the words that say so stand. */
  readonly where: 'before' | 'after' | 'none';
  /** Whether the verb of saying introduces it directly, so that it is a sentence of its own. */
  readonly direct: boolean;
}

/** A quotation among the words of its passage. */
export interface Frame {
  readonly quotation: Quotation;
  readonly content: string;
  /** Words inside: index of the first, and past the last. */
  readonly first: number;
  readonly past: number;
  /** First word of its sentence, and past the last word of the sentence its end stands in. */
  readonly sentence: number;
  readonly end: number;
}

/** Places a quotation among the words of the scene. */
export function frameOf({ passage }: Scene, quotation: Quotation): Frame {
  const { words, text, sentences } = passage;
  const first = wordAt(words, quotation.open);
  const past = wordAt(words, quotation.close);
  const number = (words[first] as Word | undefined)?.sentence ?? 0;
  const last = (words[past - 1] as Word | undefined)?.sentence ?? 0;
  return {
    quotation,
    content: quotation.pieces.map(({ start, end }) => text.slice(start, end)).join('\n'),
    first,
    past,
    sentence: sentences[number] ?? 0,
    end: sentences[last + 1] ?? words.length,
  };
}

/** Confidence of each way of telling who spoke. */
export const CERTAIN = {
  after: 0.95,
  before: 0.95,
  far: 0.8,
  colon: 0.7,
  short: 0.6,
  unnamed: 0.4,
  alone: 0.3,
} as const;
/** What a pronoun or a description takes off. */
const INDIRECT: Readonly<Record<Speaker['sort'], number>> = {
  name: 0,
  body: 0,
  document: 0.1,
  pronoun: 0.1,
  noun: 0.2,
};
/** Where the sentence that a quotation stands in begins: an offset. */
export function sentenceStart({ passage }: Scene, { sentence }: Frame): number {
  return passage.words[sentence]?.start ?? 0;
}

/** What is told of a quotation: how sure that is follows from the way of telling, and from how the speaker is named. */
export function speech(
  speaker: Speaker | undefined,
  certain: number,
  why: string,
  frame: Frame,
  where: 'before' | 'after',
  start: number,
  end = frame.quotation.open,
): Speech {
  const confidence = speaker === undefined ? CERTAIN.unnamed : round(certain - INDIRECT[speaker.sort]);
  const resolved = speaker?.through && speaker.mention ? `${why}, which stands for ${speaker.printed}` : why;
  return {
    speech: true,
    speaker,
    confidence,
    why: resolved,
    attribution: { start, end },
    where,
    direct: where === 'after',
  };
}

/** Whether a text stands as a sentence: it begins with a capital and ends with a stop or a comma. */
export function isSentence(content: string): boolean {
  return /^[^\p{L}\p{N}]*[\p{Lu}\p{N}]/u.test(content) && /[.!?,…—–-]['’”"]?\s*$/u.test(content);
}

/** A confidence, to the hundredth. */
export function round(value: number): number {
  return Math.max(0, Math.round(value * 100) / 100);
}
