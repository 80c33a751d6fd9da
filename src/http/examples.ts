/** Examples for every operation of the OpenAPI description; all of them run on the seeded tracker. */
import { v5 } from 'uuid';
import { wholeContent } from '../engine/content.ts';
import { fieldNames } from '../engine/parameters.ts';
import { slugBase } from '../engine/slug.ts';
import { catalogue, type ProblemName, problemBody } from '../errors.ts';
import { recordId } from '../exchange/seeds.ts';
import { quotation } from '../features/alignment.ts';
import { wordPieces } from '../features/shingles.ts';
import { explained, type Placed, place, RULE, THRESHOLD } from '../features/similar.ts';
import type { Kind } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { vocabularies } from '../model/vocabularies.ts';
import { resources } from './resource.ts';
import { QUOTED } from './similar.ts';

type Json = Record<string, unknown>;

type Resource = (typeof resources)[number];

interface Answer {
  readonly $ref?: string;
  readonly content?: Record<string, { schema: { $ref?: string }; example?: unknown }>;
}

interface Reference {
  readonly $ref: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  required?: boolean;
  example?: unknown;
  schema: Json & { readonly items?: Json };
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  parameters?: Parameter[];
  readonly requestBody?: { required?: boolean; content: Record<string, { schema: Json; example?: unknown }> };
  readonly responses: Record<string, Answer>;
}

const AT = '2026-01-31T12:00:00.000Z';

/** The kind's sample as a record would be read back. */
function sampleRecord(kind: Kind, body: Json = kind.example): Json {
  const given = { ...wholeContent(kind, body), ...kind.settle?.(wholeContent(kind, body)) };
  const record: Json = {
    id: recordId(kind, kind.exampleKey),
    ...(kind.slugFrom ? { slug: kind.exampleKey } : {}),
  };
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.large) continue;
    const value = (given as Json)[name] ?? (field.filled && field.storage === 'json' ? [] : null);
    record[name] = withIds(field.to ?? (field.kindField ? String(body[field.kindField]) : undefined), value);
    if (field.derived && value === null && field.filled) record[name] = derivedSample(name);
    if (field.items && Array.isArray(value)) {
      const items = Object.entries(field.items);
      record[name] = value.map((item: Json) =>
        Object.fromEntries(items.map(([part, { to }]) => [part, withIds(to, item[part])])),
      );
    }
  }
  if (kind.positioned) record.position ??= 1;
  Object.assign(record, kind.compute?.(record));
  const known = new Set(fieldNames(kind));
  const housekeeping = { version: 1, created_at: AT, updated_at: AT };
  return {
    ...record,
    ...Object.fromEntries(Object.entries(housekeeping).filter(([name]) => known.has(name))),
  };
}

function derivedSample(name: string): unknown {
  return (
    {
      strict: false,
      dry_run: false,
      agreement: 'unsourced',
      agreement_reason: 'no live report',
      report_count: 0,
      publisher_count: 0,
    }[name] ?? null
  );
}

function withIds(to: string | undefined, value: unknown): unknown {
  if (to === undefined || value === null) return value;
  const id = (key: unknown) => recordId(kindNamed(to), String(key));
  return Array.isArray(value) ? value.map(id) : id(value);
}

/** Id of a kept sample: of the first row of its owner, once that is as the example of its kind's PUT makes it. */
function idOfSample(kind: Kind): string {
  if (kind.keptId) return kind.keptId(sampleRecord(kind));
  const { kind: owner } = kind.rowsOf as NonNullable<Kind['rowsOf']>;
  return v5(`${kind.name}\u00000`, recordId(kindNamed(owner), kindNamed(owner).exampleKey));
}

/** The sample of a record that the service keeps from others. */
function sampleRow(kind: Kind): Json {
  if (kind.keptId) return { ...sampleRecord(kind), id: idOfSample(kind) };
  const { kind: ownerName, field } = kind.rowsOf as NonNullable<Kind['rowsOf']>;
  const owner = kindNamed(ownerName);
  const record = sampleRecord(owner);
  const [item] = record[field] as Json[];
  const row: Json = { id: idOfSample(kind), [`${owner.name}_id`]: record.id };
  for (const name of Object.keys(kind.fields)) row[name] ??= item?.[name] ?? record[name] ?? null;
  return { ...row, updated_at: AT };
}

function sampleOf(kind: Kind, body?: Json): Json {
  return kind.kept ? sampleRow(kind) : sampleRecord(kind, body);
}

function pageOf(path: string, data: Json[], limit = 20): Json {
  return { data, meta: { limit, revision: 1307 }, links: { self: path, next: null } };
}

interface Described {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    responses?: Record<string, object>;
    parameters?: Record<string, object>;
    readonly schemas?: Record<string, { examples?: readonly unknown[] }>;
  };
}

/** Puts an example on every parameter, body and answer of an OpenAPI description, and says what operations have in common once. */
export function addExamples(described: Described): Described {
  const shared: Record<string, object> = {};
  for (const [path, methods] of Object.entries(described.paths)) {
    for (const operation of Object.values(methods)) {
      addToOperation(path, operation, described.components.schemas ?? {});
      for (const [status, response] of Object.entries(operation.responses)) {
        if (!response.content?.['application/problem+json']) continue;
        shared[`Problem${status}`] = response;
        operation.responses[status] = { $ref: `#/components/responses/Problem${status}` };
      }
    }
  }
  described.components.responses = shared;
  described.components.parameters = shareParameters(
    Object.values(described.paths).flatMap((methods) => Object.values(methods)),
  );
  return described;
}

/** Replaces each parameter of several operations by a reference; what is returned is what they refer to. */
function shareParameters(operations: readonly Operation[]): Record<string, object> {
  const uses = operations.flatMap((operation) =>
    (operation.parameters ?? []).map((parameter) => ({
      parameter,
      operation,
      text: JSON.stringify(parameter),
    })),
  );
  const alike = Map.groupBy(uses, ({ text }) => text);
  const forms = Map.groupBy([...alike.values()], ([first]) => spot(first?.parameter));
  const shared: Record<string, object> = {};
  const references = new Map<string, Reference>();
  for (const [text, [first, second]] of alike) {
    if (!first || !second) continue;
    const { parameter, operation } = first;
    const plain = forms.get(spot(parameter))?.length === 1;
    const key = freeName(
      shared,
      plain ? parameter.name : `${subjectOf(operation, parameter)}_${parameter.name}`,
    );
    shared[key] = parameter;
    references.set(text, { $ref: `#/components/parameters/${key}` });
  }
  for (const operation of operations) {
    operation.parameters &&= operation.parameters.map(
      (parameter) => (references.get(JSON.stringify(parameter)) ?? parameter) as Parameter,
    );
  }
  return shared;
}

/** Where a parameter goes, and its name there. */
function spot(parameter: Parameter | undefined): string {
  return `${parameter?.in} ${parameter?.name}`;
}

/** What a parameter tells of: the records of the path, or those that are listed. */
function subjectOf({ tags: [tag = ''], responses }: Operation, parameter: Parameter): string {
  const answer = responses[200]?.content?.['application/json']?.schema.$ref;
  const listed = answer?.split('/').at(-1)?.replace(/Page$/, '');
  const owner = resources.find(({ path }) => path === tag)?.title;
  return (parameter.in === 'path' ? owner : listed) ?? owner ?? tag;
}

/** The name, or, where something else has it already, the name with a number. */
function freeName(taken: object, name: string): string {
  let free = name;
  for (let next = 2; free in taken; next += 1) free = `${name}_${next}`;
  return free;
}

/** Operations whose body may be left out; the description’s maker takes every body for required. */
const BODY_OPTIONAL = new Set(['suggest_sources']);

function addToOperation(
  path: string,
  operation: Operation,
  schemas: NonNullable<Described['components']['schemas']>,
): void {
  // A schema that has an example of its own is shown with it.
  const ownExample = ({ schema, example }: { schema: { $ref?: string }; example?: unknown }) =>
    schemas[schema.$ref?.split('/').at(-1) ?? '']?.examples?.[0] ?? example;
  const resource = resources.find((one) => one.path === operation.tags[0]);
  for (const parameter of operation.parameters ?? []) {
    if ('default' in parameter.schema) parameter.required = false;
    if (parameter.schema.items?.format) {
      // Swagger UI looks for an input of its own for each format of a list's items, and complains of unknown ones.
      const { format: _, ...items } = parameter.schema.items;
      parameter.schema = { ...parameter.schema, items };
    }
    // Its absence is a 428 of its own, so the validator does not ask for it.
    if (parameter.name === 'If-Match') parameter.required = true;
    if (parameter.name === 'versions') parameter.example = '1';
    else if (parameter.in === 'path' && resource) parameter.example = sampleId(operation, resource);
    // The seeded parts all have citations, which go with them.
    if (parameter.name === 'cascade' && !resource?.kind.slugFrom) parameter.example = true;
  }
  if (operation.requestBody && BODY_OPTIONAL.has(operation.operationId))
    operation.requestBody.required = false;
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    media.example = ownExample(media) ?? sampleBody(operation, resource);
  }
  for (const [status, { content }] of Object.entries(operation.responses)) {
    for (const [type, media] of Object.entries(content ?? {})) {
      media.example =
        type === 'application/problem+json'
          ? sampleProblem(Number(status))
          : type === 'text/event-stream'
            ? sampleEvents()
            : (ownExample(media) ?? sampleAnswer(path, media.schema.$ref, resource?.kind));
    }
  }
}

/**
 * The record that an operation's example is about: a seeded one, or, for deleting and restoring where others
 * point at that, the one the example of the kind's POST makes; for merging the one the example of its batch makes.
 */
function sampleId({ operationId }: Operation, { kind, path, example, exampleKey }: Resource): string {
  if (kind.kept) return idOfSample(kind);
  if (operationId.startsWith('merge_')) return idInBatch(path);
  if (!kind.slugFrom) return recordId(kind, exampleKey);
  return /^(remove|restore)_/.test(operationId) ? slugBase(kind, example) : exampleKey;
}

/** Id of the record that the example of a resource's batch makes, and the example of its merge merges. */
function idInBatch(path: string): string {
  return recordId({ name: path }, 'in a batch');
}

function sampleBody({ operationId }: Operation, resource: Resource | undefined): unknown {
  if (resource === undefined) return mixedBatch;
  const { kind, path, example, exampleKey } = resource;
  if (operationId.startsWith('patch_')) return firstText(kind, example);
  if (operationId.startsWith('batch_'))
    return { items: [{ op: 'upsert', id: idInBatch(path), record: example }], reason: 'From the minutes' };
  if (operationId.startsWith('merge_'))
    return { into: kind.slugFrom ? exampleKey : recordId(kind, exampleKey) };
  return example;
}

/** A member and the office held, the office first, as the order does not matter. */
const mixedBatch = {
  items: [
    {
      kind: 'membership',
      record: {
        official_id: idInBatch('officials and memberships'),
        organization_id: 'los-angeles-city-council',
        role: 'Council member',
      },
    },
    {
      kind: 'official',
      op: 'create',
      id: idInBatch('officials and memberships'),
      record: { name: 'Marqueece Harris-Dawson' },
    },
  ],
  reason: 'From the roster of the council',
};

function sampleOutcome(): Json {
  const id = idInBatch('topics');
  const outcome = { index: 0, kind: 'topic', id, slug: 'language-access', did: 'created', version: 1 };
  return {
    data: [{ ...outcome, etag: '"1"' }],
    meta: { revision: 1308, created: 1, updated: 0, unchanged: 0 },
  };
}

/** A patch that changes one thing, where the sample has a text to change. */
function firstText(kind: Kind, example: Json): Json {
  const name = ['title', 'name', 'description', 'summary', 'note', 'label', 'role', 'heading'].find(
    (one) => one in kind.fields && one in example,
  );
  const [other] = Object.entries(example).filter(([field]) => kind.fields[field]?.filter === 'word');
  return name ? { [name]: example[name] } : Object.fromEntries(other ? [other] : []);
}

function sampleAnswer(path: string, ref: string | undefined, kind: Kind | undefined): unknown {
  const name = ref?.split('/').at(-1) ?? '';
  if (name === 'Health') return { status: 'ok' };
  if (name === 'Vocabularies') {
    const [first] = vocabularies;
    const words = Object.entries(first.words).slice(0, 2);
    const { name: of, description } = first;
    return { data: [{ name: of, description, words: words.map(([word, meaning]) => ({ word, meaning })) }] };
  }
  if (name === 'BatchResult') return sampleOutcome();
  if (name === 'ChangePage') return pageOf(path, [sampleChange()], 100);
  if (name === 'HistoryPage') {
    const { kind: _, record_id, content, ...version } = sampleChange();
    return pageOf(path, [version]);
  }
  if (name === 'SimilarStatements') return sampleSimilar();
  if (name === 'JsonPatch') return [{ op: 'replace', path: '/version', value: 2 }];
  const own = resources.find((one) => `${one.kind.title}Page` === name)?.kind;
  if (own) return pageOf(path, [sampleOf(own)]);
  return kind ? sampleOf(kind) : undefined;
}

/** What the example of a quotation finds. */
function sampleSimilar(): Json {
  const text = 'We’re not going to be running in fear. We’re going to fight you, every inch of the way.';
  const body = { official_id: 'jackie-goldberg', text, kind: 'remark' };
  const statement = sampleRecord(kindNamed('statement'), body);
  const id = String(statement.id);
  const candidate = {
    number: 1,
    kind: 'statement',
    record_id: id,
    statement_id: id,
    source_id: null,
    text,
  } as const;
  const placed = place(quotation(wordPieces(QUOTED).flat()), candidate, wordPieces(text).flat()) as Placed;
  const meta = { limit: 10, revision: 1307, min_score: THRESHOLD, complete: true, rule: RULE };
  return { data: [{ ...explained(placed), statement }], meta };
}

/** The change that made a topic. */
function sampleChange(): Json {
  const kind = kindNamed('topic');
  const content = sampleRecord(kind);
  return {
    seq: 1307,
    at: AT,
    kind: kind.name,
    record_id: content.id,
    op: 'create',
    version: 1,
    changed_fields: [],
    actor: 'editor',
    reason: null,
    content,
  };
}

function sampleEvents(): string {
  const change = sampleChange();
  return `retry: 2000\n\nevent: change\nid: ${change.seq}\ndata: ${JSON.stringify(change)}\n\n`;
}

function sampleProblem(status: number): unknown {
  const [name, entry] = Object.entries(catalogue).find(([, one]) => one.status === status) as [
    ProblemName,
    { explanation: string },
  ];
  return problemBody(
    name,
    entry.explanation.split('. ')[0]?.concat('.').replace('..', '.') ?? '',
    recordId({ name: 'request' }, name),
  );
}
