/** The people of a scrape as officials, and their offices as memberships. */
import type { Identifier } from '../../engine/rows.ts';
import type { BundleRecord, Place, Read } from '../import/record.ts';
import { contactsOf, profileKind } from './contacts.ts';
import { addressOf, dayOf, linksOf, said } from './facts.ts';
import { named } from './keys.ts';
import type { Human } from './people.ts';
import { otherNames } from './places.ts';
import { specOf } from './pseudo-ids.ts';
import type { Membership } from './schemas.ts';
import { record, type Scrape, unplaced } from './scrape.ts';

/** A person, or why no record is made of the file. */
export function* officialRecords({ place, data, identifiers, doubles }: Human): Generator<Read> {
  if (doubles !== undefined) {
    yield { kind: 'official', place, note: `says the same as ${doubles}` };
    return;
  }
  if (identifiers.length === 0) {
    const message = `'${data.name}' is the name of several people of the scrape, and neither a birth date nor a seat tells them apart`;
    yield {
      kind: 'official',
      place,
      faults: [
        { pointer: '/name', message, expected: 'a birth date, a seat or an identifier', got: data.name },
      ],
    };
    return;
  }
  const { contacts, homes } = contactsOf(data.contact_details);
  const { links, others } = linksOf([...(data.links ?? []), ...(data.sources ?? [])], profileKind);
  yield record('official', place, {
    name: data.name,
    given_name: said(data.given_name),
    family_name: said(data.family_name),
    other_names: otherNames(data.other_names),
    birth_date: dayOf(data.birth_date),
    death_date: dayOf(data.death_date),
    image_url: addressOf(data.image),
    biography: said(data.biography) ?? said(data.summary),
    contact_details: contacts,
    identifiers,
    links,
  });
  yield* unplaced('official', place, {
    addresses: others,
    'how to reach the person at home': homes > 0 ? [`${homes} left out`] : [],
  });
}

/** An office. */
export function membershipRecord(place: Place, data: Membership, scrape: Scrape): BundleRecord {
  const { people, organizations, place: id } = scrape;
  const official =
    people.reference(data.person_id) ??
    (data.person_name ? named(id, 'person', data.person_name) : undefined);
  const organization = organizations.reference(data.organization_id);
  const post = people.post(data.post_id);
  const [role, seat] = [said(data.role) ?? said(post.role), said(post.label)];
  const words = said(data.label);
  const partyOffice = organization?.identifier.startsWith('|party|') === true;
  const party = partyOffice ? undefined : (partyIn(data.on_behalf_of_id) ?? people.partyOf(data.person_id));
  const who = official?.identifier.replace(`${id}|`, '') ?? '';
  const facts = [who, organizations.fact(data.organization_id)];
  return record('membership', place, {
    official_id: official,
    organization_id: organization,
    role: role !== undefined && role.length > ROLE ? undefined : role,
    role_raw: words ?? role,
    seat,
    party,
    start_date: dayOf(data.start_date),
    end_date: dayOf(data.end_date),
    identifiers: [named(id, 'membership', ...facts, role ?? '', seat ?? '', said(data.start_date) ?? '')],
  });
}

/** The longest role, in characters. */
const ROLE = 200;

const partyIn = (id: string | null | undefined) => (id ? specOf(id)?.name : undefined);

/** A party that people of the scrape are members of, and of which all is known by that. */
export function partyRecord(place: Place, reference: Identifier): BundleRecord {
  const name = reference.identifier.slice('|party|'.length).replaceAll('\\|', '|').replaceAll('\\\\', '\\');
  return record('organization', place, { name, classification: 'party', identifiers: [reference] });
}
