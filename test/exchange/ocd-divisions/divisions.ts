/** Small files of divisions, and folders that hold them for the time of a test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import type { BundleRecord, Input, LeftOut, Read, Unreadable } from '../../../src/exchange/import/record.ts';

/** A folder with files in it, by name; removed when the test ends. */
export function folderOf(t: Test, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-input-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const HEADER = 'id,name,sameAs,sameAsNote,validFrom,validThrough,census_geoid';

/** A file of divisions: `us` stands for `ocd-division/country:us`. */
export const divisions = (...rows: readonly string[]): string =>
  [HEADER, ...rows]
    .map((row) => row.replace(/(^|,)us(?=[/,])/g, '$1ocd-division/country:us'))
    .join('\n')
    .concat('\n');

/** All that an input gives, by what it is. */
export async function readAll(input: Input): Promise<{
  readonly reads: readonly Read[];
  readonly records: readonly BundleRecord[];
  readonly left: readonly LeftOut[];
  readonly bad: readonly Unreadable[];
  readonly progress: number;
}> {
  const reads: Read[] = [];
  let progress = 0;
  for await (const read of input.read((done) => {
    progress = done;
  }))
    reads.push(read);
  return {
    reads,
    records: reads.filter((read) => 'body' in read),
    left: reads.filter((read) => 'note' in read),
    bad: reads.filter((read) => 'faults' in read),
    progress,
  };
}
