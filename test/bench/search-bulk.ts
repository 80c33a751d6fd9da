/** Puts many statements into a database with nothing but the driver, and their words into the index block by block. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { v7 } from 'uuid';
import type { Database } from '../../src/db/database.ts';
import { BLOCK } from '../../src/features/search/doc-set.ts';
import { changePostings, lastNumber } from '../../src/features/search/postings.ts';
import { kindMark, markToken, wordTokens } from '../../src/features/search/tokens.ts';
import { kindNamed } from '../../src/model/kinds.ts';

const statement = kindNamed('statement');

interface Bulk {
  /** Makes copies of one statement, with these ids and texts, and documents with these numbers on. */
  readonly add: (
    ids: readonly string[],
    texts: readonly string[],
    from: number,
    marks: string,
  ) => Promise<void>;
  /** Ends the load; returns the bytes that the index takes. */
  readonly end: () => Promise<number>;
}

/** Adds `count` statements to a database that has some; returns the bytes that the index takes for each. */
export async function addSearched(
  db: Database,
  url: string,
  count: number,
  utterance: () => string,
  onText: (text: string, at: number) => void,
): Promise<number> {
  const bulk = url.startsWith('sqlite:') ? sqliteBulk(url.slice('sqlite:'.length)) : await postgresBulk(url);
  const marks = [kindMark('statement'), 'agreement=unsourced'].sort();
  let number = (await db.read((session) => lastNumber(db, session))) + 1;
  for (let done = 0; done < count; ) {
    const block = Math.floor(number / BLOCK);
    const length = Math.min((block + 1) * BLOCK - number, count - done);
    const texts = Array.from({ length }, utterance);
    const added = new Map<string, number[]>();
    for (const [at, text] of texts.entries()) {
      onText(text, done + at);
      const words = wordTokens(statement, { id: '', version: 1, text, speaker_name: 'Someone' });
      for (const token of [...words, ...marks.map(markToken)]) {
        const numbers = added.get(token);
        if (numbers) numbers.push(number + at);
        else added.set(token, [number + at]);
      }
    }
    await bulk.add(
      texts.map(() => v7()),
      texts,
      number,
      JSON.stringify(marks),
    );
    await db.write((session) => changePostings(db, session, block, { added, removed: new Map() }));
    number += length;
    done += length;
    process.stderr.write(`\r${done} statements`);
  }
  process.stderr.write('\n');
  return (await bulk.end()) / count;
}

function sqliteBulk(file: string): Bulk {
  const raw = new Sqlite(file);
  raw.pragma('synchronous = OFF');
  raw.pragma('foreign_keys = OFF');
  const template = raw.prepare("select * from statements where text like 'This is where%'").get() as Record<
    string,
    unknown
  >;
  const names = Object.keys(template);
  const add = raw.prepare(
    `insert into statements (${names.join()}) values (${names.map((name) => `@${name}`).join()})`,
  );
  const document = raw.prepare("insert into search_documents values (?, 'statement', ?, ?)");
  return {
    add: async (ids, texts, from, marks) =>
      raw.transaction(() => {
        for (const [at, id] of ids.entries()) {
          add.run({ ...template, id, slug: `said-${id}`, text: texts[at] });
          document.run(from + at, id, marks);
        }
      })(),
    end: async () => {
      const tables = "'search_documents', 'search_documents_record_id', 'search_postings'";
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
  return {
    add: async (ids, texts, from, marks) => {
      await client.query(
        `with one as (select * from statements where text like 'This is where%')
        insert into statements select (json_populate_record(one::statements,
          json_build_object('id', new.id, 'slug', 'said-' || new.id, 'text', new.text))).*
        from one, unnest($1::uuid[], $2::text[]) as new(id, text)`,
        [ids, texts],
      );
      await client.query(
        `insert into search_documents select $2 + at - 1, 'statement', id, $3::json
        from unnest($1::uuid[]) with ordinality as new(id, at)`,
        [ids, from, marks],
      );
    },
    end: async () => {
      await client.query('vacuum analyze');
      const { rows } = await client.query(
        "select pg_total_relation_size('search_documents') + pg_total_relation_size('search_postings') as bytes",
      );
      await client.end();
      return Number(rows[0].bytes);
    },
  };
}
