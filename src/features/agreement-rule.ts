/** How far the reports of a statement agree, by rule; its inputs are in `agreement_reason`. Told in src/guide/agreement.md. */
import { clashingSpeakers, type Speaker } from './speakers.ts';
import { contains, similarity, wordingKey, wordsOf } from './wording.ts';

/**
 * Wordings that share more than this part of their words, 0 to 1, are variants of one another; otherwise they conflict.
 * Above a half, most words of both are the same words in the same order.
 */
export const VARIANT_SHARE = 0.5;

/** How many independent publishers have to print the same words before these are corroborated: the one and another. */
export const CORROBORATING = 2;

/**
 * Pairs of words that are laid side by side at most where all wordings are compared with one another; where there
 * would be more, each is compared with the longest. It takes some 100,000 words to get there.
 */
export const PAIRS = 100_000_000;

/** The thresholds by their public names. */
export const thresholds = { variant_share: VARIANT_SHARE, corroborating_publishers: CORROBORATING } as const;

/** Forms in which a source gives the speaker’s own words; in the others the words are the reporter’s or translator’s. */
const QUOTING: ReadonlySet<string> = new Set(['verbatim', 'partial', 'headline']);

/** A source and who published it. */
export interface Origin {
  readonly source_id: string;
  readonly publisher_id: string | null;
  readonly owner_group: string | null;
}

/** What the rule needs to know of one report. */
export interface Report {
  /** The source itself, and every source it was made from, directly or not. */
  readonly origins: readonly Origin[];
  readonly form: string;
  readonly standing: Standing;
  readonly quoted_text: string | null;
  readonly said_on: string | null;
  readonly speaker_as_printed: string | null;
}

/** Whether a report still stands: taken back by its publisher, with its source or alone, or not to be found. */
export type Standing = 'live' | 'retracted' | 'removed';

/** A word of the vocabulary, and why it holds. */
export interface Finding {
  readonly agreement: string;
  readonly reason: string;
}

export interface Agreement {
  readonly agreement: string;
  readonly agreement_reason: string;
  /** What the rule alone gives, where an editor has said otherwise. */
  readonly agreement_by_rule: Finding | null;
  /** Live reports. */
  readonly report_count: number;
  /** Independent publishers among them. */
  readonly publisher_count: number;
}

/** Where a report stands, by its own status and that of its source. */
export function standingOf(reportStatus: string, sourceStatus: string): Standing {
  if (reportStatus === 'retracted' || sourceStatus === 'retracted') return 'retracted';
  return reportStatus === 'removed' ? 'removed' : 'live';
}

/** Whether a report gives the words themselves, rather than only that something was said. */
export function givesWords({ form, quoted_text }: Pick<Report, 'form' | 'quoted_text'>): boolean {
  return quoted_text !== null && QUOTING.has(form);
}

/** The agreement of a statement: an editor’s word where there is one, and else what the rule gives. */
export function agreementOf(
  reports: readonly Report[],
  speaker: Speaker,
  override: Finding | null = null,
): Agreement {
  const live = reports.filter(({ standing }) => standing === 'live');
  const found = byRule(reports, live, speaker);
  const { agreement, reason } = override ?? found;
  return {
    agreement,
    agreement_reason: reason,
    agreement_by_rule: override && found,
    report_count: live.length,
    publisher_count: independent(live),
  };
}

/**
 * The rule. The order of the reports does not matter. It speaks of the words where any are quoted, and else of
 * whether the thing was said at all.
 */
function byRule(all: readonly Report[], live: readonly Report[], speaker: Speaker): Finding {
  if (live.length === 0) return withoutLive(all);
  if (live.length === 1) return finding('single_source', 'one live report');
  const dates = [...new Set(live.flatMap(({ said_on }) => said_on ?? []))].sort();
  if (clash(dates)) return finding('conflicting', `the reports give different dates: ${dates.join(', ')}`);
  const names = clashingSpeakers(
    live.flatMap(({ speaker_as_printed }) => speaker_as_printed ?? []),
    speaker,
  );
  if (names.length > 0)
    return finding('conflicting', `the reports name different speakers: ${names.join(', ')}`);
  const voices = independent(live);
  const from = `${live.length} live reports from ${voices} independent ${voices === 1 ? 'publisher' : 'publishers'}`;
  const quoting = live.filter(givesWords);
  const wordings = distinct(quoting.map(({ quoted_text }) => quoted_text as string));
  if (wordings.length > 1) return compared(wordings, from);
  if (voices < CORROBORATING) return finding('single_source', `${from}: copies count once`);
  if (wordings.length === 0)
    return finding('corroborated', `${from} retell or translate it; none gives a wording to compare`);
  if (independent(quoting) < CORROBORATING)
    return finding(
      'single_source',
      `${from}, only one of which gives a wording: a paraphrase or a translation bears out no words`,
    );
  return finding('corroborated', `${from} give the same wording`);
}

function finding(agreement: string, reason: string): Finding {
  return { agreement, reason };
}

/** Where every publisher took its report back, the sources themselves say that it is retracted. */
function withoutLive(reports: readonly Report[]): Finding {
  const retracted = reports.filter(({ standing }) => standing === 'retracted').length;
  const removed = reports.length - retracted;
  if (reports.length === 0) return finding('unsourced', 'no live report');
  if (removed > 0)
    return finding('unsourced', `no live report: ${retracted} retracted, ${removed} no longer found`);
  return finding(
    'retracted',
    retracted === 1
      ? 'its publisher took the only report back'
      : `their publishers took all ${retracted} reports back`,
  );
}

function compared(wordings: readonly string[], from: string): Finding {
  const shares = pairsOf(wordings).map(([a, b]) => (contains(a, b) || contains(b, a) ? 1 : similarity(a, b)));
  const least = Math.min(...shares);
  const measured = `${from} give ${wordings.length} wordings; the least alike share ${Math.floor(least * 100)} % of their words`;
  if (least > VARIANT_SHARE) return finding('variant', `${measured} or contain one another`);
  return finding('conflicting', measured);
}

/** The wordings to compare: every two of them or, where that is too much work, each with the longest. */
function pairsOf(wordings: readonly string[]): [string, string][] {
  const sized = wordings.map((text) => ({ text, words: wordsOf(text).length, key: wordingKey(text) }));
  const all = sized.reduce((sum, { words }) => sum + words, 0);
  const work = sized.reduce((sum, { words }) => sum + words * (all - words), 0) / 2;
  if (work <= PAIRS)
    return wordings.flatMap((a, at) => wordings.slice(at + 1).map((b): [string, string] => [a, b]));
  const [longest, ...others] = sized.sort((a, b) => b.words - a.words || (a.key < b.key ? -1 : 1));
  return others.map(({ text }) => [(longest as { text: string }).text, text]);
}

/** Wordings that differ once normalised. */
function distinct(wordings: readonly string[]): string[] {
  return [...new Map(wordings.map((wording) => [wordingKey(wording), wording])).values()];
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
