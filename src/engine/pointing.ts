/** The ways in which records point at one another: what stands against a delete, and what a merge moves. */
import type { Column, Table } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import { valueColumn } from '../db/tables.ts';
import type { Field, ItemRows, Kind } from '../model/declare.ts';
import { kinds } from '../model/kinds.ts';
import type { Reading } from './belonging.ts';
import type { Content } from './content.ts';
import { tableOf } from './select.ts';

/** A way in which records of one kind point at records of another. */
export interface Pointing {
  /** The kind that points. */
  readonly kind: Kind;
  /** The field it points by. */
  readonly field: string;
  /** The member of the field's items, where it is a list of objects. */
  readonly part?: string;
  /** The kind pointed at. */
  readonly target: Kind;
  /** Whether what points is a part of what it points at. */
  readonly owned: boolean;
  /** The condition that a record of the kind points at the one in placeholder `id`. */
  readonly where: (db: Pick<Database, 'tables'>) => SQL;
}

const known = new Map<Kind, readonly Pointing[]>();

/** All the ways in which records can point at a record of this kind; found once, as a declaration does not change. */
export function pointingAt(target: Kind): readonly Pointing[] {
  const found = known.get(target) ?? kinds.flatMap((kind) => pointingFrom(kind, target));
  known.set(target, found);
  return found;
}

/** Rows that are a kind of their own are written with the list they belong to, which is what points. */
function pointingFrom(kind: Kind, target: Kind): Pointing[] {
  if (kind.kept) return [];
  return Object.entries(kind.fields).flatMap(([name, field]): Pointing[] => {
    const at = { kind, field: name, target };
    const { rows, items = {} } = field;
    if (rows === undefined) {
      if (!pointsAt(kind, field, target)) return [];
      const owned = kind.ownedBy?.includes(name) ?? false;
      return [{ ...at, owned, where: directly(kind, name, field, target) }];
    }
    if (field.to === target.name)
      return [{ ...at, owned: false, where: throughRows(kind, rows, valueColumn(field)) }];
    const parts = Object.keys(items).filter((part) => items[part]?.to === target.name);
    return parts.map((part) => ({ ...at, part, owned: false, where: throughRows(kind, rows, part) }));
  });
}

function pointsAt(kind: Kind, field: Field, target: Kind): boolean {
  if (field.kindField === undefined) return field.to === target.name;
  return target.name in (kind.fields[field.kindField]?.vocabulary?.words ?? {});
}

const HERE = sql.placeholder('id');

function directly(kind: Kind, name: string, { kindField }: Field, target: Kind): Pointing['where'] {
  return (db) => {
    const table = tableOf(db, kind);
    const here = sql`${table[name]} = ${HERE}`;
    return kindField ? sql`${here} and ${table[kindField]} = ${sql.raw(`'${target.name}'`)}` : here;
  };
}

function throughRows(kind: Kind, { table: rows, owner }: ItemRows, column: string): Pointing['where'] {
  return (db) => {
    const own = kinds.find(({ table }) => table === rows);
    const link = (own ? tableOf(db, own) : db.tables.rows.get(rows)) as Table;
    return sql`${tableOf(db, kind).id} in (select ${link[owner]} from ${link} where ${link[column]} = ${HERE})`;
  };
}

/** Ids of the records that point at one in some way: of the live ones, or of those deleted at an instant. */
export async function idsPointing(
  { engine: { db }, session }: Reading,
  { kind, field, part, target, where }: Pointing,
  id: string,
  deletedAt: string | null,
): Promise<string[]> {
  const table = tableOf(db, kind);
  const live =
    deletedAt === null
      ? sql`${table.deleted_at} is null`
      : sql`${table.deleted_at} = ${sql.placeholder('when')}`;
  const rows = await session.all<{ id: string }>(
    // The target is part of the shape, as one field can point at records of any kind.
    `pointing ${kind.name}.${field}.${part} at ${target.name} ${deletedAt === null}`,
    (on) =>
      on
        .select({ id: table.id as Column })
        .from(table)
        .where(sql`${where(db)} and ${live}`)
        .orderBy(table.id as Column),
    { id, when: deletedAt },
  );
  return rows.map((row) => row.id);
}

/** The field's value with one record in place of another; a list that would name a record twice names it once. */
export function repointed({ field, part }: Pointing, content: Content, from: string, to: string): unknown {
  const value = content[field];
  if (!Array.isArray(value)) return value === from ? to : value;
  if (part === undefined) return [...new Set(value.map((id) => (id === from ? to : id)))];
  return value.map((item: Content) => (item[part] === from ? { ...item, [part]: to } : item));
}

/** Whether a record points at another in this way. */
export function names({ field, part }: Pointing, content: Content, id: string): boolean {
  const value = content[field];
  if (!Array.isArray(value)) return value === id;
  return value.some((item) => (part === undefined ? item : (item as Content)[part]) === id);
}
