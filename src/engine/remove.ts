/** Deleting and restoring: tombstones, refused while other records point here, with the parts a record owns on request. */
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { withIds, writable } from './content.ts';
import { idsPointing, type Pointing, pointingAt } from './pointing.ts';
import { put, readStored, type Stored } from './store.ts';
import { derivedFrom } from './write.ts';
import type { Writer } from './writer.ts';

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

function stillPointing(
  { kind, field, part: member, owned }: Pointing,
  part: Part,
  ids: readonly string[],
): Fault {
  const at = `${part.kind.name} ${part.id}`;
  const by = member === undefined ? field : `${member} in ${field}`;
  return {
    pointer: '',
    message: `${ids.length} ${kind.path} point at ${at} by ${by}`,
    expected: owned ? 'none, or cascade=true, as they are parts of it' : 'none',
    got: ids.slice(0, 20),
  };
}

/**
 * Takes a delete back, with the parts that were deleted by it; refused while what the record points at is deleted.
 * What it points at may have been merged into another record since: then it points at that.
 */
export async function restore(writer: Writer, kind: Kind, stored: Stored): Promise<PublicRecord> {
  const whole = { kind, id: stored.record.id };
  const coming = await withParts(writer, whole, stored.deletedAt);
  for (const { kind: of, id } of coming.values()) {
    const found = await readStored(writer, of, id);
    if (found === undefined) continue;
    const mentioned = await withIds(writer, of, writable(of, found.record), { follow: true });
    const content = { ...found.record, ...mentioned.content };
    await put(writer, of, {
      id,
      op: 'restore',
      content: { ...content, ...(await derivedFrom(writer, of, id, content, found.record)) },
      before: found,
      deletedAt: null,
    });
  }
  // Only now, as the parts may point at one another in any order.
  for (const { kind: of, id } of coming.values()) {
    const back = (await readStored(writer, of, id)) as Stored;
    const { faults } = await withIds(writer, of, writable(of, back.record));
    if (faults.length > 0)
      throw new Problem('conflict', 'What this record points at is deleted; restore that first.', {
        errors: faults,
      });
  }
  return (await readStored(writer, kind, stored.record.id))?.record as PublicRecord;
}
