/** Imports of a running service: one at a time, in small transactions, so that everybody else goes on meanwhile. */
import { rm } from 'node:fs/promises';
import type { Engine } from '../../engine/engine.ts';
import type { Author } from '../../engine/writer.ts';
import { openBundle } from '../bundle.ts';
import { type ImportSettings, importFrom } from './import.ts';
import type { Run } from './run.ts';

/** Records of a transaction: a request waits no longer than for that. */
const PAGE = 100;

/** A bundle that was received, in a folder of its own that is removed with it. */
export interface Received {
  readonly folder: string;
  readonly path: string;
  /** What it is called in the run. */
  readonly name: string;
  /** Bytes it may unpack to. */
  readonly most: number;
}

export interface Imports {
  /** How many run, or wait for their turn. */
  readonly length: () => number;
  /** Takes a bundle in; resolves once its run is written down. */
  readonly take: (
    author: Author,
    received: Received,
    how: Pick<ImportSettings, 'strict' | 'dryRun'>,
  ) => Promise<Run>;
  /** Stops what runs after its transaction; it is marked as interrupted. */
  readonly close: () => Promise<void>;
}

/** `onFault` hears of what went wrong within the service. */
export function openImports(engine: Engine, onFault: (error: unknown) => void): Imports {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  let length = 0;

  return {
    length: () => length,
    take: (author, { folder, path, name, most }, how) =>
      new Promise((resolve, reject) => {
        length += 1;
        const turn = last;
        const work = async () => {
          const source = await openBundle(path, name, most);
          const { cause } = await importFrom(engine, author, source, {
            ...how,
            importer: 'bundle',
            input: name,
            page: PAGE,
            told: true,
            waits: true,
            signal: stopping.signal,
            turn,
            onBegun: resolve,
          });
          if (cause) onFault(cause);
        };
        last = work()
          .catch((error: unknown) => {
            reject(error);
            onFault(error);
          })
          .finally(() => {
            length -= 1;
            return rm(folder, { recursive: true, force: true });
          });
      }),
    close: async () => {
      stopping.abort();
      await last;
    },
  };
}
