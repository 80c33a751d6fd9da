/** Generated migrations as both engines' runners want them. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Migration {
  readonly name: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

/** Reads a folder of migrations in the order of its journal. */
export function readMigrations(folder: string): Migration[] {
  const journal = join(folder, 'meta', '_journal.json');
  if (!existsSync(journal)) throw new Error(`no migrations in ${folder}`);
  const { entries } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
  return entries.map(({ tag }) => {
    // A checkout may have given the lines other ends; that is no edit.
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8').replaceAll('\r\n', '\n');
    const statements = text.split('--> statement-breakpoint').map((part) => part.trim());
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { name: tag, sha256, statements: statements.filter(Boolean) };
  });
}

/** The migrations that a database has not run; throws when it is newer than the program, or one was edited since. */
export function pendingMigrations(
  migrations: readonly Migration[],
  done: readonly Pick<Migration, 'name' | 'sha256'>[],
): Migration[] {
  for (const { name, sha256 } of done) {
    const known = migrations.find((migration) => migration.name === name);
    if (known === undefined) {
      throw new Error(
        `the database has migration ${name}, which this program does not know: it belongs to a newer version`,
      );
    }
    if (known.sha256 !== sha256)
      throw new Error(`migration ${name} was edited after it had been run on this database`);
  }
  return migrations.filter(({ name }) => !done.some((row) => row.name === name));
}
