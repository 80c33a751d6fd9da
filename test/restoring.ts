/** Puts a database that tests have written to back to what its template holds, which is quicker than to make another. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';

/** Gives a database the contents of its template again; nobody may be using it meanwhile, though they may have it open. */
export interface Restorer {
  readonly restore: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Templates that are copied from, opened once a process. */
const templates = new Map<string, Sqlite.Database>();

/** A restorer of a file; `template` is a file as well. */
export function ofFile(file: string, template: string): Restorer {
  return {
    restore: async () => {
      const from = templates.get(template) ?? new Sqlite(template, { readonly: true });
      templates.set(template, from);
      await from.backup(file, { progress: () => 2 ** 30 });
    },
    close: async () => undefined,
  };
}

interface Table {
  readonly name: string;
  readonly count: number;
  /** Its rows, as a JSON array. */
  readonly rows: string;
}

interface Contents {
  readonly tables: readonly Table[];
  /** Finds the tables with other rows than the template's, given the transaction since which all is another's. */
  readonly changed: string;
  /** Sets the sequences. */
  readonly sequences: string;
}

/** What the templates hold, read once a process. */
const contents = new Map<string, Promise<Contents>>();

/** A restorer of a database of a server, to be made while it is as its template. */
export async function ofServer(url: string, template: string): Promise<Restorer> {
  const client = new pg.Client(url);
  await client.connect();
  // What a test left under way may hold a row for ever.
  await client.query("set lock_timeout = '20s'");
  const known = contents.get(template) ?? read(client);
  contents.set(template, known);
  const { tables, changed, sequences } = await known;
  const newest = async () => {
    const { rows } = await client.query('select pg_current_xact_id()::text as id');
    return rows[0].id;
  };
  let since = await newest();
  return {
    restore: async () => {
      const { rows } = await client.query({ name: 'changed', text: changed, values: [since] });
      const names = new Set<string>(rows[0].names);
      const others = tables.filter(({ name }) => names.has(name));
      await client.query('begin');
      // Its keys hold when all is done.
      await client.query('set local session_replication_role = replica');
      for (const { name, rows: whole } of others) {
        await client.query(`delete from ${name}`);
        if (whole !== '[]')
          await client.query(`insert into ${name} select * from json_populate_recordset(null::${name}, $1)`, [
            whole,
          ]);
      }
      await client.query(sequences);
      await client.query('commit');
      since = await newest();
    },
    close: () => client.end(),
  };
}

async function read(client: pg.Client): Promise<Contents> {
  const { rows: names } = await client.query(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const tables: Table[] = [];
  for (const { name } of names) {
    const { rows } = await client.query(
      `select count(*)::int as count, coalesce(json_agg(whole)::text, '[]') as rows from ${name} whole`,
    );
    tables.push({ name, ...rows[0] });
  }
  const { rows: sequences } = await client.query(
    "select format('setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value is not null) as set from pg_sequences",
  );
  const differs = tables.map(
    ({ name, count }) =>
      `case when (select count(*) from ${name}) <> ${count} or exists (select 1 from ${name} where xmin::text::bigint >= $1::bigint) then '${name}' end`,
  );
  return {
    tables,
    changed: `select array_remove(array[${differs.join(', ')}], null) as names`,
    sequences: `select ${['1', ...sequences.map(({ set }) => set)].join(', ')}`,
  };
}
