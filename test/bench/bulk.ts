/**
 * Puts many made records into a database, row by row as the service would have written them one after another: their
 * own tables, the rows beside their lists, the change log and the indexes; through `src/db`, so on either engine.
 */
import { v5, v7 } from 'uuid';
import type { Table } from '../../src/db/columns.ts';
import type { Row, Session } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';
import { sortColumn, valueColumn } from '../../src/db/tables.ts';
import { jurisdictionsOfAll, shownUnder } from '../../src/engine/belonging.ts';
import { type Content, wholeContent } from '../../src/engine/content.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { shownRow } from '../../src/engine/json/shown.ts';
import { sortKey } from '../../src/engine/order.ts';
import { recordOf } from '../../src/engine/store.ts';
import { type Writer, writing } from '../../src/engine/writer.ts';
import { BLOCK } from '../../src/features/search/doc-set.ts';
import { indexAgain } from '../../src/features/search/keeping.ts';
import { lastNumber } from '../../src/features/search/postings.ts';
import { searchedKinds } from '../../src/features/search/tokens.ts';
import { keepWording } from '../../src/features/wordings.ts';
import type { Kind, PublicRecord } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';

/** A record to put in: what a client would send, references as ids; an id and a slug are made where there is none. */
export type Made = Content;

/** Rows that one statement inserts. */
const TOGETHER = 50;

const author = { actor: 'bench', reason: 'made for a measurement' };

/** Puts records of one kind in, whatever their number; returns their ids. What they refer to must be there. */
export async function addRecords(engine: Engine, kind: Kind, made: Iterable<Made>): Promise<string[]> {
  const ids: string[] = [];
  let page: Made[] = [];
  let room = await roomInBlock(engine);
  const flush = async () => {
    const records = page;
    page = [];
    ids.push(...(await writing(engine, author, (writer) => addPage(writer, kind, records), { alone: true })));
    room = await roomInBlock(engine);
  };
  for (const one of made) {
    page.push(one);
    if (page.length === room) await flush();
  }
  if (page.length > 0) await flush();
  return ids;
}

/** How many records fill the block of the index of words, so that each block is written once: what a transaction takes. */
async function roomInBlock({ db }: Engine): Promise<number> {
  const last = await db.read((session) => lastNumber(db, session));
  return BLOCK - ((last + 1) % BLOCK);
}

async function addPage(writer: Writer, kind: Kind, made: readonly Made[]): Promise<string[]> {
  const { engine, session } = writer;
  const { kinds: tables, identifiers, changes, changeSubjects } = engine.db.tables;
  const derived = await derivedOnce(writer, kind, made[0] as Made);
  const rows = made.map((body) => rowOf(writer, kind, body, derived));
  const records = rows.map((row) => recordOf(kind, row));
  const shown = rows.map((row, at) => ({ ...row, ...shownRow(kind, records[at] as PublicRecord) }));
  await insert(session, kind.table, tables.get(kind.name) as Table, shown);
  for (const [name, field] of Object.entries(kind.fields))
    if (field.rows) await addItems(writer, kind, name, rows);
  const named = rows.flatMap(({ id, identifiers: own }) =>
    (own as { scheme: string; identifier: string }[]).map(({ scheme, identifier }) => ({
      kind: kind.name,
      name: `${scheme}:${identifier}`,
      record_id: id,
    })),
  );
  await insert(session, 'identifiers', identifiers, named);
  await insert(
    session,
    'changes',
    changes,
    records.map((content, at) => logged(writer, kind, content, rows[at]?.seq as number)),
  );
  const places = await jurisdictionsOfAll(writer, kind, records);
  const subjects = records.flatMap((record, at) =>
    [...new Set([...shownUnder(kind, record), ...(places.get(record.id) ?? [])])].map((subject_id) => ({
      subject_id,
      kind: kind.name,
      seq: rows[at]?.seq,
    })),
  );
  await insert(session, 'change_subjects', changeSubjects, subjects);
  if (searchedKinds.includes(kind)) await indexAgain(writer, kind, records);
  if (kind.name === 'statement')
    for (const { id, text } of records)
      if (text)
        await keepWording(engine.db, session, 'statement', id, { now: String(text), before: undefined });
  return records.map(({ id }) => id);
}

/** Derived values of records that nothing points at yet: the same for all, so found once. */
async function derivedOnce({ engine, session }: Writer, kind: Kind, body: Made): Promise<Content> {
  const record = { ...wholeContent(kind, body), id: v7(), version: 1 } as PublicRecord;
  return (await engine.derivations[kind.name]?.derive?.(session, record)) ?? {};
}

function rowOf(writer: Writer, kind: Kind, body: Made, derived: Content): Row {
  const content = { ...wholeContent(kind, body), ...derived };
  Object.assign(content, kind.settle?.(content));
  const id = String(body.id ?? writer.engine.newId());
  const seq = writer.nextSeq();
  const sorts = Object.entries(kind.sorts).map(([name, sort]) => [sortColumn(name), sortKey(sort, content)]);
  return {
    id,
    ...(kind.slugFrom ? { slug: body.slug ?? `${kind.name.replaceAll('_', '-')}-${id}` } : {}),
    ...content,
    version: 1,
    created_at: writer.at,
    updated_at: writer.at,
    deleted_at: null,
    seq,
    moved_seq: seq,
    ...Object.fromEntries(sorts),
  };
}

function logged({ at }: Writer, kind: Kind, content: PublicRecord, seq: number): Row {
  const { id: record_id, version } = content;
  return {
    seq,
    at,
    kind: kind.name,
    record_id,
    op: 'create',
    version,
    changed_fields: [],
    ...author,
    content,
  };
}

/** The rows beside a list field: those of a kind of their own (votes), of links, or of what items refer to. */
async function addItems(
  { engine, session }: Writer,
  kind: Kind,
  name: string,
  rows: readonly Row[],
): Promise<void> {
  const { tables } = engine.db;
  const field = kind.fields[name] as Kind['fields'][string];
  const { table: tableName, owner } = field.rows as { table: string; owner: string };
  const own = kinds.find(({ rowsOf }) => rowsOf?.kind === kind.name && rowsOf.field === name);
  const table = own ? tables.kinds.get(own.name) : tables.rows.get(tableName);
  const items = rows.flatMap((row) =>
    (row[name] as unknown[]).map((item, ordinal) => {
      if (own) return ownRow(own, owner, row, item as Content, ordinal);
      if (!field.items) return { [owner]: row.id, [valueColumn(field)]: item };
      const references = Object.entries(field.items).filter(([, { to }]) => to);
      const part = item as Content;
      return { [owner]: row.id, ordinal, ...Object.fromEntries(references.map(([of]) => [of, part[of]])) };
    }),
  );
  await insert(session, tableName, table as Table, items);
}

function ownRow(own: Kind, owner: string, row: Row, item: Content, ordinal: number): Row {
  const copies = (own.rowsOf?.copies ?? []).map((name) => [name, row[name]]);
  const { seq, moved_seq, updated_at, deleted_at } = row;
  const made: Row = {
    ...item,
    id: v5(`${own.name}\u0000${ordinal}`, row.id as string),
    [owner]: row.id,
    ...Object.fromEntries(copies),
    ...{ seq, moved_seq, updated_at, deleted_at },
  };
  for (const [name, sort] of Object.entries(own.sorts)) made[sortColumn(name)] = sortKey(sort, made);
  return made;
}

/** Inserts rows that all have the same columns, many with one statement. */
async function insert(session: Session, name: string, table: Table, rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; ) {
    const count = rows.length - from >= TOGETHER ? TOGETHER : 1;
    const values: Row = {};
    for (let at = 0; at < count; at += 1)
      for (const [column, value] of Object.entries(rows[from + at] as Row)) values[`${column}_${at}`] = value;
    const columns = Object.keys(rows[from] as Row);
    const places = () =>
      Array.from({ length: count }, (_, at) =>
        Object.fromEntries(columns.map((column) => [column, sql.placeholder(`${column}_${at}`)])),
      );
    await session.run(`bulk ${name} ${count}`, (on) => on.insert(table).values(places() as never), values);
    from += count;
  }
}
