/** A whole list as text: NDJSON, one JSON document, or CSV, made as they are taken. */
import { setImmediate as turn } from 'node:timers/promises';
import { type Crawled, crawlRecords } from '../../engine/crawl.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Text } from '../../engine/json/list.ts';
import { crawlJson, type JsonTexts } from '../../engine/json/whole.ts';
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

/** What is to be sent, bytes being for whoever takes them alone. */
type Chunks = AsyncGenerator<Text>;

/** A whole list that has been begun: its first records are read, so that nothing is wrong with what was asked. */
export interface WholeList {
  /** Number of the last change when it began. */
  readonly revision: number;
  readonly chunks: Chunks;
}

/** What stands between records, by form. */
const BETWEEN = { ndjson: '\n', json: ',\n' } as const;

/** Begins a whole list; `self` is its address, which a JSON document tells. */
export async function wholeList(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  { form, self }: { readonly form: WholeForm; readonly self: string },
): Promise<WholeList> {
  const searched = query.q !== undefined;
  if (form !== 'csv' && !searched) {
    const made = await crawlJson(engine, kind, query, place, BETWEEN[form]);
    if (made) return { revision: made.revision, chunks: chunksOf(made, form, self) };
  }
  const crawled = await (searched ? crawlSearched : crawlRecords)(engine, kind, query, place);
  const { revision, names } = crawled;
  if (form === 'csv') return { revision, chunks: csvChunks(kind, names, crawled) };
  const texts = { ...crawled, pages: textsOf(crawled, BETWEEN[form]) };
  return { revision, chunks: chunksOf(texts, form, self) };
}

async function* textsOf(
  { pages }: Crawled<readonly PublicRecord[]>,
  between: string,
): AsyncGenerator<JsonTexts> {
  for await (const records of pages)
    yield {
      texts: records.map((record) => JSON.stringify(record)).join(between),
      count: records.length,
    };
}

function chunksOf(crawled: Crawled<JsonTexts>, form: 'json' | 'ndjson', self: string): Chunks {
  return form === 'json' ? documentChunks(crawled, self) : lineChunks(crawled);
}

async function* lineChunks({ pages }: Crawled<JsonTexts>): Chunks {
  for await (const { texts } of pages) {
    yield texts;
    yield '\n';
    await turn();
  }
}

/** The list as one JSON document; how many records there are is told at its end, where it is known. */
async function* documentChunks({ pages, revision }: Crawled<JsonTexts>, self: string): Chunks {
  let total = 0;
  for await (const { texts, count } of pages) {
    yield total === 0 ? '{"data":[\n' : BETWEEN.json;
    yield texts;
    total += count;
    await turn();
  }
  const rest = JSON.stringify({ meta: { revision, total }, links: { self } }).slice(1);
  yield `${total === 0 ? '{"data":[' : '\n'}],${rest}\n`;
}

async function* csvChunks(
  kind: Kind,
  names: readonly string[],
  { pages }: Crawled<readonly PublicRecord[]>,
): Chunks {
  let head = csvLines([names]);
  for await (const records of pages) {
    yield head + csvOf(kind, names, records);
    head = '';
    await turn();
  }
  if (head !== '') yield head;
}
