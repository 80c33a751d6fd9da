/** A whole list as bytes: NDJSON, one JSON document, or CSV, made as they are taken. */
import { setImmediate as turn } from 'node:timers/promises';
import { type Crawled, crawlJson, crawlRecords } from '../../engine/crawl.ts';
import type { Engine } from '../../engine/engine.ts';
import type { ListPlace } from '../../engine/list.ts';
import type { ListQuery } from '../../engine/parameters.ts';
import { crawlSearched } from '../../features/search/crawl.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { csvLines, csvOf } from './csv.ts';

/** The forms a whole list has, with their media types. */
export const WHOLE_FORMS = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  json: 'application/json',
} as const;

export type WholeForm = keyof typeof WHOLE_FORMS;

/** A whole list that has been begun: its first records are read, so that nothing is wrong with what was asked. */
export interface WholeList {
  /** Number of the last change when it began. */
  readonly revision: number;
  readonly chunks: AsyncGenerator<Buffer>;
}

/** Begins a whole list; `self` is its address, which a JSON document tells. */
export async function wholeList(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  { form, self }: { readonly form: WholeForm; readonly self: string },
): Promise<WholeList> {
  const searched = query.q !== undefined;
  const made = form === 'csv' || searched ? undefined : await crawlJson(engine, kind, query, place);
  if (made) return { revision: made.revision, chunks: chunksOf(made, form, self) };
  const crawled = await (searched ? crawlSearched : crawlRecords)(engine, kind, query, place);
  const { revision, names } = crawled;
  if (form !== 'csv')
    return { revision, chunks: chunksOf({ ...crawled, pages: jsonOf(crawled) }, form, self) };
  return { revision, chunks: csvChunks(kind, names, crawled) };
}

async function* jsonOf({ pages }: Crawled<PublicRecord>): AsyncGenerator<readonly string[]> {
  for await (const records of pages) yield records.map((record) => JSON.stringify(record));
}

function chunksOf(crawled: Crawled<Buffer | string>, form: WholeForm, self: string): AsyncGenerator<Buffer> {
  return form === 'json' ? documentChunks(crawled, self) : lineChunks(crawled);
}

async function* lineChunks({ pages }: Crawled<Buffer | string>): AsyncGenerator<Buffer> {
  for await (const items of pages) {
    yield joined(items, '\n', '\n');
    await turn();
  }
}

/** The list as one JSON document; how many records there are is told at its end, where it is known. */
async function* documentChunks(
  { pages, revision }: Crawled<Buffer | string>,
  self: string,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const items of pages) {
    yield Buffer.concat([Buffer.from(total === 0 ? '{"data":[\n' : ',\n'), joined(items, ',\n', '')]);
    total += items.length;
    await turn();
  }
  const rest = JSON.stringify({ meta: { revision, total }, links: { self } }).slice(1);
  yield Buffer.from(`${total === 0 ? '{"data":[' : '\n'}],${rest}\n`);
}

async function* csvChunks(
  kind: Kind,
  names: readonly string[],
  { pages }: Crawled<PublicRecord>,
): AsyncGenerator<Buffer> {
  let head = csvLines([names]);
  for await (const records of pages) {
    yield Buffer.from(head + csvOf(kind, names, records));
    head = '';
    await turn();
  }
  if (head !== '') yield Buffer.from(head);
}

/** Texts with something between them, and at the end. */
function joined(items: readonly (Buffer | string)[], between: string, end: string): Buffer {
  if (typeof items[0] === 'string') return Buffer.from(items.join(between) + end);
  const [separator, last] = [Buffer.from(between), Buffer.from(end)];
  const parts = items.flatMap((item, at) => (at === 0 ? [item] : [separator, item])) as Buffer[];
  return Buffer.concat([...parts, last]);
}
