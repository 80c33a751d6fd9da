/** How webhooks, their deliveries and their messages are described. */
import { type TSchema, Type } from 'typebox';
import { loggedKinds } from '../engine/change-seqs.ts';
import { filtersOf } from '../engine/filters.ts';
import { recordId } from '../exchange/seeds.ts';
import { MOST_CONTENT } from '../features/webhooks/message.ts';
import { payloads, reasons, statuses } from '../features/webhooks/webhook.ts';
import { nullable } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { delivery, deliverySample, message, WEBHOOK } from './delivery-schemas.ts';

const closed = { additionalProperties: false };
const ref = (name: string) => Type.Unsafe({ $ref: `${name}#` });
const word = (words: readonly string[], description: string, more: object = {}) =>
  Type.Unsafe<string>({ type: 'string', enum: [...words], description, ...more });
const instant = (description: string) => Type.String({ format: 'date-time', description });
const id = (description: string) => Type.String({ format: 'uuid', description });
const whole = (description: string) => Type.Integer({ minimum: 0, description });

/** Filters of each kind’s list, as they are written in JSON; when something last changed says nothing of a change. */
const filterSchemas = loggedKinds.map((name) => {
  const { title, path } = kindNamed(name);
  const filters = [...filtersOf(kindNamed(name))].filter(([filter]) => filter !== 'updated_since');
  const properties = filters.map(([filter, { schema }]) => {
    const { type } = schema as { type?: string };
    return [filter, type === 'array' ? { maxItems: 100, ...schema, minItems: 1 } : schema] as const;
  });
  return Type.Unsafe({
    $id: `${title}Filters`,
    type: 'object',
    description: `Filters of /v1/${path}: all of them must hold, of several values one.`,
    ...closed,
    properties: Object.fromEntries(properties),
  });
});

const filters = Type.Unsafe({
  type: 'object',
  description:
    'Filters by kind, as the lists have them. A change is told where the record is so after it, or was before; what links it to other records counts as it stands when the change is taken up.',
  ...closed,
  properties: Object.fromEntries(loggedKinds.map((name) => [name, ref(`${kindNamed(name).title}Filters`)])),
});

const kinds = Type.Array(word(loggedKinds, 'A kind.'), {
  minItems: 1,
  uniqueItems: true,
  description: 'Only changes of records of these kinds; null for all.',
});
const jurisdictions = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 20, description });
const PLACES =
  'Only changes of records that belong, or belonged before the change, to these jurisdictions; null for all.';
const PAYLOAD = `\`full\`: the change with the record as it was after it, where that has ${MOST_CONTENT / 1024} KiB at most; \`thin\`: the change alone.`;

const settings = {
  url: Type.Unsafe({
    type: 'string',
    format: 'web-url',
    maxLength: 2000,
    description: 'Where messages are posted: https, at a public address unless the operator allows others.',
  }),
  description: nullable(Type.String({ minLength: 1, maxLength: 500, description: 'What it is for.' })),
  kinds: nullable(kinds),
  jurisdictions: nullable(jurisdictions(`${PLACES} By id or slug.`)),
  filters: nullable(filters),
  payload: word(payloads, PAYLOAD, { default: 'full' }),
  status: word(statuses, 'Whether anything is sent.', { default: 'enabled' }),
};

const after = Type.Integer({
  minimum: 0,
  description:
    'Number of the change after which to begin, such as the revision of an export; the last one where it is left out.',
});

const example = {
  url: 'https://receiver.example/civic',
  description: 'Ordinances of Los Angeles as they are passed',
  kinds: ['policy'],
  jurisdictions: ['los-angeles'],
  filters: { policy: { type: ['ordinance'], status: ['passed', 'adopted'] } },
};

const AT = '2026-01-31T12:00:00.000Z';

const webhook = Type.Object(
  {
    id: id('Id.'),
    url: Type.String({ description: 'Where messages are posted.' }),
    description: nullable(Type.String({ description: 'What it is for.' })),
    kinds: nullable(kinds),
    jurisdictions: nullable(Type.Array(id('A jurisdiction.'), { description: PLACES })),
    filters: Type.Unsafe({ ...filters, description: 'Filters by kind; references are ids.' }),
    payload: word(payloads, PAYLOAD),
    status: word(statuses, 'Whether anything is sent.'),
    disabled_reason: nullable(
      word(
        reasons,
        'Why nothing is sent: `by_hand`; `gone`, as the receiver answered 410; `failing`, as nothing was taken for three days.',
      ),
    ),
    disabled_at: nullable(instant('Since when nothing is sent.')),
    position: whole(
      'Number of the change up to which the log was looked through; up to 1,000 less where nothing was of interest.',
    ),
    failures: whole('Attempts that failed since the last that did not.'),
    failing_since: nullable(instant('When the first of them was made.')),
    last_delivered_at: nullable(instant('When a message was last taken.')),
    previous_secret_until: nullable(instant('Until when the secret before the present one signs, too.')),
    version: Type.Integer({ minimum: 1, description: 'The revision of what is set here.' }),
    created_at: instant('When it was made.'),
    updated_at: instant('When what is set here last changed.'),
    secret: Type.Optional(
      Type.String({ description: 'Only where it was made: it is shown this once.', examples: ['whsec_…'] }),
    ),
  },
  {
    ...closed,
    $id: 'Webhook',
    description: 'Who is told of changes, and of which.',
    examples: [
      {
        id: WEBHOOK,
        ...example,
        jurisdictions: [recordId({ name: 'jurisdiction' }, 'los-angeles')],
        payload: 'full',
        status: 'enabled',
        disabled_reason: null,
        disabled_at: null,
        position: 1307,
        failures: 0,
        failing_since: null,
        last_delivered_at: AT,
        previous_secret_until: null,
        version: 1,
        created_at: AT,
        updated_at: AT,
      },
    ],
  },
);

const page = ($id: string, item: string, sample: unknown, self: string) =>
  Type.Object(
    { data: Type.Array(ref(item)), meta: ref('PageMeta'), links: ref('PageLinks') },
    {
      ...closed,
      $id,
      description: 'One page of a list.',
      examples: [{ data: [sample], meta: { limit: 20, revision: 1307 }, links: { self, next: null } }],
    },
  );

/** Every schema of webhooks. */
export const webhookSchemas: readonly TSchema[] = [
  ...filterSchemas,
  Type.Unsafe({
    $id: 'WebhookInput',
    type: 'object',
    description: 'A webhook as clients write it.',
    ...closed,
    required: ['url'],
    properties: { ...settings, after },
    examples: [example],
  }),
  Type.Unsafe({
    $id: 'WebhookPatch',
    type: 'object',
    description: 'Changes to a webhook, as a JSON merge patch (RFC 7396); null takes a member away.',
    ...closed,
    properties: Object.fromEntries(
      Object.keys(settings).map((name) => [
        name,
        {
          description:
            (settings as Record<string, { description?: string }>)[name]?.description ?? 'See above.',
        },
      ]),
    ),
    examples: [{ status: 'disabled' }],
  }),
  Type.Unsafe({
    $id: 'RotationInput',
    type: 'object',
    description: 'How a secret is replaced.',
    ...closed,
    properties: {
      keep_hours: Type.Integer({
        minimum: 0,
        maximum: 168,
        default: 24,
        description: 'How long the present secret signs beside the new one.',
      }),
    },
    examples: [{ keep_hours: 24 }],
  }),
  webhook,
  delivery,
  page('WebhookPage', 'Webhook', (webhook as { examples?: unknown[] }).examples?.[0], '/v1/webhooks'),
  page('DeliveryPage', 'Delivery', deliverySample, `/v1/webhooks/${WEBHOOK}/deliveries`),
  message,
];
