/** Writing many records at once: of one kind under its path, of any kinds under `/v1/batch`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { type Did, type Item, MOST_ITEMS, type Outcome, writeBatch } from '../engine/batch.ts';
import type { Content } from '../engine/content.ts';
import type { Engine } from '../engine/engine.ts';
import { revisionOf } from '../engine/list.ts';
import { faultsOf } from '../engine/validate.ts';
import type { Author, Writer } from '../engine/writer.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import { kindNamed, kinds } from '../model/kinds.ts';
import { authorOf } from './author.ts';
import { answerOnce, type Done } from './idempotency.ts';
import { answers, operation } from './operations.ts';
import type { Resource } from './resource.ts';
import { wholeValidator } from './whole.ts';
import { LARGE_BODY } from './writes.ts';

const written = kinds.filter(({ kept }) => !kept);

const itemFields = {
  op: Type.Unsafe({
    type: 'string',
    enum: ['upsert', 'create'],
    default: 'upsert',
    description:
      '`upsert` replaces the record that has this id or one of the identifiers, as PUT does, and creates it where there is none; `create` refuses what is there already.',
  }),
  id: Type.Unsafe({
    type: ['string', 'null'],
    format: 'uuid',
    description: 'Id of the record, or the id a new one is to have, by which other items can mention it.',
  }),
};

function batchBody(title: string, item: Record<string, TSchema>): TSchema {
  const { op, id, ...needed } = item;
  return Type.Unsafe({
    $id: title,
    type: 'object',
    description: 'Records to write in one transaction, all or none.',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        minItems: 1,
        maxItems: MOST_ITEMS,
        description:
          'They may mention one another in any order, by the `id` given here or by the `slug` given in a record.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: Object.keys(needed),
          properties: { op, id, ...needed },
        },
      },
      reason: {
        type: ['string', 'null'],
        minLength: 1,
        maxLength: 1000,
        description: 'Why the changes are made, for the change log; instead of `X-Reason`.',
      },
    },
  });
}

/** Body of a batch of records of any kinds. */
export const mixedBatchSchema = batchBody('Batch', {
  ...itemFields,
  kind: Type.Unsafe({
    type: 'string',
    enum: written.map(({ name }) => name),
    description: 'Kind of the record, as in the change log.',
  }),
  record: Type.Unsafe({
    type: 'object',
    description: 'The record, as the POST of its kind takes it.',
  }),
});

/** Body of a batch of records of one kind (or of a view of one). */
export function batchSchema(title: string): TSchema {
  return batchBody(`${title}Batch`, { ...itemFields, record: Type.Unsafe({ $ref: `${title}Input#` }) });
}

/** What became of a batch. */
export const batchResultSchema = Type.Unsafe({
  $id: 'BatchResult',
  type: 'object',
  additionalProperties: false,
  required: ['data', 'meta'],
  properties: {
    data: {
      type: 'array',
      description: 'One entry an item, in the order of the items.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['index', 'kind', 'id', 'slug', 'did', 'version', 'etag'],
        properties: {
          index: Type.Integer({ description: 'Place of the item, from 0.' }),
          kind: Type.String({ description: 'Kind of the record.' }),
          id: Type.String({ format: 'uuid', description: 'Id of the record.' }),
          slug: { type: ['string', 'null'], description: 'Its slug, where the kind has one.' },
          did: {
            type: 'string',
            enum: ['created', 'updated', 'unchanged'],
            description: 'What was done; `unchanged` where the record was so already.',
          },
          version: Type.Integer({ description: 'The record’s revision now.' }),
          etag: Type.String({ description: 'What `If-Match` takes for the next change.' }),
        },
      },
    },
    meta: {
      type: 'object',
      additionalProperties: false,
      required: ['revision', 'created', 'updated', 'unchanged'],
      properties: {
        revision: Type.Integer({ description: 'Number of the last change of the batch.' }),
        created: Type.Integer({ description: 'Records made.' }),
        updated: Type.Integer({ description: 'Records replaced.' }),
        unchanged: Type.Integer({ description: 'Records that were so already.' }),
      },
    },
  },
});

const ABOUT = `Up to ${MOST_ITEMS} records in one transaction, all or none. Records may mention one another in any order. When anything is wrong with an item nothing is written, and a 422 names every item that is wrong by its place.`;
const RESULT: [string, string] = ['What became of each item.', 'BatchResult'];
const PROBLEMS = [403, 409, 413, 415, 422, 507] as const;

/** The batch of a resource. */
export function registerBatch(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, title, fixed } = resource;
  app.post(
    `/v1/${path}/batch`,
    {
      bodyLimit: LARGE_BODY,
      attachValidation: true,
      schema: operation(path, 'batch', {
        summary: `Write many ${path.replaceAll('-', ' ')} at once`,
        description: ABOUT,
        body: `${title}Batch`,
        repeatable: true,
        writes: true,
        response: answers({ 200: RESULT }, PROBLEMS),
      }),
    },
    (request, reply) => {
      const faults = formFaults(request);
      const author = authorFor(request);
      const items = sent(request).map((item, index): Item => {
        const record = fixed ? { ...item.record, [fixed.field]: fixed.value } : item.record;
        return { ...item, kind, record, narrowed: fixed, faults: faults.get(index) ?? [] };
      });
      return answerOnce(request, reply, { engine, author, alone: true }, (writer) => done(writer, items));
    },
  );
}

/** The batch of any kinds. */
export async function registerMixedBatch(
  app: FastifyInstance,
  { engine }: { engine: Engine },
): Promise<void> {
  app.post(
    '/v1/batch',
    {
      bodyLimit: LARGE_BODY,
      schema: operation('batch', 'write', {
        summary: 'Write many records of any kinds at once',
        description: ABOUT,
        body: 'Batch',
        repeatable: true,
        writes: true,
        response: answers({ 200: RESULT }, PROBLEMS),
      }),
    },
    (request, reply) => {
      const author = authorFor(request);
      const items = sent(request).map((item): Item => {
        const kind = kindNamed(item.kind as string);
        return { ...item, kind, faults: recordFaults(app, kind, item.record) };
      });
      return answerOnce(request, reply, { engine, author, alone: true }, (writer) => done(writer, items));
    },
  );
}

type SentItem = Omit<Item, 'kind' | 'faults'> & { readonly kind?: string };

/** The items of a body whose own form is right, `op` filled in. */
function sent(request: FastifyRequest): SentItem[] {
  const { items } = request.body as { items: (Omit<SentItem, 'op'> & { op?: Item['op'] })[] };
  return items.map((item) => ({ ...item, op: item.op ?? 'upsert' }));
}

/** What is wrong with the form of single records, by item; anything else that is wrong with a request is thrown. */
function formFaults(request: FastifyRequest): Map<number, Fault[]> {
  const wrong = request.validationError;
  if (wrong === undefined) return new Map();
  if (wrong.validationContext !== 'body') throw wrong;
  const placed = faultsOf(wrong.validation as never, 'body').map((fault) => {
    const [, index, pointer] = /^\/items\/(\d+)(\/record\/.*)$/s.exec(fault.pointer ?? '') ?? [];
    return { index: Number(index), fault: { ...fault, pointer: pointer ?? '' } };
  });
  if (placed.some(({ index }) => Number.isNaN(index))) throw wrong;
  const byItem = Map.groupBy(placed, ({ index }) => index);
  return new Map([...byItem].map(([index, found]) => [index, found.map(({ fault }) => fault)]));
}

function recordFaults(app: FastifyInstance, kind: Kind, record: Content): Fault[] {
  const valid = wholeValidator(app, `${kind.title}Input`);
  if (valid(record)) return [];
  return faultsOf(valid.errors ?? [], 'body').map((fault) => ({
    ...fault,
    pointer: `/record${fault.pointer ?? ''}`,
  }));
}

/** The author of a batch, whose reason may stand in the body. */
function authorFor(request: FastifyRequest): Author {
  const author = authorOf(request);
  const { reason } = request.body as { reason?: string | null };
  if (reason == null) return author;
  if (author.reason === null || author.reason === reason) return { ...author, reason };
  throw new Problem('invalid-body', 'The reason is given twice, and not the same.', {
    errors: [
      { pointer: '/reason', message: 'is another than X-Reason', expected: 'one of the two', got: reason },
    ],
  });
}

async function done(writer: Writer, items: readonly Item[]): Promise<Done> {
  const outcomes = await writeBatch(writer, items);
  const count = (did: Did) => outcomes.filter((one) => one.did === did).length;
  const meta = {
    revision: await revisionOf(writer.session, writer.engine),
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
  };
  const data = outcomes.map((one: Outcome) => ({ ...one, etag: `"${one.version}"` }));
  return { status: 200, headers: {}, body: { data, meta } };
}
