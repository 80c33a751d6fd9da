import { execFile } from 'node:child_process';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import { readMigrations } from '../../src/db/migrations.ts';
import { LIMITS } from '../../src/db/open.ts';
import { migrate } from '../../src/db/sqlite/migrate.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { rebuild, START, temporary, writeMigrations } from './migrations.ts';

const node = promisify(execFile);

type Steps = Readonly<Record<string, readonly string[]>>;

/** A database at the first version, and `next`, which migrates it on with one more migration. */
function database(t: Test, start: readonly string[] = START) {
  const folder = temporary(t);
  const connection = new Sqlite(join(folder, 'test.db'));
  t.teardown(() => connection.close());
  const migrations = (steps: Steps = {}) =>
    writeMigrations(join(folder, 'migrations'), { '0000_start': start, ...steps });
  t.same(migrate(connection, migrations()), ['0000_start']);
  const next = (...statements: string[]) => migrate(connection, migrations({ '0001_next': statements }));
  const all = (query: string) => connection.prepare(query).raw().all().flat();
  return { connection, migrations, next, all };
}

/** Everything there is: the schema and the rows of every table. */
function whole(connection: Sqlite.Database): unknown {
  const schema = connection.prepare('SELECT * FROM sqlite_schema ORDER BY name').all() as {
    name: string;
    type: string;
  }[];
  const rows = schema
    .filter(({ type }) => type === 'table')
    .map(({ name }) => connection.prepare(`SELECT * FROM "${name}"`).all());
  return { schema: schema.map((one) => ({ ...one, rootpage: 0 })), rows };
}

/** Expects migrating with these statements to be refused, and everything to be as it was. */
function refused(t: Test, says: RegExp, ...statements: string[]): void {
  const { connection, next } = database(t);
  const before = whole(connection);
  t.throws(() => next(...statements), { message: says });
  t.same(whole(connection), before, 'everything is as it was');
  t.notOk(connection.inTransaction, 'no transaction is left open');
  t.equal(connection.pragma('foreign_keys', { simple: true }), 1, 'foreign keys are on');
  t.same(next(...rebuild()), ['0001_next'], 'a good migration runs afterwards');
}

t.test('a table rebuild loses no row, no child row, no trigger and no index', async (t) => {
  const { connection, next, all } = database(t);
  t.same(all('SELECT line FROM log'), ['+a', '+b'], 'the triggers work');
  const [before, names] = [all('SELECT * FROM votes'), all('SELECT name FROM officials')];
  t.same(next(...rebuild()), ['0001_next']);
  t.same(all('SELECT * FROM votes'), before);
  t.same(all('SELECT id, name, boss, born FROM officials'), [
    'a',
    names[0],
    null,
    null,
    'b',
    names[1],
    'a',
    null,
  ]);
  t.same(all('SELECT line FROM log'), ['+a', '+b'], 'no trigger saw rows come or go');
  t.same(all("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"), [
    'officials_delete',
    'officials_insert',
    'votes_insert',
  ]);
  t.ok(all("SELECT 1 FROM sqlite_schema WHERE name = 'officials_name'").length);

  connection.exec("INSERT INTO officials (id, name, boss) VALUES ('c', 'Cas', 'b')");
  connection.exec("INSERT INTO votes VALUES (4, 'c')");
  t.same(all("SELECT name FROM officials WHERE id = 'c'"), ['Cas*'], 'the triggers of children work');
  connection.exec("DELETE FROM officials WHERE id = 'c'");
  t.same(all('SELECT line FROM log'), ['+a', '+b', '+c', '-c'], 'its own triggers work');
  t.same(all('SELECT id FROM votes'), [1, 2, 3], 'a deletion takes the children along again');
  t.throws(() => connection.exec("INSERT INTO votes VALUES (5, 'nobody')"), /FOREIGN KEY/);
});

t.test('a migration runs once', async (t) => {
  const { connection, migrations, next } = database(t);
  t.same(migrate(connection, migrations()), []);
  t.same(next('CREATE TABLE more (id text)'), ['0001_next']);
  t.same(next('CREATE TABLE more (id text)'), []);
});

t.test('a trigger that a migration drops stays dropped, and one that it changes is as it says', async (t) => {
  const { next, all } = database(t);
  next(
    'DROP TRIGGER officials_delete',
    'DROP TRIGGER IF EXISTS `officials_insert`',
    "CREATE TRIGGER officials_insert AFTER INSERT ON officials BEGIN INSERT INTO log VALUES ('new'); END",
  );
  t.same(all("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"), [
    'officials_insert',
    'votes_insert',
  ]);
  t.match(all("SELECT sql FROM sqlite_schema WHERE name = 'officials_insert'")[0], /'new'/);
});

t.test('the triggers of a table that a migration drops go with it', async (t) => {
  const { next, all } = database(t, [
    ...START,
    'CREATE TABLE gone (id text)',
    'CREATE TRIGGER gone_t AFTER INSERT ON gone BEGIN SELECT 1; END',
  ]);
  next('DROP TABLE gone');
  t.same(all("SELECT name FROM sqlite_schema WHERE name LIKE 'gone%'"), []);
});

t.test('a renamed table keeps its rows, its children and its triggers', async (t) => {
  const { connection, next, all } = database(t);
  next('ALTER TABLE `officials` RENAME TO `people`');
  connection.exec("INSERT INTO people (id, name) VALUES ('c', 'Cas')");
  connection.exec("INSERT INTO votes VALUES (4, 'c')");
  t.same(all('SELECT name FROM people ORDER BY id').at(-1), 'Cas*');
  t.same(all('SELECT line FROM log').at(-1), '+c');
});

t.test('a rebuild whose copy loses rows is refused', async (t) => {
  const copy =
    'INSERT INTO `__new_officials`("id", "name") SELECT "id", "name" FROM `officials` WHERE "boss" IS NULL;';
  refused(t, /^migration 0001_next would lose 1 rows? of officials$/, ...rebuild(copy));
});

t.test('a migration that deletes children is refused', async (t) => {
  refused(t, /^migration 0001_next would lose 2 rows of votes$/, "DELETE FROM votes WHERE official = 'a'");
});

t.test('a migration that breaks a reference is refused', async (t) => {
  const copy = `INSERT INTO \`__new_officials\`("id", "name") SELECT upper("id"), "name" FROM \`officials\`;`;
  refused(
    t,
    /^migration 0001_next would leave 3 rows pointing nowhere, first in votes to officials$/,
    ...rebuild(copy),
  );
});

t.test('a statement that fails half-way undoes the whole migration', async (t) => {
  refused(t, /no such table: nowhere/, ...rebuild(), 'INSERT INTO nowhere VALUES (1)');
});

t.test('of several migrations all run or none', async (t) => {
  const { connection, migrations } = database(t);
  const before = whole(connection);
  const folder = migrations({ '0001_good': rebuild(), '0002_bad': ['DELETE FROM votes'] });
  t.throws(() => migrate(connection, folder), { message: /^migration 0002_bad would lose 3 rows of votes$/ });
  t.same(whole(connection), before);
});

t.test('a migration cannot end the transaction it runs in', async (t) => {
  refused(t, /transaction/, 'CREATE TABLE more (id text)', 'COMMIT', 'INSERT INTO nowhere VALUES (1)');
});

t.test('a database that is newer than the program is refused', async (t) => {
  const { connection, migrations, next } = database(t);
  next(...rebuild());
  const before = whole(connection);
  t.throws(() => migrate(connection, migrations()), {
    message:
      'the database has migration 0001_next, which this program does not know: it belongs to a newer version',
  });
  t.same(whole(connection), before);
});

t.test('a migration that was edited after it had run is refused', async (t) => {
  const { connection, migrations, next } = database(t);
  next(...rebuild());
  const folder = migrations({ '0001_next': rebuild() });
  appendFileSync(join(folder, '0001_next.sql'), '\n-- a remark');
  t.throws(() => migrate(connection, folder), {
    message: 'migration 0001_next was edited after it had been run on this database',
  });
});

t.test('a folder without migrations is refused', async (t) => {
  t.throws(() => readMigrations(temporary(t)), { message: /^no migrations in / });
});

t.test('migrations are the same with the line ends of another system', async (t) => {
  const { connection, migrations, next } = database(t);
  next(...rebuild());
  const folder = migrations({
    '0001_next': rebuild().map((statement) => statement.replaceAll('\n', '\r\n')),
  });
  t.same(migrate(connection, folder), []);
});

t.test('the real migrations run on an empty file, and once', async (t) => {
  const connection = new Sqlite(join(temporary(t), 'test.db'));
  t.teardown(() => connection.close());
  const names = readMigrations('migrations/sqlite').map(({ name }) => name);
  t.same(migrate(connection, 'migrations/sqlite'), names);
  t.same(migrate(connection, 'migrations/sqlite'), []);
});

t.test('of processes that migrate at once one migrates, and the others wait', async (t) => {
  const folder = temporary(t);
  const migrations = join(folder, 'migrations');
  cpSync('migrations/sqlite', migrations, { recursive: true });
  const at = String(Date.now() + 1500);
  const run = () =>
    node(process.execPath, ['test/db/migrate-once.ts', join(folder, 'test.db'), migrations, at]);
  const ran = await Promise.all([run(), run(), run()]);
  const expected = String(readMigrations(migrations).length);
  t.same(ran.map(({ stdout }) => stdout).sort(), ['0', '0', expected].sort());
});

t.test('processes that open one new database at once all open it', async (t) => {
  const file = join(temporary(t), 'test.db');
  const code = `import { openDatabase } from './src/db/open.ts';
    await new Promise((resolve) => setTimeout(resolve, ${Date.now() + 1500} - Date.now()));
    await (await openDatabase('sqlite:${file}')).close();`;
  const run = () => node(process.execPath, ['--input-type=module', '-e', code]);
  const results = await Promise.allSettled([run(), run(), run(), run()]);
  t.same(
    results.map((result) => (result.status === 'rejected' ? String(result.reason) : 'opened')),
    ['opened', 'opened', 'opened', 'opened'],
  );
  const db = openSqlite(file, 'migrations/sqlite', LIMITS);
  await db.close();
});
