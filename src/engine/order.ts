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
