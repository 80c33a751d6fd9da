/** Pages of a list as JSON that the database makes. */
import type { Column, Table } from '../../db/columns.ts';
import type { Builder, Preparable, Row, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import type { Include, Kind } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { type Bounded, boundedRows, triedRows } from '../bounds.ts';
import { bindingOf, decodeCursor, encodeCursor, refuseExpired } from '../cursor.ts';
import type { Engine } from '../engine.ts';
import { type Filter, filtersOf, todayOf } from '../filters.ts';
import { horizonNow } from '../horizon.ts';
import { attachIncludes } from '../include.ts';
import { address, type ListPlace, pick, resolveFilters, revisionOf, wantedFields } from '../list.ts';
import type { ListQuery } from '../parameters.ts';
import {
  conditionsOf,
  type Plan,
  placeColumns,
  placeConditions,
  shapeOf,
  sourceOf,
  stands,
  valuesOf,
} from '../plan.ts';
import { selection, selectionShape, tableOf, toRecord } from '../select.ts';
import { tooCostly } from '../too-costly.ts';
import { isPlain } from '../ways.ts';
import { lastChange } from './read.ts';
import { asksUsual, isBeyond, MOST_INCLUDED, namesShown, recordParts, shownRecord } from './record.ts';

/** JSON, or its bytes in UTF-8. */
export type Text = Buffer | string;

/** A page whose records are JSON texts; several may be one, with commas between. */
export interface JsonPage {
  readonly data: readonly Text[];
  readonly meta: { readonly limit: number; readonly revision: number };
  readonly links: { readonly self: string; readonly next: string | null };
}

type Run = (shape: string, build: (on: Builder) => Preparable, values: Row) => Promise<unknown[][]>;

/**
 * One page of a list as JSON; undefined where that cannot be made so: where something is counted or searched for, where
 * records have moved since the crawl began, and where there is nothing. Then `listSearched` answers.
 */
export async function listJson(
  engine: Engine,
  kind: Kind,
  asked: ListQuery,
  place: ListPlace,
): Promise<JsonPage | undefined> {
  const query = { ...asked, sort: asked.sort ?? kind.defaultSort };
  if ((query.include ?? []).length > MOST_INCLUDED) return undefined;
  if (query.q !== undefined || query.facets !== undefined || query.count !== undefined) return undefined;
  if (!Number.isSafeInteger(query.limit) || query.sort === 'relevance') return undefined;
  const given = Object.keys({ ...query, ...place.fixed });
  const own = filtersOf(kind);
  const refers = given.some((name) => own.get(name)?.refersTo !== undefined);
  const inSession = () => engine.db.read((session) => pageIn(engine, kind, query, place, session));
  // What a filter refers to is looked up beforehand, and what holds too much is made afterwards: of the same state.
  if (refers || query.include?.some((path) => isMany(kind, path))) return inSession();
  const page = await pageOf(
    engine,
    kind,
    query,
    place,
    ownFilters(own, { ...query, ...place.fixed }),
    (shape, build, values) => engine.db.single(shape, build, values),
  );
  return page === UNDECIDED ? inSession() : page;
}

/** What one statement cannot say: whether there is more than it has looked at. */
const UNDECIDED = Symbol('undecided');

/** Whether a path leads through a list of records. */
function isMany(kind: Kind, path: string): boolean {
  const [name, ...below] = path.split('.') as [string, ...string[]];
  const include = kind.includes[name] as Include;
  return 'many' in include || (below.length > 0 && isMany(kindNamed(include.kind), below.join('.')));
}

interface Given {
  readonly filter: Pick<Filter, 'name' | 'condition'>;
  readonly values: readonly string[];
  readonly text: string;
}

/** The filters of a query none of which refers to a record. */
function ownFilters(filters: ReadonlyMap<string, Filter>, query: Row): Given[] {
  return [...filters].flatMap(([name, filter]) => {
    const value = query[name];
    if (value === undefined) return [];
    const values = [value].flat().map(String);
    return [{ filter, values, text: `${name}=${[...new Set(values)].sort().join(',')}` }];
  });
}

async function pageIn(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  session: Session,
): Promise<JsonPage | undefined> {
  const filters = await resolveFilters(engine, session, kind, { ...query, ...place.fixed });
  const run: Run = async (shape, build, values) =>
    (await session.all(shape, build, values)).map((row) => Object.values(row));
  const page = await pageOf(engine, kind, query, place, filters, run, session);
  return page === UNDECIDED ? undefined : page;
}

/** Records of a page made in JavaScript, by id: those that hold more than is shown, whose rest has an address. */
async function madeHere(
  { engine, kind, wanted }: Plan,
  session: Session,
  query: ListQuery,
  revision: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const table = tableOf(engine.db, kind);
  const rows = await session.all(
    `beyond ${kind.name} ${selectionShape(wanted)}`,
    (on) =>
      on
        .select(selection(engine.db, kind, wanted))
        .from(table)
        .where(engine.db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: engine.db.dialect.list(ids), ...todayOf(engine) },
  );
  const records = rows.map((row) => toRecord(kind, row));
  const context = { engine, session, restricted: wanted.restricted, single: false, revision };
  const full = await attachIncludes(context, kind, records, query.include ?? []);
  return new Map(full.map((record) => [record.id, JSON.stringify(pick(record, query))]));
}

async function pageOf(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  filters: readonly Given[],
  run: Run,
  session?: Session,
): Promise<JsonPage | typeof UNDECIDED | undefined> {
  const { db } = engine;
  const sort = query.sort ?? kind.defaultSort;
  const bound = bindingOf(
    kind,
    sort,
    query.include_deleted,
    filters.map(({ text }) => text),
  );
  const from = query.cursor === undefined ? undefined : decodeCursor(query.cursor, bound);
  const wanted = wantedFields(kind, query, place.restricted);
  const conditions = filters.map(({ filter, values }, at) => filter.condition(values, `f${at}`, db));
  // Only reading needs a session; what is used of the plan here makes the statement.
  const plan = {
    engine,
    session,
    kind,
    sort,
    conditions,
    from,
    revision: 0,
    wanted,
    limit: query.limit,
  } as unknown as Plan;
  const { fields, include = [] } = query;
  const reading = (kept: boolean) => {
    const read = (at: Plan) =>
      run(
        `json list ${shapeOf(at)} ${at.from ? 'on' : ''} ${kept ? 'kept' : `${fields} ${include}`}`,
        (on) => select(on, at, kept ? shownRecord(db, kind) : made(at, fields, include)),
        valuesOf(at),
      );
    return rowsOf(plan, read, session !== undefined);
  };
  const kept = asksUsual(kind, query);
  const tried = await reading(kept);
  const lacking = kept && tried?.rows.some(([json]) => json === null);
  const found = lacking ? await reading(false) : tried;
  if (found === undefined) return UNDECIDED;
  const { rows, reached } = found;
  if (reached && from === undefined) throw tooCostly(plan, filters, place);
  const [first] = rows;
  if (first === undefined) return session && !from ? emptyPage(engine, session, query, place) : undefined;
  const revision = Number(first[3] ?? 0);
  if (from) {
    refuseExpired(from, Number(first[4] ?? 0));
    // Some may be met at a place they no longer have.
    if (from.revision !== revision && !stands(sort)) return undefined;
  }
  const shown = rows.slice(0, query.limit);
  const [, key, id] = shown.at(-1) as [unknown, string, string];
  const end = rows.length > query.limit ? { key, id } : reached;
  const cursor = end && encodeCursor({ ...end, revision: from?.revision ?? revision }, bound);
  const data = shown.map(([json]) => json as string);
  const far = include.length > 0 ? data.flatMap((json, at) => (isBeyond(json) ? [at] : [])) : [];
  if (far.length > 0) {
    if (session === undefined) return undefined;
    const ids = far.map((at) => shown[at]?.[2] as string);
    const whole = await madeHere(plan, session, query, revision, ids);
    for (const at of far) data[at] = whole.get(shown[at]?.[2] as string) as string;
  }
  return {
    data,
    meta: { limit: query.limit, revision },
    links: {
      self: address(engine, place.path, query),
      next: cursor === undefined ? null : address(engine, place.path, { ...query, cursor }),
    },
  };
}

async function emptyPage(
  engine: Engine,
  session: Session,
  query: ListQuery,
  { path }: ListPlace,
): Promise<JsonPage> {
  const meta = { limit: query.limit, revision: await revisionOf(session, engine) };
  return { data: [], meta, links: { self: address(engine, path, query), next: null } };
}

/** The rows of a page, within the bounds of its cost; undefined where one statement alone does not tell them. */
async function rowsOf(
  plan: Plan,
  read: (plan: Plan) => Promise<unknown[][]>,
  inSession: boolean,
): Promise<Bounded<unknown[]> | undefined> {
  if (isPlain(plan)) return { rows: await read(plan) };
  if (inSession) return boundedRows(plan, read);
  const rows = await triedRows(plan, read);
  return rows && { rows };
}

/** The answer that a page is. */
export function textOfPage({ data, meta, links }: JsonPage): Text {
  const [begin, end] = ['{"data":[', `],"meta":${JSON.stringify(meta)},"links":${JSON.stringify(links)}}`];
  const [first] = data;
  if (data.length === 1 && Buffer.isBuffer(first))
    return Buffer.concat([Buffer.from(begin), first, Buffer.from(end)]);
  return `${begin}${data.join(',')}${end}`;
}

/** The JSON of a plan's records, made of their columns. */
function made(
  { engine: { db }, kind, wanted }: Plan,
  fields: readonly string[] | undefined,
  include: readonly string[],
): SQL {
  const names = namesShown(db, kind, wanted, fields, include);
  return db.dialect.concat(recordParts(db, kind, { names, include, single: false }, kind.table));
}

/**
 * The statement of a page: each row's JSON, sort key and id, and with it the last change and the horizon. The JSON is a
 * text: bytes of each record alone would cost more to collect than to make.
 */
function select(on: Builder, plan: Plan, json: SQL) {
  const { engine, kind, from } = plan;
  const { db } = engine;
  const [key, id] = placeColumns(plan, tableOf(db, kind));
  const source = sourceOf(plan);
  const horizon = from ? horizonNow(db) : sql`null`;
  return on
    .select(source.selected({ json, key, id, revision: lastChange(db), horizon }))
    .from(source.from as Table)
    .where(sql.join([sql`true`, ...conditionsOf(plan), ...placeConditions(plan)], sql` and `))
    .orderBy(...source.order)
    .limit(sql.placeholder('limit'));
}
