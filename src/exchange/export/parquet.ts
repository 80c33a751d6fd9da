/** Records as Parquet (https://parquet.apache.org), a group of rows at a time. */
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { PublicRecord } from '../../model/declare.ts';
import type { ExportColumn } from './columns.ts';
import type { Sink, Sunk } from './sink.ts';

/** Rows of a group at most, and about the bytes of their values. */
const ROWS = 20_000;
const BYTES = 8 * 1024 * 1024;

/** How columns are kept. Lists and objects are texts in JSON: every reader knows what a text is. */
const KEPT = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  array: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  object: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  any: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  datetime: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
} as const;

/** Passes on what was written after each group of rows, so that memory holds one. */
class Passing extends ByteWriter {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    super(1024 * 1024);
    this.#sink = sink;
  }

  flush(): void {
    this.#sink.write(new Uint8Array(this.buffer, 0, this.index));
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

/** A Parquet file that is being written. */
export class ParquetFile {
  readonly #columns: readonly ExportColumn[];
  readonly #writer: ParquetWriter;
  readonly #sink: Sink;
  #values: unknown[][];
  #rows = 0;
  #bytes = 0;

  constructor(sink: Sink, columns: readonly ExportColumn[], about: Readonly<Record<string, string>>) {
    this.#sink = sink;
    this.#columns = columns;
    this.#values = columns.map(() => []);
    this.#writer = new ParquetWriter({
      writer: new Passing(sink),
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type, filled }) => ({
          name,
          ...KEPT[type],
          repetition_type: filled ? ('REQUIRED' as const) : ('OPTIONAL' as const),
        })),
      ],
      kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
      createdBy: 'civic-policy-tracker',
    });
  }

  add(record: PublicRecord): void {
    for (const [at, { name, type }] of this.#columns.entries()) {
      const value = keptValue(record[name], type);
      (this.#values[at] as unknown[]).push(value);
      this.#bytes += typeof value === 'string' ? value.length : 8;
    }
    this.#rows += 1;
    if (this.#rows >= ROWS || this.#bytes >= BYTES) this.#group();
  }

  end(): Sunk {
    this.#group();
    this.#writer.finish();
    return this.#sink.end();
  }

  #group(): void {
    if (this.#rows === 0) return;
    const columnData = this.#columns.map(({ name }, at) => ({ name, data: this.#values[at] as unknown[] }));
    this.#writer.write({ columnData: columnData as ColumnSource[], rowGroupSize: this.#rows });
    this.#values = this.#columns.map(() => []);
    [this.#rows, this.#bytes] = [0, 0];
  }
}

function keptValue(value: unknown, type: ExportColumn['type']): unknown {
  if (value === null || value === undefined) return undefined;
  if (type === 'integer') return BigInt(value as number);
  if (type === 'datetime') return new Date(value as string);
  return type === 'array' || type === 'object' || type === 'any' ? JSON.stringify(value) : value;
}
