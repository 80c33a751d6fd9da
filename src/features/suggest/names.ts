/** How well a printed name fits a known one: the rules, best first, each with its score. */
import { distance } from 'fastest-levenshtein';
import { wordsOf } from '../wording.ts';

/** A record that a name may stand for. */
export interface Known {
  readonly kind: 'official' | 'organization' | 'publisher' | 'jurisdiction';
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly family_name: string | null;
  readonly other_names: readonly { readonly name: string; readonly note: string | null }[];
}

/** A known record, and how well the printed name fits it, 0 to 1. */
export interface Match {
  readonly kind: Known['kind'];
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly score: number;
  /** The rule that gave the score. */
  readonly why: string;
}

const SAME = 1;
/** A former name, short form or misprint that the record has among its other names. */
const OTHER_NAME = 0.97;
/** All words of one stand in the other in order, initials standing for words: K. Bass, Karen Ruth Bass. */
const WITHIN = 0.9;
/** The family name alone. */
const FAMILY = 0.75;
/** A body’s name without what it does at its end: Fox for Fox News. Boston is not short for Boston Globe. */
const BEGINNING = 0.75;
const LINES = new Set('news media radio television tv network inc llc corporation company'.split(' '));
/** What an edit costs: a name whose spelling is this alike is taken for a misprint. */
const ALIKE = 0.75;
const MISPRINT = 0.9;

/** The words of a name, accents, case and punctuation aside. */
export function nameWords(name: string): string[] {
  return wordsOf(name.normalize('NFD').replace(/\p{M}/gu, ''));
}

/** How well a printed name, titles taken off, fits a known record; undefined where it does not. */
export function fit(printed: string, known: Known): Match | undefined {
  const { kind, id, slug, name } = known;
  const found = rule(nameWords(printed), known);
  return found && { kind, id, slug, name, score: found.score, why: found.why };
}

interface Rule {
  readonly score: number;
  readonly why: string;
}

function rule(printed: readonly string[], known: Known): Rule | undefined {
  const name = nameWords(known.name);
  const text = printed.join(' ');
  if (text === '') return undefined;
  if (text === name.join(' ')) return { score: SAME, why: 'the same name' };
  for (const other of known.other_names) {
    if (nameWords(other.name).join(' ') === text)
      return {
        score: OTHER_NAME,
        why: `another name it has: ${other.name}${other.note ? ` (${other.note})` : ''}`,
      };
  }
  const person = known.kind === 'official';
  if (person && printed.length === 1) {
    const family = known.family_name === null ? name.slice(-1) : nameWords(known.family_name);
    return family.join(' ') === text ? { score: FAMILY, why: 'the family name alone' } : undefined;
  }
  if (known.kind === 'jurisdiction') return undefined;
  if (person && isWithin(printed, name))
    return { score: WITHIN, why: 'the same name, with words or initials more or less' };
  if (!person && LINES.has(name.at(-1) ?? '') && name.slice(0, -1).join(' ') === text)
    return { score: BEGINNING, why: 'the beginning of its name' };
  return misprint(printed, name, person);
}

/** A name in another spelling: of a person one of the two names has to be right. */
function misprint(printed: readonly string[], name: readonly string[], person: boolean): Rule | undefined {
  const [a, b] = [printed.join(' '), name.join(' ')];
  const alike = 1 - distance(a, b) / Math.max(a.length, b.length);
  const one = printed[0] === name[0] || printed.at(-1) === name.at(-1);
  if (alike < ALIKE || (person && !one) || printed.length !== name.length) return undefined;
  return {
    score: Math.round(MISPRINT * alike * 1000) / 1000,
    why: `a spelling ${Math.round(alike * 100)} % alike`,
  };
}

/** Whether the shorter of two names has its words in the longer one, in order; an initial stands for a word. */
function isWithin(a: readonly string[], b: readonly string[]): boolean {
  const [part, whole] = a.length <= b.length ? [a, b] : [b, a];
  if (part.length < 2 || part.at(-1) !== whole.at(-1)) return false;
  let found = 0;
  for (const word of whole) {
    const next = part[found];
    if (
      next === word ||
      (next !== undefined && (next.length === 1 || word.length === 1) && next[0] === word[0])
    )
      found += 1;
  }
  return found === part.length;
}

/** Most records that one printed name is matched with. */
const MATCHES = 5;

/** The records a printed name fits, best first; several that fit a family name alone share its score. */
export function matchesOf(printed: string, among: readonly Known[]): Match[] {
  const found = among.flatMap((known) => fit(printed, known) ?? []);
  const families = found.filter(({ score }) => score === FAMILY).length;
  return found
    .map((match) =>
      match.score === FAMILY && families > 1
        ? { ...match, score: round(FAMILY / families), why: `${match.why}, which ${families} officials have` }
        : match,
    )
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, MATCHES);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Least score at which a match is taken for the one meant, if none is as good. */
export const SURE = 0.7;

/** The one record meant, if a match stands out. */
export function sureOf(matches: readonly Match[]): Match | undefined {
  const [best, next] = matches;
  if (best === undefined || best.score < SURE) return undefined;
  return next && next.score >= best.score ? undefined : best;
}
