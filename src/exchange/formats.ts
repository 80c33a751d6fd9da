/** The formats that can be imported, by name: one line each, and whatever reads them gives bundle records. */
import { openBundle } from './bundle.ts';
import type { Input } from './import/record.ts';

export interface Format {
  readonly description: string;
  /** Finds the input at a path; rejects with an `InputError` where there is none that can be read. */
  readonly open: (path: string) => Promise<Input>;
}

export const formats: Readonly<Record<string, Format>> = {
  bundle: {
    description: 'a bundle: NDJSON, one record a line, gzip or not',
    open: (path) => openBundle(path),
  },
};
