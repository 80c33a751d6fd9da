/** What records belong to: the record each is a part of, and the jurisdictions it is about. */

import type { Column } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed, kinds } from '../model/kinds.ts';
import type { Engine } from './engine.ts';
import { tableOf } from './select.ts';

/** A record of some kind. */
export interface Place {
  readonly kind: Kind;
  readonly id: string;
}

/** What reading needs; a writer is one. */
export interface Reading {
  readonly engine: Pick<Engine, 'db'>;
  readonly session: Session;
  /** What is known of records that lead to jurisdictions, by id; kept in step by whoever writes. */
  readonly leads?: Map<string, Lead>;
}

/** A record with the references that lead on to its jurisdiction. */
export type Lead = Row & { readonly id: string };

/** Where one of the references of a record leads, the first of those given that is not null. */
function leading(kind: Kind, names: readonly string[], record: Row): (Place & { field: string }) | undefined {
  const field = names.find((name) => record[name] != null);
  if (field === undefined) return undefined;
  const { to, kindField } = kind.fields[field] ?? {};
  const target = kindNamed(kindField ? String(record[kindField]) : String(to));
  return { kind: target, id: String(record[field]), field };
}

/** The record a part is a part of, and the field that says so; empty for what is no part. */
export function ownersOf(kind: Kind, record: Row): readonly (Place & { readonly field: string })[] {
  const owner = leading(kind, kind.ownedBy ?? [], record);
  return owner ? [owner] : [];
}

/**
 * Ids of the records that show this one among their parts: those it is a part of and, where an include is from both
 * ends (relations of policies), the one at the other end.
 */
export function shownUnder(kind: Kind, record: Row): string[] {
  return shownBy(kind).flatMap((name) => (record[name] == null ? [] : String(record[name])));
}

const shownFields = new Map<Kind, readonly string[]>();

/** The references of a kind that lead to records which show it among their parts. */
function shownBy(kind: Kind): readonly string[] {
  const found = shownFields.get(kind);
  if (found) return found;
  const owned = kind.ownedBy ?? [];
  const lists = kinds.flatMap(({ includes }) => Object.values(includes));
  const ends = lists.flatMap((include) =>
    'by' in include && include.many === kind.name && include.by.some((name) => owned.includes(name))
      ? include.by
      : [],
  );
  const known = [...new Set([...owned, ...ends])];
  shownFields.set(kind, known);
  return known;
}

/** The references that lead to a record's jurisdiction; none where it is found through other records, or belongs to none. */
export function leadsOf({ ownedBy, belongs }: Kind): readonly string[] {
  if (ownedBy) return ownedBy;
  return belongs && !('through' in belongs) ? belongs.by : [];
}

/**
 * Ids of the jurisdictions a record belongs to: a part to those of what it is a part of, an official to those of
 * every office held, a jurisdiction to itself. Shared records (topics, measures, publishers, sources) belong to none.
 */
export async function jurisdictionsOf(reading: Reading, kind: Kind, record: PublicRecord): Promise<string[]> {
  return (await jurisdictionsOfAll(reading, kind, [record])).get(record.id) ?? [];
}

/** The jurisdictions of several records of a kind, by record id; a few statements, however many records. */
export async function jurisdictionsOfAll(
  reading: Reading,
  kind: Kind,
  records: readonly Lead[],
): Promise<Map<string, string[]>> {
  if (kind.name === 'jurisdiction') return new Map(records.map(({ id }) => [id, [id]]));
  if (kind.belongs && 'through' in kind.belongs) return throughOthers(reading, kind.belongs, records);
  const leads = records.flatMap((record) => {
    const lead = leading(kind, leadsOf(kind), record);
    return lead ? [{ record, lead }] : [];
  });
  const found = new Map<string, string[]>();
  for (const [target, led] of Map.groupBy(leads, ({ lead }) => lead.kind)) {
    const ids = [...new Set(led.map(({ lead }) => lead.id))];
    const known: ReadonlyMap<string, string[]> =
      target.name === 'jurisdiction'
        ? new Map(ids.map((id) => [id, [id]]))
        : await jurisdictionsOfAll(reading, target, await leadsBy(reading, target, ids));
    for (const { record, lead } of led) found.set(record.id, known.get(lead.id) ?? []);
  }
  return found;
}

async function throughOthers(
  reading: Reading,
  { through, by }: { through: string; by: string },
  records: readonly Lead[],
): Promise<Map<string, string[]>> {
  const other = kindNamed(through);
  const ids = records.map(({ id }) => id);
  const linking = await readLeads(reading, other, by, ids);
  const known = await jurisdictionsOfAll(reading, other, linking);
  const found = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
  for (const row of linking) for (const id of known.get(row.id) ?? []) found.get(String(row[by]))?.add(id);
  return new Map([...found].map(([id, jurisdictions]) => [id, [...jurisdictions].sort()]));
}

/** Records whose `by` is among some ids, with no more than the references that lead on; those found by another's are live. */
async function readLeads(
  { engine: { db }, session }: Reading,
  kind: Kind,
  by: string,
  ids: readonly string[],
): Promise<Lead[]> {
  const table = tableOf(db, kind);
  const names = [...new Set([...leadNames(kind), by])];
  return session.all<Lead>(
    `leads ${kind.name}.${by}`,
    (on) => {
      const among = db.dialect.isAmong(table[by] as Column, 'ids');
      return on
        .select(Object.fromEntries(names.map((name) => [name, table[name] as Column])))
        .from(table)
        .where(by === 'id' ? among : sql`${among} and ${table.deleted_at} is null`);
    },
    { ids: db.dialect.list(ids) },
  );
}

/** Most records whose leads a writer remembers. */
const REMEMBERED = 20_000;

/** Records by id, with no more than the references that lead on; those remembered are not read again. */
async function leadsBy(reading: Reading, kind: Kind, ids: readonly string[]): Promise<Lead[]> {
  const { leads } = reading;
  if (leads === undefined) return readLeads(reading, kind, 'id', ids);
  const unknown = ids.filter((id) => !leads.has(id));
  const read = unknown.length > 0 ? await readLeads(reading, kind, 'id', unknown) : [];
  const known = ids.flatMap((id) => leads.get(id) ?? []);
  for (const lead of read) remember(leads, lead);
  return [...known, ...read];
}

/** Remembers where a record that was written leads. */
export function rememberLead({ leads }: Reading, kind: Kind, record: Lead): void {
  if (leads) remember(leads, Object.fromEntries(leadNames(kind).map((name) => [name, record[name]])) as Lead);
}

function remember(leads: Map<string, Lead>, lead: Lead): void {
  if (leads.size >= REMEMBERED) leads.clear();
  leads.set(lead.id, lead);
}

const leadNamesOf = new Map<Kind, readonly string[]>();

/** The columns of a kind that say where its records lead, with their ids. */
function leadNames(kind: Kind): readonly string[] {
  const found = leadNamesOf.get(kind);
  if (found) return found;
  const kindFields = leadsOf(kind).flatMap((name) => kind.fields[name]?.kindField ?? []);
  const names = [...new Set(['id', ...leadsOf(kind), ...kindFields])];
  leadNamesOf.set(kind, names);
  return names;
}
