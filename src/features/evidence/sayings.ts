/** Reading what the citations of a record say, with what is known of their sources. */
import type { Column, Table } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import type { Reading } from '../../engine/belonging.ts';
import { isId, lookUp } from '../../engine/references.ts';
import type { Kind } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { fieldAt } from './agreeing.ts';
import type { Saying } from './judging.ts';

/** Most citations of one record that are looked at. */
export const MOST = 2000;

/** A saying with the field it is about and where in its source it stands. */
export interface FieldSaying extends Saying {
  readonly field: string;
  /** The value as it was written, also of a record as a whole; slugs of referred records are not yet turned into ids. */
  readonly said: unknown;
  readonly selector: unknown;
  readonly note: string | null;
}

/**
 * What the live citations of a record say, by field and then age; at most `MOST`. Slugs that stand for referred
 * records are turned into their ids, so that they can be compared with what the record holds.
 */
export async function sayingsOf(reading: Reading, kind: Kind, id: string): Promise<FieldSaying[]> {
  const table = (name: string) => reading.engine.db.tables.kinds.get(name) as Table;
  const [citations, sources] = [table('citation'), table('source')];
  const rows = await reading.session.all<Row>(
    'sayings of record',
    (on) =>
      on
        .select({
          citation_id: citations.id as Column,
          field: citations.field as Column,
          value: citations.value as Column,
          rank: citations.rank as Column,
          selector: citations.selector as Column,
          note: citations.note as Column,
          source_id: citations.source_id as Column,
          publisher_id: sources.publisher_id as Column,
          published_on: sources.published_on as Column,
          status: sources.status as Column,
        })
        .from(citations)
        .innerJoin(sources, sql`${sources.id} = ${citations.source_id}`)
        .where(sql`${citations.record_id} = ${sql.placeholder('id')} and ${citations.deleted_at} is null`)
        .orderBy(citations.field as Column, citations.id as Column)
        .limit(MOST),
    { id },
  );
  const sayings = rows.map(({ publisher_id, status, ...row }) => ({
    ...row,
    said: row.value,
    // A record as a whole is no value that another could be held against.
    value: row.field === '' ? null : row.value,
    voice: publisher_id ?? row.source_id,
    retracted: status === 'retracted',
  })) as unknown as FieldSaying[];
  return withIds(reading, kind, sayings);
}

async function withIds(
  reading: Reading,
  kind: Kind,
  sayings: readonly FieldSaying[],
): Promise<FieldSaying[]> {
  const target = ({ field }: FieldSaying) => fieldAt(kind, field)?.to;
  const slugs = ({ value }: FieldSaying) =>
    [value].flat().filter((one): one is string => typeof one === 'string' && !isId(one));
  const known = new Map<string, ReadonlyMap<string, { readonly id: string }>>();
  for (const [to, said] of Map.groupBy(sayings, target)) {
    const names = [...new Set(said.flatMap(slugs))];
    if (to && names.length > 0)
      known.set(to, await lookUp(reading.session, reading.engine.db, kindNamed(to), names));
  }
  return sayings.map((saying) => {
    const found = known.get(target(saying) ?? '');
    const id = (one: unknown) => found?.get(String(one))?.id ?? one;
    const { value } = saying;
    return found ? { ...saying, value: Array.isArray(value) ? value.map(id) : id(value) } : saying;
  });
}
