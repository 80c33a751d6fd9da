/** How much is known of each place and kind, counted behind the requests and kept. */
import { dayOf } from '../engine/day.ts';
import type { Engine } from '../engine/engine.ts';
import { type Filter, filtersOf } from '../engine/filters.ts';
import { kindNamed } from '../model/kinds.ts';
import { type Counting, openCounting, REST, SHARE, WAITS, type Waits } from './counting.ts';
import {
  COUNTED,
  type Counted,
  countAll,
  NOTHING,
  NOWHERE,
  stateOf,
  type Tallies,
} from './coverage-count.ts';
import { namedIds } from './named-records.ts';
import { pageOf } from './paged.ts';

/** What the counts are, in sentences; documented and answered as it stands. */
export const RULE = `Live records are counted under each place they belong to: a policy, a body or a meeting under its own, parts under those of what they are part of, an official under those of every office held, a statement under those of the body or else of the person that spoke; \`shared\` counts what belongs to no place. oldest and newest are the earliest and latest of the dates by which lists of the kind can be ordered; a vaguer date counts as its first day, dates to come are left out, and null means that the kind has no such order or no record a date. last_changed_at is when one of them last changed. last_import_tried_at is when the last import was begun that had records of the kind and named the place (its first 1,000 places count, and for \`shared\` any import of the kind), last_import_succeeded_at when the last of those ended that came to the end of its input, though single records of it may have failed; dry runs are none, votes come with their vote events, and null means that no import is known. A count of 0 means that nothing is recorded, not that there is nothing. Everything is counted at once, in the background: \`revision\` is the change up to which all is counted (some later ones may be), and something newer is counted after ${REST / 1000} s, or ${SHARE} times as long as counting takes.`;

/** The counts, made when they are asked for and kept while nothing is written, and no import moves. */
export type Coverage = Counting<Counted>;

/** `elapsed` are milliseconds that never go back; `onFailure` hears of counts that failed while an older one serves. */
export function openCoverage(
  engine: Engine,
  elapsed: () => number,
  onFailure: (error: unknown) => void,
  waits: Waits = WAITS,
): Coverage {
  const isCurrent = async (counted: Counted) => {
    if (counted.counted_at.slice(0, 10) !== dayOf(engine.now())) return false;
    const { revision, imports } = await stateOf(engine);
    return counted.revision === revision && counted.imports === imports;
  };
  const count = (signal: AbortSignal) => countAll(engine, signal);
  return openCounting({ count, isCurrent, elapsed, onFailure, waits });
}

export interface CoverageQuery {
  readonly jurisdiction?: readonly string[];
  readonly kind?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

/** One page of places by name, each with what is known of every kind; the revision at which the places were read with it. */
export async function coverageOf(engine: Engine, { counted }: Coverage, query: CoverageQuery) {
  const { tallies, revision, counted_at } = await counted();
  const kind = kindNamed('jurisdiction');
  const page = await engine.db.read(async (session) => {
    const ids =
      query.jurisdiction && (await namedIds({ engine, session }, kind, 'jurisdiction', query.jurisdiction));
    const conditions = ids ? [(filtersOf(kind).get('id') as Filter).condition(ids, 'f', engine.db)] : [];
    const { limit, cursor } = query;
    const bound = ids ? [`id=${[...ids].sort().join(',')}`] : [];
    return pageOf({ engine, session }, { kind, sort: 'name', conditions, bound, limit, cursor });
  });
  const names = query.kind ? COUNTED.filter((name) => query.kind?.includes(name)) : COUNTED;
  return {
    data: page.records.map(({ id, slug, name, classification }) => ({
      jurisdiction: { id, slug, name, classification },
      kinds: ofPlace(tallies, id, names),
    })),
    shared: ofPlace(tallies, NOWHERE, names),
    meta: { limit: query.limit, revision, counted_at, rule: RULE },
    next: page.next,
    readAt: page.revision,
  };
}

/** What is known of a place, kind by kind; what is not is counted as nothing. */
function ofPlace(tallies: Tallies, place: string, names: readonly string[]) {
  const tally = tallies.get(place);
  return names.map((kind) => ({ kind, ...(tally?.get(kind) ?? NOTHING) }));
}
