/** The room for kept answers: those of each database server by themselves, as each is at its own place in the log. */
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { dayOf } from '../engine/day.ts';

/** An answer as it went out, beside what differs from one request to another. */
export interface Kept {
  /** Undefined where all that is known is that a client has it. */
  readonly body: Buffer | undefined;
  readonly etag: string;
  readonly link: string | undefined;
  readonly revision: number | undefined;
  /** The pattern of the route that it is of. */
  readonly route: string;
  /** Names and values of its headers in turn, where it is answered whole and where a client has it already. */
  readonly whole: readonly string[];
  readonly unchanged: readonly string[];
}

/** The answers that follow from one server's data as it stands. */
interface Shelf {
  readonly answers: LRUCache<string, Kept>;
  current: string;
}

/** Bytes that keeping an answer takes beside its body and name, about. */
const OVERHEAD = 1500;
/** The part of all room that one answer may take. */
const SHARE = 1 / 16;

export interface ShelvesOptions {
  readonly db: Pick<Database, 'stamp' | 'replicas'>;
  readonly now: () => Date;
  readonly megabytes: number;
}

/** Answers by how the database stood before they were made. */
export interface Shelves {
  /** How the database stands: found at once, or promised. */
  readonly stamp: () => string | Promise<string>;
  /** Whether all answers follow from one server's data. */
  readonly one: boolean;
  /** The name under which the answer to a request is kept, be it for those who may read all or for everyone. */
  readonly nameOf: (request: Pick<IncomingMessage, 'headers' | 'url'>, all: boolean) => string;
  /** Whether an answer of the only server is kept under a name, be it of how it stands or of how it stood. */
  readonly has: (name: string) => boolean;
  /** The answer of a name as the database stands; what was kept before that is dropped. */
  readonly find: (stamp: string, name: string) => Kept | undefined;
  /** Keeps an answer, unless the database has moved on. */
  readonly keep: (stamp: string, name: string, make: () => Kept) => void;
}

/** Makes room for answers, so many megabytes in all. */
export function makeShelves({ db, now, megabytes }: ShelvesOptions): Shelves {
  const copies = db.replicas?.states().length ?? 0;
  const bytes = Math.floor((megabytes * 2 ** 20) / (1 + copies));
  const shelves = new Map<string, Shelf>();
  const shelfOf = (stamp: string): Shelf => {
    const server = copies > 0 && stamp.startsWith('replica-') ? stamp.slice(0, stamp.indexOf(' ')) : '';
    const known = shelves.get(server);
    if (known) return known;
    const answers = new LRUCache<string, Kept>({
      maxSize: bytes,
      maxEntrySize: Math.floor(bytes * SHARE),
      sizeCalculation: ({ body }, name) => (body?.length ?? 0) + 2 * name.length + OVERHEAD,
    });
    const made = { answers, current: stamp };
    shelves.set(server, made);
    return made;
  };
  return {
    stamp: () => db.stamp(),
    one: copies === 0,
    // Who names no form takes any.
    nameOf: ({ headers: { accept = '*/*' }, url }, all) => `${all} ${dayOf(now())} ${accept} ${url}`,
    has: (name) => shelves.get('')?.answers.has(name) === true,
    find: (stamp, name) => {
      const shelf = shelfOf(stamp);
      if (stamp !== shelf.current) shelf.answers.clear();
      shelf.current = stamp;
      return shelf.answers.get(name);
    },
    keep: (stamp, name, make) => {
      const shelf = shelfOf(stamp);
      if (stamp === shelf.current) shelf.answers.set(name, make());
    },
  };
}
