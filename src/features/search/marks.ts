/** Marks of records in the index: their kind, their coded fields, and the places and subjects they belong to. */
import type { Column, Table } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { jurisdictionsOfAll, type Reading } from '../../engine/belonging.ts';
import { tableOf } from '../../engine/select.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { codedFields, kindMark } from './tokens.ts';

/** The marks of live records of a kind, each as `name=value`, sorted; a few statements, however many records. */
export async function marksOf(
  reading: Reading,
  kind: Kind,
  records: readonly PublicRecord[],
): Promise<Map<string, string[]>> {
  const places = await jurisdictionsOfAll(reading, kind, records);
  const subjects = await topicsOfAll(reading, kind, records);
  const coded = codedFields(kind);
  return new Map(
    records.map((record) => {
      const marks = [
        kindMark(kind.name),
        ...coded.flatMap((name) => (record[name] == null ? [] : `${name}=${record[name]}`)),
        ...(places.get(record.id) ?? []).map((id) => `jurisdiction=${id}`),
        ...(subjects.get(record.id) ?? []).map((id) => `topic=${id}`),
      ];
      return [record.id, [...new Set(marks)].sort()] as const;
    }),
  );
}

/** Fields that say where a record belongs, which `marksOf` needs beside its coded ones. */
export function markedFields(kind: Kind): string[] {
  const { ownedBy = [], belongs } = kind;
  const by = belongs && 'by' in belongs && !('through' in belongs) ? belongs.by : [];
  const named = ['topics', 'topic_id'].filter((name) => name in kind.fields);
  return [...new Set([...codedFields(kind), ...ownedBy, ...by, ...named])];
}

/** Ids of the topics records are filed under: their own, else those of what they are a part of; a topic's are itself. */
async function topicsOfAll(
  reading: Reading,
  kind: Kind,
  records: readonly PublicRecord[],
): Promise<Map<string, readonly string[]>> {
  const each = (of: (record: PublicRecord) => readonly string[]) =>
    new Map(records.map((record) => [record.id, of(record)]));
  if (kind.name === 'topic') return each(({ id }) => [id]);
  if ('topics' in kind.fields) return each(({ topics }) => topics as string[]);
  if ('topic_id' in kind.fields) return each(({ topic_id }) => (topic_id == null ? [] : [String(topic_id)]));
  const ids = records.map(({ id }) => id);
  if (kind.name === 'statement') return aboutTopics(reading, ids);
  const found = new Map<string, readonly string[]>();
  for (const field of kind.ownedBy ?? []) {
    const owned = records.filter((record) => record[field] != null);
    const owner = kindNamed(String(kind.fields[field]?.to));
    if (owned.length === 0 || !['policy', 'statement'].includes(owner.name)) continue;
    const owners = [...new Set(owned.map((record) => String(record[field])))];
    const known =
      owner.name === 'statement'
        ? await aboutTopics(reading, owners)
        : await filedUnder(reading, owner, owners);
    for (const record of owned) found.set(record.id, known.get(String(record[field])) ?? []);
  }
  return found;
}

async function filedUnder({ engine: { db }, session }: Reading, kind: Kind, ids: readonly string[]) {
  const table = tableOf(db, kind);
  const rows = await session.all<{ id: string; topics: string[] }>(
    'topics of owners',
    (on) =>
      on
        .select({ id: table.id as Column, topics: table.topics as Column })
        .from(table)
        .where(db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map(({ id, topics }) => [id, topics]));
}

/** The topics that stances say some statements are about. */
async function aboutTopics({ engine: { db }, session }: Reading, ids: readonly string[]) {
  const stances = db.tables.kinds.get('stance') as Table;
  const rows = await session.all<{ statement_id: string; topic_id: string }>(
    'topics of stances',
    (on) =>
      on
        .select({ statement_id: stances.statement_id as Column, topic_id: stances.topic_id as Column })
        .from(stances)
        .where(
          sql`${db.dialect.isAmong(stances.statement_id as Column, 'ids')} and ${stances.topic_id} is not null and ${stances.deleted_at} is null`,
        ),
    { ids: db.dialect.list(ids) },
  );
  const found = new Map<string, string[]>();
  for (const { statement_id, topic_id } of rows)
    found.set(statement_id, [...(found.get(statement_id) ?? []), topic_id]);
  return found;
}
