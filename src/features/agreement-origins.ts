/** Where sources come from: who published them, and every source they were made from. */
import type { Column, Table } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Origin } from './agreement-rule.ts';

interface SourceRow extends Origin {
  readonly derived_from_id: string | null;
}

/** For each of some sources, itself and all it was made from, nearest first; one statement for each step back. */
export async function originsOf(
  { tables, dialect }: Database,
  session: Session,
  ids: readonly string[],
): Promise<Map<string, Origin[]>> {
  const [sources, publishers] = [tables.kinds.get('source') as Table, tables.kinds.get('publisher') as Table];
  const known = new Map<string, SourceRow>();
  let wanted = [...new Set(ids)];
  while (wanted.length > 0) {
    const rows = await session.all<SourceRow>(
      'origins of sources',
      (on) =>
        on
          .select({
            source_id: sources.id as Column,
            publisher_id: sources.publisher_id as Column,
            owner_group: publishers.owner_group as Column,
            derived_from_id: sources.derived_from_id as Column,
          })
          .from(sources)
          .leftJoin(publishers, sql`${publishers.id} = ${sources.publisher_id}`)
          .where(dialect.isAmong(sources.id as Column, 'ids')),
      { ids: dialect.list(wanted) },
    );
    for (const row of rows) known.set(row.source_id, row);
    wanted = [...new Set(rows.flatMap((row) => row.derived_from_id ?? []))].filter((id) => !known.has(id));
  }
  return new Map(ids.map((id) => [id, chainOf(id, known)]));
}

/** A source and all it was made from; a circle is walked once. */
function chainOf(sourceId: string, known: ReadonlyMap<string, SourceRow>): Origin[] {
  const chain = new Set<SourceRow>();
  let next = known.get(sourceId);
  while (next && !chain.has(next)) {
    chain.add(next);
    next = next.derived_from_id === null ? undefined : known.get(next.derived_from_id);
  }
  return [...chain];
}
