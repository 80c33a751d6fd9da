/** Whole lists narrowed by words: the hits, page after page, as the list has them. */
import { type Crawled, shownNames } from '../../engine/crawl.ts';
import type { Engine } from '../../engine/engine.ts';
import { type ListPlace, wantedFields } from '../../engine/list.ts';
import type { ListQuery } from '../../engine/parameters.ts';
import { Problem } from '../../errors.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { MOST_COLLECTED } from './find.ts';
import { listSearched, RELEVANCE, type SearchedPage } from './list.ts';

/** Hits of a page; fewer where each has large fields, or others inside. */
const HITS = 250;
const HEAVY = 50;
const LARGE = 5;

/**
 * Begins a whole list of hits. In one of the kind’s own orders there are only so many: more are a 400, as the others
 * would be missing without a word.
 */
export async function crawlSearched(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
): Promise<Crawled<readonly PublicRecord[]>> {
  const wanted = wantedFields(kind, query, place.restricted);
  const limit = wanted.large.length > 0 ? LARGE : (query.include ?? []).length > 0 ? HEAVY : HITS;
  const read = (cursor?: string) =>
    listSearched(engine, kind, { ...query, limit, ...(cursor === undefined ? {} : { cursor }) }, place);
  const first = await read();
  const ordered = query.sort !== undefined && query.sort !== RELEVANCE;
  if (ordered && first.meta.search?.exact === false) throw tooMany(String(query.sort));

  async function* pages(): AsyncGenerator<readonly PublicRecord[]> {
    for (let page: SearchedPage = first; ; ) {
      if (page.data.length > 0) yield page.data;
      const { next } = page.links;
      if (next === null) return;
      page = await read(new URL(next, 'http://here').searchParams.get('cursor') as string);
    }
  }

  const names = [...shownNames(engine, kind, query, wanted), '_highlights'];
  return { revision: first.meta.revision, names, pages: pages() };
}

function tooMany(sort: string): Problem {
  return new Problem('invalid-parameter', 'The parameter sort is not right: there are too many hits.', {
    errors: [
      {
        parameter: 'sort',
        message: `the hits are more than the ${MOST_COLLECTED} that can be put in another order than that of relevance`,
        expected: 'no sort beside q, or further filters',
        got: sort,
      },
    ],
  });
}
