/** A vote of a scrape as vote events: one for each bill it was about. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place, Read } from '../import/record.ts';
import { actionKeys } from './bill-parts.ts';
import { dayOf, linksOf, said } from './facts.ts';
import { named, partOf } from './keys.ts';
import { specOf } from './pseudo-ids.ts';
import type { Bill, VoteEvent } from './schemas.ts';
import { billKey, record, type Scrape, unplaced } from './scrape.ts';
import { optionWord, resultWord } from './words.ts';

/** A bill that was voted on. */
interface VotedOn {
  readonly key: Identifier;
  /** The bill, where the scrape has it under its id. */
  readonly data?: Bill | undefined;
}

/** The vote events of a file, or why it gives none. */
export function* voteEventRecords(place: Place, data: VoteEvent, scrape: Scrape): Generator<Read> {
  const bills = billsOf(data, scrape);
  if (bills.length === 0) {
    const what = said(data.motion_text) ?? said(data.identifier) ?? 'a vote';
    yield {
      kind: 'vote_event',
      place,
      note: `'${what}' is about no bill, and a vote event belongs to a policy`,
    };
  }
  const { links, others } = linksOf([...(data.sources ?? []), ...(data.links ?? [])], () => 'legislation');
  const votes = (data.votes ?? []).map(({ option, voter_name, voter_id, note }, at) => ({
    position: at + 1,
    name: voter_name,
    official_id: scrape.people.reference(voter_id) ?? null,
    option: optionWord(option),
    option_raw: [option, said(note)].filter(Boolean).join(': '),
  }));
  for (const { key, data: bill } of bills) {
    yield record(
      'vote_event',
      place,
      {
        policy_id: key,
        action_id: actionOf(data, key, bill, scrape),
        organization_id: scrape.organizations.reference(data.organization),
        date: dayOf(data.start_date),
        motion: said(data.motion_text),
        result: resultWord(data.result),
        method: votes.length > 0 ? 'roll_call' : 'unknown',
        counts: countsOf(data),
        votes,
        identifiers: [voteKey(data, key, scrape)],
        links,
      },
      `votes on ${key.identifier}`,
    );
  }
  const result = said(data.result);
  const unknown = result !== undefined && resultWord(result) === undefined ? [result] : [];
  yield* unplaced('vote_event', place, { addresses: others, result: unknown });
}

/** What a vote is called: its bill and own identifier; without one, its time, body and motion. */
function voteKey(
  { identifier, start_date, organization, motion_text }: VoteEvent,
  bill: Identifier,
  { organizations }: Scrape,
): Identifier {
  const own = said(identifier);
  if (own) return partOf(bill, 'vote of id', own);
  return partOf(
    bill,
    'vote',
    said(start_date) ?? '',
    organizations.fact(organization),
    said(motion_text) ?? '',
  );
}

function billsOf(data: VoteEvent, scrape: Scrape): VotedOn[] {
  const given = [data.bill, ...(data.related_bill_ids ?? [])].filter(
    (id) => said(id) !== undefined,
  ) as string[];
  const found = given.flatMap((id) => meant(id, data, scrape));
  const printed = said(data.bill_identifier);
  if (found.length === 0 && printed && data.legislative_session)
    return [{ key: billKey(scrape, data.legislative_session, printed) }];
  const keys = found.map(({ key }) => key.identifier);
  return found.filter(({ key }, at) => keys.indexOf(key.identifier) === at);
}

/** The bill that an id means: by what it says, or by the file it names. */
function meant(id: string, { legislative_session: session }: VoteEvent, scrape: Scrape): VotedOn[] {
  const spec = specOf(id);
  if (spec) {
    const of = spec.legislative_session__identifier ?? session;
    return spec.identifier && of ? [{ key: billKey(scrape, of, spec.identifier) }] : [];
  }
  const data = scrape.bill(id);
  if (data) return [{ key: billKey(scrape, data.legislative_session, data.identifier), data }];
  // Of a bill that is not in the scrape nothing but its id is known: the vote fails, and says so.
  return [{ key: named(scrape.place, 'bill of id', id) }];
}

/** The action that a vote was part of: the one with its words, of its day where several have them. */
function actionOf(
  { bill_action, start_date }: VoteEvent,
  key: Identifier,
  bill: Bill | undefined,
  scrape: Scrape,
) {
  const words = said(bill_action);
  if (words === undefined || bill === undefined) return undefined;
  const all = (bill.actions ?? [])
    .map((action, at) => ({ action, at }))
    .filter(({ action }) => action.description === words);
  const sameDay = all.filter(({ action }) => dayOf(action.date) === dayOf(start_date));
  const [one, another] = sameDay.length > 0 ? sameDay : all;
  return one && !another ? actionKeys(bill, key, scrape)[one.at] : undefined;
}

/** The counts by option; words that are one here are counted together. */
function countsOf({ counts }: VoteEvent): object[] {
  const sums = new Map<string, number>();
  for (const { option, value } of counts ?? [])
    sums.set(optionWord(option), (sums.get(optionWord(option)) ?? 0) + value);
  return [...sums].map(([option, value]) => ({ option, value }));
}
