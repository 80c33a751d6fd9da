/** Keeps what follows from a statement's reports in step with them: its agreement, and how near each wording is. */
import type { Column, Table } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import type { Derivation } from '../engine/engine.ts';
import type { PublicRecord } from '../model/declare.ts';
import { originsOf } from './agreement-origins.ts';
import { agreementOf, type Finding, type Report, standingOf } from './agreement-rule.ts';
import type { Speaker } from './speakers.ts';
import { sameWording, similarity } from './wording.ts';

interface ReportRow extends Omit<Report, 'origins' | 'standing'> {
  readonly source_id: string;
  readonly report_status: string;
  readonly source_status: string;
}

interface Named {
  readonly name: string;
  readonly other_names: readonly { readonly name: string }[];
  readonly family_name?: string | null;
  readonly honorific?: string | null;
}

/** Derived values of statements and their reports, and what changes them. */
export function agreementDerivations(db: Database): Readonly<Record<string, Derivation>> {
  const table = (name: string) => db.tables.kinds.get(name) as Table;
  const [statements, reports, sources] = [table('statement'), table('statement_report'), table('source')];
  const given = sql.placeholder('id');

  const reportsOf = async (session: Session, statementId: string): Promise<Report[]> => {
    const rows = await session.all<ReportRow>(
      'reports of a statement',
      (on) =>
        on
          .select({
            source_id: reports.source_id as Column,
            quoted_text: reports.quoted_text as Column,
            said_on: reports.said_on as Column,
            speaker_as_printed: reports.speaker_as_printed as Column,
            form: reports.form as Column,
            report_status: reports.report_status as Column,
            source_status: sources.status as Column,
          })
          .from(reports)
          .innerJoin(sources, sql`${sources.id} = ${reports.source_id}`)
          .where(sql`${reports.statement_id} = ${given} and ${reports.deleted_at} is null`)
          .orderBy(reports.id as Column),
      { id: statementId },
    );
    const origins = await originsOf(
      db,
      session,
      rows.map(({ source_id }) => source_id),
    );
    return rows.map(({ source_id, report_status, source_status, ...row }) => ({
      ...row,
      standing: standingOf(report_status, source_status),
      origins: origins.get(source_id) ?? [],
    }));
  };

  const ids = async (session: Session, shape: string, select: Column, where: SQL, values: object) => {
    const rows = await session.all<{ id: string }>(
      shape,
      (on) => on.select({ id: select }).from(select.table).where(where),
      { ...values },
    );
    return rows.map((row) => row.id);
  };

  /** The statements that some sources, or any made from them, report. */
  const statementsOf = async (session: Session, from: readonly string[]) => {
    const all = new Set(from);
    let added = [...all];
    while (added.length > 0) {
      const where = db.dialect.isAmong(sources.derived_from_id as Column, 'ids');
      const values = { ids: db.dialect.list(added) };
      const made = await ids(session, 'made from sources', sources.id as Column, where, values);
      added = made.filter((id) => !all.has(id));
      for (const id of added) all.add(id);
    }
    const where = db.dialect.isAmong(reports.source_id as Column, 'ids');
    const values = { ids: db.dialect.list([...all]) };
    return ids(session, 'statements of sources', reports.statement_id as Column, where, values);
  };

  const named = async (session: Session, kind: 'official' | 'organization', id: unknown) => {
    const from = table(kind);
    const columns = ['name', 'other_names', ...(kind === 'official' ? ['family_name', 'honorific'] : [])];
    const selected = Object.fromEntries(columns.map((name) => [name, from[name] as Column]));
    const where = sql`${from.id} = ${given}`;
    return session.all<Named>(`names of ${kind}`, (on) => on.select(selected).from(from).where(where), {
      id,
    });
  };

  const speakerOf = async (session: Session, statement: PublicRecord): Promise<Speaker> => {
    const known = [
      ...(await named(session, 'official', statement.official_id)),
      ...(await named(session, 'organization', statement.organization_id)),
    ];
    const spoken = (statement.speaker_name ?? []) as string | [];
    return {
      names: [
        known.flatMap(({ name, other_names }) => [name, ...other_names.map((o) => o.name)]),
        spoken,
      ].flat(2),
      family_name: known.find(({ family_name }) => family_name)?.family_name ?? null,
      titles: [statement.speaker_role, ...known.map(({ honorific }) => honorific)].flatMap(
        (title) => (title ?? []) as string | [],
      ),
    };
  };

  /** The statements of a speaker whose names have changed. */
  const renamed = (kind: 'official' | 'organization'): Derivation => ({
    affects: async (session, after, before) => {
      if (
        before === undefined ||
        !changed(after, before, ['name', 'other_names', 'family_name', 'honorific'])
      )
        return [];
      const column = statements[`${kind}_id`] as Column;
      const where = sql`${column} = ${given}`;
      const found = await ids(session, `statements of ${kind}`, statements.id as Column, where, {
        id: after.id,
      });
      return each('statement', found);
    },
  });

  return {
    statement: {
      derive: async (session, record) => ({
        ...agreementOf(
          await reportsOf(session, record.id),
          await speakerOf(session, record),
          (record.agreement_override ?? null) as Finding | null,
        ),
      }),
      affects: async (session, after, before) => {
        if (before === undefined || before.text === after.text) return [];
        const where = sql`${reports.statement_id} = ${given}`;
        const values = { id: after.id };
        return each(
          'statement_report',
          await ids(session, 'reports of statement', reports.id as Column, where, values),
        );
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
              .where(sql`${statements.id} = ${given}`),
          { id: record.statement_id },
        );
        return nearness(rows[0]?.text ?? null, record.quoted_text as string | null);
      },
      affects: async (_session, after, before) =>
        each(
          'statement',
          [after, before].flatMap((record) => (record?.statement_id as string) ?? []),
        ),
    },
    source: {
      affects: async (session, after, before) => {
        if (before === undefined || !changed(after, before, ['publisher_id', 'derived_from_id', 'status']))
          return [];
        return each('statement', await statementsOf(session, [after.id]));
      },
    },
    publisher: {
      affects: async (session, after, before) => {
        if (before === undefined || !changed(after, before, ['owner_group'])) return [];
        const where = sql`${sources.publisher_id} = ${given}`;
        const values = { id: after.id };
        const published = await ids(session, 'sources of publisher', sources.id as Column, where, values);
        return each('statement', await statementsOf(session, published));
      },
    },
    official: renamed('official'),
    organization: renamed('organization'),
  };
}

function each(kind: string, found: readonly string[]): { kind: string; id: string }[] {
  return [...new Set(found)].map((id) => ({ kind, id }));
}

function changed(after: PublicRecord, before: PublicRecord, names: readonly string[]): boolean {
  return names.some((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
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
