/**
 * The order of a policy's timeline: what is dated to the year, the month or the day side by side, and what has no date
 * at all. Pure: the same entries in any order give the same list.
 */

/** What stands in a timeline, in the order in which entries stand whose place is otherwise the same. */
export const ENTRY_KINDS = [
  'action',
  'vote_event',
  'policy_version',
  'statement',
  'statement_report',
] as const;

export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One thing that happened, with all that says when. */
export interface Dated {
  readonly kind: EntryKind;
  readonly id: string;
  /** Partial date or moment; null where none is known. */
  readonly date: string | null;
  /** Of an action: its place among the policy's actions. */
  readonly position?: number | null;
  /** Of a vote: the action it was part of. Of a report: its statement. */
  readonly of?: string | null;
}

/** What gave an entry its place. */
export const PLACED_BY = {
  date: 'Its own date; a vaguer one counts as its first day.',
  position:
    'Its position: it comes after an earlier step whose date lies within its own or, undated, before a later one.',
  action: 'The action it was part of, which it follows.',
  vote: 'The earliest vote held in it, whose date is the more precise.',
  statement: 'The statement that it reports, which it follows.',
  report: 'The earliest report of it, which it precedes.',
  nothing: 'Nothing says when it was: it stands at the end.',
} as const;

/**
 * Where an entry stands. `at` is the partial date it is ordered by, null where nothing gives one; `from` and `until` are
 * texts between which the true moment lies as far as dates and links say, `''` and `'~'` where they say nothing.
 */
export interface Place {
  readonly at: string | null;
  readonly by: keyof typeof PLACED_BY;
  readonly from: string;
  readonly until: string;
}

/** How entries are ordered, in sentences; documented and answered as it stands. */
export const ORDER_RULE =
  'Entries stand by date, as precise as the source has it; a vaguer date counts as its first day and comes before the days it holds (2024, 2024-11, 2024-11-19), unless something says more. What says more: actions keep their positions among each other; a vote follows the action it was part of, and dates it where the action’s own date is vaguer or missing; a report, dated by when its source was published, follows its statement; an undated statement precedes its earliest report. That holds wherever one date holds the other or is missing; where two dates exclude one another, the dates stand. Of what shares a place, actions (each with its votes) come first, then versions, statements and reports. What nothing places stands at the end.';

/** After every partial date and moment that a date holds: '~' comes after digits, '-' and 'T'. */
const lastOf = (date: string | null) => `${date ?? ''}~`;

type Places = Map<string, Place>;

/** The entries in order, each with where it stands and what put it there. */
export function inOrder<Entry extends Dated>(
  entries: readonly Entry[],
): { readonly entry: Entry; readonly place: Place }[] {
  const of = (kind: EntryKind) => entries.filter((entry) => entry.kind === kind);
  const places: Places = new Map(entries.map(({ id, date }) => [id, byDate(date)]));
  dateByVotes(of('action'), of('vote_event'), places);
  placeActions(of('action'), places);
  placeStatements(of('statement'), of('statement_report'), places);
  for (const vote of of('vote_event')) placeAfter(vote, 'action', places);
  for (const report of of('statement_report')) placeAfter(report, 'statement', places);
  const positions = new Map(of('action').map(({ id, position }) => [id, position ?? null]));
  return entries
    .map((entry) => ({ entry, place: places.get(entry.id) as Place }))
    .map((placed) => ({ ...placed, key: keyOf(placed, positions) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry, place }) => ({ entry, place }));
}

function byDate(date: string | null): Place {
  if (date === null) return { at: null, by: 'nothing', from: '', until: lastOf(null) };
  return { at: date, by: 'date', from: date, until: lastOf(date) };
}

/** Dates actions by the earliest vote held in them, where their own dates are vaguer or missing. */
function dateByVotes(actions: readonly Dated[], votes: readonly Dated[], places: Places): void {
  const held = Map.groupBy(votes, ({ of }) => of ?? '');
  for (const { id, date } of actions) {
    const within = (held.get(id) ?? [])
      .flatMap((vote) => vote.date ?? [])
      .filter((one) => one !== date && one.startsWith(date ?? ''));
    const at = earliest(within);
    if (at !== undefined) places.set(id, { ...byDate(at), by: 'vote' });
  }
}

/** Puts no action before those of smaller positions, as far as the dates allow. */
function placeActions(actions: readonly Dated[], places: Places): void {
  const ordered = actions
    .filter(({ position }) => position != null)
    .sort((a, b) => Number(a.position) - Number(b.position));
  const place = ({ id }: Dated) => places.get(id) as Place;
  const others = (action: Dated, sign: number) =>
    ordered
      .filter(({ position }) => Math.sign(Number(position) - Number(action.position)) === sign)
      .map(place);
  for (const action of ordered) {
    const own = place(action);
    const at = latest(others(action, -1).flatMap((one) => (one.from <= own.until ? one.from : [])));
    if (at !== undefined && at > own.from) places.set(action.id, { ...own, at, from: at, by: 'position' });
  }
  for (const action of ordered.toReversed()) {
    const own = place(action);
    const after = others(action, 1);
    const until = earliest(after.flatMap((one) => (one.until >= own.from ? one.until : [])));
    if (until !== undefined && until < own.until) places.set(action.id, { ...own, until });
    const at = own.at === null ? earliest(after.flatMap((one) => one.at ?? [])) : undefined;
    if (at !== undefined) places.set(action.id, { ...place(action), at, by: 'position' });
  }
}

/** Puts undated statements before their earliest report. */
function placeStatements(statements: readonly Dated[], reports: readonly Dated[], places: Places): void {
  const reported = Map.groupBy(reports, ({ of }) => of ?? '');
  for (const { id, date } of statements) {
    const at = earliest((reported.get(id) ?? []).flatMap((report) => report.date ?? []));
    if (date === null && at !== undefined) places.set(id, { at, by: 'report', from: '', until: lastOf(at) });
  }
}

/** Puts an entry not before what it is part of, unless the dates exclude that. */
function placeAfter({ id, of }: Dated, by: 'action' | 'statement', places: Places): void {
  const own = places.get(id) as Place;
  const { at, from } = places.get(of ?? '') ?? byDate(null);
  if (at === null || at > own.until || at <= (own.at ?? '')) return;
  places.set(id, { ...own, at, from: from > own.from ? from : own.from, by });
}

const earliest = (dates: readonly string[]) => dates.toSorted()[0];
const latest = (dates: readonly string[]) => dates.toSorted().at(-1);

/** The text an entry sorts by: its place, its kind (a vote as an action), its position, then its id. */
function keyOf(
  { entry, place }: { readonly entry: Dated; readonly place: Place },
  positions: ReadonlyMap<string, number | null>,
): string {
  const voted = entry.kind === 'vote_event';
  const position = positions.get((voted ? entry.of : entry.id) ?? '') ?? null;
  const ordinal = position === null ? '~' : String(position).padStart(16, '0');
  const rank = voted ? 0 : ENTRY_KINDS.indexOf(entry.kind);
  // A space comes before '-' and '~' after digits: a month stands before its days, what nothing places at the end.
  return [place.at ?? '~', rank, ordinal, Number(voted), entry.id].join(' ');
}
