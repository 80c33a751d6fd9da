/** Counting the records of every place and kind: page by page, so that nobody waits for more than a page. */
import { setImmediate } from 'node:timers/promises';
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { jurisdictionsOfAll, leadsOf, type Reading } from '../engine/belonging.ts';
import type { Engine } from '../engine/engine.ts';
import { revisionOf } from '../engine/list.ts';
import { tableOf } from '../engine/select.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed, kinds, views } from '../model/kinds.ts';
import {
  type ImportsKnown,
  type ImportTimes,
  importsKnown,
  lastImportMove,
  NEVER,
} from './coverage-imports.ts';

/** Records looked at in one transaction. */
const PAGE = 1000;

/** What is known of one kind in one place. */
export interface Tally extends ImportTimes {
  readonly count: number;
  /** Partial dates. */
  readonly oldest: string | null;
  readonly newest: string | null;
  /** An instant. */
  readonly last_changed_at: string | null;
}

export const NOTHING: Tally = { count: 0, oldest: null, newest: null, last_changed_at: null, ...NEVER };

/** Tallies by place (`NOWHERE` for what belongs to none), then by kind. */
export type Tallies = ReadonlyMap<string, ReadonlyMap<string, Tally>>;

export const NOWHERE = '';

/** Everything counted, the change up to which all is, and when. */
export interface Counted extends State {
  readonly tallies: Tallies;
  /** An instant. */
  readonly counted_at: string;
}

/** What tells whether all is still as it was counted. */
export interface State {
  readonly revision: number;
  /** The last move of an import. */
  readonly imports: string;
}

/** The state of everything now. */
export function stateOf(engine: Engine): Promise<State> {
  return engine.db.read(async (session) => ({
    revision: await revisionOf(session, engine),
    imports: await lastImportMove({ engine, session }),
  }));
}

/** What is counted: every kind, and the views narrowed from one. */
export const COUNTED: readonly string[] = kinds.flatMap(({ name }) => [name, ...viewsOf(name).map(viewName)]);

function viewsOf(kind: string) {
  return views.filter(({ of }) => of === kind);
}

function viewName({ title }: { readonly title: string }): string {
  return title.toLowerCase();
}

/** Counts the live records of every kind by the places they belong to; throws when `signal` says to stop. */
export async function countAll(engine: Engine, signal: AbortSignal, page = PAGE): Promise<Counted> {
  const counted_at = engine.now().toISOString();
  const state = await stateOf(engine);
  const tallies = new Map<string, Map<string, Tally>>();
  for (const kind of kinds) {
    let after: string | undefined;
    do {
      signal.throwIfAborted();
      const from = after;
      after = await engine.db.read((session) =>
        countPage({ engine, session }, kind, { from, page, today: counted_at.slice(0, 10) }, tallies),
      );
      // Requests that came in meanwhile go first.
      await setImmediate();
    } while (after !== undefined);
  }
  addImports(tallies, await importsKnown(engine, signal, setImmediate));
  return { tallies, ...state, counted_at };
}

/** Adds when records were imported to what is known of them. */
function addImports(tallies: Map<string, Map<string, Tally>>, { places, shared }: ImportsKnown): void {
  for (const [place, kinds] of [...places, [NOWHERE, shared] as const]) {
    const tally = tallies.get(place) ?? new Map<string, Tally>();
    tallies.set(place, tally);
    for (const [kind, times] of kinds)
      for (const name of importedWith(kind)) tally.set(name, { ...(tally.get(name) ?? NOTHING), ...times });
  }
}

/** Under which names the records of a kind count, and those that stand within them. */
function importedWith(kind: string): string[] {
  const within = kinds.flatMap(({ name, rowsOf }) => (rowsOf?.kind === kind ? [name] : []));
  return [kind, ...viewsOf(kind).map(viewName), ...within];
}

/** Counts one page; returns the id to go on after, undefined at the end. */
async function countPage(
  reading: Reading,
  kind: Kind,
  { from, page, today }: { from: string | undefined; page: number; today: string },
  tallies: Map<string, Map<string, Tally>>,
): Promise<string | undefined> {
  const records = await readPage(reading, kind, from, page);
  const places = await placesOf(reading, kind, records);
  const dates = datesOf(kind);
  for (const record of records) {
    const known = dates.flatMap((name) => (record[name] as string | null)?.slice(0, 10) ?? []);
    const seen = { dates: known.filter((date) => date <= today), at: record.updated_at as string };
    const own = places.get(record.id) ?? [];
    for (const place of own.length > 0 ? own : [NOWHERE]) {
      const tally = tallies.get(place) ?? new Map<string, Tally>();
      tallies.set(place, tally);
      for (const name of namesOf(kind, record)) tally.set(name, added(tally.get(name) ?? NOTHING, seen));
    }
  }
  return records.length < page ? undefined : records.at(-1)?.id;
}

function added(
  { count, oldest, newest, last_changed_at, ...imported }: Tally,
  { dates, at }: { dates: readonly string[]; at: string },
): Tally {
  const sorted = [...dates].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  return {
    count: count + 1,
    oldest: first !== undefined && (oldest === null || first < oldest) ? first : oldest,
    newest: last !== undefined && (newest === null || last > newest) ? last : newest,
    last_changed_at: last_changed_at === null || at > last_changed_at ? at : last_changed_at,
    ...imported,
  };
}

/** The date fields that say how old records are: those of the kind's orders, where its lists are in order of a date. */
function datesOf({ sorts, defaultSort }: Kind): string[] {
  if (sorts[defaultSort.replace('-', '')]?.dates === undefined) return [];
  return [...new Set(Object.values(sorts).flatMap(({ dates }) => dates ?? []))];
}

/** Under which names a record counts: its kind, and the views that show it. */
function namesOf({ name }: Kind, record: PublicRecord): string[] {
  return [
    name,
    ...viewsOf(name).flatMap((view) => (record[view.field] === view.value ? viewName(view) : [])),
  ];
}

/** The field that itself lists the places of a record, where a kind has one. */
function placesField({ fields }: Kind): string | undefined {
  return Object.keys(fields).find(
    (name) => fields[name]?.to === 'jurisdiction' && fields[name].storage === 'json',
  );
}

/** The kind by whose references records are placed: rows of another kind's list are where that is. */
function leading({ rowsOf, ...kind }: Kind): Kind {
  return rowsOf ? kindNamed(rowsOf.kind) : kind;
}

async function placesOf(
  reading: Reading,
  kind: Kind,
  records: readonly PublicRecord[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const field = placesField(kind);
  if (field) return new Map(records.map((record) => [record.id, record[field] as string[]]));
  return records.length > 0 ? jurisdictionsOfAll(reading, leading(kind), records) : new Map();
}

/** Live records by id, with no more than what counting needs. */
async function readPage(
  { engine: { db }, session }: Reading,
  kind: Kind,
  from: string | undefined,
  page: number,
): Promise<PublicRecord[]> {
  const table = tableOf(db, kind);
  const leads = leadsOf(leading(kind));
  const names = new Set([
    'id',
    'updated_at',
    ...leads,
    ...leads.flatMap((name) => kind.fields[name]?.kindField ?? []),
    ...datesOf(kind),
    ...viewsOf(kind.name).map(({ field }) => field),
    ...[placesField(kind) ?? []].flat(),
  ]);
  const columns = Object.fromEntries([...names].map((name) => [name, table[name] as Column]));
  const beyond = from === undefined ? sql`` : sql` and ${table.id} > ${sql.placeholder('from')}`;
  const rows = await session.all(
    `counted ${kind.name} ${from === undefined} ${page}`,
    (on) =>
      on
        .select(columns)
        .from(table)
        .where(sql`${table.deleted_at} is null${beyond}`)
        .orderBy(table.id as Column)
        .limit(page),
    from === undefined ? {} : { from },
  );
  return rows as unknown as PublicRecord[];
}
