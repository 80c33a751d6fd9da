import { byText, code, kind, reference, text } from './declare.ts';
import { linkKind, topicScheme } from './vocabularies.ts';

/** A subject that policies and statements are filed under. */
export const topics = kind({
  name: 'topic',
  path: 'topics',
  table: 'topics',
  title: 'Topic',
  description: 'A subject that policies and statements are filed under.',
  slugFrom: ['name'],
  fields: {
    name: text('Name.', { required: true, max: 500 }),
    description: text('What belongs here.'),
    parent_id: reference('topic', 'The wider topic.'),
    scheme: code(topicScheme, 'The scheme it comes from.', { initial: 'local' }),
    code: text('Its code in that scheme.', { max: 100, filter: true }),
  },
  links: linkKind,
  sorts: { name: byText('name') },
  defaultSort: 'name',
  searched: { names: ['name'], texts: ['description'] },
  includes: {
    parent: { one: 'parent_id', kind: 'topic' },
    children: { many: 'topic', by: ['parent_id'] },
    policies: { through: 'policy_topics', many: 'policy', from: 'topic_id', to: 'policy_id' },
  },
  filters: {
    policy: {
      description: 'Only those this policy is filed under.',
      refersTo: 'policy',
      through: 'policy_topics',
      from: 'policy_id',
      to: 'topic_id',
    },
  },
  exampleKey: 'immigration',
  example: { name: 'Language access', parent_id: 'immigration' },
});
