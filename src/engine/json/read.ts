/** Reading one record as JSON that the database makes, with one statement. */
import type { Column } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import type { Kind } from '../../model/declare.ts';
import type { Engine } from '../engine.ts';
import { todayOf } from '../filters.ts';
import { wantedFields } from '../list.ts';
import type { ReadQuery } from '../parameters.ts';
import type { ReadOptions } from '../read.ts';
import { isId } from '../references.ts';
import { largeFields, tableOf } from '../select.ts';
import {
  asksUsual,
  attachedText,
  isBeyond,
  MOST_INCLUDED,
  namesShown,
  recordParts,
  shownRecord,
} from './record.ts';

/** A record's answer, and what its ETag is made of. */
export interface ReadJson {
  readonly json: Buffer | string;
  readonly version: number;
  /** The short lists attached to the record, each a JSON text. */
  readonly attached: readonly string[];
  /** The number of the last change, where others are included. */
  readonly revision: number | undefined;
}

/**
 * One record as JSON; undefined where that cannot be made so, be it that it holds more than is shown, or that there is
 * no such record: then `get` of `../read.ts` answers, or says what is wrong.
 */
export async function getJson(
  engine: Engine,
  kind: Kind,
  name: string,
  query: ReadQuery,
  options: ReadOptions,
): Promise<ReadJson | undefined> {
  const { db } = engine;
  const { fields, include = [], include_deleted = false } = query;
  if (kind.kept || include.length > MOST_INCLUDED) return undefined;
  if (asksUsual(kind, query)) {
    const kept = { shape: 'kept', parts: () => [shownRecord(db, kind)], values: {} };
    const found = await readRow(engine, kind, name, query, options, kept);
    // It is empty where the row keeps none.
    if (found?.json.length !== 0) return found;
  }
  const { restricted } = options;
  const named = fields ? wantedFields(kind, query, restricted) : { large: largeFields(kind), restricted };
  const wanted = { ...named, deleted: include_deleted };
  return readRow(engine, kind, name, query, options, {
    shape: `${wanted.large} ${restricted} ${include_deleted} ${fields} ${include}`,
    parts: () => {
      const names = namesShown(db, kind, wanted, fields, include);
      return recordParts(db, kind, { names, include, single: true }, kind.table);
    },
    values: todayOf(engine),
  });
}

/** How a record's JSON is had. */
interface Had {
  /** A text that tells it from other ways. */
  readonly shape: string;
  readonly parts: () => readonly SQL[];
  /** What fills its placeholders. */
  readonly values: Row;
}

async function readRow(
  { db }: Engine,
  kind: Kind,
  name: string,
  { include = [], include_deleted = false }: ReadQuery,
  { narrowed }: ReadOptions,
  { shape, parts, values }: Had,
): Promise<ReadJson | undefined> {
  const id = isId(name);
  const rows = await db.single(
    `json of one ${kind.name} ${id} ${narrowed?.field} ${shape}`,
    (on) => {
      const table = tableOf(db, kind);
      const key = id ? table.id : table.slug;
      return on
        .select({
          json: db.dialect.joined(parts()),
          version: table.version as Column,
          deleted: sql`${table.deleted_at} is not null`,
          narrowed: narrowed ? (table[narrowed.field] as Column) : sql`null`,
          revision: include.length > 0 ? lastChange(db) : sql`null`,
          ...attachedTexts(db, kind),
        })
        .from(table)
        .where(key ? sql`${key as Column} = ${sql.placeholder('name')}` : sql`false`);
    },
    { name: id ? name.toLowerCase() : name, ...values },
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const [json, version, deleted, value, revision, ...attached] = row as [
    Buffer,
    number,
    unknown,
    ...unknown[],
  ];
  if ((deleted && !include_deleted) || (narrowed && value !== narrowed.value) || isBeyond(json))
    return undefined;
  return {
    json,
    version: Number(version),
    attached: attached as string[],
    revision: include.length > 0 ? Number(revision ?? 0) : undefined,
  };
}

/** The number of the last change, as a part of another statement. */
export function lastChange({ tables: { changes } }: Pick<Engine['db'], 'tables'>): SQL {
  return sql`(select max(${changes.seq}) from ${changes})`;
}

function attachedTexts(db: Engine['db'], kind: Kind): Record<string, SQL> {
  const id = sql`${sql.identifier(kind.table)}.id`;
  const lists = Object.entries(kind.fields).flatMap(([name, { attached }]) =>
    attached ? [[name, attachedText(db, attached, id, kind.table)] as const] : [],
  );
  return Object.fromEntries(lists);
}
