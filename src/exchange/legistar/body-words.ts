/** What kind of body one is, by its name; Legistar lists offices, conferences and occasions among the bodies too. */

/** The first whose words are in the name. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^subcommittee\b/i, 'subcommittee'],
  [/\bcommittee\b/i, 'committee'],
  [/\btask ?force\b/i, 'committee'],
  [/\b(caucus|conference of|delegation)\b/i, 'caucus'],
  [/\b(commission|board|authority)\b/i, 'commission'],
  [/^(office of )?(the )?mayor\b/i, 'executive'],
  [/^(office of )?(the )?(public advocate|speaker|city clerk|clerk|comptroller|president)\b/i, 'office'],
  [/\b(department|unit|division)\b/i, 'department'],
];

/** Its kind, `other` where the name does not tell. */
export function bodyKindOf(name: string): string {
  return KINDS.find(([words]) => words.test(name))?.[1] ?? 'other';
}

/** Kinds that are parts of the council. */
export const WITHIN_COUNCIL = new Set(['committee', 'subcommittee', 'caucus']);
