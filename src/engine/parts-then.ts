/** The parts a record owned at some change of the log. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { commonSorts } from '../db/tables.ts';
import { Problem } from '../errors.ts';
import type { Include, Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import type { Reading } from './belonging.ts';
import { compareKeys, sortKey } from './order.ts';
import { largeFields } from './select.ts';

/** Most parts shown of one include: there is no list of the rest to lead to. */
const MOST_PARTS = 1000;

/** Most changes of a record's parts that are looked through for one include. */
const MOST_CHANGES = 10_000;

type PartsInclude = Extract<Include, { by: readonly string[] }>;

/** The parts that an include showed at change `seq`, in the default order of their kind, as an include shows them. */
export async function partsAt(
  reading: Reading,
  kind: Kind,
  name: string,
  owner: string,
  seq: number,
): Promise<PublicRecord[]> {
  const include = kind.includes[name] as PartsInclude;
  const target = kindNamed(include.many);
  const seqs = await lastOfEach(reading, target, owner, seq);
  if (seqs === undefined) throw tooMany(name);
  const hidden = new Set([...largeFields(target), 'deleted_at']);
  const parts: PublicRecord[] = [];
  // Texts travel with the content though they are not shown, so they are read a few at a time.
  const stretch = largeFields(target).length > 0 ? 10 : 200;
  for (let from = 0; from < seqs.length; from += stretch) {
    for (const content of await contentsOf(reading, seqs.slice(from, from + stretch))) {
      if (content.deleted_at || !include.by.some((field) => content[field] === owner)) continue;
      const shown = Object.entries(content).filter(([field]) => !hidden.has(field));
      parts.push(Object.fromEntries(shown) as PublicRecord);
    }
    if (parts.length > MOST_PARTS) throw tooMany(name);
  }
  return inOrder(target, parts);
}

function tooMany(name: string): Problem {
  return new Problem('invalid-parameter', `There are too many ${name} to show as of a moment.`, {
    errors: [
      {
        parameter: 'include',
        message: `shows at most ${MOST_PARTS} ${name} as of a moment, out of ${MOST_CHANGES} changes of them`,
        expected: 'no include; the change log at /v1/changes holds them all',
        got: name,
      },
    ],
  });
}

/** Numbers of the last changes, up to `seq`, of each part that a record ever had; undefined when those are too many. */
async function lastOfEach(
  { engine: { db }, session }: Reading,
  target: Kind,
  owner: string,
  seq: number,
): Promise<number[] | undefined> {
  const { changes, changeSubjects } = db.tables;
  const rows = await session.all<{ seq: number; count: number }>(
    'last changes of parts',
    (on) =>
      on
        .select({
          seq: sql<number>`max(known.number)`.mapWith(Number),
          count: sql<number>`count(*)`.mapWith(Number),
        })
        .from(
          sql`(select ${changeSubjects.seq} as number from ${changeSubjects}
            where ${changeSubjects.subject_id} = ${sql.placeholder('owner')}
            and ${changeSubjects.kind} = ${sql.placeholder('kind')}
            and ${changeSubjects.seq} <= ${sql.placeholder('seq')}
            limit ${sql.raw(String(MOST_CHANGES + 1))}) as known`,
        )
        .innerJoin(changes, sql`${changes.seq} = known.number`)
        .groupBy(changes.record_id as Column),
    { owner, kind: target.name, seq },
  );
  const looked = rows.reduce((sum, { count }) => sum + count, 0);
  return looked > MOST_CHANGES ? undefined : rows.map((row) => row.seq);
}

async function contentsOf(
  { engine: { db }, session }: Reading,
  seqs: readonly number[],
): Promise<PublicRecord[]> {
  const { changes } = db.tables;
  const rows = await session.all<{ content: PublicRecord }>(
    'contents',
    (on) =>
      on
        .select({ content: changes.content as Column })
        .from(changes)
        .where(db.dialect.isAmong(changes.seq as Column, 'seqs')),
    { seqs: db.dialect.list(seqs) },
  );
  return rows.map(({ content }) => content);
}

function inOrder(kind: Kind, records: readonly PublicRecord[]): PublicRecord[] {
  const name = kind.defaultSort.replace('-', '');
  const sign = kind.defaultSort.startsWith('-') ? -1 : 1;
  const sort = kind.sorts[name];
  const common = (commonSorts as readonly string[]).includes(name);
  const keyed = records.map((record) => ({
    id: record.id,
    key: common || sort === undefined ? String(record[name]) : sortKey(sort, record),
    record,
  }));
  return keyed.sort((a, b) => sign * compareKeys(a, b)).map(({ record }) => record);
}
