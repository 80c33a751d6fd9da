/** Webhooks and their deliveries, as they are kept. Instants are RFC 3339 in UTC. */

/** Whether the record itself goes along with the change. */
export const payloads = ['full', 'thin'] as const;
export type Payload = (typeof payloads)[number];

export const statuses = ['enabled', 'disabled'] as const;
export type Status = (typeof statuses)[number];

/** Why nothing is sent: somebody said so, the receiver answered 410, or it answered nothing right for three days. */
export const reasons = ['by_hand', 'gone', 'failing'] as const;
export type Reason = (typeof reasons)[number];

/** `pending` until it was delivered, or given up. */
export const states = ['pending', 'delivered', 'failed'] as const;
export type State = (typeof states)[number];

/** Filters of one kind’s list by name: a value, or several of which one will do; references are ids. */
export type Filters = Readonly<Record<string, string | boolean | readonly string[]>>;

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  /** Names of kinds; null for all. */
  readonly kinds: readonly string[] | null;
  /** Ids; null for all. */
  readonly jurisdictions: readonly string[] | null;
  /** By kind. */
  readonly filters: Readonly<Record<string, Filters>>;
  readonly payload: Payload;
  readonly secret: string;
  /** Signs too, until `previous_secret_until`. */
  readonly previous_secret: string | null;
  readonly previous_secret_until: string | null;
  readonly status: Status;
  readonly disabled_reason: Reason | null;
  readonly disabled_at: string | null;
  /** Number of the last change that was looked at. */
  readonly position: number;
  /** Number of the last delivery. */
  readonly last_number: number;
  /** Attempts that failed since the last that did not. */
  readonly failures: number;
  readonly failing_since: string | null;
  readonly last_delivered_at: string | null;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One attempt to deliver. */
export interface Attempt {
  /** When it began. */
  readonly at: string;
  /** Status of the answer; null where none came. */
  readonly status: number | null;
  readonly duration_ms: number;
  readonly error: string | null;
}

export interface Delivery {
  readonly webhook_id: string;
  /** From 1 on for each webhook, in the order of the changes. */
  readonly number: number;
  readonly id: string;
  /** What the receiver knows the message by. */
  readonly message_id: string;
  /** The change it tells of; null for a ping. */
  readonly seq: number | null;
  readonly kind: string | null;
  /** The record it tells of; for a ping the webhook. */
  readonly record_id: string;
  /** What was done to it, or `ping`. */
  readonly op: string;
  readonly state: State;
  /** Attempts since it was queued, or since the webhook was enabled again. */
  readonly tries: number;
  readonly attempts: readonly Attempt[];
  readonly first_tried_at: string | null;
  /** Null while it waits for an earlier one of the same record, and once it is over. */
  readonly next_attempt_at: string | null;
  /** Whoever is at it, until `next_attempt_at`. */
  readonly claim: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

/** Whether a delivery is only there to try the receiver. */
export const isPing = ({ op }: Pick<Delivery, 'op'>) => op === 'ping';

/** So many failed attempts in a row say that the receiver is unwell, rather than that it dislikes one message. */
export const FAILING = 3;
