/** A committee as an organization, and its members. */
import type { Content } from '../../engine/content.ts';
import { type BodyKind, bodyKindOf, bodyName, placeOf } from './bodies.ts';
import { linksOf } from './links.ts';
import { ORGANIZATION_SCHEME, PERSON_SCHEME } from './names.ts';
import { said } from './person.ts';
import type { Committee } from './shapes.ts';

/** Scheme of memberships that are known by a committee and a member. */
const MEMBER_SCHEME = 'openstates-member';

/** The kind of body that a committee is of: a chamber, or the legislature of both. */
export function chamberOf({ chamber }: Committee): BodyKind {
  const kind = bodyKindOf(chamber ?? 'legislature');
  return kind === 'executive' ? 'legislature' : kind;
}

/** The organization that a committee is, and what of its file was left out. */
export function organizationOf(committee: Committee): { readonly body: Content; readonly left: string[] } {
  const { id, name, jurisdiction, classification, parent } = committee;
  const { links, left } = linksOf({ ...committee, ids: null });
  const within = parent?.startsWith('ocd-organization/')
    ? { scheme: ORGANIZATION_SCHEME, identifier: parent }
    : bodyName(jurisdiction, chamberOf(committee));
  const body = {
    name,
    classification: classification === 'subcommittee' ? 'subcommittee' : 'committee',
    jurisdiction_id: placeOf(jurisdiction),
    parent_id: within,
    other_names: (committee.other_names ?? []).map((one) => said({ ...one })),
    links,
    identifiers: [{ scheme: ORGANIZATION_SCHEME, identifier: id }],
  };
  return { body, left };
}

/** The members of a committee that are known people, and the names of those that are only named. */
export function membersOf({ id, members }: Committee): {
  readonly bodies: Content[];
  readonly left: string[];
} {
  const counts = new Map<string, number>();
  const bodies: Content[] = [];
  const left: string[] = [];
  for (const { name, role, person_id, start_date, end_date } of members ?? []) {
    if (!person_id) {
      left.push(`the member ${name}, of whom the file has no person_id`);
      continue;
    }
    const key = `${id}|${person_id}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const title = role || 'member';
    bodies.push({
      official_id: { scheme: PERSON_SCHEME, identifier: person_id },
      organization_id: { scheme: ORGANIZATION_SCHEME, identifier: id },
      role: title.slice(0, 1).toUpperCase() + title.slice(1),
      role_raw: title,
      start_date: start_date || null,
      end_date: end_date || null,
      identifiers: [{ scheme: MEMBER_SCHEME, identifier: count === 1 ? key : `${key}|${count}` }],
    });
  }
  return { bodies, left };
}
