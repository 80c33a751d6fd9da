/** What a step in a matter's life amounts to, by the name of the action; the source's own words are its description. */
import type { Step } from './forms.ts';

/** Where a step was taken. */
type By = 'council' | 'committee' | 'executive';

export interface StepMeaning {
  /** Open Civic Data's words, and those of ours beside them; none where no word is true of it. */
  readonly classification: readonly string[];
  /** Where the matter stood afterwards, where the step says so. */
  readonly status: string | null;
}

/** What a rule sees of a step. */
interface Seen {
  /** The name of the action, in lower case. */
  readonly words: string;
  readonly by: By;
  /** Whether the matter becomes law rather than being adopted. */
  readonly law: boolean;
  readonly failed: boolean;
}

type Rule = readonly [words: RegExp, meaning: StepMeaning | ((seen: Seen) => StepMeaning)];

const meaning = (classification: string, status: string | null = null): StepMeaning => ({
  classification: classification === '' ? [] : classification.split(' '),
  status,
});

/** The first whose words are in the name of an action, in lower case. */
const RULES: readonly Rule[] = [
  [/end of session/, meaning('expiration', 'expired')],
  [/withdrawn/, meaning('withdrawal', 'withdrawn')],
  [/charter rule adopted|became law|lapsed into law/, meaning('became-law', 'enacted')],
  // Law in New York once thirty days have gone; that is a step of its own.
  [/returned unsigned/, meaning('')],
  [/(signing|hearing) scheduled/, meaning('scheduling')],
  [
    /signed (into law )?by/,
    ({ law }) => meaning('executive-signature became-law', law ? 'enacted' : 'signed'),
  ],
  [
    /overrid/,
    ({ failed }) =>
      failed
        ? meaning('veto-override-failure', 'vetoed')
        : meaning('veto-override-passage became-law', 'enacted'),
  ],
  [/veto/, meaning('executive-veto', 'vetoed')],
  [/(sent|presented|transmitted) to mayor/, meaning('executive-receipt', 'sent_to_executive')],
  [/rec(ei)?ved from/, meaning('receipt')],
  [/re-?referred|recommit/, meaning('referral-committee', 'in_committee')],
  // What the council wants changed goes to the planners before it decides.
  [
    /approved.* and referred to/,
    ({ by, words }) => {
      if (by === 'committee') return meaning('committee-passage referral');
      return meaning(/modif/.test(words) ? 'amendment-passage referral' : 'referral');
    },
  ],
  [/referred to comm/, meaning('referral-committee', 'in_committee')],
  [/referred/, meaning('referral')],
  [/hearing/, meaning('hearing-held')],
  [/introduced/, meaning('introduction', 'introduced')],
  [
    /laid over|deferred|tabled|held over/,
    ({ by }) => meaning('deferral', by === 'committee' ? 'in_committee' : null),
  ],
  [/amendment proposed/, meaning('amendment-introduction')],
  [/amended/, meaning('amendment-passage')],
  [
    /disapproved|defeated|failed/,
    ({ by }) => (by === 'committee' ? meaning('committee-failure') : meaning('failure', 'failed')),
  ],
  [
    /approved|adopted|passed/,
    ({ by, law, failed, words }) => {
      if (by === 'committee') {
        if (failed) return meaning('committee-failure');
        // A preconsidered item is not before the council yet, and a subcommittee reports to its committee.
        return meaning('committee-passage', /p-c item|subcomm/.test(words) ? null : 'reported');
      }
      if (failed) return meaning('failure', 'failed');
      return meaning('passage', law ? 'passed' : 'adopted');
    },
  ],
  [/rcvd, ord, prnt, fld|received, ordered/, meaning('receipt filing', 'filed')],
  [/filed/, ({ by }) => meaning('filing', by === 'committee' ? null : 'filed')],
  [/discharged/, meaning('reported-out-of-committee')],
];

/**
 * What a step amounts to. `by` an action's own words say more than its body, which may be the council's for what a
 * committee did; `council` is the body of the council itself, `law` whether the matter is one that becomes law.
 */
export function meaningOfStep(step: Step, council: number, law: boolean): StepMeaning {
  const words = (step.action ?? step.sentence ?? '').toLowerCase();
  const seen = {
    words,
    by: byWhom(words, step.bodyId, council),
    law,
    failed: /fail/i.test(step.passed ?? ''),
  };
  for (const [pattern, found] of RULES)
    if (pattern.test(words)) return typeof found === 'function' ? found(seen) : found;
  return NOTHING;
}

const NOTHING = meaning('');

function byWhom(words: string, body: number | null, council: number): By {
  if (/by mayor/.test(words)) return 'executive';
  if (/by (the )?(sub)?comm/.test(words)) return 'committee';
  if (/by (the )?council/.test(words)) return 'council';
  return body === council ? 'council' : 'committee';
}
