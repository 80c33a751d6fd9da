/**
 * How far the reports of a statement agree, by rule; and how near each report's wording is to the statement's.
 * The rule is model.md's "agreement": its inputs are returned in `agreement_reason`.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Column, Table } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import type { Derivation } from '../engine/engine.ts';
import { contains, sameWording, similarity } from './wording.ts';

/** Wordings that share at least this part of their words are variants of one another; less, and they conflict. */
export const VARIANT_SHARE = 0.5;

/** What the rule needs to know of one live report. */
export interface Report {
  readonly source_id: string;
  readonly quoted_text: string | null;
  readonly said_on: string | null;
  /** Publisher of the source, its owner, and the source it was made from. */
  readonly publisher_id: string | null;
  readonly owner_group: string | null;
  readonly derived_from_id: string | null;
}

export interface Agreement {
  readonly agreement: string;
  readonly agreement_reason: string;
  readonly report_count: number;
  readonly publisher_count: number;
}

/** The rule. The order of the reports does not matter. */
export function agreementOf(reports: readonly Report[]): Agreement {
  const voices = independent(reports);
  const counted = { report_count: reports.length, publisher_count: voices };
  const said = (agreement: string, agreement_reason: string) => ({ agreement, agreement_reason, ...counted });
  if (reports.length === 0) return said('unsourced', 'no live report');
  if (reports.length === 1) return said('single_source', 'one live report');
  const dates = new Set(reports.flatMap(({ said_on }) => said_on ?? []));
  if (clash([...dates]))
    return said('conflicting', `the reports give different dates: ${[...dates].sort().join(', ')}`);
  const wordings = distinct(reports.flatMap(({ quoted_text }) => quoted_text ?? []));
  const from = `${reports.length} live reports from ${voices} independent ${voices === 1 ? 'publisher' : 'publishers'}`;
  if (wordings.length <= 1) {
    if (voices < 2) return said('single_source', `${from}: copies count once`);
    const how =
      wordings.length === 1 ? 'give the same wording' : 'paraphrase it without a wording to compare';
    return said('corroborated', `${from} ${how}`);
  }
  const shares = wordings.flatMap((a, at) =>
    wordings.slice(at + 1).map((b) => (contains(a, b) || contains(b, a) ? 1 : similarity(a, b))),
  );
  const least = Math.min(...shares);
  const measured = `${from} give ${wordings.length} wordings; the least alike share ${Math.round(least * 100)} % of their words`;
  if (least >= VARIANT_SHARE) return said('variant', `${measured} or contain one another`);
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
  for (const { source_id, publisher_id, owner_group, derived_from_id } of reports) {
    const marks = new Set([`source ${source_id}`]);
    if (publisher_id) marks.add(`publisher ${publisher_id}`);
    if (owner_group) marks.add(`owner ${owner_group}`);
    if (derived_from_id) marks.add(`source ${derived_from_id}`);
    const joined = groups.filter((group) => [...marks].some((mark) => group.has(mark)));
    for (const group of joined) {
      for (const mark of group) marks.add(mark);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(marks);
  }
  return groups.length;
}

/** Derived values of statements and their reports, and what changes them. */
export function agreementDerivations(db: Database): Readonly<Record<string, Derivation>> {
  const [statements, reports, sources, publishers] = [
    'statement',
    'statement_report',
    'source',
    'publisher',
  ].map((name) => db.tables.kinds.get(name) as Table) as [Table, Table, Table, Table];

  const liveReports = (session: Session, statementId: string) =>
    session.all<Report>(
      'live reports',
      (on) =>
        on
          .select({
            source_id: reports.source_id as Column,
            quoted_text: reports.quoted_text as Column,
            said_on: reports.said_on as Column,
            publisher_id: sources.publisher_id as Column,
            owner_group: publishers.owner_group as Column,
            derived_from_id: sources.derived_from_id as Column,
          })
          .from(reports)
          .innerJoin(sources, sql`${sources.id} = ${reports.source_id}`)
          .leftJoin(publishers, sql`${publishers.id} = ${sources.publisher_id}`)
          .where(
            sql`${reports.statement_id} = ${sql.placeholder('id')} and ${reports.deleted_at} is null
              and ${reports.report_status} in ('live', 'corrected') and ${sources.status} <> 'retracted'`,
          )
          .orderBy(reports.id as Column),
      { id: statementId },
    );

  const ids = async (
    session: Session,
    shape: string,
    select: Column,
    from: Table,
    where: SQL,
    id: string,
  ) => {
    const rows = await session.all<{ id: string }>(
      shape,
      (on) => on.select({ id: select }).from(from).where(where),
      { id },
    );
    return [...new Set(rows.map((row) => row.id))];
  };
  const statementsOf = (session: Session, source: string) =>
    ids(
      session,
      'statements of source',
      reports.statement_id as Column,
      reports,
      sql`${reports.source_id} = ${sql.placeholder('id')}`,
      source,
    );

  return {
    statement: {
      derive: async (session, { id }) => ({ ...agreementOf(await liveReports(session, id)) }),
      affects: async (session, after, before) => {
        if (before === undefined || before.text === after.text) return [];
        const own = sql`${reports.statement_id} = ${sql.placeholder('id')}`;
        const found = await ids(
          session,
          'reports of statement',
          reports.id as Column,
          reports,
          own,
          after.id,
        );
        return found.map((id) => ({ kind: 'statement_report', id }));
      },
    },
    statement_report: {
      derive: async (session, record) => {
        const rows = await session.all<{ text: string | null }>(
          'text of statement',
          (on) =>
            on
              .select({ text: statements.text as Column })
              .from(statements)
              .where(sql`${statements.id} = ${sql.placeholder('id')}`),
          { id: record.statement_id },
        );
        return nearness(rows[0]?.text ?? null, record.quoted_text as string | null);
      },
      affects: async (_session, after, before) =>
        [...new Set([after, before].flatMap((record) => (record?.statement_id as string) ?? []))].map(
          (id) => ({ kind: 'statement', id }),
        ),
    },
    source: {
      affects: async (session, after, before) => {
        const same =
          before &&
          ['publisher_id', 'derived_from_id', 'status'].every((name) => before[name] === after[name]);
        if (same || before === undefined) return [];
        return (await statementsOf(session, after.id)).map((id) => ({ kind: 'statement', id }));
      },
    },
    publisher: {
      affects: async (session, after, before) => {
        if (before === undefined || before.owner_group === after.owner_group) return [];
        const own = sql`${sources.publisher_id} = ${sql.placeholder('id')}`;
        const published = await ids(
          session,
          'sources of publisher',
          sources.id as Column,
          sources,
          own,
          after.id,
        );
        const affected = new Set<string>();
        for (const source of published)
          for (const id of await statementsOf(session, source)) affected.add(id);
        return [...affected].map((id) => ({ kind: 'statement', id }));
      },
    },
  };
}

/** How near a report's wording is to the chosen one; nulls without both. */
function nearness(
  text: string | null,
  quoted: string | null,
): { similarity: number | null; same_wording: boolean | null } {
  if (text === null || quoted === null) return { similarity: null, same_wording: null };
  return {
    similarity: Math.round(similarity(text, quoted) * 1000) / 1000,
    same_wording: sameWording(text, quoted),
  };
}
