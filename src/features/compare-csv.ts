/** A comparison as CSV (RFC 4180). */
import { stringify } from 'csv-stringify/sync';
import type { ComparedCell, ComparedColumn, Comparison } from './compare.ts';

/** What there is of each policy, in columns of their own. */
const PARTS = ['state', 'effect', 'number', 'heading', 'text', 'sources'] as const;

/** How the CSV is laid out, in sentences; documented as it stands. */
export const CSV_RULE = `As CSV (UTF-8, RFC 4180): a line for each measure, with \`measure\` (its slug), \`measure_name\` and, for each policy by its slug (for a place without any, \`jurisdiction:\` and its slug), ${PARTS.map((part) => `\`SLUG ${part}\``).join(', ')}. A measure that a policy has by several provisions takes a line for each of them; the other policies’ cells of those further lines are empty. Sources are slugs, separated by spaces. What a spreadsheet would take for a formula (a text that begins with =, +, -, @, a tab or a carriage return) is preceded by an apostrophe; the JSON has texts as they are recorded.`;

/** The comparison as a CSV text with a line of headings. */
export function comparisonCsv({ columns, data }: Comparison): string {
  const headings = columns.flatMap((column) => PARTS.map((part) => `${nameOf(column)} ${part}`));
  const lines = data.flatMap(({ measure, cells }) => {
    const height = Math.max(1, ...cells.map(({ provisions }) => provisions?.length ?? 0));
    return Array.from({ length: height }, (_, line) => [
      measure.slug,
      measure.name,
      ...cells.flatMap((cell) => valuesOf(cell, line)),
    ]);
  });
  return stringify([['measure', 'measure_name', ...headings], ...lines], {
    record_delimiter: 'windows',
    escape_formulas: true,
    // By itself it quotes only what holds the whole delimiter.
    quoted_match: /[\r\n]/,
  });
}

function nameOf({ policy, jurisdiction }: ComparedColumn): unknown {
  return policy?.slug ?? `jurisdiction:${jurisdiction?.slug}`;
}

function valuesOf({ state, provisions }: ComparedCell, line: number): unknown[] {
  const provision = provisions?.[line];
  if (provision === undefined) return [line === 0 ? state : null, ...PARTS.slice(1).map(() => null)];
  const { effect, number, heading, text, citations } = provision;
  const sources = new Set(citations.data.flatMap(({ source }) => source?.slug ?? []));
  return [state, effect, number, heading, text, [...sources].join(' ')];
}
