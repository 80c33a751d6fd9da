/** Holding what was read against the schema of its kind, as the body of a request is. */
import { type TSchema, Type } from 'typebox';
import type { Content } from '../../engine/content.ts';
import { inputSchema, sharedSchemas } from '../../engine/schemas.ts';
import { identifierNames } from '../../engine/taken.ts';
import { faultsOf, makeValidators } from '../../engine/validate.ts';
import { importedId } from '../../engine/write.ts';
import type { Fault } from '../../errors.ts';
import type { Kind } from '../../model/declare.ts';
import { kindNamed, kinds } from '../../model/kinds.ts';
import type { LeftOut, Place, Read } from './record.ts';
import { type Called, isIdentifier, type Reference, withImportedIds } from './references.ts';

/** A record whose form is right. */
export interface Checked {
  readonly kind: Kind;
  /** The id it was given, in lower case. */
  readonly given: string | undefined;
  /** The id it has if it is new: the one given, or one that follows from its first identifier. */
  readonly newId: string;
  /** `scheme:identifier` of each of its identifiers. */
  readonly names: readonly string[];
  /** As it was read. */
  readonly raw: Content;
  /** With ids in place of names in other systems. */
  readonly body: Content;
  readonly called: Called;
  /** What it mentions, the ids as in `body`. */
  readonly references: readonly Reference[];
  readonly place: Place;
  readonly collection: string | undefined;
  /** Whether one that is there already stays as it is. */
  readonly onlyIfNew: boolean;
  readonly yields: readonly string[];
  /** Place in the input, from 1. */
  readonly position: number;
}

/** A record that cannot be written, and why. */
export interface Failed {
  readonly kind: string | null;
  readonly place: Place;
  readonly faults: readonly Fault[];
  readonly collection?: string | undefined;
  /** The id it would have, where that can be told all the same. */
  readonly newId?: string | undefined;
}

const written = kinds.filter(({ kept }) => !kept);

/** What stands around a record. */
const aroundSchema = Type.Unsafe({
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'record'],
  properties: {
    kind: { type: 'string', enum: written.map(({ name }) => name) },
    id: { type: ['string', 'null'], format: 'uuid' },
    record: { type: 'object' },
  },
});

// What is compiled of them is so when first needed, once a process.
const compile = makeValidators(sharedSchemas);
const inputs = new Map(written.map((kind) => [kind, inputSchema(kind, kind.title)]));

/** Holds what was read against the schema of its kind; `position` is its place in the input, from 1. */
export function checkRecord(read: Exclude<Read, LeftOut>, position: number): Checked | Failed {
  if ('faults' in read) return read;
  const { kind: name, id, body: raw, place, collection, onlyIfNew = false, yields = [] } = read;
  const around = compile('body', aroundSchema);
  const whole = id === undefined ? { kind: name, record: raw } : { kind: name, id, record: raw };
  if (!around(whole))
    return failed(typeof name === 'string' ? name : null, place, faultsOf(around.errors ?? [], 'body'));
  const kind = kindNamed(name);
  const called: Called = new Map();
  const references: Reference[] = [];
  const body = withImportedIds(kind, raw, called, references);
  const valid = compile('body', inputs.get(kind) as TSchema);
  const given = id?.toLowerCase();
  if (!valid(body)) {
    const faults = inRecord(faultsOf(valid.errors ?? [], 'body'));
    return { ...failed(name, place, faults), collection, newId: given ?? idFromUnchecked(kind, raw) };
  }
  const newId = given ?? idFrom(kind, body);
  if (newId === undefined) return failed(name, place, [NAMELESS]);
  const names = identifierNames(body);
  return {
    kind,
    given,
    newId,
    names,
    raw,
    body,
    called,
    references,
    place,
    collection,
    onlyIfNew,
    yields,
    position,
  };
}

const failed = (kind: string | null, place: Place, faults: readonly Fault[]): Failed => ({
  kind,
  place,
  faults,
});

/** Faults of a record, their places seen from its line. */
export function inRecord(faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, pointer: `/record${fault.pointer ?? ''}` }));
}

/** A record that nothing tells from others would be made anew by every import. */
const NAMELESS: Fault = {
  pointer: '/record/identifiers',
  message: 'has neither an id nor an identifier, so that the next import could not find it again',
  expected: 'an id, or one identifier at least',
};

/** The same of a record whose form is wrong, as far as its first identifier is not. */
function idFromUnchecked(kind: Kind, { identifiers }: Content): string | undefined {
  const first: unknown = Array.isArray(identifiers) ? identifiers[0] : undefined;
  return isIdentifier(first) ? importedId(kind.name, first.scheme, first.identifier) : undefined;
}

function idFrom(kind: Kind, { identifiers }: Content): string | undefined {
  const [first] = (identifiers ?? []) as { scheme: string; identifier: string }[];
  return first && importedId(kind.name, first.scheme, first.identifier);
}
