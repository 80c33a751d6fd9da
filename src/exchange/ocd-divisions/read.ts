/** Open Civic Data division ids: CSV files of places, as https://github.com/opencivicdata/ocd-division-ids has them. */

import type { Input, Read } from '../import/record.ts';
import { filesAt, fingerprintOf, type InputFile, sizeOf } from '../input-files.ts';
import { fromRow } from './map.ts';
import { rowsOf } from './rows.ts';
import { Survey } from './survey.ts';

/** A file of divisions or a folder of them, `.csv` or `.csv.gz`; what a folder has is taken together. */
export async function openDivisions(path: string): Promise<Input> {
  const files = filesAt(path, ['.csv', '.csv.gz']);
  return {
    fingerprint: fingerprintOf(files),
    total: sizeOf(files),
    read: (onProgress) => readDivisions(files, onProgress),
  };
}

async function* readDivisions(
  files: readonly InputFile[],
  onProgress: (done: number) => void,
): AsyncGenerator<Read> {
  const survey = await surveyed(files);
  const met = new Map<string, string>();
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    onProgress(done);
  };
  for (const file of files) {
    for await (const row of rowsOf(file, onBytes)) {
      const first = 'id' in row ? met.get(row.id) : undefined;
      if (!('id' in row)) yield row;
      else if (first !== undefined)
        yield { kind: 'jurisdiction', place: row.place, note: `${row.id} stands already in ${first}` };
      else {
        met.set(row.id, `${row.place.file}:${row.place.line}`);
        yield fromRow(row, survey);
      }
    }
  }
}

async function surveyed(files: readonly InputFile[]): Promise<Survey> {
  const survey = new Survey();
  for (const file of files) for await (const row of rowsOf(file)) if ('id' in row) survey.add(row);
  survey.close();
  return survey;
}
