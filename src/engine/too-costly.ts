/** What is said to those whose filters leave too little of too much. */
import { type Fault, Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import { BOUNDS } from './bounds.ts';
import { filtersOf } from './filters.ts';
import type { ListPlace } from './list.ts';
import type { Plan } from './plan.ts';
import { orderBy } from './ways.ts';

/** The filters of a list as they were given. */
type Given = readonly { readonly filter: { readonly name: string } }[];

/** The 400 of a first page that is not full after all the rows that one may look at; it says what would be right. */
export function tooCostly(plan: Plan, filters: Given, { fixed }: Pick<ListPlace, 'fixed'>): Problem {
  const { kind, sort, engine } = plan;
  const { walked, found } = engine.bounds ?? BOUNDS;
  const given = filters.map(({ filter }) => filter.name).filter((name) => !Object.hasOwn(fixed, name));
  const number = (count: number) => count.toLocaleString('en');
  const orders = ordersFor(plan);
  const narrowing = narrowingBy(kind, [...given, ...Object.keys(fixed)]);
  const expected = [
    ...(orders.length > 0 ? [`sort=${orders.join(' or sort=')}`] : []),
    ...(narrowing.length > 0
      ? [`a filter beside these that leaves few, such as ${narrowing.join(', ')}`]
      : []),
    'the whole list as a stream, with format=ndjson',
  ].join('; or ');
  const message = `too few of the first ${number(walked)} records in the order ${sort} are left, and no one of these filters is known to leave ${number(found)} or fewer`;
  const errors: Fault[] = [...given, 'sort'].map((parameter) => ({ parameter, message, expected }));
  const detail = `Too many records would have to be looked through: ${message}. What would do: ${expected}.`;
  return new Problem('invalid-parameter', detail, { errors });
}

/** Orders in which an index finds what these filters leave. */
function ordersFor(plan: Plan): string[] {
  const { kind, sort, conditions } = plan;
  const down = sort.startsWith('-') ? '-' : '';
  const [only, ...others] = conditions;
  const usual = kind.defaultSort;
  if (only?.found?.by === 'column' && only.found.single && others.length === 0) return [usual];
  const dated = conditions.flatMap(({ bounds }) => (bounds ? (orderBy(kind, bounds.column) ?? []) : []));
  return [...new Set(dated.map((order) => `${down}${order}`))].filter((order) => order !== sort);
}

/** Filters by which mostly few are left, of those not given. */
function narrowingBy(kind: Kind, given: readonly string[]): string[] {
  const open = [...filtersOf(kind).values()].filter(
    ({ name, refersTo }) => refersTo && !given.includes(name),
  );
  return open
    .map(({ name }) => name)
    .filter((name) => name !== 'id')
    .slice(0, 3);
}
