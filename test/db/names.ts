/** Something small to write and read: names in the table of identifiers. */
import type { Column } from '../../src/db/columns.ts';
import type { Database, Runner, Session } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';

/** Adds a name; one that is there already is refused by the table. */
export function addName({ tables: { identifiers } }: Database, runner: Runner, name: string): Promise<void> {
  const values = {
    kind: 'official',
    name: sql.placeholder('name'),
    record_id: '00000000-0000-7000-8000-000000000000',
  };
  return runner.run('add name', (on) => on.insert(identifiers).values(values as never), { name });
}

/** Gives a name another form; says how many names that changed. */
export async function rename(
  { tables: { identifiers } }: Database,
  session: Session,
  from: string,
  to: string,
): Promise<number> {
  const rows = await session.all(
    'rename',
    (on) =>
      on
        .update(identifiers)
        .set({ name: sql.placeholder('to') } as never)
        .where(sql`${identifiers.name} = ${sql.placeholder('from')}`)
        .returning({ name: identifiers.name as Column }),
    { from, to },
  );
  return rows.length;
}

/** All names, in order. */
export async function names(db: Database, session?: Session): Promise<string[]> {
  if (session === undefined) return db.read((own) => names(db, own));
  const { identifiers } = db.tables;
  const rows = await session.all<{ name: string }>('names', (on) =>
    on
      .select({ name: identifiers.name as Column })
      .from(identifiers)
      .orderBy(identifiers.name as Column),
  );
  return rows.map(({ name }) => name);
}
