/** The words of a text as search knows them: case, accents and apostrophes folded, each with where it stands. */

export interface Word {
  /** Folded; at most `LONGEST_WORD` characters. */
  readonly word: string;
  /** Where it stands in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Whether it follows the word before it without anything between, as in scripts that put no space between words. */
  readonly joined: boolean;
}

/** Characters of a word that count; what begins with the same so many counts as the same word. */
export const LONGEST_WORD = 40;

/** Characters without width: soft hyphens, joiners, byte order marks. */
const INVISIBLE = '\\u00AD\\u200B-\\u200D\\u2060\\uFEFF';
/** Every way an apostrophe is typed. */
const APOSTROPHE = "’‘‛ʼʹ′＇'`´";
/** Scripts that put no space between words: each of their letters is taken for a word. */
const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}';
// Marks go with the letter before them, whatever scripts they are used in.
const LETTER = `(?:(?![${UNSPACED}])[\\p{L}\\p{N}]|\\p{M})`;
const RUN = new RegExp(
  `(?=[${UNSPACED}])[\\p{L}\\p{N}]\\p{M}*|${LETTER}(?:[${INVISIBLE}${APOSTROPHE}]*${LETTER})*`,
  'gu',
);
const FOLDED = new RegExp(`(?=[${UNSPACED}])[\\p{L}\\p{N}]\\p{M}*|${LETTER}+`, 'gu');
const UNSPACED_LETTER = new RegExp(`^[${UNSPACED}]`, 'u');
const POSSESSIVE = new RegExp(`[${APOSTROPHE}][sS]$`, 'u');
const DROPPED = new RegExp(`[${INVISIBLE}${APOSTROPHE}]`, 'gu');
/** Marks that Latin, Greek and Cyrillic letters carry; the marks of other scripts are letters in their own right. */
const ACCENTS = /[\u0300-\u036f]/gu;
/** Letters with a stroke or tied together, which no normal form takes apart. */
const STROKES: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ð: 'd',
  þ: 'th',
};
const STROKED = new RegExp(`[${Object.keys(STROKES).join('')}]`, 'gu');
const PLAIN = /^[a-z0-9]+$/;
/** What else needs no folding but that of case: most of most texts. */
const NEXT_BEYOND = /[^\0-\x7f]/g;
/** What is not in a word as it stands in the text, case aside. */
const FOLDS = /[^\0-\x7f]|['`]/;
/** What may be a word's beginning in other letters than its own: no sign of which no word has any part. */
const UNLIKE = /[^\0-\x7f\u00a0§·“”„‟‒–—―…•]|['`]/;
/** The last of the characters of ASCII that are blank or control. */
const BLANK = 0x20;
/** How many characters of ASCII may stand between others that are looked at together. */
const NEAR = 40;
/** How many characters are taken apart together where a word is looked for, about. */
const TOGETHER = 400;
/** How many chances near one another are a crowd. */
const CROWD = 4;
const ASCII_RUN = /[a-z0-9]+(?:['`]+[a-z0-9]+)*/g;
const ASCII_POSSESSIVE = /['`]s$/;
const ASCII_DROPPED = /['`]/g;

/**
 * The words of a text, in order. The same text has the same words wherever it is asked: in records, queries and
 * highlights. No word has a blank in it, so that what costs ten times as much is done only between the blanks around
 * the few characters that need it. `from` is where to begin: the text's beginning, or a place after a blank.
 */
export function* wordsIn(text: string, from = 0): Generator<Word> {
  let at = from;
  for (let other = nextBeyond(text, from); other >= 0; ) {
    const beginning = Math.max(at, lastBlank(text, other) + 1);
    let until = other;
    // What is near is taken along: each piece has a price of its own.
    for (; other >= 0 && other - until < NEAR; other = nextBeyond(text, until))
      until = nextBlank(text, other);
    yield* asciiWordsIn(text.slice(at, beginning), at);
    yield* anyWordsIn(text.slice(beginning, until), beginning);
    at = until;
  }
  yield* asciiWordsIn(at === 0 ? text : text.slice(at), at);
}

/**
 * A place after a blank, or the beginning or the end, before which no word of a text begins with any of some words: found
 * by looking for their letters, as far as those of the text are what they are.
 */
export function firstChance(text: string, words: readonly string[]): number {
  const unplain = text.search(FOLDS);
  const plain = (unplain < 0 ? text : text.slice(0, unplain)).toLowerCase();
  const places = words.map((word) => plain.indexOf(word)).filter((place) => place >= 0);
  const first = Math.min(plain.length, ...places);
  return first === text.length ? first : lastBlank(text, first) + 1;
}

/** What stands where one of some words may, as they are in a text or as folding makes them; they are one at least. */
export function chanceOf(words: readonly string[]): RegExp {
  return new RegExp(`${words.map(RegExp.escape).join('|')}|${UNLIKE.source}`, 'gi');
}

/** The words of those pieces of a text, from blank to blank, in which there is a chance of those that are looked for. */
export function* wordsNear(text: string, chance: RegExp): Generator<Word> {
  chance.lastIndex = 0;
  for (let found = chance.exec(text); found !== null; ) {
    const start = lastBlank(text, found.index) + 1;
    let end: number;
    // What is near is taken along, and more of it where there is one chance after another: looking has its price, too.
    let times = 0;
    do {
      times += 1;
      end = nextBlank(text, Math.min(text.length, times < CROWD ? found.index : found.index + TOGETHER / 2));
      // What stands for a blank itself is passed by.
      chance.lastIndex = Math.max(end, found.index + 1);
      found = chance.exec(text);
    } while (found !== null && found.index - end < NEAR && end - start < TOGETHER);
    const piece = text.slice(start, end);
    yield* nextBeyond(piece, 0) < 0 ? asciiWordsIn(piece, start) : anyWordsIn(piece, start);
  }
}

/** Where the next character that is not of ASCII stands, from a place on; -1 where there is none. */
function nextBeyond(text: string, from: number): number {
  NEXT_BEYOND.lastIndex = from;
  return NEXT_BEYOND.exec(text)?.index ?? -1;
}

function nextBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) > BLANK) at += 1;
  return at;
}

function lastBlank(text: string, from: number): number {
  let at = from;
  while (at >= 0 && text.charCodeAt(at) > BLANK) at -= 1;
  return at;
}

/** The words of a text of any script; `offset` is where it stands in the whole. */
export function* anyWordsIn(text: string, offset = 0): Generator<Word> {
  let last = -1;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const start = offset + index;
    const end = start + run.length;
    const unspaced = UNSPACED_LETTER.test(run);
    for (const word of foldedRun(run)) yield { word, start, end, joined: unspaced && start === last };
    last = unspaced ? end : -1;
  }
}

/** The same of a text of ASCII, at a fraction of the cost. */
function* asciiWordsIn(text: string, offset: number): Generator<Word> {
  for (const { 0: run, index } of text.toLowerCase().matchAll(ASCII_RUN)) {
    const start = offset + index;
    const word = PLAIN.test(run) ? run : run.replace(ASCII_POSSESSIVE, '').replace(ASCII_DROPPED, '');
    yield { word: word.slice(0, LONGEST_WORD), start, end: start + run.length, joined: false };
  }
}

/** The words a run of letters makes: one, but for signs that stand for several (½). */
function foldedRun(run: string): string[] {
  if (PLAIN.test(run)) return [run.slice(0, LONGEST_WORD)];
  const plain = run
    .replace(POSSESSIVE, '')
    .replace(DROPPED, '')
    .normalize('NFKC')
    // Down, up and down again, as ß, ẞ and SS are the same letters, and so are ς and Σ.
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(STROKED, (letter) => STROKES[letter] as string)
    // Some signs are put for an apostrophe with its letter (ŉ).
    .replace(DROPPED, '');
  const words = plain.match(FOLDED) ?? [];
  return words.map((word) =>
    word.length <= LONGEST_WORD ? word : [...word].slice(0, LONGEST_WORD).join(''),
  );
}
