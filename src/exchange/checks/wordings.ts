/** The index of wordings: whether it holds the words of every record that quotes, and of no other. */
import type { Column, Table } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { indexedShingles, WORDED, type Worded } from '../../features/wordings.ts';
import { isComplete } from '../../features/wordings-fill.ts';
import { kindNamed } from '../../model/kinds.ts';
import { type Check, type Checking, noun, pages, rowsOf } from './checking.ts';

/** How many of some shingles the index has for a wording. */
async function indexed(
  { db, session }: Checking,
  wording: number,
  shingles: readonly number[],
): Promise<number> {
  const table = db.tables.wordingShingles;
  const rows = await session.all<{ found: number }>(
    'indexed shingles',
    (on) =>
      on
        .select({ found: sql<number>`count(*)`.mapWith(Number) })
        .from(table)
        .where(
          sql`${db.dialect.isAmong(table.shingle as Column, 'shingles')} and ${table.wording} = ${sql.placeholder('wording')}`,
        ),
    { wording, shingles: db.dialect.list(shingles) },
  );
  return rows[0]?.found ?? 0;
}

export const wordings: Check = {
  name: 'wordings',
  looksAt: 'wordings',
  reads: Object.keys(WORDED).map((kind) => kindNamed(kind).table),
  async look(on) {
    const { fault, step } = on;
    const table = on.db.tables.wordings;
    const joins = [{ table, on: (of: Table) => sql`${table.record_id} = ${of.id}` }];
    // After an upgrade older ones come in one by one.
    const complete = await isComplete(on.db, on.session);
    let [numbers, shingles] = [0, 0];
    for (const [name, field] of Object.entries(WORDED)) {
      const kind = kindNamed(name as Worded);
      const columns = (of: Table) => ({
        text: of[field] as Column,
        deleted_at: of.deleted_at as Column,
        number: table.number as Column,
      });
      for await (const page of pages(on, kind, { what: 'wordings', columns, joins })) {
        for (const { id, text, deleted_at, number } of page) {
          const wanted = text === null || deleted_at !== null ? [] : indexedShingles(String(text));
          if (number === null) {
            if (wanted.length > 0 && complete) fault(`the words of ${noun(kind)} ${id} are not indexed`);
            continue;
          }
          numbers += 1;
          shingles += wanted.length;
          const missing = wanted.length - (await indexed(on, Number(number), wanted));
          if (wanted.length === 0) fault(`${noun(kind)} ${id} is indexed, and has no words`);
          else if (missing > 0)
            fault(`${missing} of ${wanted.length} runs of words of ${noun(kind)} ${id} are not indexed`);
        }
        step(page.length);
      }
    }
    const beyond = (name: string, known: number, what: string) => {
      const more = rowsOf(on, name) - known;
      if (more > 0) fault(`${more} ${what} belong to no words there are`, more);
    };
    beyond('wordings', numbers, 'wordings');
    beyond('wording_shingles', shingles, 'indexed runs of words');
    return numbers;
  },
};
