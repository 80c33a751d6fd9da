/** The people of a scrape with their offices, and which of them a name means. A place has some thousands, held in memory. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place } from '../import/record.ts';
import type { File } from './folder.ts';
import { distinct, named, ocdReference, ownIdentifiers } from './keys.ts';
import type { Organizations } from './organizations.ts';
import { specOf } from './pseudo-ids.ts';
import type { Membership, Person, Post } from './schemas.ts';

type Readable<K extends 'person' | 'post' | 'membership'> = Extract<File<K>, { data: unknown }>;

/** A person of a scrape; `identifiers` are none where nothing tells the person from another of the name. */
export interface Human {
  readonly place: Place;
  readonly data: Person;
  readonly identifiers: readonly Identifier[];
  /** Another file that says the same to the letter. */
  readonly doubles?: string;
}

export class People {
  readonly #place: string;
  readonly #organizations: Organizations;
  readonly #posts: ReadonlyMap<string, Post>;
  readonly #files: readonly Readable<'person'>[];
  readonly #byName = new Map<string, Set<string>>();
  readonly #offices: ReadonlyMap<string, readonly Membership[]>;
  readonly #references = new Map<string, Identifier | undefined>();
  readonly memberships: readonly Readable<'membership'>[];
  readonly all: readonly Human[];

  constructor(
    place: string,
    organizations: Organizations,
    files: {
      readonly people: readonly Readable<'person'>[];
      readonly posts: readonly Readable<'post'>[];
      readonly memberships: readonly Readable<'membership'>[];
    },
  ) {
    this.#place = place;
    this.#organizations = organizations;
    this.memberships = files.memberships;
    this.#files = files.people;
    this.#posts = new Map(files.posts.map(({ data }) => [data._id, data]));
    this.#offices = Map.groupBy(
      files.memberships.map(({ data }) => data),
      ({ person_id }) => person_id ?? '',
    );
    this.all = this.#identified();
    for (const { data, identifiers } of this.all) this.#references.set(data._id, identifiers[0]);
    for (const { data, doubles } of this.all) {
      const original = doubles && this.all.find(({ place: { file } }) => file === doubles);
      if (original) this.#references.set(data._id, original.identifiers[0]);
      else this.#addNames(data);
    }
  }

  #addNames(data: Person): void {
    const names = [data.name, data.family_name, ...(data.other_names ?? []).map(({ name }) => name)];
    for (const name of names)
      if (name) this.#byName.set(name, (this.#byName.get(name) ?? new Set()).add(data._id));
  }

  #identified(): Human[] {
    const sameName = Map.groupBy(this.#files, ({ data }) => data.name);
    const given = Map.groupBy(
      this.#files.flatMap(({ data }) => ownIdentifiers(this.#place, data.identifiers)),
      ({ scheme, identifier }) => `${scheme}:${identifier}`,
    );
    const once = ({ scheme, identifier }: Identifier) => given.get(`${scheme}:${identifier}`)?.length === 1;
    const texts = new Map<string, string>();
    return this.#files.map(({ place, data }) => {
      const namesakes = sameName.get(data.name) ?? [];
      const contents = namesakes.length > 1 ? JSON.stringify({ ...data, _id: '' }) : '';
      const doubles = contents === '' ? undefined : texts.get(contents);
      if (doubles !== undefined) return { place, data, identifiers: [], doubles };
      if (contents !== '') texts.set(contents, place.file);
      const ocd = ocdReference(data.id ?? data._id);
      const identifiers = distinct([
        ...(ocd ? [ocd] : []),
        ...this.#nameKeys(data, namesakes),
        ...ownIdentifiers(this.#place, data.identifiers).filter(once),
      ]);
      return { place, data, identifiers };
    });
  }

  /** A name alone where one has it; with the birth date, or with the seat, where several do. */
  #nameKeys(data: Person, namesakes: readonly Readable<'person'>[]): Identifier[] {
    const { name, birth_date: born } = data;
    const contents = new Set(namesakes.map((one) => JSON.stringify({ ...one.data, _id: '' })));
    const key = (...facts: string[]) => named(this.#place, 'person', name, ...facts);
    const birth = born ? [key(`born ${born}`)] : [];
    if (contents.size === 1) return [key(), ...birth];
    if (born) {
      const sameDay = namesakes.filter((one) => one.data.birth_date === born);
      return sameDay.length === 1 ? birth : [];
    }
    const seats = new Set(this.#seatsOf(data));
    for (const other of namesakes)
      if (other.data._id !== data._id) for (const seat of this.#seatsOf(other.data)) seats.delete(seat);
    return [...seats].sort().map((seat) => key(seat));
  }

  #seatsOf({ _id }: Person): string[] {
    return (this.#offices.get(_id) ?? []).flatMap((office) => {
      const { label } = this.post(office.post_id);
      const kind = this.#organizations.classOf(office.organization_id);
      return label ? [`${kind ?? ''} seat ${label}`] : [];
    });
  }

  /** What a post's id says of it: the seat and the role. */
  post(id: string | null | undefined): { readonly label?: string | null; readonly role?: string | null } {
    if (!id) return {};
    return this.#posts.get(id) ?? specOf(id) ?? {};
  }

  /** The party somebody belongs to, where they belong to one and no more. */
  partyOf(id: string | null | undefined): string | undefined {
    const parties = (this.#offices.get(id ?? '') ?? []).flatMap(({ organization_id }) => {
      const { classification, name } = specOf(organization_id ?? '') ?? {};
      return classification === 'party' && name ? [name] : [];
    });
    return new Set(parties).size === 1 ? parties[0] : undefined;
  }

  /** The reference to the person that an id means; one that leads nowhere where none or several of the scrape are meant. */
  reference(id: string | null | undefined): Identifier | undefined {
    if (!id) return undefined;
    if (this.#references.has(id)) return this.#references.get(id);
    const found = ocdReference(id) ?? this.#meant(id);
    this.#references.set(id, found);
    return found;
  }

  #meant(id: string): Identifier | undefined {
    const spec = specOf(id);
    if (spec === undefined) return named(this.#place, 'person of id', id);
    const { name, chamber, identifiers__scheme: scheme, identifiers__identifier: identifier } = spec;
    if (identifier !== undefined)
      return ownIdentifiers(this.#place, [{ identifier, scheme: scheme ?? '' }])[0];
    if (!name) return named(this.#place, 'person like', id);
    const ids = [...(this.#byName.get(name) ?? [])];
    const inChamber = chamber ? ids.filter((one) => this.#sitsIn(one, chamber)) : ids;
    const [one, another] = inChamber.length > 0 ? inChamber : ids;
    const known = one && !another ? this.#references.get(one) : undefined;
    if (known) return known;
    return ids.length > 1
      ? named(this.#place, 'one of several people', name)
      : named(this.#place, 'person', name);
  }

  #sitsIn(id: string, chamber: string): boolean {
    return (this.#offices.get(id) ?? []).some(
      ({ organization_id }) => this.#organizations.classOf(organization_id) === chamber,
    );
  }
}
