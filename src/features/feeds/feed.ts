/** A list as a feed: its newest records, with what feeds say of themselves. */
import type { Engine } from '../../engine/engine.ts';
import { address, type ListPlace } from '../../engine/list.ts';
import type { ListQuery } from '../../engine/parameters.ts';
import { importedId } from '../../engine/write.ts';
import type { Kind } from '../../model/declare.ts';
import { listSearched } from '../search/list.ts';
import { type Entry, entryOf, includesFor } from './entries.ts';

/** A feed before it takes a form. Addresses lack the service's own, unless it has a public one. */
export interface Feed {
  /** The same for every page and order of a list with the same filters. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly self: string;
  readonly next: string | null;
  /** The list itself. */
  readonly list: string;
  /** When the newest of the entries changed. */
  readonly updated: string;
  readonly entries: readonly Entry[];
  /** Number of the change it was read at. */
  readonly revision: number;
}

export interface Listed {
  readonly kind: Kind;
  readonly path: string;
  readonly title: string;
}

/** What an empty feed gives as its time: Atom asks for one. */
const NEVER = '1970-01-01T00:00:00.000Z';

/** Parameters that say which part of a list is shown, not what is on it. */
const SHAPE = new Set(['limit', 'cursor', 'sort']);

/** A page of a list as a feed; `query` and its faults are as a list's, `self` is the address that was asked. */
export async function feedOf(
  engine: Engine,
  { kind, path: listPath, title }: Listed,
  query: ListQuery,
  place: ListPlace & { readonly self: string },
): Promise<Feed> {
  const asked = { ...query, include: includesFor(kind) };
  const page = await listSearched(engine, kind, asked, place);
  const entries = page.data
    .map((record) => entryOf(kind, record))
    .map((entry) => ({ ...entry, path: engine.publicUrl + entry.path }));
  const cursor = page.links.next && new URL(page.links.next, 'http://here').searchParams.get('cursor');
  const filters = Object.fromEntries(Object.entries(query).filter(([name]) => !SHAPE.has(name)));
  const narrowed = filtersText(filters);
  return {
    id: `urn:uuid:${importedId('feed', listPath, narrowed)}`,
    title: `Civic Policy Tracker: ${title.toLowerCase()}${narrowed && ` (${narrowed})`}`,
    description: kind.description,
    self: engine.publicUrl + place.self,
    next: cursor && address(engine, place.path, { ...query, cursor }),
    list: address(engine, `/v1/${listPath}`, filters),
    updated: entries.map(({ updated }) => updated).reduce((a, b) => (a > b ? a : b), NEVER),
    entries,
    revision: page.meta.revision,
  };
}

/** Filters as a person reads them, the same in whatever order they were given. */
function filtersText(filters: Readonly<Record<string, unknown>>): string {
  return Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${[value].flat().map(String).sort().join(',')}`)
    .sort()
    .join('&');
}
