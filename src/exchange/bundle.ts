/**
 * Bundles: NDJSON, a record a line, `{"kind": "policy", "id": …, "record": {…}}`, the record as POST takes it; packed
 * with gzip or not.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Content } from '../engine/content.ts';
import { parseJson } from '../engine/parse-json.ts';
import { type Fault, Problem } from '../errors.ts';
import { type Input, InputError, type Read } from './import/record.ts';
import { notReadable } from './input-files.ts';
import { linesOf, unpacked } from './lines.ts';

/** Longest line, in bytes: the longest body of a request. */
export const LONGEST_LINE = 16 * 1024 * 1024;

/** A bundle in a file; `most` is how many bytes it may unpack to. Rejects where there is no such file. */
export async function openBundle(path: string, name = path, most?: number): Promise<Input> {
  const fail = (error: NodeJS.ErrnoException) => {
    throw notReadable(path, error);
  };
  const found = await stat(path).catch(fail);
  if (found.isDirectory()) throw notReadable(path, { code: 'EISDIR' });
  const { size } = found;
  return {
    fingerprint: await fingerprintOf(path, size).catch(fail),
    total: size,
    read: (onProgress) => readBundle(counted(createReadStream(path), onProgress), name, most),
  };
}

/** Lines at the beginning of which one at least is JSON, or the input is no bundle. */
const FIRST = 10;

/**
 * The records of a bundle; `file` is what its lines are said to stand in. Throws an `InputError` where it begins with
 * lines of something else.
 */
export async function* readBundle(
  chunks: AsyncIterable<Buffer>,
  file: string,
  most?: number,
): AsyncGenerator<Read> {
  let first: Read[] | undefined = [];
  for await (const { number, bytes } of linesOf(unpacked(chunks, most), LONGEST_LINE)) {
    if (bytes && isBlank(bytes)) continue;
    const { json, read } = readLine(number === 1 ? withoutMark(bytes) : bytes, { file, line: number });
    if (first === undefined) {
      yield read;
      continue;
    }
    first.push(read);
    if (!json && first.length === FIRST) throw noBundle(file);
    if (!json) continue;
    yield* first;
    first = undefined;
  }
  yield* first ?? [];
}

const noBundle = (file: string) =>
  new InputError(
    `${file} is no bundle: its first ${FIRST} lines are not JSON, and each line is to be ${FORM}`,
  );

const TOO_LONG: Fault = {
  pointer: '',
  message: 'is too long',
  expected: `a line of at most ${LONGEST_LINE} bytes`,
};

/** Whether a line has nothing but spaces. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}

/** Some programs begin a file with a mark of its byte order. */
function withoutMark(bytes: Buffer | undefined): Buffer | undefined {
  return bytes?.indexOf('\ufeff') === 0 ? bytes.subarray(3) : bytes;
}

/** What stands in a line, and whether it is JSON at all. */
function readLine(bytes: Buffer | undefined, place: Read['place']): { json: boolean; read: Read } {
  if (bytes === undefined) return { json: false, read: { kind: null, place, faults: [TOO_LONG] } };
  let line: unknown;
  try {
    line = parseJson(bytes);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // What is JSON, and still refused, is told of by its place in it.
    const json = error.errors.length > 0;
    const faults = json
      ? error.errors
      : [{ pointer: '', message: error.message.replace(/^The body/, 'the line') }];
    return { json, read: { kind: null, place, faults } };
  }
  return { json: true, read: fromLine(line, place) };
}

function fromLine(line: unknown, place: Read['place']): Read {
  const faults = formFaults(line);
  const { kind, id, record } = (line ?? {}) as { kind: string; id?: string; record: Content };
  if (faults.length > 0) return { kind: typeof kind === 'string' ? kind : null, place, faults };
  return { kind, body: record, place, ...(id === undefined ? {} : { id }) };
}

const MEMBERS = ['kind', 'id', 'record'];
const FORM = '{"kind": …, "record": {…}}, and an "id" where it has one';

/** What is wrong with the members of a line, as far as a record of any format has not got them. */
function formFaults(line: unknown): Fault[] {
  if (line === null || typeof line !== 'object' || Array.isArray(line))
    return [{ pointer: '', message: 'is not an object', expected: FORM }];
  const unknown = Object.keys(line).filter((name) => !MEMBERS.includes(name));
  return unknown.map((name) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `unknown field '${name}'`,
    expected: FORM,
    got: name,
  }));
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  onProgress: (done: number) => void,
): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const chunk of chunks) {
    yield chunk;
    done += chunk.length;
    onProgress(done);
  }
}

/** Bytes at either end of a file that tell it from others of its size. */
const END = 256 * 1024;

/** What tells a file from others, without reading all of it. */
async function fingerprintOf(path: string, size: number): Promise<string> {
  const file = await open(path);
  try {
    const hash = createHash('sha256').update(String(size));
    for (const start of [0, Math.max(END, size - END)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(END), 0, END, start);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
