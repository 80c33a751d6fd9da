/** The database file of a snapshot: a copy of the tracker without what is not for everyone. */
import { chmodSync, statSync } from 'node:fs';
import { FILE_FORM } from '../../db/file-form.ts';
import { stripFile } from '../../db/maintenance.ts';
import { digestOf, sync } from '../files.ts';
import { hiddenFields } from './columns.ts';
import type { ExportFile } from './datapackage.ts';

/** Tables of the database file beside those of the records: the log, the index, and what leads from merged records. */
const KEPT_TABLES = [
  'identifiers',
  'changes',
  'change_subjects',
  'sort_moves',
  'redirects',
  'marks',
  'wordings',
  'wording_shingles',
  'search_documents',
  'search_postings',
  'search_spans',
  'migrations',
];

/** Marks that tell of this installation. */
const OWN_MARKS = ['import %', 'last_backup', 'snapshot', 'sweep'];

/** Makes a copy of a database one that anyone may have, and says what it is; `tables` are those of records. */
export async function openCopy(
  copy: string,
  tables: readonly string[],
): Promise<Omit<ExportFile, 'path' | 'rows'>> {
  stripFile(copy, { tables: [...tables, ...KEPT_TABLES], hidden: hiddenFields(), marks: OWN_MARKS });
  chmodSync(copy, 0o644);
  sync(copy);
  return {
    format: FILE_FORM.format,
    kind: null,
    bytes: statSync(copy).size,
    sha256: await digestOf(copy),
    description:
      'The whole tracker with its change log, tombstones and merged records, as a database that the service can be started on; without keys, and without what only some may read.',
  };
}
