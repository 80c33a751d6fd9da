/** Who a verb of saying is said of: the name, pronoun or noun before it, across commas, roles and auxiliaries. */
import type { Mention } from './mentioned.ts';
import { between, type Word } from './passage.ts';
import {
  isLikely,
  NOUN,
  nameOf,
  nounEnding,
  nounStarting,
  pronounOf,
  type Scene,
  type Speaker,
  wordOf,
} from './reference.ts';
import { AUXILIARIES, DETERMINERS, OPENERS, PRONOUNS, SAYING } from './vocabulary.ts';

/** Whether a word is a verb of saying where it stands, and not a noun: “he states”, but not “the states”. */
export function isSaying(scene: Scene, at: number): boolean {
  const word = scene.passage.words[at];
  if (word === undefined || word.capital || word.quoted >= 0 || !SAYING.has(word.lower)) return false;
  const before = scene.passage.words[at - 1];
  if (before === undefined || before.sentence !== word.sentence) return true;
  return !(DETERMINERS.has(before.lower) || ['of', 'in', 'for', 'united', 'by'].includes(before.lower));
}

/** Farthest a subject stands before its verb, in words. */
const FAR = 40;

/** The subject of the verb at an index; `first` is the first word of the sentence. */
export function subjectBefore(scene: Scene, first: number, verb: number): Speaker | undefined {
  const { passage, ending } = scene;
  const participle = wordOf(scene, verb).lower.endsWith('ing');
  let at = verb - 1;
  const lowest = Math.max(first, verb - FAR);
  while (at > lowest && isBetween(wordOf(scene, at)) && between(passage, at).trim() === '') at -= 1;
  if (at < first) return undefined;
  if (wordOf(scene, at).quoted >= 0) return subjectOf(scene, first, verb);
  const gap = between(passage, at);
  if (/[,—–]/.test(gap)) {
    const beside = besideComma(scene, lowest, at);
    return beside && !participle ? beside : (subjectOf(scene, first, verb) ?? beside);
  }
  const mention = ending.get(at);
  if (mention && mention.sort !== 'place' && !wordOf(scene, at).possessive) return nameOf(mention);
  const word = wordOf(scene, at);
  if (PRONOUNS.has(word.lower)) return pronounOf(scene, at);
  const noun = nounEnding(scene, lowest, at);
  if (noun && !(participle && noun.sort === 'noun')) return noun;
  return subjectOf(scene, first, verb) ?? noun;
}

function isBetween({ lower, quoted }: Word): boolean {
  return quoted < 0 && (AUXILIARIES.has(lower) || /^\p{L}{2,}ly$/u.test(lower));
}

/** The name that ends before a comma, or the one that what stands between two commas tells of. */
function besideComma(scene: Scene, lowest: number, at: number): Speaker | undefined {
  const { passage, ending } = scene;
  const inside = ending.get(at);
  let comma = at - 1;
  while (comma >= lowest && !/[,—–]/.test(between(passage, comma))) comma -= 1;
  const before = comma >= lowest ? ending.get(comma) : undefined;
  const whole = inside && inside.run.ahead === comma + 1;
  if (before?.sort === 'person' && !whole) return nameOf(before);
  if (inside && inside.sort !== 'place') return nameOf(inside);
  return before && before.sort !== 'place' ? nameOf(before) : undefined;
}

/** Most words of a sentence among which its subject is looked for. */
const OPENING = 60;

/** The subject of a sentence: its first name, pronoun or noun, after what opens it. */
export function subjectOf(scene: Scene, first: number, end: number): Speaker | undefined {
  const { passage, starting } = scene;
  const past = Math.min(end, first + OPENING);
  let at = first;
  if (OPENERS.has(wordOf(scene, first)?.lower)) {
    while (at < past && !between(passage, at).includes(',')) at += 1;
    at += 1;
  }
  for (; at < past; at += 1) {
    const word = wordOf(scene, at);
    if (word.quoted >= 0) continue;
    const mention = starting.get(at);
    if (mention && (mention.sort === 'person' || mention.sort === 'body' || isLikely(scene, mention))) {
      if (!wordOf(scene, mention.last).possessive) return nameOf(mention);
      at = mention.last;
      continue;
    }
    if (PRONOUNS.has(word.lower)) return pronounOf(scene, at);
    if (!DETERMINERS.has(word.lower)) continue;
    const noun = nounStarting(scene, at, past);
    if (noun) return noun;
  }
  return undefined;
}

/** The name or description that begins at a word: after “said” or “according to”. */
export function subjectAfter(scene: Scene, at: number, limit: number): Speaker | undefined {
  const word = scene.passage.words[at];
  if (word === undefined) return undefined;
  const mention = scene.starting.get(at);
  if (mention && wordOf(scene, mention.last).possessive) return ownOf(scene, mention, limit);
  if (mention && mention.sort !== 'place') return nameOf(mention);
  if (!DETERMINERS.has(word.lower)) return undefined;
  const inner = scene.starting.get(at + 1);
  if (inner && inner.sort !== 'place') return nameOf(inner);
  return nounStarting(scene, at, limit);
}

/** Somebody who is told of by somebody else: “said Ruiz’s deputy, Tom Bell”. */
function ownOf(scene: Scene, { run, last }: Mention, limit: number): Speaker | undefined {
  for (let at = last + 1; at < Math.min(limit, last + NOUN); at += 1) {
    const mention = scene.starting.get(at);
    if (mention && mention.sort !== 'place') return nameOf(mention);
  }
  const { passage } = scene;
  let end = last;
  while (end + 1 < Math.min(limit, last + NOUN) && between(passage, end) === ' ') end += 1;
  const printed = passage.text.slice(run.start, wordOf(scene, end).end);
  return end === last ? undefined : { printed, mention: undefined, sort: 'noun', through: undefined };
}
