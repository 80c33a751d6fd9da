/**
 * Whether a record is what the filters of its list ask for, judged by its content alone, as the change log holds it:
 * what a record was at a change no longer stands in its table. Tested to be what the lists’ own SQL says.
 */
import { dateName, firstOf, lastOf, referenceName } from '../../engine/filters.ts';
import { toInstant } from '../../engine/formats.ts';
import { type Identifier, identifierName } from '../../engine/rows.ts';
import type { ExtraFilter, Field, Kind, PublicRecord } from '../../model/declare.ts';

/** Whether a record has one of the values; `today` is a day `YYYY-MM-DD`. */
export type Test = (record: PublicRecord, values: readonly string[], today: string) => boolean;

const known = new Map<Kind, ReadonlyMap<string, Test>>();

/** Tests by the names of a kind’s filters; those that reach into other records are missing. */
export function testsOf(kind: Kind): ReadonlyMap<string, Test> {
  const tests = known.get(kind) ?? new Map(makeTests(kind));
  known.set(kind, tests);
  return tests;
}

function makeTests(kind: Kind): [string, Test][] {
  return [
    ...Object.entries(kind.fields).flatMap(([name, field]) => fieldTests(name, field)),
    ...Object.entries(kind.filters ?? {}).flatMap(([name, declared]) => extraTests(name, declared)),
    ['updated_since', (record, [value]) => String(record.updated_at) >= String(toInstant(String(value)))],
    ['id', has('id')],
    ['identifier', (record, values) => namesOf(record).some((name) => values.includes(name))],
  ];
}

/** What a record’s `identifier` filter goes by: its identifiers and, where it has one, its printed number. */
function namesOf(record: PublicRecord): string[] {
  const names = ((record.identifiers ?? []) as Identifier[]).map(identifierName);
  return typeof record.identifier === 'string' ? [...names, record.identifier] : names;
}

const has =
  (name: string): Test =>
  (record, values) =>
    [record[name]].flat().some((value) => values.includes(value as string));

function fieldTests(name: string, field: Field): [string, Test][] {
  if (field.filter === 'date') {
    const base = dateName(name);
    const bounded =
      (holds: (at: string, bound: string) => boolean): Test =>
      (record, [bound]) =>
        typeof record[name] === 'string' && holds(record[name], String(bound));
    return [
      [`${base}_since`, bounded((at, bound) => at >= firstOf(bound))],
      [`${base}_until`, bounded((at, bound) => at <= lastOf(bound))],
    ];
  }
  if (field.filter === 'reference')
    return [[field.storage === 'json' ? String(field.to) : referenceName(name), has(name)]];
  return field.filter === 'word' || field.filter === 'text' || field.kindField ? [[name, has(name)]] : [];
}

function extraTests(name: string, declared: ExtraFilter): [string, Test][] {
  if ('running' in declared) {
    return declared.running === 'day'
      ? [[name, (record, [day]) => isRunning(record, String(day))]]
      : [[name, (record, [wanted], today) => isRunning(record, today) === (wanted !== 'false')]];
  }
  if ('through' in declared) return [];
  return [[name, (record, values) => declared.by.some((field) => values.includes(record[field] as string))]];
}

/** Whether a membership is running on a day: as `runningOn` says it in SQL. */
function isRunning({ start_date: start, end_date: end, standing }: PublicRecord, day: string): boolean {
  const begun = start === null || String(start) <= day;
  const lasts =
    end === null || String(end) >= day || [day.slice(0, 7), day.slice(0, 4)].includes(String(end));
  const held = standing === null || standing === 'acting' || standing === 'holding';
  return begun && lasts && (held || (standing === 'former' && end !== null));
}
