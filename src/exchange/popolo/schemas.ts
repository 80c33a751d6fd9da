/** The classes of Popolo (http://www.popoloproject.com/specs/) as far as they are read; whatever else they hold is not looked at. */
import { type Static, Type } from 'typebox';
import { blank, list, number, part, text } from '../lenient.ts';

const links = list(Type.Object({ url: blank, note: blank }));
const names = list(Type.Object({ name: text, note: blank, start_date: blank, end_date: blank }));
const identifiers = list(Type.Object({ identifier: text, scheme: blank }));
/** Ids are texts; some files have numbers. */
const id = Type.Optional(Type.Unsafe<string | number | null>({ type: ['string', 'integer', 'null'] }));

const named = part(Type.Object({ id, name: blank, classification: blank }));
const seat = { id, label: blank, role: blank, organization_id: id, area_id: id, area: named };

const membership = {
  id,
  label: blank,
  role: blank,
  person_id: id,
  person: named,
  organization_id: id,
  organization: named,
  on_behalf_of_id: id,
  on_behalf_of: named,
  post_id: id,
  post: part(Type.Object(seat)),
  area_id: id,
  area: named,
  legislative_period_id: id,
  start_date: blank,
  end_date: blank,
};

export const personClass = Type.Object({
  id,
  name: text,
  given_name: blank,
  family_name: blank,
  honorific_prefix: blank,
  birth_date: blank,
  death_date: blank,
  image: blank,
  email: blank,
  summary: blank,
  biography: blank,
  other_names: names,
  identifiers,
  contact_details: list(Type.Object({ type: blank, value: blank, note: blank, label: blank })),
  links,
  sources: links,
  memberships: list(Type.Object(membership)),
});

export const organizationClass = Type.Object({
  id,
  name: text,
  classification: blank,
  parent_id: id,
  area_id: id,
  founding_date: blank,
  dissolution_date: blank,
  other_names: names,
  identifiers,
  links,
  sources: links,
  memberships: list(Type.Object(membership)),
  posts: list(Type.Object(seat)),
});

export const membershipClass = Type.Object(membership);
export const postClass = Type.Object(seat);

export const areaClass = Type.Object({
  id,
  name: blank,
  classification: blank,
  type: blank,
  parent_id: id,
  identifier: blank,
  identifiers,
});

export const motionClass = Type.Object({
  id,
  identifier: blank,
  identifiers,
  organization_id: id,
  area_id: id,
  legislative_session: named,
  text: blank,
  classification: blank,
  date: blank,
  result: blank,
  links,
  sources: links,
});

export const voteEventClass = Type.Object({
  id,
  identifier: blank,
  organization_id: id,
  motion_id: id,
  motion: part(Type.Object({ id, text: blank })),
  start_date: blank,
  result: blank,
  counts: list(Type.Object({ option: text, value: number })),
  votes: list(Type.Object({ voter_id: id, voter: named, option: text, role: blank })),
  links,
  sources: links,
});

export const eventClass = Type.Object({
  id,
  name: blank,
  description: blank,
  classification: blank,
  start_date: blank,
  end_date: blank,
  location: blank,
  status: blank,
  organization_id: id,
  identifiers,
  links,
  sources: links,
});

/** The lists of a document, by their names. */
export const classes = {
  areas: areaClass,
  organizations: organizationClass,
  posts: postClass,
  persons: personClass,
  memberships: membershipClass,
  motions: motionClass,
  events: eventClass,
  vote_events: voteEventClass,
} as const;

export type ClassName = keyof typeof classes;
export type Of<Name extends ClassName> = Static<(typeof classes)[Name]>;
export type Id = string | number | null | undefined;
