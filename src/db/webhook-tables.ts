/** The tables of webhooks: who is to be told of changes, and what each was told. */
import type { Column, Columns, Table } from './columns.ts';

/** Builds both tables. */
export function webhookTables(columns: Columns): { webhooks: Table; webhookDeliveries: Table } {
  const { text, uuid, integer, json, instant } = columns;
  const notNull = true;
  const webhooks = columns.table(
    'webhooks',
    {
      id: uuid('id', { primaryKey: true, notNull }),
      url: text('url', { notNull }),
      description: text('description'),
      // Names of kinds; null for all.
      kinds: json('kinds'),
      // Ids of jurisdictions; null for all.
      jurisdictions: json('jurisdictions'),
      // Filters of lists by kind and name; references as ids.
      filters: json('filters', { notNull }),
      payload: text('payload', { notNull }),
      // Signatures are made with it, so that no hash will do.
      secret: text('secret', { notNull }),
      previous_secret: text('previous_secret'),
      previous_secret_until: instant('previous_secret_until'),
      status: text('status', { notNull }),
      disabled_reason: text('disabled_reason'),
      disabled_at: instant('disabled_at'),
      // Number of the last change that was looked at.
      position: integer('position', { notNull }),
      // Number of its last delivery.
      last_number: integer('last_number', { notNull }),
      // Attempts that failed since the last that did not, and when the first of them was.
      failures: integer('failures', { notNull }),
      failing_since: instant('failing_since'),
      last_delivered_at: instant('last_delivered_at'),
      version: integer('version', { notNull }),
      created_at: instant('created_at', { notNull }),
      updated_at: instant('updated_at', { notNull }),
    },
    () => [],
  );
  const webhookDeliveries = columns.table(
    'webhook_deliveries',
    {
      webhook_id: uuid('webhook_id', { notNull, refersTo: () => webhooks.id as Column }),
      // From 1 on for each webhook: the order in which what is told of one record goes out.
      number: integer('number', { notNull }),
      id: uuid('id', { notNull }),
      // What the receiver knows the message by; a redelivery has that of the first.
      message_id: uuid('message_id', { notNull }),
      // The change it tells of; null for a ping.
      seq: integer('seq'),
      kind: text('kind'),
      // The record it tells of; for a ping the webhook.
      record_id: uuid('record_id', { notNull }),
      op: text('op', { notNull }),
      state: text('state', { notNull }),
      // Attempts since it was queued, or since the webhook was enabled again.
      tries: integer('tries', { notNull }),
      attempts: json('attempts', { notNull }),
      first_tried_at: instant('first_tried_at'),
      // Null while it waits for an earlier one of the same record, and once it is over.
      next_attempt_at: instant('next_attempt_at'),
      // Whoever is at it, until `next_attempt_at`.
      claim: uuid('claim'),
      created_at: instant('created_at', { notNull }),
      finished_at: instant('finished_at'),
    },
    (table) => {
      const at = (...names: string[]) => names.map((name) => table[name] as Column);
      return [
        columns.primaryKey(at('webhook_id', 'number')),
        columns.uniqueIndex('webhook_deliveries_id', at('id')),
        columns.index('webhook_deliveries_due', at('next_attempt_at', 'webhook_id')),
        columns.index('webhook_deliveries_next', at('webhook_id', 'next_attempt_at', 'number')),
        columns.index('webhook_deliveries_record', at('webhook_id', 'state', 'record_id', 'number')),
      ];
    },
  );
  return { webhooks, webhookDeliveries };
}
