/** Numbers of the changes that concern something, found by indexes alone, however long the log is. */
import type { Column } from '../db/columns.ts';
import type { Row } from '../db/database.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import { kinds } from '../model/kinds.ts';
import type { Reading } from './belonging.ts';

/** Which changes are meant: those of some kinds, and those of records that belong to some jurisdictions. */
export interface Concern {
  /** Names of kinds; undefined for all. */
  readonly kinds: readonly string[] | undefined;
  /** Ids of jurisdictions; undefined for all. */
  readonly subjects: readonly string[] | undefined;
}

/** Names of the kinds that have changes of their own. */
export const loggedKinds: readonly string[] = kinds.filter(({ kept }) => !kept).map(({ name }) => name);

/** Numbers of the first changes after one that concern something, in order, `most` of them at most. */
export async function seqsAfter(
  reading: Reading,
  { kinds: named, subjects }: Concern,
  after: number,
  most: number,
): Promise<number[]> {
  if (subjects) {
    const found = new Set<number>();
    for (const subject of subjects) {
      for (const seq of await ofKinds(reading, named ?? loggedKinds, after, most, subject)) found.add(seq);
    }
    return [...found].sort((a, b) => a - b).slice(0, most);
  }
  return named ? ofKinds(reading, named, after, most) : ofAll(reading, after, most);
}

async function ofAll({ engine, session }: Reading, after: number, most: number): Promise<number[]> {
  const { changes } = engine.db.tables;
  const rows = await session.all<{ seq: number }>(
    'next changes',
    (on) =>
      on
        .select({ seq: changes.seq as Column })
        .from(changes)
        .where(sql`${changes.seq} > ${sql.placeholder('after')}`)
        .orderBy(changes.seq as Column)
        .limit(sql.placeholder('most')),
    { after, most },
  );
  return rows.map(({ seq }) => seq);
}

/** The same for some kinds: the first few of each are read off its range of the index, and merged. */
async function ofKinds(
  { engine, session }: Reading,
  named: readonly string[],
  after: number,
  most: number,
  subject?: string,
): Promise<number[]> {
  const { changes, changeSubjects } = engine.db.tables;
  const table = subject === undefined ? changes : changeSubjects;
  const rows = await session.all<{ seq: number }>(
    `next changes of ${named.length} kinds ${subject === undefined ? '' : 'about'}`,
    (on) => {
      const about =
        subject === undefined ? sql`` : sql`${table.subject_id} = ${sql.placeholder('subject')} and `;
      const ranges = named.map(
        (_, at): SQL =>
          sql`select * from (select ${table.seq} as number from ${table}
            where ${about}${table.kind} = ${sql.placeholder(`kind${at}`)} and ${table.seq} > ${sql.placeholder('after')}
            order by ${table.seq} limit ${sql.placeholder('most')}) as ${sql.raw(`range${at}`)}`,
      );
      return on
        .select({ seq: sql<number>`found.number`.mapWith(Number) })
        .from(sql`(${sql.join(ranges, sql` union all `)}) as found`)
        .orderBy(sql`found.number`)
        .limit(sql.placeholder('most'));
    },
    { after, most, subject, ...Object.fromEntries(named.map((name, at) => [`kind${at}`, name])) } as Row,
  );
  return rows.map(({ seq }) => seq);
}
