/**
 * Whole lists: all that a query asks for, some records at a time, each time in a read of its own, so that nobody who
 * takes them slowly holds a transaction. What is met is what a crawl by cursors meets: whatever lived throughout, once.
 */
import type { Kind, PublicRecord } from '../model/declare.ts';
import { type Position, refuseExpired } from './cursor.ts';
import type { Engine } from './engine.ts';
import { revisionAndHorizon } from './horizon.ts';
import { attachIncludes } from './include.ts';
import { namesShown } from './json/record.ts';
import { type ListPlace, pick, resolveFilters, wantedFields } from './list.ts';
import type { ListQuery } from './parameters.ts';
import type { Plan } from './plan.ts';
import { toRecord, type Wanted } from './select.ts';
import { pageRows, placeOf } from './walk.ts';

/** A whole list that has been begun. */
export interface Crawled<Page> {
  /** Number of the last change when it began: the change feed from there tells what it did not meet. */
  readonly revision: number;
  /** Names of what each record has, in order. */
  readonly names: readonly string[];
  /** Pages that have records. */
  readonly pages: AsyncGenerator<Page>;
}

/** What was read at once. */
export interface Stretch<Page> {
  readonly page: Page;
  readonly count: number;
  /** Up to where was looked: sort key and id of the last record, or of one that is not in the list; undefined where nothing is. */
  readonly last: Pick<Position, 'key' | 'id'> | undefined;
  /** Whether nothing comes after it. */
  readonly ended: boolean;
}

/** How a whole list is read. */
export interface Reading<Page> {
  readonly wanted: Wanted;
  readonly names: readonly string[];
  /** The records of a plan, at most one more than its limit; fewer where they would be too much to hold. */
  readonly read: (plan: Plan) => Promise<Stretch<Page>>;
  /** How many to read after these. */
  readonly next: (stretch: Stretch<Page>) => number;
}

/** Records read at first, so that something goes out soon. */
export const FIRST = 20;
/** Records whose size is looked at before large fields are read, and about how many bytes of those are read at once. */
const SIZED = 200;
const LARGE_BYTES = 1024 * 1024;
/** Records read at a time where they become objects, and where they have others inside. */
const OBJECTS = 200;
const INCLUDING = 50;

/** Begins a whole list of records, whatever page the query asks for; faults of its parameters are a 400. */
export function crawlRecords(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
): Promise<Crawled<readonly PublicRecord[]>> {
  const wanted = wantedFields(kind, query, place.restricted);
  const include = query.include ?? [];
  return crawl(engine, kind, query, place, {
    wanted,
    names: shownNames(engine, kind, query, wanted),
    read: async (plan) => {
      const asked = wanted.large.length > 0 ? await fitting(plan) : plan.limit + 1;
      const { rows, reached } = await pageRows({ ...plan, limit: asked - 1 });
      const { session, revision } = plan;
      const records = rows.map(({ row }) => toRecord(kind, row));
      const context = { engine, session, restricted: place.restricted, single: false, revision };
      const full = await attachIncludes(context, kind, records, include);
      const page = full.map((record) => pick(record, query));
      const last = reached ?? placeOf(rows.at(-1));
      return { page, count: rows.length, last, ended: rows.length < asked && reached === undefined };
    },
    next: () => (include.length > 0 ? INCLUDING : OBJECTS),
  });
}

/** The names that each record of an answer has. */
export function shownNames(engine: Engine, kind: Kind, query: ListQuery, wanted: Wanted): string[] {
  const include = query.include ?? [];
  const included = include.map((path) => path.split('.')[0] as string);
  return [...new Set([...namesShown(engine.db, kind, wanted, query.fields, include), ...included])];
}

/** Begins a whole list that is read in some way. */
export async function crawl<Page>(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  { wanted, names, read, next }: Reading<Page>,
): Promise<Crawled<Page>> {
  const sort = query.sort ?? kind.defaultSort;
  const about = { engine, kind, sort, wanted };
  const begun = await engine.db.read(async (session) => {
    const filters = await resolveFilters(engine, session, kind, { ...query, ...place.fixed });
    const conditions = filters.map(({ filter, values }, at) => filter.condition(values, `f${at}`, engine.db));
    const { revision } = await revisionAndHorizon(session, engine);
    const plan: Plan = { ...about, session, conditions, from: undefined, revision, limit: FIRST - 1 };
    return { conditions, revision, first: await read(plan) };
  });
  const { conditions, revision: since, first } = begun;

  const onFrom = (last: Pick<Position, 'key' | 'id'>, most: number) =>
    engine.db.read(async (session) => {
      const { revision, horizon } = await revisionAndHorizon(session, engine);
      const from = { ...last, revision: since };
      refuseExpired(from, horizon);
      return read({ ...about, session, conditions, from, revision, limit: most - 1 });
    });

  async function* pages(): AsyncGenerator<Page> {
    for (let stretch = first; ; ) {
      if (stretch.last === undefined) return;
      // Before it is taken: bytes are gone afterwards.
      const many = next(stretch);
      if (stretch.count > 0) yield stretch.page;
      if (stretch.ended) return;
      stretch = await onFrom(stretch.last, many);
    }
  }

  return { revision: since, names, pages: pages() };
}

/** How many of the next rows have no more than so many bytes in their large fields together; one at least. */
async function fitting(plan: Plan): Promise<number> {
  const { rows: sized } = await pageRows({
    ...plan,
    wanted: { ...plan.wanted, as: 'size' },
    limit: SIZED - 1,
  });
  let [bytes, count] = [0, 0];
  for (const { row } of sized) {
    bytes += row.size as number;
    if (bytes > LARGE_BYTES && count > 0) break;
    count += 1;
  }
  return Math.max(1, count);
}
