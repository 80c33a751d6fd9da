/**
 * Makes a tracker of any size with the skews of a real council's: many policies on one day, one with very many
 * documents, one person who voted far more often than others, texts from 0.3 kB to 2.4 MB. All of it follows from one
 * seed, so that two runs measure the same.
 */
import type { Engine } from '../../src/engine/engine.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { addRecords, type Made } from './bulk.ts';
import { type Chance, chanceFrom, type Voice, voiceOf } from './utterances.ts';

/** How much to make. */
export interface Size {
  readonly policies: number;
  readonly votes: number;
  readonly statements: number;
}

/** The size at which the skews are the real ones. */
export const FULL: Size = { policies: 21_500, votes: 2_000_000, statements: 20_000 };

/** Seats of the council; each vote event is a roll call of all. */
const SEATS = 51;
/** The most votes of one person, documents of one policy, and policies of one day. */
const MOST_VOTES = 8700;
const MOST_DOCUMENTS = 102;
const MOST_ON_A_DAY = 696;
const LONGEST_TEXT = 2_400_000;
const SHORTEST_TEXT = 300;

export type Progress = (what: string, done: number) => void;

interface Making {
  readonly engine: Engine;
  readonly size: Size;
  readonly chance: Chance;
  readonly voice: Voice;
  readonly progress: Progress;
}

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
}

async function add({ engine, progress }: Making, kind: string, made: Iterable<Made>): Promise<string[]> {
  let done = 0;
  const counted = function* () {
    for (const one of made) {
      done += 1;
      if (done % 1000 === 0) progress(kind, done);
      yield one;
    }
  };
  const ids = await addRecords(engine, kindNamed(kind), counted());
  progress(kind, ids.length);
  return ids;
}

const list = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at));
const pick = <T>(chance: Chance, from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;

/** A number around `middle`, seldom many times as large: what lengths and counts are like. */
function skewed(chance: Chance, middle: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return middle * Math.exp(spread * normal);
}

interface Places {
  readonly city: string;
  readonly council: string;
  readonly committees: readonly string[];
  readonly topics: readonly string[];
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

const dayOf = (day: number) => new Date(Date.UTC(2004, 0, 7 + day)).toISOString().slice(0, 10);
/** Days over which everything happens; the council meets every other week. */
const DAYS = 20 * 365;
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

interface Policy {
  readonly id: string;
  readonly introduced: number;
  readonly title: string;
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

const STEPS = ['introduction', 'referral-committee', 'committee-passage', 'passage', 'filing'];

async function makeParts(
  making: Making,
  places: Places,
  people: readonly string[],
  policies: readonly Policy[],
): Promise<void> {
  const { chance, voice } = making;
  await add(
    making,
    'action',
    parts(
      policies,
      () => Math.min(40, Math.ceil(skewed(chance, 5, 0.5))),
      ({ id, introduced }, position) => ({
        policy_id: id,
        position: position + 1,
        date: dayOf(introduced + position * 20),
        description: voice.utterance().slice(0, 60),
        classification: [STEPS[Math.min(position, STEPS.length - 1)]],
        organization_id: position % 2 ? pick(chance, places.committees) : places.council,
        result: position > 1 && chance() < 0.5 ? 'pass' : null,
      }),
    ),
  );
  await add(
    making,
    'sponsorship',
    parts(
      policies,
      () => Math.min(SEATS, Math.ceil(skewed(chance, 7, 0.8))),
      ({ id }, position) => {
        const at = Math.floor(chance() * people.length);
        const classification = position === 0 ? 'primary' : 'cosponsor';
        return {
          policy_id: id,
          name: `Member ${at}`,
          official_id: people[at],
          classification,
          position: position + 1,
        };
      },
    ),
  );
  const most = Math.floor(policies.length / 2);
  await add(
    making,
    'document',
    parts(
      policies,
      (at) =>
        at === most ? MOST_DOCUMENTS : Math.min(MOST_DOCUMENTS - 1, Math.round(skewed(chance, 6, 0.9))),
      ({ id, introduced }, position) => ({
        policy_id: id,
        name: `${voice.utterance().slice(0, 40)} ${position}`,
        classification: position % 3 ? 'minutes' : 'summary',
        date: dayOf(introduced + position),
        url: `https://council.example/files/${id}/${position}.pdf`,
        media_type: 'application/pdf',
      }),
    ),
  );
  await add(making, 'policy_version', versionsOf(making, policies));
}

function* parts(
  policies: readonly Policy[],
  count: (at: number) => number,
  make: (policy: Policy, position: number) => Made,
): Generator<Made> {
  for (const [at, policy] of policies.entries())
    for (let position = count(at); position > 0; position -= 1) yield make(policy, position - 1);
}

function* versionsOf({ chance, voice }: Making, policies: readonly Policy[]): Generator<Made> {
  // Few enough to be made once, enough for the words to have the frequencies of many.
  const sentences = list(20_000, voice.utterance);
  for (const [at, { id, introduced }] of policies.entries()) {
    const length = at === 1 ? LONGEST_TEXT : Math.min(LONGEST_TEXT / 6, skewed(chance, 2500, 1.1));
    const said: string[] = [];
    for (let written = 0; written < Math.max(SHORTEST_TEXT, length); ) {
      const sentence = pick(chance, sentences);
      said.push(said.length % 8 === 7 ? `\n§ ${said.length}. ${sentence}` : sentence);
      written += sentence.length + 1;
    }
    const text = said.join(' ');
    yield {
      policy_id: id,
      classification: 'introduced',
      label: 'As introduced',
      date: dayOf(introduced),
      text,
    };
  }
}

function* voteEvents(
  { chance, size }: Making,
  places: Places,
  people: readonly string[],
  policies: readonly Policy[],
): Generator<Made> {
  const events = Math.ceil(size.votes / SEATS);
  const term = Math.ceil((events * SEATS) / people.length);
  for (let at = 0; at < events; at += 1) {
    const policy = policies[Math.floor((at / events) * policies.length)] as Policy;
    const against = chance() < 0.2 ? chance() * 0.3 : 0;
    const votes = list(SEATS, (seat) => {
      // The first seat is held by one person for as long as the longest; the others change hands.
      const holder =
        seat === 0 && at < MOST_VOTES
          ? 0
          : 1 + ((Math.floor(at / term) * SEATS + seat) % (people.length - 1));
      const option = chance() < against ? 'no' : chance() < 0.06 ? 'absent' : 'yes';
      const option_raw = { no: 'Negative', absent: 'Absent', yes: 'Affirmative' }[option];
      return {
        position: seat + 1,
        name: `Member ${holder}`,
        official_id: people[holder],
        option,
        option_raw,
        reason: null,
      };
    });
    const counts = Object.entries(Object.groupBy(votes, ({ option }) => option)).map(([option, of]) => ({
      option,
      value: of?.length ?? 0,
    }));
    yield {
      policy_id: policy.id,
      organization_id: places.council,
      date: dayOf(policy.introduced + 60),
      motion: 'Approved, by roll call',
      result: 'pass',
      method: 'roll_call',
      counts,
      votes,
    };
  }
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
