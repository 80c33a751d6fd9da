import { closest, distance } from 'fastest-levenshtein';

/** The candidate nearest in spelling to a word, unless even that one is unlike it. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = closest(word.toLowerCase(), candidates);
  return distance(word.toLowerCase(), found) <= Math.max(2, Math.ceil(found.length / 2)) ? found : undefined;
}

/** ` (did you mean 'x'?)`, or nothing when no candidate is near. */
export function hint(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === undefined ? '' : `; did you mean '${found}'?`;
}
