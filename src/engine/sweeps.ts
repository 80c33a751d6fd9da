/** Sweeping out what the service keeps for a while only, in small transactions that nobody waits long for. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Column, Table } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import { kinds } from '../model/kinds.ts';
import { DAY } from './day.ts';
import type { Engine } from './engine.ts';
import { setHorizon } from './horizon.ts';
import { revisionOf } from './list.ts';
import { type Duty, inTurn } from './turns.ts';

const HOUR = 3_600_000;

/** How long the answer to a request with an `Idempotency-Key` is kept, in milliseconds. */
export const IDEMPOTENCY_KEPT = DAY;

/** How long a cursor can be followed, in milliseconds. */
export const CURSOR_LIFETIME = 7 * DAY;

/** How long it is kept how much a key wrote in a day, in milliseconds. */
const WRITES_KEPT = 7 * DAY;

/** Rows deleted in one transaction at most. */
const ROWS = 1000;

/** How many rows a sweep took out, by table. */
export type Swept = Readonly<
  Record<'idempotency_keys' | 'key_writes' | 'rate_windows' | 'sort_moves', number>
>;

/** Takes out answers kept for repeats, counts of writes and requests, and places in orders that are too old to be asked for. */
export async function sweep(engine: Engine): Promise<Swept> {
  const { idempotencyKeys, keyWrites, rateWindows } = engine.db.tables;
  const before = (age: number) => new Date(engine.now().getTime() - age).toISOString();
  return {
    idempotency_keys: await takeOut(engine, 'idempotency keys', idempotencyKeys, ['api_key_id', 'key'], {
      where: sql`${idempotencyKeys.created_at} <= ${sql.placeholder('before')}`,
      values: { before: before(IDEMPOTENCY_KEPT) },
    }),
    key_writes: await takeOut(engine, 'key writes', keyWrites, ['key_id', 'day'], {
      where: sql`${keyWrites.day} < ${sql.placeholder('before')}`,
      values: { before: before(WRITES_KEPT).slice(0, 10) },
    }),
    rate_windows: await takeOut(engine, 'rate windows', rateWindows, ['client'], {
      where: sql`${rateWindows.ends_at} <= ${sql.placeholder('before')}`,
      values: { before: before(0) },
    }),
    sort_moves: await sweepMoves(engine, before(CURSOR_LIFETIME)),
  };
}

/** Forgets where records stood before an instant; cursors from before then are refused first. */
async function sweepMoves(engine: Engine, before: string): Promise<number> {
  const horizon = await lastChangeBefore(engine, before);
  if (horizon === 0) return 0;
  await setHorizon(engine, horizon);
  const { sortMoves } = engine.db.tables;
  let taken = 0;
  for (const kind of kinds) {
    for (const sort of [...Object.keys(kind.sorts), 'updated_at']) {
      taken += await takeOut(engine, 'sort moves', sortMoves, ['record_id', 'sort', 'until'], {
        // As the index has it.
        where: sql`${sortMoves.kind} = ${sql.placeholder('kind')} and ${sortMoves.sort} = ${sql.placeholder('sort')}
          and ${sortMoves.until} <= ${sql.placeholder('horizon')}`,
        values: { kind: kind.name, sort, horizon },
      });
    }
  }
  return taken;
}

async function lastChangeBefore(engine: Engine, before: string): Promise<number> {
  const { changes } = engine.db.tables;
  const rows = await engine.db.read((session) =>
    session.all<{ seq: number }>(
      'last change before',
      (on) =>
        on
          .select({ seq: changes.seq as Column })
          .from(changes)
          .where(sql`${changes.at} <= ${sql.placeholder('before')}`)
          .orderBy(sql`${changes.at} desc, ${changes.seq} desc`)
          .limit(1),
      { before },
    ),
  );
  return rows[0]?.seq ?? 0;
}

interface Condition {
  readonly where: SQL;
  readonly values: Row;
}

/** Deletes the rows that match, some at a time; returns how many there were. */
async function takeOut(
  engine: Engine,
  name: string,
  table: Table,
  key: readonly string[],
  { where, values }: Condition,
): Promise<number> {
  const columns = sql.join(
    key.map((column) => sql`${table[column]}`),
    sql`, `,
  );
  const some = (session: Session) =>
    session.all(
      `sweep ${name}`,
      (on) =>
        on
          .delete(table)
          .where(
            sql`(${columns}) in (select ${columns} from ${table} where ${where} limit ${sql.placeholder('rows')})`,
          )
          .returning({ key: table[key[0] as string] as Column }),
      { ...values, rows: ROWS },
    );
  for (let taken = 0; ; ) {
    const { length } = await engine.db.write(some);
    taken += length;
    if (length < ROWS) return taken;
    await turn();
  }
}

/** What others want to be done as often as sweeping is; `signal` says to leave the rest of it. */
export type Further = (engine: Engine, signal: AbortSignal) => Promise<unknown>;

/** Sweeping, which one process of a tracker does an hour. */
const SWEEPING: Duty = { name: 'sweep', every: HOUR };

/** How often it is looked whether it is due, in milliseconds. */
const LOOK = HOUR / 6;

/**
 * Sweeps every hour, beginning now, where no other process of the tracker has, and does what is `further` wanted; what
 * fails is told to `failed`, keeps nothing else from being done, and is tried again soon. Returns what ends it.
 */
export function keepSweeping(
  engine: Engine,
  failed: (error: unknown) => void,
  further: readonly Further[] = [],
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const ending = new AbortController();
  const go = () => {
    running = running.then(() => sweepInTurn(engine, failed, further, ending.signal)).catch(failed);
  };
  go();
  const timer = setInterval(go, LOOK);
  timer.unref();
  return async () => {
    clearInterval(timer);
    ending.abort();
    await running;
  };
}

async function sweepInTurn(
  engine: Engine,
  failed: (error: unknown) => void,
  further: readonly Further[],
  signal: AbortSignal,
): Promise<void> {
  await inTurn(engine, SWEEPING, async (_claim, done) => {
    let well = true;
    for (const work of [sweep, ...further]) {
      await work(engine, signal).catch((error: unknown) => {
        well = false;
        failed(error);
      });
    }
    if (well) done(await engine.db.read((session) => revisionOf(session, engine)));
  });
}
