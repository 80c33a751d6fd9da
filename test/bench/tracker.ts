/**
 * Makes a tracker of any size with the skews of a real council's: many policies on one day, one with very many
 * documents, one person who voted far more often than others, texts from 0.3 kB to 2.4 MB. All of it follows from one
 * seed, so that two runs measure the same.
 */
import type { Engine } from '../../src/engine/engine.ts';
import type { Made } from './bulk.ts';
import {
  add,
  DAYS,
  dayOf,
  list,
  type Making,
  type Places,
  type Policy,
  type Progress,
  pick,
  type Size,
} from './tracker-making.ts';
import { MOST_VOTES, makeParts, SEATS, voteEvents } from './tracker-parts.ts';
import { type Chance, chanceFrom, voiceOf } from './utterances.ts';

/** Most policies of one day. */
const MOST_ON_A_DAY = 696;

/** The size at which the skews are the real ones. */
export const FULL: Size = { policies: 21_500, votes: 2_000_000, statements: 20_000 };

/** Fills an empty database. `texts` is a folder whose words the made texts are written with. */
export async function makeTracker(
  engine: Engine,
  size: Size,
  texts: string,
  progress: Progress,
): Promise<void> {
  const chance = chanceFrom(1);
  const making: Making = { engine, size, chance, voice: voiceOf(texts, chance), progress };
  const places = await makePlaces(making);
  const people = await add(making, 'official', peopleOf(making));
  const policies = await makePolicies(making, places);
  await makeParts(making, places, people, policies);
  await add(making, 'vote_event', voteEvents(making, places, people, policies));
  await makeEvidence(making, policies);
  await add(making, 'statement', statementsOf(making, people));
  await engine.db.refreshStatistics();
}

async function makePlaces(making: Making): Promise<Places> {
  const [city] = (await add(making, 'jurisdiction', [
    {
      slug: 'springfield',
      name: 'Springfield',
      classification: 'municipality',
      timezone: 'America/New_York',
    },
  ])) as [string];
  const body = (name: string, classification: string): Made => ({
    name,
    classification,
    jurisdiction_id: city,
  });
  const [council] = (await add(making, 'organization', [
    { slug: 'springfield-council', ...body('Springfield City Council', 'council') },
  ])) as [string];
  const committees = await add(
    making,
    'organization',
    list(40, (at) => ({
      slug: `committee-${at}`,
      ...body(`Committee on ${making.voice.word()} and ${making.voice.word()}`, 'committee'),
      parent_id: council,
    })),
  );
  const topics = await add(
    making,
    'topic',
    list(60, (at) => ({ slug: `topic-${at}`, name: `Subject ${at}` })),
  );
  return { city, council, committees, topics };
}

const meetingDay = (chance: Chance) => Math.floor((chance() * DAYS) / 14) * 14;

function* peopleOf({ chance, voice, size }: Making): Generator<Made> {
  const count = SEATS + Math.ceil(size.votes / MOST_VOTES);
  for (let at = 0; at < count; at += 1) {
    const [given, family] = [voice.word(), voice.word()];
    yield {
      slug: `member-${at}`,
      name: `${given} ${family} ${at}`,
      given_name: given,
      family_name: family,
      identifiers: [{ scheme: 'springfield', identifier: String(at) }],
      birth_date: String(1940 + Math.floor(chance() * 55)),
    };
  }
}

const STANDINGS: readonly (readonly [type: string, status: string, share: number])[] = [
  ['bill', 'enacted', 0.15],
  ['bill', 'failed', 0.35],
  ['bill', 'withdrawn', 0.02],
  ['resolution', 'adopted', 0.21],
  ['resolution', 'failed', 0.15],
  ['resolution', 'filed', 0.02],
  ['motion', 'adopted', 0.1],
];

/** A type and a status, by their shares of all. */
function standing(at: number): readonly [type: string, status: string] {
  let below = 0;
  for (const [type, status, share] of STANDINGS) {
    below += share;
    if (at < below) return [type, status];
  }
  return ['bill', 'introduced'];
}

async function makePolicies(making: Making, places: Places): Promise<Policy[]> {
  const { chance, voice, size } = making;
  const onOneDay = Math.min(MOST_ON_A_DAY, Math.floor(size.policies / 20));
  const made: { introduced: number; title: string }[] = [];
  const bodies = function* (): Generator<Made> {
    for (let at = 0; at < size.policies; at += 1) {
      const [type, status] = standing(chance());
      const introduced = at < onOneDay ? 3500 : meetingDay(chance);
      const ended = introduced + Math.floor(chance() * 500);
      const title = `In relation to ${voice.utterance().slice(0, -1).toLowerCase()}`;
      made.push({ introduced, title });
      yield {
        slug: `${type}-${at}`,
        type,
        identifier: `${type === 'bill' ? 'Int' : 'Res'} ${String(at).padStart(5, '0')}-${dayOf(introduced).slice(0, 4)}`,
        title,
        short_title: title.slice(0, 60),
        summary: chance() < 0.8 ? [voice.utterance(), voice.utterance(), voice.utterance()].join(' ') : null,
        jurisdiction_id: places.city,
        organization_id: pick(chance, places.committees),
        session: `${2002 + 4 * Math.floor(introduced / 1461)}-${2005 + 4 * Math.floor(introduced / 1461)}`,
        status,
        status_raw: status === 'failed' ? 'Filed (End of Session)' : status,
        status_basis: 'stated',
        introduced_on: dayOf(introduced),
        ...(status === 'adopted' || status === 'enacted' ? { adopted_on: dayOf(ended) } : {}),
        final_action_on: at < onOneDay ? dayOf(3990) : dayOf(ended),
        topics: [...new Set([pick(chance, places.topics), pick(chance, places.topics)])],
        identifiers: [{ scheme: 'springfield', identifier: String(at) }],
        links: [{ url: `https://council.example/items/${at}`, kind: 'homepage', note: null }],
      };
    }
  };
  const ids = await add(making, 'policy', bodies());
  return made.map((one, at) => ({ id: ids[at] as string, ...one }));
}

async function makeEvidence(making: Making, policies: readonly Policy[]): Promise<void> {
  const [publisher] = await add(making, 'publisher', [
    { slug: 'springfield-clerk', name: 'City Clerk', kind: 'government' },
  ]);
  const sources = await add(
    making,
    'source',
    list(Math.ceil(policies.length / 20), (at) => ({
      slug: `record-${at}`,
      kind: 'official_record',
      title: `Record of proceedings ${at}`,
      publisher_id: publisher,
      published_on: dayOf((at * 14) % DAYS),
    })),
  );
  await add(
    making,
    'citation',
    policies.map(({ id, title }, at) => ({
      record_type: 'policy',
      record_id: id,
      field: '/title',
      value: title,
      source_id: sources[Math.floor(at / 20)],
    })),
  );
}

function* statementsOf({ chance, voice, size }: Making, people: readonly string[]): Generator<Made> {
  for (let at = 0; at < size.statements; at += 1)
    yield {
      slug: `said-${at}`,
      official_id: pick(chance, people),
      text: voice.utterance(),
      kind: 'debate',
      said_on: dayOf(Math.floor(chance() * DAYS)),
    };
}
