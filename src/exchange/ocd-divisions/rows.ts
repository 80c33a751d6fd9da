/** The rows of CSV files of divisions, with the line each stands on. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import { InputError, type LeftOut, type Place, type Unreadable } from '../import/record.ts';
import type { InputFile } from '../input-files.ts';
import { unpacked } from '../lines.ts';

/** A row with a division; blank where the file says nothing. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly sameAs: string;
  readonly validFrom: string;
  readonly validThrough: string;
  readonly geoid: string;
  readonly place: Place;
}

/** Columns that are taken, by their names in the files. */
const COLUMNS = ['id', 'name', 'sameAs', 'validFrom', 'validThrough', 'census_geoid'] as const;
/** Says in words why two divisions are the same; `same_as` has no place for it. */
const REMARKS = new Set(['sameAsNote', '']);

/** The longest row, in characters: beyond it a quotation mark was not closed. */
const LONGEST_ROW = 1024 * 1024;

/**
 * The rows of a file, plain or gzip; columns that are not taken are told of once. Throws an `InputError` where it is
 * not CSV with the columns `id` and `name`.
 */
export async function* rowsOf(
  { path, name: file }: InputFile,
  onBytes: (count: number) => void = () => undefined,
): AsyncGenerator<Row | LeftOut | Unreadable> {
  // A stray quotation mark is text; how many cells a row has is looked at below.
  const parser = parse({
    bom: true,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  });
  // What goes wrong reaches the loop below.
  pipeline(Readable.from(unpacked(counted(path, onBytes))), parser, () => undefined);
  let columns: Columns | undefined;
  try {
    for await (const { record: cells, info } of parser as AsyncIterable<Parsed>) {
      const place = { file, line: info.lines };
      if (columns) {
        yield fromCells(columns, cells, place);
        continue;
      }
      columns = columnsIn(cells, file);
      const others = cells.filter(
        (name) => !(COLUMNS as readonly string[]).includes(name) && !REMARKS.has(name),
      );
      if (others.length > 0)
        yield { kind: null, place, note: `columns that are not taken: ${others.join(', ')}` };
    }
  } catch (error) {
    const { code, message } = error as CsvError;
    throw code?.startsWith('CSV_') ? new InputError(`${file} is not CSV: ${message}`) : error;
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: Info;
}

interface Columns {
  readonly count: number;
  readonly at: Readonly<Record<(typeof COLUMNS)[number], number>>;
}

function columnsIn(names: readonly string[], file: string): Columns {
  const at = Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as Columns['at'];
  if (at.id < 0 || at.name < 0)
    throw new InputError(
      `${file} does not begin with a line of names of columns, 'id' and 'name' among them: '${names.slice(0, 10).join(',').slice(0, 200)}'`,
    );
  return { count: names.length, at };
}

function fromCells({ count, at }: Columns, cells: readonly string[], place: Place): Row | Unreadable {
  const [only = ''] = cells;
  if (cells.length !== count) {
    const what = cells.length === 1 && only.trim() === '' ? 'is blank' : `has ${cells.length} cells`;
    return { kind: null, place, faults: [{ pointer: '', message: what, expected: `${count} cells` }] };
  }
  const cell = (column: keyof Columns['at']) => (cells[at[column]] ?? '').trim();
  const row = {
    id: cell('id'),
    name: cell('name'),
    sameAs: cell('sameAs'),
    validFrom: cell('validFrom'),
    validThrough: cell('validThrough'),
    geoid: cell('census_geoid'),
    place,
  };
  if (row.id !== '') return row;
  return { kind: null, place, faults: [{ pointer: '/id', message: 'is blank', expected: 'a division id' }] };
}

async function* counted(path: string, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    yield chunk;
    onBytes(chunk.length);
  }
}
