/** How many live records of each kind there are: counted a stretch of ids at a time, so that nobody waits for more. */
import { setImmediate } from 'node:timers/promises';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import { revisionOf } from '../engine/list.ts';
import { tableOf } from '../engine/select.ts';
import type { Kind } from '../model/declare.ts';
import { kinds } from '../model/kinds.ts';

/** Rows looked at in one transaction. */
const STRETCH = 10_000;

export interface RecordCounts {
  /** Live records, by the name of their kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Number of the change up to which all is counted; some later ones may be. */
  readonly revision: number;
  /** An instant. */
  readonly counted_at: string;
}

/** Counts the live records of every kind; throws when `signal` says to stop. */
export async function countRecords(
  engine: Engine,
  signal: AbortSignal,
  stretch = STRETCH,
): Promise<RecordCounts> {
  const counted_at = engine.now().toISOString();
  const revision = await engine.db.read((session) => revisionOf(session, engine));
  const counts: Record<string, number> = {};
  for (const kind of kinds) {
    counts[kind.name] = 0;
    let after: string | undefined = FIRST;
    do {
      signal.throwIfAborted();
      const from: string = after;
      const { live, last } = await engine.db.read((session) =>
        countStretch(engine, session, kind, from, stretch),
      );
      counts[kind.name] = (counts[kind.name] as number) + live;
      after = last;
      // Requests that came in meanwhile go first.
      await setImmediate();
    } while (after !== undefined);
  }
  return { counts, revision, counted_at };
}

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Counts the live ones of the next rows; `last` is the id to go on after, undefined at the end. */
async function countStretch(
  { db }: Engine,
  session: Session,
  kind: Kind,
  after: string,
  stretch: number,
): Promise<{ live: number; last: string | undefined }> {
  const table = tableOf(db, kind);
  const some = sql`(select ${table.id} as id, ${table.deleted_at} as deleted_at from ${table}
    where ${table.id} > ${sql.placeholder('after')} order by ${table.id} limit ${sql.raw(String(stretch))}) as stretch`;
  const [row] = await session.all<{ seen: number; live: number; last: string | null }>(
    `count ${stretch} of ${kind.name}`,
    (on) =>
      on
        .select({
          seen: sql<number>`count(*)`.mapWith(Number).as('seen'),
          live: sql<number>`sum(case when stretch.deleted_at is null then 1 else 0 end)`
            .mapWith(Number)
            .as('live'),
          // Not every server knows the greatest of ids themselves.
          last: sql<string | null>`max(cast(stretch.id as text))`.as('last'),
        })
        .from(some),
    { after },
  );
  const { seen = 0, live = 0, last = null } = row ?? {};
  return { live: live ?? 0, last: seen < stretch ? undefined : (last ?? undefined) };
}
