/** The history of a matter: a step an action, and a vote event beside it where it is known who voted how. */
import type { Identifier } from '../../engine/rows.ts';
import { bodyIn, type Client, idIn } from './client.ts';
import { type Draft, filled, told } from './draft.ts';
import type { Named, Step } from './forms.ts';
import { meaningOfStep, type StepMeaning } from './step-words.ts';
import { meaningOf, resultOf } from './vote-words.ts';
import { tidy } from './wording.ts';

/** A step, and what it amounts to. */
export interface Understood {
  readonly step: Step;
  readonly meaning: StepMeaning;
}

/** What the steps of a matter amount to; `law` is whether it is one that becomes law. */
export function understood(client: Client, steps: readonly Step[], law: boolean): Understood[] {
  return steps.map((step) => ({ step, meaning: meaningOfStep(step, client.council, law) }));
}

/** The actions and vote events of the policy that is called `policy`. */
export function* fromSteps(
  client: Client,
  policy: Identifier,
  steps: readonly Understood[],
): Generator<Draft> {
  for (const [at, { step, meaning }] of steps.entries()) {
    const own = idIn(client, step.id);
    const place = `history ${step.id}`;
    const happened = {
      policy_id: policy,
      organization_id: bodyIn(client, step.bodyId),
      date: step.date,
      result: resultOf(step.passed),
    };
    yield {
      kind: 'action',
      at: place,
      body: told({
        ...happened,
        position: at + 1,
        description: descriptionOf(step),
        classification: meaning.classification,
        status_after: meaning.status,
        identifiers: [own],
      }),
    };
    // What has a result and no votes is an action alone: how it was voted on is not known.
    if (step.votes.length > 0)
      yield {
        kind: 'vote_event',
        at: place,
        body: told({
          ...happened,
          action_id: own,
          motion: tidy(step.action) ?? tidy(step.sentence),
          method: 'roll_call',
          votes: step.votes.map((vote, index) => voteOf(client, vote, vote.word, index)),
          identifiers: [own],
        }),
      };
  }
}

function voteOf(client: Client, voter: Named, word: string, index: number) {
  const name = tidy(voter.name);
  return filled({
    position: index + 1,
    name: name ?? NAMELESS,
    official_id: voter.personId ? idIn(client, voter.personId) : undefined,
    ...meaningOf(word),
    option_raw: tidy(word),
  });
}

/** A voter without a name stays in the count. */
const NAMELESS = '(not named)';

/** The source's sentence, or the name of the action; behind it, a line each, notes that say more and the version. */
function descriptionOf({ action, sentence, agendaNote, minutesNote, version }: Step): string {
  const [name, whole] = [tidy(action), tidy(sentence)];
  const words = !whole ? (name ?? '(no words)') : name && !within(name, whole) ? `${name}: ${whole}` : whole;
  const lines = [words];
  for (const note of [tidy(agendaNote), tidy(minutesNote)])
    if (note && !lines.some((line) => within(note, line))) lines.push(note);
  const letter = tidy(version);
  if (letter && letter !== '*') lines.push(`Version ${letter}`);
  return lines.join('\n');
}

const within = (part: string, whole: string) => whole.toLowerCase().includes(part.toLowerCase());
