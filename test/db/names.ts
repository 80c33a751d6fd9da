/** Something small to write and read: names in the table of identifiers. */
import type { Column } from '../../src/db/columns.ts';
import type { Database, Session } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';

/** Adds a name; one that is there already is refused by the table. */
export function addName(
  { tables: { identifiers } }: Database,
  session: Session,
  name: string,
): Promise<void> {
  const values = { kind: 'official', name: sql.placeholder('name'), record_id: 'a' };
  return session.run('add name', (on) => on.insert(identifiers).values(values as never), { name });
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
