import { Type } from 'typebox';
import { MEDIA_TYPES } from '../exchange/export/datapackage.ts';
import { nullable } from '../model/declare.ts';

const closed = { additionalProperties: false };
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });

const NAME = '20260131T120000000Z-r1307';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The files of a snapshot. */
export const exportsSchema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          file: text('Name of the file.'),
          format: Type.Unsafe({ type: 'string', enum: Object.keys(MEDIA_TYPES), description: 'Its form.' }),
          media_type: text('Its media type.'),
          kind: nullable(text('The kind whose records it has; null for one of all kinds.')),
          rows: count('Records in it.'),
          bytes: count('Its length.'),
          sha256: text('SHA-256 of it, in hexadecimal.'),
          description: text('What it is.'),
          url: text('Its address, under which it never changes.'),
        },
        closed,
      ),
    ),
    meta: Type.Object(
      {
        snapshot: nullable(text('Name of the snapshot; null where there is none yet.')),
        revision: nullable(count('Number of the last change that it has.')),
        created_at: nullable(Type.String({ format: 'date-time', description: 'When it was begun.' })),
      },
      closed,
    ),
    links: Type.Object(
      {
        self: text('This list.'),
        datapackage: nullable(text('The description of all files, a Frictionless Data Package.')),
        changes: nullable(text('The changes since.')),
      },
      closed,
    ),
  },
  {
    ...closed,
    $id: 'Exports',
    description: 'The files of the last snapshot.',
    examples: [
      {
        data: [
          {
            file: 'votes.ndjson',
            format: 'ndjson',
            media_type: MEDIA_TYPES.ndjson,
            kind: 'vote',
            rows: 0,
            bytes: 0,
            sha256: EMPTY,
            description: 'All votes, a JSON object a line.',
            url: `/v1/exports/${NAME}/votes.ndjson`,
          },
        ],
        meta: { snapshot: NAME, revision: 1307, created_at: '2026-01-31T12:00:00.000Z' },
        links: {
          self: '/v1/exports',
          datapackage: `/v1/exports/${NAME}/datapackage.json`,
          changes: '/v1/changes?after=1307',
        },
      },
    ],
  },
);
