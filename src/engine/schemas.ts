/** The JSON schemas of a kind: its record, its inputs and its pages; all named components of the OpenAPI description. */
import { type TSchema, Type } from 'typebox';
import { type Field, type Kind, nullable, writableFields } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { BOUNDS } from './bounds.ts';
import { searchSchemas } from './search-schemas.ts';
import { SLUG } from './slug.ts';

const UUID = Type.String({ format: 'uuid', description: 'Id.' });
const INSTANT = (description: string) => Type.String({ format: 'date-time', description });
const ref = (name: string) => Type.Unsafe({ $ref: `${name}#` });

/** A record as it is answered. Closed; what is not always there is not required. */
export function recordSchema(kind: Kind): TSchema {
  const own = Object.entries(kind.fields).map(
    ([name, field]) => [name, answerSchema(kind, name, field)] as const,
  );
  const always = Object.entries(kind.fields).filter(([, field]) => !field.large);
  const housekeeping = {
    ...(kind.kept
      ? {}
      : {
          version: Type.Integer({
            minimum: 1,
            description: 'The record’s revision; its ETag is made of it.',
          }),
          created_at: INSTANT('When the record was made.'),
        }),
    updated_at: INSTANT('When its content last changed.'),
  };
  return Type.Unsafe({
    $id: kind.title,
    type: 'object',
    description: kind.description,
    additionalProperties: false,
    properties: {
      id: UUID,
      ...(kind.slugFrom ? { slug: slugSchema('Readable name in addresses; unique within the kind.') } : {}),
      ...Object.fromEntries(own),
      ...housekeeping,
      deleted_at: { ...nullable(INSTANT('When it was deleted; only with `include_deleted=true`.')) },
      ...includeSchemas(kind),
      ...(kind.searched ? { _highlights: ref('Highlights') } : {}),
    },
    // With `fields` only the id is sure to be there.
    required: ['id'],
    'x-always': [
      'id',
      ...(kind.slugFrom ? ['slug'] : []),
      ...always.map(([name]) => name),
      ...Object.keys(housekeeping),
    ],
  });
}

function answerSchema(kind: Kind, name: string, field: Field): TSchema {
  if (field.attached) return attachedSchema(field);
  const plain =
    field.storage === 'uuid' ? Type.String({ format: 'uuid', description: field.description }) : field.schema;
  const schema = field.filled ? plain : nullable(plain);
  // `include` puts the records themselves where the field holds their ids.
  if (name in kind.includes)
    return Type.Unsafe({ anyOf: [schema, manySchema(kind, name)], description: field.description });
  return schema;
}

function attachedSchema(field: Field): TSchema {
  const attached = field.attached as NonNullable<Field['attached']>;
  const other = kindNamed(attached.kind);
  const properties = Object.fromEntries(
    attached.fields.map((name) => [
      name,
      name === 'id' ? UUID : nullable((other.fields[name] as Field).schema),
    ]),
  );
  const item = { type: 'object', additionalProperties: false, required: [...attached.fields], properties };
  return Type.Unsafe({ type: 'array', description: field.description, items: item });
}

function includeSchemas(kind: Kind): Record<string, TSchema> {
  const others = Object.entries(kind.includes).filter(([name]) => !(name in kind.fields));
  return Object.fromEntries(
    others.map(([name, include]) => [
      name,
      'many' in include
        ? manySchema(kind, name)
        : Type.Unsafe({
            anyOf: [ref(kindNamed(include.kind).title), { type: 'null' }],
            description: `With \`include=${name}\`.`,
          }),
    ]),
  );
}

function manySchema(kind: Kind, name: string): TSchema {
  const include = kind.includes[name] as { many: string };
  return Type.Unsafe({
    type: 'object',
    description: `With \`include=${name}\`.`,
    additionalProperties: false,
    required: ['data', 'more'],
    properties: {
      data: { type: 'array', items: ref(kindNamed(include.many).title) },
      more: {
        type: ['string', 'null'],
        description: 'Address of the rest, when there are more than are shown.',
      },
    },
  });
}

function slugSchema(description: string): TSchema {
  return Type.Unsafe({
    type: 'string',
    pattern: SLUG.pattern,
    minLength: 1,
    maxLength: SLUG.max,
    'x-expected': SLUG.expected,
    examples: [SLUG.example],
    description,
  });
}

interface Fixed {
  readonly field: string;
  readonly value: string;
}

/** A record as clients send it whole, for POST and PUT; `fixed` is what a narrowed view sets by itself. */
export function inputSchema(kind: Kind, title: string, fixed?: Fixed): TSchema {
  const fields = writableFields(kind);
  const properties = fields.map(([name, field]) => {
    if (name === fixed?.field) return [name, { ...field.schema, enum: [fixed.value] }] as const;
    // What is never null cannot be sent as null: it would read back as something else.
    const optional = !field.filled && field.type !== 'json';
    return [name, optional ? nullable(field.schema) : field.schema] as const;
  });
  return Type.Unsafe({
    $id: `${title}Input`,
    type: 'object',
    description: `${kind.description} As written by clients.`,
    additionalProperties: false,
    required: fields.filter(([name, field]) => field.required && name !== fixed?.field).map(([name]) => name),
    properties: {
      ...(kind.slugFrom
        ? { slug: slugSchema('Readable name in addresses; made from the name when left out.') }
        : {}),
      ...Object.fromEntries(properties),
      ...accompanying(kind),
    },
  });
}

function accompanying({ accompanied = {} }: Kind): Record<string, TSchema> {
  return Object.fromEntries(
    Object.entries(accompanied).map(([name, field]) => [name, nullable(field.schema)]),
  );
}

/** A JSON merge patch (RFC 7396) of a record: any field, null to take a value away. */
export function patchSchema(kind: Kind, title: string, fixed?: Fixed): TSchema {
  const input = inputSchema(kind, title, fixed) as unknown as { properties: Record<string, TSchema> };
  const loose = Object.entries(input.properties).map(([name, schema]) => {
    // It is made when left out, so there is nothing for null to take away.
    if (name === 'slug') return [name, withoutNull(schema)] as const;
    const type = (schema as { type?: unknown }).type;
    const object = [type].flat().includes('object');
    // Objects are merged, so a part of one will do; the merged whole is checked again.
    return [
      name,
      object
        ? { type: ['object', 'null'], description: (schema as { description?: string }).description }
        : nullable(schema),
    ] as const;
  });
  return Type.Unsafe({
    $id: `${title}Patch`,
    type: 'object',
    description: `Changes to a record, as a JSON merge patch (RFC 7396). ${kind.description}`,
    additionalProperties: false,
    minProperties: 0,
    properties: Object.fromEntries(loose),
  });
}

/** The same schema with null not allowed. */
function withoutNull(schema: TSchema): TSchema {
  const { type, ...rest } = schema as { type?: string | string[] };
  const [only] = [type ?? []].flat().filter((one) => one !== 'null');
  return Type.Unsafe({ ...rest, type: only });
}

/** A page of a list. */
export function pageSchema(kind: Kind): TSchema {
  return Type.Unsafe({
    $id: `${kind.title}Page`,
    type: 'object',
    description: 'One page of a list.',
    additionalProperties: false,
    required: ['data', 'meta', 'links'],
    properties: {
      data: { type: 'array', items: ref(kind.title) },
      meta: ref('PageMeta'),
      links: ref('PageLinks'),
    },
  });
}

/** Schemas every kind shares. */
export const sharedSchemas: readonly TSchema[] = [
  Type.Unsafe({
    $id: 'PageMeta',
    type: 'object',
    additionalProperties: false,
    required: ['limit', 'revision'],
    properties: {
      limit: Type.Integer({ description: 'Records a page.' }),
      revision: Type.Integer({ description: 'Number of the last change when the page was read.' }),
      total: Type.Integer({ description: 'How many records the filters leave; only with `count=exact`.' }),
      total_is: Type.Unsafe({
        type: 'string',
        enum: ['exact', 'at_least', 'about'],
        description: `Beside \`total\`: \`exact\`; \`at_least\` where there was too much to count, as more than ${BOUNDS.counted.toLocaleString('en')} records would have had to be looked at; \`about\` with phrases, which are only looked up in the texts of the hits that are shown.`,
      }),
      search: ref('SearchMeta'),
      facets: ref('Facets'),
    },
  }),
  ...searchSchemas,
  Type.Unsafe({
    $id: 'PageLinks',
    type: 'object',
    additionalProperties: false,
    required: ['self', 'next'],
    properties: {
      self: Type.String({ description: 'This page.' }),
      next: { type: ['string', 'null'], description: 'The next page; null on the last.' },
    },
  }),
  Type.Unsafe({
    $id: 'Problem',
    type: 'object',
    description: 'What went wrong (RFC 9457).',
    required: ['type', 'title', 'status', 'detail'],
    additionalProperties: false,
    properties: {
      type: Type.String({ description: 'Address of a page that explains this kind of problem.' }),
      title: Type.String({ description: 'The kind of problem.' }),
      status: Type.Integer({ description: 'HTTP status.' }),
      detail: Type.String({ description: 'What went wrong here.' }),
      instance: Type.String({ description: 'The request, as it stands in the log.' }),
      errors: {
        type: 'array',
        description: 'Each thing that is wrong.',
        items: {
          type: 'object',
          required: ['message'],
          additionalProperties: false,
          properties: {
            pointer: Type.String({ description: 'Where in the body (JSON Pointer).' }),
            parameter: Type.String({ description: 'Which parameter of the address.' }),
            header: Type.String({ description: 'Which header.' }),
            message: Type.String({ description: 'What is wrong.' }),
            expected: Type.String({ description: 'What would be right.' }),
            got: { description: 'What was sent.' },
            nearest: Type.Object(
              { exact: Type.String(), start: Type.Integer(), end: Type.Integer() },
              {
                additionalProperties: false,
                description: 'What in the source’s text comes nearest; offsets in Unicode code points.',
              },
            ),
          },
        },
      },
    },
  }),
];
