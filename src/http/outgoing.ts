/** Answers that are sent in chunks, each made once the one before is out. */
import { Readable } from 'node:stream';

/**
 * A stream of chunks that gives the memory of bytes back as soon as they are out. Left to be collected, bytes, which are
 * kept outside of the heap, have all of the heap looked through several times a second; as texts they would be decoded
 * and encoded again, a third of the computing of a whole list. So nobody else may hold on to them.
 */
export class Outgoing extends Readable {
  readonly #chunks: AsyncGenerator<Buffer | string>;

  constructor(chunks: AsyncGenerator<Buffer | string>) {
    // Nothing is read ahead: chunks go straight to where they are sent.
    super({ read: () => undefined });
    this.#chunks = chunks;
  }

  override pipe<T extends NodeJS.WritableStream>(to: T): T {
    this.#sendTo(to).then(
      () => {
        this.push(null);
        this.resume();
        to.end();
      },
      (error) => this.destroy(error),
    );
    return to;
  }

  async #sendTo(to: NodeJS.WritableStream): Promise<void> {
    for await (const chunk of this.#chunks) {
      await written(to, chunk);
      if (Buffer.isBuffer(chunk)) release(chunk);
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Whoever makes them is told that no more are wanted.
    this.#chunks.return(undefined).then(() => done(error), done);
  }
}

/** Resolves once a chunk has left the process; rejects where it never will. */
function written(to: NodeJS.WritableStream, chunk: Buffer | string): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(chunk as string, (error) => (error ? reject(error) : resolve()));
  });
}

/** Gives memory back, unless it is a part of what others use as well. */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
