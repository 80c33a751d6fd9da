/**
 * Made utterances with the frequencies of real texts, and quotations of them altered by rules. All of it follows from
 * one seed, so that two runs measure the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A number from 0 up to 1, another each time (mulberry32). */
export type Chance = () => number;

export function chanceFrom(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Words read at most: enough for the frequencies to be those of the language. */
const READ = 3_000_000;
/** Rare words that no sample of texts has, such as names. */
const RARE = 200_000;
/** How often the next word follows the one before as it does somewhere in the texts, and how often it is a rare one. */
const FOLLOWS = 0.75;
const IS_RARE = 0.03;

/** Says things. `utterance` has 5 to 60 words, 19 in the middle. */
export interface Voice {
  readonly word: () => string;
  readonly utterance: () => string;
}

/** A voice that speaks as the texts of a folder (JSON and YAML files, any depth) are written. */
export function voiceOf(folder: string, chance: Chance): Voice {
  const words: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.(json|yaml)$/.test(name) || words.length > READ) continue;
    for (const passage of readFileSync(join(folder, name), 'utf8').matchAll(
      /(?:\p{L}[\p{L}’'-]*[ ,.]+){8,}/gu,
    ))
      for (const word of passage[0].split(/[ ,.]+/)) if (word !== '') words.push(word);
  }
  const places = new Map<string, number[]>();
  for (const [at, word] of words.entries()) {
    const known = places.get(word);
    if (known) known.push(at);
    else places.set(word, [at]);
  }
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  // By Zipf’s law the chance of a rank is one over it.
  const rare = () => pseudoWord(Math.floor(RARE ** chance()));
  const word = () => (chance() < IS_RARE ? rare() : pick(words));
  return {
    word,
    utterance: () => {
      const length = Math.min(60, Math.max(5, Math.round(19 * Math.exp(0.6 * normal(chance)))));
      const said: string[] = [];
      for (let before = word(); said.length < length; ) {
        said.push(before);
        const at = chance() < FOLLOWS ? places.get(before) : undefined;
        before = (at && words[pick(at) + 1]) ?? word();
      }
      return `${said.join(' ').replace(/^./u, (first) => first.toUpperCase())}.`;
    },
  };
}

function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}

/** A word that could be a name, for a number. */
function pseudoWord(rank: number): string {
  const syllables = 'ka lo mi ren sta vor del qui bra nu shi tor wen zal fe gor hu jin pel ry'.split(' ');
  let [left, made] = [rank, ''];
  for (; left > 0; left = Math.floor(left / syllables.length)) made += syllables[left % syllables.length];
  return `${made}en`;
}

export interface Rule {
  readonly name: string;
  /** A quotation of an utterance. */
  readonly alter: (utterance: string, voice: Voice, chance: Chance) => string;
}

const wordsIn = (text: string) => text.replace(/[.,]/g, '').split(' ');

/** Replaces about a share of the words, at least one, by others. */
const replaced =
  (share: number): Rule['alter'] =>
  (utterance, voice, chance) => {
    const words = wordsIn(utterance);
    const left = words.map((_, at) => at);
    for (let count = Math.max(1, Math.round(words.length * share)); count > 0; count -= 1) {
      const [at] = left.splice(Math.floor(chance() * left.length), 1) as [number];
      words[at] = voice.word();
    }
    return words.join(' ');
  };

/** Keeps a part in the middle: a share of the words, and no fewer than six. */
const cut =
  (share: number): Rule['alter'] =>
  (utterance, _voice, chance) => {
    const words = wordsIn(utterance);
    const length = Math.min(words.length, Math.max(6, Math.round(words.length * share)));
    const from = Math.floor(chance() * (words.length - length + 1));
    return words.slice(from, from + length).join(' ');
  };

/** Leaves out a fifth in the middle, with a sign for it or without. */
const without =
  (sign: string): Rule['alter'] =>
  (utterance) => {
    const words = wordsIn(utterance);
    const [from, to] = [Math.floor(words.length * 0.4), Math.ceil(words.length * 0.6)];
    return [words.slice(0, from).join(' '), words.slice(to).join(' ')].join(sign);
  };

/** Other case, quote marks, dashes, commas and line ends. */
const repunctuated: Rule['alter'] = (utterance, _voice, chance) => {
  const signs = [' ', ' ', ' ', ', ', ' — ', '; ', ' “', '” ', ' - ', '\n'];
  const words = wordsIn(utterance).map((word) => (chance() < 0.2 ? word.toUpperCase() : word));
  return `“${words.map((word) => word + signs[Math.floor(chance() * signs.length)]).join('')}!”`;
};

const swapped: Rule['alter'] = (utterance) => {
  const words = wordsIn(utterance);
  const half = Math.floor(words.length / 2);
  return `${words.slice(half).join(' ')}. ${words.slice(0, half).join(' ')}`;
};

/** Gives a third of the words another ending. */
const inflected: Rule['alter'] = (utterance, _voice, chance) =>
  wordsIn(utterance)
    .map((word) =>
      chance() < 0.33
        ? /s$/.test(word)
          ? word.slice(0, -1)
          : `${word}${chance() < 0.5 ? 's' : 'ing'}`
        : word,
    )
    .join(' ');

/** The rules that quotations are altered by. */
export const rules: readonly Rule[] = [
  { name: 'as it is', alter: (utterance) => utterance },
  { name: 're-punctuated', alter: repunctuated },
  { name: '10 % of the words replaced', alter: replaced(0.1) },
  { name: '20 % replaced', alter: replaced(0.2) },
  { name: '30 % replaced', alter: replaced(0.3) },
  { name: 'a third with other endings', alter: inflected },
  { name: 'cut to one half', alter: cut(0.5) },
  { name: 'cut to six words, or one fifth', alter: cut(0.2) },
  { name: 'a fifth left out, with an ellipsis', alter: without(' … ') },
  { name: 'a fifth left out, joined', alter: without(' ') },
  { name: 'halves swapped', alter: swapped },
  {
    name: 'a fifth left out, 20 % replaced, re-punctuated',
    alter: (utterance, voice, chance) =>
      repunctuated(replaced(0.2)(without(' ')(utterance, voice, chance), voice, chance), voice, chance),
  },
];
