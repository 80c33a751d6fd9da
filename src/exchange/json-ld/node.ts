/** What all linked data is made of: nodes with absolute addresses, and what every kind says of itself. */
import type { PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { classOf } from './types.ts';

/** A node object of JSON-LD, its terms those of schema.org. */
export type Node = { readonly [term: string]: unknown };

/** A record with the related ones that were included. */
export type Full = PublicRecord;

/** A record and where the service is found: an origin, without a slash at the end. */
export interface Linking {
  readonly base: string;
}

/** The address of a record by its id, which stays though its slug may change. */
export function iriOf({ base }: Linking, kind: string, id: unknown): string {
  return `${base}/v1/${kindNamed(kind).path}/${id}`;
}

/** A node without what is null or empty; a list of one is that one. */
export function compact(node: Node): Node {
  return Object.fromEntries(
    Object.entries(node).flatMap(([term, value]) => {
      const items = [value].flat().filter((one) => one !== null && one !== undefined && one !== '');
      return items.length === 0 ? [] : [[term, items.length === 1 ? items[0] : items]];
    }),
  );
}

/** A related record, told by its address, class and name. */
export function brief(linking: Linking, kind: string, record: unknown): Node | null {
  if (record === null || record === undefined) return null;
  const related = record as PublicRecord;
  return compact({
    '@type': classOf(kind, related),
    '@id': iriOf(linking, kind, related.id),
    name: related.name ?? related.short_title ?? related.title,
  });
}

/** A record that only its id is known of. */
export function pointer(linking: Linking, kind: string, id: unknown): Node | null {
  return typeof id === 'string' ? { '@id': iriOf(linking, kind, id) } : null;
}

/** The records that an include of many holds. */
export function included(record: Full, name: string): readonly PublicRecord[] {
  return (record[name] as { data: readonly PublicRecord[] } | undefined)?.data ?? [];
}

interface Identifier {
  readonly scheme: string;
  readonly identifier: string;
}

interface Link {
  readonly url: string;
  readonly kind?: string | null;
  readonly note?: string | null;
}

/** Schemes whose names are addresses in the web of data. */
const DATA_SITES: Readonly<Record<string, string>> = { wikidata: 'http://www.wikidata.org/entity/' };

/** Links that lead to pages of the thing itself; the others lead to pages about it. */
const OWN_PAGES: ReadonlySet<string> = new Set(['official_profile', 'legislation', 'social', 'campaign']);

/** What any record says of itself: its address, its names in other systems, pages of it and pages about it. */
export function identity(linking: Linking, kind: string, record: Full): Node {
  const names = (record.identifiers ?? []) as readonly Identifier[];
  const links = (record.links ?? []) as readonly Link[];
  const pages = links.filter((link) => link.kind === 'homepage').map(({ url }) => url);
  const own = links.filter((link) => OWN_PAGES.has(link.kind ?? '')).map(({ url }) => url);
  const about = links.filter((link) => link.kind !== 'homepage' && !OWN_PAGES.has(link.kind ?? ''));
  return {
    '@type': classOf(kind, record),
    '@id': iriOf(linking, kind, record.id),
    identifier: names.map(({ scheme, identifier }) => property(scheme, identifier)),
    sameAs: [
      ...names.flatMap(({ scheme, identifier }) =>
        DATA_SITES[scheme] ? DATA_SITES[scheme] + encodeURIComponent(identifier) : [],
      ),
      ...own,
    ],
    url: [...(typeof record.url === 'string' ? [record.url] : []), ...pages],
    subjectOf: about.map(({ url, note }) => compact({ '@type': 'WebPage', url, description: note })),
  };
}

/** A name in some system. */
export function property(scheme: string, value: unknown): Node {
  return { '@type': 'PropertyValue', propertyID: scheme, value };
}

/** The pages about a record, and the documents cited for it; itself aside, and those that it is told to be based on. */
export function subjectOf(
  linking: Linking,
  record: Full,
  known: Node,
  basis: ReadonlySet<unknown> = new Set(),
): readonly unknown[] {
  const cited = included(record, 'sources').filter(({ id }) => id !== record.id && !basis.has(id));
  return [...[known.subjectOf].flat(), ...cited.map((one) => work(linking, one))];
}

/** A source: what it is called, where it was published, when and by whom. */
export function work(linking: Linking, source: Full): Node {
  return compact({
    ...brief(linking, 'source', source),
    url: source.url,
    datePublished: source.published_on,
    publisher: brief(linking, 'publisher', source.publisher),
  });
}
