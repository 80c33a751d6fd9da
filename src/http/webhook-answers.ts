/** What the calls of webhooks and of their deliveries have in common. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { Webhook } from '../features/webhooks/webhook.ts';

/** Path parameters of one webhook. */
export const oneWebhook = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the webhook.' }) },
  { additionalProperties: false },
);

/** Parameters of pages that are walked by `cursor`. */
export const paging = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 20, description: 'Entries a page.' }),
  cursor: Type.String({
    minLength: 1,
    maxLength: 2000,
    description: 'Taken from `links.next` of the page before.',
  }),
};

/** The ETag of what is no record: of what it says. */
export function tagOf(body: object): string {
  return `W/"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"`;
}

/** What is shown of a webhook, in this order: not its secrets, nor what only the queue goes by. */
const SHOWN = [
  'id',
  'url',
  'description',
  'kinds',
  'jurisdictions',
  'filters',
  'payload',
  'status',
  'disabled_reason',
  'disabled_at',
  'position',
  'failures',
  'failing_since',
  'last_delivered_at',
  'previous_secret_until',
  'version',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Webhook)[];

/** The webhook as it is shown. */
export function shown(webhook: Webhook) {
  return Object.fromEntries(SHOWN.map((name) => [name, webhook[name]]));
}

/** The ETag of a webhook: its version, and behind a dot what else is shown of it. */
export function webhookTag(webhook: Webhook): string {
  const seen = createHash('sha256')
    .update(JSON.stringify(shown(webhook)))
    .digest('base64url');
  return `"${webhook.version}.${seen.slice(0, 10)}"`;
}
