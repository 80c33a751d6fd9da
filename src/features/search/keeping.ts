/** Keeps the index of words in step with the records, once for each transaction that writes. */
import type { Column } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { leadsOf } from '../../engine/belonging.ts';
import type { Derivation } from '../../engine/engine.ts';
import { tableOf } from '../../engine/select.ts';
import type { Writer } from '../../engine/writer.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { BLOCK } from './doc-set.ts';
import { markedFields, marksOf } from './marks.ts';
import {
  changePostings,
  type Document,
  documentsOf,
  dropDocuments,
  lastNumber,
  saveDocuments,
} from './postings.ts';
import { addToSum } from './spans.ts';
import { markToken, searchedKinds, wordTokens } from './tokens.ts';

/** A record that was written: as it was when the transaction began, and as it is. */
interface Look {
  readonly kind: Kind;
  readonly after: PublicRecord;
  /** Absent for a new record. */
  readonly before: PublicRecord | undefined;
}

/** What a transaction has to look at in the end, by record id. */
interface Pending {
  readonly written: Map<string, Look>;
  /** Kinds of records whose marks alone may have changed. */
  readonly followed: Map<string, Kind>;
}

/** By what a transaction does later, which all its writers share. */
const pendings = new WeakMap<Writer['later'], Pending>();

/** The derivations, with the index of words kept in step too. */
export function withSearch(
  derivations: Readonly<Record<string, Derivation>>,
): Readonly<Record<string, Derivation>> {
  const indexed = [...searchedKinds, kindNamed('stance')].map((kind) => {
    const known = derivations[kind.name]?.index;
    const index: Derivation['index'] = async (writer, after, before) => {
      await known?.(writer, after, before);
      note(writer, kind, after, before);
    };
    return [kind.name, { ...derivations[kind.name], index }] as const;
  });
  return { ...derivations, ...Object.fromEntries(indexed) };
}

function note(writer: Writer, kind: Kind, after: PublicRecord, before: PublicRecord | undefined): void {
  const pending = pendings.get(writer.later) ?? { written: new Map(), followed: new Map() };
  pendings.set(writer.later, pending);
  if (kind.searched) {
    const known = pending.written.get(after.id);
    pending.written.set(after.id, { kind, after, before: known ? known.before : before });
  }
  for (const record of before ? [after, before] : [after])
    for (const [other, id] of followers(kind, record)) pending.followed.set(id, other);
  writer.later.set('search', () => keepIndex(writer, pending));
}

/** The records whose marks follow from one that they do not refer to: an official’s from offices, a statement’s from stances. */
function followers(kind: Kind, record: PublicRecord): [Kind, string][] {
  if (kind.name === 'stance') return [[kindNamed('statement'), String(record.statement_id)]];
  return searchedKinds.flatMap((other): [Kind, string][] => {
    const { belongs } = other;
    if (!belongs || !('through' in belongs) || belongs.through !== kind.name) return [];
    return record[belongs.by] == null ? [] : [[other, String(record[belongs.by])]];
  });
}

/** Indexes records that are not in the index. */
export async function indexAgain(
  writer: Writer,
  kind: Kind,
  records: readonly PublicRecord[],
): Promise<void> {
  const written = new Map(records.map((after) => [after.id, { kind, after, before: undefined }]));
  await keepIndex(writer, { written, followed: new Map() });
}

/**
 * Brings the index to what a write has written. Its postings, which other writes have changes of as well, are changed
 * once for all that share a transaction.
 */
async function keepIndex(writer: Writer, { written, followed }: Pending): Promise<void> {
  const changes = new BlockChanges();
  const moved = await keepWritten(writer, written, changes);
  // What was written has its marks already.
  let next = new Map([...followed, ...moved].filter(([id]) => !written.has(id)));
  while (next.size > 0) next = await keepMarks(writer, next, changes);
  const { db } = writer.engine;
  writer.session.beforeCommit('search postings', changes, async (runner, [first, ...others]) => {
    if (first === undefined) return;
    for (const other of others) first.follow(other);
    for (const [block, of] of first.blocks)
      await addToSum(db, runner, block, await changePostings(db, runner, block, of));
  });
}

/** Changes of postings, by block and token; the last that is said of a document holds. */
class BlockChanges {
  readonly blocks = new Map<number, Map<string, Map<number, boolean>>>();

  /** Brings a document from some tokens to others. */
  change(number: number, old: ReadonlySet<string>, now: ReadonlySet<string>): void {
    const block = Math.floor(number / BLOCK);
    for (const token of now) if (!old.has(token)) this.#set(block, token, number, true);
    for (const token of old) if (!now.has(token)) this.#set(block, token, number, false);
  }

  /** Adds what changes after this. */
  follow({ blocks }: BlockChanges): void {
    for (const [block, tokens] of blocks)
      for (const [token, numbers] of tokens)
        for (const [number, has] of numbers) this.#set(block, token, number, has);
  }

  #set(block: number, token: string, number: number, has: boolean): void {
    const tokens = this.blocks.get(block) ?? new Map<string, Map<number, boolean>>();
    this.blocks.set(block, tokens);
    const numbers = tokens.get(token) ?? new Map<number, boolean>();
    tokens.set(token, numbers);
    numbers.set(number, has);
  }
}

/** Indexes records that were written; returns those whose marks follow from them. */
async function keepWritten(
  writer: Writer,
  written: ReadonlyMap<string, Look>,
  changes: BlockChanges,
): Promise<Map<string, Kind>> {
  const { engine, session } = writer;
  const known = await documentsOf(engine.db, session, [...written.keys()]);
  const words = new Map<string, Set<string>>();
  for (const [id, { kind, after }] of written)
    words.set(id, after.deleted_at ? new Set() : wordTokens(kind, after));
  const marks = new Map<string, readonly string[]>();
  for (const [kind, all] of Map.groupBy(written.values(), (look) => look.kind)) {
    const live = all.map(({ after }) => after).filter(({ deleted_at }) => !deleted_at);
    if (live.length === 0) continue;
    for (const [id, of] of await marksOf(writer, kind, live)) marks.set(id, of);
  }
  let last = await lastNumber(engine.db, session);
  const [saved, dropped]: [Document[], number[]] = [[], []];
  const moved = new Map<string, Kind>();
  for (const [id, { kind, before, after }] of written) {
    const was = known.get(id);
    const [nowWords, nowMarks] = [words.get(id) as Set<string>, marks.get(id) ?? []];
    if (was === undefined && after.deleted_at) continue;
    if (was === undefined) last += 1;
    const number = was?.number ?? last;
    const old = was && before ? wordTokens(kind, before) : new Set<string>();
    changes.change(number, withMarks(old, was?.marks ?? []), withMarks(nowWords, nowMarks));
    if (after.deleted_at) dropped.push(number);
    else if (was?.marks.join() !== nowMarks.join())
      saved.push({ number, kind: kind.name, record_id: id, marks: nowMarks });
    if (was && belongsElsewhere(was.marks, nowMarks))
      for (const [other, kindOf] of await dependents(writer, kind, id)) moved.set(other, kindOf);
  }
  await saveDocuments(engine.db, session, saved);
  await dropDocuments(engine.db, session, dropped);
  return moved;
}

function withMarks(words: ReadonlySet<string>, marks: readonly string[]): Set<string> {
  return new Set([...words, ...marks.map(markToken)]);
}

/** Whether what others take from a record’s marks has changed: its places and its topics. */
function belongsElsewhere(then: readonly string[], now: readonly string[]): boolean {
  const taken = (marks: readonly string[]) =>
    marks.filter((mark) => /^(jurisdiction|topic)=/.test(mark)).join();
  return taken(then) !== taken(now);
}

/** Makes anew the marks of some records whose words are as they were; returns those whose marks follow from them. */
async function keepMarks(
  writer: Writer,
  records: ReadonlyMap<string, Kind>,
  changes: BlockChanges,
): Promise<Map<string, Kind>> {
  const { engine, session } = writer;
  const known = await documentsOf(engine.db, session, [...records.keys()]);
  const moved = new Map<string, Kind>();
  for (const [kind, ids] of Map.groupBy(known.keys(), (id) => records.get(id) as Kind)) {
    const rows = await markedRows(writer, kind, ids);
    const marks = await marksOf(writer, kind, rows);
    const saved: Document[] = [];
    for (const row of rows) {
      const was = known.get(row.id) as Document;
      const now = marks.get(row.id) ?? [];
      if (was.marks.join() === now.join()) continue;
      changes.change(was.number, withMarks(new Set(), was.marks), withMarks(new Set(), now));
      saved.push({ ...was, marks: now });
      for (const [other, id] of followers(kind, row)) moved.set(id, other);
      for (const [id, other] of await dependents(writer, kind, row.id)) moved.set(id, other);
    }
    await saveDocuments(engine.db, session, saved);
  }
  return moved;
}

/** The fields of some records that their marks follow from. */
async function markedRows(
  { engine, session }: Pick<Writer, 'engine' | 'session'>,
  kind: Kind,
  ids: readonly string[],
): Promise<PublicRecord[]> {
  const table = tableOf(engine.db, kind);
  const names = ['id', ...markedFields(kind), ...(kind.name === 'membership' ? ['official_id'] : [])];
  const rows = await session.all(
    `marked ${kind.name}`,
    (on) =>
      on
        .select(Object.fromEntries(names.map((name) => [name, table[name] as Column])))
        .from(table)
        .where(engine.db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: engine.db.dialect.list(ids) },
  );
  return rows as unknown as PublicRecord[];
}

/** Live records that belong where this one does, as they refer to it: the parts of a policy, the statements of an official. */
async function dependents({ engine, session }: Writer, kind: Kind, id: string): Promise<Map<string, Kind>> {
  const found = new Map<string, Kind>();
  for (const other of searchedKinds) {
    for (const field of leadsOf(other).filter((name) => other.fields[name]?.to === kind.name)) {
      const table = tableOf(engine.db, other);
      const rows = await session.all<{ id: string }>(
        `dependents ${other.name}.${field}`,
        (on) =>
          on
            .select({ id: table.id as Column })
            .from(table)
            .where(sql`${table[field] as Column} = ${sql.placeholder('id')} and ${table.deleted_at} is null`),
        { id },
      );
      for (const row of rows) found.set(row.id, other);
    }
  }
  return found;
}
