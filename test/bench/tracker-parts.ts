/** What hangs on made policies: steps, sponsors, documents, texts and roll calls. */
import type { Made } from './bulk.ts';
import { add, dayOf, list, type Making, type Places, type Policy, pick, skewed } from './tracker-making.ts';

/** Seats of the council; each vote event is a roll call of all. */
export const SEATS = 51;
/** The most votes of one person, and documents of one policy. */
export const MOST_VOTES = 8700;
const MOST_DOCUMENTS = 102;
/** Characters of the longest text and the shortest. */
const LONGEST_TEXT = 2_400_000;
const SHORTEST_TEXT = 300;

const STEPS = ['introduction', 'referral-committee', 'committee-passage', 'passage', 'filing'];

/** Gives each policy its steps, sponsors, documents and text. */
export async function makeParts(
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

/** The roll calls, spread over the policies in order. */
export function* voteEvents(
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
