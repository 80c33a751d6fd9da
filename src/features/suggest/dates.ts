/** Dates in a text as partial dates: as printed, or derived from the day, month or year the source was published. English. */
import { isPartialDate } from '../../engine/formats.ts';
import { FUTURE, MONTHS, WEEKDAYS } from './vocabulary.ts';

export interface DateFound {
  readonly start: number;
  readonly end: number;
  /** A partial date, or null where the source’s date is too vague to tell. */
  readonly date: string | null;
  readonly basis: 'stated' | 'derived';
  readonly why: string;
  readonly confidence: number;
}

const MONTH =
  '(jan(?:uary|\\.)?|feb(?:ruary|\\.)?|mar(?:ch|\\.)?|apr(?:il|\\.)?|may|june?|jun\\.|july?|jul\\.|aug(?:ust|\\.)?|sept?(?:ember|\\.)?|oct(?:ober|\\.)?|nov(?:ember|\\.)?|dec(?:ember|\\.)?)';
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?';
const YEAR = '((?:1[6-9]|20)\\d{2})';
const COUNT = '(\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

type Found = Omit<DateFound, 'start' | 'end'> | undefined;

interface Form {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, published: Published, text: string) => Found;
}

/** When the source was published, as far as is known. */
interface Published {
  readonly year: number | undefined;
  readonly month: number | undefined;
  readonly day: number | undefined;
  readonly text: string;
}

const edge = (source: string) => new RegExp(`(?<![\\p{L}\\p{N}/-])${source}(?![\\p{L}\\p{N}/]|-\\d)`, 'giu');

/** The forms, those that say most first: what one has taken, the next leave alone. */
const FORMS: readonly Form[] = [
  {
    pattern: edge('(\\d{4})-(\\d{2})-(\\d{2})'),
    read: ([, y, m, d]) => stated(partial(y, m, d), 'year, month and day'),
  },
  {
    pattern: edge(`${MONTH} ${DAY},? ${YEAR}`),
    read: ([, m, d, y]) => stated(partial(y, monthOf(m), d), 'month, day and year'),
  },
  {
    pattern: edge(`${DAY} ${MONTH},? ${YEAR}`),
    read: ([, d, m, y]) => stated(partial(y, monthOf(m), d), 'day, month and year'),
  },
  {
    pattern: edge(`(\\d{1,2})/(\\d{1,2})/${YEAR}`),
    read: ([, m, d, y]) => stated(partial(y, m, d), 'month/day/year, as in the United States'),
  },
  {
    pattern: edge(`${MONTH},? (?:of )?${YEAR}`),
    read: ([, m, y]) => stated(partial(y, monthOf(m)), 'month and year'),
  },
  { pattern: edge(`${MONTH} ${DAY}`), read: ([, m, d], published) => nearYear(monthOf(m), d, published) },
  { pattern: edge(`${DAY} ${MONTH}`), read: ([, d, m], published) => nearYear(monthOf(m), d, published) },
  {
    pattern: edge(`(?:(last|next|this) )?(${WEEKDAYS.join('|')})`),
    read: (match, published, text) => weekday(match, published, text),
  },
  {
    pattern: edge('(today|yesterday|tomorrow)'),
    read: ([, word = ''], published) =>
      fromDay(published, { yesterday: -1, tomorrow: 1 }[word.toLowerCase()] ?? 0, word),
  },
  {
    pattern: edge('(last|this|next) (month|year)'),
    read: ([, which = '', unit = ''], published) =>
      fromUnit(published, unit, { last: -1, next: 1 }[which.toLowerCase()] ?? 0, `${which} ${unit}`),
  },
  {
    pattern: edge(
      `(?<!(?:than|over|nearly|almost|about|around|some|under) )${COUNT} (day|week|month|year)s? ago`,
    ),
    read: ([printed, n = '', unit = ''], published) => ago(published, -count(n), unit, printed),
  },
  {
    pattern: edge(`in ${COUNT} (day|week|month|year)s?(?! time| of)`),
    read: ([printed, n = '', unit = ''], published) => ago(published, count(n), unit, printed),
  },
  {
    pattern: edge(`(?<=(?:in|since|the|by|until|of|before|after|during) )${YEAR}`),
    read: ([, y]) => stated(y, 'a year', 0.7),
  },
];

/** Every date of a text, in order; `publishedOn` is a partial date or null. Without `english` only 2024-11-19 is read. */
export function datesOf(text: string, publishedOn: string | null, english = true): DateFound[] {
  const [year, month, day] = (publishedOn ?? '')
    .split('-')
    .map((part) => (part === '' ? undefined : Number(part)));
  const published = { year, month, day, text: publishedOn ?? '' };
  const taken = new Uint8Array(text.length);
  const found: DateFound[] = [];
  for (const { pattern, read } of english ? FORMS : FORMS.slice(0, 1)) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (/^may$/i.test(match[0]) || isTaken(taken, start, end)) continue;
      const date = read(match, published, text);
      if (date === undefined || (date.date !== null && !isPartialDate(date.date))) continue;
      taken.fill(1, start, end);
      found.push({ start, end, ...date });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function isTaken(taken: Uint8Array, start: number, end: number): boolean {
  return taken.subarray(start, end).includes(1);
}

function monthOf(printed = ''): number {
  return MONTHS.findIndex((name) => name.startsWith(printed.toLowerCase().slice(0, 3))) + 1;
}

type Part = string | number | undefined;

function partial(year: Part, month?: Part, day?: Part): string {
  return [
    String(year).padStart(4, '0'),
    ...[month, day].filter((part) => part !== undefined).map((part) => String(part).padStart(2, '0')),
  ].join('-');
}

function stated(date: string | undefined, why: string, confidence = 0.95): Found {
  return date === undefined ? undefined : { date, basis: 'stated', why: `printed with ${why}`, confidence };
}

function derived(date: string, why: string, confidence = 0.8): Found {
  return { date, basis: 'derived', why, confidence };
}

function unknown(published: Published, needed: string): Found {
  const has = published.text === '' ? 'has no date' : `has only ${published.text}`;
  return {
    date: null,
    basis: 'derived',
    why: `the source ${has}; its ${needed} would be needed`,
    confidence: 0.3,
  };
}

/** A month and day without a year: the one nearest to when the source was published. */
function nearYear(month: number, day: Part, published: Published): Found {
  if (published.year === undefined) return unknown(published, 'year');
  const { year, month: now } = published;
  const years = now === undefined || Math.abs(month - now) <= 6 ? 0 : month > now ? -1 : 1;
  const date = partial(year + years, month, day);
  return derived(
    date,
    `the year is the nearest to the source’s date, ${published.text}`,
    now === undefined ? 0.6 : 0.85,
  );
}

/** A weekday: the nearest one before publication, or after it where the sentence looks ahead. */
function weekday(match: RegExpExecArray, published: Published, text: string): Found {
  const [printed, which = '', name = ''] = match;
  if (published.day === undefined) return unknown(published, 'day');
  const past = match.index + printed.length;
  const [next, last] = [/^next$/i.test(which), /^last$/i.test(which)];
  const ahead = next || (!last && looksAhead(text.slice(past, past + 80)));
  const wanted = WEEKDAYS.indexOf(name.toLowerCase());
  const today = utc(published).getUTCDay();
  const back = (today - wanted + 7) % 7;
  const forth = (7 - back) % 7;
  const whole = back === 0 && (next || last) ? 7 : 0;
  const offset = ahead ? forth + whole : -back - whole;
  const why = `the ${ahead ? 'first such day from' : 'last such day until'} the source’s date, ${published.text}`;
  return derived(shifted(published, offset), why, 0.7);
}

/** Whether what follows, up to the end of the sentence, speaks of what is to come. */
function looksAhead(after: string): boolean {
  const rest = after.split(/[.!?\n]/)[0] ?? '';
  return rest
    .toLowerCase()
    .split(/\s+/)
    .some((word) => FUTURE.has(word));
}

function utc({ year, month, day }: Published): Date {
  const date = new Date(0);
  date.setUTCFullYear(year as number, (month as number) - 1, day);
  return date;
}

function shifted(published: Published, days: number): string {
  const date = utc(published);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function fromDay(published: Published, days: number, printed: string): Found {
  if (published.day === undefined) return unknown(published, 'day');
  return derived(shifted(published, days), `“${printed}” counted from the source’s date, ${published.text}`);
}

function fromUnit(published: Published, unit: string, by: number, printed: string): Found {
  const why = `“${printed}” counted from the source’s date, ${published.text}`;
  if (published.year === undefined) return unknown(published, 'year');
  if (unit.toLowerCase() === 'year') return derived(partial(published.year + by), why);
  if (published.month === undefined) return unknown(published, 'month');
  const months = published.year * 12 + published.month - 1 + by;
  return derived(partial(Math.floor(months / 12), (months % 12) + 1), why);
}

function count(printed: string): number {
  const word = NUMBERS.indexOf(printed.toLowerCase());
  return /^\d/.test(printed) ? Number(printed) : word < 0 ? 1 : word;
}

/** So many days, weeks, months or years from publication, as vague as the unit is. */
function ago(published: Published, by: number, unit: string, printed: string): Found {
  const found = /^(?:day|week)$/i.test(unit)
    ? daysFrom(published, by, unit, printed)
    : fromUnit(published, unit, by, printed);
  return found && { ...found, confidence: Math.min(found.confidence, 0.5) };
}

function daysFrom(published: Published, by: number, unit: string, printed: string): Found {
  if (/^day$/i.test(unit)) return fromDay(published, by, printed);
  if (published.day === undefined) return unknown(published, 'day');
  return derived(
    shifted(published, by * 7).slice(0, 7),
    `“${printed}” counted from the source’s date, ${published.text}, to the month`,
  );
}
