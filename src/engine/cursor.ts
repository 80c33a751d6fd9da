import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';

/** Where a crawl stands: the last record's sort key and id, and the revision its first page was read at. */
export interface Position {
  readonly key: string;
  readonly id: string;
  readonly revision: number;
}

/** What a list is bound to: its kind, sort, whether it shows deleted records, and its filters, in any order. */
export function bindingOf(
  kind: Pick<Kind, 'name'>,
  sort: string,
  deleted: boolean | undefined,
  filters: readonly string[],
): string {
  const parts = [kind.name, sort, String(deleted ?? false), ...[...filters].sort()];
  const text = JSON.stringify(parts);
  const known = bindings.get(text);
  if (known !== undefined) return known;
  const bound = digest(parts);
  if (text.length <= SHORT) bindings.set(text, bound);
  return bound;
}

/** Those of lists that are asked for again and again, by what they are made of, where that is short. */
const bindings = new LRUCache<string, string>({ max: 1000 });
const SHORT = 300;

function digest(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 10);
}

/** An opaque text for a position in the list with this binding; it ends in a digest of its own, so that a changed one is known. */
export function encodeCursor({ key, id, revision }: Position, bound: string): string {
  const parts = [bound, revision, id, key];
  return Buffer.from(JSON.stringify([...parts, digest(parts)])).toString('base64url');
}

/** The position in a cursor; a text that is no cursor, or one of another list, sort or filter, is a 400. */
export function decodeCursor(text: string, bound: string): Position {
  const parts = readParts(text);
  if (parts === undefined) throw wrong('is not a cursor', 'the cursor in the previous page’s links.next');
  const [of, revision, id, key] = parts as [string, number, string, string];
  if (of !== bound) {
    throw wrong(
      'belongs to a query with another sort or other filters',
      'the cursor of the previous page of this same query',
    );
  }
  return { key, id, revision };
}

/** The revision a crawl was begun at; undefined for a text that is no cursor. */
export function revisionIn(text: string): number | undefined {
  const revision = readParts(text)?.[1];
  return typeof revision === 'number' ? revision : undefined;
}

/** Refuses a cursor from before the change up to which places in orders are forgotten. */
export function refuseExpired({ revision }: Position, horizon: number): void {
  if (revision < horizon) throw wrong('has expired: start the list again', 'the list without a cursor');
}

/** The parts of a cursor as it was made, or undefined for any other text. */
function readParts(text: string): unknown[] | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // Decoding passes over what is not base64url; a cursor holds nothing of that.
  if (bytes.toString('base64url') !== text) return undefined;
  try {
    const read: unknown = JSON.parse(bytes.toString());
    if (!Array.isArray(read)) return undefined;
    const parts = read.slice(0, -1);
    return read.length === 5 && read[4] === digest(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function wrong(message: string, expected: string): Problem {
  return new Problem('invalid-parameter', `The cursor ${message}.`, {
    errors: [{ parameter: 'cursor', message, expected }],
  });
}
