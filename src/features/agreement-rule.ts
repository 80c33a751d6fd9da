/** How far the reports of a statement agree, by rule; its inputs are in `agreement_reason`. */
import { clashingSpeakers, type Speaker } from './speakers.ts';
import { contains, sameWording, similarity } from './wording.ts';

/** Wordings that share more than this part of their words are variants of one another; otherwise they conflict. */
export const VARIANT_SHARE = 0.5;

/** A source and who published it. */
export interface Origin {
  readonly source_id: string;
  readonly publisher_id: string | null;
  readonly owner_group: string | null;
}

/** What the rule needs to know of one live report. */
export interface Report {
  /** The source itself, and every source it was made from, directly or not. */
  readonly origins: readonly Origin[];
  readonly quoted_text: string | null;
  readonly said_on: string | null;
  readonly speaker_as_printed: string | null;
}

export interface Agreement {
  readonly agreement: string;
  readonly agreement_reason: string;
  readonly report_count: number;
  readonly publisher_count: number;
}

/**
 * The rule. The order of the reports does not matter. It speaks of the words where any are quoted, and else of
 * whether the thing was said at all.
 */
export function agreementOf(reports: readonly Report[], speaker: Speaker): Agreement {
  const voices = independent(reports);
  const counted = { report_count: reports.length, publisher_count: voices };
  const said = (agreement: string, agreement_reason: string) => ({ agreement, agreement_reason, ...counted });
  if (reports.length === 0) return said('unsourced', 'no live report');
  if (reports.length === 1) return said('single_source', 'one live report');
  const dates = [...new Set(reports.flatMap(({ said_on }) => said_on ?? []))].sort();
  if (clash(dates)) return said('conflicting', `the reports give different dates: ${dates.join(', ')}`);
  const names = clashingSpeakers(
    reports.flatMap(({ speaker_as_printed }) => speaker_as_printed ?? []),
    speaker,
  );
  if (names.length > 0)
    return said('conflicting', `the reports name different speakers: ${names.join(', ')}`);
  const from = `${reports.length} live reports from ${voices} independent ${voices === 1 ? 'publisher' : 'publishers'}`;
  const quoting = reports.filter(({ quoted_text }) => quoted_text !== null);
  const wordings = distinct(quoting.map(({ quoted_text }) => quoted_text as string));
  if (wordings.length > 1) return compared(wordings, from, said);
  if (voices < 2) return said('single_source', `${from}: copies count once`);
  if (wordings.length === 0)
    return said('corroborated', `${from} paraphrase it without a wording to compare`);
  if (independent(quoting) < 2)
    return said(
      'single_source',
      `${from}, only one of which gives a wording: a paraphrase bears out no words`,
    );
  return said('corroborated', `${from} give the same wording`);
}

function compared(
  wordings: readonly string[],
  from: string,
  said: (agreement: string, reason: string) => Agreement,
): Agreement {
  const shares = wordings.flatMap((a, at) =>
    wordings.slice(at + 1).map((b) => (contains(a, b) || contains(b, a) ? 1 : similarity(a, b))),
  );
  const least = Math.min(...shares);
  const measured = `${from} give ${wordings.length} wordings; the least alike share ${Math.floor(least * 100)} % of their words`;
  if (least > VARIANT_SHARE) return said('variant', `${measured} or contain one another`);
  return said('conflicting', measured);
}

/** Wordings that differ once normalised. */
function distinct(wordings: readonly string[]): string[] {
  return wordings.filter(
    (wording, at) => !wordings.slice(0, at).some((earlier) => sameWording(earlier, wording)),
  );
}

/** Whether some partial dates rule each other out: neither is the beginning of the other. */
function clash(dates: readonly string[]): boolean {
  return dates.some((a) => dates.some((b) => !a.startsWith(b) && !b.startsWith(a)));
}

/** How many independent voices the reports come from: one publisher, one owner, or one original counts once. */
function independent(reports: readonly Report[]): number {
  const groups: Set<string>[] = [];
  for (const { origins } of reports) {
    const marks = new Set<string>();
    for (const { source_id, publisher_id, owner_group } of origins) {
      marks.add(`source ${source_id}`);
      if (publisher_id) marks.add(`publisher ${publisher_id}`);
      if (owner_group) marks.add(`owner ${owner_group.trim().toLowerCase()}`);
    }
    for (const group of groups.filter((one) => [...marks].some((mark) => one.has(mark)))) {
      for (const mark of group) marks.add(mark);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(marks);
  }
  return groups.length;
}
