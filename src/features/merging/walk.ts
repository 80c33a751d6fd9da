/** All live records of a kind, read a page at a time: no transaction lasts, and memory holds a page. */
import type { Column } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { tableOf } from '../../engine/select.ts';
import type { Kind } from '../../model/declare.ts';

/** Records read at a time. */
const PAGE = 1000;

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** The records in the order of their ids, with the fields that are named. */
export async function* allOf<R extends { readonly id: string }>(
  db: Database,
  kind: Kind,
  fields: readonly (keyof R & string)[],
): AsyncGenerator<R> {
  const table = tableOf(db, kind);
  const columns = Object.fromEntries(fields.map((name) => [name, table[name] as Column]));
  for (let after = FIRST; ; ) {
    const from = after;
    const rows = await db.read((session) =>
      session.all<R>(
        `all of ${kind.name} to tell apart`,
        (on) =>
          on
            .select(columns)
            .from(table)
            .where(sql`${table.id} > ${sql.placeholder('after')} and ${table.deleted_at} is null`)
            .orderBy(table.id as Column)
            .limit(PAGE),
        { after: from },
      ),
    );
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) return;
    after = last.id;
  }
}
