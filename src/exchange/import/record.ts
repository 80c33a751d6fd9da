/** What readers give: records one after another, from whatever format. */
import type { Content } from '../../engine/content.ts';
import type { Fault } from '../../errors.ts';

/** Where something stands in an input. */
export interface Place {
  readonly file: string;
  /** From 1; null where the format has no lines. */
  readonly line: number | null;
}

/**
 * A record as it was read: its kind, the id it is to have where that is known, and its body as POST takes it, in which
 * any reference may be `{"scheme", "identifier"}` as well as an id or a slug.
 */
export interface BundleRecord {
  readonly kind: string;
  readonly id?: string | null;
  readonly body: Content;
  readonly place: Place;
  /**
   * A set of records, named, of which this input has all: those of it that an earlier import met and this one does not
   * are told of.
   */
  readonly collection?: string;
  /** Little is known of it here, for the others to refer to: where there is one already, that stays as it is. */
  readonly onlyIfNew?: true;
  /** Fields of which others know better: where a record there is has something, that stays. */
  readonly yields?: readonly string[];
}

/** Something of the input of which no record is made, on purpose, and why. */
export interface LeftOut {
  readonly kind: string | null;
  readonly place: Place;
  readonly note: string;
}

/** Something that should have been a record. */
export interface Unreadable {
  readonly kind: string | null;
  readonly place: Place;
  readonly faults: readonly Fault[];
}

export type Read = BundleRecord | Unreadable | LeftOut;

/** An input that has been found, and can be read from its beginning as often as wanted. */
export interface Input {
  /** What tells this state of the input from another. */
  readonly fingerprint: string;
  /** What of it is read, in bytes or whatever the format counts. */
  readonly total: number;
  /** Its records in an order that is always the same; `onProgress` hears how much has been read. */
  readonly read: (onProgress: (done: number) => void) => AsyncIterable<Read> | Iterable<Read>;
}

/** An input that cannot be read to its end; the message is for whoever gave it. */
export class InputError extends Error {}
