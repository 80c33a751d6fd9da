/** Records as the lines of a bundle: what an empty service needs to hold the same. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Kind, type PublicRecord, writableFields } from '../../model/declare.ts';
import type { ExportFile } from './datapackage.ts';
import type { Sink } from './sink.ts';

/** Name of the bundle among the files. */
export const BUNDLE = 'bundle.ndjson.gz';

/** A record as a line of a bundle, with its end: as the POST of its kind takes it, what is null left out. */
export function bundleLine(kind: Kind, record: PublicRecord): string {
  const open = writableFields(kind).filter(([, field]) => !field.restricted);
  const names = [...(kind.slugFrom ? ['slug'] : []), ...open.map(([name]) => name)];
  const given = names.filter((name) => record[name] !== null && record[name] !== undefined);
  const body = Object.fromEntries(given.map((name) => [name, record[name]]));
  return `${JSON.stringify({ kind: kind.name, id: record.id, record: body })}\n`;
}

/** About how many characters are packed at a time. */
const PACKED = 1024 * 1024;

const packed = promisify(gzip);

/** A bundle that is being written: members of gzip one after another (RFC 1952, section 2.2), which are one file. */
export class BundleFile {
  readonly #sink: Sink;
  #lines: string[] = [];
  #length = 0;
  #rows = 0;
  /** What is being packed meanwhile, elsewhere. */
  #packing: Promise<void> = Promise.resolve();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async add(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#lines.push(line);
      this.#length += line.length;
      this.#rows += 1;
      if (this.#length >= PACKED) await this.#pack();
    }
  }

  async end(): Promise<ExportFile> {
    // A file of no record is gzip as well.
    if (this.#length > 0 || this.#rows === 0) await this.#pack();
    await this.#packing;
    return {
      path: BUNDLE,
      format: 'ndjson.gz',
      kind: null,
      rows: this.#rows,
      ...this.#sink.end(),
      description: 'All records as a bundle: loaded into an empty service, they give the same files again.',
    };
  }

  async #pack(): Promise<void> {
    const text = this.#lines.join('');
    this.#lines = [];
    this.#length = 0;
    await this.#packing;
    const packing = packed(text).then((bytes) => this.#sink.write(bytes));
    // It is waited for later, and told of there.
    packing.catch(() => undefined);
    this.#packing = packing;
  }
}
