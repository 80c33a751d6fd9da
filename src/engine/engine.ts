import type { Database, Session } from '../db/database.ts';
import type { PublicRecord } from '../model/declare.ts';
import type { Bounds } from './bounds.ts';
import type { Content } from './content.ts';
import type { RevisionSignal } from './revision-signal.ts';
import type { Writer } from './writer.ts';

/** Derived values that depend on other records, and which records to derive anew when one changes. */
export interface Derivation {
  /** Stored derived fields of a record of this kind, from it and what it is connected with. */
  readonly derive?: (session: Session, record: PublicRecord) => Promise<Record<string, unknown>>;
  /** Other records whose derived values may have changed with this one; `before` is absent for a new record. */
  readonly affects?: (
    session: Session,
    after: PublicRecord,
    before: PublicRecord | undefined,
  ) => Promise<readonly { readonly kind: string; readonly id: string }[]>;
  /** Keeps an index of the record's content in step; a deleted record has `deleted_at`, a new one no `before`. */
  readonly index?: (writer: Writer, after: PublicRecord, before: PublicRecord | undefined) => Promise<void>;
}

/**
 * Looks at a record that is about to be written beyond what its schema and references say: `body` is what the client
 * sent, whole. Throws what is wrong; returns fields to correct.
 */
export type Settling = (session: Session, content: Content, body: Content) => Promise<Content>;

/** What every function of the engine is given. Time comes in from outside, so that a test can say what day it is. */
export interface Engine {
  readonly db: Database;
  readonly now: () => Date;
  /** A new record's id: UUID version 7, which sorts by time. */
  readonly newId: () => string;
  /** Put before every path in an answer: empty, or the service's public address. */
  readonly publicUrl: string;
  /** Rings when something was written. */
  readonly revisions: RevisionSignal;
  readonly derivations: Readonly<Record<string, Derivation>>;
  /** By kind. */
  readonly settling: Readonly<Record<string, Settling>>;
  /** What a page of a list may cost, where that is not as usual. */
  readonly bounds?: Bounds;
}
