/** Where records stood in their orders before they moved, so that a crawl begun earlier still meets them there. */

import type { Row } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import type { Kind } from '../model/declare.ts';
import { sortKey } from './order.ts';
import type { Stored } from './store.ts';
import type { Writer } from './writer.ts';

/**
 * Notes the places a record had in its orders, where it leaves them; returns the number its present ones date from.
 * The order by `created_at` is never left.
 */
export async function rememberMoves(
  { engine, session }: Writer,
  kind: Kind,
  id: string,
  before: Stored | undefined,
  row: Row,
): Promise<number> {
  const seq = row.seq as number;
  if (before === undefined) return seq;
  const moves = engine.db.tables.sortMoves;
  const remember = (sort: string, key: string, since: number) =>
    session.run(
      'remember move',
      (on) =>
        on.insert(moves).values({
          kind: sql.placeholder('kind'),
          sort: sql.placeholder('sort'),
          key: sql.placeholder('key'),
          record_id: sql.placeholder('id'),
          since: sql.placeholder('since'),
          until: sql.placeholder('until'),
        } as never),
      { kind: kind.name, sort, key, id, since, until: seq },
    );
  await remember('updated_at', before.record.updated_at as string, before.seq);
  const old = Object.entries(kind.sorts).map(([name, sort]) => [name, sortKey(sort, before.record)] as const);
  if (old.every(([name, key]) => row[sortColumn(name)] === key)) return before.movedSeq;
  for (const [name, key] of old) await remember(name, key, before.movedSeq);
  return seq;
}
