/** Places, bodies and people as schema.org has them: AdministrativeArea, GovernmentOrganization, Person. */
import type { PublicRecord } from '../../model/declare.ts';
import {
  brief,
  compact,
  type Full,
  identity,
  included,
  type Linking,
  type Node,
  property,
  subjectOf,
} from './node.ts';

interface OtherName {
  readonly name: string;
}

const names = (record: Full) => ((record.other_names ?? []) as readonly OtherName[]).map(({ name }) => name);

/** A jurisdiction as a City, State, Country, SchoolDistrict or other AdministrativeArea. */
export function jurisdiction(linking: Linking, record: Full): Node {
  const own = identity(linking, 'jurisdiction', record);
  const divisions = [record.division_id, ...((record.same_as ?? []) as string[])].filter(Boolean);
  const more = ['population', 'timezone'].filter((name) => record[name] !== null);
  return {
    ...own,
    name: record.name,
    identifier: [own.identifier, divisions.map((division) => property('ocd-division', division))].flat(2),
    url: [own.url, record.website].flat(),
    containedInPlace: brief(linking, 'jurisdiction', record.parent),
    additionalProperty: more.map((name) => ({ '@type': 'PropertyValue', name, value: record[name] })),
    subjectOf: subjectOf(linking, record, own),
  };
}

/** An organization as a GovernmentOrganization, PoliticalParty, Corporation or other Organization. */
export function organization(linking: Linking, record: Full): Node {
  const own = identity(linking, 'organization', record);
  return {
    ...own,
    name: record.name,
    alternateName: names(record),
    foundingDate: record.founded_on,
    dissolutionDate: record.dissolved_on,
    areaServed: brief(linking, 'jurisdiction', record.jurisdiction),
    parentOrganization: brief(linking, 'organization', record.parent),
    subOrganization: included(record, 'children').map((one) => brief(linking, 'organization', one)),
    subjectOf: subjectOf(linking, record, own),
  };
}

/** An official as a Person, with the offices held as roles. */
export function official(linking: Linking, record: Full): Node {
  const own = identity(linking, 'official', record);
  const held = included(record, 'memberships').filter(({ standing }) => !AWAITED.has(String(standing)));
  const running = (record.current_memberships ?? []) as readonly PublicRecord[];
  const parties = new Set(running.flatMap(({ party }) => (party ?? []) as string | []));
  return {
    ...own,
    name: record.name,
    givenName: record.given_name,
    familyName: record.family_name,
    honorificPrefix: record.honorific,
    alternateName: names(record),
    birthDate: record.birth_date,
    deathDate: record.death_date,
    image: record.image_url,
    description: record.biography,
    ...contact(record),
    memberOf: held.filter((one) => one.organization).map((one) => seat(linking, one)),
    hasOccupation: held.filter((one) => !one.organization).map((one) => office(linking, one)),
    affiliation: [...parties].map((name) => ({ '@type': 'PoliticalParty', name })),
    subjectOf: subjectOf(linking, record, own),
  };
}

/** Standings of those who are not in office yet, if ever. */
const AWAITED: ReadonlySet<string> = new Set(['elect', 'designate', 'nominee']);

/** An office in a body; a role stands between a person and the body, and says as what and when. */
function seat(linking: Linking, membership: Full): Node {
  return compact({
    '@type': 'OrganizationRole',
    roleName: membership.role ?? membership.role_raw,
    startDate: membership.start_date,
    endDate: membership.end_date,
    memberOf: brief(linking, 'organization', membership.organization),
  });
}

/** An office that stands alone, with its place. */
function office(linking: Linking, membership: Full): Node {
  const place = brief(linking, 'jurisdiction', membership.jurisdiction);
  return compact({
    '@type': 'Role',
    startDate: membership.start_date,
    endDate: membership.end_date,
    hasOccupation: compact({
      '@type': 'Occupation',
      name: membership.role ?? membership.role_raw,
      occupationLocation: place,
    }),
  });
}

interface ContactDetail {
  readonly type: string;
  readonly value: string;
  readonly label: string | null;
}

/** Terms for the sorts of contact detail that schema.org has one for (Popolo’s names). */
const CONTACT: Readonly<Record<string, string>> = { email: 'email', voice: 'telephone', fax: 'faxNumber' };

function contact(record: Full): Node {
  const details = (record.contact_details ?? []) as readonly ContactDetail[];
  const of = (type: string) => details.filter((one) => one.type === type).map(({ value }) => value);
  return {
    contactPoint: details.flatMap(({ type, value, label }) =>
      CONTACT[type] ? compact({ '@type': 'ContactPoint', [CONTACT[type]]: value, contactType: label }) : [],
    ),
    address: of('address'),
  };
}
