/** The files of an input that is a file or a folder of files, in an order that is always the same. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { InputError } from './import/record.ts';

export interface InputFile {
  readonly path: string;
  /** From the root of the input, with `/` between folders. */
  readonly name: string;
  readonly size: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly written: number;
}

/**
 * The files at a path: that file itself, or those under that folder whose names end so (`.csv`), hidden folders aside.
 * Throws an `InputError` where there are none.
 */
export function filesAt(path: string, endings: readonly string[]): InputFile[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw notReadable(path, { code: 'ENOENT' });
  if (!found.isDirectory()) return [{ path, name: basename(path), size: found.size, written: found.mtimeMs }];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => name.split(sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .sort()
    .map((name) => ({ name, path: join(path, name), at: statSync(join(path, name)) }))
    .filter(({ at }) => at.isFile())
    .map(({ at, ...file }) => ({ ...file, size: at.size, written: at.mtimeMs }));
  if (files.length === 0) throw new InputError(`${path} has no files that end in ${endings.join(' or ')}`);
  return files;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'it is a file, and a folder is wanted',
  EISDIR: 'it is a folder, and a file is wanted',
  EACCES: 'this user may not',
};

/** An input that the system does not let be read, and why, by its code. */
export function notReadable(path: string, { code = '' }: { readonly code?: string | undefined }): InputError {
  return new InputError(`${path} cannot be read: ${reasons[code] ?? code}`);
}

/** What tells this state of some files from another: their names, sizes and times of writing. */
export function fingerprintOf(files: readonly InputFile[]): string {
  const hash = createHash('sha256');
  for (const { name, size, written } of files) hash.update(`${name}\0${size}\0${written}\0`);
  return hash.digest('hex');
}

/** Bytes of some files together. */
export function sizeOf(files: readonly InputFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
