/** Several processes write to one file: nothing but the write itself waits, and nobody waits for ever. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import { LIMITS } from '../../src/db/open.ts';
import { unlocked } from '../../src/db/sqlite/locked.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { lockOf } from '../../src/db/sqlite/write-lock.ts';
import { temporary } from './migrations.ts';
import { addName, names } from './names.ts';

function database(t: Test, wait = LIMITS.wait) {
  const file = join(temporary(t), 'test.db');
  const db = openSqlite(file, 'migrations/sqlite', { ...LIMITS, wait });
  const other = new Sqlite(file, { timeout: 0 });
  t.teardown(async () => {
    other.close();
    await db.close();
  });
  return { db, file, other };
}

t.test('while another process writes, a write waits and all else goes on', async (t) => {
  const { db, other } = database(t);
  other.exec('BEGIN IMMEDIATE');
  const write = db.write((session) => addName(db, session, 'a'));
  // Were the loop held up, nothing of this would happen before the write had been given up.
  for (let at = 0; at < 20; at += 1) {
    await pause(5);
    t.same(await names(db), [], 'reads are answered');
  }
  other.exec('COMMIT');
  await write;
  t.same(await names(db), ['a']);
});

t.test('a lock that is not given back is waited for as long as the setting says', async (t) => {
  const { db, other } = database(t, 60);
  other.exec('BEGIN IMMEDIATE');
  const start = performance.now();
  const refused = db.write((session) => addName(db, session, 'a'));
  await t.rejects(refused, { name: 'Error', message: 'database: unavailable', reason: 'unavailable' });
  t.ok(performance.now() - start >= 60, 'not less');
  other.exec('ROLLBACK');
  await db.write((session) => addName(db, session, 'b'));
  t.same(await names(db), ['b'], 'the next one is well');
});

t.test('what meets the mending of a log is tried again, and any other error is not', async (t) => {
  const failing = (code: string, times: number) => {
    let tries = 0;
    return () => {
      tries += 1;
      if (tries <= times) throw Object.assign(new Error(code), { code });
      return tries;
    };
  };
  t.equal(unlocked(failing('SQLITE_BUSY_RECOVERY', 0), 1000), 1, 'at once where nothing is in the way');
  t.equal(await unlocked(failing('SQLITE_BUSY_RECOVERY', 3), 1000), 4);
  t.throws(() => unlocked(failing('SQLITE_CONSTRAINT', 1), 1000), { code: 'SQLITE_CONSTRAINT' });
  t.throws(() => unlocked(failing('SQLITE_BUSY_SNAPSHOT', 1), 1000), { code: 'SQLITE_BUSY_SNAPSHOT' });
});

t.test(
  'with turns, who meets one that has none leaves it a moment before the next has its turn',
  async (t) => {
    const events: string[] = [];
    const turns = { take: async () => () => void events.push('given back') };
    const take = lockOf(() => 1, 1_000, turns);
    let refusals = 0;
    const begin = () => {
      refusals -= 1;
      if (refusals >= 0) throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
      events.push('begun');
    };
    (await take(begin))();
    t.same(events, ['begun', 'given back'], 'at once where nobody else writes');
    refusals = 2;
    const over = await take(begin);
    events.length = 0;
    over();
    t.same(events, []);
    await pause(50);
    t.same(events, ['given back']);
    refusals = Number.POSITIVE_INFINITY;
    events.length = 0;
    await t.rejects(lockOf(() => 1, 20, turns)(begin), { message: 'database: unavailable' });
    t.same(events, ['given back'], 'and one that waited in vain keeps nothing');
  },
);

t.test('one that is current is opened while another process writes', async (t) => {
  const { file, other } = database(t);
  other.exec('BEGIN IMMEDIATE');
  const second = openSqlite(file, 'migrations/sqlite', { ...LIMITS, wait: 60 });
  t.same(await names(second), []);
  await second.close();
  other.exec('ROLLBACK');
});

/** Two processes that write to a file at the same time; what each tells. */
async function contend(t: Test, file: string, lasting: number, holding: number) {
  const args = (name: string) => ['test/db/contending.ts', file, name, String(lasting), String(holding)];
  const children = ['one', 'other'].map((name) =>
    spawn(process.execPath, args(name), { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  t.teardown(() => children.map((child) => child.kill('SIGKILL')));
  const lines = children.map(linesOf);
  await Promise.all(lines.map((next) => next()));
  for (const child of children) child.stdin?.write('go\n');
  return Promise.all(lines.map(async (next) => JSON.parse(await next())));
}

function linesOf(child: ChildProcess): () => Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const waiting: string[] = [];
  lines.on('line', (line) => waiting.push(line));
  return async () => {
    while (waiting.length === 0) await once(lines, 'line');
    return waiting.shift() as string;
  };
}

t.test('of two processes that write all the time, neither starves and no loop is held up', async (t) => {
  const { file, db } = database(t);
  const [one, other] = await contend(t, file, 1_500, 30);
  t.comment(JSON.stringify([one, other]));
  const share = Math.min(one.writes, other.writes) / (one.writes + other.writes);
  t.ok(share > 0.15, `the one that wrote less did ${Math.round(share * 100)} % of it`);
  for (const { longest, long, still } of [one, other]) {
    t.ok(longest < LIMITS.wait / 2, `none waited longer than ${Math.round(longest)} ms`);
    t.ok(long > 0, 'each had to wait for the other');
    t.ok(still <= long / 4, `in ${still} of ${long} long waits nothing else went on`);
  }
  t.equal((await names(db)).length, one.writes + other.writes + 2);
});
