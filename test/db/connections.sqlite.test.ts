import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import type { Builder, Database, Session } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';
import { LIMITS } from '../../src/db/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { temporary } from './migrations.ts';
import { addName, names } from './names.ts';

const node = promisify(execFile);

function database(t: Test): { db: Database; file: string } {
  const file = join(temporary(t), 'deep', 'er', 'test.db');
  const db = openSqlite(file, 'migrations/sqlite', LIMITS);
  t.teardown(() => db.close());
  return { db, file };
}

const one = async (session: Session, name: string, from = `pragma_${name}`) => {
  const query = (on: Builder) =>
    on.select({ value: sql`${sql.identifier(name)}` }).from(sql`${sql.identifier(from)}`);
  return (await session.all<{ value: unknown }>(`pragma ${name}`, query))[0]?.value;
};

/** Resolves once everything that is ready to run has run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Fails rather than waits for ever. */
async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), 5000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

t.test('the connections are as durable and strict as they should be', async (t) => {
  const { db } = database(t);
  await db.write(async (session) => {
    t.equal(await one(session, 'journal_mode'), 'wal');
    t.equal(await one(session, 'synchronous'), 2, 'FULL');
    t.equal(await one(session, 'foreign_keys'), 1);
  });
  await Promise.all(
    Array.from({ length: 6 }, () =>
      db.read(async (session) => {
        t.equal(await one(session, 'journal_mode'), 'wal');
        t.equal(await one(session, 'query_only'), 1);
      }),
    ),
  );
});

t.test('a reference to nothing is refused', async (t) => {
  const { db } = database(t);
  const versions = db.tables.rows.get('policy_topics');
  t.ok(versions, 'the table is there');
  const [owner, value] = Object.keys(versions ?? {});
  const row = { [owner as string]: 'nobody', [value as string]: 'nothing' };
  await t.rejects(
    db.write((session) => session.run('orphan', (on) => on.insert(versions as never).values(row as never))),
    { message: 'database: reference' },
  );
});

t.test('readers cannot write', async (t) => {
  const { db } = database(t);
  await t.rejects(
    db.read((session) => addName(db, session, 'x')),
    /readonly/,
  );
  t.same(await names(db), []);
});

t.test('a read sees one snapshot, whatever is written meanwhile', async (t) => {
  const { db } = database(t);
  await db.write((session) => addName(db, session, 'a'));
  await db.read(async (session) => {
    t.same(await names(db, session), ['a']);
    await db.write((writer) => addName(db, writer, 'b'));
    t.same(await names(db, session), ['a'], 'not what came later');
  });
  t.same(await names(db), ['a', 'b']);
});

t.test('what a write has not finished nobody else sees', async (t) => {
  const { db } = database(t);
  await db.write(async (session) => {
    await addName(db, session, 'a');
    t.same(await names(db, session), ['a'], 'it sees its own');
    t.same(await names(db), [], 'a read does not');
  });
  t.same(await names(db), ['a']);
});

t.test('writes run one at a time, in the order they came', async (t) => {
  const { db } = database(t);
  const seen: string[] = [];
  let inside = 0;
  const writes = Array.from({ length: 20 }, (_, at) =>
    db.write(async (session) => {
      inside += 1;
      t.equal(inside, 1, 'alone');
      await turn();
      await addName(db, session, String(at).padStart(2, '0'));
      seen.push(String(at));
      inside -= 1;
      return at;
    }),
  );
  t.same(await Promise.all(writes), [...writes.keys()], 'each answers with its own');
  t.same(seen, [...writes.keys()].map(String));
  t.equal((await names(db)).length, 20);
});

t.test('a write that throws undoes all of it, and the next one runs', async (t) => {
  const { db } = database(t);
  const bad = db.write(async (session) => {
    await addName(db, session, 'a');
    await turn();
    throw new Error('changed my mind');
  });
  const wrong = db.write(async (session) => {
    await addName(db, session, 'b');
    await addName(db, session, 'b');
  });
  const good = db.write((session) => addName(db, session, 'c'));
  await t.rejects(bad, { message: 'changed my mind' });
  await t.rejects(wrong, { message: 'database: unique' });
  await good;
  t.same(await names(db), ['c']);
});

t.test('a read that throws gives its connection back', async (t) => {
  const { db } = database(t);
  for (let at = 0; at < 20; at += 1)
    await t.rejects(
      soon(
        db.read(async () => {
          throw new Error('no');
        }),
      ),
      { message: 'no' },
    );
  t.same(await soon(names(db)), []);
});

t.test('a write inside a write is refused, not waited for', async (t) => {
  const { db } = database(t);
  const outer = db.write(async (session) => {
    await addName(db, session, 'a');
    await turn();
    await db.write((inner) => addName(db, inner, 'b'));
  });
  await t.rejects(soon(outer), { message: /a write inside a write/ });
  t.same(await names(db), [], 'the outer one is undone');
  await soon(db.write((session) => addName(db, session, 'c')));
  t.same(await names(db), ['c']);
});

t.test('what a write leaves to be done later may write', async (t) => {
  const { db } = database(t);
  let later: Promise<void> | undefined;
  await db.write(async (session) => {
    await addName(db, session, 'a');
    later = turn()
      .then(turn)
      .then(() => db.write((next) => addName(db, next, 'b')));
  });
  await soon(later as Promise<void>);
  t.same(await names(db), ['a', 'b']);
});

t.test('a read inside a read is refused, as enough of them would wait for each other', async (t) => {
  const { db } = database(t);
  const nested = Array.from({ length: 10 }, () =>
    db.read(async () => {
      await turn();
      return names(db);
    }),
  );
  const results = await soon(Promise.allSettled(nested));
  for (const result of results) t.match(result, { status: 'rejected', reason: /a read inside a read/ });
  t.same(await soon(names(db)), [], 'reads go on');
});

t.test('a session cannot be used once its transaction is over', async (t) => {
  const { db } = database(t);
  const kept = await db.write(async (session) => session);
  await t.rejects(addName(db, kept, 'x'), { message: /transaction is over/ });
  await t.rejects(names(db, kept), { message: /transaction is over/ });
  const read = await db.read(async (session) => session);
  await t.rejects(names(db, read), { message: /transaction is over/ });
  t.same(await names(db), []);
});

t.test('more reads than connections all get their turn', async (t) => {
  const { db } = database(t);
  let most = 0;
  let inside = 0;
  const reads = Array.from({ length: 40 }, (_, at) =>
    db.read(async (session) => {
      inside += 1;
      most = Math.max(most, inside);
      await turn();
      await names(db, session);
      inside -= 1;
      return at;
    }),
  );
  t.same(await soon(Promise.all(reads)), [...reads.keys()]);
  t.ok(most > 1, 'some at once');
});

t.test('statements are prepared once per shape and connection', async (t) => {
  const { db } = database(t);
  let prepared = 0;
  const run = () =>
    db.read((session) =>
      session.all('counted', (on) => {
        prepared += 1;
        return on.select({ n: sql`1` }).from(sql`(select 1)`);
      }),
    );
  const before = db.statements();
  for (let at = 0; at < 50; at += 1) await run();
  t.equal(prepared, 1, 'one after the other');
  await Promise.all(Array.from({ length: 50 }, run));
  t.ok(prepared <= 4, `at once: ${prepared} connections`);
  t.equal(db.statements() - before, 100, 'each run is counted');
});

t.test('as many statements are kept as there is room for, those used last', async (t) => {
  const { db } = database(t);
  const prepared = new Map<string, number>();
  const run = (shape: string) =>
    db.write((session) =>
      session.all(shape, (on) => {
        prepared.set(shape, (prepared.get(shape) ?? 0) + 1);
        return on.select({ n: sql`1` }).from(sql`(select 1)`);
      }),
    );
  await run('seldom');
  for (let at = 0; at < 1000; at += 1) {
    await run(`shape ${at}`);
    await run('often');
  }
  await run('often');
  await run('seldom');
  t.equal(prepared.get('often'), 1, 'what is used stays');
  t.equal(prepared.get('seldom'), 2, 'what is not goes');
});

t.test('closing waits for reads and writes that run or wait, and then refuses more', async (t) => {
  const { db } = database(t);
  const done: string[] = [];
  const reads = Array.from({ length: 8 }, (_, at) =>
    db.read(async (session) => {
      for (let turns = 0; turns < 5; turns += 1) await turn();
      await names(db, session);
      done.push(`read ${at}`);
    }),
  );
  const writes = Array.from({ length: 3 }, (_, at) =>
    db.write(async (session) => {
      await turn();
      await addName(db, session, String(at));
      done.push(`write ${at}`);
    }),
  );
  await soon(db.close());
  t.equal(done.length, 11, 'all work was done');
  await Promise.all([...reads, ...writes]);
  await t.rejects(names(db), { message: /closed/ });
  await t.rejects(
    db.write((session) => addName(db, session, 'x')),
    { message: /closed/ },
  );
  await soon(db.close());
});

t.test('two processes that write at once both succeed', { timeout: 60_000 }, async (t) => {
  const { db, file } = database(t);
  const write = (name: string) => node(process.execPath, ['test/db/write-many.ts', file, name, '100']);
  const own = (async () => {
    for (let at = 0; at < 100; at += 1) await db.write((session) => addName(db, session, `own ${at}`));
  })();
  await Promise.all([write('first'), write('second'), own]);
  t.equal((await names(db)).length, 300);
});

t.test('a file that is no database is refused', async (t) => {
  t.throws(() => openSqlite('package.json', 'migrations/sqlite', LIMITS), /not a database/);
});
