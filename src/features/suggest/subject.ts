/** Who a verb of saying is said of: the name, pronoun or noun before it, across commas, roles and auxiliaries. */
import type { Mention } from './mentioned.ts';
import { isTitle } from './mentions.ts';
import { between, type Passage, type Word } from './passage.ts';
import {
  AUXILIARIES,
  BODY_HEADS,
  DETERMINERS,
  DOCUMENTS,
  OPENERS,
  PERSONAL,
  PRONOUNS,
  SAYING,
} from './vocabulary.ts';

/** A passage with its names, ready to be asked who speaks. */
export interface Scene {
  readonly passage: Passage;
  readonly mentions: readonly Mention[];
  /** Mentions by the index of their first word (titles before it included), and of their last. */
  readonly starting: ReadonlyMap<number, Mention>;
  readonly ending: ReadonlyMap<number, Mention>;
}

export interface Speaker {
  /** The name as printed: of a pronoun, that of whom it stands for. */
  readonly printed: string;
  readonly mention: Mention | undefined;
  readonly sort: 'name' | 'pronoun' | 'body' | 'document' | 'noun';
  /** The pronoun or noun that was resolved to the name. */
  readonly through: string | undefined;
}

/** Makes a scene. */
export function sceneOf(passage: Passage, mentions: readonly Mention[]): Scene {
  return {
    passage,
    mentions,
    starting: new Map(
      mentions.flatMap((one) => [[one.run.ahead, one] as const, [one.run.first, one] as const]),
    ),
    ending: new Map(mentions.map((one) => [one.last, one] as const)),
  };
}

const wordOf = ({ passage }: Scene, at: number) => passage.words[at] as Word;

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

/** The subject of a sentence: its first name, pronoun or noun, after what opens it. */
export function subjectOf(scene: Scene, first: number, end: number): Speaker | undefined {
  const { passage, starting } = scene;
  let at = first;
  if (OPENERS.has(wordOf(scene, first)?.lower)) {
    while (at < end && !between(passage, at).includes(',')) at += 1;
    at += 1;
  }
  for (; at < end; at += 1) {
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
    const noun = nounStarting(scene, at, end);
    if (noun) return noun;
  }
  return undefined;
}

/** Whether a name that nothing tells of is likely a person’s: two to four words, after no article or preposition. */
function isLikely({ passage }: Scene, { sort, run }: Mention): boolean {
  const size = run.last - run.first;
  if (sort !== 'open' || size < 1 || size > 3) return false;
  const [name, before] = [passage.words[run.first] as Word, passage.words[run.ahead - 1]];
  if (before === undefined || before.sentence !== name.sentence) return true;
  return !OPENERS.has(before.lower) && !DETERMINERS.has(before.lower) && before.lower !== 'and';
}

function nameOf(mention: Mention): Speaker {
  const { sort, printed } = mention;
  return { printed, mention, sort: sort === 'body' ? 'body' : 'name', through: undefined };
}

/** Whom a pronoun stands for: he, she and they for the person named last before it, it for the body. */
export function pronounOf(scene: Scene, at: number): Speaker | undefined {
  const { lower, start, text } = wordOf(scene, at);
  const sort = PERSONAL.has(lower) ? 'person' : 'body';
  const last =
    lastBefore(scene, start, (one) => one.sort === sort && mayBe(lower, one)) ??
    (sort === 'person' ? lastBefore(scene, start, (one) => isLikely(scene, one)) : undefined);
  if (last === undefined) return { printed: text, mention: undefined, sort: 'pronoun', through: text };
  return { printed: last.printed, mention: last, sort: 'pronoun', through: text };
}

const HERS = /\b(?:mrs|ms|miss|dame|\p{L}*woman)\b/iu;
const HIS = /\b(?:mr|sir|congressman|councilman|assemblyman|spokesman)\b/iu;

/** Whether a pronoun can be that of a person, as far as the title or role tells. */
function mayBe(pronoun: string, { run: { title, role } }: Mention): boolean {
  const told = `${title ?? ''} ${role ?? ''}`;
  return pronoun === 'he' ? !HERS.test(told) : pronoun === 'she' ? !HIS.test(told) : true;
}

/** Most names that are gone back over for the one a word refers to. */
const BACK = 200;

function lastBefore(scene: Scene, start: number, holds: (one: Mention) => boolean): Mention | undefined {
  const { mentions, passage } = scene;
  let [low, high] = [0, mentions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mentions[middle] as Mention).start < start) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= Math.max(0, low - BACK); at -= 1) {
    const one = mentions[at] as Mention;
    if (holds(one) && (passage.words[one.run.first] as Word).quoted < 0) return one;
  }
  return undefined;
}

/** Most words of a description: “a spokesperson for the school board”. */
const NOUN = 6;

/** A description that ends at a word: “the council”, “A resolution”, “city officials”. */
function nounEnding(scene: Scene, lowest: number, end: number): Speaker | undefined {
  const { passage } = scene;
  const numbered = numberedDocument(scene, lowest, end);
  if (numbered) return numbered;
  let at = end;
  for (; at > Math.max(lowest - 1, end - NOUN); at -= 1) {
    const word = wordOf(scene, at);
    if (at < end && between(passage, at).trim() !== '' && !word.possessive) break;
    if (DETERMINERS.has(word.lower)) return described(scene, at, end);
    if (OPENERS.has(word.lower) || SAYING.has(word.lower)) break;
  }
  const first = at + 1;
  if (first > end || end - first > 3) return undefined;
  return wordOf(scene, end).capital && first === end ? undefined : described(scene, first, end);
}

/** A document and its number: “Ordinance No. 25-118”. */
function numberedDocument(scene: Scene, lowest: number, end: number): Speaker | undefined {
  if (!/\d/.test(wordOf(scene, end).text)) return undefined;
  for (let at = end - 1; at >= Math.max(lowest, end - 2); at -= 1) {
    const word = wordOf(scene, at);
    if (!DOCUMENTS.has(word.lower)) continue;
    const printed = scene.passage.text.slice(word.start, wordOf(scene, end).end);
    return { printed, mention: undefined, sort: 'document', through: undefined };
  }
  return undefined;
}

/** A description that begins at a determiner and ends before a verb, a preposition or a comma. */
function nounStarting(scene: Scene, first: number, limit: number): Speaker | undefined {
  const { passage } = scene;
  let end = first;
  while (end + 1 < Math.min(limit, first + NOUN) && between(passage, end) === ' ') {
    const next = wordOf(scene, end + 1);
    if (next.quoted >= 0 || OPENERS.has(next.lower) || AUXILIARIES.has(next.lower) || SAYING.has(next.lower))
      break;
    end += 1;
    // What a document does is told by a participle: “A resolution affirming …”.
    if (DOCUMENTS.has(next.lower) || isTitle(next.lower)) break;
  }
  return end === first ? undefined : described(scene, first, end);
}

function described(scene: Scene, first: number, end: number): Speaker {
  const { passage } = scene;
  const head = wordOf(scene, end).lower;
  const printed = passage.text.slice(wordOf(scene, first).start, wordOf(scene, end).end);
  if (DOCUMENTS.has(head)) return { printed, mention: undefined, sort: 'document', through: undefined };
  const start = wordOf(scene, first).start;
  const tells = ({ run: { title, role } }: Mention) =>
    [title, role].some((one) => one?.toLowerCase().split(/\s+/).includes(head));
  const named = isTitle(head)
    ? lastBefore(scene, start, (one) => one.sort === 'person' && tells(one))
    : BODY_HEADS.has(head)
      ? lastBefore(
          scene,
          start,
          (one) => one.sort === 'body' && one.run.name.toLowerCase().endsWith(` ${head}`),
        )
      : undefined;
  if (named === undefined)
    return { printed, mention: undefined, sort: BODY_HEADS.has(head) ? 'body' : 'noun', through: undefined };
  return { printed: named.printed, mention: named, sort: isTitle(head) ? 'name' : 'body', through: printed };
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
