/**
 * Counts of requests that the processes of a tracker share: each tells once a second what was taken from it, and hears
 * what was taken from all. Only clients that use a real part of their allowance are told of, so that a tracker that is
 * read by many writes little on their account.
 */
import { createHash } from 'node:crypto';
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import type { Owed, Rates } from './rates.ts';

/** How counts are shared. */
export interface Sharing {
  /** Part of an allowance from which on what a client takes is told. */
  readonly part: number;
  /** How often, in milliseconds; 0 for never by itself. */
  readonly every: number;
}

/** Clients told of at a time at most; the rest have their turn the next time. */
const MOST = 200;

type Sharer = Pick<Engine, 'db' | 'now'>;

/** Tells and hears what clients have taken; where that fails, each process counts for itself until it does not. */
export async function tellRates(engine: Sharer, rates: Rates): Promise<void> {
  const owed = rates.owed(MOST);
  if (owed.length === 0) return;
  const now = engine.now().getTime();
  try {
    const all = await engine.db.write(async (session) => {
      const rows: Taken[] = [];
      // In one order everywhere.
      for (const one of owed) rows.push(await add(engine, session, one, now));
      return rows;
    });
    owed.forEach(({ settle }, at) => {
      const { taken, ends_at } = all[at] as Taken;
      settle(taken, Date.parse(ends_at) - now);
    });
  } catch (error) {
    for (const { back } of owed) back();
    throw error;
  }
}

interface Taken {
  readonly taken: number;
  readonly ends_at: string;
}

/** Adds to what a client has taken in the window that runs, or begins one where none does. */
async function add(
  { db }: Sharer,
  session: Session,
  { client, taken, left }: Owed,
  now: number,
): Promise<Taken> {
  const { rateWindows } = db.tables;
  const goesOn = sql`${rateWindows.ends_at} > ${sql.placeholder('now')}`;
  const given = (name: string) => sql.raw(`excluded.${name}`);
  const row = {
    client: sql.placeholder('client'),
    taken: sql.placeholder('taken'),
    ends_at: sql.placeholder('endsAt'),
  };
  const [all] = await session.all<Taken>(
    'add to what a client has taken',
    (on) =>
      on
        .insert(rateWindows)
        .values(row as never)
        .onConflictDoUpdate({
          target: rateWindows.client as Column,
          set: {
            taken: sql`case when ${goesOn} then ${rateWindows.taken} else 0 end + ${given('taken')}`,
            ends_at: sql`case when ${goesOn} then ${rateWindows.ends_at} else ${given('ends_at')} end`,
          } as never,
        })
        .returning({ taken: rateWindows.taken as Column, ends_at: rateWindows.ends_at as Column }),
    {
      client: hidden(client),
      taken,
      endsAt: new Date(now + left).toISOString(),
      now: new Date(now).toISOString(),
    },
  );
  return all as Taken;
}

/** What stands for a client: who reads the database need not see at once who asked. */
function hidden(client: string): string {
  return createHash('sha256').update(`civic client ${client}`).digest('hex').slice(0, 32);
}

/** Tells rates every so often; what fails is told to `failed`. Returns what ends it. */
export function keepTelling(
  engine: Sharer,
  rates: Rates,
  every: number,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const tell = () => {
    running ??= tellRates(engine, rates)
      .catch(failed)
      .then(() => {
        running = undefined;
      });
  };
  const timer = setInterval(tell, every);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
