/** The bodies of a scrape, and which of them an id means. A place has some hundreds, which are held in memory. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place } from '../import/record.ts';
import type { File } from './folder.ts';
import { distinct, named, ocdReference, ownIdentifiers } from './keys.ts';
import { specOf } from './pseudo-ids.ts';
import type { Organization } from './schemas.ts';

/** A body of a scrape. */
export interface Body {
  readonly place: Place;
  readonly data: Organization;
  /** What it is called here; the first is what others call it. */
  readonly identifiers: readonly Identifier[];
}

/** Bodies that are the only one of their class in a place, so that scrapers name them by it. */
const SINGLE = new Set(['legislature', 'upper', 'lower', 'executive', 'government']);

const classOf = ({ classification }: Organization) => (classification ?? '').trim().toLowerCase();

/** A party belongs to no place, and is the same in all. */
export const partyNamed = (name: string) => named('', 'party', name);

export class Organizations {
  readonly #place: string;
  readonly #byId = new Map<string, { readonly place: Place; readonly data: Organization }>();
  readonly #references = new Map<string, Identifier>();
  readonly all: readonly Body[];

  /** `place` is the id of the jurisdiction. */
  constructor(place: string, files: readonly Extract<File<'organization'>, { data: unknown }>[]) {
    this.#place = place;
    for (const file of files) this.#byId.set(file.data._id, file);
    const given = countsOf(files.flatMap(({ data }) => ownIdentifiers(place, data.identifiers).map(text)));
    this.all = files.map(({ place: at, data }) => ({
      place: at,
      data,
      identifiers: this.#identifiersOf(data, given),
    }));
    for (const { data, identifiers } of this.all)
      this.#references.set(data._id, identifiers[0] as Identifier);
  }

  #identifiersOf(data: Organization, given: ReadonlyMap<string, number>): Identifier[] {
    const place = this.#place;
    const own = ownIdentifiers(place, data.identifiers).filter((one) => given.get(text(one)) === 1);
    const ocd = ocdReference(data.id ?? data._id);
    const kind = classOf(data);
    if (kind === 'party') return distinct([partyNamed(data.name), ...own]);
    const alone = (spec: Readonly<Record<string, string>>) => this.#matching(spec).length === 1;
    return distinct([
      ...(ocd ? [ocd] : []),
      named(place, 'organization', kind, data.name, this.#parentFact(data)),
      ...(alone({ name: data.name }) ? [named(place, 'organization named', data.name)] : []),
      ...(SINGLE.has(kind) && alone({ classification: kind }) ? this.#onlyOne(kind) : []),
      ...own,
    ]);
  }

  /** What the only body of its class is called, the name that people of Open States give it among them. */
  #onlyOne(kind: string): Identifier[] {
    const shared = { scheme: 'openstates-body', identifier: `${this.#place}#${kind}` };
    return kind === 'government' ? [this.#only(kind)] : [this.#only(kind), shared];
  }

  #only(classification: string): Identifier {
    return named(this.#place, 'organization of class', classification);
  }

  /** What tells a body from those of its name under others: the class of a chamber, else the name of its parent. */
  #parentFact({ parent_id: id }: Organization): string {
    if (!id) return '';
    const spec = specOf(id);
    const found = spec ? this.#matching(spec) : [this.#byId.get(id)?.data].filter((one) => one !== undefined);
    const [parent] = found;
    if (found.length !== 1 || parent === undefined) return spec?.classification ?? spec?.name ?? '';
    return SINGLE.has(classOf(parent)) ? classOf(parent) : parent.name;
  }

  #matching(spec: Readonly<Record<string, string>>): Organization[] {
    return [...this.#byId.values()].map(({ data }) => data).filter((data) => matches(data, spec));
  }

  /** The reference to the body that an id means; one that leads nowhere where no body of the scrape is meant. */
  reference(id: string | null | undefined): Identifier | undefined {
    if (!id) return undefined;
    const known = this.#references.get(id);
    if (known) return known;
    const found = ocdReference(id) ?? this.#meant(id);
    this.#references.set(id, found);
    return found;
  }

  #meant(id: string): Identifier {
    const spec = specOf(id);
    if (spec === undefined) return named(this.#place, 'organization of id', id);
    const [one, another] = this.#matching(spec);
    if (one && !another) return this.#references.get(one._id) as Identifier;
    const { name, classification } = spec;
    if (name && classification === 'party') return partyNamed(name);
    if (one) return named(this.#place, 'one of several organizations', name ?? id);
    if (name) return named(this.#place, 'organization named', name);
    return classification ? this.#only(classification) : named(this.#place, 'organization like', id);
  }

  /** What a body is told by in the names of other records; nothing for one of which only an id of the scrape is known. */
  fact(id: string | null | undefined): string {
    const reference = this.reference(id);
    if (reference === undefined || (id && !specOf(id) && !ocdReference(id) && !this.#byId.has(id))) return '';
    const { identifier } = reference;
    return identifier.startsWith(`${this.#place}|`) ? identifier.slice(this.#place.length + 1) : identifier;
  }

  /** The class of the body that an id means, in the scraper's words. */
  classOf(id: string | null | undefined): string | undefined {
    const spec = id ? specOf(id) : undefined;
    if (spec?.classification) return spec.classification;
    const data = spec ? this.#matching(spec)[0] : this.#byId.get(id ?? '')?.data;
    return data && classOf(data);
  }

  /** The body at the head of the place: the legislature or council, else the one body there is. */
  get head(): Identifier | undefined {
    const found = HEADS.map((kind) => this.all.find(({ data }) => classOf(data) === kind)).find(Boolean);
    const [one, another] = this.all;
    const head = found ?? (another === undefined ? one : undefined);
    return head?.identifiers[0] ?? this.reference(`~${JSON.stringify({ classification: HEADS[0] })}`);
  }

  /** Whether a reference is a name, and no body of the scrape has it. */
  isNameOnly({ identifier }: Identifier): boolean {
    return identifier.startsWith(`${this.#place}|organization named|`);
  }
}

/** What heads of places are, those before others. */
const HEADS = ['legislature', 'council', 'government'] as const;

const text = ({ scheme, identifier }: Identifier) => `${scheme}:${identifier}`;

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of texts) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** Whether a body is one that a pseudo-id tells of. */
function matches(data: Organization, spec: Readonly<Record<string, string>>): boolean {
  const { identifiers__scheme: scheme, identifiers__identifier: identifier, ...rest } = spec;
  const facts = Object.entries(rest);
  if (facts.length === 0 && identifier === undefined) return false;
  const held =
    identifier === undefined ||
    (data.identifiers ?? []).some(
      (one) => one.identifier === identifier && (scheme === undefined || one.scheme === scheme),
    );
  return (
    held &&
    facts.every(([fact, value]) => {
      if (fact === 'classification') return classOf(data) === value.toLowerCase();
      if (fact !== 'name') return false;
      return data.name === value || (data.other_names ?? []).some(({ name }) => name === value);
    })
  );
}
