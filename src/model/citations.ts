import {
  anyRecord,
  code,
  type Finding,
  integer,
  json,
  type Kind,
  kind,
  largeText,
  object,
  pattern,
  reference,
  text,
  vocabulary,
} from './declare.ts';
import { POINTER } from './names.ts';
import { basis, citationMethod, citationRank } from './vocabularies.ts';

/** A W3C text anchor (Web Annotation's TextQuoteSelector and TextPositionSelector in one); offsets in Unicode code points. */
export const selectorFields = {
  exact: text('The words pointed at, exactly as they stand.'),
  prefix: text('Words just before.', { max: 1000 }),
  suffix: text('Words just after.', { max: 1000 }),
  start: integer('Offset of the first code point of the source’s text.'),
  end: integer('Offset just past the last code point.'),
};

/** The text an anchor is held against where the source's is not stored. */
export const accompanied = {
  source_text: largeText(
    'The source’s whole text, for checking the selector only: it is not kept. Not needed where the source’s text is stored.',
  ),
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
        { ...POINTER, expected: `${POINTER.expected}, or an empty text`, min: 0 },
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
    accompanied,
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

/** Holds a pointer against the fields of the record's kind, down to the members of lists and objects. */
function checkPointer(cited: readonly Kind[], record: Readonly<Record<string, unknown>>): readonly Finding[] {
  const subject = cited.find(({ name }) => name === record.record_type);
  if (!record.field || typeof record.field !== 'string' || subject === undefined) return [];
  const [first = '', ...rest] = record.field
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const found = (message: string, expected: string) => [{ pointer: '/field', message, expected }];
  const field = subject.fields[first];
  const noun = subject.name.replaceAll('_', ' ');
  if (field === undefined) {
    const expected = `a field that every ${noun} has: ${Object.keys(subject.fields).join(', ')}`;
    return found(`no ${noun} has a field '${first}'`, expected);
  }
  const { storage, items, type } = field;
  const isList = storage === 'json' && type !== 'object' && type !== 'json';
  const [index, member] = isList ? rest : [undefined, ...rest];
  if (index !== undefined && !/^(0|[1-9]\d*)$/.test(index))
    return found(
      `'${index}' is no place in the list ${first}`,
      `/${first} or a place in it, such as /${first}/0`,
    );
  if (member !== undefined && !(items && member in items)) {
    const expected = items ? `one of its members: ${Object.keys(items).join(', ')}` : `/${first}`;
    return found(`${first} has no member '${member}'`, expected);
  }
  if (rest.length > Number(isList) + Number(items !== undefined))
    return found(
      'leads deeper than the field goes',
      `at most ${items ? 'a member' : 'the field'} of ${first}`,
    );
  return [];
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
