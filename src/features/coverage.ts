/** How much is known of each place and kind, counted behind the requests and kept. */
import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { type Filter, filtersOf } from '../engine/filters.ts';
import { Problem } from '../errors.ts';
import { kindNamed } from '../model/kinds.ts';
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

/** How long a request waits for a count, in milliseconds: the first, and one that renews another. */
const WAITS = { first: 5_000, renewal: 1_000 };
/** Counting is begun anew at most so often, in milliseconds, and takes at most one part in so many of the time. */
const REST = 1_000;
const SHARE = 20;

/** What the counts are, in sentences; documented and answered as it stands. */
export const RULE = `Live records are counted under each place they belong to: a policy, a body or a meeting under its own, parts under those of what they are part of, an official under those of every office held, a statement under those of the body or else of the person that spoke; \`shared\` counts what belongs to no place. oldest and newest are the earliest and latest of the dates by which lists of the kind can be ordered; a vaguer date counts as its first day, dates to come are left out, and null means that the kind has no such order or no record a date. last_changed_at is when one of them last changed. last_import_tried_at is when the last import was begun that had records of the kind and named the place (its first 1,000 places count, and for \`shared\` any import of the kind), last_import_succeeded_at when the last of those ended that came to the end of its input, though single records of it may have failed; dry runs are none, votes come with their vote events, and null means that no import is known. A count of 0 means that nothing is recorded, not that there is nothing. Everything is counted at once, in the background: \`revision\` is the change up to which all is counted (some later ones may be), and something newer is counted after ${REST / 1000} s, or ${SHARE} times as long as counting takes.`;

/** The counts, made when they are asked for and kept while nothing is written, and no import moves. */
export interface Coverage {
  /** The newest count there is; 503 while the first is being made and takes long. */
  readonly counted: () => Promise<Counted>;
  /** Stops counting. */
  readonly close: () => Promise<void>;
}

/** `elapsed` are milliseconds that never go back; `onFailure` hears of counts that failed while an older one serves. */
export function openCoverage(
  engine: Engine,
  elapsed: () => number,
  onFailure: (error: unknown) => void,
  waits = WAITS,
): Coverage {
  const stopping = new AbortController();
  let last: { readonly counted: Counted; readonly renewed: number } | undefined;
  let running: Promise<void> | undefined;

  const count = async () => {
    const start = elapsed();
    const counted = await countAll(engine, stopping.signal);
    const end = elapsed();
    last = { counted, renewed: end + Math.max(REST, SHARE * (end - start)) };
  };
  /** One count at a time, whoever asks. */
  const begin = () => {
    running ??= count().finally(() => {
      running = undefined;
    });
    return running;
  };
  const isCurrent = async ({ counted }: { counted: Counted }) => {
    if (counted.counted_at.slice(0, 10) !== engine.now().toISOString().slice(0, 10)) return false;
    const { revision, imports } = await stateOf(engine);
    return counted.revision === revision && counted.imports === imports;
  };

  return {
    counted: async () => {
      if (last && (elapsed() < last.renewed || (await isCurrent(last)))) return last.counted;
      const known = last !== undefined;
      const waiting = new AbortController();
      const done = begin().catch((error: unknown) => {
        if (!known) throw error;
        if (!stopping.signal.aborted) onFailure(error);
      });
      const late = setTimeout(known ? waits.renewal : waits.first, undefined, { signal: waiting.signal });
      await Promise.race([done, late.catch(() => undefined)]).finally(() => waiting.abort());
      if (last) return last.counted;
      // Whoever asks again finds it, or waits for the same count.
      done.catch(() => undefined);
      throw new Problem('unavailable', 'The records are being counted; ask again in a moment.', {
        headers: { 'retry-after': String(WAITS.first / 1000) },
      });
    },
    close: async () => {
      stopping.abort();
      await running?.catch(() => undefined);
    },
  };
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
