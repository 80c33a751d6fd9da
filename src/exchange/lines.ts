/** Lines of a stream of bytes, unpacked where it is gzip; memory holds one chunk and one line. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from './import/record.ts';

/** A line without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Undefined for one that is longer than is taken. */
  readonly bytes: Buffer | undefined;
}

/** The bytes of a stream; of gzip (RFC 1952), known by its first two bytes, what is packed in it. */
export async function* unpacked(
  chunks: AsyncIterable<Buffer>,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) return;
  async function* whole() {
    yield first.value as Buffer;
    yield* { [Symbol.asyncIterator]: () => source };
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* whole();
  const gunzip = createGunzip();
  // What goes wrong reaches the reader below.
  pipeline(Readable.from(whole()), gunzip, () => undefined);
  let size = 0;
  try {
    for await (const chunk of gunzip) {
      size += (chunk as Buffer).length;
      if (size > most) throw new InputError(`the input unpacks to more than ${most} bytes`);
      yield chunk as Buffer;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') ? new InputError(`the input is not whole as gzip: ${message}`) : error;
  }
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The lines of some bytes; `longest` is in bytes. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Line> {
  let number = 0;
  let begun: Buffer[] = [];
  let length = 0;
  const line = (rest: Buffer): Line => {
    number += 1;
    const whole = length === 0 ? rest : Buffer.concat([...begun, rest]);
    const tooLong = length + rest.length > longest;
    begun = [];
    length = 0;
    if (tooLong) return { number, bytes: undefined };
    return { number, bytes: whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      yield line(chunk.subarray(from, to));
      from = to + 1;
    }
    if (from === chunk.length) continue;
    const rest = chunk.subarray(from);
    length += rest.length;
    // Of one that is too long already, only its end is waited for.
    if (length <= longest) begun.push(rest);
    else begun = [];
  }
  if (length > 0) yield line(Buffer.alloc(0));
}
