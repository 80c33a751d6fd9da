/** Where things stand in the copy, by the names of its folders. */
import type { InputFile } from '../input-files.ts';

/** What a file holds. */
export type Holds = 'matter' | 'event' | 'person' | 'resubmissions' | 'other';

/** A file, what it holds, and the set it belongs to. */
export interface Standing {
  readonly file: InputFile;
  readonly holds: Holds;
  /** The folder of a year, of people … of which a copy has all files. */
  readonly collection: string;
}

const FOLDERS: readonly (readonly [RegExp, Holds])[] = [
  [/^people\/[^/]+$/, 'person'],
  [/^(introduction|land_use|resolution)\/\d{4}\/[^/]+$/, 'matter'],
  [/^resubmit\/[^/]+$/, 'resubmissions'],
  [/^events\/\d{4}\/[^/]+$/, 'event'],
];

/** People come before what they did, and matters before the meetings that dealt with them: references find them there. */
export function inReadingOrder(files: readonly InputFile[]): Standing[] {
  const order = FOLDERS.map(([, holds]) => holds);
  return files
    .map((file): Standing => {
      const holds = FOLDERS.find(([names]) => names.test(file.name))?.[1] ?? 'other';
      const folder = file.name.slice(0, Math.max(0, file.name.lastIndexOf('/')));
      return { file, holds, collection: holds === 'resubmissions' ? file.name : folder };
    })
    .sort((a, b) => order.indexOf(a.holds) - order.indexOf(b.holds));
}

/** The number of a matter for comparing: its letters are written large or small. */
export function folded(number: string): string {
  return number.replace(/\s+/g, ' ').trim().toLowerCase();
}
