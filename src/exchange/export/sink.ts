import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** A finished file. */
export interface Sunk {
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** A new file that is written from its beginning to its end, and its checksum. */
export class Sink {
  readonly #handle: number;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;

  constructor(file: string) {
    this.#handle = openSync(file, 'wx', 0o644);
  }

  write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#handle, bytes, from);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Closes the file once it is on the disk. */
  end(): Sunk {
    fsyncSync(this.#handle);
    closeSync(this.#handle);
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
