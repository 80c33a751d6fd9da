import { Type } from 'typebox';
import { v5 } from 'uuid';
import {
  anyRecord,
  code,
  derived,
  json,
  type Kind,
  keptKind,
  pattern,
  references,
  text,
  vocabulary,
} from './declare.ts';
import { POINTER } from './names.ts';
import { conflictBasis, conflictState } from './vocabularies.ts';

/** Disputed fields: kept by the service from citations and the records they are about; `cited` can have evidence. */
export function conflict(cited: readonly Kind[]): Kind {
  const recordType = vocabulary(
    'conflict_record_type',
    'What kind of record a disputed field belongs to.',
    Object.fromEntries(cited.map(({ name, description }) => [name, description])),
  );
  return keptKind({
    name: 'conflict',
    path: 'conflicts',
    table: 'conflicts',
    title: 'Conflict',
    description:
      'A field on which sources disagree: the values they give, what the record holds, and why. An older status that a newer one supersedes is no conflict.',
    fields: {
      record_type: code(recordType, 'Kind of the record.', { required: true }),
      record_id: anyRecord('record_type', 'The record.'),
      field: pattern('JSON Pointer (RFC 6901) to the field.', POINTER, { required: true, filter: true }),
      held: json('What the record holds.'),
      values: derived(
        'stored',
        'json',
        'The values that sources give, those that the record holds first; equal ones (case, marks and punctuation aside) together.',
        valuesSchema,
      ),
      state: code(conflictState, 'Whether an editor has settled it.', { required: true }),
      basis: code(conflictBasis, 'Why the record holds what it does.', { required: true }),
      reason: text('The same in a sentence.', { required: true }),
      sources: references('source', 'The sources that take part.', {
        table: 'conflict_sources',
        owner: 'conflict_id',
      }),
      jurisdictions: references('jurisdiction', 'The places the record belongs to.', {
        table: 'conflict_jurisdictions',
        owner: 'conflict_id',
      }),
    },
    sorts: {
      record: {
        description: 'By kind of record, record and field.',
        key: ({ record_type, record_id, field }) => `${record_type} ${record_id} ${field}`.slice(0, 200),
      },
    },
    defaultSort: '-updated_at',
    includes: {
      sources: { listed: 'sources', many: 'source', also: ['publisher'] },
      jurisdictions: { listed: 'jurisdictions', many: 'jurisdiction' },
    },
    keptId: ({ record_id, field }) => v5(`conflict\u0000${field}`, String(record_id)),
    exampleKey: '',
    example: {
      record_type: 'official',
      record_id: 'tom-homan',
      field: '/name',
      held: 'Tom Homan',
      state: 'settled',
      basis: 'preferred',
      reason: conflictBasis.words.preferred,
    },
  });
}

const valuesSchema = Type.Array(
  Type.Object(
    {
      value: Type.Unknown({ description: 'What they say, as JSON.' }),
      agrees: Type.Boolean({ description: 'Whether that is what the record holds.' }),
      citations: Type.Array(
        Type.Object(
          {
            citation_id: Type.String({ format: 'uuid' }),
            source_id: Type.String({ format: 'uuid' }),
            rank: Type.String({
              description: 'Weight of the citation: `preferred`, `normal`, `deprecated`.',
            }),
            published_on: Type.Unsafe({
              type: ['string', 'null'],
              description: 'When the source was published.',
            }),
          },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
);
