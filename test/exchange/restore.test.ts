import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import { fileOf, readFile } from '../../src/db/maintenance.ts';
import { LIMITS, openDatabase } from '../../src/db/open.ts';
import { backUp } from '../../src/exchange/backup.ts';
import { check } from '../../src/exchange/check.ts';
import { digestOf } from '../../src/exchange/files.ts';
import { type RestoreOptions, restore } from '../../src/exchange/restore.ts';
import { blankDatabase, engine, freshDatabase } from '../databases.ts';
import { everyRow, firstBackup, temporary } from './whole.ts';

const at = new Date('2026-01-31T12:00:00.000Z');

/** Every row of the database at an address. */
async function rowsAt(url: string) {
  const db = await openDatabase(url);
  try {
    return await everyRow(db);
  } finally {
    await db.close();
  }
}

/** Every row in a file. */
async function rowsIn(file: string) {
  const db = readFile(file, LIMITS);
  try {
    return await everyRow(db);
  } finally {
    await db.close();
  }
}

/** A backup of the seeds, and a database with other things in it. */
async function stage(t: Test) {
  const folder = temporary(t);
  const file = join(folder, 'tracker.db');
  await backUp(await freshDatabase(t, 'seeded'), LIMITS, file);
  const url = await freshDatabase(t, 'empty');
  const db = await openDatabase(url);
  const { marks } = db.tables;
  const values = { name: 'mine', value: [1], updated_at: at.toISOString() } as never;
  await db.write((session) => session.run('mark', (on) => on.insert(marks).values(values)));
  await db.close();
  const call = (options: Partial<RestoreOptions> = {}) => restore(url, LIMITS, file, { at, ...options });
  return { folder, file, url, call };
}

t.test('a backup is restored row for row into what is empty or not there yet', async (t) => {
  const { file } = await stage(t);
  const bytes = readFileSync(file);
  const whole = await rowsIn(file);
  for (const url of [await blankDatabase(t), await freshDatabase(t, 'empty')]) {
    const steps: number[] = [];
    const done = await restore(url, LIMITS, file, { at, progress: (some, all) => steps.push(some / all) });
    t.match(done, { revision: whole.changes?.length, checked: true, migrated: [], kept: null });
    t.same(await rowsAt(url), whole);
    t.equal(steps.at(-1), 1);
    const home = fileOf(url);
    if (home)
      t.same(
        readdirSync(dirname(home)).filter((name) => name.includes('partial')),
        [],
        'nothing half done is left',
      );
    t.ok(
      (await check(url, LIMITS)).every(({ faults }) => faults === 0),
      'and it is sound',
    );
  }
  t.ok(readFileSync(file).equals(bytes), 'the backup itself is only read');
});

t.test('what the database holds stays unless it is forced, and is kept then', async (t) => {
  const { file, url, call } = await stage(t);
  const before = await rowsAt(url);
  await t.rejects(call(), /is not empty \(marks has rows\): with --force/);
  t.same(await rowsAt(url), before, 'it stays');
  const done = await call({ force: true });
  t.same(await rowsAt(url), await rowsIn(file));
  t.match(done.kept, /\.before-restore-20260131T120000Z$/);
  t.same(await rowsIn(done.kept as string), before, 'what was there is a database of its own');
  t.match(
    (await call({ force: true })).kept,
    /\.before-restore-20260131T120000Z-2$/,
    'and never written over',
  );
  const home = fileOf(url);
  if (home)
    t.equal(
      statSync(home).mode & 0o777,
      statSync(done.kept as string).mode & 0o777,
      'who could read the one can read the other',
    );
  if (!home)
    t.equal(
      readFileSync(`${done.kept}.sha256`, 'utf8').length > 64,
      true,
      'on a server it is a backup with its checksum',
    );
});

t.test('what is no whole backup is refused, with and without a checksum, and changes nothing', async (t) => {
  const { folder, file, url } = await stage(t);
  const before = await rowsAt(url);
  const good = readFileSync(file);
  const name = (what: string) => join(folder, `${what}.db`);
  const make = (what: string, bytes: Buffer | string) => writeFileSync(name(what), bytes);
  const altered = (work: (raw: Sqlite.Database) => void, what: string) => {
    make(what, good);
    const raw = new Sqlite(name(what));
    raw.pragma('foreign_keys = OFF');
    work(raw);
    raw.close();
  };
  make('empty', '');
  make('text', 'This is a text, and goes on for a while. '.repeat(200));
  make('cut', good.subarray(0, good.length - 8192));
  make('half', good.subarray(0, good.length >> 1));
  make(
    'overwritten',
    Buffer.concat([good.subarray(0, 40960), Buffer.alloc(40960, 0x5a), good.subarray(81920)]),
  );
  altered((raw) => raw.exec("update actions set policy_id = 'nobody'"), 'lost');
  altered((raw) => raw.exec("insert into migrations (name, sha256) values ('9999_later', 'x')"), 'newer');
  altered((raw) => raw.exec("update migrations set sha256 = 'x'"), 'edited');
  const other = new Sqlite(name('other'));
  other.exec('create table a (b)');
  other.close();
  const cases: readonly (readonly [what: string, says: RegExp])[] = [
    ['none', /^there is no file .*none\.db$/],
    ['empty', /empty\.db is empty$/],
    ['text', /text\.db is not a database$/],
    ['cut', /cut\.db (is damaged|cannot be read): /],
    ['half', /half\.db (is damaged|cannot be read): /],
    ['overwritten', /overwritten\.db (is damaged|cannot be read): /],
    ['lost', /lost\.db is damaged: a row of actions points to a row of policies that is not there$/],
    ['newer', /newer\.db cannot be restored: .*9999_later.*newer version$/],
    ['edited', /edited\.db cannot be restored: migration \S+ was edited/],
    ['other', /other\.db is no database of this service: it has no change log$/],
  ];
  for (const [what, says] of cases)
    await t.rejects(restore(url, LIMITS, name(what), { at, force: true }), { message: says }, what);

  // One byte in the middle of a text: the file itself shows nothing wrong.
  const at9 = good.indexOf('Los Angeles', 100_000);
  const byte = Buffer.from(good);
  byte[at9] = 'l'.charCodeAt(0);
  make('byte', byte);
  const line = readFileSync(`${file}.sha256`, 'utf8');
  writeFileSync(`${name('byte')}.sha256`, line);
  await t.rejects(
    restore(url, LIMITS, name('byte'), { at, force: true }),
    /byte\.db is damaged, or another file: its SHA-256 is/,
  );
  writeFileSync(`${name('byte')}.sha256`, 'none');
  await t.rejects(
    restore(url, LIMITS, name('byte'), { at, force: true }),
    /byte\.db\.sha256 holds no SHA-256/,
  );
  rmSync(`${name('byte')}.sha256`);
  const sha256 = line.slice(0, 64);
  await t.rejects(restore(url, LIMITS, name('byte'), { at, force: true, sha256 }), /--sha256 says/);
  appendFileSync(`${file}-wal`, 'something');
  await t.rejects(
    restore(url, LIMITS, file, { at, force: true }),
    /tracker\.db-wal is there: .* is a database in use/,
  );
  t.same(await rowsAt(url), before, 'the database is as it was');
  t.same(
    readdirSync(folder).filter((one) => /partial|before-restore|restoring/.test(one)),
    [],
  );
});

t.test('a database that the service has open is left alone', async (t) => {
  const { url, call } = await stage(t);
  const db = await openDatabase(url);
  await t.rejects(call({ force: true }), /is in use by another process: stop the service first/);
  await db.close();
  await call({ force: true });
});

t.test('a backup of an older version is brought up to this one', async (t) => {
  const folder = temporary(t);
  const file = firstBackup(folder);
  const sha256 = await digestOf(file);
  const url = await blankDatabase(t);
  const { migrated, checked, revision } = await restore(url, LIMITS, file, { at, sha256 });
  t.ok(migrated.length > 0 && !migrated.includes('0000_start'), migrated.join());
  t.equal(checked, true);
  const rows = await rowsAt(url);
  t.equal(rows.changes?.length, revision);
  t.same(
    (await check(url, LIMITS)).filter(({ faults }) => faults > 0),
    [],
  );
  t.equal(await digestOf(file), sha256, 'on a copy: the file is as it was');
});

t.test(
  'a database file that cannot be read any more is kept as it is',
  { skip: engine !== 'sqlite' },
  async (t) => {
    const { file, url, call } = await stage(t);
    const home = fileOf(url) as string;
    const spoilt = Buffer.alloc(9000, 0x5a);
    writeFileSync(home, spoilt);
    await t.rejects(call(), /is there, though unreadable: with --force/);
    const { kept } = await call({ force: true });
    t.ok(readFileSync(kept as string).equals(spoilt));
    t.same(await rowsAt(url), await rowsIn(file), 'and the backup is in its place');

    const inside = readFileSync(home);
    inside.fill(0x5a, 8 * 4096, 12 * 4096);
    writeFileSync(home, inside);
    const again = await call({ force: true });
    const whole = readFileSync(again.kept as string);
    // The first page says how the file is logged.
    t.ok(whole.subarray(4096).equals(inside.subarray(4096)), 'so is one that is damaged inside');
    t.same(await rowsAt(url), await rowsIn(file));
  },
);

t.test('a backup cannot be restored onto itself', { skip: engine !== 'sqlite' }, async (t) => {
  const { file } = await stage(t);
  await t.rejects(restore(`sqlite:${file}`, LIMITS, file, { at, force: true }), /is the database itself/);
});

t.test(
  'killed at any moment, it leaves the old database whole, or the new one',
  { timeout: 120_000 },
  async (t) => {
    const { folder, file, url } = await stage(t);
    const [old, whole] = [await rowsAt(url), await rowsIn(file)];
    const seen = { old: 0, new: 0 };
    const script = join(folder, 'restore.ts');
    const source = (path: string) => JSON.stringify(join(process.cwd(), path));
    writeFileSync(
      script,
      `import { LIMITS } from ${source('src/db/open.ts')}; import { restore } from ${source('src/exchange/restore.ts')};
     process.stdout.write('.');
     await restore(${JSON.stringify(url)}, LIMITS, ${JSON.stringify(file)}, { at: new Date(), force: true });`,
    );
    // How long one takes to its end, from the moment it begins.
    const round = async (limit: number) => {
      const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      const start = performance.now();
      const timer = setTimeout(() => child.kill('SIGKILL'), limit);
      await ended;
      clearTimeout(timer);
      return performance.now() - start;
    };
    const took = await round(60_000);
    t.same(await rowsAt(url), whole);
    // On a server it is one transaction, which is the server's to keep whole.
    const rounds = engine === 'sqlite' ? 4 : 2;
    for (let n = 0; n < rounds; n += 1) {
      // Back to the old content, by the last thing that was kept.
      const home = fileOf(url) ?? file;
      const keptName = readdirSync(dirname(home))
        .filter((one) => /before-restore-[^.]*$/.test(one))
        .sort()[0] as string;
      if (n === 0) copyFileSync(join(dirname(home), keptName), join(folder, 'old.db'));
      await restore(url, LIMITS, join(folder, 'old.db'), { at: new Date(), force: true });
      t.same(await rowsAt(url), old);
      await round((took * (n + 0.5)) / rounds);
      const now = await rowsAt(url);
      const state = (now.changes?.length ?? 0) > 0 ? 'new' : 'old';
      seen[state] += 1;
      t.same(now, state === 'new' ? whole : old, `${state}, and whole`);
    }
    t.comment(seen);
    t.ok(seen.old > 0, 'some were killed before the end');
    for (const one of readdirSync(folder))
      if (existsSync(join(folder, one))) rmSync(join(folder, one), { recursive: true });
  },
);
