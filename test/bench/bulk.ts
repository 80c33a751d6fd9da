/** Puts many statements into a database, and their wordings into the index, with nothing but the driver. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { v7 } from 'uuid';
import { indexedShingles } from '../../src/features/wordings.ts';

/** Statements added at a time, and rows of the index sent at a time. */
const BATCH = 50_000;
/** Number of the first wording; those below are left to the records made one by one. */
const FIRST = 1_000_000;

interface Bulk {
  /** Makes copies of the one statement there is, with these ids and texts. */
  readonly statements: (ids: readonly string[], texts: readonly string[]) => Promise<void>;
  readonly wordings: (ids: readonly string[], from: number) => Promise<void>;
  readonly shingles: (shingles: readonly number[], wordings: readonly number[]) => Promise<void>;
  /** Ends the load; returns the bytes that the index of wordings takes. */
  readonly end: () => Promise<number>;
}

/** Rows of the index, to be read back in its order, so that it is written once from its beginning to its end. */
class Postings {
  // By the first 8 of the 48 bits of a shingle, so that the rest and a number of 24 bits make 64.
  readonly #parts = Array.from({ length: 256 }, () => ({ rows: new BigUint64Array(1024), length: 0 }));
  length = 0;

  add(shingle: number, number: number): void {
    const part = this.#parts[Math.floor(shingle / 2 ** 40)] as { rows: BigUint64Array; length: number };
    if (part.length === part.rows.length) {
      const larger = new BigUint64Array(part.length * 2);
      larger.set(part.rows);
      part.rows = larger;
    }
    part.rows[part.length] = (BigInt(shingle % 2 ** 40) << 24n) | BigInt(number);
    part.length += 1;
    this.length += 1;
  }

  *batches(): Generator<[shingles: number[], numbers: number[]]> {
    let [shingles, numbers]: [number[], number[]] = [[], []];
    for (const [high, { rows, length }] of this.#parts.entries()) {
      for (const row of rows.subarray(0, length).sort()) {
        shingles.push(high * 2 ** 40 + Number(row >> 24n));
        numbers.push(Number(row & 0xffffffn));
        if (shingles.length < BATCH) continue;
        yield [shingles, numbers];
        [shingles, numbers] = [[], []];
      }
    }
    yield [shingles, numbers];
  }
}

export interface Added {
  /** Bytes that the index takes for a statement, and rows. */
  readonly bytes: number;
  readonly rows: number;
}

/** Adds `count` statements to a database that has one. */
export async function addStatements(
  url: string,
  count: number,
  utterance: () => string,
  onText: (text: string, id: string, at: number) => void,
): Promise<Added> {
  const bulk = url.startsWith('sqlite:') ? sqliteBulk(url.slice('sqlite:'.length)) : await postgresBulk(url);
  const postings = new Postings();
  for (let from = 0; from < count; from += BATCH) {
    const texts = Array.from({ length: Math.min(BATCH, count - from) }, utterance);
    const ids = texts.map(() => v7());
    for (const [at, text] of texts.entries()) {
      onText(text, ids[at] as string, from + at);
      for (const shingle of indexedShingles(text)) postings.add(shingle, FIRST + from + at);
    }
    await bulk.statements(ids, texts);
    await bulk.wordings(ids, FIRST + from);
    process.stderr.write(`\r${from + texts.length} statements`);
  }
  for (const [shingles, numbers] of postings.batches()) await bulk.shingles(shingles, numbers);
  process.stderr.write('\n');
  return { bytes: (await bulk.end()) / count, rows: postings.length / count };
}

function sqliteBulk(file: string): Bulk {
  const raw = new Sqlite(file);
  raw.pragma('synchronous = OFF');
  raw.pragma('cache_size = -400000');
  raw.pragma('foreign_keys = OFF');
  const template = raw.prepare('select * from statements').get() as Record<string, unknown>;
  const names = Object.keys(template);
  const add = raw.prepare(
    `insert into statements (${names.join()}) values (${names.map((name) => `@${name}`).join()})`,
  );
  const number = raw.prepare("insert into wordings values (?, 'statement', ?)");
  const posting = raw.prepare('insert into wording_shingles values (?, ?)');
  const each = async (length: number, run: (at: number) => void) =>
    raw.transaction(() => {
      for (let at = 0; at < length; at += 1) run(at);
    })();
  return {
    statements: (ids, texts) =>
      each(ids.length, (at) =>
        add.run({ ...template, id: ids[at], slug: `said-${ids[at]}`, text: texts[at] }),
      ),
    wordings: (ids, from) => each(ids.length, (at) => number.run(from + at, ids[at])),
    shingles: (shingles, wordings) => each(shingles.length, (at) => posting.run(shingles[at], wordings[at])),
    end: async () => {
      const tables = "'wordings', 'wordings_record_id', 'wording_shingles'";
      const size = raw.prepare(`select sum(pgsize) as bytes from dbstat where name in (${tables})`).get();
      raw.pragma('wal_checkpoint(TRUNCATE)');
      raw.close();
      return (size as { bytes: number }).bytes;
    },
  };
}

async function postgresBulk(url: string): Promise<Bulk> {
  const client = new pg.Client(url);
  await client.connect();
  const run = (text: string, values: unknown[]) => client.query(text, values).then(() => undefined);
  return {
    statements: (ids, texts) =>
      run(
        `with one as (select * from statements limit 1)
        insert into statements select (json_populate_record(one::statements,
          json_build_object('id', new.id, 'slug', 'said-' || new.id, 'text', new.text))).*
        from one, unnest($1::uuid[], $2::text[]) as new(id, text)`,
        [ids, texts],
      ),
    wordings: (ids, from) =>
      run(
        "insert into wordings select $2 + at - 1, 'statement', id from unnest($1::uuid[]) with ordinality as new(id, at)",
        [ids, from],
      ),
    shingles: (shingles, wordings) =>
      run('insert into wording_shingles select * from unnest($1::bigint[], $2::bigint[])', [
        shingles,
        wordings,
      ]),
    end: async () => {
      await client.query('vacuum analyze');
      const { rows } = await client.query(
        "select pg_total_relation_size('wordings') + pg_total_relation_size('wording_shingles') as bytes",
      );
      await client.end();
      return Number(rows[0].bytes);
    },
  };
}
