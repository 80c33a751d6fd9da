import {
  anyRecord,
  code,
  type Finding,
  integer,
  json,
  type Kind,
  kind,
  object,
  pattern,
  reference,
  text,
  vocabulary,
} from './declare.ts';
import { basis, citationMethod, citationRank } from './vocabularies.ts';

/** A W3C text anchor (Web Annotation's TextQuoteSelector and TextPositionSelector in one); offsets in Unicode code points. */
export const selectorFields = {
  exact: text('The words pointed at, exactly as they stand.'),
  prefix: text('Words just before.', { max: 1000 }),
  suffix: text('Words just after.', { max: 1000 }),
  start: integer('Offset of the first code point of the source’s text.'),
  end: integer('Offset just past the last code point.'),
};

/** The evidence for a record or for one of its fields; `cited` are the kinds that can have evidence. */
export function citation(cited: readonly Kind[]): Kind {
  const recordType = vocabulary(
    'record_type',
    'What kind of record a citation is evidence for.',
    Object.fromEntries(cited.map(({ name, description }) => [name, description])),
  );
  return kind({
    name: 'citation',
    path: 'citations',
    table: 'citations',
    title: 'Citation',
    description: 'The evidence for a record, or for one of its fields.',
    ownedBy: ['record_id'],
    evidence: false,
    fields: {
      record_type: code(recordType, 'Kind of the record.', { required: true }),
      record_id: anyRecord('record_type', 'The record; a slug is accepted in bodies.'),
      field: pattern(
        'JSON Pointer (RFC 6901) to the field; empty for the whole record.',
        {
          pattern: '^(/([^~/]|~[01])*)*$',
          expected: 'a JSON Pointer such as /status, or an empty text',
          example: '/status',
          min: 0,
        },
        { initial: '', filter: true },
      ),
      value: json('What the source says, as JSON.'),
      source_id: reference('source', 'The source.', { required: true }),
      selector: object('Where in the source it stands.', selectorFields),
      rank: code(citationRank, 'How much weight it has among the others.', { initial: 'normal' }),
      basis: code(basis, 'Whether the source states the value, or it was derived from what the source says.'),
      method: code(citationMethod, 'How it was made.', { initial: 'manual' }),
      note: text('A remark: how a value was derived, what is misprinted.', { max: 5000 }),
    },
    sorts: { field: { description: 'By field.', key: ({ field }) => String(field) } },
    defaultSort: 'field',
    includes: { source: { one: 'source_id', kind: 'source', also: ['publisher'] } },
    check: (record) => [...checkPointer(cited, record), ...checkSelector(record.selector)],
    exampleKey: 'la-ordinance-status-passed',
    example: {
      record_type: 'policy',
      record_id: 'los-angeles-sanctuary-city-ordinance',
      field: '/status',
      value: 'passed',
      source_id: 'los-angeles-sanctuary-second-story',
      selector: { start: 0, end: 40 },
    },
  });
}

function checkPointer(cited: readonly Kind[], record: Readonly<Record<string, unknown>>): readonly Finding[] {
  const subject = cited.find(({ name }) => name === record.record_type);
  if (!record.field || typeof record.field !== 'string' || subject === undefined) return [];
  const first = record.field.split('/')[1]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? '';
  if (first in subject.fields) return [];
  const expected = `a field of a ${subject.name}: ${Object.keys(subject.fields).join(', ')}`;
  return [{ pointer: '/field', message: `a ${subject.name} has no field '${first}'`, expected }];
}

/** An anchor has both offsets or neither, in order. */
export function checkSelector(selector: unknown): readonly Finding[] {
  const { start, end } = (selector ?? {}) as { start?: number | null; end?: number | null };
  if ((start == null) !== (end == null)) {
    const missing = start == null ? 'start' : 'end';
    return [
      {
        pointer: `/selector/${missing}`,
        message: 'start and end belong together',
        expected: 'both offsets, or neither',
      },
    ];
  }
  if (start != null && end != null && end < start)
    return [
      { pointer: '/selector/end', message: 'lies before start', expected: `a number of at least ${start}` },
    ];
  return [];
}
