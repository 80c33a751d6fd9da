/**
 * The elements of the arrays of a JSON document (`{"persons": [{…}, …], …}`), one after another, so that memory holds one
 * element however large the document is. Only what stands between elements is looked at here; each is parsed by itself,
 * and those of arrays that nobody asks for not at all, which is what a parser of the whole would spend its time on.
 */
import { InputError } from '../import/record.ts';

/** An element of an array, with its place there from 0; its bytes only where they are wanted and not too long. */
export interface Element {
  readonly array: string;
  readonly index: number;
  readonly bytes?: Buffer;
}

const [QUOTE, ESCAPE, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const isBlank = (byte: number) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x3a;

/** Longest element that is taken, in bytes. */
const LONGEST = 16 * 1024 * 1024;

/** The elements of a document's arrays. Throws an `InputError` where it is no object, or ends before its end. */
export async function* elementsOf(
  chunks: AsyncIterable<Buffer>,
  file: string,
  wanted: (array: string) => boolean,
): AsyncGenerator<Element> {
  const splitter = new Splitter(file, wanted);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  splitter.end();
}

class Splitter {
  readonly #file: string;
  readonly #wanted: (array: string) => boolean;
  #depth = 0;
  #ended = false;
  #inText = false;
  #escaped = false;
  /** Bytes of the name or element that has begun, from chunks before. */
  #kept: Buffer[] = [];
  #length = 0;
  /** Where in this chunk what is being kept begins; undefined where nothing is. */
  #from: number | undefined;
  #name = '';
  #array: string | undefined;
  #taken = false;
  #begun = false;
  #index = 0;

  constructor(file: string, wanted: (array: string) => boolean) {
    this.#file = file;
    this.#wanted = wanted;
  }

  *push(chunk: Buffer): Generator<Element> {
    if (this.#from !== undefined) this.#from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#inText) {
        at = this.#text(chunk, at);
        continue;
      }
      if (isBlank(byte)) continue;
      if (this.#depth === 0) this.#start(byte);
      else if (this.#depth === 1) this.#member(byte, at);
      else {
        const element = this.#element(chunk, byte, at);
        if (element) yield element;
      }
    }
    if (this.#from !== undefined) this.#keep(chunk.subarray(this.#from));
  }

  end(): void {
    if (!this.#ended) throw new InputError(`${this.#file} ends before its end: it is not whole as JSON`);
  }

  /** Passes over a text; returns the place of its last byte in this chunk. */
  #text(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#escaped) this.#escaped = false;
      else if (byte === ESCAPE) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inText = false;
        if (this.#depth === 1) this.#name = this.#cut(chunk, at + 1).toString();
        return at;
      }
    }
    return chunk.length;
  }

  #start(byte: number): void {
    if (byte !== OPEN || this.#ended)
      throw new InputError(
        `${this.#file} is not one JSON object with lists such as "persons" and "memberships"`,
      );
    this.#depth = 1;
  }

  /** A byte between the members of the document. */
  #member(byte: number, at: number): void {
    if (byte === QUOTE) {
      this.#inText = true;
      this.#from = at;
    } else if (byte === OPEN_LIST || byte === OPEN) {
      this.#depth = 2;
      this.#array = byte === OPEN_LIST ? nameIn(this.#name) : undefined;
      this.#taken = this.#array !== undefined && this.#wanted(this.#array);
      this.#index = 0;
      this.#begun = false;
    } else if (byte === CLOSE) {
      this.#depth = 0;
      this.#ended = true;
    }
  }

  /** A byte within a list, or within a member that is none. */
  #element(chunk: Buffer, byte: number, at: number): Element | undefined {
    const closes = byte === CLOSE || byte === CLOSE_LIST;
    if (this.#depth === 2 && (closes || byte === COMMA)) {
      const element = this.#begun ? this.#made(chunk, at) : undefined;
      if (closes) this.#depth = 1;
      if (closes) this.#array = undefined;
      return element;
    }
    if (this.#depth === 2 && this.#array !== undefined && !this.#begun) {
      this.#begun = true;
      if (this.#taken) this.#from = at;
    }
    if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN || byte === OPEN_LIST) this.#depth += 1;
    else if (closes) this.#depth -= 1;
    return undefined;
  }

  #made(chunk: Buffer, end: number): Element {
    const tooLong = this.#length > LONGEST;
    const bytes = this.#taken ? this.#cut(chunk, end) : undefined;
    const element = { array: this.#array as string, index: this.#index };
    this.#index += 1;
    this.#begun = false;
    return bytes && !tooLong ? { ...element, bytes } : element;
  }

  /** What was kept, up to a place in this chunk. */
  #cut(chunk: Buffer, end: number): Buffer {
    const last = chunk.subarray(this.#from ?? end, end);
    const whole = this.#kept.length === 0 ? last : Buffer.concat([...this.#kept, last]);
    this.#kept = [];
    this.#length = 0;
    this.#from = undefined;
    return whole;
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    // Of an element that is too long already, only its end is waited for.
    if (this.#length <= LONGEST) this.#kept.push(bytes);
    else this.#kept = [];
  }
}

function nameIn(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
