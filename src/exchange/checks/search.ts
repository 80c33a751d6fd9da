/** The index of words: whether it holds every word and mark of every live record, and nothing else. */
import type { Column, Table } from '../../db/columns.ts';
import { asc, sql } from '../../db/drizzle.ts';
import type { Reading } from '../../engine/belonging.ts';
import { tableOf } from '../../engine/select.ts';
import { BLOCK, DocSet } from '../../features/search/doc-set.ts';
import { isSearchComplete } from '../../features/search/fill.ts';
import { markedFields, marksOf } from '../../features/search/marks.ts';
import { type Document, postingsFrom } from '../../features/search/postings.ts';
import { bitOf, Sums, spanOf } from '../../features/search/spans.ts';
import { markToken, searchedKinds, wordTokens } from '../../features/search/tokens.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { type Check, type Checking, noun, pages, rowsOf } from './checking.ts';

export const search: Check = {
  name: 'search',
  looksAt: 'records that are searched',
  reads: [...searchedKinds.map(({ table }) => table), 'search_documents'],
  async look(on) {
    await lookForMissing(on);
    let [seen, postings] = [0, 0];
    for await (const documents of blocks(on)) {
      seen += documents.length;
      postings += await lookAtBlock(on, documents);
      on.step(documents.length);
    }
    const beyond = rowsOf(on, 'search_postings') - postings;
    if (beyond > 0) on.fault(`${beyond} rows of the search index belong to no record there is`, beyond);
    return seen;
  },
};

/** Columns of a kind that its words and marks are made from. */
function columnsOf(kind: Kind): (of: Table) => Record<string, Column> {
  const { names, texts } = kind.searched ?? { names: [], texts: [] };
  const fields = [...names, ...texts].map((path) => path.split('.')[0] as string);
  return (of) =>
    Object.fromEntries(
      [...fields, ...markedFields(kind), 'deleted_at'].map((name) => [name, of[name] as Column]),
    );
}

/** Looks for records that are not in the index. */
async function lookForMissing(on: Checking): Promise<void> {
  // After an upgrade older ones come in one by one.
  const complete = await isSearchComplete(on.db, on.session);
  const table = on.db.tables.searchDocuments;
  const joins = [{ table, on: (of: Table) => sql`${table.record_id} = ${of.id}` }];
  for (const kind of searchedKinds) {
    const columns = (of: Table) => ({ deleted_at: of.deleted_at as Column, number: table.number as Column });
    for await (const page of pages(on, kind, { what: 'search', columns, joins })) {
      for (const { id, number, deleted_at } of page)
        if (complete && number === null && deleted_at === null)
          on.fault(`${noun(kind)} ${id} is not in the search index`);
      on.step(page.length);
    }
  }
}

/** Documents of the index, block by block. */
async function* blocks({ db, session }: Checking): AsyncGenerator<Document[]> {
  const table = db.tables.searchDocuments;
  let from = 0;
  for (;;) {
    const rows = await session.all<Document>(
      'documents of a block',
      (on) =>
        on
          .select({
            number: table.number as Column,
            kind: table.kind as Column,
            record_id: table.record_id as Column,
            marks: table.marks as Column,
          })
          .from(table)
          .where(sql`${table.number} >= ${sql.placeholder('from')}`)
          .orderBy(asc(table.number as Column))
          .limit(BLOCK),
      { from },
    );
    const [first] = rows;
    if (first === undefined) return;
    const block = Math.floor(first.number / BLOCK);
    yield rows.filter(({ number }) => Math.floor(number / BLOCK) === block);
    from = (block + 1) * BLOCK;
  }
}

/** Records read at a time; fewer where each may have a text of several megabytes. */
const PAGE = 500;
const PAGE_OF_LARGE = 20;

/** Holds a block of the index against the records it stands for; returns how many rows it has. */
async function lookAtBlock(on: Checking, documents: readonly Document[]): Promise<number> {
  const { db, session, fault } = on;
  const block = Math.floor((documents[0] as Document).number / BLOCK);
  const wanted = new Map<string, number[]>();
  for (const [name, of] of Map.groupBy(documents, ({ kind }) => kind)) {
    const kind = kindNamed(name);
    const size = Object.values(kind.fields).some(({ large }) => large) ? PAGE_OF_LARGE : PAGE;
    for (let at = 0; at < of.length; at += size)
      await lookAtRecords(on, kind, of.slice(at, at + size), wanted);
  }
  const rows = await postingsFrom(db, session, [block], '');
  let wrong = 0;
  for (const { token, documents: held } of rows) {
    const set = new DocSet();
    for (const number of wanted.get(token) ?? []) set.add(number % BLOCK);
    if (set.toString() !== held) wrong += 1;
    wanted.delete(token);
  }
  wrong += wanted.size;
  if (wrong > 0)
    fault(
      `${wrong} words or marks of block ${block} of the search index stand for other records than they should`,
      wrong,
    );
  const tokens = rows.map(({ token }) => token);
  const sums = new Sums(db, session);
  await sums.read([block], { exact: tokens, prefixes: [] });
  const passed = tokens.filter((token) => !(sums.having(spanOf(block), token) & bitOf(block))).length;
  if (passed > 0)
    fault(
      `${passed} words or marks of block ${block} of the search index are not in its sum, so that searches pass them by`,
      passed,
    );
  return rows.length;
}

/** Notes what the index should hold of some records, and looks at their marks. */
async function lookAtRecords(
  on: Checking,
  kind: Kind,
  documents: readonly Document[],
  wanted: Map<string, number[]>,
): Promise<void> {
  const records = new Map<string, PublicRecord>();
  for (const record of await recordsOf(
    on,
    kind,
    documents.map(({ record_id }) => record_id),
  ))
    if (record.deleted_at === null) records.set(record.id, record);
  const reading: Reading = { engine: on as unknown as Reading['engine'], session: on.session };
  const marks = await marksOf(reading, kind, [...records.values()]);
  for (const { number, record_id, marks: kept } of documents) {
    const record = records.get(record_id);
    if (record === undefined) {
      on.fault(`${noun(kind)} ${record_id} is in the search index, and is deleted or not there`);
      continue;
    }
    const now = marks.get(record_id) ?? [];
    if (now.join() !== kept.join())
      on.fault(`the search index has other marks of ${noun(kind)} ${record_id} than it should`);
    for (const token of [...wordTokens(kind, record), ...now.map(markToken)]) {
      const numbers = wanted.get(token);
      if (numbers) numbers.push(number);
      else wanted.set(token, [number]);
    }
  }
}

async function recordsOf(
  { db, session }: Checking,
  kind: Kind,
  ids: readonly string[],
): Promise<PublicRecord[]> {
  if (ids.length === 0) return [];
  const table = tableOf(db, kind);
  const rows = await session.all(
    `searched ${kind.name}`,
    (on) =>
      on
        .select({ id: table.id as Column, ...columnsOf(kind)(table) })
        .from(table)
        .where(db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: db.dialect.list(ids) },
  );
  return rows as unknown as PublicRecord[];
}
