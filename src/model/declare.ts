/**
 * The language in which a kind of record is declared, once. Tables, validation, routes, documentation, paging,
 * history and import all follow from a declaration; nothing here knows a database, HTTP or any particular kind.
 */
import { type TSchema, Type } from 'typebox';

/** A closed list of coded words, each with a one-line meaning; served at `/v1/vocabularies`. */
export interface Vocabulary<Word extends string = string> {
  readonly name: string;
  readonly description: string;
  readonly words: Readonly<Record<Word, string>>;
}

/** Declares a vocabulary: its snake_case name, what it says about a record, and word → meaning. */
export function vocabulary<const Words extends Readonly<Record<string, string>>>(
  name: string,
  description: string,
  words: Words,
): Vocabulary<Extract<keyof Words, string>> & { readonly words: Words } {
  return { name, description, words };
}

/** How a value is kept in a column. `json` keeps key order. */
export type Storage = 'text' | 'uuid' | 'integer' | 'real' | 'boolean' | 'json';

/** How a list may be narrowed by a field: `word` and `text` by equality, `reference` by id or slug, `date` by since/until. */
export type FilterStyle = 'word' | 'text' | 'reference' | 'date';

export interface Field {
  readonly type: string;
  readonly storage: Storage;
  readonly description: string;
  /** JSON Schema of the value when it is not null. */
  readonly schema: TSchema;
  /** Must be given on create, and can never be null. */
  readonly required: boolean;
  /** What an omitted value becomes: null, `[]` for lists, or a stated default. */
  readonly initial: unknown;
  /** Never null in an answer (required, a list, or has a default). */
  readonly filled: boolean;
  readonly filter?: FilterStyle;
  readonly vocabulary?: Vocabulary;
  /** The kind this field points at, by id. */
  readonly to?: string;
  /** For a record of any kind: the field that names its kind. */
  readonly kindField?: string;
  /** Left out of lists unless named in `fields`, and of every answer that lacks the write scope when `restricted`. */
  readonly large?: boolean;
  readonly restricted?: boolean;
  /** Set by the service, refused in bodies. `stored` ones have a column. */
  readonly derived?: 'stored' | 'computed';
  /** For a computed field: it is a word for each word of another field. */
  readonly mapped?: { readonly from: string; readonly words: Readonly<Record<string, string>> };
  /** The value moves on with time: what a newer source says supersedes what an older one said. */
  readonly progresses?: true;
  /** Items of this list are kept as rows of their own too, in this table, so that they can be found and referred from. */
  readonly rows?: ItemRows;
  readonly attached?: Attached;
  /** The fields of the items of a list. */
  readonly items?: Readonly<Record<string, Field>>;
}

/** Rows kept beside a list field: one row an item (or one row a referenced id). */
export interface ItemRows {
  readonly table: string;
  /** Column that holds the record's own id. */
  readonly owner: string;
}

interface Shape {
  pattern: string;
  /** What an error says would be right. */
  expected: string;
  /** One that is right; without it Swagger UI makes one up from the pattern, which can take it a minute. */
  example: string;
  min?: number;
  max?: number;
}

interface Traits {
  /** The value moves on with time, so that a newer source's supersedes an older one's. */
  progresses?: true;
  required?: boolean;
  /** What an omitted value becomes. */
  initial?: unknown;
}

function field(
  type: string,
  storage: Storage,
  description: string,
  schema: TSchema,
  traits: Partial<Field> = {},
): Field {
  const { required = false, initial = null } = traits;
  const filled = required || initial !== null;
  return {
    type,
    storage,
    description,
    ...traits,
    schema: { ...schema, description },
    required,
    initial,
    filled,
  };
}

/** Scheme names of identifiers. */
export const SCHEME = '^[a-z][a-z0-9._-]*$';

/** The longest ordinary text a field takes, in characters; longer texts are declared `large`. */
export const TEXT_LIMIT = 20_000;

/** The longest large text, in characters: the longest real council text measured is 2.4 million. */
export const LARGE_TEXT_LIMIT = 10_000_000;

/** A text of at least one and at most `max` characters, kept exactly as sent; `filter` lets lists match it whole. */
export function text(description: string, options: Traits & { max?: number; filter?: boolean } = {}): Field {
  const { max = TEXT_LIMIT, filter, ...traits } = options;
  const schema = Type.String({ minLength: 1, maxLength: max });
  return field('text', 'text', description, schema, { ...traits, ...(filter ? { filter: 'text' } : {}) });
}

/** A text of up to 10 million characters; lists leave it out unless `fields` names it. */
export function largeText(description: string, traits: { restricted?: boolean } = {}): Field {
  const schema = Type.String({ minLength: 1, maxLength: LARGE_TEXT_LIMIT });
  return field('text', 'text', description, schema, { large: true, ...traits });
}

/** A text of a given shape. */
export function pattern(
  description: string,
  shape: Shape,
  options: Traits & { filter?: boolean } = {},
): Field {
  const { filter, ...traits } = options;
  const schema = patternSchema(shape);
  return field('text', 'text', description, schema, { ...traits, ...(filter ? { filter: 'text' } : {}) });
}

/** A list of texts of a given shape, without repeats. */
export function patterns(description: string, shape: Shape): Field {
  const schema = Type.Array(patternSchema(shape), { uniqueItems: true, maxItems: 100 });
  return field('texts', 'json', description, schema, { initial: [] });
}

function patternSchema(shape: Shape): TSchema {
  return Type.Unsafe({
    type: 'string',
    pattern: shape.pattern,
    minLength: shape.min ?? 1,
    maxLength: shape.max ?? 500,
    'x-expected': shape.expected,
    examples: [shape.example],
  });
}

/** A word of a vocabulary; lists can be filtered by it. */
export function code(words: Vocabulary, description: string, traits: Traits = {}): Field {
  return field('code', 'text', description, wordSchema(words), {
    ...traits,
    filter: 'word',
    vocabulary: words,
  });
}

/** A list of words of a vocabulary, without repeats; lists can be filtered by any of them. */
export function codes(words: Vocabulary, description: string, rows: ItemRows): Field {
  const schema = Type.Array(wordSchema(words), { uniqueItems: true, maxItems: 50 });
  return field('codes', 'json', description, schema, {
    initial: [],
    filter: 'word',
    vocabulary: words,
    rows,
  });
}

function wordSchema(words: Vocabulary): TSchema {
  return Type.Unsafe({ type: 'string', enum: Object.keys(words.words) });
}

/** A partial date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as the source and no more. */
export function date(description: string, traits: Traits = {}): Field {
  const schema = Type.Unsafe({ type: 'string', format: 'partial-date' });
  return field('date', 'text', description, schema, { ...traits, filter: 'date' });
}

/** A partial date, a local time `YYYY-MM-DDThh:mm` without zone, or an instant with offset. */
export function moment(description: string, traits: Traits = {}): Field {
  const schema = Type.Unsafe({ type: 'string', format: 'moment' });
  return field('moment', 'text', description, schema, { ...traits, filter: 'date' });
}

/** A whole number within safe bounds. */
export function integer(
  description: string,
  options: Traits & { minimum?: number; maximum?: number } = {},
): Field {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, ...traits } = options;
  return field('integer', 'integer', description, Type.Integer({ minimum, maximum }), traits);
}

/** An absolute http or https address. */
export function url(description: string, traits: Traits = {}): Field {
  const schema = Type.Unsafe({ type: 'string', format: 'web-url', maxLength: 4096 });
  return field('url', 'text', description, schema, traits);
}

/** One other record, by id; a slug is accepted in bodies and filters, an id is what is read back. */
export function reference(to: string, description: string, traits: Traits = {}): Field {
  return field('reference', 'uuid', description, referenceSchema(to), { ...traits, to, filter: 'reference' });
}

/** Several other records, by id (or slug in bodies), without repeats. */
export function references(to: string, description: string, rows: ItemRows): Field {
  const schema = Type.Array(referenceSchema(to), { uniqueItems: true, maxItems: 100 });
  return field('references', 'json', description, schema, { initial: [], to, filter: 'reference', rows });
}

function referenceSchema(to: string): TSchema {
  return Type.Unsafe({ type: 'string', minLength: 1, maxLength: 200, 'x-reference': to });
}

/** A record of any kind, the kind being named by another field. */
export function anyRecord(kindField: string, description: string): Field {
  return field('any-record', 'uuid', description, referenceSchema('*'), {
    required: true,
    filter: 'text',
    kindField,
  });
}

/** A list of objects, each closed and made of declared fields; with `rows` the items are rows of a table as well. */
export function objects(
  description: string,
  items: Readonly<Record<string, Field>>,
  options: { rows?: ItemRows; maxItems?: number } = {},
): Field {
  const { maxItems = 1000, ...traits } = options;
  const schema = Type.Array(objectSchema(items), { maxItems });
  return field('objects', 'json', description, schema, { initial: [], items, ...traits });
}

/** One object made of declared fields, or null. */
export function object(description: string, items: Readonly<Record<string, Field>>): Field {
  return field('object', 'json', description, objectSchema(items), { items });
}

/** Any JSON value, kept as sent. */
export function json(description: string): Field {
  return field('json', 'json', description, Type.Unsafe({}));
}

/** A field the service makes: `stored` on write, or `computed` when read. */
export function derived(
  how: 'stored' | 'computed',
  storage: Storage,
  description: string,
  schema: TSchema,
  options: Pick<Field, 'filter' | 'vocabulary' | 'mapped'> & { nullable?: boolean } = {},
): Field {
  const { nullable = false, ...traits } = options;
  return { ...field('derived', storage, description, schema, traits), derived: how, filled: !nullable };
}

/** A short list of other records that point here, read along with each record in the same statement. */
export interface Attached {
  readonly kind: string;
  /** The reference of the other kind that points here. */
  readonly by: string;
  /** Only those running today (see the `on` filter of memberships). */
  readonly running: true;
  readonly fields: readonly string[];
}

/** A computed field that holds a short list of records pointing here. */
export function attached(description: string, from: Attached): Field {
  return {
    ...field('attached', 'json', description, Type.Array(Type.Unsafe({}))),
    derived: 'computed',
    filled: true,
    attached: from,
  };
}

/** The closed schema of an object made of fields, every optional one nullable. */
function objectSchema(items: Readonly<Record<string, Field>>): TSchema {
  const properties = Object.fromEntries(
    Object.entries(items).map(([name, item]) => [name, item.required ? item.schema : nullable(item.schema)]),
  );
  const required = Object.keys(items).filter((name) => items[name]?.required);
  return Type.Unsafe({ type: 'object', additionalProperties: false, required, properties });
}

/** The same schema with null allowed, written the way OpenAPI 3.1 reads best. */
export function nullable(schema: TSchema): TSchema {
  const plain = schema as { type?: string | string[]; enum?: unknown[]; description?: string; $ref?: string };
  if (plain.$ref !== undefined) return Type.Unsafe({ anyOf: [schema, { type: 'null' }] });
  if (plain.type === undefined || Array.isArray(plain.type)) return schema;
  return Type.Unsafe({
    ...schema,
    type: [plain.type, 'null'],
    ...(plain.enum ? { enum: [...plain.enum, null] } : {}),
  });
}

/** A record as the code sees it: the public JSON object. */
export type PublicRecord = { readonly id: string; readonly version: number } & Readonly<
  Record<string, unknown>
>;

/**
 * One related record, or many, that `include` can put into an answer.
 * `one`: the record this field refers to. `many`: records that point here by any of `by`.
 * `through`: records that a third kind links to this one (`from` points here, `to` points there).
 * `evidence`: citations whose `record_id` is this record. `listed`: the records named by a `references` field.
 * `also` names includes of the other kind that always come along.
 */
export type Include =
  | { readonly one: string; readonly kind: string; readonly also?: readonly string[] }
  | { readonly many: string; readonly by: readonly string[]; readonly also?: readonly string[] }
  | {
      readonly through: string;
      readonly many: string;
      readonly from: string;
      readonly to: string;
      readonly also?: readonly string[];
    }
  | { readonly listed: string; readonly many: string; readonly also?: readonly string[] };

/** A named order of a list: the text key each record sorts by (ties always end in the id). */
export interface Sort {
  readonly description: string;
  /** Date fields it goes by, where it goes by any: the first that is present. */
  readonly dates?: readonly string[];
  /** Key of a record, compared by code point; made once on write. */
  readonly key: (record: Readonly<Record<string, unknown>>) => string;
}

/** The fields of a kind whose words are searched; `agenda.title` is a field of the items of a list. */
export interface Searched {
  /** What the record is called by: words found here count most. */
  readonly names: readonly string[];
  /** Everything else. */
  readonly texts: readonly string[];
}

export interface Kind {
  /** Singular snake_case name, as in the change log and in bundles. */
  readonly name: string;
  /** The collection's segment under `/v1`. */
  readonly path: string;
  /** Table name. */
  readonly table: string;
  /** Component name in the OpenAPI description. */
  readonly title: string;
  /** What one record is, for the documentation. */
  readonly description: string;
  /** Field (or fields, first that is present) the slug is made from; absent when the kind has none. */
  readonly slugFrom?: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  /** What a body may bring along for checking; it is looked at and never kept. */
  readonly accompanied?: Readonly<Record<string, Field>>;
  readonly sorts: Readonly<Record<string, Sort>>;
  /** Name of the default sort, `-` in front for descending. */
  readonly defaultSort: string;
  /** References to the record(s) this one is a part of; the first present is the owner. */
  readonly ownedBy?: readonly string[];
  /**
   * How a record that is no part leads to its jurisdictions: by references (the first present counts), or through
   * the records of another kind that point at it.
   */
  readonly belongs?: { readonly by: readonly string[] } | { readonly through: string; readonly by: string };
  readonly includes: Readonly<Record<string, Include>>;
  /** What is found by its words; absent for kinds without a text. */
  readonly searched?: Searched;
  /** Extra list filters that are not fields of the kind. */
  readonly filters?: Readonly<Record<string, ExtraFilter>>;
  /** Computed when read, from the record alone. */
  readonly compute?: (record: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Stored derived values that follow from the record alone. */
  readonly settle?: (record: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Says what is wrong with a whole record beyond its schema: pointer and message, or nothing. */
  readonly check?: (record: Readonly<Record<string, unknown>>) => readonly Finding[];
  /** An ordinal within the owner, made as the next one when left out. */
  readonly positioned?: boolean;
  /** A sample body, valid on the seeded tracker; shown in the documentation and run by a test. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Key of a seeded record (its slug, where it has one), used where the documentation needs one. */
  readonly exampleKey: string;
  /** Kept by the service from other records: no slug, identifiers, links or version, and no writes of its own. */
  readonly kept?: true;
  /** Kept apart from the change log: its rows change without a change there, and stand in no order that they could leave. */
  readonly unlogged?: true;
  /** The id of a kept record, from its fields. */
  readonly keptId?: (record: Readonly<Record<string, unknown>>) => string;
  /** Kept as the rows of another kind's list field. */
  readonly rowsOf?: { readonly kind: string; readonly field: string; readonly copies: readonly string[] };
}

export interface Finding {
  readonly pointer: string;
  readonly message: string;
  readonly expected?: string;
}

/** A filter over something that is not a field of the kind. */
export type ExtraFilter =
  | { readonly description: string; readonly refersTo: string; readonly by: readonly string[] }
  | {
      readonly description: string;
      readonly refersTo: string;
      readonly through: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly description: string; readonly running: 'day' | 'today' };

/** The links a record may carry: addresses elsewhere that say more about it. */
const links = (kinds: Vocabulary) =>
  objects(
    'Addresses elsewhere that say more about this record.',
    {
      url: url('The address.', { required: true }),
      kind: code(kinds, 'What the address leads to.'),
      note: text('A remark.'),
    },
    { maxItems: 100 },
  );

/** Names of this record in other systems; unique per kind and scheme. */
const identifiers = objects(
  'Names of this record in other systems, unique per kind and scheme; any list can be filtered by `identifier=scheme:value`.',
  {
    scheme: pattern(
      'The system: `legistar-nyc`, `wikidata`, `bioguide` …',
      {
        pattern: SCHEME,
        expected: 'lower-case letters, digits, dots, dashes and underscores, starting with a letter',
        example: 'wikidata',
        max: 100,
      },
      { required: true },
    ),
    identifier: text('The name in that system.', { required: true, max: 500 }),
  },
  { maxItems: 100 },
);

type Declaration = Omit<Kind, 'includes'> & {
  readonly includes?: Kind['includes'];
  /** Vocabulary of link kinds, where the kind has links. */
  readonly links?: Vocabulary;
  /** Evidence itself needs none. */
  readonly evidence?: false;
};

/** Declares a kind of record: its own fields, and what every kind has (identifiers, evidence, links where they make sense). */
export function kind(declaration: Declaration): Kind {
  const { links: linkKinds, evidence: needed = true, ...rest } = declaration;
  const evidence: Kind['includes'] = {
    citations: { many: 'citation', by: ['record_id'] },
    sources: { through: 'citation', many: 'source', from: 'record_id', to: 'source_id' },
  };
  return {
    ...rest,
    fields: { ...declaration.fields, identifiers, ...(linkKinds ? { links: links(linkKinds) } : {}) },
    includes: { ...declaration.includes, ...(needed ? evidence : {}) },
  };
}

/** Declares a kind that the service keeps from other records: it can be listed and read, but not written. */
export function keptKind(declaration: Omit<Kind, 'kept'>): Kind {
  return { ...declaration, kept: true };
}

/** Finding for a record in which none (or, with `exactly`, not exactly one) of some fields is given. */
export function needsOne(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
  exactly = false,
): readonly Finding[] {
  const given = names.filter((name) => record[name] != null);
  if (given.length === 1 || (given.length > 1 && !exactly)) return [];
  const expected = `${exactly ? 'exactly' : 'at least'} one of ${names.join(', ')}`;
  return [
    {
      pointer: `/${given[1] ?? names[0]}`,
      message: given.length ? `only one of ${given.join(' and ')} can be given` : `give ${expected}`,
      expected,
    },
  ];
}

/** Finding for a span that ends before it begins; vague dates are given the benefit of the doubt. */
export function inOrder(
  record: Readonly<Record<string, unknown>>,
  from: string,
  to: string,
): readonly Finding[] {
  const [start, end] = [record[from], record[to]];
  if (typeof start !== 'string' || typeof end !== 'string' || start <= `${end}~`) return [];
  return [{ pointer: `/${to}`, message: `lies before ${from}`, expected: `${start} or later` }];
}

const writableOf = new WeakMap<Kind, readonly (readonly [string, Field])[]>();

/** The fields that clients write, in declared order. */
export function writableFields(kind: Kind): readonly (readonly [string, Field])[] {
  const known = writableOf.get(kind);
  if (known) return known;
  const fields = Object.entries(kind.fields).filter(([, declared]) => declared.derived === undefined);
  writableOf.set(kind, fields);
  return fields;
}

/** A text prepared for ordering: case and accents folded the same way on every database. */
export function fold(value: unknown): string {
  return typeof value === 'string'
    ? value
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .slice(0, 200)
    : '';
}

/** Sort by a text field, case and accents folded. */
export function byText(
  name: string,
  description = `By ${name.replaceAll('_', ' ')}, case and accents folded.`,
): Sort {
  return { description, key: (record) => fold(record[name]) };
}

/** Sort by the first present of some partial dates; a vaguer date comes before the days it holds, none before all. */
export function byDate(names: readonly string[], description: string): Sort {
  return {
    description,
    dates: names,
    key: (record) => String(names.map((name) => record[name]).find((v) => v != null) ?? ''),
  };
}

/** Sort by partial date, then position: the order of steps that share a day. */
export function byDateAndPosition(dateName: string): Sort {
  return {
    description: `By ${dateName}, then position.`,
    dates: [dateName],
    // '!' sorts before '-', so a month with a position still precedes its days.
    key: (record) => `${record[dateName] ?? ''}!${ordinal(record.position)}`,
  };
}

/** Sort by a number, smallest first; null first. */
export function byNumber(name: string, description = `By ${name.replaceAll('_', ' ')}.`): Sort {
  return { description, key: (record) => ordinal(record[name]) };
}

function ordinal(value: unknown): string {
  return typeof value === 'number' ? String(value).padStart(16, '0') : '';
}
