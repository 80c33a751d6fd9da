import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PgDialect, type PgTable, getTableConfig as pgConfig } from 'drizzle-orm/pg-core';
import { SQLiteSyncDialect, type SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core';
import t from 'tap';
import type { Column, Columns, Constraints } from '../../src/db/columns.ts';
import { getTableName, type SQL, sql } from '../../src/db/drizzle.ts';
import { columns as pgColumns } from '../../src/db/postgres/columns.ts';
import { columns as sqliteColumns } from '../../src/db/sqlite/columns.ts';
import { allTables, buildTables } from '../../src/db/tables.ts';

const MAKERS = ['text', 'uuid', 'integer', 'real', 'boolean', 'json', 'instant'] as const;

/** What both dialects say of a table, in words they share. */
interface Shape {
  readonly columns: readonly object[];
  readonly indexes: readonly object[];
  readonly primaryKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly object[];
}

type Config = ReturnType<typeof sqliteConfig>;
type Parts = readonly (Column | SQL)[];

function shapeOf(config: Config, text: (part: SQL) => string): Shape {
  // Both dialects write an expression with the same words; an indexed column stands for its name.
  const named = (parts: Parts) =>
    parts.map((part) => ('name' in part ? (part.name as string) : text(part as SQL)));
  return {
    columns: config.columns.map(({ name, notNull, primary, isUnique, hasDefault }) => {
      // SQLite numbers rows by itself where an integer is the primary key; the program gives every number.
      return { name, notNull, primary, isUnique, hasDefault: hasDefault && !primary };
    }),
    indexes: config.indexes.map(({ config: { name, columns, unique } }) => {
      return { name, unique: unique ?? false, columns: named(columns as unknown as Parts) };
    }),
    primaryKeys: config.primaryKeys.map((key) => key.columns.map(({ name }) => name)),
    foreignKeys: config.foreignKeys.map((key) => {
      const { columns, foreignColumns, foreignTable } = key.reference();
      const [from, to] = [columns.map(({ name }) => name), foreignColumns.map(({ name }) => name)];
      const [onDelete, onUpdate] = [key.onDelete ?? 'no action', key.onUpdate ?? 'no action'];
      return { from, to, table: getTableName(foreignTable), onDelete, onUpdate };
    }),
  };
}

const sqliteText = (part: SQL) => new SQLiteSyncDialect().sqlToQuery(part).sql;
const pgText = (part: SQL) => new PgDialect().sqlToQuery(part).sql;
const sqliteShape = (table: unknown) => shapeOf(sqliteConfig(table as SQLiteTable), sqliteText);
const pgShape = (table: unknown) => shapeOf(pgConfig(table as PgTable) as unknown as Config, pgText);

const built = {
  sqlite: allTables(buildTables(sqliteColumns)),
  postgres: allTables(buildTables(pgColumns)),
};

t.test('both sets of column helpers have the same names', async (t) => {
  t.same(Object.keys(sqliteColumns).sort(), Object.keys(pgColumns).sort());
  t.same(
    Object.keys(sqliteColumns).sort(),
    [...MAKERS, 'index', 'primaryKey', 'table', 'uniqueIndex'].sort(),
  );
});

t.test('each helper makes of each constraint the same column in both', async (t) => {
  const target = (columns: Columns) =>
    columns.table('targets', { id: columns.uuid('id', { primaryKey: true }) }, () => []);
  const one = (columns: Columns, maker: (typeof MAKERS)[number], constraints?: Constraints) =>
    columns.table('samples', { one: columns[maker]('one', constraints) }, () => []);
  const [toSqlite, toPg] = [target(sqliteColumns), target(pgColumns)];
  for (const maker of MAKERS) {
    for (const constraints of [
      {},
      { notNull: true },
      { primaryKey: true },
      { notNull: true, primaryKey: true },
    ]) {
      const name = `${maker} ${JSON.stringify(constraints)}`;
      const sqlite = sqliteShape(one(sqliteColumns, maker, constraints));
      t.same(sqlite, pgShape(one(pgColumns, maker, constraints)), name);
      t.match(
        sqlite.columns[0],
        { name: 'one', notNull: constraints.notNull ?? constraints.primaryKey ?? false },
        name,
      );
    }
    const refer = (to: typeof toSqlite) => ({ refersTo: () => to.id as Column });
    const sqlite = sqliteShape(one(sqliteColumns, maker, refer(toSqlite)));
    t.same(sqlite, pgShape(one(pgColumns, maker, refer(toPg))), `${maker} that refers to another`);
    t.match(sqlite.foreignKeys, [{ from: ['one'], to: ['id'], table: 'targets' }]);
  }
});

t.test('indexes and keys of several columns come out alike, in order', async (t) => {
  const sample = (columns: Columns) =>
    columns.table(
      'samples',
      { a: columns.text('a'), b: columns.uuid('b'), c: columns.integer('c') },
      ({ a, b, c }) => [
        columns.primaryKey([b as Column, a as Column]),
        columns.index('samples_c_a', [c as Column, a as Column]),
        columns.uniqueIndex('samples_lower', [sql`lower(${a})`, b as Column]),
      ],
    );
  const sqlite = sqliteShape(sample(sqliteColumns));
  t.same(sqlite, pgShape(sample(pgColumns)));
  t.match(sqlite, {
    primaryKeys: [['b', 'a']],
    indexes: [
      { name: 'samples_c_a', unique: false, columns: ['c', 'a'] },
      { name: 'samples_lower', unique: true, columns: [/lower/, 'b'] },
    ],
  });
});

t.test('the tables built with both are the same, in the same order', async (t) => {
  t.same(Object.keys(built.sqlite), Object.keys(built.postgres));
  t.ok(Object.keys(built.sqlite).length > 20, 'there are tables');
  for (const name of Object.keys(built.sqlite))
    t.same(sqliteShape(built.sqlite[name]), pgShape(built.postgres[name]), name);
});

interface Snapshot {
  readonly tables: Record<string, SnapshotTable>;
}

interface SnapshotTable {
  readonly name: string;
  readonly columns: Record<string, { name: string; primaryKey: boolean; notNull: boolean }>;
  readonly indexes: Record<string, { isUnique: boolean; columns: unknown[] }>;
  readonly foreignKeys: Record<string, { tableTo: string; columnsFrom: string[]; columnsTo: string[] }>;
  readonly compositePrimaryKeys: Record<string, { columns: string[] }>;
}

/** The tables a migrations folder leads to, as the generator noted them with its last migration. */
function noted(dialect: string): SnapshotTable[] {
  const meta = join('migrations', dialect, 'meta');
  const journal = JSON.parse(readFileSync(join(meta, '_journal.json'), 'utf8'));
  const last = String(journal.entries.at(-1).idx).padStart(4, '0');
  const snapshot: Snapshot = JSON.parse(readFileSync(join(meta, `${last}_snapshot.json`), 'utf8'));
  return Object.values(snapshot.tables).sort((a, b) => (a.name < b.name ? -1 : 1));
}

t.test('both folders of migrations lead to the same tables and columns', async (t) => {
  const brief = (table: SnapshotTable) => ({
    name: table.name,
    columns: Object.values(table.columns).map(({ name, primaryKey, notNull }) => {
      return { name, primaryKey, notNull };
    }),
    indexes: Object.entries(table.indexes).map(([name, { isUnique, columns }]) => {
      const names = columns.map((column) => (column as { expression?: string }).expression ?? column);
      return { name, isUnique, columns: names };
    }),
    references: Object.values(table.foreignKeys).map(({ tableTo, columnsFrom, columnsTo }) => {
      return { tableTo, columnsFrom, columnsTo };
    }),
    keys: Object.values(table.compositePrimaryKeys).map(({ columns }) => columns),
  });
  const [sqlite, postgres] = [noted('sqlite'), noted('postgres')];
  t.same(
    sqlite.map(({ name }) => name),
    postgres.map(({ name }) => name),
  );
  const names = Object.values(built.sqlite).map((table) => getTableName(table));
  t.same(
    sqlite.map(({ name }) => name),
    names.sort(),
    'they are the tables of the program',
  );
  for (const [at, table] of sqlite.entries())
    t.same(brief(table), brief(postgres[at] as SnapshotTable), table.name);
});
