/** Who spoke, by the words after a quotation. */
import { between, type Word } from './passage.ts';
import type { Scene, Speaker } from './reference.ts';
import { CERTAIN, type Frame, type Speech, speech } from './speech.ts';
import { isSaying, subjectAfter, subjectBefore } from './subject.ts';
import { DETERMINERS, INVERTED, PRONOUNS } from './vocabulary.ts';

/** Most words after a quotation among which its verb of saying is looked for. */
const AFTER = 25;

/** The words after a quotation: “…,” she said; “…,” said the mayor; “…,” according to the board. */
export function afterwards(scene: Scene, frame: Frame): Speech | undefined {
  const { passage } = scene;
  const { words, text } = passage;
  const { quotation, content, past } = frame;
  const start = words[past];
  if (start === undefined || start.quoted >= 0) return undefined;
  const gap = text.slice(quotation.close + 1, start.start);
  if (!/^[,\s—–-]*$/.test(gap) || /[\n\r]/.test(gap)) return undefined;
  const asked = /[?!]$/.test(content.trimEnd());
  // A question or exclamation may go on with a name: “Why?” Doe asked.
  const goesOn = past < frame.end || (asked && scene.starting.has(past));
  if (!goesOn) return undefined;
  const open = asked || /[,—–-]$/.test(content.trimEnd()) || gap.includes(',');
  const limit = Math.min(Math.max(frame.end, sentenceEnd(scene, past)), past + AFTER);
  const told = inverted(scene, past, limit) ?? named(scene, past, limit, open);
  if (told === undefined) return undefined;
  const end = attributionEnd(scene, past, limit);
  return speech(told.speaker, CERTAIN.after, told.why, frame, 'after', start.start, end);
}

function sentenceEnd({ passage }: Scene, at: number): number {
  const { sentence } = passage.words[at] as Word;
  return passage.sentences[sentence + 1] ?? passage.words.length;
}

/** Offset at which the words that say who spoke end: at the end of the sentence, or where the next quotation begins. */
function attributionEnd({ passage }: Scene, first: number, limit: number): number {
  let at = first;
  while (at + 1 < limit && (passage.words[at + 1] as Word).quoted < 0) at += 1;
  const { end, possessive } = passage.words[at] as Word;
  return possessive ? end + 2 : end;
}

interface Told {
  readonly speaker: Speaker | undefined;
  readonly why: string;
}

/** “…,” said Doe; “…,” according to the board. */
function inverted(scene: Scene, at: number, limit: number): Told | undefined {
  const word = scene.passage.words[at] as Word;
  const according = word.lower === 'according' && scene.passage.words[at + 1]?.lower === 'to';
  if (!according && !INVERTED.has(word.lower)) return undefined;
  const speaker = subjectAfter(scene, at + (according ? 2 : 1), limit);
  return (
    speaker && {
      speaker,
      why: `after the quotation: ${according ? 'according to' : word.lower} ${speaker.printed}`,
    }
  );
}

/** “…,” Doe said; “…,” the council said. */
function named(scene: Scene, at: number, limit: number, open: boolean): Told | undefined {
  const { passage, starting } = scene;
  const word = passage.words[at] as Word;
  const subject =
    PRONOUNS.has(word.lower) || starting.has(at) || DETERMINERS.has(word.lower) || isNoun(scene, at);
  if (!subject) return undefined;
  const verb = nextSaying(scene, at + 1, limit);
  if (verb === undefined) return undefined;
  const near =
    PRONOUNS.has(word.lower) || starting.has(at) ? verb <= (starting.get(at)?.last ?? at) + 2 : false;
  if (!open && !near) return undefined;
  const speaker = subjectBefore(scene, at, verb);
  const told = {
    speaker,
    why: `after the quotation: ${speaker?.through ?? speaker?.printed ?? '?'} ${passage.words[verb]?.lower}`,
  };
  return speaker?.mention ? told : (brokenOn(scene, verb, limit) ?? told);
}

function isNoun(scene: Scene, at: number): boolean {
  return (
    nextSaying(scene, at + 1, at + 4) !== undefined &&
    !isSaying(scene, at) &&
    !/^(?:and|but|or|of|to|in|for|by|from|on|that|which|who|as|with|at|when|because|is|was|are|were|has|have|had|will|would)$/.test(
      (scene.passage.words[at] as Word).lower,
    )
  );
}

function nextSaying(scene: Scene, from: number, limit: number): number | undefined {
  for (let at = from; at < limit; at += 1) {
    if (isSaying(scene, at)) return at;
    if (/[;:]/.test(between(scene.passage, at - 1))) return undefined;
  }
  return undefined;
}

/** A name after a full stop that is astray: “the council said. member Jane Doe told …”. */
function brokenOn(scene: Scene, verb: number, limit: number): Told | undefined {
  if (!between(scene.passage, verb).includes('.')) return undefined;
  const next = nextSaying(scene, verb + 1, limit);
  const speaker = next === undefined ? undefined : subjectBefore(scene, verb + 1, next);
  if (!speaker?.mention) return undefined;
  return {
    speaker,
    why: `after the quotation, in a sentence broken by a full stop: ${speaker.printed} ${scene.passage.words[next as number]?.lower}`,
  };
}
