/** Lists: what a query asks for, and the page that answers it. */
import type { Column } from '../db/columns.ts';
import type { Database, Row, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import type { Reading } from './belonging.ts';
import { type Total, totalOf } from './bounds.ts';
import { bindingOf, decodeCursor, encodeCursor, refuseExpired } from './cursor.ts';
import type { Engine } from './engine.ts';
import { ANY_KIND, type Filter, filtersOf } from './filters.ts';
import { revisionAndHorizon } from './horizon.ts';
import { attachIncludes } from './include.ts';
import { type ListQuery, MAX_LIMIT } from './parameters.ts';
import type { Plan } from './plan.ts';
import { survivorsAmong, survivorsOf } from './redirects.ts';
import { isId, type Known, lookUp, nearestSlug } from './references.ts';
import { largeFields, toRecord, type Wanted } from './select.ts';
import { tooCostly } from './too-costly.ts';
import { pageRows, placeOf } from './walk.ts';

/** Where a list is served, and what narrows it beside its parameters. */
export interface ListPlace {
  /** Path of the list, without a query. */
  readonly path: string;
  /** Filters that always hold, by name: a narrowed view's type, the owner of listed parts. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Whether the key may read restricted fields. */
  readonly restricted: boolean;
}

export interface Page {
  readonly data: readonly PublicRecord[];
  readonly meta: { readonly limit: number; readonly revision: number } & Partial<Total>;
  readonly links: { readonly self: string; readonly next: string | null };
}

/** One page of a list; faults of its parameters are a 400. */
export async function list(engine: Engine, kind: Kind, query: ListQuery, place: ListPlace): Promise<Page> {
  refuseEndless(query);
  return engine.db.read((session) => readPage(engine, session, kind, query, place));
}

/** The validator takes `Infinity` for an integer, and does not hold it against the maximum. */
export function refuseEndless({ limit }: { readonly limit: number }): void {
  if (Number.isSafeInteger(limit)) return;
  throw new Problem('invalid-parameter', 'A parameter is not right.', {
    errors: [{ parameter: 'limit', message: 'is too large', expected: `a number from 1 to ${MAX_LIMIT}` }],
  });
}

/** The number of the last change: what a page was read at. */
export async function revisionOf(
  session: Session,
  { db }: { readonly db: Pick<Database, 'tables'> },
): Promise<number> {
  const { changes } = db.tables;
  const rows = await session.all<{ seq: number | null }>('revision', (on) =>
    on.select({ seq: sql<number | null>`max(${changes.seq})`.mapWith(changes.seq as Column) }).from(changes),
  );
  return rows[0]?.seq ?? 0;
}

/** One page of a list, read in a session; `more` narrows it beside the query’s own filters, `total` counts it otherwise. */
export async function readPage(
  engine: Engine,
  session: Session,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  {
    more = [],
    total = totalOf,
  }: { readonly more?: readonly GivenFilter[]; readonly total?: (plan: Plan) => Promise<Total> } = {},
): Promise<Page> {
  const { db } = engine;
  const own = await resolveFilters(engine, session, kind, { ...query, ...place.fixed });
  const filters = [...own, ...more];
  const sort = query.sort ?? kind.defaultSort;
  const texts = filters.map(({ text }) => text);
  const bound = bindingOf(kind, sort, query.include_deleted, texts);
  const from = query.cursor === undefined ? undefined : decodeCursor(query.cursor, bound);
  // With a cursor both come in one statement; without one there is nothing to expire.
  const { revision, horizon } = from
    ? await revisionAndHorizon(session, engine)
    : { revision: await revisionOf(session, engine), horizon: 0 };
  if (from) refuseExpired(from, horizon);
  const wanted = wantedFields(kind, query, place.restricted);
  const conditions = filters.map(({ filter, values }, at) => filter.condition(values, `f${at}`, db));
  const plan: Plan = { engine, session, kind, sort, conditions, from, revision, wanted, limit: query.limit };

  const { rows, reached } = await pageRows(plan);
  if (reached && from === undefined) throw tooCostly(plan, filters, place);
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? placeOf(shown.at(-1)) : reached;
  const data = shown.map(({ row }) => toRecord(kind, row));
  const included = await attachIncludes(
    { engine, session, restricted: place.restricted, single: false, revision },
    kind,
    data,
    query.include ?? [],
  );
  const next = last ? encodeCursor({ ...last, revision: from?.revision ?? revision }, bound) : null;
  const meta = { limit: query.limit, revision, ...(query.count ? await total(plan) : {}) };
  return {
    data: included.map((record) => pick(record, query)),
    meta,
    links: {
      self: address(engine, place.path, query),
      next: next === null ? null : address(engine, place.path, { ...query, cursor: next }),
    },
  };
}

export interface GivenFilter {
  readonly filter: Pick<Filter, 'name' | 'condition'>;
  readonly values: readonly string[];
  /** The filter as given, the order of its values aside; what a cursor is bound to. */
  readonly text: string;
}

/** The filters a query names, references turned into ids; unknown references are a 400 that names the nearest. */
export async function resolveFilters(
  engine: Engine,
  session: Session,
  kind: Kind,
  query: Row,
): Promise<GivenFilter[]> {
  const given: GivenFilter[] = [];
  const faults: Fault[] = [];
  for (const [name, filter] of filtersOf(kind)) {
    const value = query[name];
    if (value === undefined) continue;
    let values = [value].flat().map(String);
    if (filter.refersTo === ANY_KIND) {
      values = await anyIds(engine, session, name, values, query.record_type, faults);
    } else if (filter.refersTo) {
      const target = kindNamed(filter.refersTo);
      const known = await lookUp(session, engine.db, target, values);
      for (const wrong of values.filter((text) => !known.has(text))) {
        // An id asked for by `id=` may simply not exist; a filter by an unknown record is a mistake.
        if (name === 'id') continue;
        faults.push(await unknownReference(engine, session, target, name, wrong));
      }
      values = await foundNow(
        { engine, session },
        known,
        values,
        name === 'id' && query.include_deleted === true,
      );
    }
    // A record asked for by `id=` may come into being during a crawl, which is bound to it all the same.
    const named = name === 'id' ? [value].flat().map(String) : values;
    given.push({ filter, values, text: `${name}=${[...new Set(named)].sort().join(',')}` });
  }
  if (faults.length > 0)
    throw new Problem('invalid-parameter', 'A filter names a record that does not exist.', {
      errors: faults,
    });
  return given;
}

/** Ids of what some names stand for now: of the survivors of records that were merged, unless tombstones are asked for. */
async function foundNow(
  reading: Reading,
  known: ReadonlyMap<string, Known>,
  names: readonly string[],
  tombstones: boolean,
): Promise<string[]> {
  const ids = names.flatMap((name) => known.get(name)?.id ?? []);
  if (tombstones) return ids;
  const survivors = await survivorsAmong(reading, known);
  return [...new Set(ids.map((id) => survivors.get(id) ?? id))];
}

/** Ids of records of any kind: as ids, or as slugs where one `record_type` says of which. */
async function anyIds(
  engine: Engine,
  session: Session,
  parameter: string,
  values: readonly string[],
  recordType: unknown,
  faults: Fault[],
): Promise<string[]> {
  const types = [recordType ?? []].flat().map(String);
  const [type] = types;
  if (values.every(isId)) {
    const ids = values.map((id) => id.toLowerCase());
    const survivors = await survivorsOf({ engine, session }, ids);
    return [...new Set(ids.map((id) => survivors.get(id) ?? id))];
  }
  if (type === undefined || types.length > 1) {
    for (const got of values.filter((text) => !isId(text))) {
      const expected = 'the id of a record, or its slug and the one record_type it is of';
      faults.push({ parameter, message: 'is not an id', expected, got });
    }
    return [];
  }
  const target = kindNamed(type);
  const known = await lookUp(session, engine.db, target, values);
  for (const wrong of values.filter((text) => !known.has(text))) {
    faults.push(await unknownReference(engine, session, target, parameter, wrong));
  }
  return foundNow({ engine, session }, known, values, false);
}

/** What is wrong with a parameter that names a record that does not exist; the nearest slug with it. */
export async function unknownReference(
  engine: Engine,
  session: Session,
  target: Kind,
  parameter: string,
  got: string,
): Promise<Fault> {
  const near = await nearestSlug(session, engine.db, target, got);
  const noun = target.name.replaceAll('_', ' ');
  return {
    parameter,
    message: `there is no ${noun} '${got}'${near ? `; did you mean '${near}'?` : ''}`,
    expected: `the id or slug of a ${noun}`,
    got,
  };
}

/** Which fields to read: those named, or all but the large ones. */
export function wantedFields(
  kind: Kind,
  query: Pick<ListQuery, 'fields' | 'include_deleted'>,
  restricted: boolean,
): Wanted {
  const large = largeFields(kind).filter((name) => query.fields?.includes(name));
  const hidden = large.find((name) => kind.fields[name]?.restricted && !restricted);
  if (hidden) {
    throw new Problem('forbidden', `Reading ${hidden} needs a key with the write scope.`, {
      errors: [
        {
          parameter: 'fields',
          message: `${hidden} is not open to everyone`,
          expected: 'a key with the write scope',
          got: hidden,
        },
      ],
    });
  }
  return { large, restricted, deleted: query.include_deleted ?? false };
}

/** The fields a query names, beside the id and what it includes. */
export function pick(
  record: PublicRecord,
  query: Pick<ListQuery, 'fields' | 'include' | 'include_deleted'>,
): PublicRecord {
  if (query.fields === undefined) return record;
  const included = (query.include ?? []).map((path) => path.split('.')[0] as string);
  const names = new Set(['id', 'deleted_at', ...query.fields, ...included]);
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name))) as PublicRecord;
}

/** A list's address with its parameters, in the order they were given. */
export function address({ publicUrl }: Engine, path: string, query: Row): string {
  let parameters = '';
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const text = Array.isArray(value)
      ? value.map(encodeURIComponent).join(',')
      : encodeURIComponent(String(value));
    parameters += `${parameters ? '&' : '?'}${name}=${text}`;
  }
  return `${publicUrl}${path}${parameters}`;
}
