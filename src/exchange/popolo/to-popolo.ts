/** Records as the classes of Popolo (http://www.popoloproject.com/specs/). Pure; what a record does not hold is left out. */
import type { PublicRecord } from '../../model/declare.ts';
import { SCHEME } from './ids.ts';
import { optionOut, resultOut } from './words.ts';

type Node = Record<string, unknown>;
type Item = Readonly<Record<string, unknown>>;

/** What says something: neither null nor an empty list. */
function told(fields: Node): Node {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

const items = (value: unknown) => (value ?? []) as Item[];

/** Names in other systems; the id itself is none. */
function identifiersOf({ id, identifiers }: PublicRecord): Item[] {
  return items(identifiers).filter(({ scheme, identifier }) => scheme !== SCHEME || identifier !== id);
}

/** Links have notes only; the word for what one leads to stands there where there is no other. */
function linksOf({ links }: PublicRecord): Node[] {
  return items(links).map(({ url, kind, note }) => told({ url, note: note ?? kind }));
}

const whole = (list: unknown) => items(list).map((item) => told({ ...item }));

/** A place as an Area. */
export function areaOf(record: PublicRecord): Node {
  const { id, name, classification, division_id, same_as, parent_id } = record;
  const identifiers = identifiersOf(record);
  const divisions = [division_id, ...((same_as ?? []) as string[])].flatMap((identifier) =>
    identifier && !identifiers.some((one) => one.identifier === identifier)
      ? [{ scheme: 'ocd-division', identifier }]
      : [],
  );
  return told({ id, name, classification, parent_id, identifiers: [...divisions, ...identifiers] });
}

/** A body as an Organization. */
export function organizationOf(record: PublicRecord): Node {
  const { id, name, classification, parent_id, jurisdiction_id, founded_on, dissolved_on } = record;
  return told({
    id,
    name,
    other_names: whole(record.other_names),
    identifiers: identifiersOf(record),
    classification,
    parent_id,
    area_id: jurisdiction_id,
    founding_date: founded_on,
    dissolution_date: dissolved_on,
    links: linksOf(record),
  });
}

/** An official as a Person. */
export function personOf(record: PublicRecord): Node {
  const { id, name, given_name, family_name, honorific, birth_date, death_date, image_url, biography } =
    record;
  return told({
    id,
    name,
    other_names: whole(record.other_names),
    identifiers: identifiersOf(record),
    family_name,
    given_name,
    honorific_prefix: honorific,
    birth_date,
    death_date,
    image: image_url,
    biography,
    contact_details: whole(record.contact_details),
    links: linksOf(record),
  });
}

/** An office as a Membership; its seat is the label of its post, its party what it is held on behalf of. */
export function membershipOf(record: PublicRecord): Node {
  const { id, official_id, organization_id, jurisdiction_id, role, role_raw, seat, party } = record;
  return told({
    id,
    label: role_raw === role ? null : role_raw,
    role,
    person_id: official_id,
    organization_id,
    on_behalf_of: party ? { name: party, classification: 'party' } : null,
    post: seat ? { label: seat } : null,
    area_id: organization_id ? null : jurisdiction_id,
    start_date: record.start_date,
    end_date: record.end_date,
  });
}

/** A policy as a Motion; the place it belongs to is its area, which Motions of others lack. */
export function motionOf(record: PublicRecord): Node {
  const { id, identifier, title, type, organization_id, jurisdiction_id, session, status, introduced_on } =
    record;
  return told({
    id,
    identifier,
    identifiers: identifiersOf(record),
    organization_id,
    area_id: jurisdiction_id,
    legislative_session: session ? { name: session } : null,
    text: title,
    classification: type,
    date: introduced_on,
    result: resultOut(String(status)),
    links: linksOf(record),
  });
}

/** A vote event; what was voted on is the text of its motion, which has the id of the policy. */
export function voteEventOf(record: PublicRecord): Node {
  const { id, policy_id, organization_id, motion, date, result, counts, votes } = record;
  return told({
    id,
    organization_id,
    motion_id: policy_id,
    motion: motion ? { text: motion } : null,
    start_date: date,
    result,
    counts: items(counts).map(({ option, value }) => ({ option: optionOut(String(option)), value })),
    votes: items(votes).map(({ name, official_id, option }) =>
      told({ voter_id: official_id, voter: { name }, option: optionOut(String(option)) }),
    ),
    links: linksOf(record),
  });
}

/** A meeting as an Event. */
export function eventOf(record: PublicRecord): Node {
  const { id, name, date, location, status, organization_id } = record;
  return told({
    id,
    name,
    start_date: date,
    location,
    status,
    identifiers: identifiersOf(record),
    classification: 'meeting',
    organization_id,
    links: linksOf(record),
  });
}
