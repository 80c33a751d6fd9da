/** Motions, votes and events of Popolo as policies, vote events and meetings. */
import type { Place, Read } from '../import/record.ts';
import { dayOf, momentOf, said } from '../open-civic-data/facts.ts';
import { unplaced } from '../open-civic-data/scrape.ts';
import { optionWord, resultWord } from '../open-civic-data/words.ts';
import type { Context } from './context.ts';
import { popoloLinks, twice } from './from-people.ts';
import type { Of } from './schemas.ts';
import { meetingWord, motionWord, statusIn } from './words.ts';

export function* motionRecords(place: Place, data: Of<'motions'>, context: Context): Generator<Read> {
  const { names } = context;
  const organization = names.of(data.organization_id);
  const own =
    names.of(data.id) ??
    names.made('motion', organization?.identifier ?? '', data.date ?? '', data.text ?? '');
  const called = context.identifiers('policy', own, data.identifiers);
  if (called === undefined) {
    yield twice('policy', place, own);
    return;
  }
  const { identifiers, taken } = called;
  const { links, others } = popoloLinks([data.links, data.sources], () => 'legislation');
  const result = resultWord(data.result);
  const status = statusIn(result as 'pass' | 'fail' | undefined);
  yield context.record('policy', place, data.id, {
    type: motionWord(data.classification),
    type_raw: said(data.classification),
    identifier: said(data.identifier),
    title: said(data.text) ?? said(data.identifier) ?? said(data.classification),
    jurisdiction_id: context.placeIn(data.area_id) ?? context.placeOf(data.organization_id),
    organization_id: organization,
    session: said(data.legislative_session?.name),
    status,
    status_raw: said(data.result),
    status_basis: status && 'stated',
    introduced_on: dayOf(data.date),
    identifiers,
    links,
  });
  yield* unplaced('policy', place, { addresses: others, 'identifiers that another has': taken });
}

export function* voteEventRecords(place: Place, data: Of<'vote_events'>, context: Context): Generator<Read> {
  const { names } = context;
  const motion = names.of(data.motion_id) ?? names.of(data.motion?.id);
  const organization = names.of(data.organization_id);
  if (motion === undefined) {
    yield { kind: 'vote_event', place, note: 'is about no motion, and a vote event belongs to a policy' };
    return;
  }
  const own =
    names.of(data.id) ??
    names.made(
      'vote event',
      motion.identifier,
      organization?.identifier ?? '',
      data.start_date ?? '',
      data.identifier ?? '',
    );
  if (!context.isFirst('vote_event', own)) {
    yield twice('vote_event', place, own);
    return;
  }
  const { links, others } = popoloLinks([data.links, data.sources], () => 'legislation');
  const votes = (data.votes ?? []).map(({ voter_id, voter, option }, at) => {
    const official = names.of(voter_id) ?? names.of(voter?.id);
    const name = said(voter?.name) ?? said(String(voter_id ?? '')) ?? 'unnamed';
    return {
      position: at + 1,
      name,
      official_id: official ?? null,
      option: optionWord(option),
      option_raw: option,
    };
  });
  yield context.record('vote_event', place, data.id, {
    policy_id: motion,
    organization_id: organization,
    date: dayOf(data.start_date),
    motion: said(data.motion?.text),
    result: resultWord(data.result),
    method: votes.length > 0 ? 'roll_call' : 'unknown',
    counts: countsOf(data),
    votes,
    identifiers: [own],
    links,
  });
  yield* unplaced('vote_event', place, { addresses: others });
}

/** The counts by option, those of groups together. */
function countsOf({ counts }: Of<'vote_events'>): object[] {
  const sums = new Map<string, number>();
  for (const { option, value } of counts ?? []) {
    const word = optionWord(option);
    sums.set(word, (sums.get(word) ?? 0) + (value ?? 0));
  }
  return [...sums].map(([option, value]) => ({ option, value }));
}

/** Events that are times, and no meetings. */
const PERIODS = /period|term|session|election/i;

/** Whether an event is a time, such as a legislative period. */
export const isPeriod = ({ classification }: Of<'events'>) => PERIODS.test(classification ?? '');

export function* meetingRecords(place: Place, data: Of<'events'>, context: Context): Generator<Read> {
  const { names } = context;
  const organization = names.of(data.organization_id);
  const title = said(data.name) ?? String(data.id ?? 'an event');
  if (isPeriod(data) || organization === undefined) {
    const why = isPeriod(data) ? 'is a time; offices have its dates' : 'is of no body, and a meeting is';
    yield { kind: 'meeting', place, note: `'${title}' ${why}` };
    return;
  }
  const own = names.of(data.id) ?? names.made('event', organization.identifier, title, data.start_date ?? '');
  const called = context.identifiers('meeting', own, data.identifiers);
  if (called === undefined) {
    yield twice('meeting', place, own);
    return;
  }
  const { identifiers, taken } = called;
  const { links, others } = popoloLinks([data.links, data.sources], () => 'other');
  const about = said(data.description);
  yield context.record('meeting', place, data.id, {
    organization_id: organization,
    name: title,
    date: momentOf(data.start_date),
    status: meetingWord(data.status),
    location: said(data.location),
    agenda: about === undefined ? [] : [{ position: 1, title: about }],
    identifiers,
    links,
  });
  yield* unplaced('meeting', place, { addresses: others, 'identifiers that another has': taken });
}
