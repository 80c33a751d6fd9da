/**
 * Makes a large tracker of a small one, within the database: every row once more for each copy, under ids, slugs,
 * identifiers and numbers of changes of its own, so that each copy is a place with people and policies of its own.
 * The index of words, and that of wordings, stay as they are: they have benchmarks of their own.
 */
import Sqlite from 'better-sqlite3';
import pg from 'pg';

/** What becomes of a column's value in a copy. */
type Is = 'id' | 'uuid' | 'number' | 'name' | 'same';

/** What a database is asked with here. */
interface Raw {
  readonly all: (text: string) => Promise<Record<string, unknown>[]>;
  readonly run: (text: string) => Promise<void>;
  /** SQL of an id that is another for each copy. */
  readonly otherId: (column: string, copy: number) => string;
  /** SQL that lists the tables, as `name`. */
  readonly tables: string;
  /** Whether an id is of a type of its own, or a text. */
  readonly typeOf: (table: string, column: string) => Promise<'uuid' | 'id'>;
  readonly close: () => Promise<void>;
}

/** Where in an id its version stands, which says how it was made (RFC 9562); no id that is made has this one. */
const [AT, VERSION] = [15, 'e'];
/** What a copy's ids have from there on. */
const markOf = (copy: number) => `${VERSION}${copy.toString(16).padStart(3, '0')}`;

function openSqlite(file: string): Raw {
  const raw = new Sqlite(file);
  raw.pragma('foreign_keys = OFF');
  raw.pragma('synchronous = OFF');
  raw.pragma('cache_size = -524288');
  return {
    all: async (text) => raw.prepare(text).all() as Record<string, unknown>[],
    run: async (text) => void raw.exec(text),
    otherId: (column, copy) =>
      `substr(${column}, 1, ${AT - 1}) || '${markOf(copy)}' || substr(${column}, ${AT + 4})`,
    tables: "select name from sqlite_master where type = 'table'",
    typeOf: async () => 'id',
    close: async () => void raw.close(),
  };
}

async function openPostgres(connectionString: string): Promise<Raw> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  // The server may be ended before this connection is.
  client.on('error', () => undefined);
  // References of copies lead to copies made in other statements.
  await client.query('SET session_replication_role = replica; SET synchronous_commit = off');
  return {
    all: async (text) => (await client.query(text)).rows,
    run: async (text) => void (await client.query(text)),
    // The column says of which type it is: ids are texts where they are part of a name.
    otherId: (column, copy) => `overlay(${column}::text placing '${markOf(copy)}' from ${AT})`,
    tables: "select tablename as name from pg_tables where schemaname = 'public'",
    typeOf: async (table, column) => {
      const asked = `select data_type from information_schema.columns where table_name = '${table}' and column_name = '${column}'`;
      const { rows } = await client.query(asked);
      return rows[0]?.data_type === 'uuid' ? 'uuid' : 'id';
    },
    close: () => client.end(),
  };
}

/** Tables that are the tracker's own affair, or indexes with benchmarks of their own. */
const LEFT =
  /^(sqlite_|marks|migrations|api_keys|key_writes|idempotency|webhook|sort_moves|redirects|import_|search_|wording|stances$|__)/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface Copying {
  /** Adds copies until there are so many; returns rows written, and seconds that took. */
  readonly upTo: (copies: number) => Promise<{ rows: number; seconds: number }>;
  /** Rows and bytes of each table, the largest first; `indexes` are bytes of its indexes. */
  readonly sizes: () => Promise<{ table: string; rows: number; bytes: number; indexes: number }[]>;
  readonly close: () => Promise<void>;
}

/** Opens a tracker, made small, for copying. */
export async function openCopying(url: string, postgres: boolean): Promise<Copying> {
  const raw = postgres ? await openPostgres(url) : openSqlite(url.slice('sqlite:'.length));
  const names = (await raw.all(raw.tables))
    .map(({ name }) => String(name))
    .filter((name) => !LEFT.test(name));
  const numberOf = async (text: string) => Number(Object.values((await raw.all(text))[0] ?? {})[0] ?? 0);
  const columns = new Map<string, readonly [name: string, is: Is][]>();
  const rows = new Map<string, number>();
  for (const table of names) {
    rows.set(table, await numberOf(`select count(*) from ${table}`));
    const [first] = await raw.all(`select * from ${table} limit 1`);
    const found: [string, Is][] = [];
    // The JSON kept of a record has its ids inside; that of a copy is made when it is filled in.
    for (const name of Object.keys(first ?? {}).filter((one) => !/^shown/.test(one))) {
      const [one] = await raw.all(`select ${name} as value from ${table} where ${name} is not null limit 1`);
      if (UUID.test(String(one?.value))) found.push([name, await raw.typeOf(table, name)]);
      else if (name === 'seq' || name === 'moved_seq') found.push([name, 'number']);
      else if (name === 'slug' || (name === 'name' && table === 'identifiers')) found.push([name, 'name']);
      else found.push([name, 'same']);
    }
    if (first) columns.set(table, found);
  }
  const step = await numberOf('select max(seq) from changes');
  let made = 1;

  const add = async (copy: number) => {
    for (const [table, own] of columns) {
      const values = own.map(([name, is]) => {
        if (is === 'id') return raw.otherId(name, copy);
        if (is === 'uuid') return `(${raw.otherId(name, copy)})::uuid`;
        if (is === 'number') return `${name} + ${step * copy}`;
        return is === 'name' ? `${name} || '-${copy}'` : name;
      });
      const list = own.map(([name]) => name).join(', ');
      const original = own.find(([, is]) => is === 'number');
      const first = original ? ` where ${original[0]} <= ${step}` : originals(own);
      await raw.run(`insert into ${table} (${list}) select ${values.join(', ')} from ${table}${first}`);
    }
  };
  /** Tells the first rows from the copies where nothing numbers them. */
  const originals = (own: readonly (readonly [string, string])[]) => {
    const [id] = own.find(([, is]) => is === 'id' || is === 'uuid') ?? [];
    return ` where substr(${postgres ? `${id}::text` : id}, ${AT}, 1) <> '${VERSION}'`;
  };

  return {
    upTo: async (copies) => {
      const start = performance.now();
      let written = 0;
      for (; made < copies; made += 1) {
        await add(made);
        for (const [, count] of rows) written += count;
      }
      await raw.run('analyze');
      return { rows: written, seconds: (performance.now() - start) / 1000 };
    },
    sizes: async () => {
      const found = [];
      for (const [table] of columns) {
        const [size] = postgres
          ? await raw.all(`select pg_table_size('${table}') as bytes, pg_indexes_size('${table}') as indexes`)
          : [{ bytes: 0, indexes: 0 }];
        found.push({
          table,
          rows: (rows.get(table) ?? 0) * made,
          bytes: Number(size?.bytes),
          indexes: Number(size?.indexes),
        });
      }
      return found.sort((a, b) => b.rows - a.rows);
    },
    close: raw.close,
  };
}
