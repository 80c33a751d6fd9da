/** Single values that the service remembers beside the records: how far a job has come, when a backup was made. */
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from './engine.ts';
import { placeholders } from './rows.ts';

interface Kept {
  readonly db: Pick<Database, 'tables'>;
}

/** A mark as it was set. */
export interface Mark<T> {
  readonly value: T;
  /** An instant. */
  readonly updated_at: string;
}

/** A mark, and when it was set; undefined when there is none of that name. */
export async function readWholeMark<T>(
  { db }: Kept,
  session: Session,
  name: string,
): Promise<Mark<T> | undefined> {
  const { marks } = db.tables;
  const rows = await session.all<Mark<T>>(
    'whole mark',
    (on) =>
      on
        .select({ value: marks.value as Column, updated_at: marks.updated_at as Column })
        .from(marks)
        .where(sql`${marks.name} = ${sql.placeholder('name')}`),
    { name },
  );
  return rows[0];
}

/** The value of a mark; undefined when there is none of that name. */
export async function readMark<T>(on: Kept, session: Session, name: string): Promise<T | undefined> {
  return (await readWholeMark<T>(on, session, name))?.value;
}

/** Sets a mark, whether or not it is there. */
export async function setMark(
  { db, now }: Kept & Pick<Engine, 'now'>,
  session: Session,
  name: string,
  value: unknown,
): Promise<void> {
  const { marks } = db.tables;
  const row = { name, value, updated_at: now().toISOString() };
  const renewed = { value: sql.raw('excluded.value'), updated_at: sql.raw('excluded.updated_at') } as never;
  await session.run(
    'set mark',
    (on) =>
      on
        .insert(marks)
        .values(placeholders(Object.keys(row)) as never)
        .onConflictDoUpdate({ target: marks.name as Column, set: renewed }),
    row,
  );
}

/** Takes a mark away; one that is not there may be taken away too. */
export async function dropMark({ db }: Kept, session: Session, name: string): Promise<void> {
  const { marks } = db.tables;
  await session.run(
    'drop mark',
    (on) => on.delete(marks).where(sql`${marks.name} = ${sql.placeholder('name')}`),
    { name },
  );
}
