/** Feeds as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
import type { Entry } from './entries.ts';
import type { Feed } from './feed.ts';

export const JSON_FEED = 'application/feed+json';

/** A feed as a JSON Feed; `base` goes before addresses that lack the service's own. */
export function jsonFeed(feed: Feed, base: string) {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.description,
    home_page_url: base + feed.list,
    feed_url: base + feed.self,
    ...(feed.next === null ? {} : { next_url: base + feed.next }),
    authors: [{ name: 'Civic Policy Tracker' }],
    items: feed.entries.map((entry) => itemOf(entry, base)),
  };
}

function itemOf({ id, title, path, text, language, published, updated, tags, links }: Entry, base: string) {
  return {
    id,
    url: base + path,
    ...(links[0] === undefined ? {} : { external_url: links[0] }),
    title,
    content_text: text ?? title,
    date_published: published,
    date_modified: updated,
    ...(language === null ? {} : { language }),
    tags,
  };
}
