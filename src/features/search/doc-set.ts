/**
 * Sets of documents within a block of 4,096 numbers. Kept as text: a few documents as two letters each (64 × 64 is
 * 4,096), many as a bitmap, so that no set takes more than 683 letters.
 */

/** Documents whose sets are kept together. */
export const BLOCK = 4096;
const WORDS = BLOCK / 32;
/** Documents from which a bitmap is the shorter form. */
const DENSE = 341;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Uint8Array(128);
for (let at = 0; at < 64; at += 1) VALUES[LETTERS.charCodeAt(at)] = at;

const lettersOf = (place: number) => `${LETTERS[place >> 6]}${LETTERS[place & 63]}`;

/** The place that two letters of a text stand for. */
const placeAt = (text: string, at: number) =>
  ((VALUES[text.charCodeAt(at)] as number) << 6) | (VALUES[text.charCodeAt(at + 1)] as number);

/**
 * The form of a set after changes: whether each of some places is in it. What is new stands after all there is, mostly,
 * so that a short form need not be taken apart for it.
 */
export function changed(text: string, changes: Iterable<readonly [place: number, has: boolean]>): string {
  let longer = text;
  let set: DocSet | undefined;
  for (const [place, has] of changes) {
    const { length } = longer;
    const after = has && length < 2 * DENSE && (length === 0 || place > placeAt(longer, length - 2));
    if (set === undefined && after) {
      longer += lettersOf(place);
      continue;
    }
    set ??= DocSet.of(longer);
    if (has) set.add(place);
    else set.delete(place);
  }
  return set ? set.toString() : longer;
}

/** A set of places 0 to 4,095. What is made of two may be one of them, so that only new ones are added to. */
export class DocSet {
  /** No place: what most blocks have of a word. */
  static readonly NONE = new DocSet();
  /** Every place there is. */
  static readonly ALL = new DocSet(new Uint32Array(WORDS).fill(0xffffffff));

  readonly #bits: Uint32Array;

  constructor(bits: Uint32Array = new Uint32Array(WORDS)) {
    this.#bits = bits;
  }

  static of(text: string): DocSet {
    if (text.length > 2 * DENSE) {
      const bytes = Buffer.from(text, 'base64');
      const bits = new Uint32Array(WORDS);
      for (let at = 0; at < WORDS; at += 1) bits[at] = bytes.readUInt32LE(at * 4);
      return new DocSet(bits);
    }
    const set = new DocSet();
    for (let at = 0; at < text.length; at += 2) set.add(placeAt(text, at));
    return set;
  }

  /** The form that is kept; empty for the empty set. */
  toString(): string {
    if (this.size > DENSE) {
      const bytes = Buffer.alloc(BLOCK / 8);
      for (const [at, word] of this.#bits.entries()) bytes.writeUInt32LE(word, at * 4);
      return bytes.toString('base64').replace(/=+$/, '');
    }
    let text = '';
    for (const place of this.places()) text += lettersOf(place);
    return text;
  }

  get isEmpty(): boolean {
    if (this === DocSet.NONE) return true;
    for (let at = 0; at < WORDS; at += 1) if (this.#bits[at] !== 0) return false;
    return true;
  }

  get size(): number {
    let size = 0;
    for (const word of this.#bits) size += ones(word);
    return size;
  }

  add(place: number): void {
    this.#bits[place >> 5] = (this.#bits[place >> 5] as number) | (1 << (place & 31));
  }

  delete(place: number): void {
    this.#bits[place >> 5] = (this.#bits[place >> 5] as number) & ~(1 << (place & 31));
  }

  has(place: number): boolean {
    return ((this.#bits[place >> 5] as number) & (1 << (place & 31))) !== 0;
  }

  /** Places in order, the last first where `down`. */
  *places(down = false): Generator<number> {
    for (let step = 0; step < WORDS; step += 1) {
      const at = down ? WORDS - 1 - step : step;
      let word = this.#bits[at] as number;
      while (word !== 0) {
        const bit = down ? 31 - Math.clz32(word) : 31 - Math.clz32(word & -word);
        yield at * 32 + bit;
        word &= ~(1 << bit);
      }
    }
  }

  and(other: DocSet): DocSet {
    if (this === DocSet.ALL || other === DocSet.NONE) return other;
    if (other === DocSet.ALL || this === DocSet.NONE) return this;
    const [mine, theirs, both] = [this.#bits, other.#bits, new Uint32Array(WORDS)];
    for (let at = 0; at < WORDS; at += 1) both[at] = (mine[at] as number) & (theirs[at] as number);
    return new DocSet(both);
  }

  or(other: DocSet): DocSet {
    if (other === DocSet.NONE) return this;
    if (this === DocSet.NONE) return other;
    const [mine, theirs, either] = [this.#bits, other.#bits, new Uint32Array(WORDS)];
    for (let at = 0; at < WORDS; at += 1) either[at] = (mine[at] as number) | (theirs[at] as number);
    return new DocSet(either);
  }

  without(other: DocSet): DocSet {
    if (this === DocSet.NONE || other === DocSet.NONE) return this;
    const [mine, theirs, left] = [this.#bits, other.#bits, new Uint32Array(WORDS)];
    for (let at = 0; at < WORDS; at += 1) left[at] = (mine[at] as number) & ~(theirs[at] as number);
    return new DocSet(left);
  }

  /** Those below a place. */
  below(place: number): DocSet {
    const set = new DocSet();
    for (const one of this.places()) if (one < place) set.add(one);
    return set;
  }
}

function ones(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
