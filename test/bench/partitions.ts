/** What is gained and lost where PostgreSQL cuts the change log, and the votes, into partitions. */
import pg from 'pg';
import { median } from './machine.ts';

const PARTS = 16;
const LOOKUPS = 200;

export interface Partitioned {
  readonly what: string;
  /** Milliseconds with one table, and with partitions. */
  readonly whole: number;
  readonly parted: number;
}

/** Measures on copies of the tables of a tracker, each with the same rows and indexes once whole and once in parts. */
export async function partitionsMeasured(connectionString: string): Promise<Partitioned[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  // The server may be ended before this connection is.
  client.on('error', () => undefined);
  const timed = async (text: string) => {
    const start = performance.now();
    await client.query(text);
    return performance.now() - start;
  };
  const results: Partitioned[] = [];
  const tell = (what: string, whole: number, parted: number) => results.push({ what, whole, parted });
  try {
    await client.query('set synchronous_commit = off');
    const { rows } = await client.query('select max(seq)::int as last from changes');
    const last: number = rows[0].last;
    const size = Math.ceil((last + 1) / PARTS);
    const bounds = Array.from({ length: PARTS }, (_, at) => [at * size, (at + 1) * size] as const);

    await client.query('create table log_whole (like changes including all)');
    await client.query('create table log_parted (like changes) partition by range (seq)');
    // What is to be unique in all parts must have what they are cut by.
    await client.query('alter table log_parted add primary key (seq), add unique (record_id, version, seq)');
    await client.query('create index on log_parted (kind, seq); create index on log_parted (at, seq)');
    for (const [at, [from, to]] of bounds.entries())
      await client.query(
        `create table log_${at} partition of log_parted for values from (${from}) to (${to})`,
      );
    tell(
      'load the log',
      await timed('insert into log_whole select * from changes'),
      await timed('insert into log_parted select * from changes'),
    );
    await client.query('analyze log_whole, log_parted');
    const page = async (table: string) => {
      const times: number[] = [];
      for (let at = 0; at < LOOKUPS; at += 1) {
        const after = Math.floor(((at + 0.5) * last) / LOOKUPS);
        times.push(
          await timed(
            `select seq, kind, record_id from ${table} where seq > ${after} order by seq limit 100`,
          ),
        );
      }
      return median(times);
    };
    tell('a page of the log (median)', await page('log_whole'), await page('log_parted'));
    tell(
      'vacuum, freeze the log',
      await timed('vacuum (freeze) log_whole'),
      await timed('vacuum (freeze) log_parted'),
    );
    const appended = (table: string) =>
      `update ${table} set reason = 'touched' where seq > ${(PARTS - 1) * size} and seq <= ${(PARTS - 1) * size + size / 4}`;
    tell('change what is newest', await timed(appended('log_whole')), await timed(appended('log_parted')));
    tell('vacuum after that', await timed('vacuum log_whole'), await timed(`vacuum log_${PARTS - 1}`));
    tell(
      'take out the oldest sixteenth',
      (await timed(`delete from log_whole where seq < ${size}`)) + (await timed('vacuum log_whole')),
      await timed('alter table log_parted detach partition log_0'),
    );
    await client.query('drop table log_whole, log_parted, log_0');

    await client.query('create table votes_whole (like votes including all)');
    await client.query('create table votes_parted (like votes including all) partition by hash (id)');
    for (let at = 0; at < PARTS; at += 1)
      await client.query(
        `create table votes_${at} partition of votes_parted for values with (modulus ${PARTS}, remainder ${at})`,
      );
    tell(
      'load the votes',
      await timed('insert into votes_whole select * from votes'),
      await timed('insert into votes_parted select * from votes'),
    );
    await client.query('analyze votes_whole, votes_parted');
    const { rows: people } = await client.query(
      'select official_id from votes where official_id is not null group by 1 limit $1',
      [LOOKUPS],
    );
    const ofOne = async (table: string) => {
      const times: number[] = [];
      for (const { official_id } of people)
        times.push(
          await timed(
            `select id, option from ${table} where official_id = '${official_id}' order by sort_date, id limit 20`,
          ),
        );
      return median(times);
    };
    tell('votes of one person (median)', await ofOne('votes_whole'), await ofOne('votes_parted'));
    await client.query('drop table votes_whole, votes_parted');
    return results;
  } finally {
    await client.end();
  }
}
