/** Who people are in other systems, each name once in the whole input: two people with one would become one record. */
import type { Identifier } from '../../engine/rows.ts';
import type { Person } from './shapes.ts';

/** Scheme of Open States’ own ids of people. */
export const PERSON_SCHEME = 'ocd-person';
/** Scheme of Open States’ own ids of committees. */
export const ORGANIZATION_SCHEME = 'ocd-organization';

/** The ids of people whose files are named after them (`Karen-Bass-05bfbd24-….yml`). */
export function idsNamed(files: readonly { readonly name: string }[]): Set<string> {
  const named = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.ya?ml$/;
  return new Set(files.flatMap(({ name }) => `ocd-person/${named.exec(name)?.[1] ?? ''}`));
}

/** Gives out identifiers, each to the first who has it. */
export class Names {
  readonly #holders = new Map<string, string>();
  readonly #people: ReadonlySet<string>;

  /** `people` are ids that other files of the input have as their own. */
  constructor(people: ReadonlySet<string>) {
    this.#people = people;
  }

  /** Whether a record of this id stands for the first time; otherwise where it stood before. */
  first({ scheme, identifier }: Identifier, file: string): string | undefined {
    const name = `${scheme}:${identifier}`;
    const before = this.#holders.get(name);
    if (before === undefined) this.#holders.set(name, file);
    return before;
  }

  /** A person’s identifiers, its own first, and why some are left out. */
  of(person: Person, file: string): { readonly identifiers: Identifier[]; readonly left: string[] } {
    const identifiers: Identifier[] = [{ scheme: PERSON_SCHEME, identifier: person.id }];
    const left: string[] = [];
    for (const { scheme: given, identifier } of person.other_identifiers ?? []) {
      const scheme = schemeOf(given, identifier);
      const same = identifiers.some((one) => one.scheme === scheme && one.identifier === identifier);
      if (same) continue;
      const other =
        scheme === PERSON_SCHEME && this.#people.has(identifier)
          ? 'another file of this input'
          : this.first({ scheme, identifier }, file);
      if (other === undefined) identifiers.push({ scheme, identifier });
      else
        left.push(
          `the identifier ${scheme}:${identifier}, which is also that of ${other}: perhaps one person`,
        );
    }
    return { identifiers, left };
  }
}

/** What `openstates` calls a person is an id of the same kind as the person’s own. */
function schemeOf(given: string, identifier: string): string {
  if (identifier.startsWith('ocd-person/')) return PERSON_SCHEME;
  const plain = given
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z]+/, '');
  return plain || 'other';
}
