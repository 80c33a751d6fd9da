/** Words of Popolo, and what they are here; both ways, so that what is written out reads back the same. */
import { jurisdictionClassification, meetingStatus, policyType } from '../../model/vocabularies.ts';

const has = (words: object, word: string) => Object.hasOwn(words, word);
const folded = (word: string | null | undefined) =>
  (word ?? '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** Classes of areas that are places which govern themselves; all others are parts of such, as constituencies are. */
const PLACES: Readonly<Record<string, string>> = {
  nation: 'country',
  province: 'state',
  region: 'state',
  city: 'municipality',
  town: 'municipality',
  village: 'municipality',
};

/** What kind of place an area is; undefined where it is a part of one. */
export function placeWord(classification: string | null | undefined): string | undefined {
  const word = folded(classification);
  return has(jurisdictionClassification.words, word) ? word : has(PLACES, word) ? PLACES[word] : undefined;
}

/** What kind of instrument a motion is. */
export function motionWord(classification: string | null | undefined): string {
  const word = folded(classification);
  return has(policyType.words, word) ? word : 'motion';
}

/** The option of a vote as Popolo writes it. */
export const optionOut = (option: string) => option.replaceAll('_', ' ');

/** Statuses of policies that are how a motion came out. */
const PASSED = new Set([
  'passed',
  'sent_to_executive',
  'signed',
  'enacted',
  'adopted',
  'effective',
  'veto_overridden',
]);

/** How a motion came out, by where the policy stands. */
export function resultOut(status: string): string | undefined {
  return PASSED.has(status) ? 'pass' : status === 'failed' ? 'fail' : undefined;
}

/** Where a policy stands, by how the motion came out. */
export function statusIn(result: 'pass' | 'fail' | undefined): string | undefined {
  return result === 'pass' ? 'passed' : result === 'fail' ? 'failed' : undefined;
}

/** Whether a meeting takes place; undefined for other words. */
export function meetingWord(status: string | null | undefined): string | undefined {
  const word = folded(status) === 'canceled' ? 'cancelled' : folded(status);
  return has(meetingStatus.words, word) ? word : undefined;
}
