/** How changes and versions are described. */
import { Type } from 'typebox';

const entry = {
  version: Type.Integer({ minimum: 1, description: 'The record’s revision that the change made.' }),
  seq: Type.Integer({ minimum: 1, description: 'Number of the change in the log of the whole service.' }),
  at: Type.String({ format: 'date-time', description: 'When it was made.' }),
  op: Type.Unsafe({
    type: 'string',
    enum: ['create', 'update', 'delete', 'restore', 'merge'],
    description:
      'What was done. `merge` is told of both records: the one that is gone, and the one that took it in.',
  }),
  actor: Type.String({ description: 'Name of the key, or the program, that made it.' }),
  reason: Type.Unsafe({ type: ['string', 'null'], description: 'Why, where a reason was given.' }),
  changed_fields: Type.Array(Type.String(), {
    description:
      'Names of the fields that an update changed; where parts of the record changed, of the include they are in.',
  }),
};

/** Schemas of the change log and of histories. */
export const changeSchemas = [
  Type.Unsafe({
    $id: 'Change',
    type: 'object',
    description: 'One change of one record.',
    additionalProperties: false,
    required: ['seq', 'at', 'kind', 'record_id', 'op', 'version', 'changed_fields', 'actor', 'reason'],
    properties: {
      seq: entry.seq,
      at: entry.at,
      kind: Type.String({ description: 'Kind of the record.' }),
      record_id: Type.String({ format: 'uuid', description: 'Id of the record.' }),
      op: entry.op,
      version: entry.version,
      changed_fields: entry.changed_fields,
      actor: entry.actor,
      reason: entry.reason,
      content: Type.Unsafe({
        type: 'object',
        description:
          'The record as it was after the change, as its kind describes it, with `deleted_at` where it was deleted. Left out with `content=false`.',
      }),
    },
  }),
  pageOf('ChangePage', 'One page of the change log.', 'Change'),
  Type.Unsafe({
    $id: 'Version',
    type: 'object',
    description: 'One version of a record.',
    additionalProperties: false,
    required: Object.keys(entry),
    properties: entry,
  }),
  pageOf('HistoryPage', 'One page of a record’s versions, newest first.', 'Version'),
  Type.Unsafe({
    $id: 'JsonPatch',
    type: 'array',
    description: 'A JSON Patch (RFC 6902).',
    items: {
      type: 'object',
      required: ['op', 'path'],
      additionalProperties: false,
      properties: {
        op: Type.Unsafe({ type: 'string', enum: ['add', 'remove', 'replace'] }),
        path: Type.String({ description: 'JSON Pointer (RFC 6901) to the place.' }),
        value: { description: 'What is there afterwards.' },
      },
    },
  }),
];

function pageOf($id: string, description: string, item: string) {
  return Type.Unsafe({
    $id,
    type: 'object',
    description,
    additionalProperties: false,
    required: ['data', 'meta', 'links'],
    properties: {
      data: { type: 'array', items: { $ref: `${item}#` } },
      meta: { $ref: 'PageMeta#' },
      links: { $ref: 'PageLinks#' },
    },
  });
}
