/** Showing where the words of a search stand in a hit. */
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { codePointsOf } from '../code-points.ts';
import type { Term } from './query.ts';
import { pathsOf, type Stretch, stretchesOf } from './texts.ts';
import { textsOf } from './tokens.ts';

/** Characters of each field that are looked through for showing; the words of a longer text are found all the same. */
export const SHOWN_LENGTH = 20_000;
/** Characters of a snippet, about. */
const SNIPPET = 240;
/** Characters before the first word shown. */
const BEFORE = 60;

export interface Highlight {
  /** Name of the field; `agenda.title` is a field of the items of a list. */
  readonly field: string;
  readonly snippet: string;
  /** Stretches of the snippet, in Unicode code points. */
  readonly ranges: readonly Stretch[];
}

/** The fields of a hit in which a term stands, those it is called by first, each with the stretch around the first. */
export function highlightsOf(kind: Kind, record: PublicRecord, terms: readonly Term[]): Highlight[] {
  return [...new Set(pathsOf(kind))].flatMap((field) => {
    for (const text of textsOf(record, field)) {
      const shown = text.slice(0, SHOWN_LENGTH).toWellFormed();
      const stretches = stretchesOf(shown, terms, SNIPPET);
      if (stretches.length > 0) return [{ field, ...snippetOf(shown, stretches) }];
    }
    return [];
  });
}

function snippetOf(text: string, stretches: readonly Stretch[]): Omit<Highlight, 'field'> {
  const first = (stretches[0] as Stretch).start;
  const [from, until] =
    text.length <= SNIPPET
      ? [0, text.length]
      : [wordStart(text, first - BEFORE), wordEnd(text, first, first - BEFORE + SNIPPET)];
  const inside = stretches.filter(({ start, end }) => start >= from && end <= until);
  const snippet = text.slice(from, until);
  const points = codePointsOf(snippet);
  const ranges = inside.map(({ start, end }) => ({
    start: points.ofUnit(start - from),
    end: points.ofUnit(end - from),
  }));
  // A phrase longer than the snippet is shown whole.
  if (ranges.length > 0) return { snippet, ranges };
  const { start, end } = stretches[0] as Stretch;
  const whole = text.slice(start, end);
  return { snippet: whole, ranges: [{ start: 0, end: codePointsOf(whole).length }] };
}

/** The first beginning of a word at or after a place; the text’s own where the place lies before it. */
function wordStart(text: string, at: number): number {
  if (at <= 0) return 0;
  const space = text.slice(at, at + BEFORE).search(/\s/u);
  return space < 0 ? whole(text, at) : at + space + 1;
}

/** The last end of a word at or before a place, and after another. */
function wordEnd(text: string, after: number, at: number): number {
  if (at >= text.length) return text.length;
  const space = text.slice(0, at + 1).search(/\s\S*$/u);
  return space > after ? space : whole(text, at);
}

/** A place that does not split a character of two units. */
function whole(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at;
}
