import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import t from 'tap';
import { fileOf, readFile } from '../../src/db/maintenance.ts';
import { LIMITS } from '../../src/db/open.ts';
import { backUp, rememberBackup } from '../../src/exchange/backup.ts';
import { checksumIn, checksumLine } from '../../src/exchange/files.ts';
import { freshDatabase } from '../databases.ts';
import { testApp } from '../helper.ts';
import { command, run } from '../program.ts';
import { damage, everyRow, temporary } from './whole.ts';

t.test('a backup is one private file that holds every row, with its checksum beside it', async (t) => {
  const { db, url } = await testApp(t, 'seeded');
  const folder = temporary(t);
  const file = join(folder, 'tracker.db');
  const steps: number[] = [];
  const made = await backUp(url, LIMITS, file, { progress: (done, total) => steps.push(done / total) });

  t.same(readdirSync(folder).sort(), ['tracker.db', 'tracker.db.sha256'], 'nothing else is left');
  t.equal(statSync(file).mode & 0o777, 0o600, 'only its owner reads it');
  const live = await everyRow(db);
  const copy = readFile(file, LIMITS);
  t.same(await everyRow(copy), live, 'every row of every table');
  await copy.close();
  t.same(readdirSync(folder).length, 2, 'reading it leaves nothing beside it');
  t.equal(made.revision, live.changes?.length);
  t.same(
    made.rows,
    Object.fromEntries(
      Object.entries(live)
        .map(([name, rows]) => [name, rows.length])
        .sort(),
    ),
  );
  t.equal(made.bytes, statSync(file).size);
  t.equal(steps.at(-1), 1, 'progress ends at the end');
  t.ok(
    steps.every((step, at) => step >= (steps[at - 1] ?? 0)),
    'and never goes back',
  );

  const checked = spawnSync('sha256sum', ['-c', basename(`${file}.sha256`)], { cwd: folder });
  t.equal(checked.status, 0, 'sha256sum agrees');
  t.equal(checksumIn(readFileSync(`${file}.sha256`, 'utf8')), made.sha256);
});

t.test('an unusual name is escaped in the checksum file as sha256sum does it', async (t) => {
  const folder = temporary(t);
  for (const name of ['plain', 'with space', 'back\\slash', 'new\nline', 'return\r']) {
    const file = join(folder, name);
    writeFileSync(file, name);
    const { stdout } = spawnSync('sha256sum', [name], { cwd: folder, encoding: 'utf8' });
    t.equal(checksumLine(checksumIn(stdout) as string, file), stdout, JSON.stringify(name));
  }
  for (const text of ['', 'none', 'abc  file', `${'0'.repeat(63)}  file`])
    t.equal(checksumIn(text), undefined, text);
});

t.test('what cannot become a backup is refused in a line, and nothing is left or lost', async (t) => {
  const url = await freshDatabase(t, 'seeded');
  const folder = temporary(t);
  const at = (name: string) => join(folder, name);
  writeFileSync(at('taken.db'), 'mine');
  mkdirSync(at('folder'));
  writeFileSync(at('used.db'), 'a database');
  writeFileSync(at('used.db-wal'), 'its log');
  const own = fileOf(url);
  const cases: readonly (readonly [file: string, force: boolean, says: RegExp])[] = [
    [at('taken.db'), false, /taken\.db is there already: give another name, or --force to replace it/],
    [at('none/tracker.db'), false, /there is no folder .*none$/],
    [at('folder'), true, /folder is not a file/],
    [at('used.db'), true, /used\.db-wal is there: .*used\.db is a database in use/],
    ...(own ? ([[own, true, /test\.db is the database itself|test\.db-wal is there/]] as const) : []),
  ];
  const before = readdirSync(folder).sort();
  for (const [file, force, says] of cases)
    await t.rejects(backUp(url, LIMITS, file, { force }), { message: says }, file);
  t.same(readdirSync(folder).sort(), before);
  t.equal(readFileSync(at('taken.db'), 'utf8'), 'mine');

  await backUp(url, LIMITS, at('taken.db'), { force: true });
  t.equal(
    readFileSync(at('taken.db')).subarray(0, 15).toString(),
    'SQLite format 3',
    'with force it is replaced',
  );
});

t.test('a database that is not sound, not there or not a tracker gives no backup', async (t) => {
  const folder = temporary(t);
  const file = join(folder, 'tracker.db');
  const broken = await freshDatabase(t, 'seeded');
  await damage(broken, ["update actions set policy_id = '00000000-0000-7000-8000-000000000000'"]);
  await t.rejects(backUp(broken, LIMITS, file), /actions.*(policies|FOREIGN KEY)|reference/);
  const none = broken.replace(/[^/?]+(\?|$)/, 'nowhere$1');
  await t.rejects(backUp(none, LIMITS, file), /there is no database|does not exist/);
  t.same(readdirSync(folder), [], 'nothing is left');
});

t.test(
  'what a killed process left half written is cleared away, and what a running one writes is not',
  async (t) => {
    const url = await freshDatabase(t, 'empty');
    const file = join(temporary(t), 'tracker.db');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const [left, beside, own, running] = [
      `${dead}`,
      `${dead}-journal`,
      `${process.pid}`,
      `${process.ppid}`,
    ].map((name) => `${file}.partial-${name}`) as [string, string, string, string];
    for (const name of [left, beside, own, running]) writeFileSync(name, 'half');
    await backUp(url, LIMITS, file);
    t.same([left, beside, own, running].map(existsSync), [false, false, false, true]);
  },
);

t.test('a later backup is remembered in place of an earlier one', async (t) => {
  const { db, url } = await testApp(t, 'empty');
  const file = join(temporary(t), 'tracker.db');
  for (const day of ['2026-01-01', '2026-01-02']) {
    const made = await backUp(url, LIMITS, file, { force: true });
    await rememberBackup(url, LIMITS, made, new Date(day));
    const { marks } = await everyRow(db);
    const { revision, bytes, sha256 } = made;
    t.same(marks, [
      { name: 'last_backup', value: { revision, bytes, sha256 }, updated_at: `${day}T00:00:00.000Z` },
    ]);
  }
});

t.test(
  'the command backs up, restores and checks, and says so to people and machines',
  { timeout: 60_000 },
  async (t) => {
    const folder = temporary(t);
    const env = { DATABASE_URL: await freshDatabase(t, 'seeded') };
    const program = (...args: string[]) => run(t, ['src/cli.ts', ...args], env).ended;
    const civic = (...args: string[]) => command(args, env);
    const file = join(folder, 'tracker.db');
    const made = await program('backup', file, '--json');
    t.equal(made.code, 0, made.stderr);
    const said = JSON.parse(made.stdout);
    t.match(said, {
      file,
      bytes: statSync(file).size,
      sha256: /^[0-9a-f]{64}$/,
      revision: Number,
      migration: /^\d{4}_/,
    });
    t.equal(said.rows.policies, 13);

    const again = await civic('backup', file);
    t.same([again.code, again.stdout], [1, ''], 'a second time it refuses');
    t.match(again.stderr, /^civic: [^\n]+is there already[^\n]+\n$/);

    const sound = await civic('check', '--json');
    t.equal(sound.code, 0);
    t.equal(JSON.parse(sound.stdout).faults, 0);
    await damage(env.DATABASE_URL, ["update topics set sort_name = 'elsewhere' where slug = 'education'"]);
    const wrong = await program('check');
    t.equal(wrong.code, 1, 'faults are exit status 1');
    t.match(
      wrong.stdout,
      /^FAULTS sort keys: \d+ records, 1 faults\n {9}topic \S+ stands in the wrong place by name$/m,
    );

    const refused = await civic('restore', file);
    t.same([refused.code, refused.stdout], [1, '']);
    t.match(refused.stderr, /^civic: [^\n]+is not empty[^\n]+--force[^\n]+\n$/);
    const restored = await program('restore', file, '--force', '--sha256', said.sha256.toUpperCase());
    t.equal(restored.code, 0, restored.stderr);
    t.match(
      restored.stdout,
      new RegExp(`^restored revision ${said.revision} from .*\nits SHA-256 is right\n.*before-restore-`),
    );
    t.match((await civic('restore', file, '--sha256', 'abc')).stderr, /--sha256.*64 hexadecimal digits/);
  },
);
