/** From the words of Open Civic Data to those of the tracker. The source's own words are kept beside, where there is a field. */
import {
  actionClassification,
  documentClassification,
  organizationClassification,
  versionClassification,
  voteOption,
} from '../../model/vocabularies.ts';

const has = (words: object, word: string) => Object.hasOwn(words, word);

/** What is not the same word with `_` for a space. */
const TYPES: Readonly<Record<string, string>> = {
  memorial: 'resolution',
  commemoration: 'resolution',
  'concurrent memorial': 'concurrent_resolution',
  'joint memorial': 'joint_resolution',
  'proposed bill': 'bill',
  'concurrent order': 'order',
  appropriation: 'budget',
};

const SAME_TYPES = new Set([
  'bill',
  'resolution',
  'concurrent resolution',
  'joint resolution',
  'proclamation',
  'nomination',
  'contract',
  'appointment',
  'constitutional amendment',
  'petition',
  'order',
  'ordinance',
  'motion',
]);

/** What kind of instrument a bill is, by the first of its classifications that says so. */
export function policyTypeOf(classification: readonly string[]): string {
  const words = classification.map((word) => word.trim().toLowerCase());
  const known = words.find((word) => SAME_TYPES.has(word) || has(TYPES, word));
  return known === undefined ? 'other' : (TYPES[known] ?? known.replaceAll(' ', '_'));
}

/** The known ones of an action's classifications; `amendment-…` and the others are those of Open Civic Data. */
export function actionWords(classification: readonly string[]): { known: string[]; unknown: string[] } {
  const all = [...new Set(classification)];
  return {
    known: all.filter((word) => has(actionClassification.words, word)),
    unknown: all.filter((word) => !has(actionClassification.words, word)),
  };
}

const ORGANIZATIONS: Readonly<Record<string, string>> = {
  government: 'other',
  'school board': 'school_board',
  'city council': 'council',
  'task force': 'commission',
};

/** What kind of body an organization is; undefined where it does not say. */
export function organizationWord(classification: string | null | undefined): string | undefined {
  const word = (classification ?? '').trim().toLowerCase();
  if (word === '') return undefined;
  if (has(organizationClassification.words, word)) return word;
  return ORGANIZATIONS[word] ?? 'other';
}

/** How somebody voted. */
export function optionWord(option: string): string {
  const word = option
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return has(voteOption.words, word) ? word : 'other';
}

const VERSIONS: Readonly<Record<string, string>> = { 'became-law': 'became_law' };
const DOCUMENTS: Readonly<Record<string, string>> = { digest: 'summary', law: 'other' };

/** Which stage a text is from. */
export function versionWord(classification: string | null | undefined): string | undefined {
  if (!classification) return undefined;
  const word = VERSIONS[classification] ?? classification;
  return has(versionClassification.words, word) ? word : 'other';
}

/** What an attached document is. */
export function documentWord(classification: string | null | undefined): string | undefined {
  if (!classification) return undefined;
  const word = DOCUMENTS[classification] ?? classification.replaceAll('-', '_');
  return has(documentClassification.words, word) ? word : 'other';
}

/** In what part a sponsor stands behind a bill. */
export function sponsorWord(classification: string | null | undefined, primary: boolean): string {
  const word = (classification ?? '').trim().toLowerCase();
  if (/^co|cosponsor|co-sponsor|co-author/.test(word) && !/committee/.test(word)) return 'cosponsor';
  if (/request/.test(word)) return 'by_request';
  if (/committee/.test(word)) return 'committee';
  if (/joint/.test(word)) return 'joint';
  if (/author/.test(word)) return 'author';
  return primary ? 'primary' : 'cosponsor';
}

/** A relation of two bills; `swapped` where the other one is its subject, `mutual` where neither is. */
export const RELATIONS: Readonly<
  Record<string, { readonly type: string; readonly swapped?: true; readonly mutual?: true }>
> = {
  companion: { type: 'companion', mutual: true },
  'prior-session': { type: 'prior_session' },
  'replaced-by': { type: 'replaces', swapped: true },
  replaces: { type: 'replaces' },
  related: { type: 'related', mutual: true },
};

const RESULTS: Readonly<Record<string, string>> = {
  pass: 'pass',
  passed: 'pass',
  yes: 'pass',
  fail: 'fail',
  failed: 'fail',
  no: 'fail',
};

/** How a vote came out; undefined where it does not say, or in other words. */
export function resultWord(result: string | null | undefined): string | undefined {
  return RESULTS[(result ?? '').trim().toLowerCase()];
}
