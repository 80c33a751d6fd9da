/** Names in a text: runs of capital words, with the titles before them and the roles after them. */
import { between, type Passage, type Word } from './passage.ts';
import {
  BODY_HEADS,
  CALENDAR,
  DETERMINERS,
  FUNCTION_WORDS,
  PARTICLES,
  SAYING,
  SMALL_HEADS,
  TITLE_PARTS,
  TITLES,
} from './vocabulary.ts';

/** A name as printed. Indexes are those of words. */
export interface Run {
  /** The first of the titles before it, or of the name. */
  readonly ahead: number;
  readonly first: number;
  readonly last: number;
  /** The name without titles. */
  readonly name: string;
  readonly title: string | null;
  /** What it is said to be after its name: “Jane Doe, clerk of the council, …”. */
  readonly role: string | null;
  /** Word after it that makes it a body’s: Trump administration. */
  readonly extended: string | null;
  readonly start: number;
  readonly end: number;
  /** What its words alone say it is. */
  readonly form: 'person' | 'body' | 'acronym' | 'open';
  /** What tells so, in words. */
  readonly why: string;
}

/** Longest run that is a name; longer ones are headings and lists. */
const LONGEST = 10;
const BODY_JOINS = new Set([
  'enforcement',
  'services',
  'affairs',
  'welfare',
  'protection',
  'safety',
  'budget',
]);

/** Every name of a passage, in order. */
export function runsOf(passage: Passage): Run[] {
  const { words } = passage;
  const runs: Run[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (!startsName(words[at] as Word)) continue;
    const last = endOf(passage, at);
    if (last - at < LONGEST) {
      const run = named(passage, at, last);
      if (run) runs.push(run);
    }
    at = last;
  }
  return runs;
}

function startsName({ capital, lower, text }: Word): boolean {
  return (
    capital && !CALENDAR.has(lower) && !FUNCTION_WORDS.has(lower) && text !== 'I' && !/^I['’]/.test(text)
  );
}

/** Index of the last word of the run that begins at a word. */
function endOf(passage: Passage, first: number): number {
  const { words } = passage;
  let last = first;
  for (;;) {
    const next = words[last + 1];
    const word = words[last] as Word;
    if (next === undefined || word.possessive || next.quoted !== word.quoted) return last;
    const gap = between(passage, last);
    const initial = gap === '. ' && (word.text.length === 1 || TITLES.has(word.lower));
    if (gap !== ' ' && !initial) return last;
    if (next.capital && (startsName(next) || (initial && next.text !== 'I'))) last += 1;
    else if (joins(passage, first, last)) last += joins(passage, first, last);
    else return last;
  }
}

/** How many words a particle and what follows it add to a run: “of Education”, “de la Cruz”, “and Customs Enforcement”. */
function joins(passage: Passage, first: number, last: number): number {
  const { words } = passage;
  const [one, two, three] = [words[last + 1], words[last + 2], words[last + 3]];
  const spaced = (at: number) => between(passage, at) === ' ';
  if (one === undefined || two === undefined || !spaced(last + 1)) return 0;
  if (PARTICLES.has(one.lower)) {
    if (two.capital) return 2;
    return PARTICLES.has(two.lower) && three?.capital && spaced(last + 2) ? 3 : 0;
  }
  const head = BODY_HEADS.has((words[last] as Word).lower) || (words[last] as Word).lower === 'secretary';
  if (head && (one.lower === 'of' || one.lower === 'for' || one.lower === 'on')) {
    if (startsName(two)) return 2;
    return two.lower === 'the' && three && startsName(three) && spaced(last + 2) ? 3 : 0;
  }
  if (one.lower !== 'and' || !startsName(two) || !three || !startsName(three) || !spaced(last + 2)) return 0;
  return last - first < 4 && BODY_JOINS.has(three.lower) ? 3 : 0;
}

function named(passage: Passage, first: number, last: number): Run | undefined {
  const { words, text } = passage;
  const own = words.slice(first, last + 1);
  const body = BODY_HEADS.has((own.at(-1) as Word).lower) || own.some((word) => isJoined(word, own));
  const titled = body ? -1 : own.findLastIndex(({ lower }) => isTitle(lower));
  // A title alone names nobody, nor does what is the beginning of one: Council member.
  if (titled === own.length - 1 || (body && own.length === 1 && beginsTitle(passage, last))) return undefined;
  const from = first + titled + 1;
  const [begin, finish] = [words[from] as Word, words[last] as Word];
  const name = text.slice(begin.start, finish.end);
  const ahead = body ? first : titleStart(passage, first, titled >= 0);
  const title = ahead < from ? text.slice((words[ahead] as Word).start, (words[from - 1] as Word).end) : null;
  const role = body ? null : (roleAfter(passage, last) ?? roleBefore(passage, from));
  const extended = finish.possessive ? null : headAfter(passage, last);
  const shared = {
    ahead,
    first: from,
    last,
    name,
    title,
    role,
    extended,
    start: begin.start,
    end: finish.end,
  };
  if (body) return { ...shared, form: 'body', why: `its name ends as a body’s does: ${own.at(-1)?.text}` };
  if (title) return { ...shared, form: 'person', why: `a title stands before the name: ${title}` };
  if (role) return { ...shared, form: 'person', why: `a role stands beside the name: ${role}` };
  const acronym = own.length === 1 && /^\p{Lu}[\p{Lu}.&]+$/u.test(name);
  return { ...shared, form: acronym ? 'acronym' : 'open', why: 'capital words' };
}

/** Whether a word is the head of a body’s name that goes on with “of”: Board of Education, Department of Justice. */
function isJoined(word: Word, own: readonly Word[]): boolean {
  const next = own[own.indexOf(word) + 1];
  return BODY_HEADS.has(word.lower) && next !== undefined && !next.capital && next.lower !== 'and';
}

function beginsTitle(passage: Passage, last: number): boolean {
  return between(passage, last) === ' ' && isTitle(passage.words[last + 1]?.lower ?? '');
}

/** Whether a word is a title, its -elect aside. */
export function isTitle(lower: string): boolean {
  return TITLES.has(lower) || TITLES.has(lower.replace(/-(?:elect|designate)$/, ''));
}

/** Index of the first of the titles that stand before a word, or the word’s own. */
function titleStart(passage: Passage, first: number, titled: boolean): number {
  const { words } = passage;
  let at = first;
  let found = first;
  let begun = titled;
  while (at > 0 && first - at < 6) {
    const before = words[at - 1] as Word;
    const gap = between(passage, at - 1);
    if ((gap !== ' ' && gap !== '. ') || before.quoted !== (words[at] as Word).quoted || before.possessive)
      break;
    if (!isTitle(before.lower) && !TITLE_PARTS.has(before.lower)) break;
    at -= 1;
    begun ||= isTitle(before.lower);
    if (begun) found = at;
  }
  return found;
}

/** Most words of a role that stands in commas beside a name. */
const ROLE = 12;

/** The role after a name: between commas, and with a title among its first words. */
function roleAfter(passage: Passage, last: number): string | null {
  const { words, text } = passage;
  if (between(passage, last) !== ', ') return null;
  const first = last + 1;
  const head = words.slice(first, first + 4).findIndex(({ lower }) => isTitle(lower));
  if (head < 0 || words.slice(first, first + head).some(({ lower }) => SAYING.has(lower))) return null;
  for (let at = first; at < Math.min(words.length, first + ROLE); at += 1) {
    const gap = between(passage, at);
    if (/^[,.;)]/.test(gap))
      return at >= first + head ? text.slice((words[first] as Word).start, (words[at] as Word).end) : null;
    if (gap.trim() !== '' && !/^['’.-]/.test(gap)) return null;
  }
  return null;
}

/** The role before a name: “the board president, Jane Doe,”. */
function roleBefore(passage: Passage, first: number): string | null {
  const { words, text } = passage;
  const before = words[first - 1];
  if (
    before === undefined ||
    before.capital ||
    between(passage, first - 1) !== ', ' ||
    !isTitle(before.lower)
  )
    return null;
  for (let at = first - 2; at >= Math.max(0, first - 6); at -= 1) {
    const word = words[at] as Word;
    if (between(passage, at) !== ' ' && !word.possessive) return null;
    if (DETERMINERS.has(word.lower) || word.possessive)
      return text.slice((words[word.possessive ? at : at + 1] as Word).start, before.end);
  }
  return null;
}

function headAfter(passage: Passage, last: number): string | null {
  const next = passage.words[last + 1];
  if (next === undefined || between(passage, last) !== ' ') return null;
  return SMALL_HEADS.has(next.lower) && !next.capital ? next.text : null;
}
