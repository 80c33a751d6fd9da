/** How deliveries and their messages are described. */
import { Type } from 'typebox';
import { loggedKinds } from '../engine/change-seqs.ts';
import { recordId } from '../exchange/seeds.ts';
import { PING, typesOf } from '../features/webhooks/message.ts';
import { states } from '../features/webhooks/webhook.ts';
import { nullable } from '../model/declare.ts';

const closed = { additionalProperties: false };
const word = (words: readonly string[], description: string) =>
  Type.Unsafe<string>({ type: 'string', enum: [...words], description });
const instant = (description: string) => Type.String({ format: 'date-time', description });
const id = (description: string) => Type.String({ format: 'uuid', description });
const whole = (description: string) => Type.Integer({ minimum: 0, description });

const AT = '2026-01-31T12:00:00.000Z';
/** Id of the webhook of the examples. */
export const WEBHOOK = recordId({ name: 'webhook' }, 'example');

const attempt = Type.Object(
  {
    at: instant('When it began.'),
    status: nullable(Type.Integer({ description: 'Status of the answer; null where none came.' })),
    duration_ms: whole('How long it took, in milliseconds.'),
    error: nullable(Type.String({ description: 'What went wrong where no answer came.' })),
  },
  closed,
);

export const deliverySample = {
  id: recordId({ name: 'delivery' }, 'example'),
  webhook_id: WEBHOOK,
  message_id: recordId({ name: 'delivery' }, 'example'),
  number: 1,
  type: 'policy.updated',
  seq: 1307,
  record_id: recordId({ name: 'policy' }, 'los-angeles-sanctuary-city-ordinance'),
  state: 'delivered',
  under_way: false,
  attempts: [
    { at: AT, status: 503, duration_ms: 81, error: null },
    { at: AT, status: 204, duration_ms: 73, error: null },
  ],
  next_attempt_at: null,
  created_at: AT,
  finished_at: AT,
};

export const delivery = Type.Object(
  {
    id: id('Id.'),
    webhook_id: id('The webhook.'),
    message_id: id(
      'What the receiver knows the message by (`webhook-id`); that of the first where it is a redelivery.',
    ),
    number: Type.Integer({ minimum: 1, description: 'Its place among the deliveries of the webhook.' }),
    type: Type.String({ description: `What is told, such as \`policy.updated\`, or \`${PING}\`.` }),
    seq: nullable(Type.Integer({ minimum: 1, description: 'Number of the change; null for a ping.' })),
    record_id: nullable(id('The record; null for a ping.')),
    state: word(states, '`pending` until it was delivered, or given up after three days.'),
    under_way: Type.Boolean({ description: 'Whether it is being tried at the moment.' }),
    attempts: Type.Array(attempt, { description: 'Attempts, the first first; the last 50 of them.' }),
    next_attempt_at: nullable(
      instant(
        'When it is tried next; null while it waits for an earlier one of the same record, and once it is over.',
      ),
    ),
    created_at: instant('When it was queued.'),
    finished_at: nullable(instant('When it was delivered, or given up.')),
  },
  { ...closed, $id: 'Delivery', description: 'One message to one receiver.', examples: [deliverySample] },
);

export const message = Type.Object(
  {
    type: word([...loggedKinds.flatMap(typesOf), PING], 'What is told.'),
    timestamp: instant('When it happened.'),
    data: Type.Unsafe({
      anyOf: [
        {
          allOf: [{ $ref: 'Change#' }],
          description: 'The change as the log has it, with the address of the record as `url`.',
        },
        {
          type: 'object',
          ...closed,
          required: ['webhook_id'],
          properties: { webhook_id: id('The webhook that is tried.') },
        },
      ],
    }),
  },
  { ...closed, $id: 'WebhookMessage', description: 'What a receiver is sent, by POST.' },
);

/** What is sent, for the description; headers are those of Standard Webhooks. */
export const sentToReceivers = {
  change: {
    post: {
      operationId: 'receive_change',
      tags: ['webhooks'],
      summary: 'What a receiver is sent',
      description:
        'Posted to the `url` of a webhook. Any 2xx takes it, 410 ends it all; whatever else comes, or nothing within 15 seconds, is tried again for three days.',
      security: [],
      parameters: [
        ['webhook-id', 'The message; the same whenever it is sent again.'],
        ['webhook-timestamp', 'When it is sent, in seconds since 1970.'],
        ['webhook-signature', 'One signature or, while the secret is replaced, two, with a space between.'],
      ].map(([name, description]) => ({
        name,
        in: 'header',
        required: true,
        description,
        schema: { type: 'string' },
      })),
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/WebhookMessage' },
            example: { type: PING, timestamp: AT, data: { webhook_id: WEBHOOK } },
          },
        },
      },
      responses: {
        '2XX': { description: 'It was taken.' },
        '410': { description: 'Nothing more is to be sent.' },
      },
    },
  },
};
