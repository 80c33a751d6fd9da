/** What was said, as suggestions: a report of each quotation, a new statement for it, and known ones it may be a report of. */
import type { Database, Session } from '../../db/database.ts';
import { TEXT_LIMIT } from '../../model/declare.ts';
import { fromSource, isFormer, type Origin, occasionOf, type Ready, roleOf } from './bodies.ts';
import type { Extract } from './extract.ts';
import { type Candidate, type Part, sentencesOf, utterancesLike } from './likeness.ts';
import type { Match } from './names.ts';
import { type Anchor, anchorOf } from './passage.ts';
import type { Utterance } from './utterances.ts';

/** Most quotations, and sentences of them, that known utterances are looked up for. */
export const COMPARED = 200;
/** Most sentences of one quotation that are looked up by themselves. */
const SENTENCES = 8;
/** Score from which a report is suggested of the known utterance itself, rather than of one to be chosen. */
export const CLEAR = 0.75;
/** Longest attribution that is kept, in UTF-16 units; what is nearest to the quotation. */
const ATTRIBUTION = 1000;

export interface SuggestedSpeaker {
  readonly as_printed: string;
  /** The pronoun or description that stands for the name. */
  readonly through: string | null;
  readonly matches: readonly Match[];
}

export interface SuggestedQuotation extends Ready {
  readonly kind: 'statement_report';
  readonly confidence: number;
  readonly why: string;
  readonly selector: Anchor;
  readonly pieces: readonly Anchor[];
  readonly speaker: SuggestedSpeaker | null;
  /** Null where it was not looked for, as more were looked for already than a request may. */
  readonly candidates: readonly Candidate[] | null;
  readonly statement: Ready;
  readonly parts: readonly (Ready & { selector: Anchor; candidates: readonly Candidate[] })[];
}

/** Counts what is looked up. */
export interface Budget {
  left: number;
}

/** The suggestions for one utterance. */
export async function quotationOf(
  session: Session,
  db: Database,
  found: Extract,
  utterance: Utterance,
  origin: Origin,
  budget: Budget,
): Promise<SuggestedQuotation> {
  const { passage } = found.scene;
  const { pieces } = utterance;
  const [first, last] = [pieces[0], pieces.at(-1)] as [{ start: number }, { end: number }];
  const anchor = anchorOf(passage, first.start, last.end);
  const candidates = await candidatesOf(session, db, utterance.quoted, budget);
  const parts = await partsOf(session, db, found, utterance, candidates ?? [], budget);
  const { report: shared, basis } = reportOf(found, utterance, origin);
  const report = (text: string, selector: Anchor, among: readonly Candidate[]) =>
    reportBody(origin, { ...shared, quoted_text: text, selector }, among);
  return {
    kind: 'statement_report',
    confidence: utterance.confidence,
    why: utterance.why,
    selector: anchor,
    pieces: pieces.map(({ start, end }) => anchorOf(passage, start, end)),
    speaker: speakerOf(utterance),
    candidates,
    ...report(utterance.quoted, anchor, candidates ?? []),
    statement: statementOf(utterance, shared, basis, origin),
    parts: parts.map((part) => {
      const selector = anchorOf(passage, part.start, part.end);
      return { selector, candidates: part.candidates, ...report(selector.exact, selector, part.candidates) };
    }),
  };
}

async function candidatesOf(session: Session, db: Database, text: string, budget: Budget) {
  if (budget.left <= 0) return null;
  budget.left -= 1;
  return utterancesLike(session, db, text);
}

/** The sentences of a quotation in one piece, where they report different known utterances. */
async function partsOf(
  session: Session,
  db: Database,
  { scene }: Extract,
  { pieces }: Utterance,
  whole: readonly Candidate[],
  budget: Budget,
): Promise<Part[]> {
  const [piece, ...more] = pieces;
  if (piece === undefined || more.length > 0 || (whole[0]?.score ?? 0) > 0.95) return [];
  const { text } = scene.passage;
  const sentences = sentencesOf(text, piece.start, piece.end);
  if (sentences.length < 2 || sentences.length > SENTENCES) return [];
  const parts: Part[] = [];
  for (const { start, end } of sentences) {
    const candidates = (await candidatesOf(session, db, text.slice(start, end), budget)) ?? [];
    const before = parts.at(-1);
    const same = before && candidates[0] && before.candidates[0]?.statement_id === candidates[0].statement_id;
    if (same) parts[parts.length - 1] = { ...before, end };
    else parts.push({ start, end, candidates });
  }
  const clear = new Set(
    parts.flatMap(({ candidates: [best] }) => (best && best.score >= CLEAR ? best.statement_id : [])),
  );
  return clear.size > 1 && parts.every(({ candidates }) => candidates.length > 0) ? parts : [];
}

function speakerOf({ speaker }: Utterance): SuggestedSpeaker | null {
  if (speaker === undefined) return null;
  const { printed, through, mention } = speaker;
  return { as_printed: printed, through: through ?? null, matches: mention?.matches ?? [] };
}

/** What every report of an utterance has, whichever piece of it. */
function reportOf(found: Extract, utterance: Utterance, { published_on }: Origin) {
  const { text } = found.scene.passage;
  const { attribution, speaker, form } = utterance;
  const range = attribution && {
    start: Math.max(attribution.start, attribution.end - ATTRIBUTION),
    end: attribution.end,
  };
  const words = range ? text.slice(range.start, range.end).replace(/\s+/gu, ' ').trim() : '';
  const named = speaker?.printed.slice(0, 500);
  const said =
    range &&
    found.dates.find(
      ({ start, end, date }) =>
        start >= range.start && end <= range.end && date !== null && date.length > 4 && date !== published_on,
    );
  const outlet = range && outletOf(found, range);
  const report = {
    ...(outlet ? { outlet_id: outlet } : {}),
    ...(words === '' ? {} : { attribution_text: words.toWellFormed() }),
    ...(named === undefined ? {} : { speaker_as_printed: named }),
    ...(said ? { said_on: said.date as string } : {}),
    form,
  };
  // Only statements keep how a date is known.
  return { report, basis: said?.basis };
}

/** The outlet that is said to have heard it: told CBS News, in an interview with Fox, according to the Times. */
function outletOf({ mentions, scene }: Extract, range: { start: number; end: number }): string | undefined {
  const { words } = scene.passage;
  const heard = mentions.find(({ sure, start, end, run }) => {
    if (sure?.kind !== 'publisher' || start < range.start || end > range.end) return false;
    const before = [words[run.ahead - 1]?.lower, words[run.ahead - 2]?.lower];
    return before.some((word) => word !== undefined && /^(?:told|tells|to|with|on|for)$/.test(word));
  });
  return heard?.sure?.id;
}

type Shared = ReturnType<typeof reportOf>['report'];

function reportBody(
  origin: Origin,
  body: Shared & { quoted_text: string; selector: Anchor },
  [best]: readonly Candidate[],
): Ready {
  const clear = best !== undefined && best.score >= CLEAR;
  return fromSource(
    origin,
    'statement-reports',
    clear ? { statement_id: best.statement_id, ...body } : body,
    clear ? [] : ['/statement_id'],
  );
}

/** A new statement, for a quotation that reports none of the known ones. */
function statementOf(
  { speaker, quoted }: Utterance,
  shared: Shared,
  basis: string | undefined,
  { language }: Origin,
): Ready {
  const sure = speaker?.mention?.sure;
  const run = speaker?.mention?.run;
  const full = speaker?.mention?.full?.run;
  const role = roleOf(run?.title ?? full?.title ?? null, run?.role ?? full?.role ?? null);
  const who =
    sure?.kind === 'official'
      ? { official_id: sure.id }
      : sure?.kind === 'organization'
        ? { organization_id: sure.id }
        : speaker && speaker.sort !== 'document'
          ? { speaker_name: speaker.printed.slice(0, 500) }
          : {};
  const document = speaker?.sort === 'document';
  return {
    path: 'statements',
    body: {
      ...who,
      ...(role && !isFormer(role) && Object.keys(who).length > 0 ? { speaker_role: role.slice(0, 500) } : {}),
      text: quoted,
      text_basis: 'longest_verbatim',
      kind: occasionOf(shared.attribution_text ?? '', document),
      ...(shared.said_on ? { said_on: shared.said_on, said_on_basis: basis } : {}),
      ...(language ? { language } : {}),
    },
    fill: Object.keys(who).length > 0 ? [] : ['/speaker_name'],
  };
}

/** Whether an utterance is longer than a report can hold. */
export function isTooLong({ quoted, pieces }: Utterance): boolean {
  const [first, last] = [pieces[0], pieces.at(-1)] as [{ start: number }, { end: number }];
  return quoted.length > TEXT_LIMIT || last.end - first.start > TEXT_LIMIT;
}
