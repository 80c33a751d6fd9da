/** The SQL of the limits: what a small program written for these few requests alone would ask the tables. */
import { sortColumn } from '../../../src/db/tables.ts';
import type { Include, Kind } from '../../../src/model/declare.ts';
import { kindNamed } from '../../../src/model/kinds.ts';

/** How an engine spells what differs. */
export interface Spelling {
  /** The parameter of this number, from 1. */
  readonly parameter: (number: number) => string;
  /** The values of a list's column, as rows `listed` of `value` and `place`. */
  readonly listed: (column: string) => string;
}

/** Columns of a record's answer, in its order. */
export function shownColumns(kind: Kind): string[] {
  const stored = Object.entries(kind.fields).filter(
    ([, { derived, large }]) => derived !== 'computed' && !large,
  );
  return [
    'id',
    ...(kind.slugFrom ? ['slug'] : []),
    ...stored.map(([name]) => name),
    ...(kind.kept ? ['updated_at'] : ['version', 'created_at', 'updated_at']),
  ];
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

/** Columns that hold JSON, and those that hold truth values. */
export function typedColumns({ fields }: Kind): { readonly json: string[]; readonly flags: string[] } {
  const of = (storage: string) =>
    Object.keys(fields).filter(
      (name) => fields[name]?.storage === storage && fields[name]?.derived !== 'computed',
    );
  return { json: of('json'), flags: of('boolean') };
}

export const policy: Kind = kindNamed('policy');

/** What a list of the first, or of the `filtered`, or of those `on` from a place, looks like. */
export function listOf(sort: Spelling, { filtered, on }: { filtered: boolean; on: boolean }): string {
  const at = sort.parameter;
  const wanted = [
    'deleted_at is null',
    ...(filtered ? [`"type" = ${at(1)} and status = ${at(2)}`] : []),
    ...(on ? [`(sort_date, id) < (${at(1)}, ${at(2)})`] : []),
  ];
  // As a sum, or SQLite prepares the statement anew each time.
  const limit = at(filtered || on ? 3 : 1);
  return `select ${quoted(shownColumns(policy))} from policies where ${wanted.join(' and ')}
    order by sort_date desc, id desc limit ${limit} + 0`;
}

export const onePolicy = ({ parameter }: Spelling) =>
  `select ${quoted(shownColumns(policy))} from policies where slug = ${parameter(1)} and deleted_at is null`;

/** The statement of an include, given what it goes by: the parent's id, or the value of its reference or list. */
export function includeOf(include: Include, spelling: Spelling, cap: number): string {
  const { parameter, listed } = spelling;
  if (!('many' in include)) {
    const target = kindNamed(include.kind);
    return `select ${quoted(shownColumns(target))} from ${target.table} where id = ${parameter(1)} and deleted_at is null`;
  }
  const target = kindNamed(include.many);
  const shown = quoted(shownColumns(target));
  const live = `select ${shown} from ${target.table} where deleted_at is null`;
  if ('listed' in include)
    return `select ${shown} from ${listed(parameter(1))} cross join ${target.table}
      where id = listed.value and deleted_at is null order by listed.place limit ${cap}`;
  const related =
    'by' in include
      ? include.by.map((name) => `${name} = ${parameter(1)}`).join(' or ')
      : `id in (select ${include.to} from ${linkTable(include.through)} where ${include.from} = ${parameter(1)})`;
  const sort = sortColumn(target.defaultSort.replace('-', ''));
  const way = target.defaultSort.startsWith('-') ? ' desc' : '';
  return `${live} and (${related}) order by ${sort}${way}, id${way} limit ${cap}`;
}

function linkTable(name: string): string {
  try {
    return kindNamed(name).table;
  } catch {
    return name;
  }
}

/** The kind an include leads to. */
export const targetOf = (include: Include): Kind =>
  kindNamed('many' in include ? include.many : include.kind);

export const changeColumns = 'seq at kind record_id op version changed_fields actor reason content'.split(
  ' ',
);

/** Words of a policy that a search looks into. */
export const searchedColumns: readonly string[] = [
  ...(policy.searched?.names ?? []),
  ...(policy.searched?.texts ?? []),
];
