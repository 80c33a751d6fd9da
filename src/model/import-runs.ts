import { type TSchema, Type } from 'typebox';
import { v5 } from 'uuid';
import { code, derived, integer, type Kind, keptKind, moment, references, text } from './declare.ts';
import { importStatus } from './vocabularies.ts';

/** Namespace of the ids of first runs (UUID version 5). */
const NAMESPACE = '0d2cbb55-34d0-5b0f-8f0c-5b7a7f9fbd0e';

/** The id of the first run of an importer with an input; later ones have ids of their own. */
export function firstRunId(importer: string, input: string): string {
  return v5(`${importer}\u0000${input}`, NAMESPACE);
}

/** Most entries that a run lists of what failed, and of what did not resolve; all are counted. */
export const LISTED = 1000;

const whole = (description: string) => Type.Integer({ minimum: 0, description });
const nullableText = (description: string) => Type.Unsafe({ type: ['string', 'null'], description });
const closed = { additionalProperties: false };

const place = {
  file: Type.String({ description: 'The file it stands in.' }),
  line: Type.Unsafe({ type: ['integer', 'null'], description: 'The line, from 1.' }),
  kind: nullableText('Kind of the record; null where that is not known.'),
};

const countsSchema = Type.Array(
  Type.Object(
    {
      kind: nullableText('Kind of the records; null where it could not be told.'),
      created: whole('Records made.'),
      updated: whole('Records changed.'),
      unchanged: whole('Records that were so already.'),
      skipped: whole(
        'Records that are left as they are, as they were deleted or merged into others, or stand once more later in the input; and what of the input gives no record.',
      ),
      failed: whole('Records that could not be written, or not with all that they mention.'),
    },
    closed,
  ),
);

const failuresSchema = Type.Array(
  Type.Object(
    {
      ...place,
      pointer: Type.String({ description: 'Where in the line (JSON Pointer, RFC 6901).' }),
      message: Type.String({ description: 'What is wrong.' }),
      expected: nullableText('What would be right.'),
      got: Type.Unsafe({ description: 'What stands there.' }),
    },
    closed,
  ),
);

const unresolvedSchema = Type.Array(
  Type.Object(
    {
      ...place,
      record_id: Type.String({ format: 'uuid', description: 'The record that mentions it.' }),
      pointer: Type.String({ description: 'Where in the record (JSON Pointer, RFC 6901).' }),
      to: Type.String({ description: 'Kind of what is mentioned.' }),
      name: Type.String({ description: 'What it is called there: an id, a slug or `scheme:identifier`.' }),
    },
    closed,
  ),
);

/** How many there are of something, and the first of them. */
const countedList = (item: Record<string, TSchema>) =>
  Type.Object({ count: whole('How many.'), listed: Type.Array(Type.Object(item, closed)) }, closed);

const leftOutSchema = countedList({
  ...place,
  note: Type.String({ description: 'Why no record was made of it.' }),
});

const disappearedSchema = countedList({
  collection: Type.String({ description: 'The part of the input that had it: a folder, a file.' }),
  kind: Type.String({ description: 'Kind of the record.' }),
  record_id: Type.String({ format: 'uuid', description: 'The record, which stays as it is.' }),
});

/** Runs of imports, kept by the service: what was read, and what came of it. */
export const importRun: Kind = keptKind({
  name: 'import_run',
  path: 'import-runs',
  table: 'import_runs',
  title: 'ImportRun',
  unlogged: true,
  description:
    'One import: what was read, by whom, and what became of its records. While it runs, the counts grow with every transaction.',
  fields: {
    importer: text('Name of the format: `bundle`, `seeds` …', { required: true, max: 100, filter: true }),
    input: text('What was read: a path, or the name of what was sent.', { required: true, filter: true }),
    status: code(importStatus, 'How far it came.', { required: true }),
    actor: text('Who imports.', { required: true, max: 200, filter: true }),
    reason: text('Why, as the change log has it.', { max: 1000 }),
    strict: derived('stored', 'boolean', 'Whether one bad record makes all fail.', Type.Boolean()),
    dry_run: derived('stored', 'boolean', 'Whether nothing is written.', Type.Boolean()),
    started_at: moment('When it was begun.', { required: true }),
    ended_at: moment('When it ended.'),
    read: integer('Records of the input that have been read.', { required: true }),
    counts: derived('stored', 'json', 'What became of the records, by kind.', countsSchema),
    failures: derived(
      'stored',
      'json',
      `What is wrong with records that could not be written; the first ${LISTED} faults.`,
      failuresSchema,
    ),
    unresolved_count: integer('References that led nowhere when all had been read.', { required: true }),
    unresolved: derived(
      'stored',
      'json',
      `Those references, the first ${LISTED}: the records were written without them, with the names beside them where the kind has any.`,
      unresolvedSchema,
    ),
    left_out: derived(
      'stored',
      'json',
      `What of the input gave no record, on purpose, and why; the first ${LISTED}. Null where that was not kept.`,
      leftOutSchema,
      { nullable: true },
    ),
    disappeared: derived(
      'stored',
      'json',
      `Records that an earlier import of the same kind met and this one did not, though it read all of what they were among; the first ${LISTED}. They stay as they are. Null where that was not kept, or not asked.`,
      disappearedSchema,
      { nullable: true },
    ),
    error: text('Why it failed as a whole.'),
    jurisdictions: references(
      'jurisdiction',
      'Places that records of the input name as theirs; the first 1,000.',
      { table: 'import_run_jurisdictions', owner: 'import_run_id' },
    ),
  },
  sorts: {
    started_at: { description: 'By when it was begun.', key: ({ started_at }) => String(started_at) },
  },
  defaultSort: '-started_at',
  includes: { jurisdictions: { listed: 'jurisdictions', many: 'jurisdiction' } },
  keptId: ({ importer, input }) => firstRunId(String(importer), String(input)),
  exampleKey: '',
  example: {
    importer: 'seeds',
    input: 'seeds',
    status: 'done',
    actor: 'civic seed',
    reason: 'facts of the seed documents',
    started_at: '2026-01-31T12:00:00.000Z',
    ended_at: '2026-01-31T12:00:01.000Z',
    read: 521,
    unresolved_count: 0,
  },
});
