/**
 * Reading the change log in order. Changes are numbered in the order they are committed, on every database: writers
 * take turns, and where they may be several processes they hold a lock from before the number is given until after
 * the commit. So nothing below a number that was served ever appears later, and who follows the log misses nothing.
 */
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { type Concern, seqsAfter } from './change-seqs.ts';
import type { Engine } from './engine.ts';
import { revisionOf, unknownReference } from './list.ts';
import type { Op } from './log.ts';
import { survivorsAmong } from './redirects.ts';
import { lookUp } from './references.ts';
import { withoutRestricted } from './select.ts';

/** A change as it is answered. */
export interface PublicChange {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly record_id: string;
  readonly op: Op;
  readonly version: number;
  readonly changed_fields: readonly string[];
  readonly actor: string;
  readonly reason: string | null;
  /** The record as it was after the change, `deleted_at` with it where it was deleted. */
  readonly content?: PublicRecord;
}

/** How much of the log to read, and how. */
export interface Reach {
  /** Number of the last change that is known already. */
  readonly after: number;
  /** Most changes to return. */
  readonly limit: number;
  /** About how many bytes of content to return at most; one change is returned however large it is. */
  readonly bytes: number;
  readonly concern: Concern;
  /** Whether the reader may see restricted fields. */
  readonly restricted: boolean;
  /** Whether the changes come with the record's content. */
  readonly content: boolean;
}

export interface Stretch<Change = PublicChange> {
  readonly data: readonly Change[];
  /** Number of the last change in the log when it was read. */
  readonly revision: number;
  /** Where to go on, when there is more; undefined when all up to `revision` has been read. */
  readonly next: number | undefined;
}

/** What a reader asks for by name. */
export interface ConcernQuery {
  readonly kind?: readonly string[];
  /** Ids or slugs. */
  readonly jurisdiction?: readonly string[];
}

/** Which changes a query is about; a jurisdiction that is not known is a 400 that names the nearest. */
export async function concernOf(
  engine: Engine,
  session: Session,
  { kind, jurisdiction }: ConcernQuery,
): Promise<Concern> {
  if (jurisdiction === undefined) return { kinds: kind, subjects: undefined };
  const target = kindNamed('jurisdiction');
  const known = await lookUp(session, engine.db, target, jurisdiction);
  const faults: Fault[] = [];
  for (const name of jurisdiction.filter((one) => !known.has(one)))
    faults.push(await unknownReference(engine, session, target, 'jurisdiction', name));
  if (faults.length > 0)
    throw new Problem('invalid-parameter', 'A filter names a record that does not exist.', {
      errors: faults,
    });
  const ids = jurisdiction.flatMap((name) => known.get(name)?.id ?? []);
  // One that was merged goes on under the id of the other; what was before stays under its own.
  const survivors = await survivorsAmong({ engine, session }, known);
  return { kinds: kind, subjects: [...new Set(ids.flatMap((id) => [id, survivors.get(id) ?? id]))] };
}

/** Refuses to go on from a change that is not in the log: what the reader holds is not a copy of this log. */
export async function refuseBeyond(
  engine: Engine,
  session: Session,
  after: number,
  place: Pick<Fault, 'parameter' | 'header'>,
): Promise<void> {
  const revision = await revisionOf(session, engine);
  if (after <= revision) return;
  const detail = `The last change is ${revision}. If you have seen ${after}, this log is another one, or was set back: begin again from 0.`;
  throw new Problem('invalid-parameter', detail, {
    errors: [
      {
        ...place,
        message: 'lies beyond the last change',
        expected: `a number from 0 to ${revision}`,
        got: after,
      },
    ],
  });
}

/** The next changes in order. */
export function readChanges(engine: Engine, session: Session, reach: Reach): Promise<Stretch> {
  return readStretch(engine, session, reach, changesOf);
}

/** The same, in whatever form `read` gives changes by their numbers. */
export async function readStretch<Change>(
  engine: Engine,
  session: Session,
  reach: Reach,
  read: (engine: Engine, session: Session, seqs: readonly number[], reach: Reach) => Promise<Change[]>,
): Promise<Stretch<Change>> {
  const revision = await revisionOf(session, engine);
  const found = await seqsAfter({ engine, session }, reach.concern, reach.after, reach.limit + 1);
  const wanted = found.slice(0, reach.limit);
  const shown = reach.content ? await fitting(engine, session, wanted, reach.bytes) : wanted;
  const data = await read(engine, session, shown, reach);
  return { data, revision, next: found.length > shown.length ? shown.at(-1) : undefined };
}

/** As many of the changes as have no more content than `bytes` together, and at least one. */
async function fitting(
  { db }: Engine,
  session: Session,
  seqs: readonly number[],
  bytes: number,
): Promise<readonly number[]> {
  const { changes } = db.tables;
  const sizes = await session.all<{ seq: number; size: number }>(
    'change sizes',
    (on) =>
      on
        .select({
          seq: changes.seq as Column,
          size: sql<number>`${db.dialect.sizeOf(changes.content as Column)}`.mapWith(Number),
        })
        .from(changes)
        .where(db.dialect.isAmong(changes.seq as Column, 'seqs'))
        .orderBy(changes.seq as Column),
    { seqs: db.dialect.list(seqs) },
  );
  let sum = 0;
  const over = sizes.findIndex(({ size }) => {
    sum += size;
    return sum > bytes;
  });
  return over < 0 ? seqs : seqs.slice(0, Math.max(over, 1));
}

async function changesOf(
  { db }: Engine,
  session: Session,
  seqs: readonly number[],
  { restricted, content }: Pick<Reach, 'restricted' | 'content'>,
): Promise<PublicChange[]> {
  if (seqs.length === 0) return [];
  const { changes } = db.tables;
  const names = changeFields.filter((name) => content || name !== 'content');
  const rows = await session.all<PublicChange>(
    `changes ${content}`,
    (on) =>
      on
        .select(Object.fromEntries(names.map((name) => [name, changes[name] as Column])))
        .from(changes)
        .where(db.dialect.isAmong(changes.seq as Column, 'seqs'))
        .orderBy(changes.seq as Column),
    { seqs: db.dialect.list(seqs) },
  );
  if (restricted || !content) return rows;
  return rows.map((row) => ({
    ...row,
    content: withoutRestricted(kindNamed(row.kind), row.content as PublicRecord),
  }));
}

/** Members of a change, in order. */
export const changeFields: readonly (keyof PublicChange)[] = [
  'seq',
  'at',
  'kind',
  'record_id',
  'op',
  'version',
  'changed_fields',
  'actor',
  'reason',
  'content',
];
