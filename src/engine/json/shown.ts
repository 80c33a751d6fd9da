/**
 * Records' JSON as it is kept beside their rows. A record is read far more often than it is written, and making its JSON
 * of its columns is most of what reading it costs, so `put` makes it once.
 */
import { createHash } from 'node:crypto';
import type { Column } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { keepsShown } from '../../db/tables.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';

/** Raised when records are written as JSON in another way, so that what was kept before is made anew. */
const FORM = 1;

/** One more than the greatest number of a shape; times the greatest version it is a number that JavaScript has. */
const SHAPES = 2 ** 24;

const shapes = new WeakMap<Kind, number>();

/** A number that tells what the JSON of a kind's records has from what it had in other versions of the program. */
export function shapeOf(kind: Kind): number {
  const known = shapes.get(kind);
  if (known !== undefined) return known;
  const fields = Object.entries(kind.fields).map(([name, { mapped }]) => [name, mapped]);
  const digest = createHash('sha256')
    .update(JSON.stringify([FORM, kind.slugFrom, fields]))
    .digest();
  const shape = digest.readUInt32BE(0) % SHAPES;
  shapes.set(kind, shape);
  return shape;
}

/**
 * What a row keeps of its record's JSON: the text without its last brace, after which includes may come, and a number
 * of the version and the shape that it is of. Nothing of a deleted record, which is shown in another form.
 */
export function shownRow(kind: Kind, record: PublicRecord): Row {
  if (!keepsShown(kind)) return {};
  if (record.deleted_at) return { shown: null, shown_of: null };
  return {
    shown: JSON.stringify(record).slice(0, -1),
    shown_of: (record.version as number) * SHAPES + shapeOf(kind),
  };
}

/** The number of the version and the shape that a row's JSON is to be of. */
export function tagOf(kind: Kind, version: Column | SQL): SQL {
  return sql`${version} * ${sql.raw(String(SHAPES))} + ${sql.raw(String(shapeOf(kind)))}`;
}

/**
 * The kept JSON of a record without its last brace, or what is made `otherwise` where the row has none of this version
 * and shape: as it was written before such were kept, or by another version of the program. `column` gives a column of
 * the row.
 */
export function shownText(kind: Kind, column: (name: string) => Column | SQL, otherwise: SQL): SQL {
  const tag = tagOf(kind, column('version'));
  return sql`case ${column('shown_of')} when ${tag} then ${column('shown')} else ${otherwise} end`;
}
