/** How somebody voted or was there, in our words; the source's own stand beside them. */

export interface Meaning {
  readonly option: string;
  readonly reason?: string;
}

/** By the word in lower case. New York has the first fifteen, the empty one among them; the others are of other councils. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  affirmative: { option: 'yes' },
  negative: { option: 'no' },
  abstain: { option: 'abstain' },
  absent: { option: 'absent' },
  excused: { option: 'excused' },
  'non-voting': { option: 'not_voting' },
  present: { option: 'present' },
  medical: { option: 'excused', reason: 'medical' },
  maternity: { option: 'excused', reason: 'parental' },
  paternity: { option: 'excused', reason: 'parental' },
  parental: { option: 'excused', reason: 'parental' },
  bereavement: { option: 'excused', reason: 'bereavement' },
  'jury duty': { option: 'excused', reason: 'jury_duty' },
  conflict: { option: 'recused', reason: 'conflict' },
  '': { option: 'other' },
  suspended: { option: 'not_voting', reason: 'suspended' },
  aye: { option: 'yes' },
  ayes: { option: 'yes' },
  yea: { option: 'yes' },
  yeas: { option: 'yes' },
  yes: { option: 'yes' },
  'in favor': { option: 'yes' },
  for: { option: 'yes' },
  nay: { option: 'no' },
  nays: { option: 'no' },
  no: { option: 'no' },
  noe: { option: 'no' },
  noes: { option: 'no' },
  opposed: { option: 'no' },
  against: { option: 'no' },
  abstained: { option: 'abstain' },
  abstention: { option: 'abstain' },
  'abstain from voting': { option: 'abstain' },
  'not present': { option: 'absent' },
  away: { option: 'absent' },
  'excused absence': { option: 'excused' },
  'not voting': { option: 'not_voting' },
  'did not vote': { option: 'not_voting' },
  'no vote': { option: 'not_voting' },
  paired: { option: 'paired' },
  recused: { option: 'recused' },
  recuse: { option: 'recused' },
  'conflict of interest': { option: 'recused', reason: 'conflict' },
  'rule 14': { option: 'recused' },
};

/** What a word means; a word that is not known is `other`. */
export function meaningOf(word: string): Meaning {
  const folded = word.trim().toLowerCase();
  return (Object.hasOwn(MEANINGS, folded) ? MEANINGS[folded] : undefined) ?? { option: 'other' };
}

/** What came of a motion, by the flag that says whether it passed. */
export function resultOf(flag: string | null): 'pass' | 'fail' | null {
  const folded = (flag ?? '').trim().toLowerCase();
  return folded === 'pass' ? 'pass' : folded === 'fail' ? 'fail' : null;
}
