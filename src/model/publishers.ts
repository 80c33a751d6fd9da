import { byText, code, kind, pattern, text } from './declare.ts';
import { linkKind, publisherKind } from './vocabularies.ts';

/** Who publishes sources. */
export const publishers = kind({
  name: 'publisher',
  path: 'publishers',
  table: 'publishers',
  title: 'Publisher',
  description: 'Who publishes sources: a newspaper, a broadcaster, a government …',
  slugFrom: ['name'],
  fields: {
    name: text('Name.', { required: true, max: 500 }),
    domain: pattern(
      'Internet domain.',
      {
        pattern: '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$',
        expected: 'a domain such as example.org',
        example: 'lbpost.com',
        max: 253,
      },
      { filter: true },
    ),
    kind: code(publisherKind, 'What kind of publisher it is.', { initial: 'unknown' }),
    owner_group: text('The owner it shares with other publishers.', { max: 500, filter: true }),
  },
  links: linkKind,
  sorts: { name: byText('name') },
  defaultSort: 'name',
  searched: { names: ['name'], texts: ['domain', 'owner_group'] },
  includes: {
    published: { many: 'source', by: ['publisher_id'] },
    credited: { many: 'statement_report', by: ['outlet_id'], also: ['statement'] },
  },
  exampleKey: 'bbc-news',
  example: { name: 'Long Beach Post', domain: 'lbpost.com', kind: 'newspaper' },
});
