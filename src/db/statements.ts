import { LRUCache } from 'lru-cache';

/** Most statements that are kept, and characters of SQL they have together: what one takes goes by its length. */
const STATEMENTS_KEPT = 1000;
const TEXT_KEPT = 1_000_000;

/** Statements by shape, each made when it is first asked for; the least recently used goes first. */
export function statementsOf<T extends { readonly text: string }>() {
  const kept = new LRUCache<string, T>({
    max: STATEMENTS_KEPT,
    maxSize: TEXT_KEPT,
    sizeCalculation: ({ text }) => text.length,
  });
  return (shape: string, make: () => T): T => {
    const known = kept.get(shape);
    if (known !== undefined) return known;
    const made = make();
    kept.set(shape, made);
    return made;
  };
}
