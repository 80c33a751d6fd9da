/** Feeds as Atom (RFC 4287). */
import { VERSION } from '../../version.ts';
import type { Entry } from './entries.ts';
import type { Feed } from './feed.ts';
import { element, escaped } from './xml.ts';

export const ATOM = 'application/atom+xml';

/** A feed as an Atom document; `base` goes before addresses that lack the service's own. */
export function atom(feed: Feed, base: string): string {
  const author = element('author', {}, element('name', {}, 'Civic Policy Tracker'));
  const parts = [
    element('id', {}, escaped(feed.id)),
    element('title', {}, escaped(feed.title)),
    element('subtitle', {}, escaped(feed.description)),
    element('updated', {}, feed.updated),
    element('generator', { version: VERSION }, 'Civic Policy Tracker'),
    author,
    element('link', { rel: 'self', type: ATOM, href: base + feed.self }),
    element('link', { rel: 'alternate', type: 'application/json', href: base + feed.list }),
    // RFC 5005, section 3.
    ...(feed.next === null ? [] : [element('link', { rel: 'next', type: ATOM, href: base + feed.next })]),
    ...feed.entries.map((entry) => entryElement(entry, base)),
  ];
  const root = element('feed', { xmlns: 'http://www.w3.org/2005/Atom' }, `\n${parts.join('\n')}\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function entryElement(entry: Entry, base: string): string {
  const { id, title, path, text, language, published, updated, tags, links } = entry;
  const parts = [
    element('id', {}, escaped(id)),
    element('title', {}, escaped(title)),
    element('published', {}, published),
    element('updated', {}, updated),
    element('link', { rel: 'alternate', type: 'application/json', href: base + path }),
    ...links.map((href) => element('link', { rel: 'related', href })),
    ...tags.map((term) => element('category', { term })),
    ...(text === null ? [] : [element('summary', {}, escaped(text))]),
  ];
  return element('entry', { 'xml:lang': language ?? undefined }, `\n  ${parts.join('\n  ')}\n`);
}
