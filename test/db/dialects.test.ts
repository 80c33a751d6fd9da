import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

/** Words that name an engine, its driver, or a part of Drizzle made for one. */
const DIALECT = /sqlite|postgres|\bpg\b|pragma|rowid|json_each|unnest|\bwal\b|psql/i;

t.test('nothing outside src/db names a dialect, in code or comment', async (t) => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('db/'),
  );
  t.ok(files.length > 50, 'the sources are there');
  for (const name of files) {
    const lines = readFileSync(join('src', name), 'utf8').split('\n');
    const named = lines.flatMap((line, at) =>
      DIALECT.test(line) ? [`${name}:${at + 1} ${line.trim()}`] : [],
    );
    t.same(named, [], name);
  }
});

t.test(
  'src/db imports nothing of ours but the model, and what is shared in it imports no driver',
  async (t) => {
    const files = readdirSync('src/db', { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.c?ts$/.test(name),
    );
    for (const name of files) {
      const text = readFileSync(join('src/db', name), 'utf8');
      const imports = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] as string);
      const outside = imports.filter((from) =>
        /^(\.\.\/)+(engine|http|features|exchange|cli|app|config|errors|start|server)/.test(from),
      );
      t.same(outside, [], `${name} imports nothing from outside`);
      if (!/^(sqlite|postgres)\//.test(name))
        t.notOk(
          imports.some((from) => from === 'pg' || from === 'better-sqlite3'),
          `${name} knows no driver`,
        );
    }
  },
);

t.test('Drizzle is loaded in one way only, as its ES modules are slow to load', async (t) => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  for (const name of files) {
    const text = readFileSync(join('src', name), 'utf8');
    t.notMatch(text, /import (?!type )[^;]*'drizzle-orm[^;]*;/, `${name} imports it with db/drizzle.ts`);
  }
});
