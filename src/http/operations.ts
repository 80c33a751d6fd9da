/** How a route is described: its schema for validation, and the same for the OpenAPI description. */
import type { FastifySchema } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { catalogue } from '../errors.ts';

interface Description {
  readonly summary: string;
  readonly description?: string;
  readonly params?: TSchema;
  readonly querystring?: TSchema;
  /** Name of the body's schema. */
  readonly body?: string;
  /** Media types of the body, where JSON is not the only one. */
  readonly consumes?: readonly string[];
  /** Whether `If-Match` is needed. */
  readonly matches?: boolean;
  /** Whether `If-Match` is heeded where it is sent. */
  readonly mayMatch?: boolean;
  /** Whether it takes `Idempotency-Key`. */
  readonly repeatable?: boolean;
  /** Whether a key is needed. */
  readonly writes?: boolean;
  readonly response: Readonly<Record<number, object>>;
}

const none = Type.Object({}, { additionalProperties: false });

/** Headers that routes may take. */
const taken = {
  'If-Match': Type.Optional(
    Type.String({
      description: 'ETag of the record as you read it, such as `"3"`; `*` means as it is now.',
      examples: ['*'],
    }),
  ),
  'Idempotency-Key': Type.Optional(
    Type.String({
      description:
        'A text of your own that stands for this request, of 1 to 255 visible ASCII characters, bare or in double quotes (a UUID does well). Sent again within 24 hours with the same request, it gives the first answer again, marked `Idempotent-Replayed: true`, and nothing is done twice. Only answers to what was done are kept: a request that was refused or failed changed nothing, and is tried anew.',
      examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'],
    }),
  ),
  'X-Reason': Type.Optional(Type.String({ description: 'Why the change is made, for the change log.' })),
};

/** The schema of a route; `name` makes its operation id with the tag. */
export function operation(
  tag: string,
  name: string,
  { body, matches, mayMatch, repeatable, writes, consumes, ...rest }: Description,
): FastifySchema {
  return {
    tags: [tag],
    operationId: `${name}_${tag}`.replaceAll('-', '_'),
    querystring: none,
    ...rest,
    ...(body ? { body: { $ref: `${body}#` } } : {}),
    ...(consumes ? { consumes } : {}),
    ...(writes
      ? {
          headers: Type.Object({
            ...(matches || mayMatch ? { 'If-Match': taken['If-Match'] } : {}),
            ...(repeatable ? { 'Idempotency-Key': taken['Idempotency-Key'] } : {}),
            'X-Reason': taken['X-Reason'],
          }),
        }
      : {}),
  } as FastifySchema;
}

const meanings: Readonly<Record<number, string>> = {
  304: 'What you have (`If-None-Match`) is current.',
  308: 'The record was merged into another: `Location` is where it is found now.',
  ...Object.fromEntries(
    [...Map.groupBy(Object.values(catalogue), ({ status }) => status)].map(([status, entries]) => [
      status,
      entries
        .map(({ title }) => title)
        .join(', or: ')
        .concat('.'),
    ]),
  ),
};

/** Problems that any request can meet. */
const EVERYWHERE = [400, 401, 408, 414, 429, 431, 500, 503] as const;

/** Headers that answers are read for. */
const headers: Readonly<Record<string, string>> = {
  ETag: 'What `If-Match` and `If-None-Match` compare.',
  Location: 'Address of the record.',
  'Retry-After': 'Seconds after which to try again.',
  RateLimit: 'What is left of each limit (`r`), and when it is whole again (`t`, seconds).',
  'RateLimit-Policy': 'The limits: requests (`q`) in a time (`w`, seconds).',
  'WWW-Authenticate': 'How to send a key.',
  'X-Revision':
    'Number of the newest change that the answer takes in, where that is known; of an answer to a write, as it was committed.',
};

/** Headers of answers of a status, whatever the route. */
const sentWith: Readonly<Record<number, readonly string[]>> = {
  304: ['ETag', 'X-Revision'],
  308: ['Location'],
  401: ['WWW-Authenticate'],
  409: ['X-Revision'],
  412: ['ETag', 'X-Revision'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

function headersOf(names: readonly string[] = []): { headers?: object } {
  if (names.length === 0) return {};
  const described = names.map((name) => [name, { description: headers[name], type: 'string' }]);
  return { headers: Object.fromEntries(described) };
}

type Good = Readonly<Record<number, readonly [meaning: string, schema: string | null]>>;

const made = new Map<string, Readonly<Record<number, object>>>();

/**
 * Answers of a route: the good ones by status with their meaning and schema, and the statuses of its problems. Those of
 * routes that answer alike are one.
 */
export function answers(good: Good, problems: readonly number[]): Readonly<Record<number, object>> {
  const key = JSON.stringify([good, problems]);
  const described = made.get(key) ?? describe(good, problems);
  made.set(key, described);
  return described;
}

function describe(good: Good, problems: readonly number[]): Record<number, object> {
  // What can be compared, by `If-None-Match` or `If-Match`, has an ETag.
  const tagged = problems.includes(304) || problems.includes(412) || good[201] !== undefined;
  const described = Object.entries(good).map(([status, [description, schema]]) => [
    status,
    schema === null
      ? { description, ...headersOf(['X-Revision']), type: 'null' }
      : {
          description,
          ...headersOf([
            ...(tagged ? ['ETag'] : []),
            ...(status === '201' ? ['Location'] : []),
            'X-Revision',
          ]),
          content: { 'application/json': { schema: { $ref: `${schema}#` } } },
        },
  ]);
  const wrong = [...problems, ...EVERYWHERE].map((status) => [status, withoutGood(status)]);
  return Object.fromEntries([...described, ...wrong]);
}

const known = new Map<number, object>();

/** An answer that does not bring what was asked for; the same of all routes. */
function withoutGood(status: number): object {
  const told = known.get(status) ?? {
    description: meanings[status],
    ...headersOf(sentWith[status]),
    ...(status < 400
      ? { type: 'null' }
      : { content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } }),
  };
  known.set(status, told);
  return told;
}
