import { createHash } from 'node:crypto';
import { Problem } from '../errors.ts';

/** Where a crawl stands: the last record's sort key and id, and the revision its first page was read at. */
export interface Position {
  readonly key: string;
  readonly id: string;
  readonly revision: number;
}

/** A short digest of what a cursor is bound to: the list, its sort and its filters, in any order. */
export function digest(parts: readonly string[]): string {
  return createHash('sha256')
    .update([...parts].sort().join('\n'))
    .digest('base64url')
    .slice(0, 10);
}

/** An opaque text for a position in the list with this digest. */
export function encodeCursor({ key, id, revision }: Position, bound: string): string {
  return Buffer.from(JSON.stringify([bound, revision, id, key])).toString('base64url');
}

/** The position in a cursor; a text that is no cursor, or one of another list, sort or filter, is a 400. */
export function decodeCursor(text: string, bound: string): Position {
  const [of, revision, id, key] = readParts(text);
  if (of !== bound) {
    throw wrong(
      'belongs to a query with another sort or other filters',
      'the cursor of the previous page of this same query',
    );
  }
  return { key: key as string, id: id as string, revision: revision as number };
}

function readParts(text: string): unknown[] {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    const [of, revision, id, key] = Array.isArray(parts) ? parts : [];
    const sound = [of, id, key].every((part) => typeof part === 'string') && Number.isSafeInteger(revision);
    if (sound) return [of, revision, id, key];
  } catch {
    // Falls through: whatever cannot be read is no cursor.
  }
  throw wrong('is not a cursor', 'the cursor in the previous page’s links.next');
}

function wrong(message: string, expected: string): Problem {
  return new Problem('invalid-parameter', `The cursor ${message}.`, {
    errors: [{ parameter: 'cursor', message, expected }],
  });
}
