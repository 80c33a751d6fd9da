/** The description of a snapshot as a Frictionless Data Package (https://datapackage.org, version 2). */
import { FILE_FORM } from '../../db/file-form.ts';
import type { Kind } from '../../model/declare.ts';
import { VERSION } from '../../version.ts';
import { type ExportColumn, exportColumns, refersTo } from './columns.ts';
import { CSV_CELLS } from './csv.ts';

/** A file of a snapshot, as its package and `/v1/exports` tell of it. */
export interface ExportFile {
  readonly path: string;
  readonly format: keyof typeof MEDIA_TYPES;
  /** The kind whose records it has; null for one of all kinds. */
  readonly kind: string | null;
  /** Records in it. */
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly description: string;
}

export const MEDIA_TYPES = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  'ndjson.gz': 'application/gzip',
  [FILE_FORM.format]: FILE_FORM.mediaType,
  json: 'application/json',
} as const;

/** The package’s own name among the files. */
export const PACKAGE = 'datapackage.json';

/** What a snapshot is of. */
export interface Taken {
  readonly name: string;
  /** Number of the last change that it has. */
  readonly revision: number;
  /** Instant. */
  readonly created: string;
}

/** The package of a snapshot, as JSON. */
export function dataPackage(
  { name, revision, created }: Taken,
  files: readonly ExportFile[],
  kinds: readonly Kind[],
): object {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'civic-policy-tracker',
    title: 'Civic Policy Tracker',
    description: `All that the tracker holds, as it was at change ${revision}. ${CSV_CELLS}`,
    version: String(revision),
    created,
    snapshot: name,
    revision,
    software: VERSION,
    resources: files.map((file) => resource(file, byName.get(file.kind ?? ''))),
  };
}

function resource(
  { path, format, kind: name, rows, bytes, sha256, description }: ExportFile,
  kind: Kind | undefined,
) {
  return {
    name: path.toLowerCase().replaceAll('.', '-'),
    path,
    description,
    format,
    mediatype: MEDIA_TYPES[format],
    ...(format === 'csv' || format === 'ndjson' ? { encoding: 'utf-8' } : {}),
    ...(format === 'csv'
      ? { dialect: { delimiter: ',', quoteChar: '"', doubleQuote: true, header: true } }
      : {}),
    bytes,
    hash: `sha256:${sha256}`,
    rows,
    kind: name,
    ...(kind ? { schema: tableSchema(kind, format === 'csv') } : {}),
  };
}

/** The schema of a kind’s files (https://datapackage.org/standard/table-schema/). */
export function tableSchema(kind: Kind, csv: boolean): object {
  const columns = exportColumns(kind);
  const pointing = columns.flatMap((column) => {
    const to = refersTo(column);
    return to ? [{ fields: [column.name], reference: { resource: `${to.path}-csv`, fields: ['id'] } }] : [];
  });
  return {
    fields: columns.map(fieldSchema),
    primaryKey: ['id'],
    ...(pointing.length > 0 && csv ? { foreignKeys: pointing } : {}),
    ...(csv ? { missingValues: [''] } : {}),
  };
}

function fieldSchema({ name, type, description, filled, field }: ExportColumn): object {
  const words = field?.vocabulary && type === 'string' ? Object.keys(field.vocabulary.words) : undefined;
  // An empty text is one that is there, which a table cannot tell from one that is not.
  const required = filled && field?.initial !== '';
  const constraints = {
    ...(required ? { required } : {}),
    ...(name === 'id' || name === 'slug' ? { unique: true } : {}),
    ...(words ? { enum: words } : {}),
  };
  return {
    name,
    type,
    ...(name === 'id' || (field?.storage === 'uuid' && type === 'string') ? { format: 'uuid' } : {}),
    description,
    ...(Object.keys(constraints).length > 0 ? { constraints } : {}),
  };
}
