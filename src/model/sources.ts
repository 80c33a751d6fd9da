import {
  byDate,
  byText,
  code,
  date,
  integer,
  kind,
  largeText,
  moment,
  pattern,
  reference,
  text,
  url,
} from './declare.ts';
import { language, SHA256 } from './names.ts';
import { basis, linkKind, sourceKind, sourceStatus } from './vocabularies.ts';

/** A document that facts and reports are taken from. */
export const sources = kind({
  name: 'source',
  path: 'sources',
  table: 'sources',
  title: 'Source',
  description: 'A document that facts and reports are taken from.',
  slugFrom: ['title'],
  fields: {
    publisher_id: reference('publisher', 'Who published it.'),
    kind: code(sourceKind, 'What kind of document it is.', { required: true }),
    title: text('Title, or a description where it bears none.', { required: true, max: 2000 }),
    author: text('Author as printed.', { max: 1000 }),
    url: url('Where it was published.'),
    archive_url: url('Where a copy is kept.'),
    published_on: date('When it was published.'),
    published_on_basis: code(basis, 'How that date is known.'),
    retrieved_at: moment('When our copy was taken.'),
    sha256: pattern('SHA-256 of our copy’s text, UTF-8.', SHA256, { filter: true }),
    length: integer('Length of our copy’s text in Unicode code points.'),
    language: language(),
    licence: text('Terms it may be used under.', { max: 1000 }),
    derived_from_id: reference(
      'source',
      'The source this one was made from: a translation, a rewrite, a syndicated copy.',
    ),
    status: code(sourceStatus, 'Whether it is still there.', { initial: 'live', progresses: true }),
    note: text('A remark on the document: what it lacks, how its date was derived.', { max: 5000 }),
    text: largeText(
      'The text itself; read back only with a key that may write, as most news text is not ours to publish.',
      {
        restricted: true,
      },
    ),
  },
  links: linkKind,
  sorts: { published_on: byDate(['published_on'], 'By when it was published.'), title: byText('title') },
  defaultSort: '-published_on',
  searched: { names: ['title'], texts: ['author', 'note'] },
  includes: {
    publisher: { one: 'publisher_id', kind: 'publisher' },
    derived_from: { one: 'derived_from_id', kind: 'source' },
    evidence: { many: 'citation', by: ['source_id'] },
    reports: { many: 'statement_report', by: ['source_id'], also: ['statement'] },
  },
  filters: {
    record_id: {
      description: 'Only those cited as evidence for this record (its id).',
      refersTo: '*',
      through: 'citation',
      from: 'record_id',
      to: 'source_id',
    },
  },
  exampleKey: 'los-angeles-sanctuary-second-story',
  example: {
    kind: 'press_release',
    title: 'Mayor announces signing',
    publisher_id: 'los-angeles-times',
    published_on: '2024-12',
  },
});
