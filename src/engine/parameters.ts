/** The parameters of lists and of single reads: their schemas, made from a kind's declaration. */
import { type TSchema, Type } from 'typebox';
import { commonSorts } from '../db/tables.ts';
import { Problem } from '../errors.ts';
import type { Kind, Searched } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { filtersOf } from './filters.ts';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 200;
/** Longest text to search for, in characters. */
export const LONGEST_QUERY = 500;

/** What a list request asks for, once validated. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly sort?: string;
  readonly fields?: readonly string[];
  readonly include?: readonly string[];
  readonly count?: 'exact';
  readonly include_deleted?: boolean;
  /** Words to search for. */
  readonly q?: string;
  readonly facets?: readonly string[];
  readonly [filter: string]: unknown;
}

/** What a single read asks for, once validated. */
export type ReadQuery = Pick<ListQuery, 'fields' | 'include' | 'include_deleted'> & {
  /** An instant, or a day. */
  readonly as_of?: string;
};

/** Names of a kind's sorts, ascending and descending. */
export function sortNames(kind: Kind): string[] {
  const common = kind.unlogged ? [] : kind.kept ? ['updated_at'] : commonSorts;
  return [...Object.keys(kind.sorts), ...common].flatMap((name) => [name, `-${name}`]);
}

/** What records of a kind can be counted by: parameter name and field, for coded fields, places and topics. */
export function facetNames(kind: Kind): ReadonlyMap<string, string> {
  const coded = Object.entries(kind.fields).filter(
    ([, field]) => field.filter === 'word' && field.storage === 'text',
  );
  const { belongs } = kind;
  const placed = belongs && !('through' in belongs) && belongs.by.join() === 'jurisdiction_id';
  const own = Object.entries({
    ...(placed ? { jurisdiction: 'jurisdiction_id' } : {}),
    ...('topics' in kind.fields ? { topic: 'topics' } : {}),
  });
  return new Map([...coded.map(([name]) => [name, name] as const), ...own]);
}

/** Everything that can be named in `fields`. */
export function fieldNames(kind: Kind): string[] {
  return [
    'id',
    ...(kind.slugFrom ? ['slug'] : []),
    ...Object.keys(kind.fields),
    ...(kind.kept ? [] : ['version', 'created_at']),
    'updated_at',
  ];
}

/** Every path that can be named in `include`: two levels at most. */
export function includePaths(kind: Kind): string[] {
  return Object.entries(kind.includes).flatMap(([name, include]) => {
    const target = kindNamed('many' in include ? include.many : include.kind);
    return [name, ...Object.keys(target.includes).map((inner) => `${name}.${inner}`)];
  });
}

/** Names of a kind's includes that hold parts of it. */
export function ownedIncludes(kind: Kind): string[] {
  return Object.keys(kind.includes).filter((name) => {
    const include = kind.includes[name];
    return (
      include &&
      'by' in include &&
      kindNamed(include.many).ownedBy?.some((field) => include.by.includes(field))
    );
  });
}

const oneOf = (words: readonly string[], description: string, more: object = {}) =>
  Type.Unsafe({ type: 'string', enum: [...words], description, ...more });

const listOf = (words: readonly string[], description: string) =>
  Type.Array(Type.Unsafe({ type: 'string', enum: [...words] }), { description, maxItems: 100 });

function shapeParameters(kind: Kind): Record<string, TSchema> {
  const includes = includePaths(kind);
  const large = Object.keys(kind.fields).filter((name) => kind.fields[name]?.large);
  const note = large.length > 0 ? ` Lists leave out ${large.join(', ')} unless named here.` : '';
  return {
    fields: listOf(fieldNames(kind), `Only these fields, beside the id.${note}`),
    ...(includes.length > 0
      ? {
          include: listOf(
            includes,
            'Related records to put inside the answer; a dotted path goes one deeper.',
          ),
        }
      : {}),
    include_deleted: Type.Boolean({ description: 'Also deleted records, with `deleted_at`.' }),
    format: oneOf(['json'], 'Form of the answer.'),
  };
}

const lists = new Map<string, TSchema>();

/**
 * Schema of a list's parameters; `fixed` names a field whose filter a narrowed view leaves out. Made once, as the
 * declarations alone say what is in it.
 */
export function listParameters(kind: Kind, fixed?: string): TSchema {
  const key = `${kind.name} ${fixed ?? ''}`;
  const made = lists.get(key) ?? makeListParameters(kind, fixed);
  lists.set(key, made);
  return made;
}

function makeListParameters(kind: Kind, fixed?: string): TSchema {
  const filters = [...filtersOf(kind)].filter(([name]) => name !== fixed);
  const facets = [...facetNames(kind).keys()];
  const sorts = [...sortNames(kind), ...(kind.searched ? ['relevance'] : [])];
  return Type.Unsafe({
    type: 'object',
    additionalProperties: false,
    properties: {
      limit: Type.Integer({
        minimum: 1,
        maximum: MAX_LIMIT,
        default: DEFAULT_LIMIT,
        description:
          'Records a page at most. A page after the first may have fewer, where many would have to be looked through for them, and still lead on.',
      }),
      cursor: Type.String({
        minLength: 1,
        maxLength: 2000,
        description:
          'Where to go on: taken from `links.next` of the page before. Good for seven days; after that the list is started again.',
      }),
      sort: oneOf(
        sorts,
        `Order; \`-\` means descending. ${COSTLY} ${sortsText(kind)}${kind.searched ? ` \`relevance\`: best hits first, the default with q; otherwise \`${kind.defaultSort}\`.` : ''}`,
        // The validator would fill it in, and hits have an order of their own.
        kind.searched ? {} : { default: kind.defaultSort },
      ),
      ...shapeParameters(kind),
      format: oneOf(
        ['json', 'ndjson', 'csv'],
        'Form of the answer; stands above `Accept`. `ndjson` and `csv` are the whole list, streamed: limit, cursor, count and facets do not go with them.',
      ),
      count: oneOf(['exact'], 'Adds `meta.total` and `meta.total_is`; without it nothing is counted.'),
      ...(kind.searched ? { q: searchParameter(kind.searched) } : {}),
      ...(facets.length > 0 ? { facets: listOf(facets, FACETS) } : {}),
      ...Object.fromEntries(filters.map(([name, { schema }]) => [name, schema])),
    },
  });
}

const COSTLY =
  'Where filters leave too few of very many records in an order, the list is refused, and the problem says what would do: another order, a further filter, or the whole list as a stream.';

const FACETS =
  'Adds `meta.facets`: how many records the filters leave for each value of these. Each has at most 100 values, the most frequent first.';

/** Schema of `q`. */
export function searchParameter({ names, texts }: Searched): TSchema {
  return Type.String({
    minLength: 1,
    maxLength: LONGEST_QUERY,
    description: `Words that must be in ${[...names, ...texts].join(', ')}; case and accents do not count. "Words in quotes" stand side by side, \`begin*\` stands for all words that begin so, \`-word\` must not be there; all else is taken as plain words. Each hit has \`_highlights\`. Order: hits with all words in ${names.join(', ')} first, then those with some, then the others; the latest added first in each.`,
  });
}

/** Schema of a single read's parameters. */
export function readParameters(kind: Kind): TSchema {
  const owned = ownedIncludes(kind);
  const parts = owned.length > 0 ? ` Of \`include\`, ${owned.join(', ')} can be shown as of then.` : '';
  const as_of = Type.Unsafe({
    type: 'string',
    format: 'instant',
    description: `As this service held it at that instant, such as \`2026-01-31T00:00:00Z\`; a day means its first instant in UTC. A slug stands for the record that has it now.${parts}`,
  });
  return Type.Unsafe({
    type: 'object',
    additionalProperties: false,
    // What the service keeps from other records has no versions; votes have those of their event.
    properties: { ...shapeParameters(kind), ...(kind.kept && !kind.rowsOf ? {} : { as_of }) },
  });
}

function sortsText(kind: Kind): string {
  return Object.entries(kind.sorts)
    .map(([name, { description }]) => `\`${name}\`: ${description}`)
    .join(' ');
}

/**
 * Brings the texts of a query string into the form its schema describes: a parameter that is a list may be
 * repeated or separated by commas, and a reference may be spelt with `_id`.
 */
export function gather(
  query: Readonly<Record<string, string | string[]>>,
  schema: { readonly properties: Readonly<Record<string, { type?: string }>> },
): Record<string, string | string[]> {
  // Without a prototype, so that `__proto__` is a name like any other, and refused.
  const gathered: Record<string, string | string[]> = Object.create(null);
  for (const [given, value] of Object.entries(query)) {
    const short = given.replace(/_id$/, '');
    const known = (one: string) => Object.hasOwn(schema.properties, one);
    const name = !known(given) && known(short) ? short : given;
    if (schema.properties[name]?.type === 'array') {
      const values = [value].flat().flatMap((part) => part.split(','));
      gathered[name] = [...new Set([...[gathered[name] ?? []].flat(), ...values])];
    } else {
      gathered[name] = value;
    }
  }
  return gathered;
}

/** Refuses numbers beyond what can be counted: the validator takes `Infinity` for an integer. */
export function refuseUncountable(query: Readonly<Record<string, unknown>>): void {
  const errors = Object.entries(query)
    .filter(([, value]) => typeof value === 'number' && !Number.isSafeInteger(value))
    .map(([parameter]) => ({ parameter, message: 'is too large', expected: 'a smaller number' }));
  if (errors.length > 0) throw new Problem('invalid-parameter', 'A parameter is not right.', { errors });
}
