/** The change log: whether it is whole, and whether each change is filed under what it concerns. */
import type { Column, Table } from '../../db/columns.ts';
import type { Builder, Row } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { shownUnder } from '../../engine/belonging.ts';
import type { Kind } from '../../model/declare.ts';
import { kinds } from '../../model/kinds.ts';
import { type Check, type Checking, FOUND, faultsFrom, noun, pages, rowsOf, SHOWN } from './checking.ts';

/** A change with another one of the log beside it, under other names. */
function changesBeside(builder: Builder, changes: Table) {
  return builder
    .select({
      other_seq: sql<number>`${changes.seq}`.as('other_seq'),
      other_id: sql<string>`${changes.record_id}`.as('other_id'),
      other_version: sql<number>`${changes.version}`.as('other_version'),
    })
    .from(changes)
    .as('others');
}

export const changeLog: Check = {
  name: 'change log',
  looksAt: 'changes',
  reads: ['changes', 'changes', 'changes'],
  async look(on) {
    for (const part of [gaps, versions, strangers]) {
      await part(on);
      on.step(rowsOf(on, 'changes'));
    }
    return rowsOf(on, 'changes');
  },
};

/** Changes are numbered from 1 without a gap. */
async function gaps(on: Checking): Promise<void> {
  const { changes } = on.db.tables;
  await faultsFrom(
    on,
    'gaps',
    (builder) => {
      const other = changesBeside(builder, changes);
      return builder
        .select({ seq: changes.seq as Column, ...FOUND })
        .from(changes)
        .leftJoin(other, sql`${other.other_seq} = ${changes.seq} - 1`)
        .where(sql`${changes.seq} <> 1 and ${other.other_seq} is null`)
        .orderBy(changes.seq as Column)
        .limit(SHOWN);
    },
    ({ seq }) => `change ${Number(seq) - 1} is missing`,
  );
}

/** Changes of a record give it its versions from 1 without a gap, in the order of the log; the first makes it. */
async function versions(on: Checking): Promise<void> {
  const { changes } = on.db.tables;
  await faultsFrom(
    on,
    'versions in the log',
    (builder) => {
      const other = changesBeside(builder, changes);
      return builder
        .select({
          kind: changes.kind as Column,
          id: changes.record_id as Column,
          version: changes.version as Column,
          seq: changes.seq as Column,
          before: other.other_seq,
          ...FOUND,
        })
        .from(changes)
        .leftJoin(
          other,
          sql`${other.other_id} = ${changes.record_id} and ${other.other_version} = ${changes.version} - 1`,
        )
        .where(
          sql`(${changes.version} <> 1 and (${other.other_seq} is null or ${other.other_seq} >= ${changes.seq}))
            or (${changes.version} = 1) <> (${changes.op} = 'create')`,
        )
        .orderBy(changes.seq as Column)
        .limit(SHOWN);
    },
    ({ kind, id, version, seq, before }) => {
      const of = `change ${seq} gives ${kind} ${id} version ${version}`;
      if (version === 1) return `${of}, but does not make it`;
      if (before === null) return `${of}, but no change gives it version ${Number(version) - 1}`;
      return Number(before) >= Number(seq)
        ? `${of}, but change ${before} the one before`
        : `${of}, and says it is made anew`;
    },
  );
}

/** Every change is of a record that is there; none is ever removed. */
async function strangers(on: Checking): Promise<void> {
  const { changes } = on.db.tables;
  const own = kinds.filter(({ kept }) => !kept);
  for (const kind of own) {
    const table = on.db.tables.kinds.get(kind.name) as Table;
    await faultsFrom(
      on,
      `strangers ${kind.name}`,
      (builder) =>
        builder
          .select({ seq: changes.seq as Column, id: changes.record_id as Column, ...FOUND })
          .from(changes)
          .leftJoin(table, sql`${table.id} = ${changes.record_id}`)
          .where(sql`${changes.kind} = ${kind.name} and ${changes.version} = 1 and ${table.id} is null`)
          .orderBy(changes.seq as Column)
          .limit(SHOWN),
      ({ seq, id }) => `change ${seq} made ${noun(kind)} ${id}, which is not there`,
    );
  }
  await faultsFrom(
    on,
    'changes of no kind',
    (builder) =>
      builder
        .select({ seq: changes.seq as Column, kind: changes.kind as Column, ...FOUND })
        .from(changes)
        .where(
          sql`${changes.kind} not in (${sql.join(
            own.map(({ name }) => sql`${name}`),
            sql`, `,
          )})`,
        )
        .orderBy(changes.seq as Column)
        .limit(SHOWN),
    ({ seq, kind }) => `change ${seq} is of '${kind}', which is no kind of record`,
  );
}

/**
 * The last change of each record is filed under what shows the record among its parts and under its jurisdiction,
 * as far as the record itself names them; what is filed is a change of that kind.
 */
export const subjects: Check = {
  name: 'subjects of changes',
  looksAt: 'subjects',
  reads: ['change_subjects', ...kinds.flatMap(({ kept, table }) => (kept ? [] : [table]))],
  async look(on) {
    const { changes, changeSubjects } = on.db.tables;
    await faultsFrom(
      on,
      'subjects of nothing',
      (builder) =>
        builder
          .select({ seq: changeSubjects.seq as Column, kind: changeSubjects.kind as Column, ...FOUND })
          .from(changeSubjects)
          .leftJoin(
            changes,
            sql`${changes.seq} = ${changeSubjects.seq} and ${changes.kind} = ${changeSubjects.kind}`,
          )
          .where(sql`${changes.seq} is null`)
          .orderBy(changeSubjects.seq as Column)
          .limit(SHOWN),
      ({ seq, kind }) => `change ${seq} is filed as one of a ${kind}, which it is not`,
    );
    on.step(rowsOf(on, 'change_subjects'));
    for (const kind of kinds.filter(({ kept }) => !kept)) {
      const names = Object.entries(kind.fields).flatMap(([name, { to, kindField, storage }]) =>
        (to && storage === 'uuid') || kindField ? [name, ...(kindField ? [kindField] : [])] : [],
      );
      const columns = (table: Table) => ({
        seq: table.seq as Column,
        ...Object.fromEntries(names.map((name) => [name, table[name] as Column])),
      });
      for await (const page of pages(on, kind, { what: 'subjects', columns })) {
        const wanted = page.flatMap((row) => subjectsWanted(kind, row));
        const filed = await subjectsFiled(on, kind, wanted);
        for (const { seq, id, subject } of wanted)
          if (!filed.has(`${seq} ${subject}`))
            on.fault(`change ${seq} of ${noun(kind)} ${id} is not filed under ${subject}`);
        on.step(page.length);
      }
    }
    return rowsOf(on, 'change_subjects');
  },
};

/** What the last change of a record is to be found under. */
interface Wanted {
  readonly id: string;
  readonly seq: number;
  readonly subject: string;
}

function subjectsWanted(kind: Kind, row: Row): Wanted[] {
  const own = kind.name === 'jurisdiction' ? [String(row.id)] : [];
  const place = kind.belongs && !('through' in kind.belongs) ? placeOf(kind, kind.belongs.by, row) : [];
  const subjects = new Set([...own, ...place, ...shownUnder(kind, row)]);
  return [...subjects].map((subject) => ({ id: String(row.id), seq: Number(row.seq), subject }));
}

/** The jurisdiction that a record names itself, if it is by that that it belongs there. */
function placeOf(kind: Kind, by: readonly string[], row: Row): string[] {
  const field = by.find((name) => row[name] != null);
  return field !== undefined && kind.fields[field]?.to === 'jurisdiction' ? [String(row[field])] : [];
}

/** Which of the wanted are there, as `seq subject`. */
async function subjectsFiled(
  { db, session }: Checking,
  kind: Kind,
  wanted: readonly Wanted[],
): Promise<Set<string>> {
  const { changeSubjects } = db.tables;
  if (wanted.length === 0) return new Set();
  const rows = await session.all<{ seq: number; subject: string }>(
    `subjects filed ${kind.name}`,
    (builder) =>
      builder
        .select({ seq: changeSubjects.seq as Column, subject: changeSubjects.subject_id as Column })
        .from(changeSubjects)
        .where(
          sql`${db.dialect.isAmong(changeSubjects.subject_id as Column, 'subjects')} and ${changeSubjects.kind} = ${kind.name}
            and ${db.dialect.isAmong(changeSubjects.seq as Column, 'seqs')}`,
        ),
    {
      subjects: db.dialect.list([...new Set(wanted.map(({ subject }) => subject))]),
      seqs: db.dialect.list([...new Set(wanted.map(({ seq }) => seq))]),
    },
  );
  return new Set(rows.map(({ seq, subject }) => `${seq} ${subject}`));
}
