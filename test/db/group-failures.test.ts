import t from 'tap';
import type { Database } from '../../src/db/database.ts';
import { ATTEMPTS } from '../../src/db/failure.ts';
import { LIMITS } from '../../src/db/open.ts';
import { engine } from '../databases.ts';
import { type Beside, openBoth, outcomes } from './beside.ts';
import { addName, names } from './names.ts';

/** Makes adding a name that begins with `word` do something first; the SQL of each engine. */
async function whenAdding(beside: Beside, word: string, sql: { sqlite: string; postgres: string }) {
  if (engine === 'sqlite') {
    await beside(`create trigger "when ${word}" before insert on identifiers when new.name like '${word}%'
      begin ${sql.sqlite}; end`);
    return;
  }
  await beside(`create function "when ${word}"() returns trigger language plpgsql as $$
    begin if new.name like '${word}%' then ${sql.postgres}; end if; return new; end $$;
    create trigger "when ${word}" before insert on identifiers for each row execute function "when ${word}"()`);
}

/** Adds names in one turn, and counts how often each was tried. */
function addAll(db: Database, all: readonly string[]) {
  const tries = new Map(all.map((name) => [name, 0]));
  const writes = all.map((name) =>
    db.write(async (session) => {
      tries.set(name, (tries.get(name) ?? 0) + 1);
      await addName(db, session, name);
      return name;
    }),
  );
  return { writes, tried: () => Object.fromEntries(tries) };
}

t.test('what undoes the transaction of all is the failure of one', async (t) => {
  const { db, beside } = await openBoth(t);
  await whenAdding(beside, 'poison', {
    sqlite: `select raise(rollback, 'poison')`,
    postgres: 'perform pg_terminate_backend(pg_backend_pid())',
  });
  const { writes, tried } = addAll(db, ['a', 'poison', 'b']);
  const failure = engine === 'sqlite' ? 'database: check' : 'database: unavailable';
  t.same(await outcomes(writes), ['a', failure, 'b']);
  t.same(tried(), { a: 2, poison: 2, b: 1 }, 'those that had run by then ran again');
  t.same(await names(db), ['a', 'b']);
});

t.test('what the database undid by itself is not acknowledged, even if the work goes on', async (t) => {
  const { db, beside } = await openBoth(t);
  await whenAdding(beside, 'poison', {
    sqlite: `select raise(rollback, 'poison')`,
    postgres: `raise exception 'poison'`,
  });
  const unmindful = (...after: string[]) =>
    db.write(async (session) => {
      await addName(db, session, 'before');
      await addName(db, session, 'poison').catch(() => undefined);
      for (const name of after) await addName(db, session, name).catch(() => undefined);
      return 'kept';
    });
  const undone = 'the transaction was undone by an earlier error';
  const noted = engine === 'sqlite' ? /no transaction is active/ : new RegExp(undone);
  for (const after of [[], ['after']]) {
    await t.rejects(unmindful(...after), noted, 'alone');
    const [a, bad, b] = await outcomes([
      addAll(db, ['a']).writes[0],
      unmindful(...after),
      addAll(db, ['b']).writes[0],
    ] as Promise<unknown>[]);
    t.same([a, b], ['a', 'b'], 'the others are not concerned');
    t.match(bad, noted, 'in company');
    t.same(await names(db), ['a', 'b'], 'nothing of it stays');
    await beside('delete from identifiers');
  }
});

t.test('a commit that is refused concerns the one it was refused for', async (t) => {
  const { db, beside } = await openBoth(t);
  const type = engine === 'sqlite' ? 'text' : 'uuid';
  await beside(`create table promises (topic ${type} references topics (id) deferrable initially deferred)`);
  const promise = `insert into promises values ('00000000-0000-7000-8000-00000000dead')`;
  await whenAdding(beside, 'promise', { sqlite: promise, postgres: promise });
  const { writes, tried } = addAll(db, ['a', 'promise', 'b']);
  t.same(await outcomes(writes), ['a', 'database: reference', 'b']);
  t.same(tried(), { a: 2, promise: 2, b: 2 });
  t.same(await names(db), ['a', 'b']);
});

t.test('those that cannot begin fail together, at once and unrun', async (t) => {
  const { db, beside } = await openBoth(t, { ...LIMITS, wait: 100 });
  await beside(engine === 'sqlite' ? 'begin immediate' : 'begin; select pg_advisory_xact_lock(7267001)');
  const { writes, tried } = addAll(db, ['a', 'b', 'c']);
  const start = performance.now();
  t.same(await outcomes(writes), Array(3).fill('database: unavailable'));
  t.ok(performance.now() - start < 2 * 100 + 200, 'none waited for the others to have waited');
  t.same(tried(), { a: 0, b: 0, c: 0 });
  await beside('rollback');
  t.same(await outcomes(addAll(db, ['d', 'e']).writes), ['d', 'e'], 'the next ones are well');
});

if (engine === 'postgres') {
  t.test('what the database asks to run again is run again by itself', async (t) => {
    const { db, beside } = await openBoth(t);
    // Numbers of a sequence are not taken back by a rollback.
    await beside('create sequence attempts');
    await whenAdding(beside, 'third', {
      sqlite: '',
      postgres: `if nextval('attempts') % 3 <> 0 then raise exception 'again' using errcode = '40001'; end if`,
    });
    await whenAdding(beside, 'never', {
      sqlite: '',
      postgres: `raise exception 'again' using errcode = '40P01'`,
    });
    const { writes, tried } = addAll(db, ['a', 'third time lucky', 'never', 'b']);
    t.same(await outcomes(writes), ['a', 'third time lucky', 'database: retry', 'b']);
    t.same(tried(), { a: 2, 'third time lucky': 3, never: ATTEMPTS, b: 1 });
    t.same(await names(db), ['a', 'b', 'third time lucky']);
  });

  t.test('none is run again when nobody knows whether the commit came through', async (t) => {
    const { db, beside } = await openBoth(t);
    await beside(`create function die() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
      create constraint trigger die after insert on identifiers deferrable initially deferred
      for each row when (new.name = 'last words') execute function die()`);
    const { writes, tried } = addAll(db, ['a', 'last words', 'b']);
    t.same(await outcomes(writes), Array(3).fill('database: unavailable'));
    t.same(tried(), { a: 1, 'last words': 1, b: 1 });
    t.same(await outcomes(addAll(db, ['c', 'd']).writes), ['c', 'd'], 'the next ones are well');
  });
}
