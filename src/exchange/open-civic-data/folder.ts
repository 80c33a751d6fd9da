/** A folder of one scrape: its files by kind, each read and held against its schema when it is wanted. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { unstorableTexts } from '../../engine/validate.ts';
import type { Fault } from '../../errors.ts';
import type { Place } from '../import/record.ts';
import { faultsIn } from '../lenient.ts';
import { type FileKind, type FileOf, files } from './schemas.ts';

/** A file as it was read, or what is wrong with it. */
export type File<K extends FileKind> =
  | { readonly place: Place; readonly data: FileOf<K> }
  | { readonly place: Place; readonly faults: readonly Fault[] };

/** Kinds of file, those of longer names first: `vote_event_…` begins with no other. */
const KINDS = Object.keys(files) as FileKind[];

/** The kind of a file by its name (`bill_UUID.json`); undefined for what no scraper writes. */
export function kindOfFile(name: string): FileKind | undefined {
  return name.endsWith('.json') ? KINDS.find((kind) => name.startsWith(`${kind}_`)) : undefined;
}

/** Files kept once read: votes mention their bill one after another. */
const KEPT = 200;

/** What a text may hold that a database cannot keep, as JSON writes it. */
const SUSPICIOUS = /\\u0000|\\u[dD][89a-fA-F]|\0/;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

export class Folder {
  /** From the root of the input; empty for the root itself. */
  readonly path: string;
  readonly #root: string;
  readonly #names: ReadonlyMap<FileKind | undefined, readonly string[]>;
  readonly #bills = new LRUCache<string, File<'bill'>>({ max: KEPT });

  constructor(root: string, path: string) {
    this.#root = root;
    this.path = path;
    const names = readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
    this.#names = Map.groupBy(names, kindOfFile);
  }

  /** Names of the files of a kind, in order; without one, of those that no scraper writes. */
  names(kind?: FileKind): readonly string[] {
    return this.#names.get(kind) ?? [];
  }

  /** The path of a file from the root of the input. */
  placeOf(name: string): Place {
    return { file: this.path === '' ? name : `${this.path}/${name}`, line: null };
  }

  /** Every file of a kind. */
  *all<K extends FileKind>(kind: K): Generator<File<K>> {
    for (const name of this.names(kind)) yield this.#read(kind, name);
  }

  /** The bill with an id of this scrape; undefined where there is none that can be read. */
  bill(id: string): FileOf<'bill'> | undefined {
    const name = `bill_${id.replaceAll('/', '-')}.json`;
    const file = this.#bills.get(name) ?? this.#readIfThere(name);
    if (file === undefined) return undefined;
    this.#bills.set(name, file);
    return 'data' in file ? file.data : undefined;
  }

  #readIfThere(name: string): File<'bill'> | undefined {
    // What is in no scrape is asked for again and again; names are looked at before the disk is.
    return this.#has(name) ? this.#read('bill', name) : undefined;
  }

  #has(name: string): boolean {
    const names = this.names('bill');
    let [low, high] = [0, names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((names[middle] as string) < name) low = middle + 1;
      else high = middle;
    }
    return names[low] === name;
  }

  #read<K extends FileKind>(kind: K, name: string): File<K> {
    const place = this.placeOf(name);
    let text: string;
    let data: unknown;
    try {
      text = UTF8.decode(readFileSync(join(this.#root, this.path, name)));
      data = JSON.parse(text);
    } catch (error) {
      const message = error instanceof SyntaxError ? `is not JSON: ${error.message}` : 'is not valid UTF-8';
      return { place, faults: [{ pointer: '', message, expected: 'a file as the scraper wrote it' }] };
    }
    if (SUSPICIOUS.test(text)) {
      const faults = unstorableTexts(data);
      if (faults.length > 0) return { place, faults };
    }
    const faults = faultsIn(files[kind], data);
    return faults.length > 0 ? { place, faults } : { place, data: data as FileOf<K> };
  }
}
