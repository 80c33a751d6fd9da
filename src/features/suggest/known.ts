/** The known records that printed names may stand for, found through the indexes on names; a few short queries a name. */
import type { Column, Table } from '../../db/columns.ts';
import type { Builder, Database, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { fold } from '../../model/declare.ts';
import { type Known, nameWords } from './names.ts';
import { PARTICLES } from './vocabulary.ts';

/** Most different names of one text that are looked up; the rest are shown without matches. */
export const NAMES = 300;
/** Most records looked at for one beginning of a name. */
const NEAR = 25;
/** Most records with other names that are gone through. */
const OTHERS = 20_000;

const KINDS = ['official', 'organization', 'publisher', 'jurisdiction'] as const;

/** Looks names up: answers, for each, the records that any rule might match it with. */
export async function knownOf(
  session: Session,
  db: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly Known[]>> {
  const wanted = [...new Set(names)].slice(0, NAMES);
  const others = await otherNames(session, db);
  const found = new Map<string, Known[]>();
  const whole = await withTheseNames(session, db, wanted);
  for (const name of wanted) {
    const folded = nameWords(name).join(' ');
    const near = await nearOf(session, db, name);
    const all = [...(whole.get(fold(name)) ?? []), ...near, ...(others.get(folded) ?? [])];
    found.set(name, [...new Map(all.map((one) => [one.id, one])).values()]);
  }
  return found;
}

type Columns = Record<string, Column | SQL>;

function tableOf(db: Database, kind: Known['kind']): Table {
  return db.tables.kinds.get(kind) as Table;
}

function selected(table: Table): Columns {
  return Object.fromEntries(
    ['id', 'slug', 'name', 'family_name', 'other_names', 'sort_name']
      .filter((name) => table[name])
      .map((name) => [name, table[name] as Column]),
  );
}

type Row = Omit<Known, 'kind' | 'family_name' | 'other_names'> &
  Partial<Pick<Known, 'family_name' | 'other_names'>> & { readonly sort_name: string };

function toKnown(kind: Known['kind'], { id, slug, name, family_name, other_names }: Row): Known {
  return { kind, id, slug, name, family_name: family_name ?? null, other_names: other_names ?? [] };
}

/** The records that bear one of some names, by folded name. */
async function withTheseNames(
  session: Session,
  db: Database,
  names: readonly string[],
): Promise<Map<string, Known[]>> {
  const found = new Map<string, Known[]>();
  for (const kind of KINDS) {
    const table = tableOf(db, kind);
    const among = db.dialect.isAmong(table.sort_name as Column, 'names');
    const rows = await session.all<Row>(
      `${kind} with these names`,
      (on) =>
        on
          .select(selected(table))
          .from(table)
          .where(sql`${among} and ${table.deleted_at} is null`)
          .orderBy(table.sort_name as Column, table.id as Column)
          .limit(NAMES * 4),
      { names: db.dialect.list([...new Set(names.map(fold))]) },
    );
    for (const row of rows)
      found.set(row.sort_name, [...(found.get(row.sort_name) ?? []), toKnown(kind, row)]);
  }
  return found;
}

/** Records whose name begins or ends as a printed one does. */
async function nearOf(session: Session, db: Database, printed: string): Promise<Known[]> {
  const words = fold(printed).split(' ');
  const first = words[0] ?? '';
  // A family name begins with its particle: de la Cruz.
  const particle = words.findIndex((word, at) => at > 0 && PARTICLES.has(word));
  const last = words.slice(particle > 0 ? particle : -1).join(' ');
  const officials = tableOf(db, 'official');
  const near = [
    ...(await startingWith(session, db, 'official', officials.sort_family_name as Column, `${last} `)),
  ];
  if (words.length > 1) {
    const start = `${first} ${last.slice(0, 1)}`;
    near.push(...(await startingWith(session, db, 'official', officials.sort_name as Column, start)));
  }
  for (const kind of ['organization', 'publisher'] as const) {
    const start = words.length > 1 ? `${first} ` : `${fold(printed)} `;
    near.push(...(await startingWith(session, db, kind, tableOf(db, kind).sort_name as Column, start)));
  }
  return near;
}

async function startingWith(
  session: Session,
  db: Database,
  kind: Known['kind'],
  column: Column,
  start: string,
): Promise<Known[]> {
  const table = tableOf(db, kind);
  const [from, to] = [sql.placeholder('from'), sql.placeholder('to')];
  const rows = await session.all<Row>(
    `${kind} starting with, by ${column.name}`,
    (on: Builder) =>
      on
        .select(selected(table))
        .from(table)
        .where(sql`${column} >= ${from} and ${column} < ${to} and ${table.deleted_at} is null`)
        .orderBy(column, table.id as Column)
        .limit(NEAR),
    // No letter sorts after this one.
    { from: start, to: `${start}\u{10FFFD}` },
  );
  return rows.map((row) => toKnown(kind, row));
}

interface Others {
  readonly seq: number;
  readonly byName: ReadonlyMap<string, readonly Known[]>;
}

const remembered = new WeakMap<Database, Others>();

/** Records by each of their other names, which no index finds; read again once an official or organization changed. */
export async function otherNames(session: Session, db: Database): Promise<Others['byName']> {
  const seq = Math.max(
    await lastChange(session, db, 'official'),
    await lastChange(session, db, 'organization'),
  );
  const before = remembered.get(db);
  if (before?.seq === seq) return before.byName;
  const byName = new Map<string, Known[]>();
  for (const kind of ['official', 'organization'] as const) {
    const table = tableOf(db, kind);
    const rows = await session.all<Row>(`${kind} with other names`, (on) =>
      on
        .select(selected(table))
        .from(table)
        .where(sql`cast(${table.other_names} as text) <> '[]' and ${table.deleted_at} is null`)
        .orderBy(table.id as Column)
        .limit(OTHERS),
    );
    for (const known of rows.map((row) => toKnown(kind, row))) {
      for (const { name } of known.other_names) {
        const folded = nameWords(name).join(' ');
        byName.set(folded, [...(byName.get(folded) ?? []), known]);
      }
    }
  }
  remembered.set(db, { seq, byName });
  return byName;
}

async function lastChange(session: Session, db: Database, kind: string): Promise<number> {
  const { changes } = db.tables;
  const [row] = await session.all<{ seq: number }>(
    'last change of a kind',
    (on) =>
      on
        .select({ seq: changes.seq as Column })
        .from(changes)
        .where(sql`${changes.kind} = ${sql.placeholder('kind')}`)
        .orderBy(sql`${changes.seq} desc`)
        .limit(1),
    { kind },
  );
  return row?.seq ?? 0;
}
