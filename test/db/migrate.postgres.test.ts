import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import t, { type Test } from 'tap';
import type { Column } from '../../src/db/columns.ts';
import type { Session } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/postgres/open.ts';
import { blankDatabase, freshDatabase } from '../databases.ts';
import { until } from '../until.ts';

const LIMITS = { connections: 2, wait: 2000, statement: 10_000 };

/** A migrations folder that goes on from ours with these. */
function folderWith(t: Test, added: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-migrations-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  cpSync('migrations/postgres', folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  for (const [tag, text] of Object.entries(added)) {
    writeFileSync(join(folder, `${tag}.sql`), text);
    entries.push({ idx: entries.length, tag });
  }
  writeFileSync(journal, JSON.stringify({ ...rest, entries }));
  return folder;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

t.test('ten processes that start at once migrate once', async (t) => {
  const url = await blankDatabase(t);
  const program = `import { openDatabase } from ${JSON.stringify(join(process.cwd(), 'src/db/open.ts'))};
    await (await openDatabase(process.env.DATABASE_URL)).close();`;
  const ends = await Promise.all(
    Array.from({ length: 10 }, () => {
      const env = { ...process.env, DATABASE_URL: url };
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
      return new Promise((resolve) => child.on('close', resolve));
    }),
  );
  t.same(ends, Array(10).fill(0), 'all ten start');
  const { entries } = JSON.parse(readFileSync('migrations/postgres/meta/_journal.json', 'utf8'));
  t.same(
    await query(url, 'select name from migrations order by name'),
    entries.map(({ tag }: { tag: string }) => ({ name: tag })),
  );
});

t.test(
  'whoever starts while another process migrates waits for it, however long a statement may take',
  async (t) => {
    const url = await freshDatabase(t, 'empty');
    const other = new pg.Client(url);
    await other.connect();
    t.teardown(() => other.end());
    await other.query('BEGIN; SELECT pg_advisory_xact_lock(7267000)');
    const opened = openPostgres(url, 'migrations/postgres', { ...LIMITS, wait: 100, statement: 100 });
    await pause(400);
    await other.query('COMMIT');
    await (await opened).close();
    t.pass('it is opened then');
  },
);

t.test('work without limits may leave a transaction alone for as long as it takes', async (t) => {
  const url = await freshDatabase(t, 'empty');
  const db = await openPostgres(url, undefined, { ...LIMITS, wait: 50, statement: 0 });
  t.teardown(() => db.close());
  const revision = (session: Session) =>
    session.all('all changes', (on) =>
      on.select({ seq: db.tables.changes.seq as Column }).from(db.tables.changes),
    );
  await db.read(async (session) => {
    await revision(session);
    await pause(400);
    t.same(await revision(session), []);
  });
});

t.test('a database newer than the program is refused', async (t) => {
  const url = await freshDatabase(t, 'empty');
  const newer = folderWith(t, { '0999_newer': 'create table later (id text)' });
  await (await openPostgres(url, newer, LIMITS)).close();
  await t.rejects(openPostgres(url, 'migrations/postgres', LIMITS), /0999_newer.*newer version/);
});

t.test('a migration that was edited after it had been run is refused', async (t) => {
  const url = await freshDatabase(t, 'empty');
  await (
    await openPostgres(url, folderWith(t, { '0998_one': 'create table one (id text)' }), LIMITS)
  ).close();
  await t.rejects(
    openPostgres(url, folderWith(t, { '0998_one': 'create table two (id text)' }), LIMITS),
    /0998_one was edited/,
  );
});

t.test('a migration that fails or is killed half-way leaves the old version whole', async (t) => {
  const url = await freshDatabase(t, 'seeded');
  const half =
    'drop table stances;--> statement-breakpoint\ncreate table half (id text);--> statement-breakpoint\n';
  const before = await query(url, 'select count(*) from stances');
  await t.rejects(
    openPostgres(url, folderWith(t, { '0997_broken': `${half}create table half (id text)` }), LIMITS),
  );
  const folder = folderWith(t, { '0997_slow': `${half}select pg_sleep(60)` });
  const program = `import type { Column } from '../../src/db/columns.ts';
import type { Session } from '../../src/db/database.ts';
import { openPostgres } from ${JSON.stringify(join(process.cwd(), 'src/db/postgres/open.ts'))};
    await openPostgres(process.env.DATABASE_URL, process.env.FOLDER, { connections: 1, wait: 2000, statement: 100000 });`;
  const env = { ...process.env, DATABASE_URL: url, FOLDER: folder };
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const sleeping = `select count(*)::int as n from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`;
  for (let wait = 0; wait < 200 && (await query(url, sleeping))[0]?.n === 0; wait += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGKILL');
  await ended;
  // The server notices the lost client when the statement ends; a restart of the program need not wait for that.
  await query(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`,
  );
  t.same(
    await query(url, 'select count(*) from stances'),
    before,
    'the table that was dropped is there with its rows',
  );
  t.same(
    await query(url, `select to_regclass('half') as half`),
    [{ half: null }],
    'the one that was made is not',
  );
  await (await openPostgres(url, 'migrations/postgres', LIMITS)).close();
});

t.test('a migration that waits for a reader who waits for it is done again', async (t) => {
  const url = await freshDatabase(t, 'empty');
  const folder = folderWith(t, {
    '9999_both':
      'ALTER TABLE "topics" ADD COLUMN "more" text;\n--> statement-breakpoint\nALTER TABLE "changes" ADD COLUMN "more" text;',
  });
  const reader = new pg.Client(url);
  await reader.connect();
  t.teardown(() => reader.end());
  await reader.query('BEGIN; SELECT FROM changes');
  const opened = openPostgres(url, folder, LIMITS);
  const waits = "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'ALTER TABLE%'";
  await until(async () => (await query(url, waits)).length > 0);
  await reader.query('SELECT FROM topics');
  await reader.query('COMMIT');
  await (await opened).close();
  t.same(await query(url, 'select more from topics'), []);
});
