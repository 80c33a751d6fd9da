/** Databases and folders of migrations made for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

/** A folder of its own, removed when the test ends. */
export function temporary(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-db-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Writes migrations the way the generator does: a journal and a file each, statements parted by breakpoints. */
export function writeMigrations(folder: string, steps: Readonly<Record<string, readonly string[]>>): string {
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const entries = Object.keys(steps).map((tag, idx) => ({
    idx,
    version: '6',
    when: idx,
    tag,
    breakpoints: true,
  }));
  writeFileSync(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'sqlite', entries }),
  );
  for (const [tag, statements] of Object.entries(steps))
    writeFileSync(join(folder, `${tag}.sql`), statements.join('\n--> statement-breakpoint\n'));
  return folder;
}

/** Officials with children that a deletion would take along, triggers on both, and some rows. */
export const START = [
  `CREATE TABLE \`officials\` (\`id\` text PRIMARY KEY NOT NULL, \`name\` text NOT NULL, \`boss\` text,
    FOREIGN KEY (\`boss\`) REFERENCES \`officials\`(\`id\`) ON UPDATE no action ON DELETE no action)`,
  `CREATE TABLE \`votes\` (\`id\` integer PRIMARY KEY NOT NULL, \`official\` text NOT NULL,
    FOREIGN KEY (\`official\`) REFERENCES \`officials\`(\`id\`) ON UPDATE no action ON DELETE cascade)`,
  'CREATE TABLE `log` (`line` text NOT NULL)',
  'CREATE INDEX `officials_name` ON `officials` (`name`)',
  "CREATE TRIGGER officials_insert AFTER INSERT ON officials BEGIN INSERT INTO log VALUES ('+' || new.id); END",
  "CREATE TRIGGER officials_delete AFTER DELETE ON officials BEGIN INSERT INTO log VALUES ('-' || old.id); END",
  // A trigger of another table that speaks of the one that is rebuilt.
  "CREATE TRIGGER votes_insert AFTER INSERT ON votes BEGIN UPDATE officials SET name = name || '*' WHERE id = new.official; END",
  "INSERT INTO officials VALUES ('a', 'Ann', NULL), ('b', 'Bob', 'a')",
  "INSERT INTO votes VALUES (1, 'a'), (2, 'a'), (3, 'b')",
];

/** Rebuilds `officials` with another column, as the generator writes it; `copy` moves the rows. */
export function rebuild(
  copy = 'INSERT INTO `__new_officials`("id", "name", "boss") SELECT "id", "name", "boss" FROM `officials`;',
): string[] {
  return [
    'PRAGMA foreign_keys=OFF;',
    `CREATE TABLE \`__new_officials\` (\`id\` text PRIMARY KEY NOT NULL, \`name\` text NOT NULL, \`boss\` text, \`born\` text,
      FOREIGN KEY (\`boss\`) REFERENCES \`officials\`(\`id\`) ON UPDATE no action ON DELETE no action)`,
    copy,
    'DROP TABLE `officials`;',
    'ALTER TABLE `__new_officials` RENAME TO `officials`;',
    'PRAGMA foreign_keys=ON;',
    'CREATE INDEX `officials_name` ON `officials` (`name`);',
  ];
}
