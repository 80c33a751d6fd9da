/** Keys as requests bear them: looked up, remembered for a moment, and their last use noted. */
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { type ApiKey, type KeyRow, opened, partsOfKey, readKey } from './keys.ts';

/** How long a key is taken to be as it was read, in milliseconds: revoking works within a second. */
const REMEMBERED = 500;

/** Most keys remembered at a time. */
const KEPT = 1000;

/** Least time between two writes of when keys were used, in milliseconds. */
const USE_NOTED = 60_000;

export interface KeyRing {
  /** The valid key a text is, or undefined: malformed, unknown, wrong, revoked and expired ones alike. */
  readonly find: (text: string) => Promise<ApiKey | undefined>;
  /** Writes down the uses that were not yet, and ends. */
  readonly close: () => Promise<void>;
}

export interface Clocks {
  readonly now: () => Date;
  /** Milliseconds that never go back. */
  readonly elapsed: () => number;
}

/** Opens the keys of a database; `failed` hears of uses that could not be written down. */
export function openKeyRing(
  db: Database,
  { now, elapsed }: Clocks,
  failed: (error: unknown) => void,
): KeyRing {
  const rows = new LRUCache<string, KeyRow>({
    max: KEPT,
    ttl: REMEMBERED,
    ttlResolution: 0,
    perf: { now: elapsed },
    // What is unknown is not remembered: a key works as soon as it is made.
    fetchMethod: (prefix) => readKey(db, prefix),
  });
  const uses = noteUses(db, failed);
  return {
    find: async (text) => {
      const parts = partsOfKey(text);
      if (parts === undefined) return undefined;
      const moment = now();
      const key = opened(await rows.fetch(parts.prefix), parts.secret, moment);
      if (key) uses.note(key.id, moment.toISOString());
      return key;
    },
    close: uses.close,
  };
}

/** Keeps when keys were last used: written beside the requests, at once the first time and then once a minute. */
function noteUses(db: Database, failed: (error: unknown) => void) {
  const noted = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = () => {
    const uses = [...noted];
    if (uses.length === 0) return;
    noted.clear();
    writing = saveUses(db, uses).catch(failed);
  };
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (noted.size === 0) return;
      rest();
      write();
    }, USE_NOTED);
    timer.unref();
  };
  return {
    note(id: string, at: string): void {
      noted.set(id, at);
      if (timer) return;
      rest();
      // After the request that uses the key has begun its own work.
      setImmediate(write);
    },
    async close(): Promise<void> {
      clearTimeout(timer);
      await writing;
      write();
      await writing;
    },
  };
}

/** Writes when keys were used; another process may have seen them later. */
async function saveUses(db: Database, uses: readonly (readonly [id: string, at: string])[]): Promise<void> {
  const { apiKeys } = db.tables;
  await db.write(async (session) => {
    for (const [id, at] of uses) {
      await session.run(
        'note the use of a key',
        (on) =>
          on
            .update(apiKeys)
            .set({ last_used_at: sql.placeholder('at') } as never)
            .where(
              sql`${apiKeys.id} = ${sql.placeholder('id')} and (${apiKeys.last_used_at} is null or ${apiKeys.last_used_at} < ${sql.placeholder('at')})`,
            ),
        { id, at },
      );
    }
  });
}
