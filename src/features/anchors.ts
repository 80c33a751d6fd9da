/**
 * Holding anchors against the text they point into (W3C Web Annotation, text quote and text position selectors).
 * Offsets are Unicode code points; the words are compared exactly, as they stand.
 */
import search from 'approx-string-match';
import { type CodePoints, codePointsOf } from './code-points.ts';

export interface Selector {
  readonly exact: string | null;
  readonly prefix: string | null;
  readonly suffix: string | null;
  readonly start: number | null;
  readonly end: number | null;
}

/** A stretch of a text, offsets in code points. */
export interface Stretch {
  readonly exact: string;
  readonly start: number;
  readonly end: number;
}

/** Where an anchor holds, or what is wrong with it: the member at fault, and what in the text comes nearest. */
export type Anchoring =
  | { readonly found: true; readonly start: number | null; readonly end: number | null }
  | {
      readonly found: false;
      readonly member: keyof Selector;
      readonly message: string;
      readonly expected: string;
      readonly nearest?: Stretch;
    };

/**
 * Holds an anchor against a text. Right offsets are left as they are; wrong or missing ones are given where the
 * quotation stands only once between its prefix and suffix. One that stands more than once may go without offsets,
 * yet wrong ones cannot be corrected then.
 */
export function anchor(text: string, selector: Selector): Anchoring {
  const points = codePointsOf(text);
  const { exact, start, end } = selector;
  if (end !== null && end > points.length && exact === null) {
    return wrong('end', `lies past the end of the source, which has ${points.length} code points`);
  }
  if (exact === null) return withoutQuotation(text, points, selector);
  if (start !== null && end !== null && end <= points.length) {
    const [from, to] = [points.toUnit(start), points.toUnit(end)];
    if (text.slice(from, to) === exact && fits(text, from, to, selector)) return { found: true, start, end };
  }
  const places = placesOf(text, exact);
  const fitting = places.filter((from) => fits(text, from, from + exact.length, selector));
  if (fitting.length === 1) {
    const from = fitting[0] as number;
    return { found: true, start: points.ofUnit(from), end: points.ofUnit(from + exact.length) };
  }
  if (fitting.length > 1) return repeated(text, points, selector, fitting);
  if (places.length > 0) return outOfContext(text, points, selector, places[0] as number);
  const nearest = nearestTo(text, points, exact);
  return {
    found: false,
    member: 'exact',
    message: 'does not stand in the source',
    expected: nearest ? `the words as they stand, such as those at ${nearest.start}` : 'words of the source',
    ...(nearest ? { nearest } : {}),
  };
}

/** Most places of one quotation that are looked at. */
const PLACES = 1000;

/** Where a quotation stands, in code units. */
function placesOf(text: string, exact: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(exact); at >= 0 && places.length < PLACES; at = text.indexOf(exact, at + 1))
    places.push(at);
  return places;
}

function fits(text: string, from: number, to: number, { prefix, suffix }: Selector): boolean {
  return missingContext(text, from, to, { prefix, suffix }) === undefined;
}

/** Which of prefix and suffix does not stand around a stretch. */
function missingContext(
  text: string,
  from: number,
  to: number,
  { prefix, suffix }: Pick<Selector, 'prefix' | 'suffix'>,
): 'prefix' | 'suffix' | undefined {
  if (prefix !== null && !(from >= prefix.length && text.startsWith(prefix, from - prefix.length)))
    return 'prefix';
  return suffix !== null && !text.startsWith(suffix, to) ? 'suffix' : undefined;
}

function wrong(member: keyof Selector, message: string, nearest?: Stretch): Anchoring {
  const expected = nearest
    ? 'what stands in the source around it'
    : 'offsets in Unicode code points of the source’s text';
  return { found: false, member, message, expected, ...(nearest ? { nearest } : {}) };
}

/** An anchor of offsets alone: what stands around them has to be what it says. */
function withoutQuotation(text: string, points: CodePoints, selector: Selector): Anchoring {
  const { start, end } = selector;
  if (start === null || end === null) return { found: true, start, end };
  const [from, to] = [points.toUnit(start), points.toUnit(end)];
  const missing = missingContext(text, from, to, selector);
  if (missing === undefined) return { found: true, start, end };
  return wrong(
    missing,
    `does not stand ${missing === 'prefix' ? 'before' : 'after'} those offsets`,
    around(text, points, from, to),
  );
}

function repeated(
  text: string,
  points: CodePoints,
  { start, exact }: Selector,
  places: readonly number[],
): Anchoring {
  if (start === null) return { found: true, start: null, end: null };
  const distance = (at: number) => Math.abs(points.ofUnit(at) - start);
  const from = places.reduce((best, at) => (distance(at) < distance(best) ? at : best));
  return {
    found: false,
    member: 'start',
    message: `is not where the words stand, and they stand there ${places.length} times`,
    expected: 'the right offsets, or a prefix and suffix that only one of the places has',
    nearest: stretch(text, points, from, from + (exact as string).length),
  };
}

function outOfContext(text: string, points: CodePoints, selector: Selector, from: number): Anchoring {
  const to = from + (selector.exact as string).length;
  const missing = missingContext(text, from, to, selector) as 'prefix' | 'suffix';
  return wrong(
    missing,
    `does not stand ${missing === 'prefix' ? 'before' : 'after'} the quotation`,
    around(text, points, from, to),
  );
}

function stretch(text: string, points: CodePoints, from: number, to: number): Stretch {
  return { exact: text.slice(from, to), start: points.ofUnit(from), end: points.ofUnit(to) };
}

/** Code points of the surroundings that an error shows on either side. */
const AROUND = 40;

function around(text: string, points: CodePoints, from: number, to: number): Stretch {
  const start = Math.max(0, points.ofUnit(from) - AROUND);
  const end = Math.min(points.length, points.ofUnit(to) + AROUND);
  return stretch(text, points, points.toUnit(start), points.toUnit(end));
}

/** Longest beginning of a quotation that is searched for, in code units, and the share of it that may differ. */
const SEARCHED = 128;
const DIFFERENT = 0.4;

/** Code units of the text that are searched at a time. */
const CHUNK = 4000;

/** The first stretch of a text nearest to a quotation by edit distance (Myers, 1999); none when too much differs. */
function nearestTo(text: string, points: CodePoints, exact: string): Stretch | undefined {
  const wanted = exact.slice(0, SEARCHED).replace(/[\uD800-\uDBFF]$/, '');
  let allowed = Math.floor(wanted.length * DIFFERENT);
  let best: { from: number; to: number } | undefined;
  // In pieces, each asked for less than the best so far: a text that repeats itself would match everywhere.
  for (let at = 0; at < text.length && allowed >= 0; at += CHUNK) {
    for (const { start, end, errors } of search(text.slice(at, at + CHUNK + 2 * SEARCHED), wanted, allowed)) {
      if (errors > allowed) continue;
      best = { from: at + start, to: at + end };
      allowed = errors - 1;
    }
  }
  if (best === undefined) return undefined;
  // Only the beginning was searched for; of the rest, as much is shown as the quotation is long.
  const to = exact.length > wanted.length ? best.from + exact.length : best.to;
  const whole = (unit: number) => points.toUnit(Math.min(points.length, points.ofUnit(unit)));
  return stretch(text, points, whole(best.from), whole(to));
}
