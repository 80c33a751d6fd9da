/**
 * Whether a quotation is speech, and whose: the rules, tried in order. English only; each says why it fired.
 */
import type { Mention } from './mentioned.ts';
import { between, type Word, wordAt } from './passage.ts';
import type { Quotation } from './quotations.ts';
import { isSaying, type Scene, type Speaker, subjectAfter, subjectBefore, subjectOf } from './subject.ts';
import { DETERMINERS, INVERTED, NAMING, NAMING_NOUNS, PRONOUNS } from './vocabulary.ts';

export type Verdict = Speech | { readonly speech: false; readonly why: string };

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
const CERTAIN = {
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
/** Most words of a quotation that is taken for a term unless a verb of saying is right beside it. */
const TERM = 3;
/** Farthest a verb of saying stands from what is quoted, in words. */
const REACH = 15;
const AFTER = 25;

/** Judges a quotation. */
export function judge(scene: Scene, frame: Frame): Verdict {
  const { passage } = scene;
  const { first, past, content, sentence, quotation } = frame;
  const size = past - first;
  if (size === 0) return { speech: false, why: 'it has no word' };
  const before = first > sentence ? passage.words[first - 1] : undefined;
  if (before && before.quoted < 0 && NAMING_NOUNS.has(before.lower))
    return { speech: false, why: `a name or term: it follows “${before.lower}”` };
  const told = size > TERM || before === undefined ? ofLong(scene, frame) : ofShort(scene, frame, before);
  if (told)
    return quotation.unclosed
      ? { ...told, confidence: round(told.confidence - 0.2), why: `${told.why}; its closing mark is missing` }
      : told;
  if (size <= TERM) return { speech: false, why: 'a term: few words, and no verb of saying right beside it' };
  if (isTitled(content))
    return { speech: false, why: 'a title: its words begin with capitals, and no verb of saying is near' };
  const subject = subjectOf(scene, sentence, first);
  if (subject?.sort === 'document')
    return speech(
      subject,
      CERTAIN.far,
      `the sentence is about a document: ${subject.printed}`,
      frame,
      'before',
      sentenceStart(scene, frame),
    );
  return {
    speech: true,
    speaker: undefined,
    confidence: CERTAIN.alone,
    why: 'quoted at length, with no verb of saying near',
    attribution: undefined,
    where: 'none',
    direct: isSentence(content),
  };
}

function ofLong(scene: Scene, frame: Frame): Speech | undefined {
  return afterwards(scene, frame) ?? beforehand(scene, frame, REACH);
}

/** A small letter after a quotation, of a word that is likely what the quoted words describe: “sanctuary” city. */
const NOUN_AFTER =
  /^.? (?!(?:and|but|or|nor|to|in|of|for|on|when|as|that|if|because|while|with|at|by|after|before|during|about|from|rather|than|at)\b)\p{Ll}/u;

/** A few words within a sentence are somebody’s only where a verb of saying, or is and was, stands right before them. */
function ofShort(scene: Scene, frame: Frame, before: Word): Speech | undefined {
  const gap = between(scene.passage, frame.first - 1);
  const introduced =
    isSaying(scene, frame.first - 1) || (before.lower === 'that' && isSaying(scene, frame.first - 2));
  const goesOn = NOUN_AFTER.test(scene.passage.text.slice(frame.quotation.close, frame.quotation.close + 12));
  if ((introduced || gap.includes(':')) && !goesOn) return beforehand(scene, frame, 3);
  const predicate =
    /^(?:is|was|are|were|be|been|as|so|very|n['’]t|too|not)$/.test(before.lower) ||
    (isNamed(scene, frame) && !DETERMINERS.has(before.lower));
  if (!predicate || goesOn) return undefined;
  const after = afterwards(scene, frame);
  if (after) return { ...after, confidence: round(after.confidence - 0.2) };
  const told = beforehand(scene, frame, NAMED);
  if (told?.speaker === undefined || told.speaker.sort === 'noun') return undefined;
  return { ...told, confidence: CERTAIN.short };
}

/** Farthest a verb stands from the few words it is about, in words. */
const NAMED = 8;

/** Whether the verb before a quotation says what something is called: “called the plan ‘cruel’”. */
function isNamed(scene: Scene, { first, sentence }: Frame): boolean {
  for (let at = first - 1; at >= Math.max(sentence, first - NAMED); at -= 1)
    if (isSaying(scene, at)) return NAMING.has((scene.passage.words[at] as Word).lower);
  return false;
}

/** The words after a quotation: “…,” she said; “…,” said the mayor; “…,” according to the board. */
function afterwards(scene: Scene, frame: Frame): Speech | undefined {
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
    PRONOUNS.has(word.lower) || starting.has(at)
      ? verb <= ((starting.get(at) as Mention | undefined)?.last ?? at) + 2
      : false;
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

/** The words before a quotation: Doe said, “…”; Doe urged them to “…”; Doe: “…”. */
function beforehand(scene: Scene, frame: Frame, reach: number): Speech | undefined {
  const { passage, ending } = scene;
  const { first, sentence } = frame;
  const last = first - 1;
  if (last < sentence) return undefined;
  const start = sentenceStart(scene, frame);
  const colon = between(passage, last).includes(':');
  const mention = ending.get(last);
  if (colon && mention && mention.sort !== 'place') {
    const speaker = { printed: mention.printed, mention, sort: 'name', through: undefined } as const;
    return speech(
      speaker,
      CERTAIN.before,
      `before the quotation: ${mention.printed} and a colon`,
      frame,
      'before',
      start,
    );
  }
  const source = accordingTo(scene, sentence, first);
  if (source)
    return speech(
      source,
      CERTAIN.before,
      `before the quotation: according to ${source.printed}`,
      frame,
      'before',
      start,
    );
  const verb = lastSaying(scene, last, Math.max(sentence, first - reach));
  if (verb === undefined) return colon ? introduced(scene, frame, start) : undefined;
  const word = (passage.words[verb] as Word).lower;
  const near = last - verb <= 2;
  const speaker = subjectBefore(scene, sentence, verb);
  const certain = near ? CERTAIN.before : CERTAIN.far;
  const why = `before the quotation: ${speaker ? (speaker.through ?? speaker.printed) : 'nobody who is named'} … ${word}`;
  const made = speech(speaker, certain, why, frame, 'before', start);
  return { ...made, direct: colon || (last - verb <= 1 && !NAMING.has(word)) };
}

/** According to Doe, “…” */
function accordingTo(scene: Scene, sentence: number, first: number): Speaker | undefined {
  const { words } = scene.passage;
  if (words[sentence]?.lower !== 'according' || words[sentence + 1]?.lower !== 'to') return undefined;
  return subjectAfter(scene, sentence + 2, first);
}

/** She shrugged: “…” */
function introduced(scene: Scene, frame: Frame, start: number): Speech | undefined {
  const speaker = subjectOf(scene, frame.sentence, frame.first);
  if (speaker === undefined || speaker.sort === 'noun') return undefined;
  const why = `before the quotation: ${speaker.through ?? speaker.printed} … and a colon`;
  return { ...speech(speaker, CERTAIN.colon, why, frame, 'before', start), direct: true };
}

function lastSaying(scene: Scene, from: number, lowest: number): number | undefined {
  for (let at = from; at >= lowest; at -= 1) if (isSaying(scene, at)) return at;
  return undefined;
}

function sentenceStart({ passage }: Scene, { sentence }: Frame): number {
  return passage.words[sentence]?.start ?? 0;
}

function speech(
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

function isTitled(content: string): boolean {
  const words = content.split(/\s+/).filter((word) => /\p{L}{4}/u.test(word));
  const capitals = words.filter((word) => /^[^\p{L}]*\p{Lu}/u.test(word)).length;
  return words.length > 1 && capitals === words.length && !/[.!?]$/.test(content);
}

function round(value: number): number {
  return Math.max(0, Math.round(value * 100) / 100);
}
