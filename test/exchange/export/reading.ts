/** Reading a snapshot back with other programs than those that wrote it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import papaparse from 'papaparse';
import { readParquet } from 'parquet-wasm';
import { type ExportColumn, exportColumns } from '../../../src/exchange/export/columns.ts';
import { unguarded } from '../../../src/exchange/export/csv.ts';
import type { Kind } from '../../../src/model/declare.ts';

export type Content = Record<string, unknown>;

/** The records of an NDJSON file. */
export function linesIn(folder: string, file: string): Content[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** The records of a CSV file, by the types that its columns are said to have. */
export function csvIn(folder: string, kind: Kind): Content[] {
  const text = readFileSync(join(folder, `${kind.path}.csv`), 'utf8');
  const [names = [], ...rows] = papaparse.parse<string[]>(text.slice(0, -2), { delimiter: ',' }).data;
  const columns = exportColumns(kind);
  return rows.map((cells) =>
    Object.fromEntries(
      names.map((name, at) => {
        const column = columns.find((one) => one.name === name) as ExportColumn;
        return [name, fromCell(cells[at] as string, column)];
      }),
    ),
  );
}

function fromCell(cell: string, { type, field }: ExportColumn): unknown {
  if (cell === '') return field?.initial === '' ? '' : null;
  if (type === 'string') return unguarded(cell);
  return type === 'datetime' ? cell : JSON.parse(cell);
}

/** The records of a Parquet file, read by another implementation. */
export function parquetIn(folder: string, kind: Kind): Content[] {
  const bytes = readFileSync(join(folder, `${kind.path}.parquet`));
  const table: Table = tableFromIPC(readParquet(new Uint8Array(bytes)).intoIPCStream());
  const columns = exportColumns(kind);
  return table.toArray().map((row) => {
    const values = row as unknown as Content;
    return Object.fromEntries(
      columns.map((column) => [column.name, fromParquet(values[column.name], column)]),
    );
  });
}

function fromParquet(value: unknown, { type }: ExportColumn): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (type === 'datetime') return new Date(value as number).toISOString();
  return type === 'array' || type === 'object' || type === 'any' ? JSON.parse(value as string) : value;
}
