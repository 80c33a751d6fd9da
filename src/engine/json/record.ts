/**
 * Records as JSON texts that the database makes, with what is included nested inside: to the byte what
 * `JSON.stringify` makes of the objects of `../select.ts` and `../include.ts`, which say what is right.
 */
import type { Column, Table } from '../../db/columns.ts';
import type { Database, JsonStorage } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { keepsShown, sortColumn } from '../../db/tables.ts';
import type { Attached, Field, Include, Kind } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { relatedTo, runningOn, TODAY } from '../filters.ts';
import { CAP_LIST, CAP_SINGLE, treeOf } from '../include.ts';
import type { ListQuery } from '../parameters.ts';
import { selectedNames, tableOf, type Wanted } from '../select.ts';
import { shownText } from './shown.ts';

/** Most paths included so: with more, a statement gets so long that preparing it costs more than it saves. */
export const MOST_INCLUDED = 24;

/** What a record's JSON holds. */
export interface Shown {
  /** Names of fields, in order. */
  readonly names: readonly string[];
  /** Paths of what is included. */
  readonly include: readonly string[];
  /** Whether it is read alone: more of what is included is shown then. */
  readonly single: boolean;
}

/**
 * Stands where more is included than is shown, as the address of the rest is beyond the database. A control character
 * is in no JSON text as it is; a record that holds this one is to be made in JavaScript.
 */
const BEYOND = '\u0001';
const BEYOND_BYTE = 1;

/** Whether a JSON text holds what the database could not make. */
export function isBeyond(json: Buffer | string): boolean {
  return typeof json === 'string' ? json.includes(BEYOND) : json.includes(BEYOND_BYTE);
}

type Making = Pick<Database, 'tables' | 'dialect'>;

/** The names of a record's answer: what is selected, or those that `fields` names; what is included comes on top. */
export function namesShown(
  db: Making,
  kind: Kind,
  wanted: Wanted,
  fields: readonly string[] | undefined,
  include: readonly string[],
): string[] {
  const selected = new Set(selectedNames(db, kind, wanted));
  const all = ['id', 'slug', ...Object.keys(kind.fields), ...selected].filter(
    (name) => selected.has(name) || kind.fields[name]?.mapped,
  );
  const once = [...new Set(all)];
  if (fields === undefined) return once;
  const included = include.map((path) => path.split('.')[0] as string);
  const named = new Set(['id', 'deleted_at', ...fields, ...included]);
  return once.filter((name) => named.has(name));
}

/** A record of a kind as the parts of one JSON text; `at` is the name under which its row is selected from. */
export function recordParts(db: Making, kind: Kind, { names, include, single }: Shown, at: string): SQL[] {
  const tree = treeOf(include);
  const textOf = (name: string) => {
    const below = tree.get(name);
    return below ? includedText(db, kind, name, below, single, at) : fieldText(db, kind, name, at);
  };
  const added = [...tree.keys()].filter((name) => !names.includes(name));
  const kept = isUsual(db, kind, names) && names.every((name) => !tree.has(name));
  const own = kept
    ? [shownText(kind, columnIn(db, kind, at), usualText(db, kind, at))]
    : names.flatMap((name, place) => member(name, textOf(name), place === 0));
  return [...own, ...added.flatMap((name) => member(name, textOf(name))), sql.raw("'}'")];
}

/** A member of an object, with what stands before it. */
function member(name: string, text: SQL, first = false): SQL[] {
  // Names of fields are letters and underscores.
  return [sql.raw(`'${first ? '{' : ','}"${name}":'`), text];
}

/** Whether a record's JSON is, as a rule, the one its row keeps: where nothing is said of what it is to have. */
export function asksUsual(kind: Kind, { fields, include = [], include_deleted }: Asked): boolean {
  return keepsShown(kind) && fields === undefined && include.length === 0 && !include_deleted;
}

/** What is said of what a record's JSON is to have. */
type Asked = Partial<Pick<ListQuery, 'fields' | 'include' | 'include_deleted'>>;

/** The JSON that a row keeps; null where it has none. With what to make instead, a statement would take a third longer. */
export function shownRecord(db: Making, kind: Kind): SQL {
  return sql`(${shownText(kind, columnIn(db, kind, kind.table), sql`null`)}) || '}'`;
}

/** The JSON that a row is to keep, made of its columns. */
export function usualText(db: Making, kind: Kind, at: string): SQL {
  const names = usualNames(db, kind);
  return db.dialect.concat(
    names.flatMap((name, place) => member(name, fieldText(db, kind, name, at), place === 0)),
  );
}

/** The names that a record has where nothing is said of them. */
function usualNames(db: Making, kind: Kind): string[] {
  return namesShown(db, kind, { large: [], restricted: false, deleted: false }, undefined, []);
}

/** Whether a record of these names is as its row keeps it. */
function isUsual(db: Making, kind: Kind, names: readonly string[]): boolean {
  return keepsShown(kind) && names.join() === usualNames(db, kind).join();
}

/** How what every kind has is kept, where it is not as text. */
const HOUSEKEPT: Readonly<Record<string, JsonStorage>> = {
  version: 'integer',
  created_at: 'instant',
  updated_at: 'instant',
  deleted_at: 'instant',
};

/** A column of the row that is selected from under a name. */
function columnAt(table: Table, at: string, name: string): SQL {
  return sql`${sql.identifier(at)}.${sql.identifier((table[name] as Column).name)}`;
}

/** Columns of a kind's row that is selected from under a name. */
function columnIn(db: Making, kind: Kind, at: string): (name: string) => SQL {
  const table = tableOf(db, kind);
  return (name) => columnAt(table, at, name);
}

function fieldText(db: Making, kind: Kind, name: string, at: string): SQL {
  const field: Field | undefined = kind.fields[name];
  const table = tableOf(db, kind);
  if (field?.attached) return attachedText(db, field.attached, columnAt(table, at, 'id'), at);
  if (field?.mapped) {
    const { from, words } = field.mapped;
    // Words of vocabularies are letters and underscores.
    const cases = Object.entries(words).map(([word, to]) => sql.raw(` when '${word}' then '"${to}"'`));
    return sql`case ${columnAt(table, at, from)}${sql.join(cases)} else 'null' end`;
  }
  return db.dialect.jsonText(columnAt(table, at, name), field?.storage ?? HOUSEKEPT[name] ?? 'text');
}

/** A field that is a short list of records pointing here, as one JSON text. */
export function attachedText(db: Making, { kind, by, fields }: Attached, id: SQL, at: string): SQL {
  const other = kindNamed(kind);
  const [table, inner] = [tableOf(db, other), `${at}_`];
  const column = (name: string) => columnAt(table, inner, name);
  const item = db.dialect.concat(
    recordParts(db, other, { names: fields, include: [], single: false }, inner),
  );
  const rows = sql`from ${table} as ${sql.identifier(inner)} where ${column(by)} = ${id}
    and ${column('deleted_at')} is null and ${runningOn(column, TODAY)}
    order by ${column('sort_start_date')}, ${column('id')}`;
  return db.dialect.jsonArray(item, rows);
}

/** What is included under a name, as one JSON text. */
function includedText(
  db: Making,
  kind: Kind,
  name: string,
  below: readonly string[],
  single: boolean,
  at: string,
): SQL {
  const include = kind.includes[name] as Include;
  const target = kindNamed('many' in include ? include.many : include.kind);
  const [table, inner] = [tableOf(db, target), `${at}_`];
  const wanted = { large: [], restricted: false, deleted: false };
  const nested = [...new Set([...(include.also ?? []), ...below])];
  const names = namesShown(db, target, wanted, undefined, nested);
  const item = db.dialect.concat(recordParts(db, target, { names, include: nested, single: false }, inner));
  const column = (of: string) => columnAt(table, inner, of);
  const from = sql`${table} as ${sql.identifier(inner)}`;
  const live = sql`${column('deleted_at')} is null`;
  const own = tableOf(db, kind);
  if (!('many' in include))
    return sql`coalesce((select ${item} from ${from} where ${column('id')} = ${columnAt(own, at, include.one)} and ${live}), 'null')`;
  const cap = single ? CAP_SINGLE : CAP_LIST;
  const most = sql.raw(String(cap + 1));
  if ('listed' in include) {
    const listed = db.dialect.eachListed(columnAt(own, at, include.listed));
    return someOf(
      db,
      cap,
      item,
      sql`from ${listed} cross join ${from} where ${column('id')} = each_listed.value and ${live}
        order by each_listed.place limit ${most}`,
    );
  }
  const down = target.defaultSort.startsWith('-') ? sql.raw(' desc') : sql.raw('');
  const sort = column(sortColumn(target.defaultSort.replace('-', '')));
  return someOf(
    db,
    cap,
    item,
    sql`from ${from} where ${relatedTo(include, { db, column }, columnAt(own, at, 'id'))} and ${live}
      order by ${sort}${down}, ${column('id')}${down} limit ${most}`,
  );
}

/** Many included records, where there are no more than are shown. */
function someOf(db: Making, cap: number, item: SQL, rows: SQL): SQL {
  const whole = ['\'{"data":\'', '\',"more":null}\''] as const;
  return db.dialect.jsonArray(item, rows, {
    cap,
    begin: sql.raw(whole[0]),
    end: sql.raw(whole[1]),
    beyond: sql.raw(`'${BEYOND}'`),
  });
}
