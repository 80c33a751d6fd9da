/** What an official said about the policies of a topic, beside how the official voted on them. */

import type { Engine } from '../engine/engine.ts';
import { type Including, readByIds } from '../engine/include.ts';
import { address } from '../engine/list.ts';
import { visible } from '../engine/read.ts';
import type { PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { namedIds } from './named-records.ts';
import { pageOf } from './paged.ts';
import { filedUnder, saidOrVotedBy, stancesBy, voteEventsOf, votesBy } from './said-and-voted-reads.ts';
import { topicsWithin } from './topics-within.ts';

/** Most statements, and most votes, that stand beside one policy; and most on the topic itself. */
export const MOST_BESIDE = 20;
export const MOST_ON_TOPIC = 100;

/** What stands in the answer, in sentences; documented and answered as it stands. */
export const RULE =
  'A policy stands here when it is filed under the topic or one below it, and the official voted on it or said something with a stance on it; the newest final action, or introduction, first. Statements are those whose speaker is the official: what a body said is not counted. `on_topic` has those with a stance on the topic itself, or one below it. Nothing is concluded: a vote is on a motion, and a no to a motion that would have put a policy off is no vote against the policy; motion, result and stance are given so that readers can judge.';

export interface SaidAndVotedQuery {
  readonly topic: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** A statement with its stances on what it stands beside. */
interface Said {
  readonly statement: PublicRecord;
  readonly stances: readonly PublicRecord[];
}

interface Voted {
  readonly vote: PublicRecord;
  readonly vote_event: PublicRecord;
}

interface Some<Item> {
  readonly data: readonly Item[];
  /** Address of the list that has them all, where these are not. */
  readonly more: string | null;
}

/** One page; 404, 410 and `Moved` as for the official, 400 for a topic that is not known. The same number of statements for any page. */
export async function saidAndVoted(engine: Engine, name: string, query: SaidAndVotedQuery) {
  return engine.db.read(async (session) => {
    const official = await visible(engine, session, kindNamed('official'), name, {}, { restricted: false });
    const [topicId] = (await namedIds({ engine, session }, kindNamed('topic'), 'topic', [query.topic])) as [
      string,
    ];
    const topics = await topicsWithin({ engine, session }, topicId);
    const topicIds = topics.map(({ id }) => id);
    const kind = kindNamed('policy');
    const { records, revision, next } = await pageOf(
      { engine, session },
      {
        kind,
        sort: '-date',
        conditions: [saidOrVotedBy(official.id), filedUnder(engine.db, topicIds)],
        bound: [`by=${official.id}`, `topic=${topicId}`],
        limit: query.limit,
        cursor: query.cursor,
      },
    );
    const context = { engine, session, restricted: false, single: false, revision };
    return {
      data: await beside(context, official.id, records),
      on_topic: await onTopic(context, official.id, topicIds),
      meta: {
        official: { id: official.id, slug: official.slug, name: official.name },
        topics,
        limit: query.limit,
        revision,
        rule: RULE,
      },
      next,
    };
  });
}

/** What the official said of each policy, and how the official voted on it. */
async function beside(context: Including, official: string, policies: readonly PublicRecord[]) {
  const ids = policies.map(({ id }) => id);
  const stances = await stancesBy(context, official, 'policy_id', ids);
  const statements = await statementsOf(context, stances.rows);
  const votes = await votesBy(context, official, ids);
  const events = await voteEventsOf(
    context,
    votes.rows.map(({ vote_event_id }) => vote_event_id as string),
  );
  return policies.map((policy) => {
    const list = (path: string) => address(context.engine, path, { official, policy: policy.id });
    const said = saidOf(
      stances.rows.filter(({ policy_id }) => policy_id === policy.id),
      statements,
    );
    const voted = votes.rows
      .filter(({ policy_id }) => policy_id === policy.id)
      .flatMap((vote): Voted[] => {
        const vote_event = events.get(vote.vote_event_id as string);
        return vote_event ? [{ vote, vote_event }] : [];
      });
    return {
      policy,
      said: some(said, MOST_BESIDE, stances.whole, list('/v1/statements')),
      voted: some(voted, MOST_BESIDE, votes.whole, list('/v1/votes')),
    };
  });
}

async function onTopic(context: Including, official: string, topic: readonly string[]): Promise<Some<Said>> {
  const { rows, whole } = await stancesBy(context, official, 'topic_id', topic);
  const said = saidOf(rows, await statementsOf(context, rows));
  return some(said, MOST_ON_TOPIC, whole, address(context.engine, '/v1/statements', { official, topic }));
}

/** The first of some, and where all of them are found when there are more, or may be. */
function some<Item>(items: readonly Item[], most: number, whole: boolean, list: string): Some<Item> {
  return { data: items.slice(0, most), more: whole && items.length <= most ? null : list };
}

async function statementsOf(
  context: Including,
  stances: readonly PublicRecord[],
): Promise<Map<string, PublicRecord>> {
  const ids = [...new Set(stances.map(({ statement_id }) => statement_id as string))];
  return ids.length > 0 ? readByIds(context, kindNamed('statement'), ids, []) : new Map();
}

/** Statements in the order of their stances, each with those. */
function saidOf(stances: readonly PublicRecord[], statements: ReadonlyMap<string, PublicRecord>): Said[] {
  const grouped = Map.groupBy(stances, ({ statement_id }) => statement_id as string);
  return [...grouped].flatMap(([id, own]) => {
    const statement = statements.get(id);
    return statement ? [{ statement, stances: own }] : [];
  });
}
