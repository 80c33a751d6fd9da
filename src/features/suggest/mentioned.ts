/** Who and what a text names: each name with what it stands for, and what short forms refer back to. */

import type { Run } from './mentions.ts';
import { type Known, type Match, matchesOf, nameWords, sureOf } from './names.ts';
import { between, type Passage } from './passage.ts';
import { DETERMINERS, INVERTED, SAYING } from './vocabulary.ts';

export interface Mention {
  readonly run: Run;
  readonly sort: 'person' | 'body' | 'place' | 'open';
  /** The name as printed; a name that is broken in the print has its pieces joined by an ellipsis. */
  readonly printed: string;
  readonly start: number;
  readonly end: number;
  readonly last: number;
  readonly matches: readonly Match[];
  readonly sure: Match | undefined;
  /** The longer name this one is short for. */
  readonly full: Mention | undefined;
  readonly why: string;
}

/** What is known of the names of a text. */
export interface Names {
  readonly known: ReadonlyMap<string, readonly Known[]>;
  /** Records by each of their other names, its words joined by spaces. */
  readonly others: ReadonlyMap<string, readonly Known[]>;
}

/** No record is known. */
export const NOBODY: Names = { known: new Map(), others: new Map() };

/** Initials that stand for a longer name of the text: LA for Los Angeles. */
export function initialsOf(runs: readonly Run[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name } of runs) {
    const words = name.split(/\s+/).filter((word) => /^\p{Lu}/u.test(word));
    if (words.length < 2 || words.length > 6) continue;
    const initials = words.map((word) => [...word][0]).join('');
    if (!found.has(initials)) found.set(initials, name);
  }
  return found;
}

/** The forms under which a name is looked up: as printed, with initials written out, and with the word after it. */
export function formsOf(run: Run, initials: ReadonlyMap<string, string>): string[] {
  const [first = '', ...rest] = run.name.split(' ');
  const whole = /^\p{Lu}{2,6}$/u.test(first) ? initials.get(first) : undefined;
  return [
    run.name,
    ...(whole ? [[whole, ...rest].join(' ')] : []),
    ...(run.extended ? [`${run.name} ${run.extended}`] : []),
  ];
}

/** Gives each name its meaning. */
export function mentionsOf(passage: Passage, runs: readonly Run[], names: Names): Mention[] {
  const initials = initialsOf(runs);
  const mentions: Mention[] = [];
  for (let at = 0; at < runs.length; at += 1) {
    const run = runs[at] as Run;
    const broken = brokenName(run, runs[at + 1], names);
    if (broken) {
      mentions.push(broken);
      at += 1;
    } else mentions.push(meant(passage, run, names, initials));
  }
  return referringBack(mentions);
}

/** Most characters between the pieces of a name that is broken in the print. */
const BREAK = 40;

/** A name whose pieces stand apart, where a record has it so among its other names: “Jackie Gould … Berg”. */
function brokenName(run: Run, next: Run | undefined, { others }: Names): Mention | undefined {
  if (next === undefined || next.start - run.end > BREAK) return undefined;
  const printed = `${run.name} … ${next.name}`;
  const known = others
    .get(nameWords(printed).join(' '))
    ?.filter(({ other_names }) => other_names.some(({ name }) => /…|\.\.\./.test(name)));
  const matches = known ? matchesOf(printed, known) : [];
  const sure = sureOf(matches);
  if (sure === undefined) return undefined;
  return {
    run,
    sort: sure.kind === 'official' ? 'person' : 'body',
    printed,
    start: run.start,
    end: next.end,
    last: next.last,
    matches,
    sure,
    full: undefined,
    why: 'the pieces of a name that is known to be broken in print',
  };
}

function meant(passage: Passage, run: Run, names: Names, initials: ReadonlyMap<string, string>): Mention {
  const own = { run, printed: run.name, start: run.start, end: run.end, last: run.last, full: undefined };
  const [, ...longer] = formsOf(run, initials);
  const extended = run.extended ? `${run.name} ${run.extended}` : undefined;
  const whole = extended && matchesOf(extended, names.known.get(extended) ?? []).filter(exact);
  if (whole && whole.length > 0) {
    const word = passage.words[run.last + 1] as { end: number };
    const printed = passage.text.slice(run.start, word.end);
    const sort = 'body' as const;
    return {
      ...own,
      sort,
      printed,
      end: word.end,
      last: run.last + 1,
      matches: whole,
      sure: sureOf(whole),
      why: 'a known body',
    };
  }
  const spelt = longer.filter((form) => form !== extended);
  const found = [run.name, ...spelt].flatMap((form) =>
    matchesOf(form, names.known.get(form) ?? []).map((match) =>
      form === run.name ? match : readAs(form, match),
    ),
  );
  const fitting = found.filter(({ kind }) =>
    run.form === 'person' ? kind === 'official' : run.form !== 'body' || kind !== 'official',
  );
  const matches = [...new Map(fitting.map((match) => [match.id, match])).values()].sort(
    (a, b) => b.score - a.score,
  );
  const sure = isPlace(passage, run)
    ? sureOf(matches.filter(({ kind }) => kind !== 'official'))
    : sureOf(matches);
  const { sort, why } = sortOf(passage, run, sure);
  return { ...own, matches, sure, sort, why };
}

/** Whether a single word stands where places do: a family name alone is no person’s there. */
function isPlace({ words }: Passage, { form, name, first }: Run): boolean {
  const before = words[first - 1]?.lower ?? '';
  return (
    form === 'open' && !name.includes(' ') && /^(?:in|at|near|around|outside|across|downtown)$/.test(before)
  );
}

/** What initials that are written out take off a score. */
const INITIALS = 0.95;

function readAs(form: string, match: Match): Match {
  const score = Math.round(match.score * INITIALS * 1000) / 1000;
  return { ...match, score, why: `${match.why}, read as ${form}` };
}

function exact({ kind, score }: Match): boolean {
  return (kind === 'organization' || kind === 'publisher') && score > 0.95;
}

function sortOf(passage: Passage, run: Run, sure: Match | undefined): Pick<Mention, 'sort' | 'why'> {
  if (sure?.kind === 'jurisdiction') return { sort: 'place', why: 'a known place' };
  if (sure) return { sort: sure.kind === 'official' ? 'person' : 'body', why: sure.why };
  if (run.form === 'person' || run.form === 'body') return { sort: run.form, why: run.why };
  const { words } = passage;
  const before = words[run.ahead - 1];
  const near = before !== undefined && /^[,:]? $/.test(between(passage, run.ahead - 1)) ? before : undefined;
  const after = subjectOfSaying(passage, run);
  const verb =
    near && !near.capital && (INVERTED.has(near.lower) || near.lower === 'to') ? near.lower : undefined;
  const according = verb === 'to' && words[run.ahead - 2]?.lower === 'according';
  const said = after ?? (according ? 'according to' : verb === 'to' ? undefined : verb);
  if (said === undefined) return { sort: 'open', why: run.why };
  const article = near && DETERMINERS.has(near.lower);
  const body = article || run.form === 'acronym';
  return { sort: body ? 'body' : 'person', why: `it stands beside a verb of saying: ${said}` };
}

/** The verb of saying right after a name. */
function subjectOfSaying(passage: Passage, run: Run): string | undefined {
  const { words } = passage;
  for (let at = run.last + 1; at <= run.last + 3; at += 1) {
    const word = words[at];
    if (word === undefined || (words[at - 1] as { possessive: boolean }).possessive) return undefined;
    if (between(passage, at - 1) !== ' ' || word.capital || word.quoted !== words[run.last]?.quoted)
      return undefined;
    if (SAYING.has(word.lower)) return word.lower;
    if (!/^(?:has|have|had|also|later|then|\p{L}+ly)$/u.test(word.lower)) return undefined;
  }
  return undefined;
}

/** Gives a name of one word that ends a longer name of the text what that one stands for: the nearest before it, else after it. */
function referringBack(mentions: readonly Mention[]): Mention[] {
  const latest = new Map<string, Mention>();
  const firsts = new Map<string, Mention>();
  const tail = ({ run: { name } }: Mention) => nameWords(name).at(-1) ?? '';
  const isFull = (one: Mention) => one.sort === 'person' && nameWords(one.run.name).length > 1;
  for (const mention of mentions.filter(isFull)) {
    if (!firsts.has(tail(mention))) firsts.set(tail(mention), mention);
  }
  const sorts = new Map<string, Mention>();
  return mentions.map((mention) => {
    if (isFull(mention)) latest.set(tail(mention), mention);
    const single = nameWords(mention.run.name).length === 1;
    const full = latest.get(tail(mention)) ?? firsts.get(tail(mention));
    const open = mention.sort === 'open' || mention.sort === 'person';
    if (single && open && full && full.start !== mention.start) {
      const { sure } = full;
      const matches = sure
        ? [{ ...sure, score: Math.min(sure.score, 0.95), why: `short for ${full.printed}, ${sure.why}` }]
        : mention.matches;
      return {
        ...mention,
        sort: 'person',
        full,
        matches,
        sure: sureOf(matches),
        why: `the family name of ${full.printed}`,
      };
    }
    // A name that was found out to be a person’s or a body’s once is that everywhere.
    const same = sorts.get(mention.printed);
    if (mention.sort !== 'open' && !same) sorts.set(mention.printed, mention);
    if (mention.sort === 'open' && same) return { ...mention, sort: same.sort, why: same.why };
    return mention;
  });
}
