/**
 * Generates the migrations of both databases from the declarations: `npm run generate:migrations`. References on
 * PostgreSQL are made deferrable, which the generator cannot say, so that records may be written in any order
 * within a transaction.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

for (const dialect of ['sqlite', 'postgresql']) {
  const folder = join(process.env.MIGRATIONS ?? 'migrations', dialect === 'sqlite' ? 'sqlite' : 'postgres');
  const before = new Set(migrations(folder));
  const args = ['generate', '--config', 'drizzle.config.ts', ...process.argv.slice(2)];
  const { status } = spawnSync('drizzle-kit', args, {
    env: { ...process.env, DIALECT: dialect },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  if (dialect === 'sqlite') continue;
  for (const name of migrations(folder).filter((made) => !before.has(made))) {
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/^(ALTER TABLE .* FOREIGN KEY .*);/gm, '$1 DEFERRABLE INITIALLY IMMEDIATE;'),
    );
  }
}

function migrations(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.sql'));
}
