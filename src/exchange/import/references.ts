/** The references in the body of a record, and what they may be called. */
import { LRUCache } from 'lru-cache';
import type { Content } from '../../engine/content.ts';
import { type Identifier, identifierName } from '../../engine/rows.ts';
import { importedId } from '../../engine/write.ts';
import { type Field, type Kind, writableFields } from '../../model/declare.ts';
import { kinds } from '../../model/kinds.ts';

/** One place of a body that mentions another record. */
export interface Reference {
  /** JSON Pointer within the body. */
  readonly pointer: string;
  /** Kind of what is mentioned. */
  readonly to: string;
  readonly value: unknown;
  /** Whether the record cannot be without it. */
  readonly required: boolean;
}

/** What is put in the place of a reference; null takes it away, out of a list altogether. */
type Put = (reference: Reference) => unknown;

const known = new Set(kinds.map(({ name }) => name));

interface Referring {
  readonly name: string;
  readonly field: Field;
  /** Names and kinds of the references within the items of a list. */
  readonly parts: readonly (readonly [name: string, to: string, required: boolean])[];
}

const referring = new Map<Kind, readonly Referring[]>();

/** The fields of a kind that mention other records. */
function referringFields(kind: Kind): readonly Referring[] {
  const found = referring.get(kind);
  if (found) return found;
  const fields = writableFields(kind).flatMap(([name, field]): Referring[] => {
    const parts = Object.entries(field.items ?? {}).flatMap(([part, { to, required }]) =>
      to ? [[part, to, required] as const] : [],
    );
    return field.to || field.kindField || parts.length > 0 ? [{ name, field, parts }] : [];
  });
  referring.set(kind, fields);
  return fields;
}

/** The same body with its references replaced; the body itself stays as it is. */
export function withReferences(kind: Kind, body: Content, put: Put): Content {
  const made: Content = { ...body };
  for (const { name, field, parts } of referringFields(kind)) {
    const value = body[name];
    if (value == null) continue;
    const to = field.kindField ? String(body[field.kindField]) : field.to;
    if (to !== undefined) {
      if (!known.has(to)) continue;
      const { required } = field;
      made[name] = Array.isArray(value)
        ? value
            .map((one, at) => put({ pointer: `/${name}/${at}`, to, value: one, required: false }))
            .filter((one) => one !== null)
        : put({ pointer: `/${name}`, to, value, required });
    } else if (Array.isArray(value)) {
      made[name] = value.map((item, at) => withParts(item, parts, `/${name}/${at}`, put));
    }
  }
  return made;
}

function withParts(item: unknown, parts: Referring['parts'], pointer: string, put: Put): unknown {
  if (item === null || typeof item !== 'object') return item;
  const made: Content = { ...item };
  for (const [part, to, required] of parts) {
    const value = made[part];
    if (value != null) made[part] = put({ pointer: `${pointer}/${part}`, to, value, required });
  }
  return made;
}

/** What records are called by their names in other systems, by the id that such a name gives. */
export type Called = Map<string, string>;

/** Ids of what is mentioned again and again: the policy of many actions, the member of many votes. */
const ids = new LRUCache<string, string>({ max: 10_000 });

function idOf(kind: string, { scheme, identifier }: Identifier): string {
  const name = `${kind}\u0000${scheme}\u0000${identifier}`;
  const known = ids.get(name) ?? importedId(kind, scheme, identifier);
  ids.set(name, known);
  return known;
}

/**
 * The body with an id in place of each `{"scheme", "identifier"}`: the one that an imported record of that name has.
 * `called` is told the names, and `references` what is mentioned.
 */
export function withImportedIds(kind: Kind, body: Content, called: Called, references: Reference[]): Content {
  return withReferences(kind, body, (reference) => {
    const { to, value: named } = reference;
    if (!isIdentifier(named)) {
      references.push(reference);
      return named;
    }
    const value = idOf(to, named);
    called.set(value, identifierName(named));
    references.push({ ...reference, value });
    return value;
  });
}

/** Whether a value is `{"scheme", "identifier"}`. */
export function isIdentifier(value: unknown): value is Identifier {
  if (value === null || typeof value !== 'object') return false;
  const { scheme, identifier } = value as Partial<Identifier>;
  const closed = Object.keys(value).length === 2;
  return closed && typeof scheme === 'string' && typeof identifier === 'string';
}
