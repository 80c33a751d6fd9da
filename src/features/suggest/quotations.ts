/**
 * Pairing quotation marks: curly and straight, double and single, guillemets and low marks, in one walk over the text.
 * A quotation stays within its paragraph, unless the next paragraph opens anew what was not closed.
 */

/** A stretch of the text between quotation marks, in UTF-16 units, the marks not among them. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

export interface Quotation {
  /** One piece a paragraph. */
  readonly pieces: readonly Piece[];
  /** Offsets of the marks around it. */
  readonly open: number;
  readonly close: number;
  /** Whether its closing mark is missing. */
  readonly unclosed: boolean;
}

interface Marked extends Piece {
  readonly mark: string;
  readonly closed: boolean;
}

/** What closes each opening mark. */
const CLOSING: Readonly<Record<string, string>> = {
  '“': '”',
  '„': '“”',
  '‟': '”',
  '«': '»',
  '»': '«',
  '"': '"',
  '＂': '＂',
};
const DOUBLE = /["“”„‟«»＂]/g;
const SINGLE = /['‘’]/g;
const LETTER = /[\p{L}\p{M}\p{N}]/u;

/** Every outermost quotation of a text, in order; quotations inside quotations belong to those around them. */
export function quotationsOf(text: string): Quotation[] {
  const found: Quotation[] = [];
  let waiting: Marked[] = [];
  const flush = () => {
    if (waiting.length > 0) found.push(joined(waiting));
    waiting = [];
  };
  for (const { start, end } of paragraphsOf(text)) {
    const marked = outermost(text, start, end);
    for (const [at, one] of marked.entries()) {
      const last = waiting.at(-1);
      // What a paragraph leaves open goes on where the next begins with the same mark.
      const goesOn =
        at === 0 && last && last.mark === one.mark && text.slice(start, one.start - 1).trim() === '';
      if (!goesOn) flush();
      waiting.push(one);
      if (one.closed) flush();
    }
    if (marked.length === 0) flush();
  }
  flush();
  return found.filter(({ pieces }) => pieces.length > 0);
}

function joined(parts: readonly Marked[]): Quotation {
  const [first, last] = [parts[0] as Marked, parts.at(-1) as Marked];
  const pieces = parts.filter(({ start, end }) => end > start).map(({ start, end }) => ({ start, end }));
  return { pieces, open: first.start - 1, close: last.end, unclosed: !last.closed };
}

/** The paragraphs that hold anything, without the line breaks between them. */
function* paragraphsOf(text: string): Generator<Piece> {
  let start = 0;
  for (const { index } of text.matchAll(/[\n\r\u2028\u2029]/g)) {
    if (hasInk(text, start, index)) yield { start, end: index };
    start = index + 1;
  }
  if (hasInk(text, start, text.length)) yield { start, end: text.length };
}

function hasInk(text: string, start: number, end: number): boolean {
  return text.slice(start, end).trim() !== '';
}

/** The outermost quotations of a paragraph: pairs of double marks, and pairs of single ones that lie in none of them. */
function outermost(text: string, start: number, end: number): Marked[] {
  const doubles = doublePairs(text, start, end);
  const singles = singlePairs(text, start, end);
  // Both lists are in order, and neither has pairs that overlap one another.
  const kept: Marked[] = [];
  let [d, s] = [0, 0];
  while (d < doubles.length || s < singles.length) {
    const [double, single] = [doubles[d], singles[s]];
    if (single === undefined || (double && double.start <= single.start)) {
      const one = double as Marked;
      kept.push(one);
      d += 1;
      while (s < singles.length && (singles[s] as Marked).start < one.end) s += 1;
    } else if (double === undefined || single.end < double.start) {
      kept.push(single);
      s += 1;
    } else {
      // A single pair begins first: it is the outer one if it holds the double pairs whole.
      let inside = d;
      while (inside < doubles.length && (doubles[inside] as Marked).end < single.end) inside += 1;
      const crossed = inside < doubles.length && (doubles[inside] as Marked).start <= single.end;
      if (!crossed) {
        kept.push(single);
        d = inside;
      }
      s += 1;
    }
  }
  return kept;
}

/** The marks of a paragraph. Only it is looked through: the next mark may be at the other end of the text. */
function* marksIn(
  text: string,
  start: number,
  end: number,
  marks: RegExp,
): Generator<{ at: number; mark: string }> {
  for (const { index, 0: mark } of text.slice(start, end).matchAll(marks)) yield { at: start + index, mark };
}

function doublePairs(text: string, start: number, end: number): Marked[] {
  const pairs: Marked[] = [];
  let open: { at: number; mark: string } | undefined;
  for (const { at, mark } of marksIn(text, start, end, DOUBLE)) {
    if (open && CLOSING[open.mark]?.includes(mark)) {
      pairs.push({ start: open.at + 1, end: at, mark: open.mark, closed: true });
      open = undefined;
    } else if (mark in CLOSING && !isInches(text, at, mark) && !(open && isNested(open.mark, mark))) {
      // What was opened before and never closed is given up for the new one.
      open = { at, mark };
    }
  }
  if (open) pairs.push({ start: open.at + 1, end, mark: open.mark, closed: false });
  return pairs;
}

/** Guillemets inside curly marks, and the other way round, are quotations inside a quotation. */
function isNested(outer: string, inner: string): boolean {
  return outer !== inner && !(outer === '„' && inner === '“');
}

/** A straight mark after a digit that opens nothing: 5 feet 10", or the seconds of an angle. */
function isInches(text: string, at: number, mark: string): boolean {
  return mark === '"' && /\d/.test(text[at - 1] ?? '');
}

/** Words that begin with an apostrophe. */
const ELIDED = /^['‘’](?:\d|tis\b|twas\b|em\b|til\b|cause\b|cuz\b|bout\b|n['’]|round\b)/i;

function singlePairs(text: string, start: number, end: number): Marked[] {
  const pairs: Marked[] = [];
  let open: { at: number; mark: string } | undefined;
  let weak: number | undefined;
  const settle = () => {
    if (open && weak !== undefined)
      pairs.push({ start: open.at + 1, end: weak, mark: open.mark, closed: true });
    [open, weak] = [undefined, undefined];
  };
  for (const { at, mark } of marksIn(text, start, end, SINGLE)) {
    const before = at > start && LETTER.test(text[at - 1] as string);
    const after = at + 1 < end && LETTER.test(text[at + 1] as string);
    if (before && after) continue;
    if (open && mark !== '‘' && !after && at > open.at + 1 && !/\s/.test(text[at - 1] as string)) {
      // After an s it may be a plural’s apostrophe, so a later mark that is surely a closing one is preferred.
      if (/s/i.test(text[at - 1] as string)) weak ??= at;
      else {
        pairs.push({ start: open.at + 1, end: at, mark: open.mark, closed: true });
        [open, weak] = [undefined, undefined];
      }
    } else if (mark !== '’' && !before && after && !ELIDED.test(text.slice(at, at + 8))) {
      settle();
      open = { at, mark };
    }
  }
  settle();
  return pairs;
}
