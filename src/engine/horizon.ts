/** How far back it is known where records stood in their orders: a cursor from before then can no longer be followed. */
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import type { Engine } from './engine.ts';
import { setMark } from './marks.ts';

const MARK = 'sort_moves_horizon';

/** The number of the last change, and the one up to which places in orders are forgotten; one statement. */
export async function revisionAndHorizon(
  session: Session,
  { db }: Pick<Engine, 'db'>,
): Promise<{ revision: number; horizon: number }> {
  const { changes, marks } = db.tables;
  const rows = await session.all<{ revision: number | null; horizon: number | null }>(
    'revision and horizon',
    (on) =>
      on
        .select({
          revision: sql<number | null>`max(${changes.seq})`.mapWith(changes.seq as Column),
          horizon: horizonNow({ tables: db.tables }).mapWith(marks.value as Column) as SQL<number | null>,
        })
        .from(changes),
  );
  return { revision: rows[0]?.revision ?? 0, horizon: rows[0]?.horizon ?? 0 };
}

/** The number up to which places in orders are forgotten, as a part of another statement. */
export function horizonNow({ tables: { marks } }: Pick<Engine['db'], 'tables'>): SQL {
  return sql`(select ${marks.value} from ${marks} where ${marks.name} = ${MARK})`;
}

/** Notes that places in orders up to a change are about to be forgotten. */
export async function setHorizon(engine: Engine, seq: number): Promise<void> {
  await engine.db.write((session) => setMark(engine, session, MARK, seq));
}
