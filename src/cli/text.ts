import { readFileSync } from 'node:fs';

/** A file’s text; refuses what is not UTF-8, as offsets into it would mean nothing. */
export function textIn(file: string): string {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${file} is not UTF-8`);
  }
}
