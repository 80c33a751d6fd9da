/** How large tables and their indexes are on the disk. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';

/** Bytes that some tables take with all their indexes; settles the database before it looks. */
export async function bytesOf(url: string, tables: readonly string[]): Promise<number> {
  if (url.startsWith('sqlite:')) {
    const raw = new Sqlite(url.slice('sqlite:'.length));
    raw.pragma('wal_checkpoint(PASSIVE)');
    const named = raw.prepare(`select sum(pgsize) as bytes from dbstat
      where name in (select name from sqlite_schema where tbl_name in (select value from json_each(?)))`);
    const { bytes } = named.get(JSON.stringify(tables)) as { bytes: number };
    raw.close();
    return bytes;
  }
  const client = new pg.Client(url);
  await client.connect();
  await client.query('vacuum analyze');
  const { rows } = await client.query(
    'select sum(pg_total_relation_size(name::regclass)) as bytes from unnest($1::text[]) as name',
    [tables],
  );
  await client.end();
  return Number(rows[0].bytes);
}
