/** Known utterances that a quotation of a text may be a report of. */
import type { Column } from '../../db/columns.ts';
import type { Database, Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { tableOf } from '../../engine/select.ts';
import { kindNamed } from '../../model/kinds.ts';
import { wordPieces } from '../shingles.ts';
import { MOST_WORDS, placesOf, THRESHOLD } from '../similar.ts';

export interface Candidate {
  readonly statement_id: string;
  readonly slug: string;
  /** As of `GET /v1/statements/similar`, 0 to 1. */
  readonly score: number;
  /** The known wording that it is most like. */
  readonly text: string;
  readonly official_id: string | null;
  readonly organization_id: string | null;
}

/** Most candidates of one quotation. */
const CANDIDATES = 5;

/** The utterances a quotation may be a report of, best first; of a very long one the beginning is compared. */
export async function utterancesLike(session: Session, db: Database, text: string): Promise<Candidate[]> {
  let words = 0;
  const pieces = wordPieces(text).flatMap((piece) => {
    const kept = piece.slice(0, Math.max(0, MOST_WORDS - words));
    words += kept.length;
    return kept.length > 0 ? [kept] : [];
  });
  if (words === 0) return [];
  const placed = await placesOf(db, session, pieces);
  const best = placed.filter(({ score }) => score >= THRESHOLD).slice(0, CANDIDATES);
  const speakers = await speakersOf(
    session,
    db,
    best.map(({ candidate }) => candidate.statement_id),
  );
  return best.map(({ candidate: { statement_id, text: wording }, score }) => ({
    statement_id,
    slug: speakers.get(statement_id)?.slug ?? '',
    score: Math.round(score * 1000) / 1000,
    text: wording,
    official_id: speakers.get(statement_id)?.official_id ?? null,
    organization_id: speakers.get(statement_id)?.organization_id ?? null,
  }));
}

type Who = Pick<Candidate, 'slug' | 'official_id' | 'organization_id'>;

async function speakersOf(session: Session, db: Database, ids: readonly string[]): Promise<Map<string, Who>> {
  if (ids.length === 0) return new Map();
  const table = tableOf(db, kindNamed('statement'));
  const rows = await session.all<Who & { id: string }>(
    'speakers of statements',
    (on) =>
      on
        .select({
          id: table.id as Column,
          slug: table.slug as Column,
          official_id: table.official_id as Column,
          organization_id: table.organization_id as Column,
        })
        .from(table)
        .where(sql`${db.dialect.isAmong(table.id as Column, 'ids')}`),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A quotation of several sentences, parted where they report different utterances. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

/** The sentences of a stretch of text: offsets of each, without the space between them. */
export function sentencesOf(text: string, start: number, end: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let from = start;
  for (const { index } of text.slice(start, end).matchAll(/[.!?…]["'’”]?\s+(?=["'‘“]?[\p{Lu}\p{N}])/gu)) {
    const stop = start + index + (/^["'’”]/.test(text[start + index + 1] ?? '') ? 2 : 1);
    found.push({ start: from, end: stop });
    from = stop + (/^\s+/.exec(text.slice(stop, stop + 20))?.[0].length ?? 0);
  }
  return [...found, { start: from, end }];
}
