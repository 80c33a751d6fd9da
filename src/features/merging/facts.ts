/** What is known of officials beside their names: offices with their places and times, and names in other systems. */
import type { Column } from '../../db/columns.ts';
import type { Database, Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { tableOf } from '../../engine/select.ts';
import { kindNamed } from '../../model/kinds.ts';

/** An office, in a place where that is known. */
export interface Office {
  readonly role: string | null;
  readonly seat: string | null;
  readonly party: string | null;
  readonly standing: string | null;
  readonly start_date: string | null;
  readonly end_date: string | null;
  /** The place’s own name, for people. */
  readonly place: string | null;
  /** All ids of the place: its own and those of its divisions; empty where no place is known. */
  readonly places: readonly string[];
}

/** What is known of one official. */
export interface Facts {
  readonly offices: Office[];
  /** `scheme:identifier`. */
  readonly identifiers: string[];
}

/** Offices of one official that are compared with another's, at most. */
const MOST_OFFICES = 200;

/** Officials that are looked up at a time. */
const TOGETHER = 500;

interface OfficeRow extends Omit<Office, 'places'> {
  readonly official_id: string;
  readonly jurisdiction_id: string | null;
  readonly division_id: string | null;
  readonly same_as: readonly string[] | null;
}

/** The facts of some officials, by id; two queries for each 500 of them. */
export async function factsOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Facts>> {
  const facts = new Map<string, Facts>(ids.map((id) => [id, { offices: [], identifiers: [] }]));
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const some = ids.slice(from, from + TOGETHER);
    await db.read(async (session) => {
      for (const { official_id, ...row } of await officesOf(session, db, some)) {
        const offices = facts.get(official_id)?.offices;
        if (offices && offices.length < MOST_OFFICES) offices.push(toOffice(row));
      }
      for (const { record_id, name } of await identifiersOf(session, db, some))
        facts.get(record_id)?.identifiers.push(name);
    });
  }
  return facts;
}

function toOffice({
  jurisdiction_id,
  division_id,
  same_as,
  ...office
}: Omit<OfficeRow, 'official_id'>): Office {
  const state = division_id && stateOf(division_id, office.seat);
  const places = [state || division_id, ...(same_as ?? []), state ? null : jurisdiction_id];
  return {
    ...office,
    place: state ? `${office.place}, ${office.seat}` : office.place,
    places: places.filter((one) => one != null),
  };
}

/** Whether a division is a whole nation. */
export function isNation(division: string): boolean {
  return /^ocd-division\/country:[a-z]+$/.test(division);
}

/** A seat of a nation is of the state it is named after: CA-37 is in California. */
function stateOf(division: string, seat: string | null): string | undefined {
  const state = /^([A-Z]{2})(?:-|$)/.exec(seat ?? '')?.[1];
  return state && isNation(division) ? `${division}/state:${state.toLowerCase()}` : undefined;
}

async function officesOf(session: Session, db: Database, ids: readonly string[]): Promise<OfficeRow[]> {
  const [memberships, organizations, jurisdictions] = (
    ['membership', 'organization', 'jurisdiction'] as const
  ).map((name) => tableOf(db, kindNamed(name))) as [Table, Table, Table];
  const place = sql`coalesce(${memberships.jurisdiction_id}, ${organizations.jurisdiction_id})`;
  return session.all<OfficeRow>(
    'offices of officials to tell apart',
    (on) =>
      on
        .select({
          official_id: memberships.official_id as Column,
          role: memberships.role as Column,
          seat: memberships.seat as Column,
          party: memberships.party as Column,
          standing: memberships.standing as Column,
          start_date: memberships.start_date as Column,
          end_date: memberships.end_date as Column,
          jurisdiction_id: jurisdictions.id as Column,
          place: jurisdictions.name as Column,
          division_id: jurisdictions.division_id as Column,
          same_as: jurisdictions.same_as as Column,
        })
        .from(memberships)
        .leftJoin(organizations, sql`${organizations.id} = ${memberships.organization_id}`)
        .leftJoin(jurisdictions, sql`${jurisdictions.id} = ${place}`)
        .where(
          sql`${db.dialect.isAmong(memberships.official_id as Column, 'ids')} and ${memberships.deleted_at} is null`,
        )
        .orderBy(memberships.id as Column),
    { ids: db.dialect.list(ids) },
  );
}

type Table = ReturnType<typeof tableOf>;

interface Named {
  readonly record_id: string;
  readonly name: string;
}

async function identifiersOf(session: Session, db: Database, ids: readonly string[]): Promise<Named[]> {
  const { identifiers } = db.tables;
  return session.all<Named>(
    'identifiers of officials to tell apart',
    (on) =>
      on
        .select({ record_id: identifiers.record_id as Column, name: identifiers.name as Column })
        .from(identifiers)
        .where(sql`${db.dialect.isAmong(identifiers.record_id as Column, 'ids')}`)
        .orderBy(identifiers.name as Column),
    { ids: db.dialect.list(ids) },
  );
}
