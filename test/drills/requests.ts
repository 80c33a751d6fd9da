/** Requests made from the OpenAPI description: every filter, sort, include, field and depth, valid and not. */

export interface Request {
  readonly method: string;
  readonly url: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly $ref?: string;
  readonly schema: Schema;
}

interface Schema {
  readonly type?: string | string[];
  readonly enum?: readonly (string | null)[];
  readonly format?: string;
  readonly items?: Schema;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { parameters?: Parameter[] }>>>>;
  readonly components: { readonly parameters?: Readonly<Record<string, Parameter>> };
}

/** A small generator of numbers from a seed (mulberry32), so that a replay can be run again. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const dates = ['2024', '2024-11', '2024-11-19', '1999-12-31', '2024-02-29'];
const wrong = [
  '',
  'nonsense',
  '2024-02-30',
  '-1',
  '201',
  'ÄÖ',
  '%00',
  "'; drop table policies; --",
  'a,,b',
  'true,false',
];

/** Values a parameter may be given: right ones (words, dates, names taken from the data) and wrong ones. */
function valuesOf({ name, schema }: Parameter, names: readonly string[]): string[] {
  const inner = schema.items ?? schema;
  const words = (inner.enum ?? []).filter((word) => word !== null);
  const sure = {
    partial: dates,
    moment: dates,
    instant: ['2026-01-31T12:00:00Z', '2026-01-31', '2020-01-01T00:00:00+02:00', '9999-12-31T23:59:59-05:00'],
    day: ['2024-11-19'],
  };
  const given = sure[(inner.format ?? '') as keyof typeof sure];
  if (words.length > 0) return [...words, words.slice(0, 3).join(','), `${words[0]}x`, ''];
  if (given) return [...given, ...wrong.slice(0, 4)];
  if (inner.type === 'boolean') return ['true', 'false', 'yes', ''];
  if (name === 'limit') return ['1', '2', '200', '0', '201', 'x', '1.5'];
  if (name === 'cursor') return ['x', 'W10', ''];
  return [...names, names.slice(0, 3).join(','), ...wrong];
}

/** Resolves shared parameters. */
function parametersOf(description: Description, path: string): Parameter[] {
  const all = description.paths[path]?.get?.parameters ?? [];
  return all.map((one) =>
    one.$ref ? (description.components.parameters?.[one.$ref.split('/').at(-1) as string] as Parameter) : one,
  );
}

/**
 * Requests for every readable path of a description; `names` are ids, slugs and texts of the data by path segment,
 * and `more` how many random combinations each list gets on top.
 */
export function* readRequests(
  description: Description,
  names: (segment: string) => readonly string[],
  more: number,
  random: () => number,
): Generator<Request> {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  for (const path of Object.keys(description.paths)) {
    // A stream has no end that could be compared.
    if (!description.paths[path]?.get || path.endsWith('/stream')) continue;
    const segment = path.split('/')[2] ?? '';
    const places = path.includes('{id}')
      ? [...names(segment).slice(0, 4), 'no-such-thing', '00000000-0000-7000-8000-000000000000']
      : [''];
    const parameters = parametersOf(description, path).filter((one) => one.in === 'query');
    const all = names('*');
    for (const place of places) {
      const version = pick(['1', '2', '1..1', '2..1', '0']);
      const base = path.replace('{id}', encodeURIComponent(place)).replace('{versions}', version);
      yield { method: 'GET', url: base };
      for (const parameter of place === places[0] ? parameters : parameters.slice(0, 2)) {
        for (const value of valuesOf(parameter, all))
          yield { method: 'GET', url: `${base}?${parameter.name}=${encodeURIComponent(value)}` };
      }
      yield { method: 'GET', url: `${base}?nonsense=1` };
    }
    if (path.includes('{id}')) continue;
    for (let n = 0; n < more; n += 1) {
      const chosen = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(parameters)).filter(
        Boolean,
      );
      const query = chosen.map(
        (parameter) => `${parameter.name}=${encodeURIComponent(pick(valuesOf(parameter, all)))}`,
      );
      yield { method: 'GET', url: `${path}?${query.join('&')}` };
    }
  }
}

/** Bodies made wrong in one place each: a value of another type, an unknown field, a field taken away. */
export function* spoiled(body: Readonly<Record<string, unknown>>): Generator<Record<string, unknown>> {
  for (const name of Object.keys(body)) {
    for (const value of [
      null,
      1,
      '',
      'nonsense',
      '2024-02-30',
      true,
      [],
      {},
      ['nonsense'],
      'x'.repeat(30_000),
    ])
      yield { ...body, [name]: value };
    const { [name]: _, ...rest } = body;
    yield rest;
  }
  yield { ...body, nonsense: 1 };
}
