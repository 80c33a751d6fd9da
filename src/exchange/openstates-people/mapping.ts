/** What the files of an input become, one after another: records, and remarks on what was left out. */
import type { Content } from '../../engine/content.ts';
import type { Place, Read } from '../import/record.ts';
import { type BodyKind, bodyKindOf, bodyName, bodyOf } from './bodies.ts';
import { chamberOf, membersOf, organizationOf } from './committee.ts';
import { idsNamed, Names, ORGANIZATION_SCHEME, PERSON_SCHEME } from './names.ts';
import { officialOf } from './person.ts';
import { membershipsOf } from './roles.ts';
import type { Committee, Municipality, Person } from './shapes.ts';

/** One pass over an input; memory holds identifiers and the names of places. */
export class Mapping {
  readonly #names: Names;
  readonly #places = new Map<string, string>();
  readonly #bodies = new Set<string>();

  constructor(files: readonly { readonly name: string }[]) {
    this.#names = new Names(idsNamed(files));
  }

  /** The governments of a list of municipalities. */
  *municipalities(list: readonly Municipality[], place: Place): Generator<Read> {
    for (const { id, name } of list) {
      if (this.#places.has(id)) yield { kind: 'organization', place, note: `${id} (${name}) stands twice` };
      else {
        this.#places.set(id, name);
        yield* this.#body(id, 'executive', place);
      }
    }
  }

  /** An official, the bodies it was the first to be in, and its offices. */
  *person(person: Person, place: Place): Generator<Read> {
    const { id, name } = person;
    const before = this.#names.first({ scheme: PERSON_SCHEME, identifier: id }, place.file);
    if (before !== undefined) {
      yield { kind: 'official', place, note: `${id} (${name}) stands already in ${before}` };
      return;
    }
    const { identifiers, left: shared } = this.#names.of(person, place.file);
    const { body, left } = officialOf(person, identifiers);
    yield { kind: 'official', body, place, ...collectionOf('people', place.file) };
    yield* remarks('official', place, name, [...shared, ...left]);
    const retired = place.file.split('/').includes('retired');
    for (const { type, jurisdiction } of person.roles ?? [])
      yield* this.#body(jurisdiction, bodyKindOf(type), place);
    yield* memberships(membershipsOf(person, retired), `roles of ${id}`, place);
  }

  /** A committee, the chamber it was the first to be of, and its members. */
  *committee(committee: Committee, place: Place): Generator<Read> {
    const { id, name, jurisdiction } = committee;
    const before = this.#names.first({ scheme: ORGANIZATION_SCHEME, identifier: id }, place.file);
    if (before !== undefined) {
      yield { kind: 'organization', place, note: `${id} (${name}) stands already in ${before}` };
      return;
    }
    yield* this.#body(jurisdiction, chamberOf(committee), place);
    const { body, left } = organizationOf(committee);
    yield { kind: 'organization', body, place, ...collectionOf('committees', place.file) };
    yield* remarks('organization', place, name, left);
    const members = membersOf(committee);
    yield* memberships(members.bodies, `members of ${id}`, place);
    yield* remarks('membership', place, name, members.left);
  }

  /** A body where it is first mentioned, after the one it is a part of. */
  *#body(jurisdiction: string, kind: BodyKind, place: Place): Generator<Read> {
    const { identifier } = bodyName(jurisdiction, kind);
    if (this.#bodies.has(identifier)) return;
    this.#bodies.add(identifier);
    if (kind === 'upper' || kind === 'lower') yield* this.#body(jurisdiction, 'legislature', place);
    yield { kind: 'organization', body: bodyOf(jurisdiction, kind, this.#places.get(jurisdiction)), place };
  }
}

function* memberships(bodies: readonly Content[], collection: string, place: Place): Generator<Read> {
  for (const body of bodies) yield { kind: 'membership', body, place, collection };
}

function* remarks(kind: string, place: Place, name: string, left: readonly string[]): Generator<Read> {
  for (const note of left) yield { kind, place, note: `${name}: ${note}` };
}

/**
 * The set that a person or committee is one of: all of a state. Only an input whose files lie in the folders of states
 * (`…/ca/retired/…`) has whole sets.
 */
function collectionOf(what: string, file: string): { readonly collection?: string } {
  const state = file.split('/').at(-3);
  return state === undefined ? {} : { collection: `${what} of ${state}` };
}
