/**
 * The files of https://github.com/openstates/people as far as they are read. What is not named here never enters:
 * `extras`, and whatever else a file may say of a person.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { faultsOf, makeValidators } from '../../engine/validate.ts';
import type { Fault } from '../../errors.ts';

const text = Type.String({ minLength: 1 });
const blank = Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] }));
const list = <T extends TSchema>(items: T) =>
  Type.Optional(Type.Unsafe<Static<T>[] | null>({ type: ['array', 'null'], items }));

const times = { start_date: blank, end_date: blank };
const links = list(Type.Object({ url: text, note: blank }));
const names = list(Type.Object({ name: text, ...times }));
const jurisdiction = Type.Unsafe<string>({
  type: 'string',
  pattern: '^ocd-jurisdiction(/[^/]+:[^/]+)+/[^/:]+$',
  'x-expected': 'a jurisdiction id such as ocd-jurisdiction/country:us/state:ca/government',
});
const person = Type.Unsafe<string>({
  type: 'string',
  pattern: '^ocd-person/.',
  'x-expected': 'an id such as ocd-person/ and a UUID',
});

const role = Type.Object({ type: text, jurisdiction, district: blank, end_reason: blank, ...times });
const office = Type.Object({
  classification: blank,
  name: blank,
  address: blank,
  voice: blank,
  fax: blank,
  email: blank,
});

const personFile = Type.Object({
  id: person,
  name: text,
  given_name: blank,
  middle_name: blank,
  family_name: blank,
  suffix: blank,
  email: blank,
  biography: blank,
  birth_date: blank,
  death_date: blank,
  image: blank,
  party: names,
  roles: list(role),
  offices: list(office),
  links,
  sources: links,
  ids: Type.Optional(
    Type.Unsafe<Record<string, string | null> | null>({
      type: ['object', 'null'],
      additionalProperties: { type: ['string', 'null'] },
    }),
  ),
  other_identifiers: list(Type.Object({ scheme: text, identifier: text })),
  other_names: names,
});

const committeeFile = Type.Object({
  id: Type.Unsafe<string>({
    type: 'string',
    pattern: '^ocd-organization/.',
    'x-expected': 'an id such as ocd-organization/ and a UUID',
  }),
  name: text,
  jurisdiction,
  classification: blank,
  chamber: blank,
  parent: blank,
  members: list(Type.Object({ name: text, role: blank, person_id: blank, ...times })),
  links,
  sources: links,
  other_names: names,
});

const municipalitiesFile = Type.Array(Type.Object({ name: text, id: jurisdiction }));

const shapes = { person: personFile, committee: committeeFile, municipalities: municipalitiesFile };

export type Person = Static<typeof personFile>;
export type Role = Static<typeof role>;
export type Office = Static<typeof office>;
export type Committee = Static<typeof committeeFile>;
export type Municipality = Static<typeof municipalitiesFile>[number];
export type Link = NonNullable<Person['links']>[number];

const compile = makeValidators([]);

/** What is wrong with what a file of a sort holds; nothing where it has the shape. */
export function shapeFaults(sort: keyof typeof shapes, data: unknown): Fault[] {
  const validate = compile('body', shapes[sort]);
  return validate(data) ? [] : faultsOf(validate.errors ?? [], 'body');
}

/** What a file is of, by its id; a list is of municipalities. */
export function sortOf(data: unknown): keyof typeof shapes | undefined {
  if (Array.isArray(data)) return 'municipalities';
  const id = String((data as { id?: unknown } | null)?.id ?? '');
  if (id.startsWith('ocd-person/')) return 'person';
  return id.startsWith('ocd-organization/') ? 'committee' : undefined;
}
