/**
 * Whole lists: all that a query asks for, some records at a time, each time in a read of its own, so that nobody who
 * takes them slowly holds a transaction. What is met is what a crawl by cursors meets: whatever lived throughout, once.
 */
import type { Row, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { type Position, refuseExpired } from './cursor.ts';
import type { Engine } from './engine.ts';
import type { Condition } from './filters.ts';
import { revisionAndHorizon } from './horizon.ts';
import { attachIncludes } from './include.ts';
import { namesShown, recordParts } from './json/record.ts';
import { type ListPlace, pick, resolveFilters, wantedFields } from './list.ts';
import type { ListQuery } from './parameters.ts';
import { largeSize, toRecord, type Wanted } from './select.ts';
import { type Keyed, keyedRows, type Plan } from './walk.ts';

/** A whole list that has been begun. */
export interface Crawled<Item> {
  /** Number of the last change when it began: the change feed from there tells what it did not meet. */
  readonly revision: number;
  /** Names of what each item has, in order. */
  readonly names: readonly string[];
  readonly pages: AsyncGenerator<readonly Item[]>;
}

/** Records read at first, so that something goes out soon, and at most. */
const FIRST = 20;
const MOST = 1000;
/** About as many bytes are read at a time, and with large fields, no more of which are read at once unless one record has. */
const BYTES = 256 * 1024;
const LARGE_BYTES = 1024 * 1024;
/** Bytes of large fields beyond which a record is read by itself. */
const WITHIN = 128 * 1024;
/** Most records read at a time that may have as many. */
const MOST_LARGE = 200;
/** Records whose size is looked at before large fields are read. */
const SIZED = 200;
/** Records read at a time where they become objects, and where they have others inside. */
const OBJECTS = 200;
const INCLUDING = 50;

/** How rows become items: in the read that they come from. */
interface Making<Item> {
  readonly wanted: Wanted;
  /** The same for a record that is too large to be read beside others, where `wanted` gives null for such. */
  readonly alone?: Wanted;
  readonly names: readonly string[];
  readonly items: (session: Session, rows: readonly Row[], revision: number) => Promise<readonly Item[]>;
  /** How many to read next, after so many rows that became these items. */
  readonly next: (rows: number, items: readonly Item[]) => number;
}

/** Begins a whole list of records, whatever page the query asks for; faults of its parameters are a 400. */
export function crawlRecords(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
): Promise<Crawled<PublicRecord>> {
  const wanted = wantedFields(kind, query, place.restricted);
  const include = query.include ?? [];
  return crawl(engine, kind, query, place, {
    wanted,
    names: shownNames(engine, kind, query, wanted),
    items: async (session, rows, revision) => {
      const records = rows.map((row) => toRecord(kind, row));
      const context = { engine, session, restricted: place.restricted, single: false, revision };
      const full = await attachIncludes(context, kind, records, include);
      return full.map((record) => pick(record, query));
    },
    next: () => (include.length > 0 ? INCLUDING : OBJECTS),
  });
}

/**
 * Begins a whole list of JSON texts that the database makes, which costs least by far; undefined where it cannot make
 * them, as others are put inside. Each is, to the byte, what `JSON.stringify` makes of the record.
 */
export async function crawlJson(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
): Promise<Crawled<Buffer | string> | undefined> {
  if ((query.include ?? []).length > 0) return undefined;
  const wanted = wantedFields(kind, query, place.restricted);
  const names = shownNames(engine, kind, query, wanted);
  const large = wanted.large.length > 0;
  const [target, most] = large ? [LARGE_BYTES, MOST_LARGE] : [BYTES, MOST];
  return crawl(engine, kind, query, place, {
    wanted: { ...wanted, as: jsonInstead(engine, kind, names, wanted, large ? WITHIN : undefined) },
    alone: { ...wanted, as: jsonInstead(engine, kind, names, wanted) },
    names,
    items: async (_, rows) => rows.map(({ json }) => json as Buffer | string),
    next: (rows, items) => {
      const bytes = items.reduce((sum, { length }) => sum + length, 0);
      return Math.max(FIRST, Math.min(rows * 4, most, Math.floor((rows * target) / bytes)));
    },
  });
}

/** The JSON text of a record with these names; null where its large fields have more bytes than `within`. */
function jsonInstead(
  { db }: Pick<Engine, 'db'>,
  kind: Kind,
  names: readonly string[],
  wanted: Wanted,
  within?: number,
): Wanted['as'] {
  const parts = recordParts(db, kind, { names, include: [], single: false }, kind.table);
  const made = db.dialect.joined(parts);
  const json =
    within === undefined
      ? made
      : sql`case when ${largeSize(db, kind, wanted)} <= ${sql.raw(String(within))} then ${made} end`;
  return { shape: `json(${names.join('+')})${within ?? ''}`, columns: { json } };
}

/** The names that each record of an answer has. */
export function shownNames(engine: Engine, kind: Kind, query: ListQuery, wanted: Wanted): string[] {
  const include = query.include ?? [];
  const included = include.map((path) => path.split('.')[0] as string);
  return [...new Set([...namesShown(engine.db, kind, wanted, query.fields, include), ...included])];
}

async function crawl<Item>(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  making: Making<Item>,
): Promise<Crawled<Item>> {
  const { page: first, conditions } = await engine.db.read(async (session) => {
    const filters = await resolveFilters(engine, session, kind, { ...query, ...place.fixed });
    const conditions = filters.map(({ filter, values }, at) => filter.condition(values, `f${at}`, engine.db));
    return { conditions, page: await read(session, conditions, FIRST, undefined) };
  });

  async function read(
    session: Session,
    conditions: readonly Condition[],
    most: number,
    from: Position | undefined,
  ) {
    const { revision, horizon } = await revisionAndHorizon(session, engine);
    if (from) refuseExpired(from, horizon);
    const { wanted } = making;
    const sort = query.sort ?? kind.defaultSort;
    const plan: Plan = { engine, session, kind, sort, conditions, from, revision, wanted, limit: most - 1 };
    const { rows, ended } = await stretch(plan, making);
    const items = await making.items(
      session,
      rows.map(({ row }) => row),
      revision,
    );
    return { rows, items, revision, ended };
  }

  async function* pages(): AsyncGenerator<readonly Item[]> {
    for (let page = first; ; ) {
      if (page.items.length > 0) yield page.items;
      if (page.ended) return;
      const { key, row } = page.rows.at(-1) as Keyed;
      const from = { key, id: row.id as string, revision: first.revision };
      const most = making.next(page.rows.length, page.items);
      page = await engine.db.read((session) => read(session, conditions, most, from));
    }
  }

  return { revision: first.revision, names: making.names, pages: pages() };
}

/** The next rows, at most one more than the plan's limit: fewer where large fields would make them too much to hold. */
async function stretch(
  plan: Plan,
  { alone }: Pick<Making<unknown>, 'alone'>,
): Promise<{ readonly rows: readonly Keyed[]; readonly ended: boolean }> {
  if (alone === undefined) {
    const asked = plan.wanted.large.length > 0 ? await fitting(plan) : plan.limit + 1;
    const rows = await keyedRows({ ...plan, limit: asked - 1 });
    return { rows, ended: rows.length < asked };
  }
  const rows = await keyedRows(plan);
  const beyond = rows.findIndex(({ row }) => row.json === null);
  if (beyond < 0) return { rows, ended: rows.length <= plan.limit };
  if (beyond > 0) return { rows: rows.slice(0, beyond), ended: false };
  return { rows: await keyedRows({ ...plan, wanted: alone, limit: 0 }), ended: false };
}

/** How many of the next rows have no more than so many bytes in their large fields together; one at least. */
async function fitting(plan: Plan): Promise<number> {
  const sized = await keyedRows({ ...plan, wanted: { ...plan.wanted, as: 'size' }, limit: SIZED - 1 });
  let [bytes, count] = [0, 0];
  for (const { row } of sized) {
    bytes += row.size as number;
    if (bytes > LARGE_BYTES && count > 0) break;
    count += 1;
  }
  return Math.max(1, count);
}
