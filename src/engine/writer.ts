/** One transaction that writes: what all its changes share, and what must hold at its end. */
import type { Session } from '../db/database.ts';
import { Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import { jurisdictionsOf, type Lead } from './belonging.ts';
import type { Engine } from './engine.ts';
import { revisionOf } from './list.ts';
import { put, readStored } from './store.ts';

/** Who writes, why, and how far they may go. */
export interface Author {
  readonly actor: string;
  readonly reason: string | null;
  /** Ids of the jurisdictions whose records may be written; null or absent for all. */
  readonly within?: readonly string[] | null;
  /** Runs last in the transaction, with the number of records the author wrote; what it throws undoes all. */
  readonly atEnd?: (writer: Writer, records: number) => Promise<void>;
  /**
   * Told the number of the newest change: as the transaction begins, so that a refusal can say what it was judged by, and
   * once it is committed.
   */
  readonly told?: (revision: number) => void;
}

/** A record that a transaction has written. */
export interface Written {
  readonly kind: Kind;
  /** Jurisdictions it belonged to before; undefined for one that was not there, or deleted. */
  readonly before: readonly string[] | undefined;
  /** Whether the author asked for it, rather than it following from something else. */
  readonly asked: boolean;
}

/** An owner whose parts have changed, with the names of the includes they are in. */
export interface Touched {
  readonly kind: Kind;
  readonly parts: Set<string>;
}

export interface Writer {
  readonly engine: Engine;
  readonly session: Session;
  readonly author: Author;
  /** The instant of the transaction, RFC 3339 in UTC. */
  readonly at: string;
  /** Number of the next change. */
  readonly nextSeq: () => number;
  /** Number of the last change so far. */
  readonly lastSeq: () => number;
  /** Where records of this transaction lead, by id. */
  readonly leads: Map<string, Lead>;
  /** Last positions given within owners, by owner. */
  readonly positions: Map<string, number>;
  /** What is done once when all is written, by name: what follows from several changes alike. */
  readonly later: Map<string, () => Promise<void>>;
  /** Records written so far, by id. */
  readonly written: Map<string, Written>;
  /** Owners that parts of were written, by id. */
  readonly touched: Map<string, Touched>;
  /** Records that are written once more by themselves, with their derived values: not to be derived anew meanwhile. */
  readonly last?: ReadonlySet<string>;
}

/** Runs work that writes, all of it in one transaction. */
export async function writing<T>(
  engine: Engine,
  author: Author,
  work: (writer: Writer) => Promise<T>,
  options: { readonly alone?: boolean } = {},
): Promise<T> {
  const { result, last } = await engine.db.write(
    (session) => writingIn(engine, session, author, work),
    options,
  );
  engine.revisions.raise(last);
  author.told?.(last);
  return result;
}

/**
 * Runs work that writes as a part of a transaction, which may have others; what must hold at its end holds at the end
 * of the part. Returns the number of the last change too, to be made known once the transaction is over.
 */
export async function writingIn<T>(
  engine: Engine,
  session: Session,
  author: Author,
  work: (writer: Writer) => Promise<T>,
): Promise<{ readonly result: T; readonly last: number }> {
  let seq = await revisionOf(session, engine);
  author.told?.(seq);
  const nextSeq = () => {
    seq += 1;
    return seq;
  };
  const at = engine.now().toISOString();
  const writer: Writer = {
    engine,
    session,
    author,
    at,
    nextSeq,
    lastSeq: () => seq,
    later: new Map(),
    leads: new Map(),
    positions: new Map(),
    written: new Map(),
    touched: new Map(),
  };
  const result = await work(writer);
  await touchOwners(writer);
  for (const follow of writer.later.values()) await follow();
  const asked = [...writer.written].filter(([, { asked }]) => asked);
  if (author.within) await refuseOutside(writer, author.within, asked);
  await author.atEnd?.(writer, asked.length);
  return { result, last: seq };
}

/** Gives owners of changed parts a change of their own, so that their `updated_at` moves; those written already have one. */
async function touchOwners(writer: Writer): Promise<void> {
  // An owner may itself be a part, so touching one may add another.
  for (const [id, { kind, parts }] of writer.touched) {
    if (writer.written.has(id)) continue;
    const before = await readStored(writer, kind, id);
    if (before === undefined || before.deletedAt !== null) continue;
    await put(writer, kind, { id, op: 'update', content: { ...before.record }, before, parts: [...parts] });
  }
}

/** What the author may not write, as it lies outside the jurisdictions the author is limited to. */
export class Outside extends Problem {
  /** All such records. */
  readonly ids: readonly string[];

  constructor(records: readonly { readonly kind: Kind; readonly id: string }[]) {
    const [first] = records;
    super(
      'forbidden',
      `This key may only write what belongs to its jurisdictions; the ${first?.kind.name.replaceAll('_', ' ')} ${first?.id} does not, or not to them alone.`,
    );
    this.ids = records.map(({ id }) => id);
  }
}

/** Refuses what lies, or lay before, outside the jurisdictions the author is limited to. */
async function refuseOutside(
  writer: Writer,
  within: readonly string[],
  asked: readonly (readonly [string, Written])[],
): Promise<void> {
  const inside = (ids: readonly string[]) => ids.length > 0 && ids.every((id) => within.includes(id));
  const outside: { kind: Kind; id: string }[] = [];
  for (const [id, { kind, before }] of asked) {
    const stored = await readStored(writer, kind, id);
    // What is gone was where it was before; the parts that said so may have moved on since (a merge).
    const gone = before !== undefined && stored?.deletedAt != null;
    const after = stored && !gone ? await jurisdictionsOf(writer, kind, stored.record) : [];
    if ((gone || inside(after)) && (before === undefined || inside(before))) continue;
    outside.push({ kind, id });
  }
  if (outside.length > 0) throw new Outside(outside);
}
