/** What meets those who ask for a record that was deleted, or merged into another. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import type { Reading } from './belonging.ts';
import { gone, type Narrowed } from './read.ts';
import { survivorsOf } from './redirects.ts';
import { tableOf } from './select.ts';

/** A record that is found elsewhere now, as it was merged into another. */
export class Moved extends Error {
  readonly kind: Kind;
  /** Id of the record it was merged into. */
  readonly id: string;
  /** Whether the narrowed view that was asked has that record. */
  readonly inView: boolean;

  constructor(kind: Kind, id: string, inView: boolean) {
    super(`merged into ${id}`);
    this.kind = kind;
    this.id = id;
    this.inView = inView;
  }
}

/** A deleted record as somebody asked for it. */
interface Asked {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  /** When it was deleted. */
  readonly at: string;
}

/** What a read of a deleted record throws: where it is found now if it was merged, else 410. */
export async function movedOrGone(
  reading: Reading,
  { kind, name, id, at }: Asked,
  narrowed: Narrowed | undefined,
): Promise<Moved | Problem> {
  const survivor = (await survivorsOf(reading, [id])).get(id);
  if (survivor === undefined) return gone(kind, name, at);
  return new Moved(kind, survivor, narrowed === undefined || (await isIn(reading, kind, survivor, narrowed)));
}

async function isIn(
  { engine: { db }, session }: Reading,
  kind: Kind,
  id: string,
  { field, value }: Narrowed,
): Promise<boolean> {
  const table = tableOf(db, kind);
  const rows = await session.all<{ value: unknown }>(
    `${field} of ${kind.name}`,
    (on) =>
      on
        .select({ value: table[field] as Column })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return rows[0]?.value === value;
}

/** The 410 of a write to a deleted record; it names the survivor of one that was merged. */
export async function goneForWrites(reading: Reading, { kind, name, id, at }: Asked): Promise<Problem> {
  const survivor = (await survivorsOf(reading, [id])).get(id);
  if (survivor === undefined) return gone(kind, name, at);
  const noun = kind.name.replaceAll('_', ' ');
  const detail = `The ${noun} '${name}' was merged into ${survivor} at ${at}; write to that, or take the merge back.`;
  return new Problem('gone', detail);
}
