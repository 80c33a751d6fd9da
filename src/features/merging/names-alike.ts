/** How alike the names of two officials are. */
import { fit } from '../suggest/names.ts';
import { mayBeOneGivenName } from './nicknames.ts';
import { endsOf, type Person, spokenWords } from './people.ts';

/** What a finding adds to the score, and why. */
export interface Reason {
  /** The rule that found it. */
  readonly rule: string;
  readonly points: number;
  readonly why: string;
}

/** Points of names, by how they are alike. */
export const NAME_POINTS = {
  same_name: 0.6,
  other_name: 0.58,
  name_within: 0.54,
  given_name_form: 0.52,
  misprint: 0.38,
} as const;

/** The best reason to take two names for one person’s; undefined where there is none. */
export function namesAlike(a: Person, b: Person): Reason | undefined {
  if (a.words.join(' ') === b.words.join(' '))
    return { rule: 'same_name', points: NAME_POINTS.same_name, why: 'the same name' };
  const other = otherNameOf(a, b) ?? otherNameOf(b, a);
  if (other)
    return { rule: 'other_name', points: NAME_POINTS.other_name, why: `another name it has: ${other}` };
  const [one, two] = [endsOf(a.words), endsOf(b.words)];
  const found = fit(a.words.join(' '), { ...b, name: b.words.join(' '), other_names: [] });
  if (found && one.family === two.family && withInitials(found.why))
    return { rule: 'name_within', points: NAME_POINTS.name_within, why: found.why };
  if (one.family === two.family && mayBeOneGivenName(one.given, two.given) && middlesAgree(a, b))
    return {
      rule: 'given_name_form',
      points: NAME_POINTS.given_name_form,
      why: `${one.given} and ${two.given} may be one given name`,
    };
  return found && one.given === two.given && one.family !== two.family && found.score < MISSPELT
    ? { rule: 'misprint', points: NAME_POINTS.misprint, why: found.why }
    : undefined;
}

/** Scores of `fit` below this are of another spelling. */
const MISSPELT = 0.9;

const withInitials = (why: string) => why.startsWith('the same name, with words');

/** A whole name among the others of one that is the name of the other; `R. Diaz` may be anybody’s. */
function otherNameOf({ words }: Person, { other_names }: Person): string | undefined {
  if (words.some((word) => word.length === 1)) return undefined;
  const name = words.join(' ');
  return other_names.find((other) => spokenWords(other.name).join(' ') === name)?.name;
}

/** Whether the words between given and family name do not contradict each other: an initial stands for a word. */
function middlesAgree(a: Person, b: Person): boolean {
  const [one, two] = [a.words.slice(1, -1), b.words.slice(1, -1)];
  if (one.length === 0 || two.length === 0) return true;
  return one.length === two.length && one.every((word, at) => startsAlike(word, two[at] as string));
}

function startsAlike(a: string, b: string): boolean {
  return a === b || ((a.length === 1 || b.length === 1) && a[0] === b[0]);
}
