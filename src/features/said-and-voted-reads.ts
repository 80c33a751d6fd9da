/** What is read of an official's words and votes: each in one statement that walks an index of the official's records. */
import type { Column } from '../db/columns.ts';
import type { Database, Row } from '../db/database.ts';
import { desc, sql } from '../db/drizzle.ts';
import type { Condition } from '../engine/filters.ts';
import type { Including } from '../engine/include.ts';
import { selection, tableOf, toRecord } from '../engine/select.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';

/** Most stances, and most votes, that are read for one page. */
const MOST_ROWS = 1000;

type Reading = Pick<Including, 'engine' | 'session'>;

/** Rows, and whether they are all there are. */
export interface Found {
  readonly rows: readonly PublicRecord[];
  readonly whole: boolean;
}

const WANTED = { large: [], restricted: false, deleted: false };

/** The condition that an official voted on a policy, or said something with a stance on it. */
export function saidOrVotedBy(official: string): Condition {
  return {
    shape: 'said or voted by',
    where: ({ db, column }) => {
      const [votes, statements, stances] = ['vote', 'statement', 'stance'].map((name) =>
        db.tables.kinds.get(name),
      );
      const by = sql.placeholder('official');
      return sql`${column('id')} in (
        select v.policy_id from ${votes} v where v.official_id = ${by} and v.deleted_at is null
        union select b.policy_id from ${statements} s join ${stances} b on b.statement_id = s.id
          where s.official_id = ${by} and s.deleted_at is null and b.deleted_at is null and b.policy_id is not null)`;
    },
    values: { official },
  };
}

/**
 * The condition that a policy is filed under one of some topics. Asked of each policy by itself, unlike the filter of
 * lists: an official's policies are few, and those of a topic may be all there are.
 */
export function filedUnder({ dialect }: Database, topics: readonly string[]): Condition {
  return {
    shape: 'filed under',
    where: ({ db, column }) =>
      sql`exists (select 1 from ${db.tables.rows.get('policy_topics')} f
        where f.policy_id = ${column('id')} and ${db.dialect.isAmong(sql`f.topic_id`, 'topics')})`,
    values: { topics: dialect.list(topics) },
  };
}

/** Stances of an official's statements on some policies or topics, those of the newest statements first. */
export async function stancesBy(
  { engine: { db }, session }: Reading,
  official: string,
  target: 'policy_id' | 'topic_id',
  ids: readonly string[],
): Promise<Found> {
  const kind = kindNamed('stance');
  const [statements, stances] = [tableOf(db, kindNamed('statement')), tableOf(db, kind)];
  const rows = await session.all(
    `stances by official ${target}`,
    (on) =>
      on
        .select(selection(db, kind, WANTED))
        .from(statements)
        .innerJoin(stances, sql`${stances.statement_id} = ${statements.id}`)
        .where(
          sql`${statements.official_id} = ${sql.placeholder('official')} and ${statements.deleted_at} is null
            and ${stances.deleted_at} is null and ${db.dialect.isAmong(stances[target] as Column, 'ids')}`,
        )
        .orderBy(desc(statements.sort_said_on as Column), desc(statements.id as Column), stances.id as Column)
        .limit(MOST_ROWS + 1),
    { official, ids: db.dialect.list(ids) },
  );
  return found(kind, rows);
}

/** An official's votes on some policies, the newest first. */
export async function votesBy(
  { engine: { db }, session }: Reading,
  official: string,
  policies: readonly string[],
): Promise<Found> {
  const kind = kindNamed('vote');
  const votes = tableOf(db, kind);
  const rows = await session.all(
    'votes by official',
    (on) =>
      on
        .select(selection(db, kind, WANTED))
        .from(votes)
        .where(
          sql`${votes.official_id} = ${sql.placeholder('official')} and ${votes.deleted_at} is null
            and ${db.dialect.isAmong(votes.policy_id as Column, 'policies')}`,
        )
        .orderBy(desc(votes.sort_date as Column), desc(votes.id as Column))
        .limit(MOST_ROWS + 1),
    { official, policies: db.dialect.list(policies) },
  );
  return found(kind, rows);
}

/** Vote events by id, without their individual votes. */
export async function voteEventsOf(
  { engine: { db }, session }: Reading,
  ids: readonly string[],
): Promise<Map<string, PublicRecord>> {
  const kind = kindNamed('vote_event');
  const events = tableOf(db, kind);
  const rows = await session.all(
    'vote events without votes',
    (on) => {
      const { votes: _, ...columns } = selection(db, kind, WANTED);
      const live = sql`${db.dialect.isAmong(events.id as Column, 'ids')} and ${events.deleted_at} is null`;
      return on.select(columns).from(events).where(live);
    },
    { ids: db.dialect.list([...new Set(ids)]) },
  );
  return new Map(rows.map((row) => [row.id as string, toRecord(kind, row)]));
}

function found(kind: Kind, rows: readonly Row[]): Found {
  return {
    rows: rows.slice(0, MOST_ROWS).map((row) => toRecord(kind, row)),
    whole: rows.length <= MOST_ROWS,
  };
}
