/** What each filter should let through, worked out in plain JavaScript from the records themselves. */
import type { ExtraFilter, Field, Kind, PublicRecord } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';

/** All records, by kind. */
export type Everything = ReadonlyMap<string, readonly PublicRecord[]>;

/** One use of a filter: its parameter, a value, and whether a record should be let through. */
export interface Use {
  readonly parameter: string;
  readonly value: string;
  readonly lets: (record: PublicRecord) => boolean;
}

/** A few uses of every filter of a kind, with values that some records have. */
export function usesOf(kind: Kind, all: Everything, today: string): Use[] {
  const records = all.get(kind.name) ?? [];
  const own = Object.entries(kind.fields).flatMap(([name, field]) => fieldUses(name, field, records));
  const extra = Object.entries(kind.filters ?? {}).flatMap(([name, declared]) =>
    extraUses(name, declared, records, all, today),
  );
  return [...own, ...extra, ...commonUses(kind, records)];
}

/** The values there are, the first few of them. */
function some(values: readonly unknown[], most = 6): string[] {
  const texts = values.filter((value) => typeof value === 'string');
  // A comma separates values and an empty one is refused, so that neither can be asked for.
  return [...new Set(texts)].filter((text) => text !== '' && !text.includes(',')).slice(0, most);
}

function fieldUses(name: string, field: Field, records: readonly PublicRecord[]): Use[] {
  const valuesOf = (record: PublicRecord) => [record[name]].flat();
  const present = some(records.flatMap(valuesOf));
  const has = (value: string) => (record: PublicRecord) => valuesOf(record).includes(value);
  const equal = (parameter: string, values: readonly string[]) =>
    values.map((value) => ({ parameter, value, lets: has(value) }));
  if (field.kindField) return equal(name, [...present, '00000000-0000-7000-8000-000000000000']);
  if (field.filter === 'text') {
    // What no text of the field's shape can be is refused.
    const { pattern, examples } = field.schema as { pattern?: string; examples?: readonly string[] };
    const another = (pattern && examples?.[0]) || 'nothing has this';
    return name === 'identifier' ? [] : equal(name, [...new Set([...present, another])]);
  }
  if (field.filter === 'word') {
    const unused = Object.keys(field.vocabulary?.words ?? {}).filter((word) => !present.includes(word));
    return equal(name, [...present, ...unused.filter((word) => !records.some(has(word))).slice(0, 1)]);
  }
  if (field.filter === 'reference') {
    const parameter = field.storage === 'json' ? (field.to as string) : name.replace(/_id$/, '');
    return [...equal(parameter, present), ...equal(name.endsWith('_id') ? name : parameter, present)];
  }
  if (field.filter !== 'date') return [];
  const base = name.replace(/_(on|date|at)$/, '');
  return bounds(present).flatMap((bound) => [
    { parameter: `${base}_since`, value: bound, lets: (record) => since(record[name], bound) },
    { parameter: `${base}_until`, value: bound, lets: (record) => until(record[name], bound) },
  ]);
}

/** Dates as bounds, whole and made vaguer, and days around them. */
function bounds(dates: readonly string[]): string[] {
  const days = dates.map((date) => date.slice(0, 10));
  const vaguer = days.flatMap((day) => [day.slice(0, 4), day.slice(0, 7), firstDay(day)]);
  return [...new Set([...days, ...vaguer, '1900', '2999-12-31'])];
}

export const firstDay = (date: string): string => `${date}-01-01`.slice(0, 10);

/** A vaguer date counts as its first day. */
export function since(date: unknown, bound: string): boolean {
  return typeof date === 'string' && firstDay(date.slice(0, 10)) >= firstDay(bound);
}

/** A vaguer bound takes in all of its days. */
export function until(date: unknown, bound: string): boolean {
  return typeof date === 'string' && firstDay(date.slice(0, 10)) <= `${bound}-99-99`.slice(0, 10);
}

function extraUses(
  parameter: string,
  declared: ExtraFilter,
  records: readonly PublicRecord[],
  all: Everything,
  today: string,
): Use[] {
  if ('running' in declared) {
    const days =
      declared.running === 'day' ? ['2024-11-20', '2017-02-01', '1990-01-01', today] : ['true', 'false'];
    return days.map((value) => ({
      parameter,
      value,
      lets: (record) => runs(record, value.length === 10 ? value : today) === (value !== 'false'),
    }));
  }
  if ('by' in declared) {
    const values = some(records.flatMap((record) => declared.by.map((name) => record[name])));
    return values.map((value) => ({
      parameter,
      value,
      lets: (record) => declared.by.some((name) => record[name] === value),
    }));
  }
  const links = linksOf(declared.through, all);
  return some(links.map((link) => link[declared.from])).map((value) => ({
    parameter,
    value,
    lets: ({ id }) => links.some((link) => link[declared.from] === value && link[declared.to] === id),
  }));
}

/** Whether a membership runs on a day. */
function runs({ start_date, end_date, standing }: PublicRecord, day: string): boolean {
  const begun = start_date === null || firstDay(String(start_date)) <= day;
  const lasts = end_date === null || `${end_date}-99-99`.slice(0, 10) >= day;
  const held = standing === null || standing === 'acting' || standing === 'holding';
  return begun && lasts && (held || (standing === 'former' && end_date !== null));
}

type Link = Readonly<Record<string, unknown>>;

/** What a linking kind, or the rows of a list field, say belongs together. */
function linksOf(through: string, all: Everything): readonly Link[] {
  const kind = all.get(through);
  if (kind) return kind;
  for (const owner of kinds) {
    for (const [name, field] of Object.entries(owner.fields)) {
      if (field.rows?.table !== through) continue;
      const { owner: column } = field.rows;
      return (all.get(owner.name) ?? []).flatMap((record) =>
        (record[name] as (string | Link)[]).map((item) =>
          typeof item === 'string'
            ? { [column]: record.id, [`${field.to}_id`]: item }
            : { ...item, [column]: record.id },
        ),
      );
    }
  }
  throw new Error(`nothing is kept in ${through}`);
}

function commonUses(kind: Kind, records: readonly PublicRecord[]): Use[] {
  const named = (record: PublicRecord) =>
    ((record.identifiers ?? []) as { scheme: string; identifier: string }[]).map(
      ({ scheme, identifier }) => `${scheme}:${identifier}`,
    );
  const ids = some(
    records.map(({ id }) => id),
    2,
  );
  const instants = some(
    records.map((record) => record.updated_at),
    2,
  );
  const printed = 'identifier' in kind.fields;
  const identifiers = kind.kept ? [] : some(records.flatMap(named), 3);
  const numbers = printed
    ? some(
        records.map((record) => record.identifier),
        3,
      )
    : [];
  return [
    ...ids.map((value) => ({ parameter: 'id', value, lets: ({ id }: PublicRecord) => id === value })),
    ...instants.map((value) => ({
      parameter: 'updated_since',
      value,
      lets: ({ updated_at }: PublicRecord) => String(updated_at) >= value,
    })),
    ...[...identifiers, ...numbers].map((value) => ({
      parameter: 'identifier',
      value,
      lets: (record: PublicRecord) =>
        named(record).includes(value) || (printed && record.identifier === value),
    })),
  ];
}
