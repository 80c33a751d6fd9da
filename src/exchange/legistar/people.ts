/** A person as an official, and the offices held as memberships. */
import { bodyIn, type Client, idIn } from './client.ts';
import { type Draft, filled, noAddress } from './draft.ts';
import type { Office, Person } from './forms.ts';
import { addressOf, tidy } from './wording.ts';

/** The records of a person, the official first. */
export function* fromPerson(client: Client, person: Person): Generator<Draft> {
  const site = tidy(person.website);
  // Some leave out what an address begins with.
  const website = site && addressOf(/^\w+:/.test(site) ? site : `http://${site}`);
  yield { kind: 'official', at: '', body: officialOf(client, person, website) };
  if (site && !website) yield noAddress('', site);
  for (const office of person.offices) yield fromOffice(client, person.id, office);
}

/** Family names have an honorific where the person is listed under an office: `Mr. de Blasio`. */
const HONORIFIC = /^(?:Mr|Ms|Mrs|Dr|Hon)\. ?/;

function officialOf(client: Client, person: Person, website: string | null) {
  const given = tidy(person.firstName);
  const printed = tidy(person.lastName) ?? '';
  const honorific = HONORIFIC.exec(printed)?.[0].trim();
  const family = printed.replace(HONORIFIC, '') || null;
  const name = tidy(person.fullName) ?? tidy(`${given ?? ''} ${family ?? ''}`) ?? `Person ${person.id}`;
  const plain = plainName(name, given, family);
  const email = tidy(person.email);
  return filled({
    name,
    given_name: given,
    family_name: family,
    honorific,
    other_names: plain
      ? [{ name: plain, note: 'without the office, which the source prints with the name' }]
      : null,
    contact_details: [
      ...(email ? [{ type: 'email', value: email }] : []),
      ...person.contacts.map(({ type, label, value }) => ({ type, label, value })),
    ],
    links: website ? [{ url: website, kind: 'official_profile' }] : null,
    identifiers: [idIn(client, person.id)],
  });
}

/**
 * The name of somebody who is listed under an office, as `The Public Advocate (Mr. de Blasio)`: such a one is often
 * listed as a member too, under another id. They stay two until somebody merges them; this name is what they share.
 */
function plainName(name: string, given: string | null, family: string | null): string | null {
  const first = given?.split(' ')[0]?.toLowerCase();
  if (!first || !family || name.toLowerCase().startsWith(first)) return null;
  return `${given} ${family}`;
}

function fromOffice(client: Client, person: number, office: Office): Draft {
  const { id, bodyId, title, memberType, start, end } = office;
  const at = `office ${id}`;
  const body = bodyIn(client, bodyId);
  if (!body) return { kind: 'membership', at, note: `is of body ${bodyId}, which is none` };
  return {
    kind: 'membership',
    at,
    body: filled({
      official_id: idIn(client, person),
      organization_id: body,
      role: roleOf(tidy(title), tidy(memberType), bodyId === client.council),
      role_raw: rawRole(tidy(title), tidy(memberType)),
      start_date: start,
      end_date: end,
      identifiers: [idIn(client, id)],
    }),
  };
}

/** The source's words for an office: its title, and the kind of member where that says more. */
function rawRole(title: string | null, memberType: string | null): string | null {
  return title && memberType ? `${title} (${memberType})` : (title ?? memberType);
}

/** By the title in lower case, or the kind of member where there is none. */
const ROLES: Readonly<Record<string, string>> = {
  chairperson: 'Chair',
  chair: 'Chair',
  chairman: 'Chair',
  chairwoman: 'Chair',
  'co-chair': 'Co-chair',
  'vice chair': 'Vice chair',
  'vice co-chair': 'Vice co-chair',
  'the speaker': 'Speaker',
  'primary speaker': 'Speaker',
  'ex-officio': 'Ex officio member',
  'primary public advocate': 'Public advocate',
  'committee member': 'Member',
  member: 'Member',
};

/** A member of the council is a council member there, and a member elsewhere, whatever the title says. */
function roleOf(title: string | null, memberType: string | null, inCouncil: boolean): string {
  const words = (title ?? memberType ?? 'member').toLowerCase();
  if (words === 'council member' || words === 'primary council members' || words === 'member')
    return inCouncil ? 'Council member' : 'Member';
  const known = Object.hasOwn(ROLES, words) ? ROLES[words] : undefined;
  return known ?? words.charAt(0).toUpperCase() + words.slice(1);
}
