/** How many records a key may write in a day (UTC): counted in the transaction that writes them. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import type { Writer } from '../engine/writer.ts';
import type { ApiKey } from './keys.ts';
import { beyond, type Standing } from './rates.ts';

const DAY = 86_400;

/**
 * Counts records that a key writes, and says where it stands then; undefined for a key without a quota. Throws a 429,
 * which undoes the transaction and with it the count, when they are more than the key has left.
 */
export async function countWrites(
  writer: Writer,
  { id, name, dailyWrites }: ApiKey,
  records: number,
): Promise<Standing | undefined> {
  if (dailyWrites === null || records === 0) return undefined;
  const day = writer.at.slice(0, 10);
  const written = await addWrites(writer, id, day, records);
  const standing: Standing = {
    policy: { name: 'writes', quota: dailyWrites, seconds: DAY },
    left: Math.max(0, dailyWrites - written),
    reset: secondsToMidnight(writer.at),
  };
  if (written <= dailyWrites) {
    if (written === records) await forgetDaysBefore(writer, id, day);
    return standing;
  }
  const left = Math.max(0, dailyWrites - (written - records));
  throw beyond(
    { ...standing, left },
    `${name} may write ${dailyWrites} records a day (UTC): ${left} are left today, and this would write ${records}.`,
  );
}

/** Whole seconds from an instant to the end of its day in UTC. */
function secondsToMidnight(at: string): number {
  const since = Date.parse(at) % (DAY * 1000);
  return Math.ceil((DAY * 1000 - since) / 1000);
}

/** Adds to a key's count of a day; returns the count then. */
async function addWrites(
  { engine, session }: Writer,
  keyId: string,
  day: string,
  records: number,
): Promise<number> {
  const { keyWrites } = engine.db.tables;
  const row = {
    key_id: sql.placeholder('keyId'),
    day: sql.placeholder('day'),
    writes: sql.placeholder('records'),
  };
  const [counted] = await session.all<{ writes: number }>(
    'count the writes of a key',
    (on) =>
      on
        .insert(keyWrites)
        .values(row as never)
        .onConflictDoUpdate({
          target: [keyWrites.key_id as Column, keyWrites.day as Column] as never,
          set: { writes: sql`${keyWrites.writes} + ${sql.placeholder('records')}` } as never,
        })
        .returning({ writes: keyWrites.writes as Column }),
    { keyId, day, records },
  );
  return counted?.writes as number;
}

/** Takes away a key's counts of days gone by. */
async function forgetDaysBefore({ engine, session }: Writer, keyId: string, day: string): Promise<void> {
  const { keyWrites } = engine.db.tables;
  await session.run(
    'forget the writes of a key',
    (on) =>
      on
        .delete(keyWrites)
        .where(
          sql`${keyWrites.key_id} = ${sql.placeholder('keyId')} and ${keyWrites.day} < ${sql.placeholder('day')}`,
        ),
    { keyId, day },
  );
}
