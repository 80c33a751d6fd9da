/** How feeds are described, with an example of each form. */
import { Type } from 'typebox';
import { recordId } from '../exchange/seeds.ts';
import { atom } from '../features/feeds/atom.ts';
import type { Feed } from '../features/feeds/feed.ts';
import { jsonFeed } from '../features/feeds/json-feed.ts';

const closed = { additionalProperties: false };
const instant = (description: string) => Type.String({ format: 'date-time', description });
const url = (description: string) => Type.String({ format: 'uri', description });

const item = Type.Object(
  {
    id: Type.String({ description: 'The record; never changes.' }),
    url: url('Address of the record, by its id.'),
    external_url: Type.Optional(url('The first page elsewhere that the record names.')),
    title: Type.String({ description: 'What it is called, or who said what.' }),
    content_text: Type.String({ description: 'What it is about, or what was said.' }),
    date_published: instant('When the record was made here.'),
    date_modified: instant('When it last changed.'),
    language: Type.Optional(Type.String({ description: 'Language of the record, a BCP 47 tag.' })),
    tags: Type.Array(Type.String(), { description: 'Its coded words, and names of its topics.' }),
  },
  closed,
);

/** Schema of a JSON Feed. */
export const feedSchema = Type.Object(
  {
    version: Type.Unsafe({ type: 'string', const: 'https://jsonfeed.org/version/1.1' }),
    title: Type.String({ description: 'What is listed.' }),
    description: Type.String({ description: 'What that is.' }),
    home_page_url: url('The list itself, as plain JSON.'),
    feed_url: url('This page of the feed.'),
    next_url: Type.Optional(url('The next page, where there is more.')),
    authors: Type.Array(Type.Object({ name: Type.String() }, closed)),
    items: Type.Array(item, { description: 'Entries.' }),
  },
  { ...closed, $id: 'JsonFeed', description: 'A list as JSON Feed 1.1.', examples: [sample(jsonFeed)] },
);

/** The same example as Atom. */
export function sampleAtom(): string {
  return sample(atom);
}

function sample<T>(form: (feed: Feed, base: string) => T): T {
  const at = '2026-01-31T12:00:00.000Z';
  const id = recordId({ name: 'policy' }, 'los-angeles-sanctuary-city-ordinance');
  const feed: Feed = {
    id: `urn:uuid:${recordId({ name: 'feed' }, 'policies')}`,
    title: 'Civic Policy Tracker: policies (status=passed)',
    description: 'Anything a government decides or proposes.',
    self: '/v1/feeds/policies.atom?status=passed',
    next: null,
    list: '/v1/policies?status=passed',
    updated: at,
    revision: 1307,
    entries: [
      {
        id: `urn:uuid:${id}`,
        title: 'Los Angeles sanctuary city ordinance',
        path: `/v1/policies/${id}`,
        text: 'Keeps city resources out of federal immigration enforcement.',
        language: 'en',
        published: at,
        updated: at,
        tags: ['ordinance', 'passed', 'Immigration'],
        links: [],
      },
    ],
  };
  return form(feed, 'https://tracker.example');
}
