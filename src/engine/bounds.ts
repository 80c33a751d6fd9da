/**
 * What a page of a list may cost. A page that no index gives by itself is looked for where few rows have to be looked
 * at: along the index of its order, or among the rows that an index finds for one of its filters, where a count that
 * stops says that these are few. Whatever the filters, no more than so many rows are looked at.
 */
import { setImmediate } from 'node:timers/promises';
import { type SQL, sql } from '../db/drizzle.ts';
import type { Position } from './cursor.ts';
import { conditionsOf, type Plan, placeColumns, shapeOf, sourceOf, valuesOf } from './plan.ts';
import { tableOf } from './select.ts';
import {
  type Along,
  along,
  alongOf,
  among,
  endOf,
  every,
  type Finding,
  findingsOf,
  first,
  some,
} from './ways.ts';

/** How many rows are looked at; a test has less. */
export interface Bounds {
  /** Along an index before anything is counted. */
  readonly tried: number;
  /** That a filter finds, to be put in order. */
  readonly found: number;
  /** Along an index, for one page. */
  readonly walked: number;
  /** Of those, in one statement: others have their turn in between. */
  readonly atOnce: number;
  /** To count how many there are, or how many have which value. */
  readonly counted: number;
}

export const BOUNDS: Bounds = { tried: 1000, found: 20_000, walked: 50_000, atOnce: 5000, counted: 50_000 };

export type Place = Pick<Position, 'key' | 'id'>;

/** Rows of a page, one more than its limit at most. */
export interface Bounded<R> {
  readonly rows: readonly R[];
  /** Up to where was looked, where that is not all: more may come after it. */
  readonly reached?: Place;
}

/** Reads the rows of a plan that has a way. */
export type Reader<R> = (plan: Plan) => Promise<readonly R[]>;

/** Revision of a place met in the same snapshot: nothing that is seen there is newer. */
const ANY_REVISION = Number.MAX_SAFE_INTEGER;

/** The rows of a plan's page, found within bounds; in one session, so that all its statements tell of one state. */
export async function boundedRows<R>(plan: Plan, read: Reader<R>): Promise<Bounded<R>> {
  const usual = plan.engine.bounds ?? BOUNDS;
  const bounds = plan.conditions.some(({ unserved }) => unserved)
    ? { ...usual, walked: Number.POSITIVE_INFINITY }
    : usual;
  const way = alongOf(plan);
  const findings = findingsOf(plan);
  const all = async (finding: Finding) => ({
    rows: await read({ ...plan, way: among(plan, finding, bounds.found) }),
  });
  const [sure] = findings.filter(({ few }) => few);
  if (sure) return all(sure);
  let begun: Bounded<R> = { rows: [] };
  if (isPromising(way, findings)) {
    begun = await stretch(plan, way, read, bounds.tried);
    if (begun.reached === undefined) return begun;
  }
  const counted = await fewest(plan, findings, bounds.found);
  if (counted === undefined) return walkOn(plan, way, read, begun, bounds);
  const { finding, size } = counted;
  // Where what is found is spread over the order, a page of it is come by long before all of it is put in order.
  const worth = Math.floor(size / 4);
  if (worth <= bounds.tried) return all(finding);
  const early = await stretch(plan, way, read, worth);
  return early.reached ? all(finding) : early;
}

/** Whether to look along the index first: where it has less than all rows, or nothing else is left. */
function isPromising({ equal, within }: Along, findings: readonly Finding[]): boolean {
  return equal !== undefined || within.length > 0 || findings.length === 0;
}

/** The rows of a page that is full after a few rows along its index, with one statement; undefined for any other. */
export async function triedRows<R>(plan: Plan, read: Reader<R>): Promise<readonly R[] | undefined> {
  const findings = findingsOf(plan);
  const way = alongOf(plan);
  if (findings.some(({ few }) => few) || !isPromising(way, findings)) return undefined;
  const { tried } = plan.engine.bounds ?? BOUNDS;
  const rows = await read({ ...plan, way: along(plan, way, tried) });
  return rows.length > plan.limit ? rows : undefined;
}

/** A plan of which all is counted. */
export interface Sampled {
  readonly plan: Plan;
  /** Whether that is all there is. */
  readonly whole: boolean;
}

/**
 * The plan by whose way no more rows are looked at than may be `counted`, in no order: all it has, where an index finds no
 * more for one of its filters, or else what it has of the first so many records by their ids.
 */
export async function sampled(plan: Plan): Promise<Sampled> {
  const { counted: most } = plan.engine.bounds ?? BOUNDS;
  const findings = findingsOf(plan);
  const [sure] = findings.filter(({ few }) => few);
  const finding = sure ?? (await fewest(plan, findings, most))?.finding;
  if (finding) return { plan: { ...plan, way: among(plan, finding, most) }, whole: true };
  const [counted] = await plan.session.all<{ count: number }>(
    `all ${plan.kind.name}`,
    (on) => on.select({ count: sql<number>`count(*)`.mapWith(Number) }).from(sql`(${every(plan)}) as found`),
    { most: most + 1 },
  );
  return { plan: { ...plan, way: first(plan, most) }, whole: (counted?.count ?? 0) <= most };
}

/** How many there are of something, and what that number says: `about` that there may be fewer, or more. */
export interface Total {
  readonly total: number;
  readonly total_is: 'exact' | 'at_least' | 'about';
}

/** How many rows all pages of a list have together, now; at least so many, where not all could be looked at. */
export async function totalOf(plan: Plan): Promise<Total> {
  const { plan: looked, whole } = await sampled(plan);
  const [row] = await plan.session.all<{ total: number }>(
    `total ${shapeOf(looked)}`,
    (on) =>
      on
        .select({ total: sql<number>`count(*)`.mapWith(Number) })
        .from(sql`${sourceOf(looked).from}`)
        .where(sql.join([sql`true`, ...conditionsOf(looked)], sql` and `)),
    valuesOf(looked),
  );
  return { total: row?.total ?? 0, total_is: whole ? 'exact' : 'at_least' };
}

/** Goes on along an index, some rows at a time, until the page is full or enough were looked at. */
async function walkOn<R>(
  plan: Plan,
  way: Along,
  read: Reader<R>,
  before: Bounded<R>,
  { walked, atOnce }: Bounds,
): Promise<Bounded<R>> {
  let { rows, reached } = before;
  for (let looked = 0; looked < walked; looked += atOnce) {
    if (looked > 0) await setImmediate();
    const from = reached && { ...reached, revision: plan.from?.revision ?? ANY_REVISION };
    const rest = { ...plan, limit: plan.limit - rows.length, ...(from ? { from } : {}) };
    const more = await stretch(rest, way, read, Math.min(atOnce, walked - looked));
    rows = [...rows, ...more.rows];
    reached = more.reached;
    if (reached === undefined) return { rows };
  }
  return { rows, ...(reached ? { reached } : {}) };
}

/** What the next rows along an index have of a page. */
async function stretch<R>(plan: Plan, way: Along, read: Reader<R>, most: number): Promise<Bounded<R>> {
  const rows = await read({ ...plan, way: along(plan, way, most) });
  if (rows.length > plan.limit) return { rows };
  const [last, after] = await plan.session.all<Place>(
    `end ${shapeOf(plan)} ${way.index} ${plan.from ? 'on' : ''}`,
    (on) => {
      // As the list shows it, which is not as every database keeps it: of `updated_at`, places in the log are told by it.
      const [key] = placeColumns(plan, tableOf(plan.engine.db, plan.kind));
      const place = { key: sql<string>`key`.mapWith(key), id: sql<string>`id` };
      return on.select(place).from(endOf(plan, way));
    },
    { ...valuesOf(plan), most },
  );
  return last && after ? { rows, reached: last } : { rows };
}

/** What finds the fewest rows; undefined where all find too many. */
async function fewest(
  plan: Plan,
  findings: readonly Finding[],
  most: number,
): Promise<{ readonly finding: Finding; readonly size: number } | undefined> {
  if (findings.length === 0) return undefined;
  const [counted] = await plan.session.all<Record<string, number>>(
    `found ${shapeOf(plan)}`,
    (on) => {
      const name = (at: number) => sql.identifier(`c${at}`);
      const counts = findings.map(
        (finding, at) => sql`(select count(*) from (${some(plan, finding)}) as found) as ${name(at)}`,
      );
      const names = findings.map((_, at) => [`c${at}`, sql<number>`${name(at)}`.mapWith(Number)]);
      return on
        .select(Object.fromEntries(names) as Record<string, SQL<number>>)
        .from(sql`(select ${sql.join(counts, sql`, `)}) as counts`);
    },
    { ...valuesOf(plan), most: most + 1 },
  );
  const sizes = findings.map((_, at) => counted?.[`c${at}`] ?? 0);
  const size = Math.min(...sizes);
  const finding = findings[sizes.indexOf(size)];
  return finding && size <= most ? { finding, size } : undefined;
}
