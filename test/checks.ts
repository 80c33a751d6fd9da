/** What is checked of a change besides its tests. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './commands.ts';

/** Migrations are current when generating them again finds nothing to do. */
async function migrationsCurrent(folder: string, dialect: string): Promise<boolean> {
  const copy = join(folder, `migrations-${dialect}`);
  cpSync('migrations', copy, { recursive: true });
  const count = () => readdirSync(copy, { recursive: true }).length;
  const before = count();
  let said = '';
  const ran = await run(
    'drizzle-kit',
    ['generate', '--config', 'drizzle.config.ts'],
    // The generator takes every path for a relative one, and what goes wrong for a success.
    { DIALECT: dialect, MIGRATIONS: relative('.', copy) },
    (text) => {
      said += text;
    },
  );
  if (ran && said.includes('No schema changes') && count() === before) return true;
  process.stdout.write(`${said}the ${dialect} migrations are stale: run npm run generate\n`);
  return false;
}

export type Check = readonly [name: string, work: () => Promise<boolean>];

/** The checks, longest first; they may write into a folder, which has the templates of databases in the end. */
export const checksIn = (folder: string, templates: Promise<unknown>): readonly Check[] => [
  [
    'openapi/openapi.json has no finding',
    () => run('redocly', ['lint', 'openapi/openapi.json', '--format', 'github-actions']),
  ],
  // The processors have other work: by itself it takes two thirds of what its threads would.
  ['types', () => run('tsc', ['--noEmit', '--singleThreaded'], { GOGC: '400' })],
  ['migrations of sqlite are current', () => migrationsCurrent(folder, 'sqlite')],
  ['migrations of postgres are current', () => migrationsCurrent(folder, 'postgresql')],
  ['lint', () => run('biome', ['check', '.'])],
  ...(existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')
    ? [
        [
          'Swagger UI in Chromium',
          async () => {
            await templates;
            return run('node', ['test/browser.ts'], { TEST_TEMPLATES: folder });
          },
        ] as const,
      ]
    : []),
];
