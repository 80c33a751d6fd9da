/** Conditional requests (RFC 9110, section 13): ETags made of versions. */
import { hash } from 'node:crypto';
import { Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';

/**
 * The strong ETag of a record's answer: its version, and behind a dot what else the answer depends on, be it the
 * short lists attached to it or, with `include`, the whole service's revision.
 */
export function etagOf(kind: Kind, record: PublicRecord, revision?: number): string {
  const attached = Object.keys(kind.fields).filter((name) => kind.fields[name]?.attached && record[name]);
  const texts = attached.map((name) => JSON.stringify(record[name]));
  return etagMade(record.version, texts, revision);
}

/** The same, of a version and the JSON texts of the lists. */
export function etagMade(version: number, attached: readonly string[], revision?: number): string {
  const seen = () => hash('sha256', `[${attached.join()}]`, 'base64url').slice(0, 8);
  const rest = [
    ...(attached.length > 0 ? [seen()] : []),
    ...(revision === undefined ? [] : [`r${revision}`]),
  ];
  return `"${[version, ...rest].join('.')}"`;
}

/** The entity tags of a header, or '*'. */
export function tagsOf(header: string): string[] | '*' {
  return header.trim() === '*' ? '*' : (header.match(/(?:W\/)?"[^"]*"/g) ?? []);
}

const opaque = (tag: string) => tag.replace(/^W\//, '');

/** Whether `If-None-Match` already has this answer (weak comparison). */
export function isFresh(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag) return true;
  const tags = tagsOf(header);
  return tags === '*' || tags.some((tag) => opaque(tag) === opaque(etag));
}

/**
 * Refuses a change whose `If-Match` is absent (428) or names no current version (412). An ETag got with `include`
 * counts as well: only its version is compared. Weak ones never match, as RFC 9110 says.
 */
export function requireMatch(header: string | undefined, kind: Kind, record: PublicRecord): void {
  requireVersion(header, record.version, () => etagOf(kind, record));
}

/** The same for whatever has a version; `etag` is the whole of it as it is now. */
export function requireVersion(header: string | undefined, version: number, etag: () => string): void {
  if (header === undefined) {
    throw new Problem('precondition-required', 'Send If-Match with the record’s ETag.', {
      errors: [
        {
          header: 'If-Match',
          message: 'is required',
          expected: `the record’s ETag, such as "${version}"`,
        },
      ],
    });
  }
  const tags = tagsOf(header);
  const versions = tags === '*' ? [] : tags.map((tag) => tag.replace(/"/g, '').split('.')[0]);
  if (tags === '*' || versions.includes(String(version))) return;
  const current = etag();
  throw new Problem('precondition-failed', 'The record is not as it was when that ETag was given.', {
    headers: { etag: current },
    errors: [{ header: 'If-Match', message: 'does not match', expected: current, got: header }],
  });
}
