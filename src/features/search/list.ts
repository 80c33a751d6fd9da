/** Lists narrowed by words: `q` and `facets` of a kind’s list. */
import type { Column } from '../../db/columns.ts';
import type { Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { bindingOf, decodeCursor, encodeCursor } from '../../engine/cursor.ts';
import type { Engine } from '../../engine/engine.ts';
import { todayOf } from '../../engine/filters.ts';
import { attachIncludes } from '../../engine/include.ts';
import type { JsonPage } from '../../engine/json/list.ts';
import { asksUsual, shownRecord } from '../../engine/json/record.ts';
import {
  address,
  type GivenFilter,
  type ListPlace,
  type Page,
  pick,
  readPage,
  refuseEndless,
  resolveFilters,
  revisionOf,
  wantedFields,
} from '../../engine/list.ts';
import type { ListQuery } from '../../engine/parameters.ts';
import type { Plan } from '../../engine/plan.ts';
import {
  selection,
  selectionShape,
  tableOf,
  toRecord,
  type Wanted as WantedFields,
} from '../../engine/select.ts';
import { Problem } from '../../errors.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { type Facet, facetsOfHits, facetsOfList, totalOfHits } from './counting.ts';
import { BLOCK } from './doc-set.ts';
import { isSearchComplete } from './fill.ts';
import { type Collected, collect, find, MOST_COLLECTED, type Place, type Sieve } from './find.ts';
import { highlightsOf, SHOWN_LENGTH } from './highlights.ts';
import { isDoubtful, type Tier, type Wanted } from './matching.ts';
import { documentsAt } from './postings.ts';
import { parseQuery, type Query, spelt } from './query.ts';
import { fieldsOf, searchedTexts } from './texts.ts';
import { codedFields, kindMark } from './tokens.ts';

/** What a search went by, and how far it got. */
export interface SearchMeta {
  readonly terms: readonly string[];
  readonly excluded: readonly string[];
  readonly ignored: readonly string[];
  /** Whether `total` and facets are exact: not where phrases were taken on trust, or a bound was met. */
  readonly exact: boolean;
}

/** The name of the order of hits. */
export const RELEVANCE = 'relevance';

export type SearchedPage = Omit<Page, 'meta'> & {
  readonly meta: Page['meta'] & { readonly search?: SearchMeta; readonly facets?: Record<string, Facet> };
};

/** One page of a list, narrowed by words where the query has `q`, with facets where it asks for them. */
export async function listSearched(
  engine: Engine,
  kind: Kind,
  asked: ListQuery,
  place: ListPlace,
): Promise<SearchedPage> {
  refuseEndless(asked);
  const query = ordered(kind, asked);
  if (query.q !== undefined) {
    if (query.include_deleted)
      throw wrong(
        'include_deleted',
        'cannot go with q: deleted records are not searched',
        'q or include_deleted',
      );
    return engine.db.read((session) =>
      searchPage(engine, session, kind, query, place, async (search) => {
        const { page, collected } =
          query.sort === RELEVANCE ? await ranked(search, recordsOf) : await sorted(search);
        return { page: { ...page, data: await highlighted(search, page.data) }, collected };
      }),
    );
  }
  if (query.sort === RELEVANCE)
    throw wrong('sort', 'relevance is an order of hits', 'q beside it, or another order');
  return engine.db.read(async (session) => {
    if (query.facets === undefined && query.count === undefined)
      return readPage(engine, session, kind, query, place);
    const filters = await resolveFilters(engine, session, kind, { ...query, ...place.fixed });
    const indexed = await collectIndexed(engine, session, kind, query, filters);
    const total = indexed && (async () => totalOfHits(indexed, true));
    const page = await readPage(engine, session, kind, query, place, total ? { total } : {});
    if (query.facets === undefined) return page;
    const facets = indexed
      ? await facetsOfHits(engine, session, query.facets, indexed, true)
      : await facetsOfList(planOf(engine, session, kind, query, place, filters), query.facets);
    return { ...page, meta: { ...page.meta, facets } };
  });
}

/** All that a list without words has; undefined where the index of words does not know it. */
async function collectIndexed(
  engine: Engine,
  session: Session,
  kind: Kind,
  query: ListQuery,
  filters: readonly GivenFilter[],
): Promise<Collected | undefined> {
  if (kind.searched === undefined || query.include_deleted) return undefined;
  const { wanted, others } = wantedOf(kind, NO_WORDS, filters);
  if (others.length > 0 || !(await isSearchComplete(engine.db, session))) return undefined;
  return collect(engine, session, wanted);
}

const NO_WORDS: Query = { terms: [], excluded: [], ignored: [] };

/** What is asked of the index, and the filters that it does not know. */
function wantedOf(kind: Kind, query: Query, filters: readonly GivenFilter[]) {
  const [known, others] = partition(filters, ({ filter }) => isMarked(kind, filter.name));
  const marks = known.map(({ filter, values }) => values.map((value) => `${filter.name}=${value}`));
  const wanted: Wanted = { query, marks: [[kindMark(kind.name)], ...marks] };
  return { wanted, others };
}

const ordered = (kind: Kind, asked: ListQuery) => ({
  ...asked,
  sort: asked.sort ?? (asked.q === undefined ? kind.defaultSort : RELEVANCE),
});

/**
 * One page of hits as JSON, with what rows keep of it; undefined where something else is asked for than the records as
 * they are, in the order of relevance. Then `listSearched` answers.
 */
export async function searchJson(
  engine: Engine,
  kind: Kind,
  asked: ListQuery,
  place: ListPlace,
): Promise<JsonPage | undefined> {
  const query = ordered(kind, asked);
  if (query.q === undefined || query.sort !== RELEVANCE || !asksUsual(kind, query)) return undefined;
  refuseEndless(asked);
  return engine.db.read((session) =>
    searchPage(engine, session, kind, query, place, (search) => ranked(search, jsonOf)),
  );
}

function wrong(parameter: string, message: string, expected: string): Problem {
  return new Problem('invalid-parameter', `The parameter ${parameter} is not right: ${message}.`, {
    errors: [{ parameter, message, expected }],
  });
}

function planOf(
  engine: Engine,
  session: Session,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  filters: readonly GivenFilter[],
): Plan {
  const conditions = filters.map(({ filter, values }, at) => filter.condition(values, `f${at}`, engine.db));
  const wanted = wantedFields(kind, query, place.restricted);
  return {
    engine,
    session,
    kind,
    sort: kind.defaultSort,
    conditions,
    from: undefined,
    revision: 0,
    wanted,
    limit: 0,
  };
}

/** What stands on a page: records, or their JSON. */
type PageOf<T> = Omit<Page, 'data'> & { readonly data: readonly T[] };

/** A page of hits, and all of them where they had to be collected for it. */
interface Found<T> {
  readonly page: PageOf<T>;
  readonly collected?: Collected | undefined;
}

async function searchPage<T>(
  engine: Engine,
  session: Session,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  hitsOf: (search: Search) => Promise<Found<T>>,
): Promise<PageOf<T> & Pick<SearchedPage, 'meta'>> {
  const parsed = parseQuery(String(query.q));
  const filters = await resolveFilters(engine, session, kind, { ...query, ...place.fixed });
  const { wanted, others } = wantedOf(kind, parsed, filters);
  const plan = planOf(engine, session, kind, query, place, others);
  const sieve = others.length > 0 ? sieveOf(plan) : undefined;
  const search = { engine, session, kind, query, place, wanted, sieve, filters };
  const { page, collected } = await hitsOf(search);
  const counting = query.count !== undefined || query.facets !== undefined;
  const all = collected ?? (counting ? await collectIf(search) : undefined);
  // What is put in order has been read.
  const sure = !isDoubtful(wanted) || collected !== undefined;
  const meta = {
    limit: query.limit,
    revision: page.meta.revision,
    ...(query.count && all ? totalOfHits(all, sure) : {}),
    search: searchMeta(parsed, sure && (all?.complete ?? true)),
    ...(query.facets && all ? { facets: await facetsOfHits(engine, session, query.facets, all, sure) } : {}),
  };
  return { ...page, meta };
}

/** What the answer says of how the query was understood. */
export function searchMeta({ terms, excluded, ignored }: Query, exact: boolean): SearchMeta {
  return { terms: terms.map(spelt), excluded: excluded.map(spelt), ignored: ignored.map(spelt), exact };
}

interface Search {
  readonly engine: Engine;
  readonly session: Session;
  readonly kind: Kind;
  readonly query: ListQuery;
  readonly place: ListPlace;
  readonly wanted: Wanted;
  readonly sieve: Sieve | undefined;
  readonly filters: readonly GivenFilter[];
}

/** A query of no word at all finds nothing; one of exclusions alone finds all else. */
export const asksNothing = ({ terms, excluded }: Query) => terms.length + excluded.length === 0;

const NOTHING: Collected = { sets: new Map(), complete: true };

async function collectIf({ engine, session, wanted, sieve }: Search, read = false): Promise<Collected> {
  return asksNothing(wanted.query) ? NOTHING : collect(engine, session, wanted, { sieve, read });
}

/** Hits in the order of relevance; `show` gives what is shown of those with some ids. */
async function ranked<T>(
  search: Search,
  show: (search: Search, ids: readonly string[], revision: number) => Promise<readonly T[]>,
): Promise<Found<T>> {
  const { engine, session, kind, query, place, wanted, sieve, filters } = search;
  const bound = bindingOf(kind, RELEVANCE, false, [`q=${query.q}`, ...filters.map(({ text }) => text)]);
  const from = query.cursor === undefined ? undefined : placeIn(query.cursor, bound);
  const revision = await revisionOf(session, engine);
  const { hits, next } = asksNothing(wanted.query)
    ? { hits: [], next: null }
    : await find(engine, session, wanted, { from, limit: query.limit, ...(sieve ? { sieve } : {}) });
  const ids = hits.map(({ document }) => document.record_id);
  const data = await show(search, ids, revision);
  const cursor = next && cursorAt(next, revision, bound);
  return {
    page: {
      data,
      meta: { limit: query.limit, revision },
      links: {
        self: address(engine, place.path, query),
        next: cursor === null ? null : address(engine, place.path, { ...query, cursor }),
      },
    },
  };
}

/** A cursor for a place in the order of hits. */
export function cursorAt({ tier, below }: Place, revision: number, bound: string): string {
  return encodeCursor({ key: String(tier), id: String(below), revision }, bound);
}

/** The place in a cursor; 400 for one of another query. */
export function placeIn(cursor: string, bound: string): Place {
  const { key, id } = decodeCursor(cursor, bound);
  return { tier: Number(key) as Tier, below: Number(id) };
}

/** Hits in one of the kind’s own orders: the newest of them, where there are very many. */
async function sorted(search: Search): Promise<Found<PublicRecord>> {
  const { engine, session, kind, query, place } = search;
  // What must be looked into is, before it is put in order.
  const known = await collectIf(search, true);
  const ids: string[] = [];
  for (const [block, set] of known.sets) {
    const room = MOST_COLLECTED - ids.length;
    const numbers = [...set.places(true)].slice(0, room).map((at) => block * BLOCK + at);
    for (const { record_id } of (await documentsAt(engine.db, session, numbers)).values())
      ids.push(record_id);
    if (room <= set.size) break;
  }
  const among: GivenFilter = {
    filter: {
      name: 'q',
      condition: (values, p, { dialect }) => ({
        shape: 'q',
        where: (scope) => dialect.isAmong(scope.column('id'), p),
        found: { by: 'id' },
        values: { [p]: dialect.list(values) },
      }),
    },
    values: ids,
    text: `q=${query.q}`,
  };
  const { count: _, fields: __, ...rest } = query;
  const page = await readPage(engine, session, kind, rest as ListQuery, place, { more: [among] });
  const { total } = totalOfHits(known, true);
  const links = {
    self: address(engine, place.path, query),
    next: page.links.next && address(engine, place.path, { ...query, cursor: cursorOf(page.links.next) }),
  };
  return {
    page: { ...page, links },
    collected: { ...known, complete: known.complete && total <= MOST_COLLECTED },
  };
}

function cursorOf(next: string): string {
  return new URL(next, 'http://here').searchParams.get('cursor') ?? '';
}

/** Records by id, in the order of the ids. */
export async function readRecords(
  { engine, session, kind }: Pick<Search, 'engine' | 'session' | 'kind'>,
  wanted: WantedFields,
  ids: readonly string[],
): Promise<PublicRecord[]> {
  const table = tableOf(engine.db, kind);
  const rows = await session.all(
    `hits ${kind.name} ${selectionShape(wanted)}`,
    (on) =>
      on
        .select(selection(engine.db, kind, wanted))
        .from(table)
        .where(engine.db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: engine.db.dialect.list(ids), ...todayOf(engine) },
  );
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [toRecord(kind, row)] : [];
  });
}

/** The records of hits with what is included. */
async function recordsOf(search: Search, ids: readonly string[], revision: number): Promise<PublicRecord[]> {
  const { engine, session, kind, query, place } = search;
  const records = await readRecords(search, wantedFields(kind, query, place.restricted), ids);
  const context = { engine, session, restricted: place.restricted, single: false, revision };
  return attachIncludes(context, kind, records, query.include ?? []);
}

/** The JSON of hits, made of what their rows keep. */
async function jsonOf(search: Search, ids: readonly string[], revision: number): Promise<string[]> {
  const { engine, session, kind, wanted } = search;
  const more = { kept: shownRecord(engine.db, kind) };
  const rows = await searchedTexts(engine.db, session, kind, ids, SHOWN_LENGTH, more);
  if (rows.values().some(({ kept }) => kept === null)) {
    const records = await highlighted(search, await recordsOf(search, ids, revision));
    return records.map((record) => JSON.stringify(record));
  }
  return ids.flatMap((id) => {
    const row = rows.get(id);
    if (row === undefined) return [];
    const highlights = highlightsOf(kind, row, wanted.query.terms);
    return `${(row.kept as string).slice(0, -1)},"_highlights":${JSON.stringify(highlights)}}`;
  });
}

/** Records with what is shown of the words found in them. */
async function highlighted(
  { engine, session, kind, query, wanted }: Search,
  records: readonly PublicRecord[],
): Promise<PublicRecord[]> {
  const names = fieldsOf(kind);
  // What a list shows need not be read again; the longest texts are in none.
  const texts = records.every((record) => names.every((name) => name in record))
    ? new Map(records.map((record) => [record.id, record]))
    : await searchedTexts(
        engine.db,
        session,
        kind,
        records.map(({ id }) => id),
        SHOWN_LENGTH,
      );
  return records.map((record) => {
    const text = texts.get(record.id);
    const _highlights = text ? highlightsOf(kind, text, wanted.query.terms) : [];
    return { ...pick(record, query), _highlights };
  });
}

/** Whether the index has a filter’s values as marks. */
function isMarked(kind: Kind, name: string): boolean {
  const { belongs } = kind;
  if (name === 'jurisdiction')
    return belongs !== undefined && !('through' in belongs) && belongs.by.join() === 'jurisdiction_id';
  if (name === 'topic')
    return 'topics' in kind.fields || 'topic_id' in kind.fields || kind.name === 'statement';
  return codedFields(kind).includes(name);
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}

/** Which documents the filters of a plan leave that the index does not know. */
function sieveOf(plan: Plan): Sieve {
  const { engine, session, kind } = plan;
  return async (documents) => {
    const rows = await session.all<{ id: string }>(
      `sieve ${kind.name} ${plan.conditions.map(({ shape }) => shape).join('&')}`,
      (on) => {
        const table = tableOf(engine.db, kind);
        const scope = { db: engine.db, column: (name: string) => sql`${table[name] as Column}` };
        const among = engine.db.dialect.isAmong(table.id as Column, 'ids');
        return on
          .select({ id: table.id as Column })
          .from(table)
          .where(sql.join([among, ...plan.conditions.map(({ where }) => where(scope))], sql` and `));
      },
      Object.assign(
        { ids: engine.db.dialect.list(documents.map(({ record_id }) => record_id)) },
        todayOf(engine),
        ...plan.conditions.map(({ values }) => values),
      ),
    );
    return new Set(rows.map(({ id }) => id));
  };
}
