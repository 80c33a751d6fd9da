/** Records as they are made of what Legistar holds, before a reader says in which file they stand. */
import type { Content } from '../../engine/content.ts';

/** A record, or something of which none is made, and why. */
export type Draft = Made | Dropped;

export interface Made {
  readonly kind: string;
  /** What it was made of, within its matter, sitting or person: `history 379342`; empty for that itself. */
  readonly at: string;
  readonly body: Content;
}

export interface Dropped {
  readonly kind: string;
  readonly at: string;
  readonly note: string;
}

/** The fields that have a value. */
export function filled(fields: Content): Content {
  const made: Content = {};
  for (const name in fields) if (fields[name] != null) made[name] = fields[name];
  return made;
}
