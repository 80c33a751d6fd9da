/** Related records inside an answer: one statement for each include, however many records there are. */
import type { Column } from '../db/columns.ts';
import type { Row, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import type { Include, Kind, PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { bindingOf, encodeCursor } from './cursor.ts';
import type { Engine } from './engine.ts';
import { filterFor, relatedTo, todayOf } from './filters.ts';
import { compareKeys } from './order.ts';
import { selection, selectionShape, tableOf, toRecord } from './select.ts';

/** Most related records shown inside one record, read alone or in a list. */
export const CAP_SINGLE = 100;
export const CAP_LIST = 20;

export interface Including {
  readonly engine: Engine;
  readonly session: Session;
  readonly restricted: boolean;
  /** Whether one record is read, rather than a list. */
  readonly single: boolean;
  readonly revision: number;
}

/** Paths such as `actions.organization` as a tree: include name → what to include below it. */
export type Tree = ReadonlyMap<string, readonly string[]>;

export function treeOf(paths: readonly string[]): Tree {
  const tree = new Map<string, string[]>();
  for (const path of paths) {
    const [name, ...rest] = path.split('.') as [string, ...string[]];
    const below = tree.get(name) ?? [];
    tree.set(name, rest.length > 0 ? [...below, rest.join('.')] : below);
  }
  return tree;
}

/** Returns the records with the related ones that the paths name put inside each. */
export async function attachIncludes(
  context: Including,
  kind: Kind,
  records: readonly PublicRecord[],
  paths: readonly string[],
): Promise<PublicRecord[]> {
  let answer = [...records];
  if (answer.length === 0) return answer;
  for (const [name, below] of treeOf(paths)) {
    const include = kind.includes[name] as Include;
    const inner = [...new Set([...(include.also ?? []), ...below])];
    const attached =
      'many' in include
        ? await readMany(context, kind, name, include, records, inner)
        : await readOne(context, include, records, inner);
    answer = answer.map((record, at) => ({ ...record, [name]: attached[at] }));
  }
  return answer;
}

/** Reads live records by id, with what is to be included below them; one statement, and those of what is included. */
export async function readByIds(
  context: Including,
  kind: Kind,
  ids: readonly string[],
  inner: readonly string[],
): Promise<Map<string, PublicRecord>> {
  const { engine, session } = context;
  const wanted = { large: [], restricted: false, deleted: false };
  const rows = await session.all(
    `by ids ${kind.name} ${selectionShape(wanted)}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const live = sql`${engine.db.dialect.isAmong(table.id as Column, 'ids')} and ${table.deleted_at} is null`;
      return on
        .select(selection(engine.db, kind, wanted))
        .from(table)
        .where(live);
    },
    { ids: engine.db.dialect.list(ids), ...todayOf(engine) },
  );
  const found = rows.map((row) => toRecord(kind, row));
  const full = await attachIncludes({ ...context, single: false }, kind, found, inner);
  return new Map(full.map((record) => [record.id, record]));
}

async function readOne(
  context: Including,
  include: Extract<Include, { one: string }>,
  records: readonly PublicRecord[],
  inner: readonly string[],
): Promise<(PublicRecord | null)[]> {
  const idOf = (record: PublicRecord) => record[include.one] as string | null;
  const ids = [...new Set(records.map(idOf))].filter((id) => id !== null);
  const found = ids.length > 0 ? await readByIds(context, kindNamed(include.kind), ids, inner) : new Map();
  return records.map((record) => found.get(idOf(record)) ?? null);
}

interface Many {
  readonly data: readonly PublicRecord[];
  readonly more: string | null;
}

type ManyInclude = Extract<Include, { many: string }>;

async function readMany(
  context: Including,
  kind: Kind,
  name: string,
  include: ManyInclude,
  records: readonly PublicRecord[],
  inner: readonly string[],
): Promise<Many[]> {
  const target = kindNamed(include.many);
  const cap = context.single ? CAP_SINGLE : CAP_LIST;
  if ('listed' in include) {
    const listed = (record: PublicRecord) => record[include.listed] as string[];
    const ids = [...new Set(records.flatMap(listed))];
    const found =
      ids.length > 0 ? await readByIds(context, target, ids, inner) : new Map<string, PublicRecord>();
    return records.map((record) => {
      const live = listed(record).flatMap((id) => found.get(id) ?? []);
      const rest = live.slice(cap).map(({ id }) => id);
      const more = `${context.engine.publicUrl}/v1/${target.path}?id=${rest.join(',')}`;
      return { data: live.slice(0, cap), more: rest.length > 0 ? more : null };
    });
  }
  const rows = await readRelated(context, kind, name, include, target, records, cap);
  // One record may be related to several: what it includes itself is read once, and shown under each.
  const related = new Map(rows.map(({ row }) => [row.id as string, toRecord(target, row)]));
  const full = await attachIncludes({ ...context, single: false }, target, [...related.values()], inner);
  const byId = new Map(full.map((record) => [record.id, record]));
  const groups = new Map<string, { key: string; record: PublicRecord }[]>();
  for (const { parent, key, row } of rows) {
    const group = groups.get(parent) ?? [];
    group.push({ key, record: byId.get(row.id as string) as PublicRecord });
    groups.set(parent, group);
  }
  return records.map(({ id }) => {
    const group = groups.get(id) ?? [];
    const last = group.length > cap ? group[cap - 1] : undefined;
    return {
      data: group.slice(0, cap).map(({ record }) => record),
      more: last ? restOf(context, include, target, id, last) : null,
    };
  });
}

/** Address of the rest of an include: the list of its kind, narrowed to the parent, from the last one shown. */
function restOf(
  { engine, revision }: Including,
  include: ManyInclude,
  target: Kind,
  parent: string,
  last: { key: string; record: PublicRecord },
): string {
  const filter = filterFor(include, target);
  const bound = bindingOf(target, target.defaultSort, false, [`${filter}=${parent}`]);
  const cursor = encodeCursor({ key: last.key, id: last.record.id, revision }, bound);
  return `${engine.publicUrl}/v1/${target.path}?${filter}=${parent}&cursor=${cursor}`;
}

interface Related {
  readonly parent: string;
  readonly key: string;
  readonly row: Row;
}

const PARENT = '\u0000parent';
const KEY = '\u0000key';

async function readRelated(
  { engine, session }: Including,
  kind: Kind,
  name: string,
  include: ManyInclude,
  target: Kind,
  records: readonly PublicRecord[],
  cap: number,
): Promise<Related[]> {
  const { db } = engine;
  const table = tableOf(db, target);
  const wanted = { large: [], restricted: false, deleted: false };
  const sort = sortColumn(target.defaultSort.replace('-', ''));
  const rows = await session.all(
    `include ${kind.name}.${name} ${cap}`,
    (on) => {
      const column = (of: string) => sql`inner_rows.${sql.identifier((table[of] as Column).name)}`;
      const down = target.defaultSort.startsWith('-') ? sql.raw(' desc') : sql.raw('');
      return db.dialect.forEach(
        on,
        'parents',
        (parent) => ({ ...selection(db, target, wanted), [PARENT]: parent, [KEY]: table[sort] as Column }),
        table,
        (parent) => sql`select ${column('id')} from ${table} inner_rows
          where ${relatedTo(include, { db, column }, parent)} and ${column('deleted_at')} is null
          order by ${column(sort)}${down}, ${column('id')}${down} limit ${sql.raw(String(cap + 1))}`,
      );
    },
    { parents: db.dialect.list(records.map(({ id }) => id)), ...todayOf(engine) },
  );
  const found = rows.map(({ [PARENT]: parent, [KEY]: key, ...row }) => ({
    parent: parent as string,
    key: key as string,
    row,
  }));
  const sign = target.defaultSort.startsWith('-') ? -1 : 1;
  const at = ({ key, row }: Related) => ({ key, id: row.id as string });
  return found.sort((a, b) => sign * compareKeys(at(a), at(b)));
}
