/**
 * Taking a merge back, from the log: the merged record lives again with its identifiers, what the merge moved points
 * at it again, and the survivor gives up the names it got. What somebody changed since is theirs: it is left as it is,
 * and only when the request says so.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { type Content, withIds, writable } from './content.ts';
import { type Move, putDerived, together } from './merge.ts';
import { names, type Pointing, pointingAt } from './pointing.ts';
import { dropRedirect, type Redirect, redirectOf } from './redirects.ts';
import { type Identifier, identifierName } from './rows.ts';
import { readStored, type Stored } from './store.ts';
import { identified } from './taken.ts';
import { circles, findingFault } from './write.ts';
import type { Writer } from './writer.ts';

/** What is taken back: both records as they are now, and what the log says of the merge. */
interface Undoing {
  readonly kind: Kind;
  readonly merged: Stored;
  readonly survivor: Stored;
  readonly redirect: Redirect;
  /** Collects what was changed since, and so cannot be put back. */
  readonly since: Fault[];
}

/**
 * Takes a merge back and returns the record that was merged. What was changed since the merge is a 409 that lists it,
 * or, with `partial`, stays as it is.
 */
export async function unmerge(
  writer: Writer,
  kind: Kind,
  merged: Stored,
  redirect: Redirect,
  partial: boolean,
): Promise<PublicRecord> {
  const survivor = await livingSurvivor(writer, kind, redirect);
  const undoing: Undoing = { kind, merged, survivor, redirect, since: [] };
  const moves = await movesBack(writer, undoing);
  const ends = await endsBefore(writer, undoing);
  if (undoing.since.length > 0 && !partial)
    throw new Problem('conflict', 'Some of what the merge moved was changed since.', {
      errors: undoing.since,
    });
  const [id, other] = [merged.record.id, survivor.record.id];
  const back = await together(writer, kind, [id, other], moves, async (within) => {
    await putDerived(within, kind, 'update', { stored: survivor, content: ends.survivor });
    return putDerived(within, kind, 'restore', { stored: merged, content: ends.merged });
  });
  await refuseFallen(writer, [...moves, { kind, stored: merged, content: ends.merged }]);
  await dropRedirect(writer, id);
  return back;
}

/** The record it was merged into, which must live: merges of one record after another are taken back last first. */
async function livingSurvivor(writer: Writer, kind: Kind, { new_id }: Redirect): Promise<Stored> {
  const survivor = (await readStored(writer, kind, new_id)) as Stored;
  if (survivor.deletedAt === null) return survivor;
  const next = await redirectOf(writer, new_id);
  const happened = next ? `merged into ${next.new_id}` : 'deleted';
  const at = `/v1/${kind.path}/${new_id}/restore`;
  throw new Problem('conflict', `The record it was merged into was itself ${happened} since.`, {
    errors: [
      { pointer: '', message: `${new_id} was ${happened}`, expected: `POST ${at} first`, got: new_id },
    ],
  });
}

interface Logged {
  readonly seq: number;
  readonly kind: string;
  readonly record_id: string;
  readonly op: string;
  readonly version: number;
}

const PAGE = 500;

/** The changes a merge made, in order. */
async function* changesOf(writer: Writer, { first_seq, last_seq }: Redirect): AsyncGenerator<Logged> {
  const { changes } = writer.engine.db.tables;
  const columns = ['seq', 'kind', 'record_id', 'op', 'version'] as const;
  for (let from = first_seq; from <= last_seq; ) {
    const rows = await writer.session.all<Logged>(
      'changes of merge',
      (on) =>
        on
          .select(Object.fromEntries(columns.map((name) => [name, changes[name] as Column])))
          .from(changes)
          .where(
            sql`${changes.seq} >= ${sql.placeholder('from')} and ${changes.seq} <= ${sql.placeholder('to')}`,
          )
          .orderBy(changes.seq as Column)
          .limit(PAGE),
      { from, to: last_seq },
    );
    yield* rows;
    from = (rows.at(-1)?.seq ?? last_seq) + 1;
  }
}

/** A record's content at one of its versions. */
async function contentAt({ engine, session }: Writer, id: string, version: number): Promise<Content> {
  const { changes } = engine.db.tables;
  const rows = await session.all<{ content: Content }>(
    'content at',
    (on) =>
      on
        .select({ content: changes.content as Column })
        .from(changes)
        .where(
          sql`${changes.record_id} = ${sql.placeholder('id')} and ${changes.version} = ${sql.placeholder('version')}`,
        ),
    { id, version },
  );
  return rows[0]?.content ?? {};
}

/** The records that the merge moved, as they are to be: those deleted since are moved back too, and stay deleted. */
async function movesBack(writer: Writer, undoing: Undoing): Promise<Move[]> {
  const { kind, merged, survivor, redirect } = undoing;
  const moves: Move[] = [];
  for await (const { op, kind: name, record_id, version } of changesOf(writer, redirect)) {
    const of = kindNamed(name);
    const ways = pointingAt(kind).filter((way) => way.kind === of);
    if (op !== 'update' || ways.length === 0) continue;
    const before = await contentAt(writer, record_id, version - 1);
    const moved = ways.filter((way) => names(way, before, merged.record.id));
    if (moved.length === 0) continue;
    const after = await contentAt(writer, record_id, version);
    const stored = (await readStored(writer, of, record_id)) as Stored;
    const content: Content = { ...stored.record };
    for (const way of moved) {
      const [was, became, is] = [before, after, content].map((one) => one[way.field]);
      const value = putBack(way, was, became, is, [merged.record.id, survivor.record.id]);
      if (value === undefined) undoing.since.push(changedSince(of, record_id, way.field));
      else content[way.field] = value;
    }
    moves.push({ kind: of, stored, content });
  }
  return moves;
}

/** A field's value with the merged record in it again, or undefined when somebody has changed that place since. */
function putBack(
  { part }: Pointing,
  was: unknown,
  became: unknown,
  is: unknown,
  [merged, survivor]: readonly [string, string],
): unknown {
  if (isDeepStrictEqual(is, became)) return was;
  if (!Array.isArray(was) || !Array.isArray(became) || !Array.isArray(is)) return undefined;
  if (part === undefined) {
    if (!is.includes(survivor)) return undefined;
    return was.includes(survivor) ? [...is, merged] : is.map((id) => (id === survivor ? merged : id));
  }
  const items: Content[] = [...is];
  for (const [at, item] of (was as Content[]).entries()) {
    if (item[part] !== merged) continue;
    const place = items.findIndex((one) => isDeepStrictEqual(one, became[at]));
    if (place < 0) return undefined;
    items[place] = item;
  }
  return items;
}

function changedSince(kind: Kind, id: string, what: string): Fault {
  return {
    pointer: '',
    message: `${what} of the ${kind.name.replaceAll('_', ' ')} ${id} was changed since`,
    expected: 'partial=true, which leaves it as it is now',
    got: id,
  };
}

interface Ends {
  readonly merged: Content;
  readonly survivor: Content;
}

interface Named {
  readonly name: string;
}

/** The two records without what the merge did to them. */
async function endsBefore(writer: Writer, undoing: Undoing): Promise<Ends> {
  const { kind, merged, survivor, redirect, since } = undoing;
  const [lost, gained] = await mergeChanges(writer, redirect);
  const had = (await contentAt(writer, merged.record.id, lost.version - 1)).identifiers as Identifier[];
  const held = await identified(writer, kind, had.map(identifierName));
  const others = held.filter(({ record_id }) => record_id !== survivor.record.id);
  since.push(...others.map(({ name, record_id }) => changedSince(kind, record_id, `the identifier ${name}`)));
  const free = had.filter((one) => !others.some(({ name }) => name === identifierName(one)));
  const names = new Set(had.map(identifierName));
  const kept = (survivor.record.identifiers as Identifier[]).filter((one) => !names.has(identifierName(one)));
  const content: Content = { ...survivor.record, identifiers: kept };
  if (kind.fields.other_names) content.other_names = await ownNames(writer, undoing, gained);
  const { content: mentioned, faults } = await withIds(writer, kind, writable(kind, merged.record), {
    follow: true,
  });
  if (faults.length > 0)
    throw new Problem('conflict', 'What this record points at is deleted; restore that first.', {
      errors: faults,
    });
  return { survivor: content, merged: { ...merged.record, ...mentioned, identifiers: free } };
}

/** The changes by which the merged record went and the survivor took what it left. */
async function mergeChanges(writer: Writer, redirect: Redirect): Promise<[lost: Logged, gained: Logged]> {
  const ends = new Map<string, Logged>();
  for await (const change of changesOf(writer, redirect)) {
    if (change.op === 'merge') ends.set(change.record_id, change);
  }
  return [ends.get(redirect.old_id) as Logged, ends.get(redirect.new_id) as Logged];
}

/** The survivor's other names without those the merge added. */
async function ownNames(writer: Writer, { kind, survivor, since }: Undoing, { record_id, version }: Logged) {
  const namesAt = async (at: number) => (await contentAt(writer, record_id, at)).other_names as Named[];
  const added = (await namesAt(version)).slice((await namesAt(version - 1)).length);
  const own = (survivor.record.other_names as Named[]).filter(
    (one) => !added.some((other) => isDeepStrictEqual(one, other)),
  );
  const changed = own.filter(({ name }) => added.some((other) => other.name === name));
  since.push(...changed.map(({ name }) => changedSince(kind, record_id, `the other name ${name}`)));
  return own;
}

/** Refuses what would not stand now: what has become a part of its own part since. */
async function refuseFallen(writer: Writer, moves: readonly Move[]): Promise<void> {
  const faults: Fault[] = [];
  for (const { kind, stored, content } of moves) {
    const { id } = stored.record;
    const found = [
      ...(kind.check?.(content) ?? []).map(findingFault),
      ...(await circles(writer, kind, id, content)),
    ];
    for (const { pointer, message } of found) {
      const at = `${kind.name.replaceAll('_', ' ')} ${id}: ${pointer?.slice(1)}`;
      faults.push({ pointer: '', message: `${at} ${message}`, expected: 'it changed first', got: id });
    }
  }
  if (faults.length > 0)
    throw new Problem('conflict', 'Some records could not stand as they would be.', { errors: faults });
}
