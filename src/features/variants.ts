/** How each source printed a statement: word by word beside the chosen wording, in groups of equal wording. */
import type { Engine } from '../engine/engine.ts';
import { get } from '../engine/read.ts';
import type { PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { givesWords, standingOf, thresholds } from './agreement-rule.ts';
import { wordDiff } from './word-diff.ts';
import { wordingKey } from './wording.ts';

/**
 * Characters of wordings that are laid beside the chosen one word by word in one answer; of those beyond only the ends
 * are. It takes a dozen wordings of the greatest length to get there.
 */
const MOST_CHARACTERS = 500_000;

/** What a report bears out: the words, that the thing was said, or, once it is taken back, nothing. */
export type BearsOut = 'words' | 'utterance' | 'nothing';

/** The text that wordings are held against. */
export interface Compared {
  readonly text: string;
  /** `chosen`: the statement’s own text. `longest_report`: it has none, so the longest wording stands for it. */
  readonly basis: 'chosen' | 'longest_report';
  readonly statement_report_id: string | null;
}

type Report = PublicRecord & {
  readonly quoted_text: string | null;
  readonly form: string;
  readonly report_status: string;
  readonly source: (PublicRecord & { readonly publisher?: PublicRecord | null }) | null;
  readonly outlet: PublicRecord | null;
};

/**
 * The variants of a statement; 404 or 410 when it cannot be seen. At most 100 reports, oldest first; `more` leads to
 * the rest. Six statements, however many reports.
 */
export async function variantsOf(engine: Engine, name: string) {
  const query = { include: ['reports.source', 'reports.outlet'] };
  const { record, revision } = await get(engine, kindNamed('statement'), name, query, { restricted: false });
  const { reports: included, ...statement } = record;
  const { data: reports, more } = included as { data: readonly Report[]; more: string | null };
  const compared = comparedOf((statement.text ?? null) as string | null, reports);
  const groups = groupsOf(reports, compared);
  const diffOf = differ(compared);
  const data = reports.map((report) => ({
    statement_report_id: report.id,
    group: groupIn(groups, report),
    quoted_text: report.quoted_text,
    ...diffOf(report),
    similarity: report.similarity,
    same_wording: report.same_wording,
    speaker_as_printed: report.speaker_as_printed,
    attribution_text: report.attribution_text,
    said_on: report.said_on,
    form: report.form,
    report_status: report.report_status,
    bears_out: bearsOut(report),
    selector: report.selector,
    ...originOf(report),
  }));
  const { agreement, agreement_reason, agreement_by_rule, report_count, publisher_count } = statement;
  const judged = {
    agreement,
    agreement_reason,
    agreement_by_rule,
    report_count,
    publisher_count,
    thresholds,
  };
  const answer = { statement, ...judged, compared_with: compared, groups, reports: { data, more } };
  return { answer, version: record.version, revision: revision as number };
}

/** Where a report comes from: its source, who published that, and the outlet it credits with having heard the words. */
function originOf({ source, outlet }: Report) {
  if (source === null) return { source, publisher: null, outlet };
  const { publisher = null, ...rest } = source;
  return { source: rest, publisher, outlet };
}

/** The chosen text or, where there is none, the longest wording: of reports that stand, if any does. */
function comparedOf(text: string | null, reports: readonly Report[]): Compared | null {
  if (text !== null) return { text, basis: 'chosen', statement_report_id: null };
  const worded = reports.filter(({ quoted_text }) => quoted_text !== null);
  const quoting = worded.filter((report) => bearsOut(report) === 'words');
  const [longest] = (quoting.length > 0 ? quoting : worded).toSorted(
    (a, b) => (b.quoted_text as string).length - (a.quoted_text as string).length || (a.id < b.id ? -1 : 1),
  );
  if (longest === undefined) return null;
  const { id, quoted_text } = longest;
  return { text: quoted_text as string, basis: 'longest_report', statement_report_id: id };
}

/** Reports whose wordings are the same once normalised, by the order in which they are first met. */
function groupsOf(reports: readonly Report[], compared: Compared | null) {
  const worded = reports.filter(({ quoted_text }) => quoted_text !== null);
  const alike = [...Map.groupBy(worded, ({ quoted_text }) => wordingKey(quoted_text as string))];
  return alike.map(([key, [first, ...others]], at) => ({
    group: at + 1,
    text: (first as Report).quoted_text as string,
    same_as_compared: compared !== null && wordingKey(compared.text) === key,
    statement_report_ids: [first as Report, ...others].map(({ id }) => id),
  }));
}

function groupIn(groups: ReturnType<typeof groupsOf>, { id }: Report): number | null {
  return groups.find(({ statement_report_ids }) => statement_report_ids.includes(id))?.group ?? null;
}

function bearsOut(report: Report): BearsOut {
  if (standingOf(report.report_status, String(report.source?.status)) !== 'live') return 'nothing';
  return givesWords(report) ? 'words' : 'utterance';
}

/** Lays wordings beside the compared one, in turn, until that has been done for so many characters. */
function differ(compared: Compared | null) {
  let characters = 0;
  return ({ quoted_text }: Report) => {
    if (compared === null || quoted_text === null) return { diff: null, diff_by: null };
    characters += compared.text.length + quoted_text.length;
    return wordDiff(compared.text, quoted_text, { coarse: characters > MOST_CHARACTERS });
  };
}
