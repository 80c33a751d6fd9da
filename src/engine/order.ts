import type { Sort } from '../model/declare.ts';

/** A sort key with the id that breaks its ties. */
export interface Key {
  readonly key: string;
  readonly id: string;
}

/** Compares keys the way both databases do: by code point (JavaScript's `<` goes by UTF-16 unit), then by id. */
export function compareKeys(a: Key, b: Key): number {
  return compareTexts(a.key, b.key) || compareTexts(a.id, b.id);
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Most characters of a key that are kept: ties end in the id, and a cursor holds the key, and an address the cursor. */
const KEY_LENGTH = 200;

/** The key by which a record stands in a sort, in whole characters. */
export function sortKey(sort: Sort, record: Readonly<Record<string, unknown>>): string {
  const key = sort.key(record);
  return key.length < KEY_LENGTH ? key : [...key].slice(0, KEY_LENGTH).join('').toWellFormed();
}
