/** Records as CSV (RFC 4180), so that every value can be told from every other and no spreadsheet runs one. */
import { stringify } from 'csv-stringify/sync';
import type { Kind, PublicRecord } from '../../model/declare.ts';

/**
 * How values are written, in sentences; documented as it stands. The signs are those that spreadsheets of some language
 * begin a formula with (OWASP, CSV injection).
 */
export const CSV_CELLS =
  'CSV is UTF-8 (RFC 4180) with a line of names first. An empty cell is null (in `field` of citations, which is never null, the empty text). Lists, objects and values of any type are JSON in their cell. A text that begins with =, +, -, @, their full-width forms, a tab, a carriage return, a line feed or an apostrophe has an apostrophe put before it, so that no spreadsheet runs it: whoever takes the first apostrophe off has the text as it is recorded.';

const RUN = /^[=+\-@\t\r\n'＝＋－＠]/;

/** A text as it stands in a cell. */
export function guarded(text: string): string {
  return RUN.test(text) ? `'${text}` : text;
}

/** The text that a cell stands for. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/** Names of a kind’s fields that hold any JSON value, so that even a text of theirs is written as JSON. */
export function anyValued(kind: Kind): ReadonlySet<string> {
  const named = Object.entries(kind.fields).filter(([, { type }]) => type === 'json');
  return new Set(named.map(([name]) => name));
}

/** A value as its cell; `any` for one of a field that holds any JSON value. */
export function cellOf(value: unknown, any = false): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' && !any) return guarded(value);
  return typeof value === 'object' || any ? JSON.stringify(value) : String(value);
}

/** Lines of cells, each with its end. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], {
    record_delimiter: 'windows',
    // By itself it quotes only what holds the whole delimiter.
    quoted_match: /[\r\n]/,
  });
}

/** The lines of some records, with these fields. */
export function csvOf(kind: Kind, names: readonly string[], records: readonly PublicRecord[]): string {
  const any = anyValued(kind);
  return csvLines(records.map((record) => names.map((name) => cellOf(record[name], any.has(name)))));
}
