/** Whom a pronoun or a description stands for. */
import type { Mention } from './mentioned.ts';
import { isTitle } from './mentions.ts';
import { between, type Passage, type Word } from './passage.ts';
import { AUXILIARIES, BODY_HEADS, DETERMINERS, DOCUMENTS, OPENERS, PERSONAL, SAYING } from './vocabulary.ts';

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

/** The word at an index that is known to be one. */
export const wordOf = ({ passage }: Scene, at: number) => passage.words[at] as Word;

/** Whether a name that nothing tells of is likely a person’s: two to four words, after no article or preposition. */
export function isLikely({ passage }: Scene, { sort, run }: Mention): boolean {
  const size = run.last - run.first;
  if (sort !== 'open' || size < 1 || size > 3) return false;
  const [name, before] = [passage.words[run.first] as Word, passage.words[run.ahead - 1]];
  if (before === undefined || before.sentence !== name.sentence) return true;
  return !OPENERS.has(before.lower) && !DETERMINERS.has(before.lower) && before.lower !== 'and';
}

/** A speaker who is named. */
export function nameOf(mention: Mention): Speaker {
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
export const NOUN = 6;

/** A description that ends at a word: “the council”, “A resolution”, “city officials”. */
export function nounEnding(scene: Scene, lowest: number, end: number): Speaker | undefined {
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
export function nounStarting(scene: Scene, first: number, limit: number): Speaker | undefined {
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
