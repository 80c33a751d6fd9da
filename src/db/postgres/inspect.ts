/** Looking a PostgreSQL database over without changing it: its version, who uses it, and whether it is sound. */
import type pg from 'pg';
import { pendingMigrations, readMigrations } from '../migrations.ts';
import { onClient } from './client.ts';

/** How administrators see these connections, which are not those of the service. */
const NAME = 'civic maintenance';

const ours = `n.nspname = current_schema() and c.relkind in ('r', 'p')`;

async function tableNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** What keeps a database from being read at this version, in words that follow its name; undefined when it is current. */
export function versionFault(url: string, folder: string, wait: number): Promise<string | undefined> {
  return onClient(url, wait, NAME, async (client) => {
    if (!(await tableNames(client)).includes('migrations')) return 'holds no tracker';
    const { rows } = await client.query('select name, sha256 from migrations order by name');
    return pendingMigrations(readMigrations(folder), rows).length > 0 ? 'is of an older version' : undefined;
  });
}

/** A table with rows in it, the list of migrations aside; undefined when all are empty. */
export function filledTable(url: string, wait: number): Promise<string | undefined> {
  return onClient(url, wait, NAME, async (client) => {
    for (const name of await tableNames(client)) {
      if (name === 'migrations') continue;
      const { rows } = await client.query(`select 1 from ${client.escapeIdentifier(name)} limit 1`);
      if (rows.length > 0) return name;
    }
    return undefined;
  });
}

/** Whether any process of the service has the database open. */
export function inUse(url: string, wait: number): Promise<boolean> {
  return onClient(url, wait, NAME, async (client) => {
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name = 'civic' limit 1`,
    );
    return rows.length > 0;
  });
}

/** Constraints that were never validated and indexes that are not valid; with amcheck, indexes that miss rows. */
export function integrityFaults(url: string, wait: number): Promise<string[]> {
  return onClient(url, wait, NAME, async (client) => {
    const found: string[] = [];
    const list = async (query: string, say: (name: string) => string) => {
      const { rows } = await client.query<{ name: string }>(query);
      found.push(...rows.map(({ name }) => say(name)));
    };
    const among = (table: string) =>
      `join pg_class c on c.oid = ${table} join pg_namespace n on n.oid = c.relnamespace where ${ours}`;
    await list(
      `select k.conname as name from pg_constraint k ${among('k.conrelid')} and not k.convalidated order by 1`,
      (name) => `constraint ${name} was never held against all rows`,
    );
    await list(
      `select i.indexrelid::regclass::text as name from pg_index i ${among('i.indrelid')}
       and not (i.indisvalid and i.indisready and i.indislive) order by 1`,
      (name) => `index ${name} is not valid`,
    );
    const { rows: extension } = await client.query(`select 1 from pg_extension where extname = 'amcheck'`);
    if (extension.length > 0) found.push(...(await brokenIndexes(client)));
    return found;
  });
}

async function brokenIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ index: string }>(
    `select i.indexrelid::regclass::text as index from pg_index i join pg_class c on c.oid = i.indrelid
     join pg_namespace n on n.oid = c.relnamespace join pg_class x on x.oid = i.indexrelid
     join pg_am am on am.oid = x.relam where ${ours} and am.amname = 'btree' and i.indisvalid order by 1`,
  );
  const found: string[] = [];
  for (const { index } of rows) {
    try {
      await client.query('select bt_index_check($1::regclass, true)', [index]);
    } catch (error) {
      found.push(`index ${index}: ${(error as Error).message}`);
    }
  }
  return found;
}
