/**
 * What a text may add to the record, for an editor to look over: quotations with their speakers, people and bodies,
 * dates, and numbers of policies, each as a body that a POST takes. By rules alone, and nothing is saved.
 */
import type { Column } from '../../db/columns.ts';
import type { Database, Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { tableOf } from '../../engine/select.ts';
import { kindNamed } from '../../model/kinds.ts';
import { fromSource, type Origin, type Ready } from './bodies.ts';
import { type Extract, extract, read } from './extract.ts';
import { knownOf, otherNames } from './known.ts';
import { namesOf } from './named.ts';
import { type Anchor, anchorOf } from './passage.ts';
import { COMPARED, isTooLong, quotationOf, type SuggestedQuotation } from './quoted.ts';

/** Longest text, in code points. */
export const LONGEST_TEXT = 500_000;
/** Most suggestions of each sort; `meta.found` tells how many there are. */
export const MOST = 500;

interface Suggested extends Ready {
  readonly kind: string;
  readonly confidence: number;
  readonly why: string;
  readonly as_printed: string;
  readonly selector: Anchor;
}

export interface SuggestedDate extends Suggested {
  /** A partial date, or null where the source’s own date is too vague to tell. */
  readonly date: string | null;
  readonly basis: 'stated' | 'derived';
}

export interface SuggestedPolicy extends Suggested {
  readonly identifier: string;
  readonly selectors: readonly Anchor[];
  readonly matches: readonly {
    kind: 'policy';
    id: string;
    slug: string;
    title: string;
    score: number;
    why: string;
  }[];
}

/** Everything a text suggests. */
export type Suggestions = Awaited<ReturnType<typeof suggest>>;

/** Makes suggestions from a text, as its source published it. */
export async function suggest(session: Session, db: Database, text: string, origin: Origin) {
  const reading = read(text, origin.language);
  const known = await knownOf(session, db, reading.forms);
  const others = await otherNames(session, db);
  const found = extract(reading, { known, others }, origin.published_on);
  const whole = found.utterances.filter((utterance) => !isTooLong(utterance));
  const people = namesOf(found, 'person', origin);
  const bodies = namesOf(found, 'body', origin);
  const policies = await policiesOf(session, db, found, origin);
  const leftOut = leftOutOf(found);
  const budget = { left: COMPARED };
  const quotations: SuggestedQuotation[] = [];
  for (const utterance of whole.slice(0, MOST))
    quotations.push(await quotationOf(session, db, found, utterance, origin, budget));
  const { english, why } = reading;
  return {
    quotations,
    people: people.slice(0, MOST),
    bodies: bodies.slice(0, MOST),
    dates: found.dates.slice(0, MOST).map((date) => dateOf(found, date, origin)),
    policies,
    left_out: leftOut.slice(0, MOST),
    meta: {
      source_id: origin.id,
      length: reading.passage.points.length,
      english,
      language_why: why,
      limit: MOST,
      found: {
        quotations: whole.length,
        people: people.length,
        bodies: bodies.length,
        dates: found.dates.length,
        policies: new Set(found.identifiers.map(({ identifier }) => identifier)).size,
        left_out: leftOut.length,
      },
    },
  };
}

function leftOutOf(found: Extract): { why: string; selector: Anchor }[] {
  const { passage } = found.scene;
  const long = found.utterances.filter(isTooLong).map(({ pieces }) => ({
    start: (pieces[0] as { start: number }).start,
    end: (pieces.at(-1) as { end: number }).end,
    why: 'a quotation longer than a report can hold',
  }));
  return [...found.terms, ...long]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, why }) => ({ why, selector: anchorOf(passage, start, end) }));
}

/** Members of a citation that only an editor can give: which record the date is evidence for. */
const CITED = ['/record_type', '/record_id', '/field'];

function dateOf(
  found: Extract,
  { start, end, date, basis, why, confidence }: Extract['dates'][number],
  origin: Origin,
): SuggestedDate {
  const selector = anchorOf(found.scene.passage, start, end);
  const value = date === null ? {} : { value: date };
  const body = { ...value, basis, selector, ...(basis === 'derived' ? { note: `Derived: ${why}.` } : {}) };
  const ready = fromSource(origin, 'citations', body, date === null ? [...CITED, '/value'] : CITED);
  return { kind: 'citation', confidence, why, as_printed: selector.exact, date, basis, selector, ...ready };
}

/** Numbers of policies, each once, with the policies that have them. */
async function policiesOf(
  session: Session,
  db: Database,
  found: Extract,
  origin: Origin,
): Promise<SuggestedPolicy[]> {
  const { passage } = found.scene;
  const groups = [...Map.groupBy(found.identifiers, ({ identifier }) => identifier)].slice(0, MOST);
  const known = await policiesNumbered(
    session,
    db,
    groups.map(([identifier]) => identifier),
  );
  return groups.map(([identifier, all]) => {
    const [first] = all as [Extract['identifiers'][number]];
    const selectors = all.slice(0, 100).map(({ start, end }) => anchorOf(passage, start, end));
    const [selector] = selectors as [Anchor];
    const matches = known.get(identifier) ?? [];
    const { printed, type, why, confidence } = first;
    const shared = { confidence, why, as_printed: printed, identifier, selector, selectors, matches };
    const [match] = matches;
    if (match === undefined) {
      const raw = identifier.replace(/\s(?:No\. )?[\w§.-]*\d[\w.-]*$/u, '');
      const body = { type, ...(type === 'other' ? { type_raw: raw } : {}), identifier };
      return { kind: 'policy', ...shared, path: 'policies', body, fill: ['/title', '/jurisdiction_id'] };
    }
    const body = { record_type: 'policy', record_id: match.id, field: '', selector };
    return { kind: 'citation', ...shared, ...fromSource(origin, 'citations', body) };
  });
}

/** Policies whose law number or slug is one of some numbers. */
async function policiesNumbered(session: Session, db: Database, numbers: readonly string[]) {
  const found = new Map<string, SuggestedPolicy['matches']>();
  if (numbers.length === 0) return found;
  const table = tableOf(db, kindNamed('policy'));
  const [lawNumber, slug] = [table.law_number, table.slug] as [Column, Column];
  const slugOf = (number: string) =>
    number
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  const rows = await session.all<{ id: string; slug: string; title: string; law_number: string | null }>(
    'policies by number',
    (on) =>
      on
        .select({ id: table.id as Column, slug, title: table.title as Column, law_number: lawNumber })
        .from(table)
        .where(
          sql`(${db.dialect.isAmong(lawNumber, 'numbers')} or ${db.dialect.isAmong(slug, 'slugs')}) and ${table.deleted_at} is null`,
        )
        .orderBy(table.id as Column)
        .limit(MOST),
    { numbers: db.dialect.list(numbers), slugs: db.dialect.list(numbers.map(slugOf)) },
  );
  for (const number of numbers) {
    const matches = rows
      .filter((row) => row.law_number === number || row.slug === slugOf(number))
      .map(({ id, slug: of, title, law_number }) => {
        const law = law_number === number;
        return {
          kind: 'policy' as const,
          id,
          slug: of,
          title,
          score: law ? 1 : 0.9,
          why: law ? 'the same number as a law' : 'the same slug',
        };
      });
    if (matches.length > 0) found.set(number, matches);
  }
  return found;
}
