/** Records as they are made of what Legistar holds, before a reader says in which file they stand. */
import type { Content } from '../../engine/content.ts';

/** A record, or something of which none is made, and why. */
export type Draft = Made | Dropped;

export interface Made {
  readonly kind: string;
  /** What it was made of, within its matter, sitting or person: `history 379342`; empty for that itself. */
  readonly at: string;
  readonly body: Content;
  /** Where there is such a record already, it stays as it is. */
  readonly onlyIfNew?: true;
}

export interface Dropped {
  /** What kind of record it would have been; null for what is only a part of one. */
  readonly kind: string | null;
  readonly at: string;
  readonly note: string;
}

/** The fields of a record that is the council's alone: what it no longer says of one is no longer so. */
export function told(fields: Content): Content {
  const made: Content = {};
  for (const name in fields) if (fields[name] !== undefined) made[name] = fields[name];
  return made;
}

/** The fields that have a value, of a record that others may know more of. */
export function filled(fields: Content): Content {
  const made: Content = {};
  for (const name in fields) if (fields[name] != null) made[name] = fields[name];
  return made;
}

/** Says that something is no web address, where one should stand. */
export function noAddress(at: string, printed: string): Dropped {
  return { kind: null, at, note: `'${printed}' is no web address, and is not kept` };
}
