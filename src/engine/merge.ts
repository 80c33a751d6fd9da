/**
 * Merging: two records that turn out to be one become one. What pointed at the merged record points at the survivor,
 * which keeps the other's names and identifiers; the merged one leaves a tombstone that leads to it. Each record
 * concerned gets one change, and the log between the first and the last of them is all that taking it back needs.
 */
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import type { Content } from './content.ts';
import { revisionOf } from './list.ts';
import { idsPointing, type Pointing, pointingAt, repointed } from './pointing.ts';
import { addRedirect } from './redirects.ts';
import type { Identifier } from './rows.ts';
import { put, readStored, type Stored } from './store.ts';
import { circles, derivedFrom, findingFault } from './write.ts';
import type { Writer } from './writer.ts';

/** Most records one merge changes: all of them are written in one transaction. */
const MOST_MOVED = 20_000;

/** A record that points at the merged one, as it is and as it is to be. */
export interface Move {
  readonly kind: Kind;
  readonly stored: Stored;
  readonly content: Content;
}

/**
 * Merges a live record into another of its kind and returns the survivor. Refused with 409, naming the records, where
 * one would then point at itself or stand against a rule of its kind.
 */
export async function merge(
  writer: Writer,
  kind: Kind,
  merged: Stored,
  survivor: Stored,
): Promise<PublicRecord> {
  const moves = await movesOf(writer, kind, merged.record.id, survivor.record.id);
  const content = survivorContent(kind, merged.record, survivor.record);
  await put(writer, kind, {
    id: merged.record.id,
    op: 'merge',
    // Identifiers are unique within a kind, so they cannot stay with both.
    content: { ...merged.record, identifiers: [] },
    before: merged,
    deletedAt: writer.at,
  });
  const first = (await readStored(writer, kind, merged.record.id)) as Stored;
  const record = await together(writer, kind, [merged.record.id, survivor.record.id], moves, (within) =>
    putDerived(within, kind, 'merge', { stored: survivor, content }),
  );
  await addRedirect(writer, {
    old_id: merged.record.id,
    kind: kind.name,
    new_id: survivor.record.id,
    first_seq: first.seq,
    last_seq: await revisionOf(writer.session, writer.engine),
  });
  return record;
}

/**
 * Writes the records that move and, by `ends`, the two they move between. Where those take derived values from what
 * moves (a statement from its reports) they are written last, else first (a statement takes its speaker's names); so
 * each is written once.
 */
export async function together<T>(
  writer: Writer,
  kind: Kind,
  between: readonly string[],
  moves: readonly Move[],
  ends: (writer: Writer) => Promise<T>,
): Promise<T> {
  const last = new Set([...between, ...moves.map(({ stored }) => stored.record.id)]);
  const within: Writer = { ...writer, last };
  const move = async () => {
    for (const one of moves) {
      await putDerived(within, one.kind, 'update', one);
      last.delete(one.stored.record.id);
    }
  };
  if (writer.engine.derivations[kind.name]?.derive === undefined) {
    const written = await ends(within);
    await move();
    return written;
  }
  await move();
  return ends(within);
}

/** Writes a record with its derived values made anew; a deleted one stays deleted unless it is restored. */
export async function putDerived(
  writer: Writer,
  kind: Kind,
  op: 'update' | 'merge' | 'restore',
  { stored, content }: Pick<Move, 'stored' | 'content'>,
): Promise<PublicRecord> {
  const { id } = stored.record;
  const whole = { ...content, ...(await derivedFrom(writer, kind, id, content, stored.record)) };
  const deletedAt = op === 'restore' ? null : stored.deletedAt;
  return put(writer, kind, { id, op, content: whole, before: stored, deletedAt });
}

/** The records that point at one, as they are to be once they point at another. */
async function movesOf(writer: Writer, kind: Kind, from: string, to: string): Promise<Move[]> {
  const faults: Fault[] = [];
  const moves: Move[] = [];
  for (const [id, ways] of await pointingTo(writer, kind, from)) {
    const { kind: of } = ways[0] as Pointing;
    const stored = (await readStored(writer, of, id)) as Stored;
    const content: Content = { ...stored.record };
    for (const way of ways) content[way.field] = repointed(way, content, from, to);
    const against =
      id === to
        ? ways.map(({ field }) => itself(of, field))
        : [...(of.check?.(content) ?? []).map(findingFault), ...(await circles(writer, of, id, content))];
    faults.push(...against.map((fault) => standing(of, id, fault)));
    moves.push({ kind: of, stored, content });
  }
  if (faults.length > 0)
    throw new Problem('conflict', 'Some records could not stand as they would be after this.', {
      errors: faults,
    });
  return moves;
}

/** The live records that point at one, each with the ways in which it does. */
async function pointingTo(writer: Writer, kind: Kind, id: string): Promise<Map<string, Pointing[]>> {
  const found = new Map<string, Pointing[]>();
  for (const way of pointingAt(kind)) {
    for (const one of await idsPointing(writer, way, id, null)) {
      found.set(one, [...(found.get(one) ?? []), way]);
    }
  }
  if (found.size <= MOST_MOVED) return found;
  const detail = `${found.size} records point at this one; one merge moves at most ${MOST_MOVED}. Change some of them first.`;
  throw new Problem('conflict', detail);
}

function itself(kind: Kind, field: string): Fault {
  const noun = kind.name.replaceAll('_', ' ');
  return { pointer: `/${field}`, message: 'would point at itself', expected: `another ${noun}` };
}

/** A fault of another record than the one in the request. */
function standing(kind: Kind, id: string, { pointer, message }: Fault): Fault {
  return {
    pointer: '',
    message: `${kind.name.replaceAll('_', ' ')} ${id}: ${pointer?.slice(1)} ${message}`,
    expected: `/v1/${kind.path}/${id} deleted or changed first`,
    got: id,
  };
}

interface OtherName {
  readonly name: string;
}

/** The survivor with the other's names, where its kind keeps other names, and identifiers. */
function survivorContent(kind: Kind, merged: PublicRecord, survivor: PublicRecord): Content {
  const content: Content = {
    ...survivor,
    identifiers: [...(survivor.identifiers as Identifier[]), ...(merged.identifiers as Identifier[])],
  };
  const parts = kind.fields.other_names?.items;
  if (parts) {
    const kept = survivor.other_names as OtherName[];
    const own = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.initial]));
    const given = { ...own, name: merged.name, note: `the name of ${merged.id}, which was merged into this` };
    const known = new Set([survivor.name, ...kept.map(({ name }) => name)]);
    const added = [given as unknown as OtherName, ...(merged.other_names as OtherName[])].filter(
      ({ name }) => !known.has(name) && known.add(name),
    );
    content.other_names = [...kept, ...added];
  }
  refuseTooMany(kind, content);
  return content;
}

function refuseTooMany(kind: Kind, content: Content): void {
  for (const name of ['identifiers', 'other_names']) {
    const { maxItems = Number.POSITIVE_INFINITY } = (kind.fields[name]?.schema ?? {}) as {
      maxItems?: number;
    };
    const { length } = (content[name] ?? []) as unknown[];
    if (length <= maxItems) continue;
    throw new Problem('conflict', `Together they have ${length} ${name}; a record has at most ${maxItems}.`);
  }
}
