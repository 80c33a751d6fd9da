/** A person as an official. */
import type { Content } from '../../engine/content.ts';
import { isWebUrl } from '../../engine/formats.ts';
import type { Identifier } from '../../engine/rows.ts';
import { contactsOf } from './contacts.ts';
import { linksOf } from './links.ts';
import type { Person } from './shapes.ts';

/** An official and what of the file was left out, as phrases. */
export function officialOf(
  person: Person,
  identifiers: readonly Identifier[],
): { readonly body: Content; readonly left: string[] } {
  const { name, given_name, family_name, birth_date, death_date, image, biography } = person;
  const { links, left: addresses } = linksOf(person);
  const { contacts, left } = contactsOf(person);
  const portrait = image && isWebUrl(image) ? image : undefined;
  return {
    body: {
      name,
      ...said({ given_name, family_name, birth_date, death_date, biography, image_url: portrait }),
      other_names: otherNamesOf(person),
      contact_details: contacts,
      links,
      identifiers,
    },
    left: [
      ...left,
      ...addresses,
      ...(image && !portrait ? [`an address that is none of the web: ${image}`] : []),
    ],
  };
}

/** The fields that say something. */
export function said(fields: Readonly<Record<string, string | null | undefined>>): Content {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null && value !== ''));
}

/** Names a person is known by elsewhere; the whole of one whose middle name stands apart is one of them. */
function otherNamesOf({
  name,
  given_name,
  middle_name,
  family_name,
  suffix,
  other_names,
}: Person): Content[] {
  const whole = [given_name, middle_name, family_name, suffix].filter(Boolean).join(' ');
  const full = middle_name || suffix ? [{ name: whole, note: 'with middle name or suffix' }] : [];
  const given = (other_names ?? []).map((one) => said({ ...one }));
  const met = new Set([name]);
  return [...full, ...given].filter((one) => {
    const key = String(one.name);
    return met.has(key) ? false : met.add(key);
  });
}
