/** Where a bill stands, worked out from the classes of its actions: scrapers do not say. */
import { dayOf, wordsOf } from './facts.ts';
import type { Bill } from './schemas.ts';
import type { Scrape } from './scrape.ts';

type Action = NonNullable<Bill['actions']>[number];

/** What a class of action makes of a bill; what is not here changes nothing. Later ones win over earlier ones of a step. */
const STATUSES: readonly (readonly [word: string, status: string])[] = [
  ['filing', 'filed'],
  ['introduction', 'introduced'],
  ['referral-committee', 'in_committee'],
  ['committee-passage', 'reported'],
  ['committee-passage-favorable', 'reported'],
  ['committee-passage-unfavorable', 'reported'],
  ['reported-out-of-committee', 'reported'],
  ['deferral', 'tabled'],
  ['carried-over', 'carried_over'],
  ['passage', 'passed'],
  ['enrolled', 'passed'],
  ['executive-receipt', 'sent_to_executive'],
  ['failure', 'failed'],
  ['veto-override-failure', 'vetoed'],
  ['withdrawal', 'withdrawn'],
  ['executive-signature', 'signed'],
  ['executive-veto', 'vetoed'],
  ['veto-override-passage', 'veto_overridden'],
  ['became-law', 'enacted'],
];

/** Once a chamber has passed a bill, what comes before passage in the other takes it back nowhere. */
const PASSED = new Set([
  'passed_one_chamber',
  'passed',
  'sent_to_executive',
  'signed',
  'vetoed',
  'veto_overridden',
  'enacted',
]);
const AFTER_PASSAGE = new Set([...PASSED, 'failed', 'withdrawn', 'carried_over']);

/** Instruments of one body that no executive signs: once passed, they are adopted. */
const ONE_BODY = new Set(['resolution', 'motion', 'memorial', 'commemoration', 'proclamation']);

/** The status and the dates of a bill; nothing where its actions have no classes. */
export function standingOf(data: Bill, scrape: Scrape): Record<string, unknown> {
  const steps = inTime(data.actions ?? []);
  const chambers = new Set<string>();
  const dates: Record<string, string | undefined> = {};
  let [status, since]: (string | undefined)[] = [];
  for (const action of steps) {
    const words = wordsOf(action.classification);
    const day = dayOf(action.date);
    let next = STATUSES.findLast(([word]) => words.includes(word))?.[1];
    if (next === 'passed') next = passedBy(action, data, scrape, chambers);
    if (words.some((word) => word === 'introduction' || word === 'filing')) dates.introduced_on ??= day;
    if (next === 'adopted' || next === 'passed') dates.adopted_on = day;
    if (words.includes('executive-signature')) dates.signed_on ??= day;
    if (next === undefined || (PASSED.has(status ?? '') && !AFTER_PASSAGE.has(next))) continue;
    // What is law stays so, whatever paper follows.
    if (status === 'enacted') continue;
    [status, since] = [next, day];
  }
  const ended = FINAL.has(status ?? '');
  return {
    ...dates,
    ...(status === undefined ? {} : { status, status_basis: 'derived', status_as_of: since }),
    ...(ended ? { final_action_on: since } : {}),
  };
}

const FINAL = new Set(['adopted', 'signed', 'enacted', 'vetoed', 'veto_overridden', 'failed', 'withdrawn']);

/** Steps in the order of their days; those of a day as they stand, or against it where the scraper has the last first. */
function inTime(actions: readonly Action[]): Action[] {
  const dated = actions.map((action) => dayOf(action.date)).filter((day) => day !== undefined);
  const lastFirst = (dated[0] ?? '') > (dated.at(-1) ?? '');
  const all = lastFirst ? [...actions].reverse() : [...actions];
  return all.sort((one, other) => compare(dayOf(one.date) ?? '', dayOf(other.date) ?? ''));
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** What passing makes of a bill: where there are two chambers, both have to. */
function passedBy(action: Action, data: Bill, { organizations }: Scrape, chambers: Set<string>): string {
  const kinds = wordsOf(data.classification).map((word) => word.toLowerCase());
  const oneBody = kinds.length > 0 && kinds.every((kind) => ONE_BODY.has(kind));
  const chamber = organizations.classOf(action.organization_id ?? action.organization);
  const chambered = chamber === 'upper' || chamber === 'lower';
  if (chambered) chambers.add(chamber);
  if (oneBody) return 'adopted';
  return chambered && chambers.size < 2 && !wordsOf(action.classification).includes('enrolled')
    ? 'passed_one_chamber'
    : 'passed';
}
