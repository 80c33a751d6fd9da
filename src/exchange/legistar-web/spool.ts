/**
 * What was fetched of a council, on disk as it came: an import that was interrupted goes on from there, and asks for
 * nothing twice. One line a thing; the first says since when, the last that nothing is missing.
 */
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rm, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { linesOf } from '../lines.ts';
import type { Reached, Thing } from './web-things.ts';

/** The first line. */
export interface Beginning {
  readonly begun: string;
  readonly base: string;
  readonly since: string | null;
}

/** How long what was begun may be taken up again, in milliseconds: a week. */
const STALE = 7 * 24 * 60 * 60 * 1000;
const LONGEST = 256 * 1024 * 1024;

export class Spool {
  readonly #path: string;
  readonly beginning: Beginning;

  private constructor(path: string, beginning: Beginning) {
    this.#path = path;
    this.beginning = beginning;
  }

  /** Takes up what is there of the same input and not at its end, else begins anew; `now` is an instant. */
  static async open(path: string, now: string, wanted: Omit<Beginning, 'begun'>): Promise<Spool> {
    await mkdir(dirname(path), { recursive: true });
    const found = await stateOf(path);
    const { begun, base, since } = found.beginning ?? {};
    const young = begun !== undefined && Date.parse(now) - Date.parse(begun) < STALE;
    if (found.beginning && !found.ended && young && base === wanted.base && since === wanted.since) {
      // The last line may have been cut off in the middle.
      await truncate(path, found.length);
      return new Spool(path, found.beginning);
    }
    const beginning = { begun: now, ...wanted };
    await rm(path, { force: true });
    await appendFile(path, `${JSON.stringify(beginning)}\n`);
    return new Spool(path, beginning);
  }

  /** What has been fetched, in its order. */
  async *things(): AsyncGenerator<Thing> {
    for await (const line of linesIn(this.#path)) {
      const value = JSON.parse(line) as Thing | Beginning | End;
      if ('of' in value) yield value;
    }
  }

  /** Adds something that was fetched; it is on the disk before anything is made of it. */
  async add(thing: Thing): Promise<void> {
    const file = await open(this.#path, 'a');
    try {
      await file.appendFile(`${JSON.stringify(thing)}\n`);
    } finally {
      await file.close();
    }
  }

  /** Notes that nothing is missing: the next import begins anew. */
  async end(): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify({ ended: true } satisfies End)}\n`);
  }
}

interface End {
  readonly ended: true;
}

interface State {
  readonly beginning?: Beginning;
  readonly ended: boolean;
  /** Bytes of whole lines. */
  readonly length: number;
}

async function stateOf(path: string): Promise<State> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return { ended: false, length: 0 };
  let beginning: Beginning | undefined;
  let ended = false;
  let length = 0;
  for await (const line of linesIn(path)) {
    let value: Partial<Beginning & End>;
    try {
      value = JSON.parse(line);
    } catch {
      break;
    }
    // A line without its end was cut off there.
    if (length + Buffer.byteLength(line) + 1 > there.size) break;
    length += Buffer.byteLength(line) + 1;
    if (value.begun) beginning = value as Beginning;
    ended = value.ended === true;
  }
  return { ...(beginning ? { beginning } : {}), ended, length };
}

async function* linesIn(path: string): AsyncGenerator<string> {
  for await (const { bytes } of linesOf(createReadStream(path), LONGEST)) if (bytes) yield bytes.toString();
}

/** Where fetching has come to: what was fetched last. */
export const reachedBy = (thing: Thing): Reached => ({ of: thing.of, id: thing.id });
