/** Deleting and restoring: tombstones, refused while other records point here, with the parts a record owns on request. */
import type { Column } from '../db/columns.ts';
import { type SQL, sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kinds } from '../model/kinds.ts';
import { withIds, writable } from './content.ts';
import { tableOf } from './select.ts';
import { put, readStored, type Stored } from './store.ts';
import type { Writer } from './writer.ts';

/** A way in which records of one kind point at records of another. */
interface Pointing {
  /** The kind that points. */
  readonly kind: Kind;
  /** The field it points by. */
  readonly field: string;
  /** Whether what points is a part of what it points at. */
  readonly owned: boolean;
  /** Ids of the live records that point at the one in placeholder `id`. */
  readonly ids: (writer: Writer, also: SQL) => SQL;
}

/** All the ways in which records can point at a record of this kind. */
function pointingAt(target: Kind): Pointing[] {
  return kinds.flatMap((kind) =>
    Object.entries(kind.fields).flatMap(([name, field]): Pointing[] => {
      const copied = name === 'vote_event_id' || kind.rowsOf?.copies.includes(name);
      if (kind.rowsOf && copied) return [];
      const points = field.to === target.name || (field.kindField !== undefined && target.name !== kind.name);
      const viaItems = Object.entries(field.items ?? {}).filter(([, item]) => item.to === target.name);
      const own = kinds.some(({ rowsOf }) => rowsOf?.kind === kind.name && rowsOf.field === name);
      const rows = field.rows;
      if (points && rows === undefined) {
        return [
          { kind, field: name, owned: kind.ownedBy?.includes(name) ?? false, ids: directly(kind, name) },
        ];
      }
      if (rows === undefined || own) return [];
      const columns = points ? [`${target.name}_id`] : viaItems.map(([part]) => part);
      return columns.map((column) => ({
        kind,
        field: name,
        owned: false,
        ids: throughRows(kind, rows.table, rows.owner, column),
      }));
    }),
  );
}

const HERE = sql.placeholder('id');

function directly(kind: Kind, name: string): Pointing['ids'] {
  return ({ engine }, also) => {
    const table = tableOf(engine.db, kind);
    return sql`${table[name]} = ${HERE} and ${also}`;
  };
}

function throughRows(kind: Kind, rows: string, owner: string, column: string): Pointing['ids'] {
  return ({ engine }, also) => {
    const [table, link] = [tableOf(engine.db, kind), engine.db.tables.rows.get(rows)];
    return sql`${table.id} in (select ${link?.[owner]} from ${link} where ${link?.[column]} = ${HERE}) and ${also}`;
  };
}

async function idsPointing(
  writer: Writer,
  { kind, field, ids }: Pointing,
  id: string,
  deletedAt: string | null,
): Promise<string[]> {
  const table = tableOf(writer.engine.db, kind);
  const live =
    deletedAt === null
      ? sql`${table.deleted_at} is null`
      : sql`${table.deleted_at} = ${sql.placeholder('when')}`;
  const rows = await writer.session.all<{ id: string }>(
    `pointing ${kind.name}.${field} ${deletedAt === null}`,
    (on) =>
      on
        .select({ id: table.id as Column })
        .from(table)
        .where(ids(writer, live))
        .orderBy(table.id as Column),
    { id, when: deletedAt },
  );
  return rows.map((row) => row.id);
}

interface Part {
  readonly kind: Kind;
  readonly id: string;
}

/** A record and all the parts it owns, and the parts of those; live ones, or those deleted at one instant. */
async function withParts(writer: Writer, whole: Part, deletedAt: string | null): Promise<Map<string, Part>> {
  const found = new Map([[whole.id, whole]]);
  for (const { kind, id } of found.values()) {
    for (const pointing of pointingAt(kind).filter(({ owned }) => owned)) {
      for (const part of await idsPointing(writer, pointing, id, deletedAt)) {
        found.set(part, { kind: pointing.kind, id: part });
      }
    }
  }
  return found;
}

/**
 * Deletes a record, leaving a tombstone. Refused with 409 while live records point at it; with `cascade` the parts
 * it owns go with it, and only what else points here stands against it.
 */
export async function remove(writer: Writer, kind: Kind, stored: Stored, cascade: boolean): Promise<void> {
  const whole = { kind, id: stored.record.id };
  const going = cascade ? await withParts(writer, whole, null) : new Map([[whole.id, whole]]);
  const faults: Fault[] = [];
  for (const part of going.values()) {
    for (const pointing of pointingAt(part.kind)) {
      const left = (await idsPointing(writer, pointing, part.id, null)).filter((id) => !going.has(id));
      if (left.length > 0) faults.push(stillPointing(pointing, part, left));
    }
  }
  if (faults.length > 0) {
    throw new Problem(
      'still-referenced',
      `Other records still point at this ${kind.name.replaceAll('_', ' ')}.`,
      { errors: faults },
    );
  }
  // Parts first, so that the log never shows a part whose owner is gone.
  for (const part of [...going.values()].reverse()) {
    const found = await readStored(writer, part.kind, part.id);
    if (found)
      await put(writer, part.kind, {
        id: part.id,
        op: 'delete',
        content: { ...found.record },
        before: found,
        deletedAt: writer.at,
      });
  }
}

function stillPointing({ kind, field, owned }: Pointing, part: Part, ids: readonly string[]): Fault {
  const at = `${part.kind.name} ${part.id}`;
  return {
    pointer: '',
    message: `${ids.length} ${kind.path} point at ${at} by ${field}`,
    expected: owned ? 'none, or cascade=true, as they are parts of it' : 'none',
    got: ids.slice(0, 20),
  };
}

/** Takes a delete back, with the parts that were deleted by it; refused while what the record points at is deleted. */
export async function restore(writer: Writer, kind: Kind, stored: Stored): Promise<PublicRecord> {
  const whole = { kind, id: stored.record.id };
  const coming = await withParts(writer, whole, stored.deletedAt);
  for (const { kind: of, id } of coming.values()) {
    const found = await readStored(writer, of, id);
    if (found === undefined) continue;
    await put(writer, of, {
      id,
      op: 'restore',
      content: { ...found.record },
      before: found,
      deletedAt: null,
    });
  }
  // Only now, as the parts may point at one another in any order.
  for (const { kind: of, id } of coming.values()) {
    const back = (await readStored(writer, of, id)) as Stored;
    const { faults } = await withIds(writer.session, writer.engine.db, of, writable(of, back.record));
    if (faults.length > 0)
      throw new Problem('conflict', 'What this record points at is deleted; restore that first.', {
        errors: faults,
      });
  }
  return (await readStored(writer, kind, stored.record.id))?.record as PublicRecord;
}
