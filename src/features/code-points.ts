/** Offsets in Unicode code points, as selectors count, and in UTF-16 code units, as JavaScript does. */

export interface CodePoints {
  /** Length of the text in code points. */
  readonly length: number;
  /** Offset in code points of an offset in code units. */
  readonly ofUnit: (unit: number) => number;
  /** Offset in code units of an offset in code points, which is at most `length`. */
  readonly toUnit: (point: number) => number;
}

/** Converts offsets of a text, which is gone through once; each conversion is a binary search. */
export function codePointsOf(text: string): CodePoints {
  // Where characters of two units begin, in units; few texts have any.
  const pairs: number[] = [];
  for (const { index } of text.matchAll(/[\u{10000}-\u{10FFFF}]/gu)) pairs.push(index);
  return {
    length: text.length - pairs.length,
    ofUnit: (unit) => unit - countWhile(pairs, (pair) => pair < unit),
    toUnit: (point) => point + countWhile(pairs, (pair, at) => pair - at < point),
  };
}

/** How many of the first items satisfy a condition that holds for a beginning of the list and not beyond. */
function countWhile(items: readonly number[], holds: (item: number, at: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as number, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
