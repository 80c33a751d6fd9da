/**
 * Whether a quotation is speech, and whose: the rules, tried in order. English only; each says why it fired.
 */
import { afterwards } from './after.ts';
import { beforehand } from './before.ts';
import { between, type Word } from './passage.ts';
import type { Scene } from './reference.ts';
import { CERTAIN, type Frame, isSentence, round, type Speech, sentenceStart, speech } from './speech.ts';
import { isSaying, subjectOf } from './subject.ts';
import { DETERMINERS, NAMING, NAMING_NOUNS } from './vocabulary.ts';

/** Whether it is speech, and if not, why. */
export type Verdict = Speech | { readonly speech: false; readonly why: string };

/** Most words of a quotation that is taken for a term unless a verb of saying is right beside it. */
const TERM = 3;
/** Farthest a verb of saying stands from what is quoted, in words. */
const REACH = 15;

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
  const after = scene.passage.text.slice(frame.quotation.close, frame.quotation.close + 12);
  const goesOn = !/[.!?]$/.test(frame.content) && NOUN_AFTER.test(after);
  if ((introduced || gap.includes(':')) && !goesOn) return beforehand(scene, frame, 3);
  const predicate =
    /^(?:is|was|are|were|be|been|as|so|very|too|not|\w+n['’]t)$/.test(before.lower) ||
    (isNamed(scene, frame) && !DETERMINERS.has(before.lower));
  if (!predicate || goesOn) return undefined;
  const afterward = afterwards(scene, frame);
  if (afterward) return { ...afterward, confidence: round(afterward.confidence - 0.2) };
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

function isTitled(content: string): boolean {
  const words = content.split(/\s+/).filter((word) => /\p{L}{4}/u.test(word));
  const capitals = words.filter((word) => /^[^\p{L}]*\p{Lu}/u.test(word)).length;
  return words.length > 1 && capitals === words.length && !/[.!?]$/.test(content);
}
