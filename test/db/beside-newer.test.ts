/** Two releases on one database: what holds while the newer one has migrated it and the older one still serves. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readMigrations } from '../../src/db/migrations.ts';
import { LIMITS, migrationsOf, openDatabase } from '../../src/db/open.ts';
import { openPostgres } from '../../src/db/postgres/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { engine } from '../databases.ts';
import { testApp } from '../helper.ts';

/** The last migration that was made before releases were to run beside each other. */
const BEFORE = '0010_validity';

/**
 * Migrations that take something away, each with the release from which on nothing uses it any more: the one before may
 * not be running when they are.
 */
const CONTRACTING: Readonly<Record<string, string>> = {};

const CREATED = /^CREATE TABLE (?:IF NOT EXISTS )?["`](\w+)/;

/** What is wrong with a statement for those who do not know of it; `own` are the tables that the migration makes. */
function faultOf(text: string, own: ReadonlySet<string>): string | undefined {
  const statement = text.replace(/^(?:--.*\n)+/, '');
  const [, table = ''] = /^(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX .+? ON) ["`](\w+)/.exec(statement) ?? [];
  if (CREATED.test(statement) || own.has(table) || /^CREATE INDEX /.test(statement)) return undefined;
  // What is left to be done behind the service's back.
  if (/^INSERT INTO ["`]?marks\b/.test(statement)) return undefined;
  const added = /^ALTER TABLE ["`]\w+["`] ADD (?:COLUMN )?["`]\w+["`] (.*)/s.exec(statement)?.[1];
  if (added === undefined) return 'is more than new tables, indexes and columns';
  return /NOT NULL/.test(added) && !/DEFAULT/.test(added) ? 'wants a value that they do not give' : undefined;
}

t.test('migrations only add, so that the release before can go on', async (t) => {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    const later = readMigrations(migrationsOf(dialect)).filter(({ name }) => name > BEFORE);
    t.ok(later.length > 0);
    for (const { name, statements } of later.filter((one) => CONTRACTING[one.name] === undefined)) {
      const own = new Set(statements.map((one) => CREATED.exec(one)?.[1] as string));
      for (const statement of statements)
        t.equal(faultOf(statement, own), undefined, `${dialect} ${name}: ${statement.slice(0, 60)}`);
    }
  }
  const rows: [statement: string, bad: boolean][] = [
    ['ALTER TABLE `topics` ADD `note` text;', false],
    ['ALTER TABLE "topics" ADD COLUMN "note" text NOT NULL;', true],
    ['ALTER TABLE "topics" ADD COLUMN "note" text DEFAULT \'\' NOT NULL;', false],
    ['ALTER TABLE "topics" DROP COLUMN "name";', true],
    ['ALTER TABLE "topics" RENAME COLUMN "name" TO "title";', true],
    ['DROP TABLE `topics`;', true],
    ['-- As good as gone.\nDROP TABLE `topics`;', true],
    ["-- To be done.\nINSERT INTO `marks` (`name`) VALUES ('search');", false],
    ['CREATE UNIQUE INDEX `topics_name` ON `topics` (`name`);', true],
    ['CREATE UNIQUE INDEX `new_name` ON `new` (`name`);', false],
    ['ALTER TABLE "topics" ADD CONSTRAINT "x" FOREIGN KEY ("a") REFERENCES "b"("c");', true],
  ];
  for (const [statement, bad] of rows)
    t.equal(faultOf(statement, new Set(['new'])) !== undefined, bad, statement);
});

/** The migrations of a release to come: all of this one's, and one that adds to a table that is in use. */
function newer(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-newer-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  cpSync(migrationsOf(engine), folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  const tag = '9999_newer';
  writeFileSync(
    journal,
    JSON.stringify({ ...rest, entries: [...entries, { ...entries.at(-1), idx: 9999, tag }] }),
  );
  const statements = [
    'CREATE TABLE "newer" ("id" text PRIMARY KEY NOT NULL)',
    'ALTER TABLE "topics" ADD COLUMN "newer" text',
    'ALTER TABLE "changes" ADD COLUMN "newer" text',
    'CREATE INDEX "topics_newer" ON "topics" ("newer")',
  ];
  writeFileSync(join(folder, `${tag}.sql`), statements.join(';\n--> statement-breakpoint\n'));
  return folder;
}

t.test('a service goes on while a newer release migrates its database', async (t) => {
  const { call, key, url } = await testApp(t, 'seeded');
  const write = await key('write');
  const use = async (name: string) => {
    const made = await call('POST', '/v1/topics', { key: write, body: { name } });
    const changed = await call('PATCH', `/v1/topics/${made.body.id}`, {
      key: write,
      ifMatch: '"1"',
      body: { description: name },
    });
    const read = [
      await call('GET', `/v1/topics/${made.body.id}?include=parent`),
      await call('GET', '/v1/topics?limit=200&count=exact'),
      await call('GET', '/v1/changes?after=0&limit=1000'),
      await call('GET', `/v1/topics?q=${name}`),
    ];
    return [made, changed, ...read].map(({ status }) => status);
  };
  const well = [201, 200, 200, 200, 200, 200];
  t.same(await use('before'), well);
  const folder = newer(t);
  const open = () =>
    engine === 'sqlite'
      ? Promise.resolve(openSqlite(url.slice('sqlite:'.length), folder, LIMITS))
      : openPostgres(url, folder, LIMITS);
  // Some are on their way while it migrates.
  const [next, ...during] = await Promise.all([open(), use('during'), use('meanwhile')]);
  t.teardown(() => next.close());
  t.same(during, [well, well]);
  t.same(await use('after'), well, 'with the statements it had prepared, and others');
  await t.rejects(
    openDatabase(url),
    { message: /migration 9999_newer, which this program does not know: it belongs to a newer version/ },
    'one that starts does not begin with what it does not know',
  );
});
