/** Whether names as printed can be of one speaker: titles, family names alone, initials and known misprints aside. */
import { wordsOf } from './wording.ts';

/** What a statement says of who spoke. */
export interface Speaker {
  /** Every name the speaker is known by: full, former, misprinted; of the person and of the body spoken for. */
  readonly names: readonly string[];
  readonly family_name: string | null;
  /** Role at that time and honorific: words that may stand before a family name. */
  readonly titles: readonly string[];
}

const TITLES = new Set(
  `mr mrs ms mx miss dr prof professor hon honorable sir dame former acting interim ex deputy vice elect designate
  mayor president governor gov senator sen representative rep congressman congresswoman council member councilmember
  councilman councilwoman councilor councillor alderman alderwoman supervisor commissioner superintendent secretary
  attorney general director chief chair chairman chairwoman chairperson speaker judge justice minister chancellor
  sheriff board trustee state us school district`.split(/\s+/),
);
/** How a description begins that names nobody: “a resolution”, “the board”, “he”. */
const DESCRIPTION = /^(?:an?|the|one|some|several|he|she|they|it|we|his|her|their)(?![\p{L}\p{N}])/iu;

/** The names among those printed that cannot all be of one speaker, sorted; empty when they can. */
export function clashingSpeakers(printed: readonly string[], speaker: Speaker): string[] {
  const titles = new Set([...TITLES, ...speaker.titles.flatMap(nameWords)]);
  const names = [...new Set(printed)].filter(
    (name) => isKnown(name, speaker, titles) || isName(name, titles),
  );
  const others = names.filter((name) => !isKnown(name, speaker, titles));
  const agree =
    others.length === 0 ||
    (others.length === names.length &&
      others.every((a) => others.every((b) => within(bare(a, titles), bare(b, titles)))));
  return agree ? [] : names.sort();
}

/** Whether a printed name is one the speaker is known by. */
function isKnown(printed: string, { names, family_name }: Speaker, titles: ReadonlySet<string>): boolean {
  const words = bare(printed, titles);
  if (family_name !== null && words.join(' ') === nameWords(family_name).join(' ')) return true;
  return names.some((name) => {
    const full = nameWords(name);
    // A name of one word is too little to recognise in a longer one: “Homan” stands in any Homan’s name.
    return full.length > 1 ? within(words, full) : full.join(' ') === words.join(' ');
  });
}

function isName(printed: string, titles: ReadonlySet<string>): boolean {
  if (DESCRIPTION.test(printed.trim()) || printed === printed.toLowerCase()) return false;
  const words = bare(printed, titles);
  return words[0] !== 'of' && !words.every((word) => titles.has(word));
}

/** The words of a name, accents aside; what follows a comma or stands in brackets is not part of it. */
function nameWords(name: string): string[] {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '');
  return wordsOf(plain.split(/[,;(]/)[0] ?? '');
}

/** The words of a name without the titles before it. */
function bare(name: string, titles: ReadonlySet<string>): string[] {
  const words = nameWords(name);
  while (words.length > 1 && titles.has(words[0] as string)) words.shift();
  return words;
}

/** Whether one of two names has all words of the other, in order; an initial stands for a word. */
function within(a: readonly string[], b: readonly string[]): boolean {
  const [part, whole] = a.length <= b.length ? [a, b] : [b, a];
  let found = 0;
  for (const word of whole) {
    const next = part[found];
    const initial = next?.length === 1 || word.length === 1;
    if (next === word || (initial && next?.[0] === word[0])) found += 1;
  }
  return part.length > 0 && found === part.length;
}
