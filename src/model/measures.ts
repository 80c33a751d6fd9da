import { byText, kind, reference, text } from './declare.ts';

/** A named kind of provision that can be compared between places. */
export const measures = kind({
  name: 'measure',
  path: 'measures',
  table: 'measures',
  title: 'Measure',
  description: 'A named kind of provision that can be compared between places.',
  slugFrom: ['name'],
  fields: {
    name: text('What a policy with it does, in a few words.', { required: true, max: 500 }),
    description: text('What counts as having it.'),
    topic_id: reference('topic', 'Subject.'),
  },
  sorts: { name: byText('name') },
  defaultSort: 'name',
  searched: { names: ['name'], texts: ['description'] },
  includes: {
    topic: { one: 'topic_id', kind: 'topic' },
    provisions: { many: 'provision', by: ['measure_id'], also: ['policy'] },
  },
  exampleKey: 'no-local-resources-for-immigration-enforcement',
  example: { name: 'Legal aid fund for residents facing deportation', topic_id: 'immigration' },
});
